//! Signs in this process, with keys opened through the vault.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use async_trait::async_trait;
use laurel_core::credentials::{Key, SignError, Signer, SigningJob, Vault};
use laurel_core::id::KeyId;
use laurel_core::organisations::Suite;
use laurel_core::random::Random;
use laurel_core::time::Timestamp;
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use zeroize::Zeroizing;

/// So many opened keys are kept at most.
const OPENED: usize = 256;
/// With so many documents it pays to hand some of them to another thread.
const WORTH_A_THREAD: usize = 8;

type Answers = Vec<Result<Vec<u8>, SignError>>;

/// The signer that needs no other process.
pub(crate) struct InProcessSigner {
    vault: Arc<dyn Vault>,
    random: Arc<dyn Random>,
    opened: Mutex<HashMap<KeyId, Arc<SigningKey>>>,
}

impl InProcessSigner {
    pub(crate) fn new(vault: Arc<dyn Vault>, random: Arc<dyn Random>) -> Self {
        Self { vault, random, opened: Mutex::default() }
    }

    fn open(&self, key: &Key) -> Result<Arc<SigningKey>, SignError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = opened.get(&key.id) {
            return Ok(Arc::clone(found));
        }
        let unusable = |why: &str| SignError::Key(key.id, why.to_owned());
        let seed = self.vault.open(&context(key.id), &key.sealed).map_err(|why| unusable(&why.to_string()))?;
        let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| unusable("what was sealed is no Ed25519 seed"))?;
        let signing = SigningKey::from_seed(seed);
        if signing.multikey().to_string() != key.public {
            return Err(unusable("its secret half does not belong to its public half"));
        }
        if opened.len() >= OPENED {
            opened.clear();
        }
        Ok(Arc::clone(opened.entry(key.id).or_insert(Arc::new(signing))))
    }
}

impl fmt::Debug for InProcessSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcessSigner").finish_non_exhaustive()
    }
}

#[async_trait]
impl Signer for InProcessSigner {
    async fn sign(&self, key: &Key, jobs: &[SigningJob<'_>]) -> Result<Answers, SignError> {
        let signing = self.open(key)?;
        if jobs.len() < WORTH_A_THREAD {
            return Ok(jobs.iter().map(|job| sign_one(&signing, job)).collect());
        }
        sign_on_every_core(&signing, jobs).await
    }

    async fn generate(&self, id: KeyId) -> Result<(String, Vec<u8>), SignError> {
        let mut seed = Zeroizing::new([0; 32]);
        self.random.fill(&mut *seed);
        let public = SigningKey::from_seed(&seed).multikey().to_string();
        Ok((public, self.vault.seal(&context(id), &*seed)))
    }
}

/// Binds a sealed seed to its key: under another id it does not open.
fn context(key: KeyId) -> String {
    format!("key:{key}")
}

async fn sign_on_every_core(signing: &Arc<SigningKey>, jobs: &[SigningJob<'_>]) -> Result<Answers, SignError> {
    let cores = available_parallelism().map_or(1, std::num::NonZero::get);
    let parts: Vec<_> = jobs.chunks(jobs.len().div_ceil(cores)).map(|part| sign_apart(signing, part)).collect();
    let mut answers = Vec::with_capacity(jobs.len());
    for part in parts {
        answers.extend(part.await.map_err(|why| SignError::Unavailable(why.to_string()))?);
    }
    Ok(answers)
}

/// Signs on a thread where blocking is allowed. The documents are copied, which costs next to nothing beside a signature.
fn sign_apart(signing: &Arc<SigningKey>, jobs: &[SigningJob<'_>]) -> tokio::task::JoinHandle<Answers> {
    let owned: Vec<(Vec<u8>, Suite, String, Timestamp)> = jobs
        .iter()
        .map(|job| (job.document.to_vec(), job.suite, job.verification_method.to_owned(), job.created))
        .collect();
    let signing = Arc::clone(signing);
    tokio::task::spawn_blocking(move || {
        let jobs = owned.iter().map(|(document, suite, method, created)| SigningJob {
            document,
            suite: *suite,
            verification_method: method,
            created: *created,
        });
        jobs.map(|job| sign_one(&signing, &job)).collect()
    })
}

fn sign_one(signing: &SigningKey, job: &SigningJob<'_>) -> Result<Vec<u8>, SignError> {
    let suite = match job.suite {
        Suite::EddsaRdfc2022 => Cryptosuite::EddsaRdfc2022,
        Suite::EddsaJcs2022 => Cryptosuite::EddsaJcs2022,
    };
    let created = laurel_openbadges::Timestamp::from_unix_seconds(job.created.0.div_euclid(1000));
    let options = ProofOptions::new(suite, job.verification_method, created);
    sign(job.document, signing, &options).map_err(|why| SignError::Document(why.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::{MasterKey, OsRandom, SealedVault};
    use laurel_core::credentials::KeyState;
    use laurel_core::id::OrganisationId;

    fn signer() -> InProcessSigner {
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        let vault = SealedVault::new(&MasterKey::from_bytes([1; 32]), Arc::clone(&random));
        InProcessSigner::new(Arc::new(vault), random)
    }

    async fn key(signer: &InProcessSigner) -> Key {
        let now = Timestamp(0);
        let id = KeyId::new(now, &OsRandom);
        let (public, sealed) = signer.generate(id).await.unwrap();
        let organisation = OrganisationId::new(now, &OsRandom);
        Key { id, organisation, public, sealed, state: KeyState::Active, created: now }
    }

    fn job(document: &[u8]) -> SigningJob<'_> {
        SigningJob { document, suite: Suite::EddsaJcs2022, verification_method: "did:key:z#z", created: Timestamp(0) }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_or_few_the_same_job_gives_the_same_bytes_in_order() {
        let signer = signer();
        let key = key(&signer).await;
        let documents: Vec<String> = (0..41).map(|number| format!(r#"{{"id":"urn:x:{number}"}}"#)).collect();
        let jobs: Vec<SigningJob<'_>> = documents.iter().map(|document| job(document.as_bytes())).collect();
        let many = signer.sign(&key, &jobs).await.unwrap();
        assert_eq!(many.len(), jobs.len());
        for (job, signed) in jobs.iter().zip(many) {
            let alone = signer.sign(&key, std::slice::from_ref(job)).await.unwrap().remove(0).unwrap();
            assert_eq!(alone, signed.unwrap());
        }
    }

    #[tokio::test]
    async fn a_seed_moved_to_another_key_does_not_sign() {
        let signer = signer();
        let (one, other) = (key(&signer).await, key(&signer).await);
        let moved = Key { sealed: other.sealed, ..one };
        assert!(matches!(signer.sign(&moved, &[]).await, Err(SignError::Key(..))));
    }

    #[tokio::test]
    async fn one_bad_document_does_not_spoil_the_others() {
        let signer = signer();
        let key = key(&signer).await;
        let answers = signer.sign(&key, &[job(b"[]"), job(b"{\"a\":1}")]).await.unwrap();
        assert!(matches!(&answers[0], Err(SignError::Document(_))) && answers[1].is_ok());
    }
}
