//! Keys: made, sealed, opened, used. Their secret halves do not leave this file (nor `ed25519.rs` and `rsa.rs`) but sealed.

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
use laurel_openbadges::keys::{Curve, EcSigningKey, MessageSigner, PublicKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign_with};
use zeroize::Zeroizing;

use super::ed25519::Ed25519SigningKey;
use super::rsa::RsaSigningKey;
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

/// The secret half, of one kind or another.
#[derive(Clone, Debug)]
enum SecretKey {
    Ed25519(Arc<Ed25519SigningKey>),
    P256(Arc<EcSigningKey>),
    Rsa(Arc<RsaSigningKey>),
}

impl SecretKey {
    /// The key of what is sealed of it: 32 bytes on a curve, PKCS#8 of RSA. None if that is no key.
    fn of(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        let number = || <&[u8; 32]>::try_from(secret).ok();
        Some(match algorithm {
            Algorithm::EdDsa => Self::Ed25519(Arc::new(Ed25519SigningKey::from_seed(number()?)?)),
            Algorithm::Es256 => Self::P256(Arc::new(EcSigningKey::from_scalar(Curve::P256, number()?)?)),
            Algorithm::Rs256 => Self::Rsa(Arc::new(RsaSigningKey::from_pkcs8(secret)?)),
        })
    }

    /// A fresh key, and what is to be sealed of it. None if AWS-LC can make none of RSA.
    fn generate(algorithm: Algorithm, random: &dyn Random) -> Option<(Self, Zeroizing<Vec<u8>>)> {
        if algorithm == Algorithm::Rs256 {
            let key = RsaSigningKey::generate()?;
            let secret = Zeroizing::new(key.to_pkcs8()?.as_ref().to_vec());
            return Some((Self::Rsa(Arc::new(key)), secret));
        }
        let mut secret = Zeroizing::new(vec![0; 32]);
        loop {
            random.fill(&mut secret);
            // Hardly ever is a draw no number of the curve.
            if let Some(key) = Self::of(algorithm, &secret) {
                return Some((key, secret));
            }
        }
    }

    fn signer(&self) -> &dyn MessageSigner {
        match self {
            Self::Ed25519(key) => &**key,
            Self::P256(key) => &**key,
            Self::Rsa(key) => &**key,
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
            Ok(PublicKey::Ec(_)) => Algorithm::Es256,
            Ok(PublicKey::Rsa(_)) => Algorithm::Rs256,
            Err(why) => return Err(unusable(&why.to_string())),
        };
        let secret = self.vault.open(&context(id), sealed).map_err(|why| unusable(&why.to_string()))?;
        SecretKey::of(algorithm, &secret).ok_or_else(|| unusable("what was sealed is no key"))
    }

    /// A fresh key: its public half as Multikey, and its secret half, sealed. One of RSA may take a second: not for a thread that
    /// others wait for. If none can be made, says so.
    pub(super) fn generate(&self, id: KeyId, algorithm: Algorithm) -> Result<(String, Vec<u8>), String> {
        let made = SecretKey::generate(algorithm, &*self.random);
        let (key, secret) = made.ok_or_else(|| "no RSA key could be made".to_owned())?;
        Ok((key.signer().public_key().to_string(), self.vault.seal(&context(id), &secret)))
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

    /// Whether a signature takes so long (half a millisecond, ten to twenty times as long as on a curve) that even one is not for a
    /// thread that others wait for.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self.key, SecretKey::Rsa(_))
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
            Suite::VcJwt | Suite::VcJwtEs256 | Suite::VcJwtRs256 => return self.token(job),
        };
        let created = laurel_openbadges::Timestamp::from_unix_seconds(job.created.0.div_euclid(1000));
        let options = ProofOptions::new(suite, job.verification_method, created);
        sign_with(job.document, self.key.signer(), &options, self.contexts, &Limits::default())
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
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256] {
            opens_only_so(algorithm);
        }
    }

    fn opens_only_so(algorithm: Algorithm) {
        let ring = |byte| KeyRing::new(&MasterKey::from_bytes([byte; 32]), Arc::new(OsRandom), Contexts::bundled());
        let id = || KeyId::new(Timestamp(0), &OsRandom);
        let (one, other) = (id(), id());
        let (public, sealed) = ring(1).generate(one, algorithm).unwrap();
        assert!(ring(1).open(one, &public, &sealed).is_ok());
        assert!(ring(1).open(other, &public, &sealed).is_err());
        assert!(ring(2).open(one, &public, &sealed).is_err());
        let used = ring(1);
        used.open(one, &public, &sealed).unwrap();
        assert!(
            used.open(one, &used.generate(one, algorithm).unwrap().0, &sealed).is_err(),
            "once opened, still compared"
        );
    }
}
