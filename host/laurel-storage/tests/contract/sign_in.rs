use laurel_core::sign_in::{Pass, SignInStore};

use crate::premises::Premises;

impl Premises {
    async fn pass_for(&self, millis: i64) -> Pass {
        let subject = self.subject(self.organisation().await, &[]).await;
        Pass { subject: subject.id, expires: self.now().plus_millis(millis) }
    }
}

contract! {
    async fn insert_sign_in_link(premises) {
        let (early, late) = (premises.pass_for(5).await, premises.pass_for(50).await);
        premises.store.insert_sign_in_link([1; 32], early, premises.now()).await.unwrap();
        premises.store.redeem_sign_in_link([1; 32], [8; 32], premises.now(), premises.now().plus_millis(5)).await.unwrap();
        premises.store.insert_sign_in_link([2; 32], early, premises.now()).await.unwrap();
        // What has expired by then is swept.
        premises.store.insert_sign_in_link([3; 32], late, premises.now().plus_millis(5)).await.unwrap();
        assert_eq!(premises.store.sign_in_link([2; 32]).await.unwrap(), None);
        assert_eq!(premises.store.session([8; 32]).await.unwrap(), None);
        assert_eq!(premises.store.sign_in_link([3; 32]).await.unwrap(), Some(late));
    }

    async fn sign_in_link(premises) {
        let link = premises.pass_for(5).await;
        assert_eq!(premises.store.sign_in_link([1; 32]).await.unwrap(), None);
        premises.store.insert_sign_in_link([1; 32], link, premises.now()).await.unwrap();
        for _ in 0..2 {
            assert_eq!(premises.store.sign_in_link([1; 32]).await.unwrap(), Some(link));
        }
    }

    async fn redeem_sign_in_link(premises) {
        let link = premises.pass_for(5).await;
        let until = premises.now().plus_millis(100);
        let redeem = |link, session, at: i64| async move {
            premises.store.redeem_sign_in_link([link; 32], [session; 32], premises.now().plus_millis(at), until).await.unwrap()
        };
        premises.store.insert_sign_in_link([1; 32], link, premises.now()).await.unwrap();
        premises.store.insert_sign_in_link([2; 32], link, premises.now()).await.unwrap();
        let (first, second) = tokio::join!(redeem(1, 8, 0), redeem(1, 9, 0));
        let session = Pass { subject: link.subject, expires: until };
        assert_eq!([first, second].into_iter().flatten().collect::<Vec<_>>(), [session], "once");
        assert_eq!(redeem(2, 7, 5).await, None, "expired");
        assert_eq!(redeem(3, 7, 0).await, None, "never made");
        assert_eq!(premises.store.session([7; 32]).await.unwrap(), None);
    }

    async fn session(premises) {
        let link = premises.pass_for(5).await;
        premises.store.insert_sign_in_link([1; 32], link, premises.now()).await.unwrap();
        let until = premises.now().plus_millis(100);
        let begun = premises.store.redeem_sign_in_link([1; 32], [8; 32], premises.now(), until).await.unwrap();
        assert_eq!(premises.store.session([8; 32]).await.unwrap(), begun);
        assert_eq!(premises.store.session([1; 32]).await.unwrap(), None);
    }

    async fn end_session(premises) {
        let link = premises.pass_for(5).await;
        premises.store.insert_sign_in_link([1; 32], link, premises.now()).await.unwrap();
        premises.store.redeem_sign_in_link([1; 32], [8; 32], premises.now(), link.expires).await.unwrap();
        assert!(premises.store.end_session([8; 32]).await.unwrap());
        assert!(!premises.store.end_session([8; 32]).await.unwrap());
        assert_eq!(premises.store.session([8; 32]).await.unwrap(), None);
    }
}
