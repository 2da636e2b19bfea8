use laurel_core::credentials::CredentialStore;
use laurel_core::id::{IssuedId, OrganisationId};
use laurel_core::issued::{Issued, IssuedKind, IssuedStore};
use laurel_core::page::PageRequest;
use laurel_core::store::StoreError;

use crate::premises::Premises;

fn endorsement(premises: &Premises, organisation: OrganisationId, about: &str) -> Issued {
    Issued {
        id: premises.id(IssuedId::new),
        public_id: premises.public_id(),
        organisation,
        kind: IssuedKind::Endorsement,
        about: about.to_owned(),
        name: "Endorsement by the academy".to_owned(),
        valid_until: Some(premises.now().plus_millis(1000)),
        created: premises.now(),
    }
}

contract! {
    async fn insert_issued(premises) {
        let issued = endorsement(premises, premises.organisation().await, "urn:x:1");
        let document = b"{\"exact\" :  \"bytes\"}\n".to_vec();
        premises.store.insert_issued(&issued, &document).await.unwrap();
        assert_eq!(premises.store.credential(issued.public_id).await.unwrap(), Some(document));
        let again = premises.store.insert_issued(&issued, b"other").await;
        assert!(matches!(again, Err(StoreError::Taken("credential"))), "{again:?}");
        let stray = endorsement(premises, premises.new_organisation("nobody").id, "urn:x:1");
        let missing = premises.store.insert_issued(&stray, b"{}").await;
        assert!(matches!(missing, Err(StoreError::Missing("organisation"))), "{missing:?}");
    }

    async fn issued(premises) {
        let mut issued = endorsement(premises, premises.organisation().await, "urn:x:1");
        issued.kind = IssuedKind::Record;
        issued.valid_until = None;
        assert_eq!(premises.store.issued(issued.id).await.unwrap(), None);
        premises.store.insert_issued(&issued, b"{}").await.unwrap();
        assert_eq!(premises.store.issued(issued.id).await.unwrap(), Some(issued));
    }

    async fn issued_by_public_id(premises) {
        let issued = endorsement(premises, premises.organisation().await, "urn:x:1");
        assert_eq!(premises.store.issued_by_public_id(issued.public_id).await.unwrap(), None);
        premises.store.insert_issued(&issued, b"{}").await.unwrap();
        assert_eq!(premises.store.issued_by_public_id(issued.public_id).await.unwrap(), Some(issued));
    }

    async fn issued_by(premises) {
        let (organisation, other) = (premises.organisation().await, premises.organisation().await);
        let mut all = Vec::new();
        for n in 0..3 {
            let issued = endorsement(premises, organisation, &format!("urn:x:{n}"));
            premises.store.insert_issued(&issued, b"{}").await.unwrap();
            all.push(issued);
            premises.pass(1).await;
        }
        premises.store.insert_issued(&endorsement(premises, other, "urn:x:0"), b"{}").await.unwrap();
        let record = Issued { kind: IssuedKind::Record, ..endorsement(premises, organisation, "urn:x:0") };
        premises.store.insert_issued(&record, b"{}").await.unwrap();
        let (kind, limit) = (IssuedKind::Endorsement, 2);
        let page = premises.store.issued_by(organisation, kind, PageRequest { after: None, limit }).await.unwrap();
        assert_eq!(page.items, all[..2]);
        let rest = premises.store.issued_by(organisation, kind, PageRequest { after: page.next, limit }).await.unwrap();
        assert_eq!((rest.items.as_slice(), rest.next), (&all[2..], None));
    }
}
