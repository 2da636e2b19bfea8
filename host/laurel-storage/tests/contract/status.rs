use laurel_core::awards::{AwardStore, Standing};
use laurel_core::id::{OrganisationId, PublicId};
use laurel_core::organisations::StatusEntries;
use laurel_core::pipeline::AwardRef;
use laurel_core::status::{
    Changed, ChangedList, IssuedPlace, Purpose, StatusChange, StatusDocument, StatusList, StatusOutcome, StatusStore,
    Topic,
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

/// Every list that changed.
pub(crate) async fn changed(premises: &Premises) -> Vec<ChangedList> {
    let mut lists = Vec::new();
    for id in premises.store.changed_status_lists(Changed::Any, None, 10).await.unwrap() {
        lists.push(premises.store.changed_status_list(id).await.unwrap().unwrap());
    }
    lists
}

/// Publishes what changed of an organisation's lists.
pub(crate) async fn publish(premises: &Premises, organisation: OrganisationId) {
    for changed in changed(premises).await.iter().filter(|changed| changed.list.organisation == organisation) {
        premises.store.publish_status_list(changed, &[], premises.now()).await.unwrap();
    }
}

fn document(topic: Topic, text: &str) -> StatusDocument {
    StatusDocument { topic, digest: [7; 32], bytes: text.into() }
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
        let changed = changed(premises).await;
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
        assert_eq!(premises.store.take_status_block(organisation, StatusEntries::One, 10).await.unwrap(), None);
        premises.status_list(organisation).await;
        premises.pass(1).await;
        let newest = premises.status_list(organisation).await;
        let take = |want| premises.store.take_status_block(organisation, StatusEntries::One, want);
        let block = take(10).await.unwrap().unwrap();
        let of_list = (newest.id, newest.public_id, newest.size, newest.seed);
        assert_eq!((block.list, block.public_id, block.size, block.seed), of_list);
        assert_eq!((block.first, block.end), (0, 10));
        let (one, other) = tokio::join!(take(100), take(100));
        let mut firsts = [one.unwrap().unwrap().first, other.unwrap().unwrap().first];
        firsts.sort_unstable();
        assert_eq!(firsts, [10, 110]);
        let last = take(u32::MAX).await.unwrap().unwrap();
        assert_eq!((last.first, last.end), (210, newest.size));
        assert_eq!(take(1).await.unwrap(), None);
        premises.pass(1).await;
        let large = StatusList { size: 1 << 20, ..premises.new_status_list(organisation) };
        premises.store.insert_status_list(&large, premises.now()).await.unwrap();
        let whole = take(u32::MAX).await.unwrap().unwrap();
        assert_eq!((whole.size, whole.end), (1 << 20, 1 << 20));
        // The other kind has lists of its own.
        let several = || premises.store.take_status_block(organisation, StatusEntries::Several, 5);
        assert_eq!(several().await.unwrap(), None);
        let list = StatusList { entries: StatusEntries::Several, ..premises.new_status_list(organisation) };
        premises.store.insert_status_list(&list, premises.now()).await.unwrap();
        let block = several().await.unwrap().unwrap();
        assert_eq!((block.list, block.entries, block.end), (list.id, StatusEntries::Several, 5));
    }

    async fn set_status_messages(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        let say = |index, numbers: &'static [u8]| premises.store.set_status_messages(list.public_id, index, numbers);
        say(9, &[2, 0]).await.unwrap();
        say(3, &[0]).await.unwrap();
        let changed = || async { changed(premises).await.remove(0) };
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
        let mut lists = Vec::new();
        for _ in 0..3 {
            lists.push(premises.status_list(premises.organisation().await).await);
            premises.pass(1).await;
        }
        let ask = async |which, after, max| premises.store.changed_status_lists(which, after, max).await.unwrap();
        let ids: Vec<_> = lists.iter().map(|list| list.id).collect();
        assert_eq!(ask(Changed::Any, None, 10).await, ids);
        assert_eq!(ask(Changed::Any, None, 2).await, ids[..2]);
        assert_eq!(ask(Changed::Any, Some(ids[0]), 10).await, ids[1..], "whoever fails at one goes on behind it");
        assert_eq!(ask(Changed::Any, None, 0).await, []);
        publish(premises, lists[1].organisation).await;
        assert_eq!(ask(Changed::Any, None, 10).await, [ids[0], ids[2]]);
        premises.store.set_status_messages(lists[1].public_id, 7, &[0]).await.unwrap();
        assert_eq!(ask(Changed::Any, None, 10).await, ids);
        assert_eq!(ask(Changed::Urgent, None, 10).await, [ids[0], ids[2]], "what was published before is of use as it is");
    }

    async fn changed_status_list(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let list = premises.status_list(organisation).await;
        revoke(premises, &list, &subject, 9).await;
        revoke(premises, &list, &subject, 3).await;
        let ask = async || premises.store.changed_status_list(list.id).await.unwrap();
        let changed = ask().await.unwrap();
        assert_eq!((&changed.list, changed.published, bits(&changed)), (&list, 0, (vec![3, 9], vec![])));
        let documents = [document(Topic::Refresh, "r")];
        premises.store.publish_status_list(&changed, &documents, premises.now()).await.unwrap();
        assert_eq!(ask().await, None);
        premises.store.set_status_messages(list.public_id, 7, &[0]).await.unwrap();
        let again = ask().await.unwrap();
        assert_eq!((again.published, again.digests), (changed.revision, vec![(Topic::Refresh, [7; 32])]));
    }

    async fn count_unpublished(premises) {
        let organisation = premises.organisation().await;
        assert_eq!(premises.store.count_unpublished().await.unwrap(), 0);
        premises.status_list(organisation).await;
        assert_eq!(premises.store.count_unpublished().await.unwrap(), 1);
        publish(premises, organisation).await;
        assert_eq!(premises.store.count_unpublished().await.unwrap(), 0);
    }

    async fn renew_status_lists(premises) {
        let organisation = premises.organisation().await;
        let list = premises.status_list(organisation).await;
        publish(premises, organisation).await;
        assert_eq!(changed(premises).await, []);
        premises.store.renew_status_lists(premises.new_organisation("other").id).await.unwrap();
        assert_eq!(changed(premises).await, []);
        premises.store.renew_status_lists(organisation).await.unwrap();
        assert_eq!(changed(premises).await[0].list, list);
        assert_eq!(premises.store.changed_status_lists(Changed::Urgent, None, 9).await.unwrap(), [list.id]);
    }

    async fn void_status_lists(premises) {
        let (organisation, other) = (premises.organisation().await, premises.organisation().await);
        let (list, stranger) = (premises.status_list(organisation).await, premises.status_list(other).await);
        publish(premises, other).await;
        let before = changed(premises).await.remove(0);
        assert_eq!(premises.store.void_status_lists(organisation).await.unwrap(), [list.id]);
        assert_eq!(premises.store.status_list(stranger.public_id).await.unwrap().map(|list| list.void), Some(false));
        assert_eq!(premises.store.take_status_block(organisation, list.entries, 1).await.unwrap(), None, "it gives no places away");
        assert_eq!(premises.store.changed_status_lists(Changed::Urgent, None, 9).await.unwrap(), [list.id]);
        // Whoever read it before, and signs it only now, comes too late.
        premises.store.publish_status_list(&before, &[], premises.now()).await.unwrap();
        assert!(changed(premises).await[0].list.void);
        publish(premises, organisation).await;
        // It said its last.
        premises.store.set_status_messages(list.public_id, 7, &[0]).await.unwrap();
        premises.store.renew_status_lists(organisation).await.unwrap();
        assert_eq!(changed(premises).await, []);
        assert_eq!(premises.store.count_unpublished().await.unwrap(), 0);
    }

    async fn publish_status_list(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let list = premises.status_list(organisation).await;
        let old = changed(premises).await.remove(0);
        revoke(premises, &list, &subject, 3).await;
        let new = changed(premises).await.remove(0);
        assert!(new.revision > old.revision);
        let revoked = Topic::Purpose(Purpose::Revocation);
        let publish = async |changed: &ChangedList, text: &str| {
            let documents = [document(revoked, text), document(Topic::Refresh, text)];
            let now = Timestamp(changed.revision);
            premises.store.publish_status_list(changed, &documents, now).await.unwrap();
            premises.store.status_document(list.public_id, revoked).await.unwrap().unwrap().0
        };
        // The revision has grown since: it still counts as changed.
        assert_eq!(publish(&old, "old").await, b"old");
        assert_eq!(changed(premises).await.len(), 1);
        // What was read before something was published may leave out what that wrote.
        assert_eq!(publish(&new, "new").await, b"old");
        let new = changed(premises).await.remove(0);
        assert_eq!(publish(&new, "new").await, b"new");
        assert_eq!(changed(premises).await, []);
        // A latecomer with an older revision changes nothing; and one topic alone leaves the others.
        assert_eq!(publish(&old, "old").await, b"new");
        assert_eq!(changed(premises).await, []);
        premises.store.set_status_messages(list.public_id, 7, &[0]).await.unwrap();
        let last = changed(premises).await.remove(0);
        premises.store.publish_status_list(&last, &[document(Topic::Message(0), "m")], premises.now()).await.unwrap();
        let left = premises.store.status_document(list.public_id, revoked).await.unwrap();
        assert_eq!(left, Some((b"new".to_vec(), Timestamp(new.revision))));
    }

    async fn status_document(premises) {
        let list = premises.status_list(premises.organisation().await).await;
        let ask = async |purpose| {
            premises.store.status_document(list.public_id, Topic::Purpose(purpose)).await.unwrap()
        };
        assert_eq!(ask(Purpose::Revocation).await, None);
        let documents = [document(Topic::Purpose(Purpose::Suspension), "s")];
        let changed = changed(premises).await.remove(0);
        premises.store.publish_status_list(&changed, &documents, Timestamp(5)).await.unwrap();
        assert_eq!(ask(Purpose::Suspension).await, Some((b"s".to_vec(), Timestamp(5))));
        assert_eq!(ask(Purpose::Revocation).await, None);
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
            let lists = changed(premises).await.remove(0);
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
        let lists = changed(premises).await.remove(0);
        assert_eq!(bits(&lists), (vec![3, 9], vec![]), "all of the changes or none");
    }
}
