use laurel_core::awards::{AwardStore, Standing};
use laurel_core::engagement::EngagementStore;
use laurel_core::events::EventLog;
use laurel_core::id::RuleId;
use laurel_core::outbox::OutboxStore;
use laurel_core::page::PageRequest;
use laurel_core::pipeline::{Effects, NewPoints};
use laurel_core::subjects::Subject;

use crate::premises::Premises;

async fn give(premises: &Premises, rule: RuleId, subject: &Subject, amounts: &[i64]) {
    let points = amounts.iter().enumerate().map(|(n, amount)| NewPoints {
        organisation: subject.organisation,
        rule,
        subject: subject.id,
        key: n.to_string(),
        amount: *amount,
        reason: "a like".to_owned(),
        at: premises.now().plus_millis(i64::try_from(n).unwrap()),
    });
    let effects = Effects { points: points.collect(), ..Effects::default() };
    premises.store.commit(&[], effects).await.unwrap();
}

contract! {
    async fn insert_engagement(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let new = premises.new_engagement(&subject, None, "k");
        let (badge, written) = premises.store.insert_engagement(&new).await.unwrap();
        assert!(written && badge.id == new.id && badge.standing == Standing::Active);
        let (found, written) =
            premises.store.insert_engagement(&premises.new_engagement(&subject, None, "k")).await.unwrap();
        assert!(!written && found.id == new.id);
        let outbox = premises.store.outbox(organisation, PageRequest::default()).await.unwrap().items;
        assert_eq!((outbox.len(), outbox[0].id, outbox[0].credential), (1, new.outbox, None));
        // Never on the credential shelf.
        assert_eq!(premises.store.awards_of(&[subject.id]).await.unwrap(), []);
    }

    async fn engagement(premises) {
        let subject = premises.subject(premises.organisation().await, &[]).await;
        let new = premises.new_engagement(&subject, None, "k");
        assert_eq!(premises.store.engagement(new.id).await.unwrap(), None);
        let (badge, _) = premises.store.insert_engagement(&new).await.unwrap();
        assert_eq!(premises.store.engagement(new.id).await.unwrap(), Some(badge));
    }

    async fn engagement_of(premises) {
        let organisation = premises.organisation().await;
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        let (badge, _) = premises.store.insert_engagement(&premises.new_engagement(&ada, None, "a")).await.unwrap();
        premises.store.insert_engagement(&premises.new_engagement(&grace, None, "b")).await.unwrap();
        assert_eq!(premises.store.engagement_of(&[ada.id]).await.unwrap(), [badge]);
        assert_eq!(premises.store.engagement_of(&[ada.id, grace.id]).await.unwrap().len(), 2);
    }

    async fn engagement_by_rule(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let ada = premises.subject(organisation, &[]).await;
        let ours = premises.new_engagement(&ada, Some(rule), "a");
        let (badge, _) = premises.store.insert_engagement(&ours).await.unwrap();
        premises.store.insert_engagement(&premises.new_engagement(&ada, None, "b")).await.unwrap();
        let again = premises.new_engagement(&ada, Some(rule), "a");
        assert_eq!(premises.store.insert_engagement(&again).await.unwrap(), (badge.clone(), false));
        assert_eq!(premises.store.engagement_by_rule(rule, &[ada.id]).await.unwrap(), [badge]);
    }

    async fn points_of(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        give(premises, rule, &ada, &[1, 2, 3]).await;
        give(premises, rule, &grace, &[4]).await;
        let points = premises.store.points_of(&[ada.id], 2).await.unwrap();
        assert_eq!(points.iter().map(|entry| entry.amount).collect::<Vec<_>>(), [3, 2]);
        assert_eq!((points[0].reason.as_str(), points[0].rule), ("a like", rule));
        assert_eq!(premises.store.points_of(&[ada.id, grace.id], 10).await.unwrap().len(), 4);
    }

    async fn points_total(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        assert_eq!(premises.store.points_total(&[ada.id]).await.unwrap(), 0);
        give(premises, rule, &ada, &[10, -3]).await;
        give(premises, rule, &grace, &[4]).await;
        assert_eq!(premises.store.points_total(&[ada.id]).await.unwrap(), 7);
        assert_eq!(premises.store.points_total(&[ada.id, grace.id]).await.unwrap(), 11);
    }
}
