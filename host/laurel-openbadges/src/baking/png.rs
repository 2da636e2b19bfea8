//! PNG: one iTXt chunk (Open Badges 3.0, section 5.3.1; PNG 1.2, section 4.2.3.3).

use std::io::Read as _;

use flate2::Crc;
use flate2::read::ZlibDecoder;

use super::{Baked, BakedVersion, BakingError};
use crate::Limits;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
const VERSIONS: [BakedVersion; 2] = [BakedVersion::V3, BakedVersion::V2];

fn keyword(version: BakedVersion) -> &'static [u8] {
    match version {
        BakedVersion::V3 => b"openbadgecredential",
        BakedVersion::V2 => b"openbadges",
    }
}

pub(super) fn is_png(image: &[u8]) -> bool {
    image.starts_with(SIGNATURE)
}

/// A chunk: its kind, its data, and all its bytes.
struct Chunk<'i> {
    kind: &'i [u8],
    data: &'i [u8],
    whole: &'i [u8],
}

/// The chunks up to and including IEND. What follows it is no part of the image.
fn chunks(image: &[u8]) -> Result<Vec<Chunk<'_>>, BakingError> {
    let mut rest = image.strip_prefix(SIGNATURE).ok_or(BakingError::UnknownFormat)?;
    let mut found = Vec::new();
    loop {
        let length = rest.first_chunk::<4>().ok_or(BakingError::Png("it ends before its last chunk"))?;
        let length = u32::from_be_bytes(*length) as usize;
        let whole = rest.get(..length.saturating_add(12)).ok_or(BakingError::Png("a chunk is cut off"))?;
        let (kind, data, sum) = (&whole[4..8], &whole[8..8 + length], &whole[8 + length..]);
        if sum != checksum(&whole[4..8 + length]) {
            return Err(BakingError::Png("the checksum of a chunk is wrong"));
        }
        if found.is_empty() && kind != b"IHDR" {
            return Err(BakingError::Png("it does not begin with a header"));
        }
        found.push(Chunk { kind, data, whole });
        if kind == b"IEND" {
            return Ok(found);
        }
        rest = &rest[whole.len()..];
    }
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum().to_be_bytes()
}

/// The version a text chunk belongs to, and its content after the keyword.
fn badge<'i>(chunk: &Chunk<'i>) -> Option<(BakedVersion, &'i [u8])> {
    if chunk.kind != b"iTXt" && chunk.kind != b"tEXt" {
        return None;
    }
    let end = chunk.data.iter().position(|byte| *byte == 0)?;
    let version = VERSIONS.into_iter().find(|version| keyword(*version) == &chunk.data[..end])?;
    Some((version, &chunk.data[end + 1..]))
}

pub(super) fn bake(version: BakedVersion, image: &[u8], credential: &str) -> Result<Vec<u8>, BakingError> {
    let chunks = chunks(image)?;
    let mut out = Vec::with_capacity(image.len() + credential.len() + 64);
    out.extend_from_slice(SIGNATURE);
    for (index, chunk) in chunks.iter().enumerate() {
        if badge(chunk).is_none() {
            out.extend_from_slice(chunk.whole);
        }
        if index == 0 {
            out.extend_from_slice(&text_chunk(version, credential)?);
        }
    }
    Ok(out)
}

/// An uncompressed iTXt chunk: keyword, two zero flags, empty language and translated keyword, text.
fn text_chunk(version: BakedVersion, credential: &str) -> Result<Vec<u8>, BakingError> {
    let mut body = [b"iTXt", keyword(version), b"\0\0\0\0\0"].concat();
    body.extend_from_slice(credential.as_bytes());
    let length = u32::try_from(body.len() - 4).map_err(|_| BakingError::TooLarge(u32::MAX as usize))?;
    let sum = checksum(&body);
    Ok([length.to_be_bytes().as_slice(), &body, &sum].concat())
}

pub(super) fn read(image: &[u8], limits: &Limits) -> Result<Option<Baked>, BakingError> {
    let chunks = chunks(image)?;
    let mut found: Vec<(BakedVersion, &Chunk<'_>, &[u8])> =
        chunks.iter().filter_map(|chunk| badge(chunk).map(|(version, rest)| (version, chunk, rest))).collect();
    found.sort_by_key(|(version, ..)| *version == BakedVersion::V2);
    let Some((version, chunk, rest)) = found.first() else { return Ok(None) };
    let bytes = if chunk.kind == b"tEXt" { rest.to_vec() } else { international(rest, limits)? };
    if bytes.len() > limits.bytes {
        return Err(BakingError::TooLarge(limits.bytes));
    }
    let text = String::from_utf8(bytes).map_err(|_| BakingError::Png("the credential in it is not UTF-8"))?;
    Ok(Some(Baked { text, version: *version }))
}

/// The text of an iTXt chunk after its keyword; compressed text is inflated within limits.
fn international(rest: &[u8], limits: &Limits) -> Result<Vec<u8>, BakingError> {
    let damaged = BakingError::Png("the text chunk is cut off");
    let [compressed, method, rest @ ..] = rest else { return Err(damaged) };
    let mut parts = rest.splitn(3, |byte| *byte == 0);
    let (Some(_language), Some(_keyword), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(damaged);
    };
    match (compressed, method) {
        (0, _) => Ok(text.to_vec()),
        (1, 0) => {
            let mut out = Vec::new();
            let bound = limits.bytes as u64 + 1;
            let inflated = ZlibDecoder::new(text).take(bound).read_to_end(&mut out);
            inflated.map_err(|_| BakingError::Png("the compressed text in it is damaged"))?;
            Ok(out)
        }
        _ => Err(BakingError::Png("the text in it is compressed in an unknown way")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of chunks with correct checksums.
    fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut out = SIGNATURE.to_vec();
        for (kind, data) in chunks {
            let body = [kind.as_slice(), data].concat();
            out.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
            out.extend_from_slice(&body);
            out.extend_from_slice(&checksum(&body));
        }
        out
    }

    #[test]
    fn a_credential_goes_in_and_out_and_is_replaced() {
        let plain = png(&[(b"IHDR", &[0; 13]), (b"IDAT", b"pixels"), (b"IEND", b"")]);
        let limits = Limits::default();
        assert_eq!(read(&plain, &limits), Ok(None));
        let first = bake(BakedVersion::V3, &plain, "{\"a\":\"é\"}").unwrap();
        let second = bake(BakedVersion::V3, &first, "{\"b\":2}").unwrap();
        assert_eq!(read(&second, &limits), Ok(Some(Baked { text: "{\"b\":2}".into(), version: BakedVersion::V3 })));
        assert_eq!(chunks(&second).unwrap().len(), 4);
    }

    #[test]
    fn the_older_form_is_read_and_bombs_are_not() {
        let old = png(&[(b"IHDR", &[0; 13]), (b"tEXt", b"openbadges\0https://a.example/1"), (b"IEND", b"")]);
        let found = read(&old, &Limits::default()).unwrap().unwrap();
        assert_eq!((found.text.as_str(), found.version), ("https://a.example/1", BakedVersion::V2));
        let mut bomb = b"openbadgecredential\0\x01\0\0\0".to_vec();
        let mut encoder =
            flate2::read::ZlibEncoder::new(std::io::repeat(b' ').take(64 << 20), flate2::Compression::fast());
        encoder.read_to_end(&mut bomb).unwrap();
        let bomb = png(&[(b"IHDR", &[0; 13]), (b"iTXt", &bomb), (b"IEND", b"")]);
        assert_eq!(read(&bomb, &Limits::default()), Err(BakingError::TooLarge(4 << 20)));
    }

    #[test]
    fn damage_is_told() {
        let good = png(&[(b"IHDR", &[0; 13]), (b"IEND", b"")]);
        for end in 8..good.len() {
            assert!(matches!(read(&good[..end], &Limits::default()), Err(BakingError::Png(_))), "{end}");
        }
        let mut flipped = good.clone();
        flipped[20] ^= 1;
        assert_eq!(read(&flipped, &Limits::default()), Err(BakingError::Png("the checksum of a chunk is wrong")));
    }
}
