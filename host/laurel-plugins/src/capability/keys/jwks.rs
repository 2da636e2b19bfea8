//! Sets of public keys: inline in a secret, or behind an https address, fetched and kept for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use laurel_core::plugins::{Outbound, OutboundRequest};

use super::jws::{KeySet, Token, Verdict};
use crate::limits::{FETCH_TIMEOUT, MAX_KEY_SET};

/// How long a fetched set is good.
const FRESH: Duration = Duration::from_secs(3_600);

/// An unknown key id has the set fetched again, but not more often than this: ids are chosen by whoever sends the token.
const REFETCH_PAUSE: Duration = Duration::from_secs(30);

/// Most addresses remembered; more than that many organisations' partners do not rotate their keys within an hour.
const MAX_SETS: usize = 1_024;

/// Where sets behind addresses are kept, for all calls together.
#[derive(Debug)]
pub(crate) struct KeySets {
    outbound: Arc<dyn Outbound>,
    fetched: Mutex<HashMap<String, Fetched>>,
}

#[derive(Debug, Clone)]
struct Fetched {
    set: Arc<KeySet>,
    at: Instant,
    /// The last attempt to renew it, successful or not.
    tried: Instant,
}

impl KeySets {
    pub(crate) fn new(outbound: Arc<dyn Outbound>) -> Self {
        Self { outbound, fetched: Mutex::default() }
    }

    /// The payload if a key of the set signed the token. `value` is the set as JSON, or its https address.
    pub(super) async fn verify(&self, value: &str, token: &Token<'_>) -> Result<Option<Vec<u8>>, String> {
        let value = value.trim();
        let verdict = if value.starts_with('{') {
            KeySet::parse(value.as_bytes())?.verify(token)
        } else if value.starts_with("https://") {
            self.verify_by_address(value, token).await?
        } else {
            return Err("it begins with neither { nor https://".to_owned());
        };
        Ok(match verdict {
            Verdict::Signed(payload) => Some(payload),
            Verdict::Forged | Verdict::UnknownKey => None,
        })
    }

    async fn verify_by_address(&self, address: &str, token: &Token<'_>) -> Result<Verdict, String> {
        let kept = match self.known(address) {
            Some(kept) => kept,
            None => self.fetch(address).await?,
        };
        let verdict = kept.set.verify(token);
        let wanted = verdict == Verdict::UnknownKey || kept.at.elapsed() >= FRESH;
        if !wanted || kept.tried.elapsed() < REFETCH_PAUSE {
            return Ok(verdict);
        }
        // Stale, or a key that the partner has just rotated in. If the address does not answer now, what is known has spoken.
        self.note_attempt(address);
        Ok(self.fetch(address).await.map_or(verdict, |renewed| renewed.set.verify(token)))
    }

    fn sets(&self) -> MutexGuard<'_, HashMap<String, Fetched>> {
        // Nobody panics while holding it; if somebody did, the map is whole all the same.
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, address: &str) -> Option<Fetched> {
        self.sets().get(address).cloned()
    }

    fn note_attempt(&self, address: &str) {
        if let Some(kept) = self.sets().get_mut(address) {
            kept.tried = Instant::now();
        }
    }

    async fn fetch(&self, address: &str) -> Result<Fetched, String> {
        let request = OutboundRequest {
            method: "GET".to_owned(),
            url: address.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            allowed_hosts: vec![crate::capability::http::host(address).ok_or("the address names no host")?.to_owned()],
            max_body: MAX_KEY_SET,
            timeout: FETCH_TIMEOUT,
        };
        let response =
            self.outbound.send(request).await.map_err(|error| format!("the address does not answer: {error}"))?;
        if response.status != 200 {
            return Err(format!("the address answers with status {}", response.status));
        }
        let now = Instant::now();
        let fetched = Fetched { set: Arc::new(KeySet::parse(&response.body)?), at: now, tried: now };
        let mut sets = self.sets();
        if sets.len() >= MAX_SETS {
            sets.retain(|_, kept| kept.at.elapsed() < FRESH);
        }
        if sets.len() < MAX_SETS {
            sets.insert(address.to_owned(), fetched.clone());
        }
        Ok(fetched)
    }
}
