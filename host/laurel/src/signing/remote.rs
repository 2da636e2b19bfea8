//! The host's side of the socket. A signer that is away delays signing and loses nothing: what waits is asked for again.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use laurel_core::credentials::{Key, SignError, Signer, SigningJob};
use laurel_core::id::KeyId;
use laurel_core::organisations::Algorithm;
use tokio::net::UnixStream;
use zeroize::Zeroizing;

use super::wire::{self, Answer, Batch, Job, Outcome, Request};
use super::{HostKeys, cores};

/// How long one exchange may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of documents in one request, unless a single one has more.
const BATCH_BYTES: usize = 1 << 20;
/// Idle connections kept.
const IDLE: usize = 16;
/// How long a starting host waits for its signer, which may be starting too.
const PATIENCE: Duration = Duration::from_secs(15);

type Answers = Vec<Result<Vec<u8>, SignError>>;

/// Asks a signer process.
#[derive(Clone)]
pub(crate) struct RemoteSigner {
    socket: Arc<PathBuf>,
    idle: Arc<Mutex<Vec<UnixStream>>>,
}

impl RemoteSigner {
    pub(crate) fn new(socket: &Path) -> Self {
        Self { socket: Arc::new(socket.to_owned()), idle: Arc::default() }
    }

    /// Greets the signer, waiting a while for one that is just starting; what it gives is all of the master key that the host gets.
    pub(crate) async fn host_keys(&self) -> Result<HostKeys> {
        let hello = wire::frame(&Request::Hello { version: wire::VERSION })?;
        let greeting = async {
            let mut told = false;
            loop {
                match self.exchange(&hello).await {
                    Ok(answer) => break answer,
                    Err(why) if !told => tracing::warn!("waiting for the signer: {why}"),
                    Err(_) => {}
                }
                told = true;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        let answer = tokio::time::timeout(PATIENCE, greeting).await;
        let answer = answer.with_context(|| self.advice("no signer answers"))?;
        match serde_json::from_slice(&answer) {
            Ok(Answer::Hello { vault, compiled }) => {
                Ok(HostKeys { vault: secret(vault)?, compiled: secret(compiled)? })
            }
            Ok(Answer::Refused(why)) => bail!("the signer refuses: {why}"),
            _ => bail!("{}", self.advice("what answers is no signer")),
        }
    }

    fn advice(&self, fault: &str) -> String {
        format!("{fault} on {}; start one with laurel signer --socket", self.socket.display())
    }

    /// One request and its answer, over a connection of this exchange's own. One that the signer closed meanwhile is replaced once.
    async fn exchange(&self, frame: &[u8]) -> Result<Vec<u8>, SignError> {
        let away = |why: &dyn fmt::Display| SignError::Unavailable(format!("{}: {why}", self.socket.display()));
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut stream) = kept
            && let Ok(answer) = converse(&mut stream, frame).await
        {
            self.keep(stream);
            return Ok(answer);
        }
        let mut stream = UnixStream::connect(&*self.socket).await.map_err(|why| away(&why))?;
        let answer = converse(&mut stream, frame).await.map_err(|why| away(&why))?;
        self.keep(stream);
        Ok(answer)
    }

    fn keep(&self, stream: UnixStream) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(stream);
        }
    }

    async fn sign_batch(
        self,
        id: KeyId,
        request: Vec<u8>,
        places: Vec<usize>,
    ) -> Result<(Vec<usize>, Answers), SignError> {
        let answer = self.exchange(&request).await?;
        let outcomes = match serde_json::from_slice(&answer) {
            Ok(Answer::Signed(outcomes)) if outcomes.len() == places.len() => outcomes,
            Ok(Answer::KeyRefused(why)) => return Err(SignError::Key(id, why)),
            Ok(Answer::Refused(why)) => return Err(SignError::Unavailable(why)),
            _ => return Err(SignError::Unavailable("its answer cannot be read".to_owned())),
        };
        let answers = outcomes.into_iter().map(|outcome| match outcome {
            Outcome::Document(document) => Ok(document.into_owned().into_bytes()),
            Outcome::Refused(why) => Err(SignError::Document(why)),
        });
        Ok((places, answers.collect()))
    }
}

impl fmt::Debug for RemoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteSigner").field("socket", &self.socket).finish_non_exhaustive()
    }
}

async fn converse(stream: &mut UnixStream, frame: &[u8]) -> std::io::Result<Vec<u8>> {
    let exchange = async {
        wire::send(stream, frame).await?;
        wire::receive(stream).await?.ok_or_else(|| std::io::Error::other("it hung up"))
    };
    tokio::time::timeout(TIMEOUT, exchange).await.map_err(std::io::Error::other)?
}

fn secret(text: String) -> Result<Zeroizing<[u8; 32]>> {
    let text = Zeroizing::new(text);
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(&*text, &mut *bytes).context("the signer's greeting cannot be read")?;
    Ok(bytes)
}

#[async_trait]
impl Signer for RemoteSigner {
    async fn sign(&self, key: &Key, jobs: &[SigningJob<'_>]) -> Result<Answers, SignError> {
        let mut answers: Vec<Option<Result<Vec<u8>, SignError>>> = Vec::new();
        answers.resize_with(jobs.len(), || None);
        let mut under_way = tokio::task::JoinSet::new();
        for (places, jobs) in batches(jobs, &mut answers) {
            let batch =
                Batch { id: key.id, public: key.public.as_str().into(), sealed: hex::encode(&key.sealed).into(), jobs };
            let frame = wire::frame(&Request::Sign(batch)).map_err(|why| SignError::Unavailable(why.to_string()))?;
            under_way.spawn(self.clone().sign_batch(key.id, frame, places));
        }
        while let Some(batch) = under_way.join_next().await {
            let (places, signed) = batch.map_err(|why| SignError::Unavailable(why.to_string()))??;
            for (place, answer) in places.into_iter().zip(signed) {
                answers[place] = Some(answer);
            }
        }
        let unanswered = || Err(SignError::Unavailable("a document got no answer".to_owned()));
        Ok(answers.into_iter().map(|answer| answer.unwrap_or_else(unanswered)).collect())
    }

    async fn generate(&self, id: KeyId, algorithm: Algorithm) -> Result<(String, Vec<u8>), SignError> {
        let request =
            wire::frame(&Request::Generate { id, algorithm }).map_err(|why| SignError::Unavailable(why.to_string()))?;
        match serde_json::from_slice(&self.exchange(&request).await?) {
            Ok(Answer::Generated { public, sealed }) => {
                let sealed = hex::decode(sealed).map_err(|why| SignError::Unavailable(why.to_string()))?;
                Ok((public, sealed))
            }
            Ok(Answer::Refused(why)) => Err(SignError::Unavailable(why)),
            _ => Err(SignError::Unavailable("its answer cannot be read".to_owned())),
        }
    }
}

/// Documents in requests of bearable size, so many that every core of the signer has work, each with its place. A document that cannot
/// be sent has its answer at once.
fn batches<'a>(
    jobs: &[SigningJob<'a>],
    answers: &mut [Option<Result<Vec<u8>, SignError>>],
) -> Vec<(Vec<usize>, Vec<Job<'a>>)> {
    let most = jobs.len().div_ceil(cores()).clamp(1, wire::MAX_JOBS);
    let mut batches: Vec<(Vec<usize>, Vec<Job<'a>>)> = Vec::new();
    if jobs.is_empty() {
        // Nothing to sign still asks whether the key opens.
        return vec![(Vec::new(), Vec::new())];
    }
    let mut bytes = 0;
    for (place, job) in jobs.iter().enumerate() {
        match Job::of(job) {
            Err(why) => answers[place] = Some(Err(why)),
            Ok(sendable) => {
                bytes += job.document.len();
                match batches.last_mut() {
                    Some((places, batch)) if batch.len() < most && bytes <= BATCH_BYTES => {
                        places.push(place);
                        batch.push(sendable);
                    }
                    _ => {
                        bytes = job.document.len();
                        batches.push((vec![place], vec![sendable]));
                    }
                }
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::{MasterKey, OsRandom};
    use crate::signing::{KeyRing, Server};
    use laurel_core::credentials::KeyState;
    use laurel_core::id::OrganisationId;
    use laurel_core::organisations::Suite;
    use laurel_core::time::Timestamp;
    use laurel_openbadges::contexts::Contexts;
    use laurel_openbadges::keys::{DidKey, DidWeb, Multikey, PublicKey};

    async fn serve(folder: &Path) -> tokio::task::JoinHandle<()> {
        let master = MasterKey::from_bytes([1; 32]);
        let keys = KeyRing::new(&master, Arc::new(OsRandom), Contexts::bundled());
        let server = Server::bind(&folder.join("s"), keys, HostKeys::of(&master), &[]).await.unwrap();
        tokio::spawn(server.run(std::future::pending()))
    }

    async fn key(signer: &RemoteSigner) -> Key {
        key_of(signer, Algorithm::EdDsa).await
    }

    async fn key_of(signer: &RemoteSigner, algorithm: Algorithm) -> Key {
        let now = Timestamp(0);
        let id = KeyId::new(now, &OsRandom);
        let (public, sealed) = signer.generate(id, algorithm).await.unwrap();
        let organisation = OrganisationId::new(now, &OsRandom);
        Key { id, organisation, public, sealed, state: KeyState::Active, created: now }
    }

    fn credential(issuer: &str, subject: &str) -> String {
        format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"{issuer}","credentialSubject":{{"id":"{subject}","name":"Ada"}}}}"#
        )
    }

    fn job<'a>(document: &'a str, method: &'a str) -> SigningJob<'a> {
        let (suite, created) = (Suite::EddsaRdfc2022, Timestamp(1_795_306_200_000));
        SigningJob { document: document.as_bytes(), suite, verification_method: method, created }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_complete_credentials_of_the_key_s_own_issuer_get_out_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let _server = serve(folder.path()).await;
        let signer = RemoteSigner::new(&folder.path().join("s"));
        let key = key(&signer).await;
        let did = DidKey::new(key.public.parse::<Multikey>().unwrap());
        let (issuer, method) = (did.to_string(), did.verification_method());
        let mut documents: Vec<String> = (0..300).map(|each| credential(&issuer, &format!("urn:x:{each}"))).collect();
        documents[7] = credential("did:web:somebody.example", "urn:x:7");
        documents[8] = r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:x:8"}"#.to_owned();
        documents[9] = "not JSON".to_owned();
        let large = " ".repeat(wire::MAX_DOCUMENT + 1);
        documents[10] = large;
        let jobs: Vec<SigningJob<'_>> = documents.iter().map(|document| job(document, &method)).collect();
        let answers = signer.sign(&key, &jobs).await.unwrap();
        for (place, answer) in answers.iter().enumerate() {
            match answer {
                Ok(signed) => {
                    let document = &documents[place];
                    assert!(signed.starts_with(&document.as_bytes()[..document.len() - 1]), "{place}");
                }
                Err(SignError::Document(_)) => assert!((7..=10).contains(&place), "{place}: {answer:?}"),
                other => panic!("{place}: {other:?}"),
            }
        }
        assert!(answers[7].as_ref().unwrap_err().to_string().contains("somebody.example"));
    }

    #[tokio::test]
    async fn a_did_web_issuer_is_known_by_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let _server = serve(folder.path()).await;
        let signer = RemoteSigner::new(&folder.path().join("s"));
        let key = key(&signer).await;
        let issuer = "did:web:badges.example:acme";
        let document = credential(issuer, "urn:x:1");
        let of = |public: &str| format!("{issuer}#{public}");
        let (own, other) = (of(&key.public), of("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"));
        let answers = signer.sign(&key, &[job(&document, &own), job(&document, &other)]).await.unwrap();
        assert!(answers[0].is_ok(), "{answers:?}");
        assert!(matches!(answers[1], Err(SignError::Document(_))), "{answers:?}");
    }

    #[tokio::test]
    async fn tokens_pass_the_same_scrutiny() {
        let folder = tempfile::tempdir().unwrap();
        let _server = serve(folder.path()).await;
        let signer = RemoteSigner::new(&folder.path().join("s"));
        for suite in [Suite::VcJwt, Suite::VcJwtEs256, Suite::VcJwtRs256] {
            let key = key_of(&signer, suite.algorithm()).await;
            scrutinised(&signer, &key, suite).await;
        }
    }

    async fn scrutinised(signer: &RemoteSigner, key: &Key, suite: Suite) {
        let public: PublicKey = key.public.parse().unwrap();
        let did = public.did_key();
        let document = |issuer: &str| {
            let from = r#""id":"urn:x:2","validFrom":"2026-11-22T00:00:00Z","issuer""#;
            credential(issuer, "urn:x:1").replace(r#""issuer""#, from)
        };
        let web = "did:web:badges.example:acme";
        let by_web = web.parse::<DidWeb>().unwrap().verification_method(&public);
        let by_key = format!("{did}#{public}");
        let mut documents = [&*did, web, "did:web:somebody.example"].map(document).to_vec();
        documents.push(credential(web, "urn:x:1"));
        let methods = [&by_key, &by_web, &by_web, &by_web];
        let jobs = documents.iter().zip(methods);
        let jobs: Vec<SigningJob<'_>> =
            jobs.map(|(document, method)| SigningJob { suite, ..job(document, method) }).collect();
        let answers = signer.sign(key, &jobs).await.unwrap();
        for good in &answers[..2] {
            assert!(laurel_openbadges::jwt::is_token(good.as_ref().unwrap()), "{answers:?}");
        }
        for (bad, words) in [(&answers[2], "somebody.example"), (&answers[3], "jti")] {
            let why = bad.as_ref().unwrap_err();
            assert!(matches!(why, SignError::Document(_)) && why.to_string().contains(words), "{why}");
        }
    }

    #[tokio::test]
    async fn a_signer_that_died_is_unavailable_and_then_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let server = serve(folder.path()).await;
        let signer = RemoteSigner::new(&folder.path().join("s"));
        let key = key(&signer).await;
        server.abort();
        let _ = server.await;
        signer.idle.lock().unwrap().clear();
        assert!(matches!(signer.sign(&key, &[job("{}", "did:key:z")]).await, Err(SignError::Unavailable(_))));
        let _again = serve(folder.path()).await;
        let keys = signer.host_keys().await.unwrap();
        assert_eq!(keys.vault, HostKeys::of(&MasterKey::from_bytes([1; 32])).vault);
        assert!(signer.sign(&key, &[]).await.unwrap().is_empty());
    }
}
