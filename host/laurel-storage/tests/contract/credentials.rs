use laurel_core::awards::AwardStore;
use laurel_core::credentials::{Credential, CredentialStore, Key, KeyState};
use laurel_core::id::Partitions;
use laurel_core::store::StoreError;

contract! {
    async fn insert_credentials(premises) {
        let organisation = premises.organisation().await;
        let mut credentials = Vec::new();
        let mut last = None;
        for n in 0..70 {
            let subject = premises.subject(organisation, &[]).await;
            let award = premises.new_award(&subject, None, &n.to_string());
            premises.store.insert_award(&award).await.unwrap();
            credentials.push(Credential { award: award.id, document: vec![0; 3000] });
            last = Some(award.public_id);
        }
        premises.store.insert_credentials(&credentials).await.unwrap();
        assert!(premises.store.award(credentials[69].award).await.unwrap().unwrap().signed);
        assert_eq!(premises.store.unsigned_awards(Partitions::ALL, 100).await.unwrap(), []);
        // What was signed stays exactly as it is.
        let other = Credential { document: b"other".to_vec(), ..credentials[69].clone() };
        premises.store.insert_credentials(&[other]).await.unwrap();
        assert_eq!(premises.store.credential(last.unwrap()).await.unwrap().unwrap(), vec![0; 3000]);
    }

    async fn credential(premises) {
        assert_eq!(premises.store.credential(premises.public_id()).await.unwrap(), None);
        let subject = premises.subject(premises.organisation().await, &[]).await;
        let award = premises.new_award(&subject, None, "k");
        premises.store.insert_award(&award).await.unwrap();
        let document = b"{\"exact\" :  \"bytes\"}\n".to_vec();
        let credential = Credential { award: award.id, document: document.clone() };
        premises.store.insert_credentials(&[credential]).await.unwrap();
        assert_eq!(premises.store.credential(award.public_id).await.unwrap(), Some(document));
    }

    async fn insert_key(premises) {
        let organisation = premises.organisation().await;
        let first = premises.new_key(organisation, KeyState::Active);
        premises.store.insert_key(&first).await.unwrap();
        let second = premises.new_key(organisation, KeyState::Active);
        premises.store.insert_key(&second).await.unwrap();
        assert_eq!(premises.store.key(first.id).await.unwrap().unwrap().state, KeyState::Retiring);
        assert_eq!(premises.store.active_key(organisation).await.unwrap().as_ref(), Some(&second));
        let third = premises.new_key(organisation, KeyState::Active);
        premises.store.insert_key(&third).await.unwrap();
        let expected = [KeyState::Retired, KeyState::Retiring, KeyState::Active];
        for (key, state) in [&first, &second, &third].into_iter().zip(expected) {
            assert_eq!(premises.store.key(key.id).await.unwrap().unwrap().state, state);
        }
        let stray = premises.new_key(premises.new_organisation("nobody").id, KeyState::Active);
        let missing = premises.store.insert_key(&stray).await;
        assert!(matches!(missing, Err(StoreError::Missing("organisation"))), "{missing:?}");
    }

    async fn key(premises) {
        let key = premises.new_key(premises.organisation().await, KeyState::Retired);
        assert_eq!(premises.store.key(key.id).await.unwrap(), None);
        premises.store.insert_key(&key).await.unwrap();
        assert_eq!(premises.store.key(key.id).await.unwrap(), Some(key));
    }

    async fn active_key(premises) {
        let organisation = premises.organisation().await;
        assert_eq!(premises.store.active_key(organisation).await.unwrap(), None);
        premises.store.insert_key(&premises.new_key(organisation, KeyState::Retired)).await.unwrap();
        assert_eq!(premises.store.active_key(organisation).await.unwrap(), None);
        let key = premises.new_key(organisation, KeyState::Active);
        premises.store.insert_key(&key).await.unwrap();
        assert_eq!(premises.store.active_key(organisation).await.unwrap(), Some(key));
    }

    async fn keys(premises) {
        let organisation = premises.organisation().await;
        let first = premises.new_key(organisation, KeyState::Retired);
        premises.pass(1).await;
        let second = premises.new_key(organisation, KeyState::Compromised);
        premises.store.insert_key(&second).await.unwrap();
        premises.store.insert_key(&first).await.unwrap();
        assert_eq!(premises.store.keys(organisation).await.unwrap(), [first, second]);
        assert_eq!(premises.store.keys(premises.organisation().await).await.unwrap(), []);
    }

    async fn compromised_keys(premises) {
        assert_eq!(premises.store.compromised_keys().await.unwrap(), Vec::<String>::new());
        for state in [KeyState::Active, KeyState::Compromised] {
            let key = Key { public: format!("z6Mk{state:?}"), ..premises.new_key(premises.organisation().await, state) };
            premises.store.insert_key(&key).await.unwrap();
        }
        assert_eq!(premises.store.compromised_keys().await.unwrap(), ["z6MkCompromised"]);
    }

    async fn reassign_unsigned(premises) {
        let organisation = premises.organisation().await;
        let subject = premises.subject(organisation, &[]).await;
        let (one, other) = (premises.new_award(&subject, None, "one"), premises.new_award(&subject, None, "other"));
        premises.store.insert_award(&one).await.unwrap();
        premises.store.insert_award(&other).await.unwrap();
        let (from, to) = (one.document.key, premises.new_key(organisation, KeyState::Active).id);
        let of_from = [&one, &other].iter().filter(|award| award.document.key == from).count();
        assert_eq!(premises.store.reassign_unsigned(to, from, "did:web:x#y").await.unwrap(), 0);
        assert_eq!(premises.store.reassign_unsigned(from, to, "did:web:x#y").await.unwrap(), of_from as u64);
        let waiting = premises.store.unsigned_awards(Partitions::ALL, 9).await.unwrap();
        let moved = waiting.into_iter().find(|award| award.id == one.id).unwrap().document;
        assert_eq!((moved.key, moved.verification_method.as_str()), (to, "did:web:x#y"));
        assert_eq!(moved.bytes, one.document.bytes);
    }

    async fn set_key_state(premises) {
        let organisation = premises.organisation().await;
        let (old, new) =
            (premises.new_key(organisation, KeyState::Retired), premises.new_key(organisation, KeyState::Active));
        assert!(!premises.store.set_key_state(old.id, KeyState::Active).await.unwrap());
        premises.store.insert_key(&old).await.unwrap();
        premises.store.insert_key(&new).await.unwrap();
        assert!(premises.store.set_key_state(old.id, KeyState::Active).await.unwrap());
        assert_eq!(premises.store.active_key(organisation).await.unwrap().unwrap().id, old.id);
        assert_eq!(premises.store.key(new.id).await.unwrap().unwrap().state, KeyState::Retiring);
        assert!(premises.store.set_key_state(old.id, KeyState::Compromised).await.unwrap());
        assert_eq!(premises.store.active_key(organisation).await.unwrap(), None);
    }
}
