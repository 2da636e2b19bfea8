//! Whatever somebody presents as a badge: a document, a token, or an image with one of them inside.

use laurel_openbadges::Limits;
use laurel_openbadges::baking::{BakingError, unwrapped};

use crate::error::Error;

/// A presented document has at most so many bytes; so has everything fetched for it.
pub const MAX_DOCUMENT: usize = 1024 * 1024;

/// An image with a badge inside has at most so many bytes.
pub const MAX_IMAGE: usize = 4 * 1024 * 1024;

/// Why there was nothing to verify. The text says what to change.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Nothing was presented.
    #[error("there is nothing to check: give a web address, paste a document or choose a file")]
    Empty,
    /// Too long.
    #[error("the document has {0} bytes; at most {MAX_DOCUMENT} are taken")]
    TooLarge(usize),
    /// Not an address that can be asked.
    #[error("this is not an https address: {0}")]
    NotAnAddress(String),
    /// Our own, and there is none, or not yet.
    #[error("there is no signed credential at {0}")]
    NotThere(String),
    /// The address gave nothing.
    #[error("{url} gave no document: {why}")]
    NotFetched {
        /// What was asked.
        url: String,
        /// What came of it.
        why: String,
    },
    /// An image that cannot be read, or without a badge.
    #[error(transparent)]
    Image(#[from] BakingError),
    /// The store failed.
    #[error(transparent)]
    House(#[from] Error),
}

/// The credential itself.
pub(super) fn document(presented: &[u8]) -> Result<Vec<u8>, Unreadable> {
    if presented.len() > MAX_IMAGE {
        return Err(Unreadable::TooLarge(presented.len()));
    }
    let document = unwrapped(presented, &Limits { bytes: MAX_DOCUMENT, ..Limits::default() })?;
    match document.len() {
        0 => Err(Unreadable::Empty),
        size if size > MAX_DOCUMENT => Err(Unreadable::TooLarge(size)),
        _ => Ok(document.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laurel_openbadges::baking::bake;

    const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#;

    #[test]
    fn documents_tokens_and_images() {
        assert_eq!(document(b" {\"a\":1}\n").unwrap(), b"{\"a\":1}");
        assert_eq!(document(b"ey.ey.sig").unwrap(), b"ey.ey.sig");
        assert_eq!(document(&bake(SVG, "{\"a\":1}").unwrap()).unwrap(), b"{\"a\":1}");
        assert!(matches!(document(SVG), Err(Unreadable::Image(BakingError::NoBadge))));
        assert!(matches!(document(b"\x89PNG"), Err(Unreadable::Image(_))));
        assert!(matches!(document(b"  "), Err(Unreadable::Empty)));
        assert!(matches!(document(&[b'x'; MAX_DOCUMENT + 1]), Err(Unreadable::TooLarge(_))));
    }
}
