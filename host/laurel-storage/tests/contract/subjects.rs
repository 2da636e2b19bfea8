use laurel_core::events::{EventLog, MERGE_IN, MERGE_OUT, SUBJECTS_SOURCE};
use laurel_core::id::Partition;
use laurel_core::page::PageRequest;
use laurel_core::store::StoreError;
use laurel_core::subjects::{Linked, Merge, SubjectKind, SubjectReference, SubjectStore};
use laurel_core::time::Timestamp;

use crate::samples::{account, email, event, person};

contract! {
    async fn subject(premises) {
        let subject = premises.new_subject(premises.organisation().await);
        assert_eq!(premises.store.subject(subject.id).await.unwrap(), None);
        premises.store.insert_subject(&subject, &[]).await.unwrap();
        assert_eq!(premises.store.subject(subject.id).await.unwrap(), Some(subject));
    }

    async fn subject_by_public_id(premises) {
        let subject = premises.subject(premises.organisation().await, &[]).await;
        let found = premises.store.subject_by_public_id(subject.public_id).await.unwrap();
        assert_eq!(found, Some(subject));
        assert_eq!(premises.store.subject_by_public_id(premises.public_id()).await.unwrap(), None);
    }

    async fn subject_by_identifier(premises) {
        let organisation = premises.organisation().await;
        let winner = premises.subject(organisation, &[email("ada@example.org")]).await;
        let loser = premises.subject(organisation, &[account("ada")]).await;
        let find = |organisation, identifier| async move {
            let found = premises.store.subject_by_identifier(organisation, &identifier).await.unwrap();
            found.map(|subject| subject.id)
        };
        assert_eq!(find(organisation, account("ada")).await, Some(loser.id));
        assert_eq!(find(premises.organisation().await, account("ada")).await, None);
        assert_eq!(find(organisation, email("ada")).await, None);
        premises.store.merge_subjects(winner.id, loser.id).await.unwrap();
        assert_eq!(find(organisation, account("ada")).await, Some(winner.id));
    }

    async fn subjects(premises) {
        let organisation = premises.organisation().await;
        let first = premises.subject(organisation, &[]).await;
        premises.pass(1).await;
        let second = premises.subject(organisation, &[]).await;
        premises.pass(1).await;
        let merged = premises.subject(organisation, &[]).await;
        premises.store.merge_subjects(first.id, merged.id).await.unwrap();
        let page = premises.store.subjects(organisation, PageRequest { after: None, limit: 1 }).await.unwrap();
        assert_eq!(page.items, [first]);
        let page = premises.store.subjects(organisation, PageRequest { after: page.next, limit: 1 }).await.unwrap();
        assert_eq!((page.items, page.next), (vec![second], None));
    }

    async fn insert_subject(premises) {
        let organisation = premises.organisation().await;
        premises.subject(organisation, &[email("ada@example.org")]).await;
        let second = premises.new_subject(organisation);
        let taken = premises.store.insert_subject(&second, &[account("ada"), email("ada@example.org")]).await;
        assert!(matches!(taken, Err(StoreError::Taken("identifier"))), "{taken:?}");
        // Nothing half-written.
        assert_eq!(premises.store.subject(second.id).await.unwrap(), None);
        assert_eq!(premises.store.subject_by_identifier(organisation, &account("ada")).await.unwrap(), None);
    }

    async fn name_subject(premises) {
        let subject = premises.new_subject(premises.organisation().await);
        assert!(!premises.store.name_subject(subject.id, Some("Grace")).await.unwrap());
        premises.store.insert_subject(&subject, &[]).await.unwrap();
        for name in [Some("Grace"), None] {
            assert!(premises.store.name_subject(subject.id, name).await.unwrap());
            assert_eq!(premises.store.subject(subject.id).await.unwrap().unwrap().name.as_deref(), name);
        }
    }

    async fn identifiers(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[email("ada@example.org")]).await;
        premises.pass(1).await;
        premises.append(vec![event(organisation, "1", person(&[email("ada@example.org"), account("ada")]))]).await;
        let known = premises.store.identifiers(subject.id).await.unwrap();
        let known: Vec<_> = known.into_iter().map(|known| (known.identifier, known.verified)).collect();
        assert_eq!(known, [(email("ada@example.org"), true), (account("ada"), false)]);
    }

    async fn link_identifier(premises) {
        let organisation = premises.organisation().await;
        let ada = premises.subject(organisation, &[email("ada@example.org")]).await;
        let grace = premises.subject(organisation, &[account("grace")]).await;
        let link = |identifier| async move {
            premises.store.link_identifier(ada.id, &identifier, Timestamp(5)).await.unwrap()
        };
        assert_eq!(link(account("ada")).await, Linked::Now);
        assert_eq!(link(account("ada")).await, Linked::Before);
        assert_eq!(link(account("grace")).await, Linked::Elsewhere(grace.id));
        // A claim becomes verified.
        premises.append(vec![event(organisation, "1", person(&[email("ada@example.org"), account("claimed")]))]).await;
        assert_eq!(link(account("claimed")).await, Linked::Before);
        assert!(premises.store.identifiers(ada.id).await.unwrap().iter().all(|known| known.verified));
        let missing = premises.store.link_identifier(premises.new_subject(organisation).id, &account("x"), Timestamp(5)).await;
        assert!(matches!(missing, Err(StoreError::Missing("subject"))), "{missing:?}");
    }

    async fn merge_subjects(premises) {
        let organisation = premises.organisation().await;
        let winner = premises.subject_in(organisation, 5).await;
        let loser = premises.subject_in(organisation, 3).await;
        premises.store.link_identifier(loser.id, &account("ada"), premises.now()).await.unwrap();
        premises.append(vec![event(organisation, "1", person(&[account("ada")]))]).await;
        assert_eq!(premises.store.merge_subjects(winner.id, loser.id).await.unwrap(), Merge::Done);
        assert_eq!(premises.store.merge_subjects(winner.id, loser.id).await.unwrap(), Merge::Already);
        assert_eq!(premises.store.subject(loser.id).await.unwrap().unwrap().merged_into, Some(winner.id));

        let out = premises.store.history(&[loser.id], None, 10).await.unwrap().pop().unwrap();
        assert_eq!((out.kind.as_ref(), out.source.as_ref(), out.partition.0, out.seq), (MERGE_OUT, SUBJECTS_SOURCE, 3, 2));
        assert_eq!(out.data.as_deref(), Some(format!(r#"{{"into":"{}"}}"#, winner.id).as_str()));
        let arrival = premises.store.history(&[winner.id], None, 10).await.unwrap().pop().unwrap();
        assert_eq!((arrival.kind.as_ref(), arrival.partition.0, arrival.seq), (MERGE_IN, 5, 1));
        let from = format!(r#"{{"from":"{}","partition":3,"seq":2}}"#, loser.id);
        assert_eq!(arrival.data.as_deref(), Some(from.as_str()));

        // Whoever names the loser or its identifiers means the winner now.
        let receipts = premises.append(vec![
            event(organisation, "2", person(&[account("ada")])),
            event(organisation, "3", SubjectReference::Known(loser.id)),
        ]).await;
        assert!(receipts.iter().all(|receipt| receipt.subject == winner.id && receipt.partition == Partition::of(winner.id)));
    }

    async fn a_subject_is_provisional_until_somebody_answers_for_it(premises) {
        let organisation = premises.organisation().await;
        let is_provisional = |id| async move { premises.store.subject(id).await.unwrap().unwrap().provisional };
        let mut made = Vec::new();
        for name in ["linked", "claimed", "winner", "loser", "nobody", "nobody else"] {
            made.push(premises.append(vec![event(organisation, name, person(&[account(name)]))]).await[0].subject);
        }
        let [linked, claimed, winner, loser, nobody, nobody_else] = made[..] else { panic!("{made:?}") };
        premises.store.link_identifier(linked, &email("linked@example.org"), premises.now()).await.unwrap();
        premises.store.link_identifier(claimed, &account("claimed"), premises.now()).await.unwrap();
        premises.store.link_identifier(loser, &account("loser"), premises.now()).await.unwrap();
        premises.store.merge_subjects(winner, loser).await.unwrap();
        premises.store.merge_subjects(nobody, nobody_else).await.unwrap();
        for (subject, provisional) in [(linked, false), (claimed, false), (winner, false), (nobody, true)] {
            assert_eq!(is_provisional(subject).await, provisional);
        }
    }

    async fn merges_that_cannot_be(premises) {
        let organisation = premises.organisation().await;
        let ada = premises.subject(organisation, &[]).await;
        let foreign = premises.subject(premises.organisation().await, &[]).await;
        let mut company = premises.new_subject(organisation);
        company.kind = SubjectKind::Organization;
        premises.store.insert_subject(&company, &[]).await.unwrap();
        let nobody = premises.new_subject(organisation);
        for other in [foreign.id, company.id, nobody.id] {
            assert_eq!(premises.store.merge_subjects(ada.id, other).await.unwrap(), Merge::Impossible);
            assert_eq!(premises.store.merge_subjects(other, ada.id).await.unwrap(), Merge::Impossible);
        }
        assert_eq!(premises.store.merge_subjects(ada.id, ada.id).await.unwrap(), Merge::Already);
        assert_eq!(premises.store.lag().await.unwrap(), 0);
    }

    async fn merge_within_one_partition(premises) {
        let organisation = premises.organisation().await;
        let (winner, loser) = (premises.subject_in(organisation, 7).await, premises.subject_in(organisation, 7).await);
        assert_eq!(premises.store.merge_subjects(winner.id, loser.id).await.unwrap(), Merge::Done);
        let history = premises.store.history(&[winner.id, loser.id], None, 10).await.unwrap();
        let kinds: Vec<_> = history.iter().map(|event| (event.seq, event.kind.as_ref())).collect();
        assert_eq!(kinds, [(1, MERGE_OUT), (2, MERGE_IN)]);
    }

    async fn winners(premises) {
        let organisation = premises.organisation().await;
        let (winner, loser) = (premises.subject(organisation, &[]).await.id, premises.subject(organisation, &[]).await.id);
        premises.store.merge_subjects(winner, loser).await.unwrap();
        assert_eq!(premises.store.winners(&[loser, winner]).await.unwrap(), [winner]);
        assert_eq!(premises.store.winners(&[]).await.unwrap(), []);
    }

    async fn subject_family(premises) {
        let organisation = premises.organisation().await;
        let mut people = Vec::new();
        for _ in 0..4 {
            people.push(premises.subject(organisation, &[]).await.id);
            premises.pass(1).await;
        }
        // 3 into 2 into 0; 1 into 0.
        for (winner, loser) in [(2, 3), (0, 2), (0, 1)] {
            assert_eq!(premises.store.merge_subjects(people[winner], people[loser]).await.unwrap(), Merge::Done);
        }
        assert_eq!(premises.store.subject_family(people[0]).await.unwrap(), people);
        assert_eq!(premises.store.subject_family(people[2]).await.unwrap(), people[2..]);
        assert_eq!(premises.store.subject_family(premises.new_subject(organisation).id).await.unwrap(), []);
    }
}
