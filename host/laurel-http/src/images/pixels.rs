//! Pictures made of pixels: decoded within limits, made smaller where needed, encoded as PNG.

use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;

use super::{NotTaken, SIDE};

/// The longer side of a picture that is read at all.
const MAX_SIDE: u32 = 8192;
/// Bytes that decoding may take: a bomb is refused before it goes off.
const MAX_MEMORY: u64 = 192 * 1024 * 1024;
const KINDS: [ImageFormat; 4] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP];

/// As PNG, with neither side longer than [`SIDE`].
pub(super) fn re_encode(bytes: &[u8]) -> Result<Vec<u8>, NotTaken> {
    let unreadable = |why: image::ImageError| NotTaken::Unreadable(why.to_string());
    let mut reader = ImageReader::new(Cursor::new(bytes));
    let kind = image::guess_format(bytes).ok().filter(|kind| KINDS.contains(kind)).ok_or(NotTaken::UnknownKind)?;
    reader.set_format(kind);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut picture = reader.decode().map_err(unreadable)?;
    if picture.width().max(picture.height()) > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    let mut written = Cursor::new(Vec::new());
    // Eight bits a channel: what is shown needs no more, and palettes and profiles stay behind.
    picture.to_rgba8().write_to(&mut written, ImageFormat::Png).map_err(unreadable)?;
    Ok(written.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbaImage};

    fn encoded(width: u32, height: u32, kind: ImageFormat) -> Vec<u8> {
        let picture = DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, image::Rgba([9, 80, 60, 255])));
        let mut bytes = Cursor::new(Vec::new());
        picture.to_rgb8().write_to(&mut bytes, kind).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_kind_becomes_a_png_of_bearable_size() {
        for kind in [ImageFormat::Png, ImageFormat::Jpeg] {
            let taken = re_encode(&encoded(2048, 100, kind)).unwrap();
            let read = image::load_from_memory_with_format(&taken, ImageFormat::Png).unwrap();
            assert_eq!((read.width(), read.height()), (1024, 50));
        }
    }

    #[test]
    fn what_hides_behind_a_picture_does_not_come_through() {
        let mut polyglot = encoded(8, 8, ImageFormat::Png);
        polyglot.extend_from_slice(b"<script>alert(1)</script>");
        let taken = re_encode(&polyglot).unwrap();
        assert!(!taken.windows(8).any(|part| part == b"<script>"));
    }

    #[test]
    fn bombs_and_other_files_are_refused() {
        // A PNG header that announces 100,000 by 100,000 pixels.
        let mut bomb = encoded(8, 8, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
        assert!(matches!(re_encode(&bomb), Err(NotTaken::Unreadable(_))));
        assert!(matches!(re_encode(b"%PDF-1.7"), Err(NotTaken::UnknownKind)));
        assert!(matches!(re_encode(&encoded(8, 8, ImageFormat::Png)[..40]), Err(NotTaken::Unreadable(_))));
    }
}
