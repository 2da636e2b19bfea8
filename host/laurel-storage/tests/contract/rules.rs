use laurel_core::id::Partition;
use laurel_core::page::PageRequest;
use laurel_core::plugins::PluginStore;
use laurel_core::rules::{RuleMode, RuleStore};
use laurel_core::store::StoreError;
use laurel_core::subjects::SubjectReference;

use crate::samples::event;

contract! {
    async fn insert_rule(premises) {
        let organisation = premises.organisation().await;
        let mut stray = premises.new_rule(organisation, RuleMode::Draft).await;
        stray.achievement = premises.new_achievement(organisation).id;
        let missing = premises.store.insert_rule(&stray).await;
        assert!(matches!(missing, Err(StoreError::Missing(_))), "{missing:?}");
        let before = premises.store.active_rules().await.unwrap().generation;
        let rule = premises.new_rule(organisation, RuleMode::Active).await;
        premises.store.insert_rule(&rule).await.unwrap();
        let active = premises.store.active_rules().await.unwrap();
        assert!(active.generation > before);
        assert_eq!(active.rules[0].starts, vec![1; 64]);
    }

    async fn rule(premises) {
        let rule = premises.new_rule(premises.organisation().await, RuleMode::Draft).await;
        assert_eq!(premises.store.rule(rule.id).await.unwrap(), None);
        premises.store.insert_rule(&rule).await.unwrap();
        assert_eq!(premises.store.rule(rule.id).await.unwrap(), Some(rule));
    }

    async fn rules(premises) {
        let organisation = premises.organisation().await;
        let ours = premises.new_rule(organisation, RuleMode::Draft).await;
        let theirs = premises.new_rule(premises.organisation().await, RuleMode::Draft).await;
        premises.store.insert_rule(&ours).await.unwrap();
        premises.store.insert_rule(&theirs).await.unwrap();
        let page = premises.store.rules(organisation, PageRequest::default()).await.unwrap();
        assert_eq!((page.items, page.next), (vec![ours], None));
    }

    async fn set_rule_mode(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.new_rule(organisation, RuleMode::Draft).await;
        assert!(!premises.store.set_rule_mode(rule.id, RuleMode::Active).await.unwrap());
        premises.store.insert_rule(&rule).await.unwrap();
        let subject = premises.subject(organisation, &[]).await;
        let append = |id: &'static str| premises.append(vec![event(organisation, id, SubjectReference::Known(subject.id))]);
        append("before").await;
        let before = premises.store.active_rules().await.unwrap().generation;
        assert!(premises.store.set_rule_mode(rule.id, RuleMode::Active).await.unwrap());
        let active = premises.store.active_rules().await.unwrap();
        assert!(active.generation > before);
        let start = |partition: Partition| if partition == Partition::of(subject.id) { 2 } else { 1 };
        assert_eq!(active.rules[0].starts, Partition::all().map(start).collect::<Vec<_>>());
        // A later activation keeps the starts.
        append("between").await;
        premises.store.set_rule_mode(rule.id, RuleMode::Paused).await.unwrap();
        premises.store.set_rule_mode(rule.id, RuleMode::Active).await.unwrap();
        assert_eq!(premises.store.active_rules().await.unwrap().rules[0].starts, active.rules[0].starts);
    }

    async fn active_rules(premises) {
        let organisation = premises.organisation().await;
        let draft = premises.new_rule(organisation, RuleMode::Draft).await;
        let never = premises.new_rule(organisation, RuleMode::Paused).await;
        let paused = premises.new_rule(organisation, RuleMode::Active).await;
        let active = premises.new_rule(organisation, RuleMode::Active).await;
        for rule in [&draft, &never, &paused, &active] {
            premises.store.insert_rule(rule).await.unwrap();
        }
        premises.store.set_rule_mode(paused.id, RuleMode::Paused).await.unwrap();
        let mut expected = vec![(paused.id, RuleMode::Paused), (active.id, RuleMode::Active)];
        expected.sort_unstable_by_key(|(id, _)| *id);
        let modes = || async {
            let rules = premises.store.active_rules().await.unwrap().rules;
            rules.into_iter().map(|active| (active.rule.id, active.rule.mode)).collect::<Vec<_>>()
        };
        assert_eq!(modes().await, expected);
        // A disabled installation pauses its rules: nothing is lost.
        let mut installation = premises.store.installation(active.installation).await.unwrap().unwrap();
        installation.enabled = false;
        premises.store.update_installation(&installation).await.unwrap();
        assert!(modes().await.iter().all(|(_, mode)| *mode == RuleMode::Paused));
    }
}
