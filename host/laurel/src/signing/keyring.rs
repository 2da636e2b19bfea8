//! Keys: made, sealed, opened, used. Their secret halves do not leave this file but sealed.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use laurel_core::credentials::{SignError, SigningJob, Vault};
use laurel_core::id::KeyId;
use laurel_core::organisations::Suite;
use laurel_core::random::Random;
use laurel_openbadges::Limits;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{Multikey, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign_with};
use zeroize::Zeroizing;

use crate::adapters::{MasterKey, SealedVault};

/// So many opened keys are kept at most.
const OPENED: usize = 256;

/// Makes and opens keys under the master key.
pub(crate) struct KeyRing {
    vault: SealedVault,
    random: Arc<dyn Random>,
    contexts: &'static Contexts,
    opened: Mutex<HashMap<KeyId, OpenKey>>,
}

/// A key that can sign.
#[derive(Clone, Debug)]
pub(super) struct OpenKey {
    key: Arc<SigningKey>,
    contexts: &'static Contexts,
}

impl KeyRing {
    /// `contexts` are those that documents to be signed may name.
    pub(crate) fn new(master: &MasterKey, random: Arc<dyn Random>, contexts: &'static Contexts) -> Self {
        let vault = SealedVault::new(&master.derive("laurel signing keys, version 1"), Arc::clone(&random));
        Self { vault, random, contexts, opened: Mutex::default() }
    }

    /// Opens a sealed key, which must be the one of this id and public half.
    pub(super) fn open(&self, id: KeyId, public: &str, sealed: &[u8]) -> Result<OpenKey, SignError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let unusable = |why: &str| SignError::Key(id, why.to_owned());
        let key = match opened.get(&id) {
            Some(found) => found.clone(),
            None => OpenKey { key: Arc::new(self.unseal(id, sealed)?), contexts: self.contexts },
        };
        if key.multikey().to_string() != public {
            return Err(unusable("its secret half does not belong to its public half"));
        }
        if opened.len() >= OPENED {
            opened.clear();
        }
        Ok(opened.entry(id).or_insert(key).clone())
    }

    fn unseal(&self, id: KeyId, sealed: &[u8]) -> Result<SigningKey, SignError> {
        let unusable = |why: &str| SignError::Key(id, why.to_owned());
        let seed = self.vault.open(&context(id), sealed).map_err(|why| unusable(&why.to_string()))?;
        let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| unusable("what was sealed is no Ed25519 seed"))?;
        Ok(SigningKey::from_seed(seed))
    }

    /// A fresh key: its public half as Multikey, and its seed, sealed.
    pub(super) fn generate(&self, id: KeyId) -> (String, Vec<u8>) {
        let mut seed = Zeroizing::new([0; 32]);
        self.random.fill(&mut *seed);
        let public = SigningKey::from_seed(&seed).multikey().to_string();
        (public, self.vault.seal(&context(id), &*seed))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").finish_non_exhaustive()
    }
}

impl OpenKey {
    /// The public half.
    pub(super) fn multikey(&self) -> Multikey {
        self.key.multikey()
    }

    /// The contexts that documents may name.
    pub(super) fn contexts(&self) -> &'static Contexts {
        self.contexts
    }

    /// Signs one document.
    pub(super) fn sign(&self, job: &SigningJob<'_>) -> Result<Vec<u8>, SignError> {
        let suite = match job.suite {
            Suite::EddsaRdfc2022 => Cryptosuite::EddsaRdfc2022,
            Suite::EddsaJcs2022 => Cryptosuite::EddsaJcs2022,
            Suite::VcJwt => return self.token(job),
        };
        let created = laurel_openbadges::Timestamp::from_unix_seconds(job.created.0.div_euclid(1000));
        let options = ProofOptions::new(suite, job.verification_method, created);
        sign_with(job.document, &self.key, &options, self.contexts, &Limits::default())
            .map_err(|why| SignError::Document(why.to_string()))
    }

    fn token(&self, job: &SigningJob<'_>) -> Result<Vec<u8>, SignError> {
        // A `did:key` says its key itself: a verifier needs nobody to resolve it. A `did:web` lists several: the token says which.
        let key = match job.verification_method {
            method if method.starts_with("did:key:") => KeyReference::Jwk,
            method => KeyReference::Kid(method.to_owned()),
        };
        let options = JwtOptions { contexts: self.contexts, ..JwtOptions::new(JwtProfile::OpenBadges, key) };
        let token = sign_credential(job.document, &*self.key, &options);
        token.map(String::into_bytes).map_err(|why| SignError::Document(why.to_string()))
    }
}

/// Binds a sealed seed to its key: under another id it does not open.
fn context(key: KeyId) -> String {
    format!("key:{key}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::OsRandom;
    use laurel_core::time::Timestamp;

    #[test]
    fn a_seed_opens_under_its_own_id_master_key_and_public_half_only() {
        let ring = |byte| KeyRing::new(&MasterKey::from_bytes([byte; 32]), Arc::new(OsRandom), Contexts::bundled());
        let id = || KeyId::new(Timestamp(0), &OsRandom);
        let (one, other) = (id(), id());
        let (public, sealed) = ring(1).generate(one);
        assert!(ring(1).open(one, &public, &sealed).is_ok());
        assert!(ring(1).open(other, &public, &sealed).is_err());
        assert!(ring(2).open(one, &public, &sealed).is_err());
        let used = ring(1);
        used.open(one, &public, &sealed).unwrap();
        assert!(used.open(one, &used.generate(one).0, &sealed).is_err(), "once opened, still compared");
    }
}
