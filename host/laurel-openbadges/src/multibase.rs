//! Multibase: base58btc (`z…`) and base64url without padding (`u…`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const NO_DIGIT: u8 = u8::MAX;

/// The digit each character stands for, if any.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit: u8 = 0;
    while digit < 58 {
        digits[ALPHABET[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits
};

/// Characters of base58 at most: an RSA key of 8,192 bits, the largest of what is written so, has 1,423.
const LONGEST: usize = 1_440;

/// Why a multibase text cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MultibaseError {
    /// The first character names no base this crate reads.
    #[error("it must begin with \"z\" (base58btc) or \"u\" (base64url)")]
    UnknownBase,
    /// A character that is not of the base.
    #[error("it holds a character that its base does not have")]
    BadCharacter,
    /// Longer than any value this crate reads in base58, whose decoding is quadratic.
    #[error("it is longer than any key or signature")]
    TooLong,
}

/// `z` and the base58btc form.
pub(crate) fn base58(bytes: &[u8]) -> String {
    // Limbs of five base-58 digits (58^5 < 2^30), least significant first.
    const LIMB: u64 = 58 * 58 * 58 * 58 * 58;
    let mut limbs: Vec<u64> = Vec::with_capacity(bytes.len() / 3 + 1);
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    for chunk in bytes[zeros..].chunks(4) {
        let mut carry = chunk.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        for limb in &mut limbs {
            carry += *limb << (8 * chunk.len());
            *limb = carry % LIMB;
            carry /= LIMB;
        }
        while carry > 0 {
            limbs.push(carry % LIMB);
            carry /= LIMB;
        }
    }
    let mut digits: Vec<u8> = Vec::with_capacity(limbs.len() * 5);
    for mut limb in limbs {
        for _ in 0..5 {
            digits.push(ALPHABET[usize::try_from(limb % 58).unwrap_or(0)]);
            limb /= 58;
        }
    }
    let significant = digits.iter().rposition(|digit| *digit != b'1').map_or(0, |last| last + 1);
    let mut out = String::with_capacity(significant + zeros + 1);
    out.push('z');
    out.extend(std::iter::repeat_n('1', zeros));
    out.extend(digits[..significant].iter().rev().map(|digit| char::from(*digit)));
    out
}

/// `u` and the base64url form.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    format!("u{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The bytes of a multibase text in base58btc or base64url.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, MultibaseError> {
    match text.as_bytes().first() {
        Some(b'z') => decode_base58(&text[1..]),
        Some(b'u') => URL_SAFE_NO_PAD.decode(&text[1..]).map_err(|_| MultibaseError::BadCharacter),
        _ => Err(MultibaseError::UnknownBase),
    }
}

fn decode_base58(text: &str) -> Result<Vec<u8>, MultibaseError> {
    if text.len() > LONGEST {
        return Err(MultibaseError::TooLong);
    }
    let zeros = text.bytes().take_while(|byte| *byte == b'1').count();
    // Limbs of 32 bits, least significant first; five digits (58^5 < 2^30) are taken at a time.
    let mut limbs: Vec<u32> = Vec::with_capacity(text.len() / 5 + 1);
    for chunk in text.as_bytes()[zeros..].chunks(5) {
        let (mut factor, mut carry) = (1, 0);
        for character in chunk {
            let digit = DIGITS[usize::from(*character)];
            if digit == NO_DIGIT {
                return Err(MultibaseError::BadCharacter);
            }
            (factor, carry) = (factor * 58, carry * 58 + u64::from(digit));
        }
        for limb in &mut limbs {
            carry += u64::from(*limb) * factor;
            *limb = low_half(carry);
            carry >>= 32;
        }
        if carry > 0 {
            limbs.push(low_half(carry));
        }
    }
    let mut bytes = vec![0; zeros];
    bytes.extend(limbs.iter().rev().flat_map(|limb| limb.to_be_bytes()).skip_while(|byte| *byte == 0));
    Ok(bytes)
}

#[allow(clippy::cast_possible_truncation, reason = "the rest is carried on")]
fn low_half(carry: u64) -> u32 {
    carry as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_samples_of_the_multibase_draft() {
        assert_eq!(base58(b"Hello World!"), "z2NEpo7TZRRrLZSi2U");
        assert_eq!(base58(&[0, 0, 0x28, 0x7f, 0xb4, 0xcd]), "z11233QC4");
        assert_eq!(base64url(b"Multibase is awesome! \\o/"), "uTXVsdGliYXNlIGlzIGF3ZXNvbWUhIFxvLw");
        assert_eq!(decode("z0"), Err(MultibaseError::BadCharacter));
        assert_eq!(decode("mAA"), Err(MultibaseError::UnknownBase));
    }

    proptest! {
        #[test]
        fn both_bases_go_there_and_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(decode(&base58(&bytes)).unwrap(), bytes.clone());
            prop_assert_eq!(decode(&base64url(&bytes)).unwrap(), bytes);
        }
    }
}
