//! The hash functions of RDFC-1.0, section 4.1.

use sha2::{Digest, Sha256};

/// A hash function whose digests are compared and concatenated in lower-case hexadecimal.
pub(super) trait HashFunction: Digest {
    /// A digest in hexadecimal.
    type Hex: AsRef<[u8]> + Ord + Copy;

    /// The digest of what was hashed.
    fn hex(self) -> Self::Hex;
}

impl HashFunction for Sha256 {
    type Hex = [u8; 64];

    fn hex(self) -> [u8; 64] {
        written(self.finalize().as_slice())
    }
}

#[cfg(test)]
impl HashFunction for sha2::Sha384 {
    type Hex = [u8; 96];

    fn hex(self) -> [u8; 96] {
        written(self.finalize().as_slice())
    }
}

fn written<const N: usize>(digest: &[u8]) -> [u8; N] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = [0; N];
    for (pair, byte) in out.chunks_exact_mut(2).zip(digest) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    out
}
