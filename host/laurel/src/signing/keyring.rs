//! Keys: made, sealed, opened, used. Their secret halves do not leave this file but sealed.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use laurel_core::credentials::{SignError, SigningJob, Vault};
use laurel_core::id::KeyId;
use laurel_core::organisations::{Algorithm, Suite};
use laurel_core::random::Random;
use laurel_openbadges::Limits;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{Curve, EcSigningKey, JwsSigner, PublicKey, SigningKey};
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
    key: SecretKey,
    contexts: &'static Contexts,
}

/// The secret half, of one kind or the other.
#[derive(Clone, Debug)]
enum SecretKey {
    Ed25519(Arc<SigningKey>),
    P256(Arc<EcSigningKey>),
}

impl SecretKey {
    /// The key of 32 secret bytes; none if they are no number of the curve.
    fn of(algorithm: Algorithm, secret: &[u8; 32]) -> Option<Self> {
        match algorithm {
            Algorithm::EdDsa => Some(Self::Ed25519(Arc::new(SigningKey::from_seed(secret)))),
            Algorithm::Es256 => EcSigningKey::from_scalar(Curve::P256, secret).map(|key| Self::P256(Arc::new(key))),
        }
    }

    fn signer(&self) -> &dyn JwsSigner {
        match self {
            Self::Ed25519(key) => &**key,
            Self::P256(key) => &**key,
        }
    }
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
            None => OpenKey { key: self.unseal(id, public, sealed)?, contexts: self.contexts },
        };
        if key.public().to_string() != public {
            return Err(unusable("its secret half does not belong to its public half"));
        }
        if opened.len() >= OPENED {
            opened.clear();
        }
        Ok(opened.entry(id).or_insert(key).clone())
    }

    fn unseal(&self, id: KeyId, public: &str, sealed: &[u8]) -> Result<SecretKey, SignError> {
        let unusable = |why: &str| SignError::Key(id, why.to_owned());
        let algorithm = match public.parse::<PublicKey>() {
            Ok(PublicKey::Ed25519(_)) => Algorithm::EdDsa,
            Ok(_) => Algorithm::Es256,
            Err(why) => return Err(unusable(&why.to_string())),
        };
        let secret = self.vault.open(&context(id), sealed).map_err(|why| unusable(&why.to_string()))?;
        let secret = secret.as_slice().try_into().ok();
        secret.and_then(|secret| SecretKey::of(algorithm, secret)).ok_or_else(|| unusable("what was sealed is no key"))
    }

    /// A fresh key: its public half as Multikey, and its secret half, sealed.
    pub(super) fn generate(&self, id: KeyId, algorithm: Algorithm) -> (String, Vec<u8>) {
        let mut secret = Zeroizing::new([0; 32]);
        loop {
            self.random.fill(&mut *secret);
            // Hardly ever is a draw no number of the curve.
            if let Some(key) = SecretKey::of(algorithm, &secret) {
                let public = key.signer().public_key().to_string();
                return (public, self.vault.seal(&context(id), &*secret));
            }
        }
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").finish_non_exhaustive()
    }
}

impl OpenKey {
    /// The public half.
    pub(super) fn public(&self) -> PublicKey {
        self.key.signer().public_key()
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
            Suite::VcJwt | Suite::VcJwtEs256 => return self.token(job),
        };
        let SecretKey::Ed25519(key) = &self.key else {
            return Err(SignError::Document(
                "a proof inside wants an Ed25519 key, and this is one of P-256".to_owned(),
            ));
        };
        let created = laurel_openbadges::Timestamp::from_unix_seconds(job.created.0.div_euclid(1000));
        let options = ProofOptions::new(suite, job.verification_method, created);
        sign_with(job.document, key, &options, self.contexts, &Limits::default())
            .map_err(|why| SignError::Document(why.to_string()))
    }

    fn token(&self, job: &SigningJob<'_>) -> Result<Vec<u8>, SignError> {
        // A `did:key` says its key itself: a verifier needs nobody to resolve it. A `did:web` lists several: the token says which.
        let key = match job.verification_method {
            method if method.starts_with("did:key:") => KeyReference::Jwk,
            method => KeyReference::Kid(method.to_owned()),
        };
        let options = JwtOptions { contexts: self.contexts, ..JwtOptions::new(JwtProfile::OpenBadges, key) };
        let token = sign_credential(job.document, self.key.signer(), &options);
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
    fn a_key_opens_under_its_own_id_master_key_and_public_half_only() {
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
            opens_only_so(algorithm);
        }
    }

    fn opens_only_so(algorithm: Algorithm) {
        let ring = |byte| KeyRing::new(&MasterKey::from_bytes([byte; 32]), Arc::new(OsRandom), Contexts::bundled());
        let id = || KeyId::new(Timestamp(0), &OsRandom);
        let (one, other) = (id(), id());
        let (public, sealed) = ring(1).generate(one, algorithm);
        assert!(ring(1).open(one, &public, &sealed).is_ok());
        assert!(ring(1).open(other, &public, &sealed).is_err());
        assert!(ring(2).open(one, &public, &sealed).is_err());
        let used = ring(1);
        used.open(one, &public, &sealed).unwrap();
        assert!(used.open(one, &used.generate(one, algorithm).0, &sealed).is_err(), "once opened, still compared");
    }
}
