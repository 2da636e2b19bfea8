//! `keys`: questions about secrets. The answer is yes or no, never the secret.

mod jwks;
mod jws;

use aws_lc_rs::{hmac, signature};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use laurel_core::plugins::{CallContext, Manifest};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::secrets::{self, Denied};
pub(crate) use jwks::KeySets;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyError {
    /// See [`Denied`].
    Denied(Denied),
    /// The value is not of the form that the question needs.
    Unusable(String),
}

impl From<Denied> for KeyError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// The hash under an HMAC.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// The secrets that one call may ask about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keyring<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) context: &'a CallContext,
}

impl<'a> Keyring<'a> {
    fn values(self, secret: &str) -> Result<Vec<&'a Zeroizing<String>>, KeyError> {
        Ok(secrets::values(self.manifest, self.context, secret)?)
    }

    /// Whether `mac` is the HMAC of `message` under any value of the secret. A value is text, or `base64:` or `hex:` and the key.
    pub(crate) fn verify_hmac(
        self,
        secret: &str,
        digest: Digest,
        message: &[u8],
        mac: &[u8],
    ) -> Result<bool, KeyError> {
        let algorithm = match digest {
            Digest::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Digest::Sha256 => hmac::HMAC_SHA256,
            Digest::Sha512 => hmac::HMAC_SHA512,
        };
        let mut verified = false;
        for value in self.values(secret)? {
            let key = hmac::Key::new(algorithm, &key_bytes(secret, value)?);
            verified |= hmac::verify(&key, message, mac).is_ok();
        }
        Ok(verified)
    }

    /// Whether `signature` is the Ed25519 signature of `message` by any of the public keys in the secret.
    pub(crate) fn verify_ed25519(self, secret: &str, message: &[u8], signature: &[u8]) -> Result<bool, KeyError> {
        let mut verified = false;
        for value in self.values(secret)? {
            let key = ed25519_key(value).ok_or_else(|| {
                KeyError::Unusable(format!(
                    "{secret:?} must hold an Ed25519 public key: 32 bytes in hexadecimal or base64"
                ))
            })?;
            verified |= signature::UnparsedPublicKey::new(&signature::ED25519, key).verify(message, signature).is_ok();
        }
        Ok(verified)
    }

    /// Whether `candidate` is a value of the secret. Digests are compared, so that neither content nor length shows in the time.
    pub(crate) fn matches(self, secret: &str, candidate: &str) -> Result<bool, KeyError> {
        let candidate = Sha256::digest(candidate);
        let values = self.values(secret)?;
        Ok(values
            .iter()
            .fold(false, |found, value| found | bool::from(Sha256::digest(value.as_bytes()).ct_eq(&candidate))))
    }

    /// The payload of a compact JWS signed by a key of the set, or none.
    pub(crate) async fn verify_jws(
        self,
        sets: &KeySets,
        secret: &str,
        token: &str,
    ) -> Result<Option<Vec<u8>>, KeyError> {
        let values = self.values(secret)?;
        let Some(token) = jws::Token::parse(token) else { return Ok(None) };
        for value in values {
            if let Some(payload) = sets.verify(value, &token).await.map_err(|why| unusable_set(secret, &why))? {
                return Ok(Some(payload));
            }
        }
        Ok(None)
    }
}

fn unusable_set(secret: &str, why: &str) -> KeyError {
    KeyError::Unusable(format!("{secret:?} must hold a JWK set or its https address: {why}"))
}

fn key_bytes(secret: &str, value: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (form, decoded) = if let Some(text) = value.strip_prefix("base64:") {
        ("base64", STANDARD.decode(text.trim()).ok())
    } else if let Some(text) = value.strip_prefix("hex:") {
        ("hex", hex::decode(text.trim()).ok())
    } else {
        return Ok(Zeroizing::new(value.as_bytes().to_vec()));
    };
    let unusable = || KeyError::Unusable(format!("{secret:?} begins with {form}: but what follows is not {form}"));
    decoded.map(Zeroizing::new).ok_or_else(unusable)
}

fn ed25519_key(value: &str) -> Option<[u8; 32]> {
    let text = value.trim().trim_end_matches('=');
    let bytes = match text.len() {
        64 => hex::decode(text).ok()?,
        _ => URL_SAFE_NO_PAD.decode(text.replace('+', "-").replace('/', "_")).ok()?,
    };
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::secrets::tests::one_secret;

    fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref().to_vec()
    }

    #[test]
    fn hmac_by_any_value_and_in_any_form() {
        let (manifest, context) = one_secret(&["old", "hex:00ff", "base64:AQID"]);
        let keyring = Keyring { manifest: &manifest, context: &context };
        for key in [&b"old"[..], &[0, 0xff], &[1, 2, 3]] {
            assert_eq!(keyring.verify_hmac("a", Digest::Sha256, b"m", &mac(key, b"m")), Ok(true));
            assert_eq!(keyring.verify_hmac("a", Digest::Sha256, b"n", &mac(key, b"m")), Ok(false));
            assert_eq!(keyring.verify_hmac("a", Digest::Sha512, b"m", &mac(key, b"m")), Ok(false));
        }
        assert_eq!(keyring.verify_hmac("a", Digest::Sha256, b"m", b""), Ok(false));
    }

    #[test]
    fn a_key_of_the_wrong_form_is_told() {
        let (manifest, context) = one_secret(&["hex:0g"]);
        let keyring = Keyring { manifest: &manifest, context: &context };
        assert!(matches!(keyring.verify_hmac("a", Digest::Sha1, b"", b""), Err(KeyError::Unusable(_))));
        assert!(matches!(keyring.verify_ed25519("a", b"", b""), Err(KeyError::Unusable(_))));
    }

    #[test]
    fn nothing_is_answered_about_what_is_not_granted() {
        let (manifest, context) = one_secret(&["x"]);
        let keyring = Keyring { manifest: &manifest, context: &context };
        let denied = |result: Result<bool, KeyError>| matches!(result, Err(KeyError::Denied(Denied::NotGranted(_))));
        for secret in ["b", "unnamed", "nowhere"] {
            assert!(denied(keyring.verify_hmac(secret, Digest::Sha256, b"", b"")));
            assert!(denied(keyring.verify_ed25519(secret, b"", b"")));
            assert!(denied(keyring.matches(secret, "x")));
        }
    }

    #[test]
    fn tokens_match_as_a_whole() {
        let (manifest, context) = one_secret(&["first", "second"]);
        let keyring = Keyring { manifest: &manifest, context: &context };
        assert_eq!(keyring.matches("a", "second"), Ok(true));
        assert_eq!(keyring.matches("a", "secon"), Ok(false));
        assert_eq!(keyring.matches("a", ""), Ok(false));
    }

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn ed25519_in_each_form() {
        let key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        let signature = hex::decode(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        )
        .unwrap();
        for value in [key.to_owned(), STANDARD.encode(hex::decode(key).unwrap())] {
            let (manifest, context) = one_secret(&[&value]);
            let keyring = Keyring { manifest: &manifest, context: &context };
            assert_eq!(keyring.verify_ed25519("a", &[0x72], &signature), Ok(true));
            assert_eq!(keyring.verify_ed25519("a", &[0x73], &signature), Ok(false));
        }
    }
}
