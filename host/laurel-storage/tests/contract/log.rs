//! What the log promises when everybody talks at once: nothing lost, nothing twice, no gaps, and nobody's events behind his merge.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use laurel_core::events::{Appended, CommitError, EventLog, LogEvent, MERGE_OUT};
use laurel_core::id::{OrganisationId, Partition, SubjectId};
use laurel_core::pipeline::Effects;
use laurel_core::subjects::{SubjectReference, SubjectStore};
use laurel_storage::Database;
use proptest::prelude::*;

use crate::premises::Premises;
use crate::samples::{account, event, person};

/// Everything in the log.
async fn everything(store: &Database) -> Vec<LogEvent> {
    let leases: Vec<_> =
        Partition::all().map(|partition| laurel_core::events::Lease { partition, epoch: 0, cursor: 0 }).collect();
    store.read(&leases, 1_000_000).await.unwrap().events
}

/// What is wrong with a log: a gap, a place taken twice, a time that goes back.
fn faults(events: &[LogEvent]) -> Vec<String> {
    let mut last: BTreeMap<Partition, &LogEvent> = BTreeMap::new();
    let mut faults = Vec::new();
    for event in events {
        let before = last.insert(event.partition, event);
        if event.seq != before.map_or(0, |before| before.seq) + 1 {
            faults.push(format!("{:?}: {} after {:?}", event.partition, event.seq, before.map(|before| before.seq)));
        }
        if before.is_some_and(|before| before.received > event.received) {
            faults.push(format!("{:?}: time goes back at {}", event.partition, event.seq));
        }
    }
    faults
}

/// Events of a merged subject behind its `merge-out`: they would be folded by nobody.
fn strays(events: &[LogEvent]) -> usize {
    let out: HashMap<SubjectId, i64> =
        events.iter().filter(|event| &*event.kind == MERGE_OUT).map(|event| (event.subject, event.seq)).collect();
    events.iter().filter(|event| out.get(&event.subject).is_some_and(|seq| event.seq > *seq)).count()
}

#[test]
fn the_checks_see_what_they_look_for() {
    let place = |partition, seq, received, kind: &str, subject: u128| LogEvent {
        partition: Partition(partition),
        seq,
        organisation: OrganisationId(uuid::Uuid::nil()),
        subject: SubjectId(uuid::Uuid::from_u128(subject)),
        source: "s".into(),
        id: "i".into(),
        kind: kind.into(),
        time: laurel_core::time::Timestamp(0),
        received: laurel_core::time::Timestamp(received),
        data: None,
        depth: 0,
    };
    assert!(faults(&[place(0, 1, 1, "k", 1), place(0, 2, 1, "k", 1), place(1, 1, 0, "k", 1)]).is_empty());
    assert_eq!(faults(&[place(0, 1, 1, "k", 1), place(0, 3, 1, "k", 1)]).len(), 1);
    assert_eq!(faults(&[place(0, 1, 1, "k", 1), place(0, 1, 1, "k", 1)]).len(), 1);
    assert_eq!(faults(&[place(0, 1, 2, "k", 1), place(0, 2, 1, "k", 1)]).len(), 1);
    assert_eq!(strays(&[place(0, 1, 1, MERGE_OUT, 1), place(0, 2, 1, "k", 1), place(0, 3, 1, "k", 2)]), 1);
}

/// A small random number; good enough to mix things up.
fn dice(seed: &mut u64, sides: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % sides
}

/// Appends every id of `0..ids` in small batches, in an order of its own, some of them twice.
async fn appender(store: Database, organisation: OrganisationId, ids: u64, mut seed: u64) -> Vec<(String, Appended)> {
    let mut order: Vec<u64> = (0..ids).chain((0..ids).step_by(7)).collect();
    for index in (1..order.len()).rev() {
        order.swap(index, usize::try_from(dice(&mut seed, index as u64 + 1)).unwrap());
    }
    let mut told = Vec::new();
    let mut rest = &order[..];
    while !rest.is_empty() {
        let size = usize::try_from(1 + dice(&mut seed, 9)).unwrap().min(rest.len());
        let (batch, others) = rest.split_at(size);
        rest = others;
        let events =
            batch.iter().map(|id| event(organisation, &id.to_string(), person(&[account(&(id % 61).to_string())])));
        let appended = store.append(events.collect()).await.unwrap();
        told.extend(batch.iter().map(ToString::to_string).zip(appended));
    }
    told
}

contract! {
    async fn eight_appenders_with_the_same_events(premises) {
        let organisation = premises.organisation().await;
        let other = premises.another().await;
        let tasks: Vec<_> = (0..8).map(|n| {
            let store = if n % 2 == 0 { premises.store.clone() } else { other.clone() };
            tokio::spawn(appender(store, organisation, 400, n + 1))
        }).collect();
        let mut new = 0;
        let mut receipts = HashMap::new();
        for task in tasks {
            for (id, appended) in task.await.unwrap() {
                let receipt = match appended {
                    Appended::New(receipt) => { new += 1; receipt }
                    Appended::Duplicate(receipt) => receipt,
                    Appended::Conflict(_) => panic!("conflict"),
                };
                // Whoever asks gets the same receipt.
                assert_eq!(*receipts.entry(id).or_insert(receipt), receipt);
            }
        }
        let events = everything(&premises.store).await;
        assert_eq!((new, receipts.len(), events.len()), (400, 400, 400));
        assert_eq!(faults(&events), Vec::<String>::new());
        let subjects: HashSet<_> = events.iter().map(|event| event.subject).collect();
        assert_eq!(subjects.len(), 61, "an identifier leads to one subject");
        for event in &events {
            let receipt = receipts[&*event.id];
            assert_eq!((receipt.partition, receipt.seq, receipt.subject), (event.partition, event.seq, event.subject));
        }
    }

    async fn merges_racing_appends(premises) {
        let organisation = premises.organisation().await;
        let mut people = Vec::new();
        for n in 0..24 {
            people.push(premises.subject(organisation, &[account(&n.to_string())]).await.id);
        }
        let other = premises.another().await;
        let merging = {
            let (store, people) = (other.clone(), people.clone());
            tokio::spawn(async move {
                for n in 1..24 {
                    store.merge_subjects(people[n / 2], people[n]).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(3)).await;
                }
            })
        };
        let appending: Vec<_> = (0..4_u64).map(|task| {
            let store = if task % 2 == 0 { premises.store.clone() } else { other.clone() };
            let people = people.clone();
            tokio::spawn(async move {
                let mut seed = task;
                for round in 0..60 {
                    let events = (0..4).map(|n| {
                        let whom = usize::try_from(dice(&mut seed, 24)).unwrap();
                        let subject = if n % 2 == 0 {
                            SubjectReference::Known(people[whom])
                        } else {
                            person(&[account(&whom.to_string()), account(&format!("{whom}-{task}-{round}"))])
                        };
                        event(organisation, &format!("{task}-{round}-{n}"), subject)
                    });
                    store.append(events.collect()).await.unwrap();
                }
            })
        }).collect();
        merging.await.unwrap();
        for task in appending {
            task.await.unwrap();
        }
        let events = everything(&premises.store).await;
        assert_eq!(events.len(), 4 * 60 * 4 + 23 * 2);
        assert_eq!(faults(&events), Vec::<String>::new());
        assert_eq!(strays(&events), 0);
        // Every identifier leads to the one that is left, also those claimed while the merges ran.
        let known = premises.store.identifiers(people[0]).await.unwrap();
        assert_eq!(premises.store.subject_family(people[0]).await.unwrap().len(), 24);
        for n in 0..24 {
            let found = premises.store.subject_by_identifier(organisation, &account(&n.to_string())).await.unwrap();
            assert_eq!(found.unwrap().id, people[0]);
        }
        assert!(known.len() > 24);
        for person in &people[1..] {
            assert_eq!(premises.store.identifiers(*person).await.unwrap(), []);
        }
    }

    async fn stolen_leases_fold_everything_once(premises) {
        let organisation = premises.organisation().await;
        let events = (0..600).map(|n| event(organisation, &n.to_string(), person(&[account(&n.to_string())]))).collect();
        premises.append(events).await;
        let folded = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let workers: Vec<_> = (0..3).map(|node| {
            let (store, folded) = (premises.store.clone(), folded.clone());
            tokio::spawn(async move {
                // Each life steals from the one before; what was read under a stolen lease cannot be committed.
                for life in 0..4000 {
                    let leases = store.lease("one node", life * 3 + node, Duration::from_secs(60)).await.unwrap();
                    let batch = store.read(&leases, 50).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    let advances: Vec<_> = leases.iter().filter_map(|lease| {
                        let seqs = batch.events.iter().filter(|event| event.partition == lease.partition).map(|e| e.seq);
                        seqs.max().map(|cursor| lease.advance(cursor))
                    }).collect();
                    match store.commit(&advances, Effects::default()).await {
                        Ok(_) => folded.lock().unwrap().extend(batch.events.iter().map(|e| (e.partition, e.seq))),
                        Err(CommitError::Fenced(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                    if store.lag().await.unwrap() == 0 {
                        break;
                    }
                    // Uneven pauses: now and then somebody is left alone for as long as a commit takes.
                    tokio::time::sleep(Duration::from_millis((life * 7 + node * 5).unsigned_abs() % 23)).await;
                }
            })
        }).collect();
        for worker in workers {
            worker.await.unwrap();
        }
        let folded = folded.lock().unwrap().clone();
        let once: HashSet<_> = folded.iter().copied().collect();
        assert_eq!((folded.len(), once.len()), (600, 600));
    }
}

/// One move in a game of appends and merges.
#[derive(Clone, Debug)]
enum Move {
    /// Ids (few, so that they repeat) about people by number.
    Append(Vec<(u8, u8)>),
    /// These two are one.
    Merge(u8, u8),
    /// The clock jumps.
    Pass(i16),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => prop::collection::vec((any::<u8>(), 0..12_u8), 1..20).prop_map(Move::Append),
        1 => (0..12_u8, 0..12_u8).prop_map(|(winner, loser)| Move::Merge(winner, loser)),
        1 => (-500..500_i16).prop_map(Move::Pass),
    ];
    prop::collection::vec(one, 1..25)
}

/// Plays the moves, up to four at a time, and checks the log.
async fn play(premises: &Premises, moves: Vec<Move>) {
    let organisation = premises.organisation().await;
    let mut people = Vec::new();
    for n in 0..12 {
        people.push(premises.subject(organisation, &[account(&n.to_string())]).await.id);
    }
    let people = std::sync::Arc::new(people);
    for together in moves.chunks(4) {
        let tasks: Vec<_> = together
            .iter()
            .cloned()
            .map(|one| {
                let (store, clock, people) = (premises.store.clone(), premises.clock.clone(), people.clone());
                tokio::spawn(async move {
                    match one {
                        Move::Append(events) => {
                            let about = |whom: u8| person(&[account(&whom.to_string())]);
                            let new =
                                events.iter().map(|(id, whom)| event(organisation, &id.to_string(), about(*whom)));
                            store.append(new.collect()).await.unwrap();
                        }
                        Move::Merge(winner, loser) => {
                            store
                                .merge_subjects(people[usize::from(winner)], people[usize::from(loser)])
                                .await
                                .unwrap();
                        }
                        Move::Pass(millis) => clock.pass(i64::from(millis)),
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    }
    let events = everything(&premises.store).await;
    assert_eq!(faults(&events), Vec::<String>::new());
    assert_eq!(strays(&events), 0);
    let ids: HashSet<_> = events.iter().map(|event| (event.source.clone(), event.id.clone())).collect();
    assert_eq!(ids.len(), events.len(), "an event is there once");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_on_sqlite(moves in moves()) {
        runtime().block_on(async { play(&Premises::sqlite().await, moves).await });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_on_postgres(moves in moves()) {
        runtime().block_on(async {
            if let Some(premises) = Premises::postgres().await {
                play(&premises, moves).await;
                premises.clear().await;
            }
        });
    }
}
