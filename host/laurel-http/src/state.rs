//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use laurel_core::credentials::{Fetched, Surroundings};
use laurel_core::plugins::Outbound;
use laurel_core::{Error, House};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::auth::TokenCache;
use crate::metrics::Metrics;
use crate::pages::assets::BrowserVerifier;

/// Verifications at once; each may wait for documents of others.
const VERIFICATIONS: usize = 8;

/// The settings of the HTTP layer.
#[derive(Clone, Debug)]
pub struct Config {
    /// Bytes a request body may have.
    pub max_request: usize,
    /// Bytes an uploaded component may have.
    pub max_component: usize,
    /// How long a token that was looked up is trusted without asking the store again: so long a revoked one may go on working on
    /// another replica.
    pub token_memory: Duration,
    /// Whether a caller of the VC-API who asks for the check `proof` is answered about nothing but proofs, not about whose key it was.
    /// The conformance suites expect it. Elsewhere it would let anybody sign in the name of anybody.
    pub proof_alone: bool,
    /// The operator's privacy policy, an address; none means that the host's own page says what it keeps.
    pub privacy_policy: Option<String>,
    /// The operator's terms of service, likewise.
    pub terms: Option<String>,
    /// The verifier for visitors' browsers; none means that the host alone verifies.
    pub browser_verifier: Option<BrowserVerifier>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_request: 4 * 1024 * 1024,
            max_component: 8 * 1024 * 1024,
            token_memory: Duration::from_secs(5),
            proof_alone: false,
            privacy_policy: None,
            terms: None,
            browser_verifier: None,
        }
    }
}

/// The house, the settings, and what is remembered between requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The use cases' ports.
    pub house: House,
    /// The settings.
    pub config: Arc<Config>,
    /// The way out, for credentials and issuers elsewhere that the verify page is asked about; none means that it fetches nothing.
    pub outbound: Option<Arc<dyn Outbound>>,
    verifications: Arc<Semaphore>,
    /// Public documents that verifications have fetched.
    fetched: Arc<Fetched>,
    pub(crate) tokens: Arc<TokenCache>,
    pub(crate) metrics: Arc<Metrics>,
}

impl AppState {
    /// Over a house.
    pub fn new(house: House, config: Config) -> Self {
        let tokens = Arc::new(TokenCache::new(config.token_memory));
        Self {
            house,
            outbound: None,
            config: Arc::new(config),
            verifications: Arc::new(Semaphore::new(VERIFICATIONS)),
            fetched: Arc::default(),
            tokens,
            metrics: Arc::default(),
        }
    }

    /// What a verification of now may ask.
    pub(crate) fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            now: self.house.clock.now(),
            clock: &*self.house.clock,
            house: Some(&self.house),
            contexts: self.house.contexts,
            outbound: self.outbound.as_deref(),
            fetched: &self.fetched,
            plain_http: false,
            recipient: None,
            open_badges_2: false,
        }
    }

    /// A turn to verify, at once.
    ///
    /// # Errors
    /// That so many are being verified that the caller should come back later.
    pub(crate) fn turn(&self) -> Result<Turn, Error> {
        let permit = Arc::clone(&self.verifications).try_acquire_owned();
        permit.map(|permit| Turn { _permit: permit }).map_err(|_| Error::Busy { retry_after_seconds: 2 })
    }

    /// A turn to verify, waited for.
    pub(crate) async fn next_turn(&self) -> Result<Turn, Error> {
        let permit = Arc::clone(&self.verifications).acquire_owned().await;
        permit.map(|permit| Turn { _permit: permit }).map_err(|_| Error::Busy { retry_after_seconds: 2 })
    }

    /// Does work on what may hold endorsements. Where it does, they are verified, which takes a turn.
    ///
    /// # Errors
    /// Those of the work, and of [`Self::turn`].
    pub(crate) async fn endorsed<T, W>(&self, is_endorsed: bool, work: impl FnOnce(Self) -> W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let work = work(self.clone());
        if is_endorsed { self.turn()?.take(work).await? } else { work.await }
    }

    /// The same with a way out.
    #[must_use]
    pub fn with_outbound(self, outbound: Arc<dyn Outbound>) -> Self {
        Self { outbound: Some(outbound), ..self }
    }
}

/// The right to verify, which others wait for.
#[derive(Debug)]
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    /// Verifies on a thread that no other request waits for. The turn ends with the work, also when nobody waits for that any more.
    pub(crate) async fn take<T: Send + 'static>(
        self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Error> {
        let runtime = Handle::current();
        let done = tokio::task::spawn_blocking(move || {
            let result = runtime.block_on(work);
            drop(self);
            result
        });
        done.await.map_err(|why| Error::Internal(format!("a verification ended early: {why}")))
    }
}
