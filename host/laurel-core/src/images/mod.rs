//! Pictures that organisations bring for their achievements. What is stored was re-encoded at the door; nothing is served as it came.

mod store;

pub use store::ImageStore;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::Error;
use crate::house::House;
use crate::id::{ImageId, OrganisationId};
use crate::time::Timestamp;

/// A picture of one organisation, for ever the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its id: a digest of its organisation and content.
    pub id: ImageId,
    /// Whose.
    pub organisation: OrganisationId,
    /// What kind of file it is.
    pub media: Media,
    /// The file.
    pub bytes: Vec<u8>,
    /// When it was first brought.
    pub created: Timestamp,
}

/// The kinds of files that pictures are kept as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// Pixels.
    Png,
    /// A drawing: shapes alone, nothing that runs or reaches out.
    Svg,
}

impl Media {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }
}

/// Keeps a picture that was re-encoded. The same one again is the same.
pub async fn add(house: &House, organisation: OrganisationId, media: Media, bytes: Vec<u8>) -> Result<Image, Error> {
    let id = id(organisation, &bytes);
    let image = Image { id, organisation, media, bytes, created: house.clock.now() };
    house.store.insert_image(&image).await?;
    Ok(image)
}

/// A picture by its id: anybody may see it who sees an achievement that names it.
pub async fn find(house: &House, id: ImageId) -> Result<Image, Error> {
    house.store.image(id).await?.ok_or(Error::NotFound("image"))
}

/// Whether a picture that a text of the organisation names is there, and is its own.
pub(crate) async fn check(house: &House, organisation: OrganisationId, image: Option<ImageId>) -> Result<(), Error> {
    let Some(id) = image else { return Ok(()) };
    match house.store.image(id).await? {
        Some(image) if image.organisation == organisation => Ok(()),
        _ => Err(Error::invalid("/image", "the organisation has no image with this id: upload it first")),
    }
}

/// Two organisations that bring the same picture have one each.
fn id(organisation: OrganisationId, bytes: &[u8]) -> ImageId {
    let digest = Sha256::new().chain_update(organisation.0.as_bytes()).chain_update(bytes).finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    ImageId(Uuid::from_bytes(half))
}
