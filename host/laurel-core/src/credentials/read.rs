//! Whatever somebody presents as a badge: a document, a token, or an image with one of them inside.

use laurel_openbadges::Limits;
use laurel_openbadges::baking::{is_image, unbake};

use super::verify::{MAX_DOCUMENT, Unreadable};

/// An image with a badge inside has at most so many bytes.
pub const MAX_IMAGE: usize = 4 * 1024 * 1024;

/// The credential itself.
pub(super) fn document(presented: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
    if presented.len() > MAX_IMAGE {
        return Err(Unreadable::TooLarge(presented.len()));
    }
    let document = if is_image(&presented) { inside(&presented)? } else { trimmed(presented) };
    if document.is_empty() {
        return Err(Unreadable::Empty);
    }
    if document.len() > MAX_DOCUMENT {
        return Err(Unreadable::TooLarge(document.len()));
    }
    Ok(document)
}

fn inside(image: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let limits = Limits { bytes: MAX_DOCUMENT, ..Limits::default() };
    let baked = unbake(image, &limits)?.ok_or(Unreadable::Plain)?;
    Ok(baked.text.trim().as_bytes().to_vec())
}

/// What surrounds a pasted document is no part of it; what surrounds a signed one of ours never is there.
fn trimmed(presented: Vec<u8>) -> Vec<u8> {
    match presented.trim_ascii() {
        whole if whole.len() == presented.len() => presented,
        inner => inner.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laurel_openbadges::baking::bake;

    const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#;

    #[test]
    fn documents_tokens_and_images() {
        assert_eq!(document(b" {\"a\":1}\n".to_vec()).unwrap(), b"{\"a\":1}");
        assert_eq!(document(b"ey.ey.sig".to_vec()).unwrap(), b"ey.ey.sig");
        assert_eq!(document(bake(SVG, "{\"a\":1}").unwrap()).unwrap(), b"{\"a\":1}");
        assert!(matches!(document(SVG.to_vec()), Err(Unreadable::Plain)));
        assert!(matches!(document(b"\x89PNG".to_vec()), Err(Unreadable::Image(_))));
        assert!(matches!(document(b"  ".to_vec()), Err(Unreadable::Empty)));
        assert!(matches!(document(vec![b'x'; MAX_DOCUMENT + 1]), Err(Unreadable::TooLarge(_))));
    }
}
