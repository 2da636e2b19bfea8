use laurel_core::clients::{Client, ClientScope, ClientStore, ClientToken, Connection, Metadata, NewToken, TokenKind};
use laurel_core::id::{ConnectionId, PublicId, SubjectId};
use laurel_core::store::StoreError;

use crate::premises::Premises;

impl Premises {
    fn new_client(&self) -> Client {
        let metadata = Metadata {
            client_name: "Wallet".to_owned(),
            redirect_uris: vec!["https://wallet.example/cb".to_owned()],
            scope: ClientScope::write_list(&ClientScope::ALL),
            ..Metadata::default()
        };
        Client { id: self.public_id(), digest: [5; 32], metadata, created: self.now() }
    }

    async fn registered(&self) -> Client {
        let client = self.new_client();
        self.store.insert_client(&client).await.unwrap();
        client
    }

    fn new_connection(&self, client: PublicId, subject: SubjectId, code: u8) -> Connection {
        Connection {
            id: ConnectionId::new(self.now(), &*self.random),
            client,
            subject,
            scopes: vec![ClientScope::CredentialReadonly, ClientScope::OfflineAccess],
            code: [code; 32],
            code_expires: self.now().plus_millis(100),
            redirect_uri: "https://wallet.example/cb".to_owned(),
            challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(),
            created: self.now(),
            redeemed: None,
            revoked: None,
        }
    }

    /// A connection of somebody new.
    async fn connected(&self, code: u8) -> Connection {
        let subject = self.subject(self.organisation().await, &[]).await;
        let connection = self.new_connection(self.registered().await.id, subject.id, code);
        self.store.insert_connection(&connection).await.unwrap();
        connection
    }

    fn new_token(&self, connection: &Connection, kind: TokenKind, digest: u8, life: i64) -> NewToken {
        let token = ClientToken {
            connection: connection.id,
            kind,
            scopes: vec![ClientScope::CredentialReadonly],
            expires: self.now().plus_millis(life),
            spent: None,
        };
        ([digest; 32], token)
    }
}

contract! {
    async fn insert_client(premises) {
        let client = premises.registered().await;
        let taken = premises.store.insert_client(&client).await;
        assert!(matches!(taken, Err(StoreError::Taken("client"))), "{taken:?}");
    }

    async fn client(premises) {
        let client = premises.new_client();
        assert_eq!(premises.store.client(client.id).await.unwrap(), None);
        premises.store.insert_client(&client).await.unwrap();
        assert_eq!(premises.store.client(client.id).await.unwrap(), Some(client));
    }

    async fn insert_connection(premises) {
        let connection = premises.connected(1).await;
        let again = Connection { id: ConnectionId(premises.public_id().0), ..connection.clone() };
        let taken = premises.store.insert_connection(&again).await;
        assert!(matches!(taken, Err(StoreError::Taken("code"))), "{taken:?}");
        let stray = premises.new_connection(premises.public_id(), connection.subject, 2);
        let missing = premises.store.insert_connection(&stray).await;
        assert!(matches!(missing, Err(StoreError::Missing("client"))), "{missing:?}");
    }

    async fn connection(premises) {
        let connection = premises.connected(1).await;
        assert_eq!(premises.store.connection(connection.id).await.unwrap(), Some(connection));
        assert_eq!(premises.store.connection(ConnectionId(premises.public_id().0)).await.unwrap(), None);
    }

    async fn connection_by_code(premises) {
        let connection = premises.connected(1).await;
        assert_eq!(premises.store.connection_by_code([1; 32]).await.unwrap(), Some(connection));
        assert_eq!(premises.store.connection_by_code([2; 32]).await.unwrap(), None);
    }

    async fn connections_of(premises) {
        let (idle, live) = (premises.connected(1).await, premises.connected(2).await);
        let token = premises.new_token(&live, TokenKind::Access, 9, 50);
        premises.store.redeem_code(live.id, &[token], premises.now()).await.unwrap();
        let of = |subjects: Vec<SubjectId>, at: i64| async move {
            let found = premises.store.connections_of(&subjects, premises.now().plus_millis(at)).await.unwrap();
            found.into_iter().map(|(connection, client)| (connection.id, client.id)).collect::<Vec<_>>()
        };
        assert_eq!(of(vec![idle.subject, live.subject], 0).await, [(live.id, live.client)]);
        assert_eq!(of(vec![idle.subject], 0).await, []);
        assert_eq!(of(vec![], 0).await, []);
        assert_eq!(of(vec![live.subject], 50).await, [], "expired");
        premises.store.revoke_connection(live.id, premises.now()).await.unwrap();
        assert_eq!(of(vec![live.subject], 0).await, []);
    }

    async fn revoke_connection(premises) {
        let connection = premises.connected(1).await;
        assert!(premises.store.revoke_connection(connection.id, premises.now()).await.unwrap());
        assert!(!premises.store.revoke_connection(connection.id, premises.now().plus_millis(1)).await.unwrap());
        let stored = premises.store.connection(connection.id).await.unwrap().unwrap();
        assert_eq!(stored.revoked, Some(premises.now()));
        assert!(!premises.store.redeem_code(connection.id, &[], premises.now()).await.unwrap(), "its code has ended too");
    }

    async fn revoke_connections(premises) {
        let first = premises.connected(1).await;
        let again = premises.new_connection(first.client, first.subject, 2);
        premises.store.insert_connection(&again).await.unwrap();
        let other = premises.connected(3).await;
        let family = [first.subject, other.subject];
        assert_eq!(premises.store.revoke_connections(&family, first.client, premises.now()).await.unwrap(), 2);
        assert_eq!(premises.store.revoke_connections(&family, first.client, premises.now()).await.unwrap(), 0);
        assert_eq!(premises.store.connection(other.id).await.unwrap().unwrap().revoked, None);
    }

    async fn redeem_code(premises) {
        let connection = premises.connected(1).await;
        let redeem = |digest| async move {
            let connection = premises.store.connection_by_code([1; 32]).await.unwrap().unwrap();
            let token = premises.new_token(&connection, TokenKind::Access, digest, 50);
            premises.store.redeem_code(connection.id, &[token], premises.now()).await.unwrap()
        };
        let (first, second) = tokio::join!(redeem(8), redeem(9));
        assert!(first != second, "once");
        let stored = [premises.store.client_token([8; 32]).await.unwrap(), premises.store.client_token([9; 32]).await.unwrap()];
        assert_eq!(stored.map(|token| token.is_some()), [first, second]);
        let stored = premises.store.connection(connection.id).await.unwrap().unwrap();
        assert_eq!(stored.redeemed, Some(premises.now()));
    }

    async fn what_has_expired_is_swept(premises) {
        let old = premises.connected(1).await;
        let late = premises.now().plus_millis(1000);
        let new = Connection { code_expires: late, ..premises.new_connection(old.client, old.subject, 2) };
        premises.store.insert_connection(&new).await.unwrap();
        let token = premises.new_token(&old, TokenKind::Access, 9, 50);
        premises.store.redeem_code(old.id, &[token], premises.now()).await.unwrap();
        // A digest that begins with a zero sweeps.
        let later = premises.now().plus_millis(200);
        let token = premises.new_token(&new, TokenKind::Access, 0, 500);
        premises.store.redeem_code(new.id, &[token], later).await.unwrap();
        assert_eq!(premises.store.client_token([9; 32]).await.unwrap(), None);
        assert_eq!(premises.store.connection(old.id).await.unwrap(), None);
        assert!(premises.store.connection(new.id).await.unwrap().is_some_and(|stored| stored.redeemed == Some(later)));
    }

    async fn rotate_token(premises) {
        let connection = premises.connected(1).await;
        let first = premises.new_token(&connection, TokenKind::Refresh, 8, 50);
        premises.store.redeem_code(connection.id, &[first], premises.now()).await.unwrap();
        let rotate = |digest| async move {
            let connection = premises.store.connection_by_code([1; 32]).await.unwrap().unwrap();
            let token = premises.new_token(&connection, TokenKind::Refresh, digest, 50);
            premises.store.rotate_token([8; 32], &[token], premises.now()).await.unwrap()
        };
        let (first, second) = tokio::join!(rotate(9), rotate(10));
        assert!(first != second, "once");
        assert_eq!(premises.store.client_token([9; 32]).await.unwrap().is_some(), first);
        assert_eq!(premises.store.client_token([8; 32]).await.unwrap().unwrap().spent, Some(premises.now()));
    }

    async fn client_token(premises) {
        let connection = premises.connected(1).await;
        let (digest, token) = premises.new_token(&connection, TokenKind::Refresh, 9, 50);
        assert_eq!(premises.store.client_token(digest).await.unwrap(), None);
        premises.store.redeem_code(connection.id, &[(digest, token.clone())], premises.now()).await.unwrap();
        assert_eq!(premises.store.client_token(digest).await.unwrap(), Some(token));
    }

    async fn delete_client_token(premises) {
        let connection = premises.connected(1).await;
        let (digest, token) = premises.new_token(&connection, TokenKind::Access, 9, 50);
        premises.store.redeem_code(connection.id, &[(digest, token)], premises.now()).await.unwrap();
        assert!(premises.store.delete_client_token(digest).await.unwrap());
        assert!(!premises.store.delete_client_token(digest).await.unwrap());
        assert_eq!(premises.store.client_token(digest).await.unwrap(), None);
    }
}
