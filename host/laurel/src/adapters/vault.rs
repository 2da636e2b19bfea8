//! Seals what must not be readable in a stolen database: signing keys and the secrets of installations.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use laurel_core::credentials::{Vault, VaultError};
use laurel_core::random::Random;
use zeroize::Zeroizing;

/// The first byte of what is sealed so: XChaCha20-Poly1305, then a nonce of 24 bytes, then the ciphertext with its tag.
const XCHACHA20_POLY1305: u8 = 1;
const NONCE: usize = 24;

/// Seals under one key; the context is authenticated with every value.
pub(crate) struct SealedVault {
    cipher: XChaCha20Poly1305,
    random: Arc<dyn Random>,
}

impl SealedVault {
    pub(crate) fn new(key: &[u8; 32], random: Arc<dyn Random>) -> Self {
        Self { cipher: XChaCha20Poly1305::new(&Key::from(*key)), random }
    }
}

impl fmt::Debug for SealedVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedVault").finish_non_exhaustive()
    }
}

impl Vault for SealedVault {
    fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        // Random nonces of 192 bits never meet, so that no counter has to be kept.
        let mut nonce = [0; NONCE];
        self.random.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).expect("secrets are shorter than 256 GiB");
        [&[XCHACHA20_POLY1305], nonce.as_slice(), &sealed].concat()
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (version, rest) = sealed.split_first().ok_or(VaultError)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(VaultError)?;
        if *version != XCHACHA20_POLY1305 {
            return Err(VaultError);
        }
        let payload = Payload { msg: sealed, aad: context.as_bytes() };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| VaultError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::OsRandom;

    fn vault(byte: u8) -> SealedVault {
        SealedVault::new(&[byte; 32], Arc::new(OsRandom))
    }

    #[test]
    fn only_the_same_key_context_and_bytes_open() {
        let sealed = vault(1).seal("key:7", b"seed");
        assert_eq!(vault(1).open("key:7", &sealed).unwrap().as_slice(), b"seed");
        assert!(vault(2).open("key:7", &sealed).is_err());
        assert!(vault(1).open("key:8", &sealed).is_err());
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(vault(1).open("key:7", &changed).is_err(), "byte {index}");
        }
        assert!(vault(1).open("key:7", &[]).is_err());
    }

    #[test]
    fn the_same_secret_is_never_sealed_to_the_same_bytes() {
        assert_ne!(vault(1).seal("key:7", b"seed"), vault(1).seal("key:7", b"seed"));
    }
}
