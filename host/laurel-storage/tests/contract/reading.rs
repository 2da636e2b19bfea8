use laurel_core::events::{EventLog, Lease, StoredProgress};
use laurel_core::id::Partition;
use laurel_core::pipeline::{Effects, ParkedWrite, StateWrite};
use laurel_core::plugins::Progress;
use laurel_core::rules::RuleStore;
use laurel_core::subjects::SubjectReference;
use std::time::Duration;

use crate::samples::{account, event, person};

const TTL: Duration = Duration::from_secs(60);

contract! {
    async fn read(premises) {
        let organisation = premises.organisation().await;
        let (few, many) = (premises.subject_in(organisation, 2).await, premises.subject_in(organisation, 1).await);
        let of = |n: i32| if n < 3 { few.id } else { many.id };
        let events = (0..33).map(|n| event(organisation, &n.to_string(), SubjectReference::Known(of(n)))).collect();
        premises.append(events).await;
        let mut leases = premises.store.lease("a", 1, TTL).await.unwrap();
        let places = |batch: &laurel_core::events::Batch| {
            batch.events.iter().map(|event| (event.partition.0, event.seq)).collect::<Vec<_>>()
        };
        // A fair part of each: all of the few, and the rest for the many.
        let batch = premises.store.read(&leases, 10).await.unwrap();
        let expected: Vec<_> = (1..=7).map(|seq| (1, seq)).chain((1..=3).map(|seq| (2, seq))).collect();
        assert_eq!(places(&batch), expected);
        assert_eq!(batch.rules_generation, premises.store.active_rules().await.unwrap().generation);
        assert_eq!(batch.events[0].data.as_deref(), Some(r#"{"object":{"id":"course-3"}}"#));
        // Behind the cursors only.
        leases[1].cursor = 29;
        let batch = premises.store.read(&leases[1..2], 10).await.unwrap();
        assert_eq!(places(&batch), [(1, 30)]);
        assert!(premises.store.read(&[], 10).await.unwrap().events.is_empty());
    }

    async fn states(premises) {
        let organisation = premises.organisation().await;
        let (rule, other) = (premises.rule(organisation).await, premises.rule(organisation).await);
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        let states = vec![premises.state(rule, &ada, 3), premises.state(other, &ada, 4), premises.state(rule, &grace, 5)];
        premises.store.commit(&[], Effects { states, ..Effects::default() }).await.unwrap();
        let found = premises.store.states(&[rule], &[ada.id, grace.id]).await.unwrap();
        let mut found: Vec<_> = found.iter().map(|state| (state.rule, state.subject, state.seq)).collect();
        found.sort_unstable_by_key(|state| state.2);
        assert_eq!(found, [(rule, ada.id, 3), (rule, grace.id, 5)]);
        let state = &premises.store.states(&[other], &[ada.id]).await.unwrap()[0];
        assert_eq!((state.state.as_deref(), state.wake, state.blocked_from), (Some(&[0, 1, 255][..]), None, None));
    }

    async fn progress(premises) {
        let organisation = premises.organisation().await;
        let (rule, stopped) = (premises.rule(organisation).await, premises.rule(organisation).await);
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        let progress = r#"[{"requirement":"hours","current":1.5,"target":6.0}]"#.to_owned();
        let states = vec![StateWrite { progress, ..premises.state(rule, &ada, 3) }, premises.state(rule, &grace, 4)];
        let at = premises.now();
        let (subject, partition) = (ada.id, Partition::of(ada.id));
        let error = "trap".to_owned();
        let parked =
            vec![ParkedWrite { rule: stopped, subject, partition, organisation, blocked_from: 5, trigger: None, error, at }];
        premises.store.commit(&[], Effects { states, parked, ..Effects::default() }).await.unwrap();
        let mut found = premises.store.progress(ada.id).await.unwrap();
        found.sort_unstable_by_key(|stored| stored.is_parked);
        let measured = Progress { requirement: "hours".to_owned(), current: 1.5, target: 6.0 };
        let expected = [
            StoredProgress { rule, progress: vec![measured], is_parked: false },
            StoredProgress { rule: stopped, progress: vec![], is_parked: true },
        ];
        assert_eq!(found, expected);
    }

    async fn cursor(premises) {
        let lease: Lease = premises.store.lease("a", 1, TTL).await.unwrap()[9];
        assert_eq!(premises.store.cursor(Partition(9)).await.unwrap(), 0);
        let advance = lease.advance(5);
        premises.store.commit(&[advance], Effects::default()).await.unwrap();
        assert_eq!(premises.store.cursor(Partition(9)).await.unwrap(), 5);
    }

    async fn a_long_history_is_read_in_pages(premises) {
        let organisation = premises.organisation().await;
        let (ada, grace) = (premises.subject_in(organisation, 9).await, premises.subject_in(organisation, 9).await);
        let now = |n: usize| {
            let subject = if n.is_multiple_of(300) { &grace } else { &ada };
            event(organisation, &n.to_string(), SubjectReference::Known(subject.id))
        };
        for first in (0..18_000).step_by(600) {
            premises.append((first..first + 600).map(now).collect()).await;
            premises.pass(1).await;
        }
        for (subject, count) in [(&grace, 60), (&ada, 17_940)] {
            let mut seqs = Vec::new();
            let mut after = None;
            while let page @ [.., last] = &premises.store.history(&[subject.id], after, 1000).await.unwrap()[..] {
                seqs.extend(page.iter().map(|event| event.seq));
                after = Some((last.received, last.partition, last.seq));
            }
            assert_eq!(seqs.len(), count);
            assert!(seqs.is_sorted_by(|one, next| one < next));
        }
        // A place in a partition before or after one's own is a place in time all the same.
        let whole = premises.store.history(&[grace.id], None, 100).await.unwrap();
        let (received, seq) = (whole[3].received, whole[3].seq);
        for (partition, left) in [(Partition(3), 58), (Partition(9), 56), (Partition(12), 56)] {
            let rest = premises.store.history(&[grace.id], Some((received, partition, seq)), 100).await.unwrap();
            assert_eq!(rest.len(), left, "{partition:?}");
        }
    }

    async fn history(premises) {
        let organisation = premises.organisation().await;
        let (ada, grace) = (premises.subject_in(organisation, 9).await, premises.subject_in(organisation, 4).await);
        let other = premises.subject(organisation, &[]).await;
        for n in 0..12 {
            let subject = [ada.id, grace.id, other.id][n % 3];
            premises.append(vec![event(organisation, &n.to_string(), SubjectReference::Known(subject))]).await;
            premises.pass(if n % 2 == 0 { 2 } else { 0 }).await;
        }
        let family = [ada.id, grace.id];
        let whole = premises.store.history(&family, None, 100).await.unwrap();
        assert_eq!(whole.len(), 8);
        let place = |event: &laurel_core::events::LogEvent| (event.received, event.partition, event.seq);
        assert!(whole.iter().map(place).is_sorted());
        // Paged, it is the same.
        let mut paged = Vec::new();
        while let page @ [_, ..] = &premises.store.history(&family, paged.last().map(place), 3).await.unwrap()[..] {
            assert!(page.len() <= 3);
            paged.extend_from_slice(page);
        }
        assert_eq!(paged, whole);
    }

    async fn event(premises) {
        let organisation = premises.organisation().await;
        let new = crate::samples::event(organisation, "1", person(&[account("ada")]));
        let receipt = premises.append(vec![new.clone()]).await[0];
        let stored = premises.store.event(organisation, &new.source, "1").await.unwrap().unwrap();
        assert_eq!((stored.partition, stored.seq, stored.received), (receipt.partition, receipt.seq, receipt.received));
        assert_eq!((&*stored.kind, stored.time, stored.depth), (new.kind.as_str(), new.time, 0));
        assert_eq!((stored.subject, stored.data.as_deref()), (receipt.subject, Some(new.data.as_str())));
        assert_eq!(premises.store.event(organisation, "other", "1").await.unwrap(), None);
    }

    async fn lag(premises) {
        let organisation = premises.organisation().await;
        assert_eq!(premises.store.lag().await.unwrap(), 0);
        let events = (0..5).map(|n| event(organisation, &n.to_string(), person(&[account("ada")]))).collect();
        let receipt = premises.append(events).await[0];
        assert_eq!(premises.store.lag().await.unwrap(), 5);
        let lease = premises.store.lease("a", 1, TTL).await.unwrap()[usize::try_from(receipt.partition.0).unwrap()];
        let advance = lease.advance(2);
        premises.store.commit(&[advance], Effects::default()).await.unwrap();
        assert_eq!(premises.store.lag().await.unwrap(), 3);
    }
}
