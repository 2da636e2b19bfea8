use laurel_core::events::{EventLog, Lease, Resumable};
use laurel_core::id::{Partition, RuleId};
use laurel_core::page::PageRequest;
use laurel_core::pipeline::{Effects, ParkedWrite, StateWrite, Trigger};
use laurel_core::plugins::{Installation, PluginStore};
use laurel_core::rules::{RuleMode, RuleStore};
use laurel_core::subjects::{Subject, SubjectReference};
use laurel_core::time::Timestamp;
use std::time::Duration;

use crate::premises::Premises;
use crate::samples::event;

const TTL: Duration = Duration::from_secs(60);

async fn lease(premises: &Premises, partition: i32) -> Lease {
    premises.store.lease("a", 1, TTL).await.unwrap()[usize::try_from(partition).unwrap()]
}

fn waking(premises: &Premises, rule: RuleId, subject: &Subject, after: i64) -> StateWrite {
    StateWrite { wake: Some(premises.log_now().plus_millis(after)), ..premises.state(rule, subject, 0) }
}

async fn write(premises: &Premises, states: Vec<StateWrite>) {
    premises.store.commit(&[], Effects { states, ..Effects::default() }).await.unwrap();
}

fn parking(premises: &Premises, rule: RuleId, subject: &Subject) -> ParkedWrite {
    ParkedWrite {
        rule,
        subject: subject.id,
        partition: Partition::of(subject.id),
        organisation: subject.organisation,
        blocked_from: 3,
        trigger: Some(Trigger::Event { partition: Partition::of(subject.id), seq: 3 }),
        error: "trap".to_owned(),
        at: premises.now(),
    }
}

contract! {
    async fn due(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subjects = [premises.subject_in(organisation, 6).await, premises.subject_in(organisation, 6).await];
        let later = premises.subject_in(organisation, 6).await;
        write(premises, vec![
            waking(premises, rule, &subjects[1], -10),
            waking(premises, rule, &subjects[0], -20),
            waking(premises, rule, &later, 100_000),
        ]).await;
        let lease = lease(premises, 6).await;
        let due = premises.store.due(&lease, 10).await.unwrap().unwrap();
        assert_eq!(due.iter().map(|state| state.subject).collect::<Vec<_>>(), [subjects[0].id, subjects[1].id]);
        assert_eq!(premises.store.due(&lease, 1).await.unwrap().unwrap().len(), 1);
        // Whatever comes now is received after those wake-ups.
        premises.pass(-1000).await;
        let receipt = premises.append(vec![event(organisation, "1", SubjectReference::Known(later.id))]).await[0];
        assert!(due.iter().all(|state| state.wake.unwrap() <= receipt.received));
        // Events are left to fold, or the lease is lost: not now.
        assert_eq!(premises.store.due(&lease, 10).await.unwrap(), None);
        let advance = lease.advance(1);
        premises.store.commit(&[advance], Effects::default()).await.unwrap();
        assert!(premises.store.due(&lease, 10).await.unwrap().is_some());
        assert_eq!(premises.store.due(&Lease { epoch: 99, ..lease }, 10).await.unwrap(), None);
    }

    async fn nothing_due_of_what_does_not_work(premises) {
        let organisation = premises.organisation().await;
        let (paused, parked) = (premises.rule(organisation).await, premises.rule(organisation).await);
        let subject = premises.subject_in(organisation, 6).await;
        write(premises, vec![waking(premises, paused, &subject, -10), waking(premises, parked, &subject, -10)]).await;
        let lease = lease(premises, 6).await;
        assert_eq!(premises.store.due(&lease, 10).await.unwrap().unwrap().len(), 2);
        premises.store.set_rule_mode(paused, RuleMode::Paused).await.unwrap();
        let effects = Effects { parked: vec![parking(premises, parked, &subject)], ..Effects::default() };
        premises.store.commit(&[], effects).await.unwrap();
        assert_eq!(premises.store.due(&lease, 10).await.unwrap().unwrap(), []);
        assert_eq!(premises.store.next_wake(&[Partition(6)]).await.unwrap(), None);
    }

    async fn next_wake(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let (near, far) = (premises.subject_in(organisation, 1).await, premises.subject_in(organisation, 2).await);
        let states = vec![
            StateWrite { wake: Some(Timestamp(50)), ..premises.state(rule, &near, 0) },
            StateWrite { wake: Some(Timestamp(70)), ..premises.state(rule, &far, 0) },
        ];
        write(premises, states).await;
        let wake = |partitions: &'static [Partition]| premises.store.next_wake(partitions);
        assert_eq!(wake(&[Partition(1), Partition(2), Partition(3)]).await.unwrap(), Some(Timestamp(50)));
        assert_eq!(wake(&[Partition(2)]).await.unwrap(), Some(Timestamp(70)));
        assert_eq!(wake(&[Partition(3)]).await.unwrap(), None);
        // A fold that asks for no wake-up takes the one before away.
        write(premises, vec![premises.state(rule, &near, 1)]).await;
        assert_eq!(wake(&[Partition(1)]).await.unwrap(), None);
    }

    async fn parked(premises) {
        let organisation = premises.organisation().await;
        let (rule, other) = (premises.rule(organisation).await, premises.rule(organisation).await);
        let mut subjects = [premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await];
        subjects.sort_unstable_by_key(|subject| subject.id);
        write(premises, vec![premises.state(rule, &subjects[0], 2)]).await;
        let parked = vec![
            parking(premises, rule, &subjects[0]),
            parking(premises, other, &subjects[0]),
            parking(premises, rule, &subjects[1]),
        ];
        premises.store.commit(&[], Effects { parked, ..Effects::default() }).await.unwrap();
        // A page counts subjects and cuts none in two.
        let page = premises.store.parked(organisation, PageRequest { after: None, limit: 1 }).await.unwrap();
        assert_eq!(page.items.len(), 2);
        assert!(page.items.iter().all(|parked| parked.subject == subjects[0].id && parked.error == "trap"));
        let rest = premises.store.parked(organisation, PageRequest { after: page.next, limit: 1 }).await.unwrap();
        assert_eq!((rest.items.len(), rest.items[0].blocked_from, rest.next), (1, 3, None));
        // The state stayed as it was; one that never folded has none.
        let state = &premises.store.states(&[rule], &[subjects[0].id]).await.unwrap()[0];
        assert_eq!((state.seq, state.state.is_some(), state.blocked_from), (2, true, Some(3)));
        let state = &premises.store.states(&[other], &[subjects[0].id]).await.unwrap()[0];
        assert_eq!((state.state.is_some(), state.blocked_from), (false, Some(3)));
        // What stopped it can be told again: an event or a wake-up.
        assert_eq!(state.trigger, parking(premises, other, &subjects[0]).trigger);
        let trigger = Some(Trigger::Wake { at: Timestamp(1_772_000_000_123) });
        let waking = ParkedWrite { trigger, ..parking(premises, other, &subjects[0]) };
        premises.store.commit(&[], Effects { parked: vec![waking], ..Effects::default() }).await.unwrap();
        let page = premises.store.parked(organisation, PageRequest { after: None, limit: 1 }).await.unwrap();
        assert!(page.items.iter().any(|parked| parked.rule == other && parked.trigger == trigger));
        // What went on meanwhile from an earlier state changes nothing; a state that comes of the whole history unparks.
        write(premises, vec![premises.state(rule, &subjects[1], 9)]).await;
        let state = premises.store.states(&[rule], &[subjects[1].id]).await.unwrap().remove(0);
        assert_eq!((state.seq, state.state, state.blocked_from), (0, None, Some(3)));
        write(premises, vec![StateWrite { refolded: true, ..premises.state(rule, &subjects[1], 9) }]).await;
        assert_eq!(premises.store.parked(organisation, PageRequest::default()).await.unwrap().items.len(), 2);
        assert_eq!(premises.store.states(&[rule], &[subjects[1].id]).await.unwrap()[0].trigger, None);
    }

    async fn resumable(premises) {
        let organisation = premises.organisation().await;
        let (rule, other) = (premises.rule(organisation).await, premises.rule(organisation).await);
        let mut subjects = [premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await];
        subjects.sort_unstable_by_key(|subject| subject.id);
        let paused = |rule, subject: &Subject| ParkedWrite { trigger: None, ..parking(premises, rule, subject) };
        let parked = vec![
            paused(rule, &subjects[0]),
            paused(rule, &subjects[1]),
            // This one waits for the operator.
            parking(premises, other, &subjects[0]),
        ];
        let pair = |parked: &ParkedWrite| Resumable { organisation, rule, subject: parked.subject, since: parked.at };
        let expected: Vec<Resumable> = parked[..2].iter().map(pair).collect();
        premises.store.commit(&[], Effects { parked, ..Effects::default() }).await.unwrap();
        assert_eq!(premises.store.resumable(None, 10).await.unwrap(), expected);
        assert_eq!(premises.store.resumable(None, 1).await.unwrap(), expected[..1]);
        let first = Some((expected[0].rule, expected[0].subject));
        assert_eq!(premises.store.resumable(first, 10).await.unwrap(), expected[1..]);
        // Not while the rule is paused or its installation disabled.
        premises.store.set_rule_mode(rule, RuleMode::Paused).await.unwrap();
        assert_eq!(premises.store.resumable(None, 10).await.unwrap(), []);
        premises.store.set_rule_mode(rule, RuleMode::Active).await.unwrap();
        let installation = premises.store.rule(rule).await.unwrap().unwrap().installation;
        let enabled = premises.store.installation(installation).await.unwrap().unwrap();
        premises.store.update_installation(&Installation { enabled: false, ..enabled.clone() }).await.unwrap();
        assert_eq!(premises.store.resumable(None, 10).await.unwrap(), []);
        premises.store.update_installation(&enabled).await.unwrap();
        write(premises, vec![StateWrite { refolded: true, ..premises.state(rule, &subjects[0], 9) }]).await;
        assert_eq!(premises.store.resumable(None, 10).await.unwrap(), expected[1..]);
    }

    async fn count_parked(premises) {
        let (acme, globex) = (premises.organisation().await, premises.organisation().await);
        let (rule, other) = (premises.rule(acme).await, premises.rule(globex).await);
        let (ada, bob) = (premises.subject(acme, &[]).await, premises.subject(globex, &[]).await);
        let parked = vec![parking(premises, rule, &ada), parking(premises, other, &bob)];
        premises.store.commit(&[], Effects { parked, ..Effects::default() }).await.unwrap();
        assert_eq!(premises.store.count_parked().await.unwrap(), 2);
        write(premises, vec![StateWrite { refolded: true, ..premises.state(rule, &ada, 9) }]).await;
        assert_eq!(premises.store.count_parked().await.unwrap(), 1);
    }
}
