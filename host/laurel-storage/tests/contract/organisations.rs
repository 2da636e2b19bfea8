use laurel_core::credentials::{CredentialStore, Key, KeyState};
use laurel_core::organisations::{Issuer, OrganisationStore, Suite};
use laurel_core::page::PageRequest;
use laurel_core::rules::RuleStore;
use laurel_core::store::StoreError;

contract! {
    async fn insert_organisation(premises) {
        let first = premises.new_organisation("academy");
        premises.store.insert_organisation(&first, None).await.unwrap();
        let second = premises.new_organisation("academy");
        let taken = premises.store.insert_organisation(&second, None).await;
        assert!(matches!(taken, Err(StoreError::Taken("slug"))), "{taken:?}");
        assert_eq!(premises.store.organisation(second.id).await.unwrap(), None);
    }

    async fn an_organisation_comes_with_its_key_or_not_at_all(premises) {
        let first = premises.new_organisation("academy");
        let key = premises.new_key(first.id, KeyState::Active);
        premises.store.insert_organisation(&first, Some(&key)).await.unwrap();
        assert_eq!(premises.store.active_key(first.id).await.unwrap(), Some(key.clone()));
        let second = premises.new_organisation("institute");
        let same_key = Key { organisation: second.id, ..key };
        assert!(premises.store.insert_organisation(&second, Some(&same_key)).await.is_err());
        assert_eq!(premises.store.organisation(second.id).await.unwrap(), None);
    }

    async fn update_organisation(premises) {
        let mut organisation = premises.new_organisation("academy");
        assert!(!premises.store.update_organisation(&organisation).await.unwrap());
        premises.store.insert_organisation(&organisation, None).await.unwrap();
        "Another name".clone_into(&mut organisation.name);
        organisation.url = None;
        organisation.particulars.official = Some("Ada Lovelace".to_owned());
        organisation.issuer = Issuer::DidKey;
        organisation.suite = Suite::EddsaJcs2022;
        let before = premises.store.active_rules().await.unwrap().generation;
        assert!(premises.store.update_organisation(&organisation).await.unwrap());
        assert_eq!(premises.store.organisation(organisation.id).await.unwrap(), Some(organisation));
        assert!(premises.store.active_rules().await.unwrap().generation > before);
    }

    async fn organisation(premises) {
        let organisation = premises.new_organisation("academy");
        assert_eq!(premises.store.organisation(organisation.id).await.unwrap(), None);
        premises.store.insert_organisation(&organisation, None).await.unwrap();
        assert_eq!(premises.store.organisation(organisation.id).await.unwrap(), Some(organisation));
    }

    async fn organisation_by_slug(premises) {
        let organisation = premises.new_organisation("academy");
        premises.store.insert_organisation(&organisation, None).await.unwrap();
        assert_eq!(premises.store.organisation_by_slug("academy").await.unwrap(), Some(organisation));
        assert_eq!(premises.store.organisation_by_slug("ACADEMY").await.unwrap(), None);
    }

    async fn organisations(premises) {
        for slug in ["a", "b", "c"] {
            premises.store.insert_organisation(&premises.new_organisation(slug), None).await.unwrap();
            premises.pass(1).await;
        }
        let page = premises.store.organisations(PageRequest { after: None, limit: 2 }).await.unwrap();
        let slugs: Vec<_> = page.items.iter().map(|organisation| organisation.slug.as_str()).collect();
        assert_eq!(slugs, ["a", "b"]);
        let rest = premises.store.organisations(PageRequest { after: page.next, limit: 2 }).await.unwrap();
        assert_eq!((rest.items.len(), rest.items[0].slug.as_str(), rest.next), (1, "c", None));
    }
}
