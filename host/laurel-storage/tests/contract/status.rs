use laurel_core::awards::{AwardStore, Standing};
use laurel_core::id::PublicId;
use laurel_core::pipeline::AwardRef;
use laurel_core::status::{
    ChangedList, IssuedPlace, LIST_SIZE, Purpose, StatusChange, StatusList, StatusOutcome, StatusStore, Topic,
};
use laurel_core::store::StoreError;
use laurel_core::subjects::Subject;
use laurel_core::time::Timestamp;

use crate::premises::Premises;

/// Revokes an award with a place in the list.
async fn revoke(premises: &Premises, list: &StatusList, subject: &Subject, index: u32) {
    let mut award = premises.new_award(subject, None, &index.to_string());
    award.document.status_list = list.id;
    award.document.status_index = index;
    premises.store.insert_award(&award).await.unwrap();
    let change = premises.change(AwardRef::Award(award.id), Standing::Revoked);
    assert_eq!(premises.store.change_standings(&[change]).await.unwrap(), 1);
}

/// The indexes of what is revoked and of what is suspended.
pub(crate) fn bits(list: &ChangedList) -> (Vec<u32>, Vec<u32>) {
    let of = |purpose| list.indexes(Topic::Purpose(purpose)).collect();
    (of(Purpose::Revocation), of(Purpose::Suspension))
}

fn place(premises: &Premises, list: &StatusList, index: u32, purposes: &[Purpose]) -> IssuedPlace {
    IssuedPlace {
        organisation: list.organisation,
        credential: "urn:x:1".to_owned(),
        list: list.id,
        index,
        purposes: purposes.to_vec(),
        created: premises.now(),
    }
}

contract! {
    async fn insert_status_list(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        let changed = premises.store.changed_status_lists(10).await.unwrap();
        assert_eq!((changed.len(), &changed[0].list), (1, &list));
        let taken = premises.store.insert_status_list(&list, premises.now()).await;
        assert!(matches!(taken, Err(StoreError::Taken(_))), "{taken:?}");
    }

    async fn status_list(premises) {
        assert_eq!(premises.store.status_list(premises.public_id()).await.unwrap(), None);
        let list = premises.status_list(premises.organisation().await).await;
        assert_eq!(premises.store.status_list(list.public_id).await.unwrap(), Some(list));
    }

    async fn take_status_block(premises) {
        let organisation = premises.organisation().await;
        assert_eq!(premises.store.take_status_block(organisation, 10).await.unwrap(), None);
        premises.status_list(organisation).await;
        premises.pass(1).await;
        let newest = premises.status_list(organisation).await;
        let take = |want| premises.store.take_status_block(organisation, want);
        let block = take(10).await.unwrap().unwrap();
        assert_eq!((block.list, block.public_id, block.seed), (newest.id, newest.public_id, newest.seed));
        assert_eq!((block.first, block.end), (0, 10));
        let (one, other) = tokio::join!(take(100), take(100));
        let mut firsts = [one.unwrap().unwrap().first, other.unwrap().unwrap().first];
        firsts.sort_unstable();
        assert_eq!(firsts, [10, 110]);
        let last = take(u32::MAX).await.unwrap().unwrap();
        assert_eq!((last.first, last.end), (210, LIST_SIZE));
        assert_eq!(take(1).await.unwrap(), None);
    }

    async fn set_status_messages(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        let say = |index, numbers: &'static [u8]| premises.store.set_status_messages(list.public_id, index, numbers);
        say(9, &[2, 0]).await.unwrap();
        say(3, &[0]).await.unwrap();
        let changed = || async { premises.store.changed_status_lists(1).await.unwrap().remove(0) };
        let before = changed().await;
        assert_eq!(before.set, [(Topic::Message(0), 3), (Topic::Message(0), 9), (Topic::Message(2), 9)]);
        say(9, &[1]).await.unwrap();
        let after = changed().await;
        assert_eq!(after.set, [(Topic::Message(0), 3), (Topic::Message(1), 9)], "what is not said again is taken back");
        assert!(after.revision > before.revision);
        let nowhere = premises.store.set_status_messages(PublicId(uuid::Uuid::nil()), 3, &[0]).await;
        assert!(matches!(nowhere, Err(StoreError::Missing("status list"))), "{nowhere:?}");
    }

    async fn status_messages(premises) {
        let organisation = premises.organisation().await;
        let (list, other) = (premises.status_list(organisation).await, premises.status_list(organisation).await);
        premises.store.set_status_messages(list.public_id, 9, &[2, 0]).await.unwrap();
        assert_eq!(premises.store.status_messages(list.public_id, 9).await.unwrap(), [0, 2]);
        assert!(premises.store.status_messages(list.public_id, 8).await.unwrap().is_empty());
        assert!(premises.store.status_messages(other.public_id, 9).await.unwrap().is_empty());
        premises.store.set_status_messages(list.public_id, 9, &[]).await.unwrap();
        assert!(premises.store.status_messages(list.public_id, 9).await.unwrap().is_empty());
    }

    async fn changed_status_lists(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let list = premises.status_list(organisation).await;
        revoke(premises, &list, &subject, 9).await;
        revoke(premises, &list, &subject, 3).await;
        let changed = premises.store.changed_status_lists(10).await.unwrap();
        assert_eq!(bits(&changed[0]), (vec![3, 9], vec![]));
        assert_eq!(premises.store.changed_status_lists(0).await.unwrap(), []);
    }

    async fn count_unpublished(premises) {
        let organisation = premises.organisation().await;
        assert_eq!(premises.store.count_unpublished().await.unwrap(), 0);
        let list = premises.status_list(organisation).await;
        assert_eq!(premises.store.count_unpublished().await.unwrap(), 1);
        let changed = premises.store.changed_status_lists(10).await.unwrap();
        premises.store.publish_status_list(&list, changed[0].revision, &[], premises.now()).await.unwrap();
        assert_eq!(premises.store.count_unpublished().await.unwrap(), 0);
    }

    async fn renew_status_lists(premises) {
        let organisation = premises.organisation().await;
        let list = premises.status_list(organisation).await;
        let changed = premises.store.changed_status_lists(10).await.unwrap();
        premises.store.publish_status_list(&list, changed[0].revision, &[], premises.now()).await.unwrap();
        assert_eq!(premises.store.changed_status_lists(10).await.unwrap(), []);
        premises.store.renew_status_lists(premises.new_organisation("other").id).await.unwrap();
        assert_eq!(premises.store.changed_status_lists(10).await.unwrap(), []);
        premises.store.renew_status_lists(organisation).await.unwrap();
        assert_eq!(premises.store.changed_status_lists(10).await.unwrap()[0].list, list);
    }

    async fn publish_status_list(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let list = premises.status_list(organisation).await;
        let old = premises.store.changed_status_lists(10).await.unwrap()[0].revision;
        revoke(premises, &list, &subject, 3).await;
        let new = premises.store.changed_status_lists(10).await.unwrap()[0].revision;
        assert!(new > old);
        let list = &list;
        let publish = |revision, text: &'static [u8]| async move {
            let documents = [(Topic::Purpose(Purpose::Revocation), text.to_vec()), (Topic::Purpose(Purpose::Suspension), b"s".to_vec())];
            premises.store.publish_status_list(list, revision, &documents, Timestamp(revision)).await.unwrap();
            premises.store.status_document(list.public_id, Topic::Purpose(Purpose::Revocation)).await.unwrap().unwrap().0
        };
        // The revision has grown since: it still counts as changed.
        assert_eq!(publish(old, b"old").await, b"old");
        assert_eq!(premises.store.changed_status_lists(10).await.unwrap().len(), 1);
        assert_eq!(publish(new, b"new").await, b"new");
        assert_eq!(premises.store.changed_status_lists(10).await.unwrap(), []);
        // A latecomer with an older revision changes nothing.
        assert_eq!(publish(old, b"old").await, b"new");
        assert_eq!(premises.store.changed_status_lists(10).await.unwrap(), []);
    }

    async fn status_document(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        assert_eq!(premises.store.status_document(list.public_id, Topic::Purpose(Purpose::Revocation)).await.unwrap(), None);
        let documents = [(Topic::Purpose(Purpose::Suspension), b"s".to_vec())];
        premises.store.publish_status_list(&list, 1, &documents, Timestamp(5)).await.unwrap();
        let document = premises.store.status_document(list.public_id, Topic::Purpose(Purpose::Suspension)).await.unwrap();
        assert_eq!(document, Some((b"s".to_vec(), Timestamp(5))));
        assert_eq!(premises.store.status_document(list.public_id, Topic::Purpose(Purpose::Revocation)).await.unwrap(), None);
    }

    async fn insert_issued_place(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        let issued = place(premises, &list, 7, &[Purpose::Revocation]);
        premises.store.insert_issued_place(&issued).await.unwrap();
        let elsewhere = premises.organisation().await;
        let change = StatusChange { purpose: Purpose::Revocation, set: true };
        let foreign = premises.store.change_issued_statuses(elsewhere, &issued.credential, &[change]).await.unwrap();
        assert_eq!(foreign, StatusOutcome::NotIssued);
        let own = premises.store.change_issued_statuses(list.organisation, &issued.credential, &[change]).await.unwrap();
        assert_eq!(own, StatusOutcome::Done);
    }

    async fn issued_statuses(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        let issued = place(premises, &list, 7, &[Purpose::Revocation]);
        premises.store.insert_issued_place(&issued).await.unwrap();
        let said = async || premises.store.issued_statuses(list.organisation, &issued.credential).await.unwrap();
        assert_eq!(said().await, []);
        let change = StatusChange { purpose: Purpose::Revocation, set: true };
        premises.store.change_issued_statuses(list.organisation, &issued.credential, &[change]).await.unwrap();
        assert_eq!(said().await, [Purpose::Revocation]);
        let elsewhere = premises.organisation().await;
        assert_eq!(premises.store.issued_statuses(elsewhere, &issued.credential).await.unwrap(), []);
    }

    async fn change_issued_statuses(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        let both = [Purpose::Revocation, Purpose::Suspension];
        for index in [3, 9] {
            premises.store.insert_issued_place(&place(premises, &list, index, &both)).await.unwrap();
        }
        let change = async |purpose, set| {
            let changes = [StatusChange { purpose, set }];
            let outcome = premises.store.change_issued_statuses(list.organisation, "urn:x:1", &changes).await.unwrap();
            let lists = premises.store.changed_status_lists(1).await.unwrap().remove(0);
            let (revoked, suspended) = bits(&lists);
            (outcome, revoked, suspended)
        };
        assert_eq!(change(Purpose::Suspension, true).await, (StatusOutcome::Done, vec![], vec![3, 9]));
        assert_eq!(change(Purpose::Revocation, false).await, (StatusOutcome::Done, vec![], vec![3, 9]));
        assert_eq!(change(Purpose::Suspension, false).await, (StatusOutcome::Done, vec![], vec![]));
        assert_eq!(change(Purpose::Revocation, true).await, (StatusOutcome::Done, vec![3, 9], vec![]));
        assert_eq!(change(Purpose::Revocation, false).await, (StatusOutcome::Revoked, vec![3, 9], vec![]));
        assert_eq!(change(Purpose::Suspension, true).await, (StatusOutcome::Done, vec![3, 9], vec![]));
        let plain = IssuedPlace { credential: "urn:x:2".to_owned(), ..place(premises, &list, 4, &both[..1]) };
        premises.store.insert_issued_place(&plain).await.unwrap();
        let changes = both.map(|purpose| StatusChange { purpose, set: true });
        let refused = premises.store.change_issued_statuses(list.organisation, "urn:x:2", &changes).await.unwrap();
        assert_eq!(refused, StatusOutcome::NoEntry(Purpose::Suspension));
        let lists = premises.store.changed_status_lists(1).await.unwrap().remove(0);
        assert_eq!(bits(&lists), (vec![3, 9], vec![]), "all of the changes or none");
    }
}
