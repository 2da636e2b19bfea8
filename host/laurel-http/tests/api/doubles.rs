//! Doubles of the ports that are not the store.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use async_trait::async_trait;
use laurel_core::bell::{Bell, Work};
use laurel_core::credentials::{Key, SignError, Signer, SigningJob, Vault, VaultError};
use laurel_core::id::KeyId;
use laurel_core::organisations::Algorithm;
use laurel_core::plugins::{
    CallContext, CallError, Checked, CriteriaEvent, Evaluated, HookRequest, HookResponse, IncomingEvent, LoadError,
    Manifest, PluginDigest, Reception, Refusal, Requirement, Sandbox,
};
use laurel_core::random::Random;
use laurel_core::subjects::{Identifier, SubjectKind};
use laurel_core::time::{Clock, Timestamp};
use laurel_openbadges::keys::SigningKey;
use zeroize::Zeroizing;

/// A clock that goes on by a millisecond whenever it is asked.
#[derive(Debug)]
pub(crate) struct Ticking(AtomicI64);

impl Ticking {
    pub(crate) fn from(begin: &str) -> Self {
        Self(AtomicI64::new(begin.parse::<Timestamp>().unwrap().0))
    }

    pub(crate) fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Real randomness.
#[derive(Debug)]
pub(crate) struct Dice;

impl Random for Dice {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter of the tests")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

/// Seals by turning the bytes around behind their context.
pub(crate) struct Envelope;

impl Vault for Envelope {
    fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        context.bytes().chain([0]).chain(plain.iter().rev().copied()).collect()
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let rest = sealed.strip_prefix(context.as_bytes()).and_then(|rest| rest.strip_prefix(&[0]));
        rest.map(|rest| Zeroizing::new(rest.iter().rev().copied().collect())).ok_or(VaultError)
    }
}

/// Makes real keys; signs nothing.
#[derive(Default)]
pub(crate) struct Keys(AtomicU64);

#[async_trait]
impl Signer for Keys {
    async fn sign(&self, _: &Key, jobs: &[SigningJob<'_>]) -> Result<Vec<Result<Vec<u8>, SignError>>, SignError> {
        Ok(jobs.iter().map(|_| Err(SignError::Unavailable("a double".into()))).collect())
    }

    async fn generate(&self, _: KeyId, _: Algorithm) -> Result<(String, Vec<u8>), SignError> {
        let mut seed = [7; 32];
        seed[..8].copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        Ok((SigningKey::from_seed(&seed).multikey().to_string(), seed.to_vec()))
    }
}

/// Counts.
#[derive(Debug, Default)]
pub(crate) struct Counted(pub(crate) Mutex<Vec<Work>>);

impl Bell for Counted {
    fn ring(&self, work: Work) {
        self.0.lock().unwrap().push(work);
    }
}

/// A sandbox whose plugins are their own manifests: the "component" is TOML-as-JSON text of a [`Manifest`].
///
/// Its criteria plugin finds fault with settings that have a member `bad`. Its connector reads the body as `account:kind:time`, wants
/// the header `x-secret` to be the secret `key`, and answers `thanks`.
#[derive(Default)]
pub(crate) struct Puppets {
    pub(crate) seen: Mutex<Vec<HookRequest>>,
}

impl fmt::Debug for Puppets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Puppets")
    }
}

impl Puppets {
    fn translate(body: &str, received: Timestamp) -> Result<IncomingEvent, Refusal> {
        let refusal =
            |reason: &str| Refusal { reason: reason.into(), detail: format!("cannot read {body:?}: send a|kind") };
        let (name, kind) = body.split_once('|').ok_or_else(|| refusal("malformed"))?;
        Ok(IncomingEvent {
            id: body.to_owned(),
            kind: kind.to_owned(),
            time: received,
            subject_kind: SubjectKind::Person,
            identifiers: vec![
                Identifier::Account { home_page: "https://lms.example.org".into(), name: name.to_owned() },
                Identifier::Email { address: format!("{name}@example.org") },
            ],
            data: "{}".to_owned(),
        })
    }
}

#[async_trait]
impl Sandbox for Puppets {
    async fn load(&self, component: &[u8]) -> Result<(PluginDigest, Manifest), LoadError> {
        let manifest: Manifest =
            serde_json::from_slice(component).map_err(|error| LoadError::NotAComponent(error.to_string()))?;
        let mut digest = [0; 32];
        digest[..manifest.name.len()].copy_from_slice(manifest.name.as_bytes());
        digest[31] = u8::try_from(manifest.version.len()).unwrap_or(u8::MAX);
        Ok((PluginDigest(digest), manifest))
    }

    fn is_loaded(&self, _: PluginDigest) -> bool {
        true
    }

    fn check(&self, _: PluginDigest, settings: &str) -> Result<Checked, CallError> {
        if settings.contains("trap") {
            return Err(CallError::Trap("unreachable".into()));
        }
        if settings.contains("bad") {
            return Ok(Err(vec![laurel_core::Problem::at("/bad", "take it out")]));
        }
        Ok(Ok(vec![Requirement { id: "1".into(), text: "Complete a course.".into() }]))
    }

    fn evaluate(
        &self,
        _: PluginDigest,
        _: &str,
        _: Option<&[u8]>,
        _: &[CriteriaEvent],
    ) -> Result<Evaluated, CallError> {
        Err(CallError::Trap("a double".into()))
    }

    async fn receive(
        &self,
        _: PluginDigest,
        context: &CallContext,
        request: &HookRequest,
    ) -> Result<Result<Reception, Refusal>, CallError> {
        self.seen.lock().unwrap().push(request.clone());
        let body = String::from_utf8_lossy(&request.body).into_owned();
        if body == "trap" {
            return Err(CallError::Trap("unreachable".into()));
        }
        let sent = request.headers.iter().find(|header| header.name == "x-secret").map(|header| header.value.as_str());
        let known = context.secrets.get("key").is_some_and(|values| values.iter().any(|v| Some(v.as_str()) == sent));
        if !known {
            let detail = "sign the delivery".to_owned();
            return Ok(Err(Refusal { reason: "bad-signature".into(), detail }));
        }
        let response = HookResponse { status: 200, headers: Vec::new(), body: b"thanks".to_vec() };
        Ok(Self::translate(&body, request.received).map(|event| Reception { response, events: vec![event] }))
    }
}
