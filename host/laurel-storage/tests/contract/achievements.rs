use laurel_core::achievements::{AchievementStore, Archiving};
use laurel_core::page::PageRequest;
use laurel_core::rules::{RuleMode, RuleStore};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

contract! {
    async fn insert_achievement(premises) {
        let stray = premises.new_achievement(premises.new_organisation("nobody").id);
        let missing = premises.store.insert_achievement(&stray).await;
        assert!(matches!(missing, Err(StoreError::Missing("organisation"))), "{missing:?}");
        let achievement = premises.new_achievement(premises.organisation().await);
        premises.store.insert_achievement(&achievement).await.unwrap();
        assert_eq!(premises.store.achievement(achievement.id).await.unwrap(), Some(achievement));
    }

    async fn achievement(premises) {
        let mut achievement = premises.new_achievement(premises.organisation().await);
        assert_eq!(premises.store.achievement(achievement.id).await.unwrap(), None);
        premises.store.insert_achievement(&achievement).await.unwrap();
        achievement.version = premises.version(2);
        premises.store.insert_version(achievement.id, &achievement.version).await.unwrap();
        assert_eq!(premises.store.achievement(achievement.id).await.unwrap(), Some(achievement));
    }

    async fn achievements(premises) {
        let organisation = premises.organisation().await;
        let mut first = premises.new_achievement(organisation);
        premises.pass(1).await;
        let second = premises.new_achievement(organisation);
        let foreign = premises.new_achievement(premises.organisation().await);
        for achievement in [&second, &first, &foreign] {
            premises.store.insert_achievement(achievement).await.unwrap();
        }
        first.version = premises.version(2);
        premises.store.insert_version(first.id, &first.version).await.unwrap();
        let page = PageRequest { after: None, limit: 1 };
        let page = premises.store.achievements(organisation, page).await.unwrap();
        assert_eq!(page.items, [first]);
        let page = PageRequest { after: page.next, limit: 1 };
        let page = premises.store.achievements(organisation, page).await.unwrap();
        assert_eq!((page.items, page.next), (vec![second], None));
    }

    async fn insert_version(premises) {
        let achievement = premises.new_achievement(premises.organisation().await);
        let missing = premises.store.insert_version(achievement.id, &achievement.version).await;
        assert!(matches!(missing, Err(StoreError::Missing("achievement"))), "{missing:?}");
        premises.store.insert_achievement(&achievement).await.unwrap();
        let taken = premises.store.insert_version(achievement.id, &premises.version(1)).await;
        assert!(matches!(taken, Err(StoreError::Taken("version"))), "{taken:?}");
    }

    async fn versions(premises) {
        let achievement = premises.new_achievement(premises.organisation().await);
        premises.store.insert_achievement(&achievement).await.unwrap();
        let second = premises.version(2);
        premises.store.insert_version(achievement.id, &second).await.unwrap();
        assert_eq!(premises.store.versions(achievement.id).await.unwrap(), [achievement.version, second]);
    }

    async fn achievement_at(premises) {
        let achievement = premises.new_achievement(premises.organisation().await);
        premises.store.insert_achievement(&achievement).await.unwrap();
        premises.store.insert_version(achievement.id, &premises.version(2)).await.unwrap();
        let then = premises.store.achievement_at(achievement.version.id).await.unwrap();
        assert_eq!(then, Some(achievement));
        assert_eq!(premises.store.achievement_at(premises.version(1).id).await.unwrap(), None);
    }

    async fn archive_achievement(premises) {
        let achievement = premises.new_achievement(premises.organisation().await);
        let archive = |id, at| async move { premises.store.archive_achievement(id, Timestamp(at)).await.unwrap() };
        assert_eq!(archive(achievement.id, 5).await, Archiving::Missing);
        premises.store.insert_achievement(&achievement).await.unwrap();
        assert_eq!(archive(achievement.id, 5).await, Archiving::Done);
        assert_eq!(archive(achievement.id, 6).await, Archiving::Done);
        let stored = premises.store.achievement(achievement.id).await.unwrap().unwrap();
        assert_eq!(stored.archived, Some(Timestamp(5)));
    }

    async fn what_active_rules_award_is_not_archived(premises) {
        let rule = premises.new_rule(premises.organisation().await, RuleMode::Active).await;
        premises.store.insert_rule(&rule).await.unwrap();
        let archive = || premises.store.archive_achievement(rule.achievement, Timestamp(5));
        assert_eq!(archive().await.unwrap(), Archiving::AwardedBy(vec![rule.id]));
        assert_eq!(premises.store.achievement(rule.achievement).await.unwrap().unwrap().archived, None);
        premises.store.set_rule_mode(rule.id, RuleMode::Paused).await.unwrap();
        assert_eq!(archive().await.unwrap(), Archiving::Done);
        // Nor does a rule become active that awards what is archived.
        let mut new = premises.new_rule(rule.organisation, RuleMode::Active).await;
        new.achievement = rule.achievement;
        let refused = [premises.store.insert_rule(&new).await, premises.store.set_rule_mode(rule.id, RuleMode::Active).await.map(drop)];
        for refused in refused {
            assert!(matches!(refused, Err(StoreError::Missing("offered achievement"))), "{refused:?}");
        }
        assert_eq!(premises.store.rule(rule.id).await.unwrap().unwrap().mode, RuleMode::Paused);
        assert_eq!(premises.store.rule(new.id).await.unwrap(), None);
    }
}
