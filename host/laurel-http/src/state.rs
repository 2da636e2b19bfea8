//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use laurel_core::House;

use crate::auth::TokenCache;

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
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_request: 4 * 1024 * 1024,
            max_component: 8 * 1024 * 1024,
            token_memory: Duration::from_secs(5),
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
    pub(crate) tokens: Arc<TokenCache>,
}

impl AppState {
    /// Over a house.
    pub fn new(house: House, config: Config) -> Self {
        let tokens = Arc::new(TokenCache::new(config.token_memory));
        Self { house, config: Arc::new(config), tokens }
    }
}
