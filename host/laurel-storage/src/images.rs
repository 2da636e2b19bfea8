//! Pictures of achievements.

use async_trait::async_trait;

use laurel_core::id::{ImageId, OrganisationId};
use laurel_core::images::{Image, ImageStore};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;
use uuid::Uuid;

use crate::Database;
use crate::engine::{Conn, Fault, Named, one, run};
use crate::stored::{from_word, word};

async fn insert(conn: &mut Conn<'_>, image: &Image) -> Result<(), Fault> {
    let sql = "INSERT INTO image (id, organisation, media, document, created) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (id) DO NOTHING";
    let (id, organisation) = (image.id.0, image.organisation.0);
    run!(conn, sql, id, organisation, word(&image.media), image.bytes.as_slice(), image.created.0)
        .missing("organisation")?;
    Ok(())
}

#[async_trait]
impl ImageStore for Database {
    async fn insert_image(&self, image: &Image) -> Result<(), StoreError> {
        Ok(self.write(image.clone(), |image, conn| Box::pin(insert(conn, image))).await?)
    }

    async fn image(&self, id: ImageId) -> Result<Option<Image>, StoreError> {
        let sql = "SELECT organisation, media, document, created FROM image WHERE id = $1";
        let row = one!(&mut self.reader().await?.conn(), (Uuid, String, Vec<u8>, i64), sql, id.0)?;
        let Some((organisation, media, bytes, created)) = row else { return Ok(None) };
        let organisation = OrganisationId(organisation);
        let media = from_word("image", media)?;
        Ok(Some(Image { id, organisation, media, bytes, created: Timestamp(created) }))
    }
}
