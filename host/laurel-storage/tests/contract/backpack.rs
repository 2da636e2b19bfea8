use laurel_core::backpack::{BackpackStore, Form, Keeping, KeptCredential};
use laurel_core::id::{KeptId, SubjectId};
use laurel_core::time::Timestamp;

use crate::premises::Premises;

impl Premises {
    async fn somebody(&self) -> SubjectId {
        self.subject(self.organisation().await, &[]).await.id
    }

    fn new_kept(&self, subject: SubjectId, key: u8, issued: i64) -> KeptCredential {
        KeptCredential {
            id: KeptId::new(self.now(), &*self.random),
            subject,
            key: [key; 32],
            form: Form::Json,
            issued: Timestamp(issued),
            kept: self.now(),
            document: b"{\"exact\" :  \"bytes\"}\n".to_vec(),
        }
    }
}

contract! {
    async fn keep_credential(premises) {
        let (winner, loser) = (premises.somebody().await, premises.somebody().await);
        let keep = |credential: KeptCredential, family: Vec<SubjectId>| async move {
            premises.store.keep_credential(&credential, &family, 2).await.unwrap()
        };
        let first = premises.new_kept(loser, 1, 5);
        assert_eq!(keep(first.clone(), vec![loser]).await, Keeping::Added);
        // The same again, by now as the winner: it takes the place of the first.
        let again = KeptCredential { form: Form::Token, document: b"a.b.c".to_vec(), ..premises.new_kept(winner, 1, 6) };
        assert_eq!(keep(again, vec![winner, loser]).await, Keeping::Replaced);
        assert_eq!(premises.store.kept_document(first.id).await.unwrap().unwrap(), b"a.b.c");
        assert_eq!(keep(premises.new_kept(winner, 2, 5), vec![winner, loser]).await, Keeping::Added);
        assert_eq!(keep(premises.new_kept(winner, 3, 5), vec![winner, loser]).await, Keeping::Full);
        assert_eq!(keep(premises.new_kept(winner, 2, 7), vec![winner, loser]).await, Keeping::Replaced);
        let kept = premises.store.kept_credentials(&[winner, loser]).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|entry| (entry.key[0], entry.issued.0, entry.form)).collect();
        assert_eq!(kept, [(1, 6, Form::Token), (2, 7, Form::Json)]);
    }

    async fn kept_credentials(premises) {
        let (ada, grace) = (premises.somebody().await, premises.somebody().await);
        for (subject, key, issued) in [(ada, 1, 9), (ada, 2, 3), (grace, 1, 5)] {
            premises.store.keep_credential(&premises.new_kept(subject, key, issued), &[subject], 9).await.unwrap();
        }
        let of = |subjects: Vec<SubjectId>| async move {
            let entries = premises.store.kept_credentials(&subjects).await.unwrap();
            entries.into_iter().map(|entry| (entry.key[0], entry.issued.0, entry.size)).collect::<Vec<_>>()
        };
        assert_eq!(of(vec![ada]).await, [(2, 3, 21), (1, 9, 21)]);
        assert_eq!(of(vec![ada, grace]).await, [(2, 3, 21), (1, 5, 21), (1, 9, 21)]);
        assert_eq!(of(vec![]).await, []);
    }

    async fn kept_document(premises) {
        let kept = premises.new_kept(premises.somebody().await, 1, 1);
        assert_eq!(premises.store.kept_document(kept.id).await.unwrap(), None);
        premises.store.keep_credential(&kept, &[kept.subject], 9).await.unwrap();
        assert_eq!(premises.store.kept_document(kept.id).await.unwrap(), Some(kept.document));
    }

    async fn earner_profile(premises) {
        let (ada, grace) = (premises.somebody().await, premises.somebody().await);
        assert_eq!(premises.store.earner_profile(&[ada]).await.unwrap(), None);
        premises.store.set_earner_profile(ada, r#"{"name":"Ada"}"#, Timestamp(2)).await.unwrap();
        premises.store.set_earner_profile(grace, r#"{"name":"Grace"}"#, Timestamp(1)).await.unwrap();
        assert_eq!(premises.store.earner_profile(&[grace, ada]).await.unwrap().unwrap(), r#"{"name":"Ada"}"#);
        assert_eq!(premises.store.earner_profile(&[]).await.unwrap(), None);
    }

    async fn set_earner_profile(premises) {
        let ada = premises.somebody().await;
        for (profile, at) in [("{}", 1), (r#"{"name":"Ada"}"#, 2)] {
            premises.store.set_earner_profile(ada, profile, Timestamp(at)).await.unwrap();
            assert_eq!(premises.store.earner_profile(&[ada]).await.unwrap().as_deref(), Some(profile));
        }
    }
}
