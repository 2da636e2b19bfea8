use async_trait::async_trait;

use super::Image;
use crate::id::ImageId;
use crate::store::StoreError;

/// Pictures, stored.
#[async_trait]
pub trait ImageStore: Send + Sync {
    /// Adds a picture; `Missing` without its organisation. One that is there already stays as it is.
    async fn insert_image(&self, image: &Image) -> Result<(), StoreError>;
    /// By id.
    async fn image(&self, id: ImageId) -> Result<Option<Image>, StoreError>;
}
