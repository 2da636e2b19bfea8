//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use laurel_core::House;
use laurel_core::credentials::Surroundings;
use laurel_core::plugins::Outbound;
use tokio::sync::Semaphore;

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
    pub(crate) verifications: Arc<Semaphore>,
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
            tokens,
            metrics: Arc::default(),
        }
    }

    /// What a verification of now may ask.
    pub(crate) fn surroundings(&self) -> Surroundings<'_> {
        let now = self.house.clock.now();
        Surroundings {
            now,
            house: Some(&self.house),
            outbound: self.outbound.as_deref(),
            plain_http: false,
            recipient: None,
            older_badges: false,
        }
    }

    /// The same with a way out.
    #[must_use]
    pub fn with_outbound(self, outbound: Arc<dyn Outbound>) -> Self {
        Self { outbound: Some(outbound), ..self }
    }
}
