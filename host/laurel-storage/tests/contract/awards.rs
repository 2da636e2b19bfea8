use laurel_core::awards::{Authority, AwardStore, NewAward, Standing};
use laurel_core::credentials::{Credential, CredentialStore};
use laurel_core::engagement::EngagementStore;
use laurel_core::id::{Partition, Partitions};
use laurel_core::outbox::OutboxStore;
use laurel_core::page::PageRequest;
use laurel_core::pipeline::{AwardRef, StandingChange};
use laurel_core::status::{Purpose, Topic};
use laurel_core::store::StoreError;

use crate::premises::Premises;

async fn insert(premises: &Premises, award: &NewAward) {
    assert!(premises.store.insert_award(award).await.unwrap().1);
}

contract! {
    async fn insert_award(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let new = premises.new_award(&subject, None, "k");
        let (award, written) = premises.store.insert_award(&new).await.unwrap();
        assert!(written && award.id == new.id && award.standing == Standing::Active && !award.signed);
        assert_eq!((award.awarded, award.valid_until), (new.awarded, new.valid_until));
        assert_eq!((award.status_list, award.status_index), (new.document.status_list, new.document.status_index));
        assert_eq!((award.explanation, award.rule), (new.explanation.clone(), None));
        let outbox = premises.store.outbox(organisation, PageRequest::default()).await.unwrap().items;
        assert_eq!((outbox[0].id, outbox[0].credential, outbox[0].depth), (new.outbox, Some(new.public_id), 1));
        // Its key exists in the organisation, whoever earned it.
        let other = premises.new_award(&premises.subject(organisation, &[]).await, None, "k");
        let (found, written) = premises.store.insert_award(&other).await.unwrap();
        assert!(!written && found.id == new.id);
        assert_eq!(premises.store.outbox(organisation, PageRequest::default()).await.unwrap().items.len(), 1);
        // A subject that is not there.
        let stray = premises.new_award(&premises.new_subject(organisation), None, "stray");
        let missing = premises.store.insert_award(&stray).await;
        assert!(matches!(missing, Err(StoreError::Missing("subject"))), "{missing:?}");
        assert_eq!(premises.store.award(stray.id).await.unwrap(), None);
    }

    async fn a_rule_awards_a_key_once_to_each_subject(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        insert(premises, &premises.new_award(&ada, Some(rule), "k")).await;
        insert(premises, &premises.new_award(&grace, Some(rule), "k")).await;
        insert(premises, &premises.new_award(&ada, Some(premises.rule(organisation).await), "k")).await;
        insert(premises, &premises.new_award(&ada, None, "k")).await;
        assert!(!premises.store.insert_award(&premises.new_award(&ada, Some(rule), "k")).await.unwrap().1);
    }

    async fn change_standings(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let list = premises.status_list(organisation).await;
        crate::status::publish(premises, organisation).await;
        let mut award = premises.new_award(&subject, None, "k");
        award.document.status_list = list.id;
        award.document.status_index = 77;
        insert(premises, &award).await;
        let to = |standing| premises.change(AwardRef::Award(award.id), standing);
        let bits = || async {
            crate::status::changed(premises).await.first().map(crate::status::bits)
        };
        assert_eq!(bits().await, None);
        assert_eq!(premises.store.change_standings(&[to(Standing::Active)]).await.unwrap(), 0);
        assert_eq!(premises.store.change_standings(&[to(Standing::Suspended)]).await.unwrap(), 1);
        assert_eq!(bits().await, Some((vec![], vec![77])));
        assert_eq!(premises.store.change_standings(&[to(Standing::Active)]).await.unwrap(), 1);
        assert_eq!(bits().await, Some((vec![], vec![])));
        let changes = [to(Standing::Suspended), to(Standing::Revoked), to(Standing::Active), to(Standing::Superseded)];
        assert_eq!(premises.store.change_standings(&changes).await.unwrap(), 2);
        assert_eq!(bits().await, Some((vec![77], vec![])));
        let stored = premises.store.award(award.id).await.unwrap().unwrap();
        assert_eq!((stored.standing, stored.reason.as_deref()), (Standing::Revoked, Some("because")));
        assert_eq!(stored.changed, Some(premises.now()));
        let outbox = premises.store.outbox(organisation, PageRequest::default()).await.unwrap().items;
        let kinds: Vec<_> = outbox.iter().map(|row| row.kind.as_str()).collect();
        let expected =
            ["badge.awarded", "badge.suspended", "badge.reinstated", "badge.suspended", "badge.revoked"];
        assert_eq!(kinds, expected);
    }

    async fn an_operator_s_suspension_is_lifted_by_operators_alone(premises) {
        let subject = premises.subject(premises.organisation().await, &[]).await;
        let award = premises.new_award(&subject, None, "k");
        insert(premises, &award).await;
        let to = |to, by| StandingChange { by, ..premises.change(AwardRef::Award(award.id), to) };
        let made = |change: StandingChange| async move { premises.store.change_standings(&[change]).await.unwrap() };
        let set_by = || async { premises.store.award(award.id).await.unwrap().unwrap().changed_by };
        assert_eq!(set_by().await, None);
        assert_eq!(made(to(Standing::Suspended, Authority::Rule)).await, 1);
        assert_eq!(set_by().await, Some(Authority::Rule));
        // Who suspends it may change without anybody being told.
        assert_eq!(made(to(Standing::Suspended, Authority::Operator)).await, 1);
        assert_eq!(made(to(Standing::Suspended, Authority::Refold)).await, 0);
        assert_eq!(made(to(Standing::Active, Authority::Rule)).await, 0);
        assert_eq!(set_by().await, Some(Authority::Operator));
        let outbox = premises.store.outbox(subject.organisation, PageRequest::default()).await.unwrap().items;
        assert_eq!(outbox.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["badge.awarded", "badge.suspended"]);
        assert!(outbox.iter().all(|row| row.award == award.id.0));
        assert_eq!(made(to(Standing::Active, Authority::Operator)).await, 1);
    }

    async fn a_superseded_award_tells_of_its_successor_and_stays_as_it_was(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let list = premises.status_list(organisation).await;
        let mut award = premises.new_award(&subject, None, "k");
        award.document.status_list = list.id;
        award.document.status_index = 77;
        insert(premises, &award).await;
        let successor = premises.new_award(&subject, None, "l");
        insert(premises, &successor).await;
        let suspended = premises.change(AwardRef::Award(award.id), Standing::Suspended);
        let to = premises.change(AwardRef::Award(award.id), Standing::Superseded);
        let superseded = StandingChange { successor: Some(successor.id), ..to };
        assert_eq!(premises.store.change_standings(&[suspended, superseded]).await.unwrap(), 2);
        let changed = crate::status::changed(premises).await;
        assert_eq!(changed[0].set, [(Topic::Refresh, 77), (Topic::Purpose(Purpose::Suspension), 77)]);
        let stored = premises.store.award(award.id).await.unwrap().unwrap();
        assert_eq!((stored.standing, stored.successor), (Standing::Superseded, Some(successor.id)));
        assert_eq!(premises.store.award(successor.id).await.unwrap().unwrap().successor, None);
    }

    async fn standings_by_key_and_of_engagement(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subject = premises.subject(organisation, &[]).await;
        insert(premises, &premises.new_award(&subject, Some(rule), "credential")).await;
        let badge = premises.new_engagement(&subject, Some(rule), "engagement");
        premises.store.insert_engagement(&badge).await.unwrap();
        let by_key = |key: &str| AwardRef::Key { rule, subject: subject.id, key: key.to_owned() };
        let changes = [
            premises.change(by_key("credential"), Standing::Revoked),
            premises.change(by_key("engagement"), Standing::Suspended),
            premises.change(by_key("nothing"), Standing::Revoked),
            premises.change(AwardRef::Engagement(badge.id), Standing::Superseded),
        ];
        assert_eq!(premises.store.change_standings(&changes).await.unwrap(), 3);
        let award = &premises.store.awards_of(&[subject.id]).await.unwrap()[0];
        assert_eq!(award.standing, Standing::Revoked);
        let badge = premises.store.engagement(badge.id).await.unwrap().unwrap();
        assert_eq!(badge.standing, Standing::Superseded);
    }

    async fn award(premises) {
        let subject = premises.subject(premises.organisation().await, &[]).await;
        let award = premises.new_award(&subject, None, "k");
        assert_eq!(premises.store.award(award.id).await.unwrap(), None);
        insert(premises, &award).await;
        let stored = premises.store.award(award.id).await.unwrap().unwrap();
        assert_eq!((stored.public_id, stored.version, stored.key), (award.public_id, award.version, award.key));
    }

    async fn award_by_public_id(premises) {
        let subject = premises.subject(premises.organisation().await, &[]).await;
        let award = premises.new_award(&subject, None, "k");
        insert(premises, &award).await;
        let stored = premises.store.award_by_public_id(award.public_id).await.unwrap().unwrap();
        assert_eq!(stored.id, award.id);
        assert_eq!(premises.store.award_by_public_id(premises.public_id()).await.unwrap(), None);
    }

    async fn awards(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let mut ids = Vec::new();
        for key in ["a", "b", "c"] {
            let award = premises.new_award(&subject, None, key);
            insert(premises, &award).await;
            ids.push(award.id);
            premises.pass(1).await;
        }
        let page = premises.store.awards(organisation, PageRequest { after: None, limit: 2 }).await.unwrap();
        assert_eq!(page.items.iter().map(|award| award.id).collect::<Vec<_>>(), ids[..2]);
        let page = premises.store.awards(organisation, PageRequest { after: page.next, limit: 2 }).await.unwrap();
        assert_eq!(page.items.iter().map(|award| award.id).collect::<Vec<_>>(), ids[2..]);
    }

    async fn awards_of(premises) {
        let organisation = premises.organisation().await;
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        let first = premises.new_award(&grace, None, "a");
        premises.pass(1).await;
        let second = premises.new_award(&ada, Some(premises.rule(organisation).await), "b");
        insert(premises, &second).await;
        insert(premises, &first).await;
        insert(premises, &premises.new_award(&premises.subject(organisation, &[]).await, None, "c")).await;
        let awards = premises.store.awards_of(&[ada.id, grace.id]).await.unwrap();
        assert_eq!(awards.iter().map(|award| award.id).collect::<Vec<_>>(), [first.id, second.id]);
        assert_eq!(premises.store.awards_of(&[]).await.unwrap(), []);
    }

    async fn awards_by_rule(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let subject = premises.subject(organisation, &[]).await;
        let ours = premises.new_award(&subject, Some(rule), "a");
        insert(premises, &ours).await;
        insert(premises, &premises.new_award(&subject, None, "b")).await;
        insert(premises, &premises.new_award(&subject, Some(premises.rule(organisation).await), "a")).await;
        let awards = premises.store.awards_by_rule(rule, &[subject.id]).await.unwrap();
        assert_eq!(awards.iter().map(|award| award.id).collect::<Vec<_>>(), [ours.id]);
    }

    async fn unsigned_awards(premises) {
        let organisation = premises.organisation().await;
        let (ours, theirs) = (premises.subject_in(organisation, 63).await, premises.subject_in(organisation, 0).await);
        let first = premises.new_award(&ours, None, "a");
        premises.pass(1).await;
        let second = premises.new_award(&ours, None, "b");
        for award in [&second, &first, &premises.new_award(&theirs, None, "c")] {
            insert(premises, award).await;
        }
        let partitions: Partitions = [Partition(63), Partition(62)].into_iter().collect();
        let waiting = premises.store.unsigned_awards(partitions, 10).await.unwrap();
        assert_eq!(waiting.iter().map(|award| award.id).collect::<Vec<_>>(), [first.id, second.id]);
        assert_eq!((&waiting[0].document, waiting[0].public_id), (&first.document, first.public_id));
        assert_eq!(premises.store.unsigned_awards(partitions, 1).await.unwrap().len(), 1);
        let credential = Credential { award: first.id, document: b"{}".to_vec() };
        premises.store.insert_credentials(&[credential]).await.unwrap();
        let waiting = premises.store.unsigned_awards(partitions, 10).await.unwrap();
        assert_eq!(waiting.iter().map(|award| award.id).collect::<Vec<_>>(), [second.id]);
    }

    async fn count_unsigned(premises) {
        let organisation = premises.organisation().await;
        let (ours, theirs) = (premises.subject_in(organisation, 63).await, premises.subject_in(organisation, 0).await);
        let first = premises.new_award(&ours, None, "a");
        insert(premises, &first).await;
        insert(premises, &premises.new_award(&theirs, None, "b")).await;
        assert_eq!(premises.store.count_unsigned().await.unwrap(), 2);
        let credential = Credential { award: first.id, document: b"{}".to_vec() };
        premises.store.insert_credentials(&[credential]).await.unwrap();
        assert_eq!(premises.store.count_unsigned().await.unwrap(), 1);
    }
}
