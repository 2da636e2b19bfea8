use laurel_core::achievements::AchievementStore;
use laurel_core::page::PageRequest;
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
        assert!(!premises.store.archive_achievement(achievement.id, Timestamp(5)).await.unwrap());
        premises.store.insert_achievement(&achievement).await.unwrap();
        assert!(premises.store.archive_achievement(achievement.id, Timestamp(5)).await.unwrap());
        assert!(premises.store.archive_achievement(achievement.id, Timestamp(6)).await.unwrap());
        let stored = premises.store.achievement(achievement.id).await.unwrap().unwrap();
        assert_eq!(stored.archived, Some(Timestamp(5)));
    }
}
