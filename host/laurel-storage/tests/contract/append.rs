use laurel_core::events::{Appended, EventLog, NewEvent};
use laurel_core::id::{OrganisationId, Partition, SubjectId};
use laurel_core::store::StoreError;
use laurel_core::subjects::{Identifier, SubjectReference, SubjectStore};

use crate::premises::Premises;
use crate::samples::{account, email, event, person};

async fn append_one(premises: &Premises, event: NewEvent) -> Appended {
    premises.store.append(vec![event]).await.unwrap()[0]
}

/// To whom an event with these identifiers goes.
async fn attributed(premises: &Premises, organisation: OrganisationId, identifiers: &[Identifier]) -> SubjectId {
    let id = premises.public_id().to_string();
    premises.append(vec![event(organisation, &id, person(identifiers))]).await[0].subject
}

contract! {
    async fn append(premises) {
        let organisation = premises.organisation().await;
        let receipts = premises.append(vec![
            event(organisation, "1", person(&[account("ada")])),
            event(organisation, "2", person(&[account("ada")])),
        ]).await;
        assert_eq!(receipts[0].seq, 1);
        assert_eq!((receipts[1].partition, receipts[1].seq), (receipts[0].partition, 2));
        assert_eq!(receipts[1].subject, receipts[0].subject);
        let subject = premises.store.subject(receipts[0].subject).await.unwrap().unwrap();
        assert!(subject.provisional && Partition::of(subject.id) == receipts[0].partition);
        assert!(premises.log_now().0 - receipts[0].received.0 < 60_000);
        assert_eq!(premises.store.append(Vec::new()).await.unwrap(), []);
    }

    async fn the_same_event_again(premises) {
        let organisation = premises.organisation().await;
        let first = event(organisation, "1", person(&[account("ada")]));
        let Appended::New(receipt) = append_one(premises, first.clone()).await else { panic!("not new") };
        assert_eq!(append_one(premises, first.clone()).await, Appended::Duplicate(receipt));
        let other_data = NewEvent { data: "{}".to_owned(), ..first.clone() };
        let other_kind = NewEvent { kind: "x.y".to_owned(), ..first.clone() };
        let other_time = NewEvent { time: first.time.plus_millis(1), ..first.clone() };
        let other_subject = NewEvent { subject: person(&[account("grace")]), ..first.clone() };
        for other in [other_data, other_kind, other_time, other_subject] {
            assert_eq!(append_one(premises, other).await, Appended::Conflict(receipt));
        }
        let other_source = NewEvent { source: "https://other.example.org".into(), ..first.clone() };
        let elsewhere = NewEvent { organisation: premises.organisation().await, ..first };
        for other in [other_source, elsewhere] {
            assert!(matches!(append_one(premises, other).await, Appended::New(_)));
        }
    }

    async fn the_same_event_within_a_batch(premises) {
        let organisation = premises.organisation().await;
        let first = event(organisation, "1", person(&[account("ada")]));
        let other = NewEvent { data: "{}".to_owned(), ..first.clone() };
        let last = event(organisation, "2", person(&[account("ada")]));
        let appended = premises.store.append(vec![first.clone(), first, other, last]).await.unwrap();
        let [Appended::New(one), Appended::Duplicate(two), Appended::Conflict(three), Appended::New(four)] = appended[..]
        else { panic!("{appended:?}") };
        assert_eq!((one, one), (two, three));
        assert_eq!((one.seq, four.seq), (1, 2));
    }

    /// Everybody is new in several batches that come at once, in other orders: each is made once, and no batch is lost.
    async fn the_same_newcomers_in_many_batches_at_once(premises) {
        let organisation = premises.organisation().await;
        let stores = [premises.store.clone(), premises.another().await];
        let mut batches = tokio::task::JoinSet::new();
        for batch in 0..24_usize {
            let store = stores[batch % 2].clone();
            batches.spawn(async move {
                let names: Vec<String> = (0..60).map(|n| format!("p{}", (n * 7 + batch * 13) % 90)).collect();
                let came = |name: &String| event(organisation, &format!("{batch}-{name}"), person(&[account(name)]));
                let appended = store.append(names.iter().map(came).collect()).await.unwrap();
                let subject = |appended: &Appended| match appended {
                    Appended::New(receipt) => receipt.subject,
                    other => panic!("{other:?}"),
                };
                names.into_iter().zip(appended.iter().map(subject).collect::<Vec<_>>()).collect::<Vec<_>>()
            });
        }
        let mut known = std::collections::HashMap::new();
        for (name, subject) in batches.join_all().await.into_iter().flatten() {
            assert_eq!(*known.entry(name).or_insert(subject), subject);
        }
        assert_eq!(known.len(), 90);
    }

    async fn the_first_known_identifier_decides(premises) {
        let organisation = premises.organisation().await;
        let ada = premises.subject(organisation, &[account("ada")]).await;
        let grace = premises.subject(organisation, &[account("grace")]).await;
        let to = |identifiers: Vec<Identifier>| async move { attributed(premises, organisation, &identifiers).await };
        assert_eq!(to(vec![account("new"), account("grace"), account("ada")]).await, grace.id);
        assert_eq!(to(vec![account("ada"), account("grace")]).await, ada.id);
        // The unknown account became a claim of who decided; the known ones stayed where they were.
        assert_eq!(to(vec![account("new")]).await, grace.id);
        assert_eq!(to(vec![account("ada")]).await, ada.id);
    }

    async fn an_address_beside_a_known_account_is_only_proposed(premises) {
        let organisation = premises.organisation().await;
        let ada = premises.subject(organisation, &[account("ada"), email("ada@example.org")]).await;
        assert_eq!(attributed(premises, organisation, &[account("ada"), email("new@example.org")]).await, ada.id);
        assert_eq!(premises.store.subject_by_identifier(organisation, &email("new@example.org")).await.unwrap(), None);
        // Beside a known address an unknown account or DID is a claim.
        let did = Identifier::Did { did: "did:example:1".to_owned() };
        let claims = [email("ada@example.org"), did.clone(), account("claimed")];
        assert_eq!(attributed(premises, organisation, &claims).await, ada.id);
        assert_eq!(attributed(premises, organisation, &[did]).await, ada.id);
        assert_eq!(attributed(premises, organisation, &[account("claimed")]).await, ada.id);
    }

    async fn a_batch_gives_what_its_events_one_by_one_would(premises) {
        let organisation = premises.organisation().await;
        let receipts = premises.append(vec![
            event(organisation, "1", person(&[account("ada"), email("ada@example.org")])),
            event(organisation, "2", person(&[email("ada@example.org"), account("ada-2")])),
            event(organisation, "3", person(&[account("ada-2")])),
            event(organisation, "4", person(&[account("grace")])),
        ]).await;
        assert!(receipts[..3].iter().all(|receipt| receipt.subject == receipts[0].subject));
        assert_ne!(receipts[3].subject, receipts[0].subject);
    }

    async fn a_fault_hurts_only_its_own_call(premises) {
        let organisation = premises.organisation().await;
        let stray = premises.new_subject(organisation);
        let foreign = premises.subject(premises.organisation().await, &[]).await;
        let good = |id: &'static str| premises.store.append(vec![event(organisation, id, person(&[account(id)]))]);
        let bad = |subject| premises.store.append(vec![
            event(organisation, "x", person(&[account("x")])),
            event(organisation, "y", SubjectReference::Known(subject)),
        ]);
        let nowhere = premises.new_organisation("nowhere").id;
        let lost = premises.store.append(vec![event(nowhere, "z", person(&[account("z")]))]);
        let nul = event(organisation, "nul\0", person(&[account("nul")]));
        let nul = premises.store.append(vec![nul]);
        let (first, missing, second, foreign, lost, nul) =
            tokio::join!(good("1"), bad(stray.id), good("2"), bad(foreign.id), lost, nul);
        assert!(matches!((first.unwrap()[0], second.unwrap()[0]), (Appended::New(_), Appended::New(_))));
        for answer in [missing, foreign] {
            assert!(matches!(answer, Err(StoreError::Missing("subject"))), "{answer:?}");
        }
        assert!(matches!(lost, Err(StoreError::Missing("organisation"))), "{lost:?}");
        // Text with a NUL is storable on SQLite only; either way the others are not hurt.
        drop(nul);
        assert_eq!(premises.store.event(organisation, "https://learn.example.org", "x").await.unwrap(), None);
        assert_eq!(premises.store.subject_by_identifier(organisation, &account("x")).await.unwrap(), None);
    }

    async fn a_large_batch(premises) {
        let organisation = premises.organisation().await;
        let large = "x".repeat(60_000);
        let events = (0..700).map(|n| {
            let mut event = event(organisation, &n.to_string(), person(&[account(&(n % 97).to_string())]));
            if n % 50 == 0 {
                event.data = format!("{{\"x\":\"{large}\"}}");
            }
            event
        }).collect();
        let receipts = premises.append(events).await;
        assert_eq!(receipts.len(), 700);
        assert_eq!(premises.store.lag().await.unwrap(), 700);
        let stored = premises.store.event(organisation, "https://learn.example.org", "50").await.unwrap().unwrap();
        assert_eq!(stored.data.unwrap().len(), 60_008);
    }

    async fn received_never_goes_back(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let one = |id: &'static str| async move {
            premises.append(vec![event(organisation, id, SubjectReference::Known(subject.id))]).await[0].received
        };
        let first = one("1").await;
        premises.pass(-1000).await;
        let second = one("2").await;
        assert!(second >= first);
        premises.pass(2000).await;
        assert!(one("3").await > second);
    }

    async fn a_full_queue_is_told(premises) {
        let organisation = premises.organisation().await;
        let mut huge = event(organisation, "1", person(&[account("ada")]));
        huge.data = " ".repeat(70 * 1024 * 1024);
        let busy = premises.store.append(vec![huge]).await;
        assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
        // The place in the queue was given back.
        premises.append(vec![event(organisation, "1", person(&[account("ada")]))]).await;
    }
}
