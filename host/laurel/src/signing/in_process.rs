//! Signs in this process.

use std::sync::Arc;

use async_trait::async_trait;
use laurel_core::credentials::{Key, SignError, Signer, SigningJob};
use laurel_core::id::KeyId;
use laurel_core::organisations::{Algorithm, Suite};
use laurel_core::time::Timestamp;

use super::keyring::OpenKey;
use super::{KeyRing, cores};

/// With so many documents it pays to hand some of them to another thread.
const WORTH_A_THREAD: usize = 8;

type Answers = Vec<Result<Vec<u8>, SignError>>;

/// The signer that needs no other process.
#[derive(Debug)]
pub(crate) struct InProcessSigner {
    keys: Arc<KeyRing>,
}

impl InProcessSigner {
    pub(crate) fn new(keys: KeyRing) -> Self {
        Self { keys: Arc::new(keys) }
    }
}

#[async_trait]
impl Signer for InProcessSigner {
    async fn sign(&self, key: &Key, jobs: &[SigningJob<'_>]) -> Result<Answers, SignError> {
        let signing = self.keys.open(key.id, &key.public, &key.sealed)?;
        let enough = if signing.is_slow() { 1 } else { WORTH_A_THREAD };
        if jobs.len() < enough {
            return Ok(jobs.iter().map(|job| signing.sign(job)).collect());
        }
        sign_on_every_core(&signing, jobs).await
    }

    async fn generate(&self, id: KeyId, algorithm: Algorithm) -> Result<(String, Vec<u8>), SignError> {
        let keys = Arc::clone(&self.keys);
        let made = tokio::task::spawn_blocking(move || keys.generate(id, algorithm)).await;
        made.map_err(|why| why.to_string()).flatten().map_err(SignError::Unavailable)
    }
}

async fn sign_on_every_core(signing: &OpenKey, jobs: &[SigningJob<'_>]) -> Result<Answers, SignError> {
    let parts: Vec<_> = jobs.chunks(jobs.len().div_ceil(cores())).map(|part| sign_apart(signing, part)).collect();
    let mut answers = Vec::with_capacity(jobs.len());
    for part in parts {
        answers.extend(part.await.map_err(|why| SignError::Unavailable(why.to_string()))?);
    }
    Ok(answers)
}

/// Signs on a thread where blocking is allowed. The documents are copied, which costs next to nothing beside a signature.
fn sign_apart(signing: &OpenKey, jobs: &[SigningJob<'_>]) -> tokio::task::JoinHandle<Answers> {
    let owned: Vec<(Vec<u8>, Suite, String, Timestamp)> = jobs
        .iter()
        .map(|job| (job.document.to_vec(), job.suite, job.verification_method.to_owned(), job.created))
        .collect();
    let signing = signing.clone();
    tokio::task::spawn_blocking(move || {
        let jobs = owned.iter().map(|(document, suite, method, created)| SigningJob {
            document,
            suite: *suite,
            verification_method: method,
            created: *created,
        });
        jobs.map(|job| signing.sign(&job)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::{MasterKey, OsRandom};
    use laurel_core::credentials::KeyState;
    use laurel_core::id::OrganisationId;
    use laurel_openbadges::contexts::Contexts;

    fn signer() -> InProcessSigner {
        InProcessSigner::new(KeyRing::new(&MasterKey::from_bytes([1; 32]), Arc::new(OsRandom), Contexts::bundled()))
    }

    async fn key(signer: &InProcessSigner) -> Key {
        key_of(signer, Algorithm::EdDsa).await
    }

    async fn key_of(signer: &InProcessSigner, algorithm: Algorithm) -> Key {
        let now = Timestamp(0);
        let id = KeyId::new(now, &OsRandom);
        let (public, sealed) = signer.generate(id, algorithm).await.unwrap();
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
    async fn tokens_of_every_kind_of_key_come_out_the_same_each_time() {
        let signer = signer();
        for suite in [Suite::VcJwt, Suite::VcJwtEs256, Suite::VcJwtRs256] {
            let key = key_of(&signer, suite.algorithm()).await;
            let did = format!("did:key:{}", key.public);
            let method = format!("{did}#{}", key.public);
            let text = format!(
                r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:x:2","type":["VerifiableCredential"],"issuer":"{did}","validFrom":"2026-11-22T00:00:00Z","credentialSubject":{{"id":"urn:x:1"}}}}"#
            );
            let token = SigningJob { suite, verification_method: &method, ..job(text.as_bytes()) };
            let mut signed = Vec::new();
            for jobs in [[token].as_slice(), &[token; 11]] {
                signed.extend(signer.sign(&key, jobs).await.unwrap().into_iter().map(Result::unwrap));
            }
            assert!(signed.len() == 12 && signed.iter().all(|each| *each == signed[0]), "{suite:?}");
            assert!(signer.sign(&key, &[]).await.unwrap().is_empty());
            let proof = signer.sign(&key, &[job(b"{}")]).await.unwrap().remove(0);
            assert_eq!(proof.is_ok(), suite == Suite::VcJwt, "{proof:?}");
        }
    }

    /// Runs on one thread: were a key of RSA made on it, nothing else would get a turn meanwhile.
    #[tokio::test(flavor = "current_thread")]
    async fn making_a_key_of_rsa_stops_nobody() {
        let signer = signer();
        let making = key_of(&signer, Algorithm::Rs256);
        tokio::pin!(making);
        let mut turns = 0_u32;
        let key = loop {
            tokio::select! {
                biased;
                key = &mut making => break key,
                () = tokio::task::yield_now() => turns += 1,
            }
        };
        assert!(turns > 0 && key.public.starts_with("z4MX"), "{turns} {key:?}");
    }

    #[tokio::test]
    async fn one_bad_document_does_not_spoil_the_others() {
        let signer = signer();
        let key = key(&signer).await;
        let answers = signer.sign(&key, &[job(b"[]"), job(b"{\"a\":1}")]).await.unwrap();
        assert!(matches!(&answers[0], Err(SignError::Document(_))) && answers[1].is_ok());
    }
}
