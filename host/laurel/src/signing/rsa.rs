//! RSA keys: made, opened and used by AWS-LC. What verifies their signatures is `laurel-openbadges`, which holds no secret.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use laurel_openbadges::keys::{MessageSigner, PublicKey, RsaPublicKey, SignerError};

/// Size of the keys that are made. Of 2,048 bits: the size that RS256 demands at least and every verifier takes. The next one, 3,072,
/// signs three times slower, and makes every `did:key`, which stands in each credential several times, half as long again. Who wants
/// more than the 112 bits of security that this is worth (NIST SP 800-57, part 1: until 2030) has 128 with `vc-jwt-es256`.
const SIZE: KeySize = KeySize::Rsa2048;

/// An RSA key that signs RS256. AWS-LC overwrites it in memory when it is dropped; it is never printed.
pub(super) struct RsaSigningKey {
    pair: KeyPair,
    public: RsaPublicKey,
}

impl RsaSigningKey {
    /// A fresh key, of randomness that AWS-LC takes from the operating system. It may take a second: primes are found by trying.
    pub(super) fn generate() -> Option<Self> {
        Self::of(KeyPair::generate(SIZE).ok()?)
    }

    /// The key of a PKCS#8 document (RFC 5208) in DER, if its numbers belong together and its public half is one that verifiers accept.
    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Self::of(KeyPair::from_pkcs8(der).ok()?)
    }

    /// The key as PKCS#8, for sealing; it is overwritten when dropped.
    pub(super) fn to_pkcs8(&self) -> Option<Pkcs8V1Der<'static>> {
        self.pair.as_der().ok()
    }

    fn of(pair: KeyPair) -> Option<Self> {
        let public = RsaPublicKey::from_der(pair.public_key().as_ref())?;
        Some(Self { pair, public })
    }
}

impl MessageSigner for RsaSigningKey {
    fn public_key(&self) -> PublicKey {
        PublicKey::Rsa(self.public.clone())
    }

    /// Deterministic, as RFC 8017, section 8.2.1, has it: the same message gives the same signature.
    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| SignerError("AWS-LC refused".to_owned()))?;
        Ok(signature)
    }
}

impl fmt::Debug for RsaSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaSigningKey({})", self.public_key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_signs_is_verified_by_code_that_is_not_its_own_and_by_its_own() {
        let key = RsaSigningKey::generate().unwrap();
        let public = key.public_key();
        let signature = key.sign_message(b"a message").unwrap();
        assert_eq!(signature.len(), 256);
        assert!(public.verifies(b"a message", &signature));
        assert!(!public.verifies(b"another message", &signature));
        let by_its_own = aws_lc_rs::signature::UnparsedPublicKey::new(
            &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256,
            key.pair.public_key().as_ref(),
        );
        assert!(by_its_own.verify(b"a message", &signature).is_ok());
        let other = RsaSigningKey::generate().unwrap();
        assert!(!other.public_key().verifies(b"a message", &signature));
    }

    #[test]
    fn a_key_opens_again_and_signs_the_same_bytes() {
        let key = RsaSigningKey::generate().unwrap();
        let der = key.to_pkcs8().unwrap();
        let opened = RsaSigningKey::from_pkcs8(der.as_ref()).unwrap();
        assert_eq!(opened.public_key(), key.public_key());
        assert_eq!(opened.sign_message(b"x").unwrap(), key.sign_message(b"x").unwrap());
        assert_eq!(key.sign_message(b"x").unwrap(), key.sign_message(b"x").unwrap());
    }

    #[test]
    fn what_is_no_key_does_not_open() {
        let key = RsaSigningKey::generate().unwrap();
        let der = key.to_pkcs8().unwrap();
        let der = der.as_ref();
        assert!(RsaSigningKey::from_pkcs8(&[]).is_none());
        assert!(RsaSigningKey::from_pkcs8(&[7; 32]).is_none());
        assert!(RsaSigningKey::from_pkcs8(&der[..der.len() - 1]).is_none());
        // A byte in the midst of its numbers: they no longer belong together.
        let mut changed = der.to_vec();
        changed[der.len() / 2] ^= 1;
        assert!(RsaSigningKey::from_pkcs8(&changed).is_none());
    }

    #[test]
    fn nothing_secret_is_printed() {
        let key = RsaSigningKey::generate().unwrap();
        assert_eq!(format!("{key:?}"), format!("RsaSigningKey({})", key.public_key()));
    }
}
