//! RSA: public keys and the verification of RS256 (RFC 8017, section 8.2.2).
//!
//! Only the public half exists here. Verification works on public values alone, so that no timing can leak anything;
//! whoever signs with RSA does it behind [`MessageSigner`](super::MessageSigner).

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use sha2::{Digest, Sha256};

/// What precedes a SHA-256 digest in a signature: the DER of its `DigestInfo` (RFC 8017, section 9.2, note 1).
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// An RSA public key of 2,048 to 8,192 bits, with an odd exponent below 2³² (RFC 8017, section 3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// Big-endian, without leading zeros.
    modulus: Vec<u8>,
    exponent: u32,
}

impl RsaPublicKey {
    /// The key of a modulus and an exponent, both big-endian. `None` if they are not acceptable.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let modulus = trimmed(modulus);
        let exponent = trimmed(exponent);
        let bits = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
        if !(2048..=8192).contains(&bits) || modulus.last()? & 1 == 0 || exponent.len() > 4 {
            return None;
        }
        let exponent = exponent.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        (exponent >= 3 && exponent & 1 == 1).then(|| Self { modulus: modulus.to_vec(), exponent })
    }

    /// The modulus, big-endian.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The exponent, big-endian, without leading zeros.
    pub fn exponent(&self) -> Vec<u8> {
        trimmed(&self.exponent.to_be_bytes()).to_vec()
    }

    /// Whether `signature` is this key's RS256 signature of `message` (RFC 8017, section 8.2.2; RFC 7518, section 3.3).
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.encoded(signature).is_some_and(|found| found == expected(message, self.modulus.len()))
    }

    /// The encoded message in a signature: signature ^ exponent mod modulus (section 5.2.2).
    fn encoded(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let size = self.modulus.len();
        if signature.len() != size || signature >= self.modulus.as_slice() {
            return None;
        }
        let modulus = Odd::new(BoxedUint::from_be_slice_vartime(&self.modulus)).into_option()?;
        let precision = modulus.bits_precision();
        let signature = BoxedUint::from_be_slice(signature, precision).ok()?;
        let power = BoxedMontyForm::new(signature, &BoxedMontyParams::new_vartime(modulus))
            .pow_bounded_exp(&BoxedUint::from(self.exponent), 32)
            .retrieve()
            .to_be_bytes();
        Some(power[power.len().checked_sub(size)?..].to_vec())
    }

    /// The key as `RSAPublicKey` of RFC 8017, appendix A.1.1, in DER.
    pub fn to_der(&self) -> Vec<u8> {
        let numbers = [integer(&self.modulus), integer(&self.exponent())].concat();
        tagged(0x30, &numbers)
    }

    /// The key of an `RSAPublicKey` in DER (RFC 8017, appendix A.1.1). `None` if it is none, or not acceptable. DER writes a key in one
    /// way only, so a key has no second name as a `did:key`.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (sequence, _) = untagged(0x30, der)?;
        let (modulus, after) = untagged(0x02, sequence)?;
        let (exponent, _) = untagged(0x02, after)?;
        // Numbers below zero, zeros too many, anything behind it: written again, it would look otherwise.
        Self::new(modulus, exponent).filter(|key| key.to_der() == der)
    }
}

/// The only encoded message that is right: 00 01 ff … ff 00, the digest's kind, the digest (section 9.2). Comparing
/// with it whole leaves no room for the forgeries that lenient parsers of the padding let in.
fn expected(message: &[u8], size: usize) -> Vec<u8> {
    let digest = Sha256::digest(message);
    let padding = size - SHA256_INFO.len() - digest.len() - 3;
    let mut encoded = vec![0, 1];
    encoded.extend(std::iter::repeat_n(0xff, padding));
    encoded.push(0);
    encoded.extend_from_slice(&SHA256_INFO);
    encoded.extend_from_slice(&digest);
    encoded
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

fn integer(number: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if number.first().is_some_and(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    tagged(0x02, &[sign, number].concat())
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = trimmed(&length);
    let mut out = vec![tag];
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(length.len()).unwrap_or(0));
    }
    out.extend_from_slice(if content.is_empty() { &[0] } else { length });
    out.extend_from_slice(content);
    out
}

/// The content of the first value, which must have this tag, and what follows it.
fn untagged(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let [found, first, rest @ ..] = der else { return None };
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81 | 0x82 => {
            let (size, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (size.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    (*found == tag).then(|| rest.split_at_checked(length)).flatten()
}
