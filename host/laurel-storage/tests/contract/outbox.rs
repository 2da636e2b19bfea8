use laurel_core::awards::{AwardStore, Standing};
use laurel_core::id::{AwardId, OutboxId, Partition, Partitions};
use laurel_core::outbox::OutboxStore;
use laurel_core::page::PageRequest;
use laurel_core::pipeline::AwardRef;
use laurel_core::subjects::Subject;

use crate::premises::Premises;

async fn award(premises: &Premises, subject: &Subject, key: &str) -> (AwardId, OutboxId) {
    let award = premises.new_award(subject, None, key);
    premises.store.insert_award(&award).await.unwrap();
    (award.id, award.outbox)
}

fn only(partition: i32) -> Partitions {
    std::iter::once(Partition(partition)).collect()
}

contract! {
    async fn unrelayed(premises) {
        let organisation = premises.organisation().await;
        let (ours, theirs) = (premises.subject_in(organisation, 63).await, premises.subject_in(organisation, 0).await);
        let (id, first) = award(premises, &ours, "a").await;
        award(premises, &theirs, "b").await;
        // Ids of one millisecond are in no order; the rows are.
        let mut expected = vec![first];
        for standing in [Standing::Suspended, Standing::Active, Standing::Suspended, Standing::Revoked] {
            let change = premises.change(AwardRef::Award(id), standing);
            premises.store.change_standings(std::slice::from_ref(&change)).await.unwrap();
            expected.push(change.outbox);
        }
        let ids = |max| async move {
            let rows = premises.store.unrelayed(only(63), max).await.unwrap();
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(10).await, expected);
        assert_eq!(ids(2).await, expected[..2]);
    }

    async fn count_unrelayed(premises) {
        let organisation = premises.organisation().await;
        let (ours, theirs) = (premises.subject_in(organisation, 63).await, premises.subject_in(organisation, 0).await);
        let first = award(premises, &ours, "a").await.1;
        award(premises, &theirs, "b").await;
        assert_eq!(premises.store.count_unrelayed().await.unwrap(), 2);
        premises.store.mark_relayed(&[first]).await.unwrap();
        assert_eq!(premises.store.count_unrelayed().await.unwrap(), 1);
    }

    async fn mark_relayed(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject_in(organisation, 1).await;
        let (first, second) = (award(premises, &subject, "a").await.1, award(premises, &subject, "b").await.1);
        premises.store.mark_relayed(&[first]).await.unwrap();
        premises.store.mark_relayed(&[first]).await.unwrap();
        let rows = premises.store.unrelayed(only(1), 10).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [second]);
        assert_eq!(premises.store.outbox(organisation, PageRequest::default()).await.unwrap().items.len(), 2);
    }

    async fn outbox(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let mut expected = Vec::new();
        for key in ["a", "b", "c"] {
            expected.push(award(premises, &subject, key).await.1);
        }
        let page = premises.store.outbox(organisation, PageRequest { after: None, limit: 2 }).await.unwrap();
        assert_eq!(page.items.iter().map(|row| row.id).collect::<Vec<_>>(), expected[..2]);
        let page = premises.store.outbox(organisation, PageRequest { after: page.next, limit: 2 }).await.unwrap();
        assert_eq!((page.items[0].id, page.items[0].key.as_str(), page.next), (expected[2], "c", None));
    }
}
