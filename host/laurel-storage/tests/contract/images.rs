use laurel_core::id::{ImageId, OrganisationId};
use laurel_core::images::{Image, ImageStore, Media};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;
use uuid::Uuid;

fn picture(organisation: OrganisationId, bytes: &[u8], created: Timestamp) -> Image {
    Image { id: ImageId(Uuid::from_u128(7)), organisation, media: Media::Svg, bytes: bytes.to_vec(), created }
}

contract! {
    async fn insert_image(premises) {
        let stray = picture(premises.new_organisation("nobody").id, b"stray", premises.now());
        let missing = premises.store.insert_image(&stray).await;
        assert!(matches!(missing, Err(StoreError::Missing("organisation"))), "{missing:?}");
        let organisation = premises.organisation().await;
        let first = picture(organisation, b"first", premises.now());
        premises.store.insert_image(&first).await.unwrap();
        premises.store.insert_image(&picture(organisation, b"second", premises.now())).await.unwrap();
        assert_eq!(premises.store.image(first.id).await.unwrap().unwrap().bytes, b"first");
    }

    async fn image(premises) {
        let image = picture(premises.organisation().await, b"<svg/>", premises.now());
        assert_eq!(premises.store.image(image.id).await.unwrap(), None);
        premises.store.insert_image(&image).await.unwrap();
        assert_eq!(premises.store.image(image.id).await.unwrap(), Some(image));
    }
}
