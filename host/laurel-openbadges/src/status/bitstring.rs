//! The list itself: bits, compressed and encoded (Bitstring Status List 1.0, sections 3.3 and 3.4).

use std::io::Read as _;

use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};

use crate::Limits;
use crate::multibase;

/// The least number of entries a list may have: fewer would tell too much about each (Bitstring Status List 1.0, section 2.2).
pub const MINIMUM_ENTRIES: u64 = 131_072;

/// A list of bits, all unset at first (Bitstring Status List 1.0, section 3.3). Entry 0 is the left-most bit of the first byte.
///
/// ```
/// use laurel_openbadges::{Limits, status::Bitstring};
/// let mut list = Bitstring::new(131_072)?;
/// list.set(94_567, true)?;
/// let copy = Bitstring::decode(&list.encode(), &Limits::default())?;
/// assert!(copy.get(94_567)? && !copy.get(94_568)?);
/// # Ok::<(), laurel_openbadges::status::BitstringError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitstring {
    bytes: Vec<u8>,
}

/// Why a list cannot be made, read or asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BitstringError {
    /// Too few entries, or no multiple of eight.
    #[error("a status list needs at least {MINIMUM_ENTRIES} entries and a multiple of 8; this one has {entries}")]
    Size {
        /// Entries asked for or found.
        entries: u64,
    },
    /// An index beyond the end.
    #[error("the status list has {entries} entries; there is no entry {index}")]
    OutOfRange {
        /// The index asked for.
        index: u64,
        /// Entries there are.
        entries: u64,
    },
    /// The text is not multibase base64url of a gzip stream.
    #[error("the encoded list is not base64url of a gzip stream")]
    NotEncoded,
    /// The inflated list is larger than [`Limits::status_list_bytes`].
    #[error("the status list inflates to more than {limit} bytes")]
    TooLarge {
        /// The limit in force.
        limit: usize,
    },
}

impl Bitstring {
    /// A list of `entries` unset bits.
    ///
    /// # Errors
    /// If there are fewer than [`MINIMUM_ENTRIES`] or no multiple of eight.
    pub fn new(entries: u64) -> Result<Self, BitstringError> {
        let size =
            usize::try_from(entries / 8).ok().filter(|_| entries.is_multiple_of(8) && entries >= MINIMUM_ENTRIES);
        Ok(Self { bytes: vec![0; size.ok_or(BitstringError::Size { entries })?] })
    }

    /// From bytes kept by [`Bitstring::as_bytes`].
    ///
    /// # Errors
    /// If there are too few.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, BitstringError> {
        let list = Self { bytes };
        if list.entries() < MINIMUM_ENTRIES { Err(BitstringError::Size { entries: list.entries() }) } else { Ok(list) }
    }

    /// The bytes, uncompressed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many entries there are.
    pub fn entries(&self) -> u64 {
        self.bytes.len() as u64 * 8
    }

    /// Whether an entry is set.
    ///
    /// # Errors
    /// If the index is beyond the end.
    pub fn get(&self, index: u64) -> Result<bool, BitstringError> {
        let at = self.at(index)?;
        Ok(self.bytes[at] & mask(index) != 0)
    }

    /// Sets or unsets an entry.
    ///
    /// # Errors
    /// If the index is beyond the end.
    pub fn set(&mut self, index: u64, value: bool) -> Result<(), BitstringError> {
        let at = self.at(index)?;
        if value {
            self.bytes[at] |= mask(index);
        } else {
            self.bytes[at] &= !mask(index);
        }
        Ok(())
    }

    /// How many entries are set.
    pub fn count(&self) -> u64 {
        self.bytes.iter().map(|byte| u64::from(byte.count_ones())).sum()
    }

    /// The value of an entry of `size` bits (`statusSize`), most significant bit first (section 2.1).
    ///
    /// # Errors
    /// If the entry lies beyond the end.
    pub fn value(&self, index: u64, size: u64) -> Result<u64, BitstringError> {
        let beyond = BitstringError::OutOfRange { index, entries: self.entries() / size.max(1) };
        let first = index.checked_mul(size).ok_or(beyond)?;
        (0..size).try_fold(0, |value, bit| Ok(value << 1 | u64::from(self.get(first.saturating_add(bit))?)))
    }

    /// Sets an entry of `size` bits (`statusSize`, at most 32) to a value, most significant bit first (section 2.1).
    ///
    /// # Errors
    /// If the entry lies beyond the end, or the value needs more bits.
    pub fn set_value(&mut self, index: u64, size: u32, value: u64) -> Result<(), BitstringError> {
        let beyond = BitstringError::OutOfRange { index, entries: self.entries() / u64::from(size.max(1)) };
        let first = index.checked_mul(u64::from(size)).ok_or(beyond.clone())?;
        if size == 0 || size > 32 || value >> size != 0 || first + u64::from(size) > self.entries() {
            return Err(beyond);
        }
        (0..size).try_for_each(|bit| self.set(first + u64::from(bit), value >> (size - 1 - bit) & 1 == 1))
    }

    /// The encoded list: multibase base64url of the gzip-compressed bits (Bitstring Status List 1.0, section 3.3). Deterministic.
    pub fn encode(&self) -> String {
        let mut compressed = Vec::new();
        // A third of the time of the usual level, and a few per cent more bytes. Reading from a slice and compressing into
        // memory has no failure.
        let _ = GzEncoder::new(self.bytes.as_slice(), Compression::new(3)).read_to_end(&mut compressed);
        multibase::base64url(&compressed)
    }

    /// Reads an encoded list, inflating no more than [`Limits::status_list_bytes`] (Bitstring Status List 1.0, section 3.4).
    ///
    /// Lists without the multibase prefix, as older issuers wrote them, are read too.
    ///
    /// # Errors
    /// If the text is no such list, is too long, or has fewer than [`MINIMUM_ENTRIES`].
    pub fn decode(text: &str, limits: &Limits) -> Result<Self, BitstringError> {
        let limit = limits.status_list_bytes;
        let prefixed = if text.starts_with("H4sI") { format!("u{text}") } else { text.to_owned() };
        let compressed = multibase::decode(prefixed.trim_end_matches('=')).map_err(|_| BitstringError::NotEncoded)?;
        let mut bytes = Vec::new();
        let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let inflated = GzDecoder::new(compressed.as_slice()).take(bound).read_to_end(&mut bytes);
        inflated.map_err(|_| BitstringError::NotEncoded)?;
        if bytes.len() > limit {
            return Err(BitstringError::TooLarge { limit });
        }
        Self::from_bytes(bytes)
    }

    fn at(&self, index: u64) -> Result<usize, BitstringError> {
        let at = usize::try_from(index / 8).ok().filter(|at| *at < self.bytes.len());
        at.ok_or(BitstringError::OutOfRange { index, entries: self.entries() })
    }
}

fn mask(index: u64) -> u8 {
    0x80 >> (index % 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_list_of_the_specification_decodes() {
        let text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
        let list = Bitstring::decode(text, &Limits::default()).unwrap();
        assert_eq!((list.entries(), list.count()), (131_072, 0));
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let bomb = Bitstring { bytes: vec![0; 64 << 20] }.encode();
        assert_eq!(Bitstring::decode(&bomb, &Limits::default()), Err(BitstringError::TooLarge { limit: 16 << 20 }));
    }

    #[test]
    fn sizes_and_indexes_are_checked() {
        assert!(Bitstring::new(131_064).is_err() && Bitstring::new(131_073).is_err());
        let list = Bitstring::new(MINIMUM_ENTRIES).unwrap();
        assert!(matches!(list.get(MINIMUM_ENTRIES), Err(BitstringError::OutOfRange { .. })));
        assert!(list.value(u64::MAX, 8).is_err());
        assert_eq!(Bitstring::decode("uAAAA", &Limits::default()), Err(BitstringError::NotEncoded));
    }

    #[test]
    fn entries_of_several_bits_are_read_from_the_left() {
        let mut list = Bitstring::new(MINIMUM_ENTRIES).unwrap();
        list.set(9, true).unwrap();
        list.set(10, true).unwrap();
        assert_eq!(list.value(2, 4), Ok(0b0110));
        list.set_value(2, 4, 0b1001).unwrap();
        assert_eq!((list.value(2, 4), list.get(8), list.get(9)), (Ok(0b1001), Ok(true), Ok(false)));
        assert!(list.set_value(2, 4, 16).is_err() && list.set_value(u64::MAX, 4, 1).is_err());
        assert!(
            list.set_value(MINIMUM_ENTRIES / 4, 4, 1).is_err() && list.set_value(MINIMUM_ENTRIES / 4 - 1, 4, 1).is_ok()
        );
    }
}
