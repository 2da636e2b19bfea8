//! Baked images: a credential inside the picture that shows it (Open Badges 3.0, section 5.3; 2.0, "Baking").
//!
//! Only the container is touched; the pixels or shapes are never decoded.

mod png;
mod svg;
mod tags;

use std::borrow::Cow;

use crate::Limits;

/// A credential found in an image (Open Badges 3.0, section 5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baked {
    /// The credential: JSON, or a compact JWS.
    pub text: String,
    /// The version of Open Badges whose way of baking was found.
    pub version: BakedVersion,
}

/// The ways of baking (Open Badges 3.0, section 5.3; 2.0, "Baking").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BakedVersion {
    /// `openbadges` in a PNG, `<openbadges:assertion>` in an SVG.
    V2,
    /// `openbadgecredential` in a PNG, `<openbadges:credential>` in an SVG.
    V3,
}

/// Why an image cannot be baked or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BakingError {
    /// Neither PNG nor SVG.
    #[error("the file is neither a PNG nor an SVG image")]
    UnknownFormat,
    /// A PNG whose chunks are broken.
    #[error("the PNG is damaged: {0}")]
    Png(&'static str),
    /// An SVG whose markup is broken or not acceptable.
    #[error("the SVG is not acceptable: {0}")]
    Svg(&'static str),
    /// The credential in it is larger than [`Limits::bytes`].
    #[error("the credential in the image is larger than {0} bytes")]
    TooLarge(usize),
    /// A sound image, and no badge in it.
    #[error("there is no badge inside this image; ask for the file as it was downloaded, or for its address")]
    NoBadge,
}

/// Whether a file is a PNG or an SVG image, by how it begins: what [`unbake`] is for, rather than a document or a token.
///
/// ```
/// use laurel_openbadges::baking::is_image;
/// assert!(is_image(b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>") && is_image(b"\x89PNG\r\n\x1a\n"));
/// assert!(!is_image(b"<script>") && !is_image(b"{\"a\":\"<svg\"}"));
/// ```
pub fn is_image(file: &[u8]) -> bool {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii_start();
    let beginning = &text[..text.len().min(4096)];
    // A PNG that was cut off is a damaged image, not a strange document.
    file.starts_with(b"\x89PNG") || (text.starts_with(b"<") && beginning.windows(4).any(|tag| tag == b"<svg"))
}

/// Puts a credential (JSON or compact JWS) into a PNG or SVG image, in the way of Open Badges 3.0, section 5.3. One that is already
/// in it is replaced.
///
/// # Errors
/// If the file is no such image, or is damaged.
pub fn bake(image: &[u8], credential: &str) -> Result<Vec<u8>, BakingError> {
    bake_as(BakedVersion::V3, image, credential)
}

/// The same in the way of either version; what is baked as 2.0 is an assertion, its URL, or a compact JWS.
///
/// # Errors
/// If the file is no such image, or is damaged.
pub fn bake_as(version: BakedVersion, image: &[u8], badge: &str) -> Result<Vec<u8>, BakingError> {
    if png::is_png(image) {
        return png::bake(version, image, badge);
    }
    let text = svg::text(image)?;
    svg::bake(version, text, badge).map(String::into_bytes)
}

/// The credential in a PNG or SVG image, of Open Badges 3.0 or 2.0, if there is one (Open Badges 3.0, section 5.3; 2.0, "Baking").
///
/// # Errors
/// If the file is no such image, is damaged, or the credential exceeds [`Limits::bytes`].
pub fn unbake(image: &[u8], limits: &Limits) -> Result<Option<Baked>, BakingError> {
    if png::is_png(image) { png::read(image, limits) } else { svg::read(svg::text(image)?, limits) }
}

/// The badge in whatever somebody presents: what is inside, if it is an image, and otherwise the document or token itself; either way
/// without white space around it.
///
/// ```
/// use laurel_openbadges::{Limits, baking::{bake, unwrapped}};
/// let image = bake(b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "{}")?;
/// assert_eq!(unwrapped(&image, &Limits::default())?, unwrapped(b" {}\n", &Limits::default())?);
/// # Ok::<(), laurel_openbadges::baking::BakingError>(())
/// ```
///
/// # Errors
/// As [`unbake`], and if the image holds no badge.
pub fn unwrapped<'p>(presented: &'p [u8], limits: &Limits) -> Result<Cow<'p, [u8]>, BakingError> {
    if !is_image(presented) {
        return Ok(Cow::Borrowed(presented.trim_ascii()));
    }
    let baked = unbake(presented, limits)?.ok_or(BakingError::NoBadge)?;
    Ok(Cow::Owned(baked.text.trim().as_bytes().to_vec()))
}
