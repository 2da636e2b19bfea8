use laurel_core::awards::{Authority, AwardStore, Standing};
use laurel_core::engagement::EngagementStore;
use laurel_core::events::{Advance, CommitError, Committed, EventLog};
use laurel_core::id::Partition;
use laurel_core::outbox::OutboxStore;
use laurel_core::page::PageRequest;
use laurel_core::pipeline::{AwardRef, Effects, NewPoints, StandingChange, StateWrite};
use std::time::Duration;

const TTL: Duration = Duration::from_millis(300);

fn word(by: Authority) -> &'static str {
    if by == Authority::Refold { "refold" } else { "rule" }
}

contract! {
    async fn commit(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subject = premises.subject_in(organisation, 8).await;
        let lease = premises.store.lease("a", 1, TTL).await.unwrap()[8];
        let effects = Effects {
            states: vec![premises.state(rule, &subject, 1), premises.state(rule, &subject, 2)],
            awards: vec![premises.new_award(&subject, Some(rule), "k"), premises.new_award(&subject, Some(rule), "k")],
            engagement: vec![premises.new_engagement(&subject, Some(rule), "e")],
            later_standings: vec![premises.change(
                AwardRef::Key { rule, subject: subject.id, key: "k".to_owned() },
                Standing::Suspended,
            )],
            ..Effects::default()
        };
        let advance = lease.advance(2);
        let committed = premises.store.commit(&[advance], effects.clone()).await.unwrap();
        let awards = vec![effects.awards[0].id];
        assert_eq!(committed, Committed { awards, outbox: 3, changed: 1 });
        assert_eq!(premises.store.cursor(Partition(8)).await.unwrap(), 2);
        assert_eq!(premises.store.states(&[rule], &[subject.id]).await.unwrap()[0].seq, 2);
        let kinds = || async {
            let rows = premises.store.outbox(organisation, PageRequest::default()).await.unwrap().items;
            rows.into_iter().map(|row| row.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds().await, ["badge.awarded", "badge.awarded", "badge.suspended"]);
        // Again, as after an answer that got lost: nothing twice, whatever was folded meanwhile.
        for advance in [advance, lease.advance(1), lease.advance(3)] {
            let again = premises.store.commit(&[advance], effects.clone()).await;
            let Err(CommitError::Moved(cursors)) = again else { panic!("{again:?}") };
            assert_eq!(cursors, [(Partition(8), 2)]);
        }
        assert_eq!(premises.store.cursor(Partition(8)).await.unwrap(), 2);
        assert_eq!(kinds().await.len(), 3);
    }

    async fn a_zombie_writes_nothing(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subject = premises.subject_in(organisation, 8).await;
        let zombie = premises.store.lease("a", 1, TTL).await.unwrap()[8];
        let effects = |key: &str| Effects {
            states: vec![premises.state(rule, &subject, 1)],
            awards: vec![premises.new_award(&subject, Some(rule), key)],
            ..Effects::default()
        };
        let advance = |from| [7, 8].map(|partition| {
            Advance { partition: Partition(partition), epoch: zombie.epoch, from, cursor: 1 }
        });
        // Positive control: while the lease is held, the very same commit succeeds.
        premises.store.commit(&advance(0), effects("held")).await.unwrap();
        premises.pass(400).await;
        let other = premises.another().await;
        let taken = other.lease("b", 1, TTL).await.unwrap();
        assert_eq!(taken.len(), 64);
        let fenced = premises.store.commit(&advance(1), effects("lost")).await;
        let Err(CommitError::Fenced(partitions)) = fenced else { panic!("{fenced:?}") };
        assert_eq!(partitions, [Partition(7), Partition(8)]);
        assert_eq!(premises.store.awards_of(&[subject.id]).await.unwrap().len(), 1);
        assert_eq!(premises.store.cursor(Partition(8)).await.unwrap(), 1);
        // Its heir is not hindered.
        other.commit(&[taken[8].advance(2)], effects("heir")).await.unwrap();
    }

    async fn forgotten_states_are_gone(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subject = premises.subject(organisation, &[]).await;
        let states = vec![premises.state(rule, &subject, 1)];
        premises.store.commit(&[], Effects { states, ..Effects::default() }).await.unwrap();
        let points = vec![NewPoints {
            organisation,
            rule,
            subject: subject.id,
            key: "k".to_owned(),
            amount: 5,
            reason: "a like".to_owned(),
            at: premises.now(),
        }];
        premises.store.commit(&[], Effects { points, ..Effects::default() }).await.unwrap();
        let forgotten = vec![(rule, subject.id)];
        premises.store.commit(&[], Effects { forgotten, ..Effects::default() }).await.unwrap();
        assert_eq!(premises.store.points_total(&[subject.id]).await.unwrap(), 0);
        assert_eq!(premises.store.states(&[rule], &[subject.id]).await.unwrap(), []);
    }

    async fn points_are_upserts(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subject = premises.subject(organisation, &[]).await;
        let points = |amount| NewPoints {
            organisation,
            rule,
            subject: subject.id,
            key: "k".to_owned(),
            amount,
            reason: "a like".to_owned(),
            at: premises.now(),
        };
        for amounts in [vec![points(5)], vec![points(7), points(-2)]] {
            premises.store.commit(&[], Effects { points: amounts, ..Effects::default() }).await.unwrap();
        }
        assert_eq!(premises.store.points_total(&[subject.id]).await.unwrap(), -2);
    }

    async fn what_a_refold_suspended_counts_again_when_it_is_awarded_again(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subject = premises.subject(organisation, &[]).await;
        for (by, back) in [(Authority::Refold, Standing::Active), (Authority::Rule, Standing::Suspended)] {
            let given = || Effects {
                awards: vec![premises.new_award(&subject, Some(rule), word(by))],
                engagement: vec![premises.new_engagement(&subject, Some(rule), &format!("e-{}", word(by)))],
                ..Effects::default()
            };
            let first = premises.store.commit(&[], given()).await.unwrap();
            assert_eq!((first.awards.len(), first.outbox, first.changed), (1, 2, 0));
            let suspend = |key: String| StandingChange {
                by,
                ..premises.change(AwardRef::Key { rule, subject: subject.id, key }, Standing::Suspended)
            };
            let standings = vec![suspend(word(by).to_owned()), suspend(format!("e-{}", word(by)))];
            premises.store.commit(&[], Effects { standings, ..Effects::default() }).await.unwrap();
            let told = if back == Standing::Active { 2 } else { 0 };
            assert_eq!(premises.store.commit(&[], given()).await.unwrap(), Committed {
                awards: Vec::new(),
                outbox: told,
                changed: told / 2,
            });
            let awards = premises.store.awards_by_rule(rule, &[subject.id]).await.unwrap();
            let badges = premises.store.engagement_by_rule(rule, &[subject.id]).await.unwrap();
            let award = awards.iter().find(|award| award.key == word(by)).unwrap();
            assert_eq!((award.standing, award.changed_by), (back, Some(Authority::Rule)));
            assert!(badges.iter().any(|badge| badge.key.ends_with(word(by)) && badge.standing == back));
        }
        let outbox = premises.store.outbox(organisation, PageRequest::default()).await.unwrap().items;
        assert_eq!(outbox.iter().filter(|row| row.kind == "badge.reinstated").count(), 2);
    }

    async fn a_large_step(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let mut effects = Effects::default();
        for n in 0..300 {
            let subject = premises.subject(organisation, &[]).await;
            effects.states.push(StateWrite { seq: n, ..premises.state(rule, &subject, 0) });
            effects.awards.push(premises.new_award(&subject, Some(rule), "k"));
        }
        let subjects: Vec<_> = effects.states.iter().map(|state| state.subject).collect();
        let committed = premises.store.commit(&[], effects).await.unwrap();
        assert_eq!((committed.awards.len(), committed.outbox), (300, 300));
        assert_eq!(premises.store.awards_of(&subjects).await.unwrap().len(), 300);
        assert_eq!(premises.store.states(&[rule], &subjects).await.unwrap().len(), 300);
    }
}
