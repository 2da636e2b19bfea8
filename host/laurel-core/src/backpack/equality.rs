//! When two credentials are the same one (Open Badges 3.0, section "Credential equality and comparison algorithm").

use sha2::{Digest, Sha256};

/// One short value for issuer and id, in their one spelling: without percent-encoding and without white space around.
pub(super) fn key(issuer: &str, id: &str) -> [u8; 32] {
    let (issuer, id) = (unescaped(issuer.trim()), unescaped(id.trim()));
    let mut digest = Sha256::new();
    digest.update((issuer.len() as u64).to_be_bytes());
    digest.update(&issuer);
    digest.update(&id);
    digest.finalize().into()
}

fn unescaped(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(at + 1), digit(at + 2)) {
            plain.push(u8::try_from(high * 16 + low).unwrap_or_default());
            at += 3;
        } else {
            plain.push(*byte);
            at += 1;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        let one = key("https://a.example/i", "https://a.example/c/ä%");
        assert_eq!(key(" https://a.example/i\n", "https://a.example/c/%C3%a4%"), one);
        assert_ne!(key("https://a.example/i", "https://a.example/c/a%"), one);
        assert_ne!(key("https://a.example/ih", "ttps://a.example/c/ä%"), one);
    }
}
