//! Pictures that are brought: read within limits, and written anew. What comes out holds pixels or shapes and nothing else: no scripts, no
//! links, no metadata, no second file behind the first.

mod costs;
mod drawing;
mod pixels;

use laurel_core::images::Media;
use laurel_openbadges::baking::is_image;
use tokio::sync::Semaphore;

use crate::problem::{MEDIA_TYPE, Problem};
use laurel_core::{Error, error};

/// Bytes that may be brought.
pub(crate) const MAX_UPLOAD: usize = 2 * 1024 * 1024;
/// The longer side of a picture that is kept, in pixels; larger ones are made smaller.
const SIDE: u32 = 1024;
/// Pictures re-encoded at once: each may take some ten milliseconds and tens of megabytes.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Why a picture is not taken. The text says what to change.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTaken {
    /// Neither of the kinds.
    #[error("send a PNG, JPEG, GIF or WebP picture, or an SVG drawing")]
    UnknownKind,
    /// Damaged, or larger than is read.
    #[error("the picture cannot be read: {0}")]
    Unreadable(String),
    /// A drawing with more than shapes.
    #[error("the drawing {0}")]
    NotPlain(&'static str),
}

/// The picture, written anew, off the threads that serve.
pub(crate) async fn re_encode(bytes: Vec<u8>) -> Result<(Media, Vec<u8>), Problem> {
    let turn = TURNS.acquire().await;
    let worked = tokio::task::spawn_blocking(move || re_encode_now(&bytes));
    let worked = worked.await.map_err(|_| Problem::from(Error::Internal("re-encoding a picture broke off".into())))?;
    drop(turn);
    worked.map_err(|why| match why {
        NotTaken::UnknownKind => Problem::new(&MEDIA_TYPE, why.to_string()),
        other => Problem::invalid(vec![error::Problem::at("", other.to_string())]),
    })
}

/// The picture, written anew.
pub(crate) fn re_encode_now(bytes: &[u8]) -> Result<(Media, Vec<u8>), NotTaken> {
    // Of the two kinds of images that hold badges, the one that is no PNG.
    if is_image(bytes) && !bytes.starts_with(b"\x89PNG") {
        return drawing::re_encode(bytes).map(|drawing| (Media::Svg, drawing));
    }
    pixels::re_encode(bytes).map(|pixels| (Media::Png, pixels))
}
