use laurel_core::id::{OrganisationId, TokenId};
use laurel_core::page::PageRequest;
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;
use laurel_core::tokens::{Assertions, Scope, Token, TokenStore};

use crate::premises::Premises;

fn token(premises: &Premises, organisation: Option<OrganisationId>) -> Token {
    Token {
        id: TokenId::new(premises.now(), &*premises.random),
        organisation,
        name: "for a test".to_owned(),
        scopes: vec![Scope::Events, Scope::Read],
        assertions: Some(Assertions {
            source: "https://learn.example.org".to_owned(),
            namespaces: vec!["*".to_owned()],
            personal_identifiers: true,
            kinds: vec!["course.*".to_owned()],
        }),
        created: premises.now(),
        revoked: None,
    }
}

contract! {
    async fn insert_token(premises) {
        let stray = token(premises, Some(OrganisationId(laurel_core::id::PublicId::new(&*premises.random).0)));
        let missing = premises.store.insert_token(&stray, [1; 32]).await;
        assert!(matches!(missing, Err(StoreError::Missing("organisation"))), "{missing:?}");
        premises.store.insert_token(&token(premises, None), [1; 32]).await.unwrap();
        let taken = premises.store.insert_token(&token(premises, None), [1; 32]).await;
        assert!(matches!(taken, Err(StoreError::Taken("token"))), "{taken:?}");
    }

    async fn token_by_digest(premises) {
        let token = token(premises, None);
        premises.store.insert_token(&token, [1; 32]).await.unwrap();
        assert_eq!(premises.store.token_by_digest([1; 32]).await.unwrap(), Some(token));
        assert_eq!(premises.store.token_by_digest([2; 32]).await.unwrap(), None);
    }

    async fn token(premises) {
        let token = super::token(premises, Some(premises.organisation().await));
        assert_eq!(premises.store.token(token.id).await.unwrap(), None);
        premises.store.insert_token(&token, [1; 32]).await.unwrap();
        assert_eq!(premises.store.token(token.id).await.unwrap(), Some(token));
    }

    async fn tokens(premises) {
        let organisation = premises.organisation().await;
        let (ours, platform) = (token(premises, Some(organisation)), token(premises, None));
        premises.store.insert_token(&ours, [1; 32]).await.unwrap();
        premises.store.insert_token(&platform, [2; 32]).await.unwrap();
        assert_eq!(premises.store.tokens(Some(organisation), PageRequest::default()).await.unwrap().items, [ours]);
        assert_eq!(premises.store.tokens(None, PageRequest::default()).await.unwrap().items, [platform]);
    }

    async fn revoke_token(premises) {
        let token = token(premises, None);
        assert!(!premises.store.revoke_token(token.id, Timestamp(5)).await.unwrap());
        premises.store.insert_token(&token, [1; 32]).await.unwrap();
        assert!(premises.store.revoke_token(token.id, Timestamp(5)).await.unwrap());
        assert!(!premises.store.revoke_token(token.id, Timestamp(6)).await.unwrap());
        let stored = premises.store.token(token.id).await.unwrap().unwrap();
        assert_eq!(stored.revoked, Some(Timestamp(5)));
    }

    async fn has_tokens(premises) {
        assert!(!premises.store.has_tokens().await.unwrap());
        premises.store.insert_token(&token(premises, None), [1; 32]).await.unwrap();
        assert!(premises.store.has_tokens().await.unwrap());
    }
}
