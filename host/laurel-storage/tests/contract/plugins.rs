use laurel_core::events::EventLog;
use laurel_core::page::PageRequest;
use laurel_core::pipeline::Effects;
use laurel_core::plugins::{Grant, PluginStore};
use laurel_core::rules::RuleStore;
use laurel_core::store::StoreError;

contract! {
    async fn insert_plugin(premises) {
        let mut plugin = premises.new_plugin("recipe", "0.1.0");
        premises.store.insert_plugin(&plugin, b"\0asm").await.unwrap();
        plugin.broken = Some("wrong ABI".to_owned());
        premises.store.insert_plugin(&plugin, b"other").await.unwrap();
        let stored = premises.store.plugin(plugin.digest).await.unwrap().unwrap();
        assert_eq!(stored.broken.as_deref(), Some("wrong ABI"));
        assert_eq!(premises.store.component(plugin.digest).await.unwrap().unwrap(), b"\0asm");
    }

    async fn plugin(premises) {
        let plugin = premises.new_plugin("recipe", "0.1.0");
        assert!(premises.store.plugin(plugin.digest).await.unwrap().is_none());
        premises.store.insert_plugin(&plugin, b"\0asm").await.unwrap();
        let stored = premises.store.plugin(plugin.digest).await.unwrap().unwrap();
        assert_eq!((stored.manifest, stored.added), (plugin.manifest, plugin.added));
    }

    async fn plugins(premises) {
        for (name, version) in [("recipe", "0.10.0"), ("recipe", "0.9.0"), ("canvas", "1.0.0")] {
            premises.store.insert_plugin(&premises.new_plugin(name, version), b"\0asm").await.unwrap();
        }
        let plugins = premises.store.plugins().await.unwrap();
        let names: Vec<_> = plugins.iter().map(|p| (p.manifest.name.as_str(), p.manifest.version.as_str())).collect();
        assert_eq!(names, [("canvas", "1.0.0"), ("recipe", "0.9.0"), ("recipe", "0.10.0")]);
    }

    async fn component(premises) {
        let plugin = premises.new_plugin("recipe", "0.1.0");
        assert_eq!(premises.store.component(plugin.digest).await.unwrap(), None);
        premises.store.insert_plugin(&plugin, &[0, 255, 1]).await.unwrap();
        assert_eq!(premises.store.component(plugin.digest).await.unwrap(), Some(vec![0, 255, 1]));
    }

    async fn set_plugin_broken(premises) {
        let plugin = premises.new_plugin("recipe", "0.1.0");
        premises.store.insert_plugin(&plugin, b"\0asm").await.unwrap();
        for why in [Some("too large"), None] {
            premises.store.set_plugin_broken(plugin.digest, why).await.unwrap();
            let stored = premises.store.plugin(plugin.digest).await.unwrap().unwrap();
            assert_eq!(stored.broken.as_deref(), why);
        }
    }

    async fn insert_installation(premises) {
        let mut installation = premises.new_installation(premises.organisation().await).await;
        let plugin = std::mem::replace(&mut installation.plugin, premises.new_plugin("x", "1.0.0").digest);
        let missing = premises.store.insert_installation(&installation).await;
        assert!(matches!(missing, Err(StoreError::Missing("plugin"))), "{missing:?}");
        installation.plugin = plugin;
        premises.store.insert_installation(&installation).await.unwrap();
        assert_eq!(premises.store.installation(installation.id).await.unwrap(), Some(installation));
    }

    async fn update_installation(premises) {
        let mut installation = premises.new_installation(premises.organisation().await).await;
        assert!(!premises.store.update_installation(&installation).await.unwrap());
        premises.store.insert_installation(&installation).await.unwrap();
        let before = premises.store.active_rules().await.unwrap().generation;
        "Renamed".clone_into(&mut installation.name);
        installation.enabled = false;
        installation.grant = Grant { hosts: vec!["example.org".to_owned()], ..Grant::default() };
        assert!(premises.store.update_installation(&installation).await.unwrap());
        assert_eq!(premises.store.installation(installation.id).await.unwrap(), Some(installation));
        assert!(premises.store.active_rules().await.unwrap().generation > before);
    }

    async fn another_plugin_folds_everything_again(premises) {
        let organisation = premises.organisation().await;
        let rule = premises.rule(organisation).await;
        let (ada, grace) = (premises.subject(organisation, &[]).await, premises.subject(organisation, &[]).await);
        let states = vec![premises.state(rule, &ada, 2), premises.state(rule, &grace, 7)];
        premises.store.commit(&[], Effects { states, ..Effects::default() }).await.unwrap();
        let id = premises.store.rule(rule).await.unwrap().unwrap().installation;
        let mut installation = premises.store.installation(id).await.unwrap().unwrap();
        premises.store.update_installation(&installation).await.unwrap();
        assert_eq!(premises.store.resumable(None, 9).await.unwrap(), [], "the same plugin goes on");
        let mended = premises.new_plugin("recipe", "0.2.0");
        premises.store.insert_plugin(&mended, b"\0asm2").await.unwrap();
        installation.plugin = mended.digest;
        premises.store.update_installation(&installation).await.unwrap();
        assert_eq!(premises.store.resumable(None, 9).await.unwrap().len(), 2);
        let blocked = premises.store.states(&[rule], &[ada.id]).await.unwrap()[0].blocked_from;
        assert_eq!(blocked, Some(3), "the first event not folded");
    }

    async fn installation(premises) {
        let installation = premises.new_installation(premises.organisation().await).await;
        assert_eq!(premises.store.installation(installation.id).await.unwrap(), None);
        premises.store.insert_installation(&installation).await.unwrap();
        assert_eq!(premises.store.installation(installation.id).await.unwrap(), Some(installation));
    }

    async fn installations(premises) {
        let organisation = premises.organisation().await;
        let ours = premises.new_installation(organisation).await;
        let theirs = premises.new_installation(premises.organisation().await).await;
        premises.store.insert_installation(&ours).await.unwrap();
        premises.store.insert_installation(&theirs).await.unwrap();
        let page = premises.store.installations(organisation, PageRequest::default()).await.unwrap();
        assert_eq!((page.items, page.next), (vec![ours], None));
    }

    async fn set_secret(premises) {
        let installation = premises.new_installation(premises.organisation().await).await;
        let missing = premises.store.set_secret(installation.id, "key", &[vec![1]]).await;
        assert!(matches!(missing, Err(StoreError::Missing("installation"))), "{missing:?}");
        premises.store.insert_installation(&installation).await.unwrap();
        premises.store.set_secret(installation.id, "key", &[vec![1], vec![2]]).await.unwrap();
        premises.store.set_secret(installation.id, "key", &[vec![3]]).await.unwrap();
        assert_eq!(premises.store.secrets(installation.id).await.unwrap(), [("key".to_owned(), vec![vec![3]])]);
        premises.store.set_secret(installation.id, "key", &[]).await.unwrap();
        assert_eq!(premises.store.secrets(installation.id).await.unwrap(), []);
    }

    async fn secrets(premises) {
        let installation = premises.new_installation(premises.organisation().await).await;
        premises.store.insert_installation(&installation).await.unwrap();
        premises.store.set_secret(installation.id, "b", &[vec![2], vec![1]]).await.unwrap();
        premises.store.set_secret(installation.id, "a", &[vec![0, 255]]).await.unwrap();
        let expected = [("a".to_owned(), vec![vec![0, 255]]), ("b".to_owned(), vec![vec![2], vec![1]])];
        assert_eq!(premises.store.secrets(installation.id).await.unwrap(), expected);
    }
}
