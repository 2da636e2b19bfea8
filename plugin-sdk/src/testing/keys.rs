//! Real cryptography behind the `keys` double.

use aws_lc_rs::signature;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::Deserialize;

use super::double::values;
use crate::keys::{Digest, KeyError};

/// Asks every value of the secret; any of them answers.
fn any(secret: &str, mut ask: impl FnMut(&str) -> Result<bool, KeyError>) -> Result<bool, KeyError> {
    let values = values(secret).ok_or_else(|| KeyError::NotGranted(secret.into()))?;
    if values.is_empty() {
        return Err(KeyError::NotSet(secret.into()));
    }
    for value in values {
        if ask(&value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn matches(secret: &str, candidate: &str) -> Result<bool, KeyError> {
    any(secret, |value| Ok(value == candidate))
}

/// The HMAC of `message` under `secret`: what a partner signs a request with.
pub fn hmac(digest: Digest, secret: &str, message: &[u8]) -> Vec<u8> {
    let key = aws_lc_rs::hmac::Key::new(algorithm(digest), secret.as_bytes());
    aws_lc_rs::hmac::sign(&key, message).as_ref().to_vec()
}

fn algorithm(digest: Digest) -> aws_lc_rs::hmac::Algorithm {
    match digest {
        Digest::Sha1 => aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Digest::Sha256 => aws_lc_rs::hmac::HMAC_SHA256,
        Digest::Sha512 => aws_lc_rs::hmac::HMAC_SHA512,
    }
}

pub(crate) fn verify_hmac(secret: &str, digest: Digest, message: &[u8], mac: &[u8]) -> Result<bool, KeyError> {
    any(secret, |key| {
        let key = aws_lc_rs::hmac::Key::new(algorithm(digest), key.as_bytes());
        Ok(aws_lc_rs::hmac::verify(&key, message, mac).is_ok())
    })
}

pub(crate) fn verify_ed25519(secret: &str, message: &[u8], mac: &[u8]) -> Result<bool, KeyError> {
    any(secret, |key| {
        let key = BASE64URL.decode(key).map_err(|_| KeyError::Unusable("an Ed25519 key in base64url".into()))?;
        Ok(signature::UnparsedPublicKey::new(&signature::ED25519, key).verify(message, mac).is_ok())
    })
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Jwk {
    kty: String,
    kid: String,
    n: String,
    e: String,
    x: String,
    y: String,
}

#[derive(Deserialize)]
struct JwsHeader {
    alg: String,
    kid: Option<String>,
}

pub(crate) fn verify_jws(secret: &str, token: &str) -> Result<Option<Vec<u8>>, KeyError> {
    let mut payload = None;
    any(secret, |value| {
        let set: JwkSet =
            serde_json::from_str(value).map_err(|error| KeyError::Unusable(format!("a JWK set: {error}")))?;
        payload = set.keys.iter().find_map(|key| jws(key, token));
        Ok(payload.is_some())
    })?;
    Ok(payload)
}

/// The payload, if `key` is meant and the signature holds.
fn jws(key: &Jwk, token: &str) -> Option<Vec<u8>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: JwsHeader = serde_json::from_slice(&BASE64URL.decode(header).ok()?).ok()?;
    if header.kid.is_some_and(|kid| kid != key.kid) {
        return None;
    }
    let signature = BASE64URL.decode(signature).ok()?;
    key.verify(&header.alg, signed.as_bytes(), &signature)?;
    BASE64URL.decode(payload).ok()
}

impl Jwk {
    fn verify(&self, algorithm: &str, message: &[u8], mac: &[u8]) -> Option<()> {
        let part = |text: &str| BASE64URL.decode(text).ok();
        let key =
            |algorithm, bytes: Vec<u8>| signature::UnparsedPublicKey::new(algorithm, bytes).verify(message, mac).ok();
        match (algorithm, self.kty.as_str()) {
            ("RS256", "RSA") => signature::RsaPublicKeyComponents { n: part(&self.n)?, e: part(&self.e)? }
                .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, mac)
                .ok(),
            ("ES256", "EC") => {
                key(&signature::ECDSA_P256_SHA256_FIXED, [vec![4], part(&self.x)?, part(&self.y)?].concat())
            }
            ("EdDSA", "OKP") => key(&signature::ED25519, part(&self.x)?),
            _ => None,
        }
    }
}
