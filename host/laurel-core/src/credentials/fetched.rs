//! Public documents of others, remembered for a while: issuers' keys, status lists, hosted badges.
//!
//! They were asked for without a word about who asks, so whoever names the same address may have the same answer. What their server
//! wants nobody to keep is not kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use laurel_openbadges::verify::NeedKind;
use laurel_openbadges::{Limits, jwt};
use serde_json::Value;

use crate::plugins::{Header, OutboundResponse};
use crate::time::Timestamp;

/// Most bytes that are remembered, all documents together; one alone may have a quarter of them.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Most addresses that are remembered.
const MOST_ENTRIES: usize = 1_000;

/// Milliseconds for which keys and resources are good: so long may a key that its issuer gave up go on verifying.
const KEYS: i64 = 300_000;
/// For which a status list is good at most, and if it does not say how long.
const STATUS: i64 = 300_000;
const STATUS_UNSAID: i64 = 60_000;
/// For which a badge is good that is true only because it is served: long enough for one verification.
const HOSTED: i64 = 10_000;
/// For which an address that gave nothing is not asked again.
pub(super) const FAILURE: i64 = 5_000;

/// Why an address gave nothing.
#[derive(Clone, Debug)]
pub(super) struct NotFetched {
    pub(super) why: String,
    /// What was said to that, if it is gone for good (HTTP status 410): so badges of Open Badges 2.0 are revoked.
    pub(super) gone: Option<Vec<u8>>,
}

impl NotFetched {
    pub(super) fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), gone: None }
    }
}

/// What came of asking an address.
pub(super) type Answer = Result<Arc<[u8]>, NotFetched>;

/// The memory. One of them serves a whole process.
#[derive(Debug, Default)]
pub struct Fetched {
    kept: Mutex<Kept>,
}

/// An address, and what for: how long an answer is good depends on that, and nobody may make a list last longer by asking for it as
/// something else.
type Key = (NeedKind, String);

#[derive(Debug, Default)]
struct Kept {
    entries: HashMap<Key, Entry>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    answer: Answer,
    until: Timestamp,
}

impl Entry {
    fn size(&self) -> usize {
        match &self.answer {
            Ok(document) => document.len(),
            Err(failure) => failure.why.len() + failure.gone.as_ref().map_or(0, Vec::len),
        }
    }
}

impl Fetched {
    pub(super) fn get(&self, kind: NeedKind, url: &str, now: Timestamp) -> Option<Answer> {
        self.kept()
            .entries
            .get(&(kind, url.to_owned()))
            .filter(|entry| now < entry.until)
            .map(|entry| entry.answer.clone())
    }

    /// Remembers an answer for so many milliseconds.
    pub(super) fn keep(&self, kind: NeedKind, url: &str, answer: &Answer, now: Timestamp, millis: i64) {
        let entry = Entry { answer: answer.clone(), until: now.plus_millis(millis) };
        if millis > 0 && entry.size() <= MOST_BYTES / 4 {
            self.kept().insert((kind, url.to_owned()), entry, now);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nobody panics while holding it; if somebody did, what is kept is whole all the same.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn insert(&mut self, key: Key, entry: Entry, now: Timestamp) {
        self.remove(&key);
        if self.entries.len() >= MOST_ENTRIES || self.bytes + entry.size() > MOST_BYTES {
            self.make_room(entry.size(), now);
        }
        self.bytes += entry.size();
        self.entries.insert(key, entry);
    }

    fn remove(&mut self, key: &Key) {
        if let Some(old) = self.entries.remove(key) {
            self.bytes -= old.size();
        }
    }

    /// Forgets what is no longer good, and then what would not be for much longer.
    fn make_room(&mut self, size: usize, now: Timestamp) {
        let mut oldest: Vec<(Timestamp, Key)> =
            self.entries.iter().map(|(key, entry)| (entry.until, key.clone())).collect();
        oldest.sort_unstable();
        for (until, key) in oldest {
            let fits = self.entries.len() < MOST_ENTRIES && self.bytes + size <= MOST_BYTES;
            if fits && now < until {
                break;
            }
            self.remove(&key);
        }
    }
}

/// Milliseconds for which a document is good: what its server and the list itself say, within bounds. Without a kind it is one that
/// somebody presents.
pub(super) fn good_for(kind: Option<NeedKind>, response: &OutboundResponse) -> i64 {
    let said = max_age(&response.headers);
    let least = |most: i64| said.unwrap_or(most).clamp(0, most);
    match kind {
        Some(NeedKind::Keys | NeedKind::Resource) => least(KEYS),
        Some(NeedKind::Status) => match (ttl(&response.body), said) {
            (None, None) => STATUS_UNSAID,
            (ttl, _) => least(STATUS).min(ttl.unwrap_or(STATUS).max(0)),
        },
        Some(NeedKind::Hosted) | None => least(HOSTED),
    }
}

/// What the header `Cache-Control` (RFC 9111, section 5.2.2) says, in milliseconds.
fn max_age(headers: &[Header]) -> Option<i64> {
    let all = headers.iter().filter(|header| header.name.eq_ignore_ascii_case("cache-control"));
    let words = || all.clone().flat_map(|header| header.value.split(',')).map(|word| word.trim().to_ascii_lowercase());
    let is_for_nobody = |word: String| ["no-store", "no-cache", "private"].iter().any(|no| word.starts_with(no));
    if words().any(is_for_nobody) {
        return Some(0);
    }
    let seconds =
        words().find_map(|word| word.strip_prefix("max-age=").and_then(|seconds| seconds.parse::<i64>().ok()));
    seconds.map(|seconds| seconds.saturating_mul(1000))
}

/// How long a list says that it is good, in milliseconds (Bitstring Status List 1.0, section 2.2).
fn ttl(list: &[u8]) -> Option<i64> {
    let document = jwt::unverified(list, &Limits::default()).ok()?;
    serde_json::from_slice::<Value>(&document).ok()?["credentialSubject"]["ttl"].as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(cache_control: &str, body: &str) -> OutboundResponse {
        let headers = match cache_control {
            "" => Vec::new(),
            value => vec![Header { name: "Cache-Control".to_owned(), value: value.to_owned() }],
        };
        OutboundResponse { status: 200, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn how_long_a_document_is_good() {
        let list = r#"{"credentialSubject":{"ttl":20000}}"#;
        let (keys, status, hosted) = (Some(NeedKind::Keys), Some(NeedKind::Status), Some(NeedKind::Hosted));
        for (kind, cache_control, body, millis) in [
            (keys, "", "{}", KEYS),
            (keys, "public, Max-Age=60", "{}", 60_000),
            (keys, "max-age=999999", "{}", KEYS),
            (keys, "max-age=60, no-store", "{}", 0),
            (keys, "private", "{}", 0),
            (status, "", "{}", STATUS_UNSAID),
            (status, "", list, 20_000),
            (status, "max-age=7", list, 7_000),
            (status, "max-age=70", list, 20_000),
            (status, "max-age=86400", "{}", STATUS),
            (hosted, "max-age=86400", "{}", HOSTED),
            (None, "no-cache", "{}", 0),
        ] {
            assert_eq!(good_for(kind, &response(cache_control, body)), millis, "{kind:?} {cache_control} {body}");
        }
    }

    #[test]
    fn what_is_remembered_is_forgotten_in_time_and_bounded() {
        let memory = Fetched::default();
        let document = |size: usize| -> Answer { Ok(vec![b'x'; size].into()) };
        memory.keep(NeedKind::Keys, "a", &document(1), Timestamp(0), 100);
        assert!(memory.get(NeedKind::Status, "a", Timestamp(9)).is_none(), "it was asked for as something else");
        assert!(
            memory.get(NeedKind::Keys, "a", Timestamp(99)).is_some()
                && memory.get(NeedKind::Keys, "a", Timestamp(100)).is_none()
        );
        memory.keep(NeedKind::Keys, "large", &document(MOST_BYTES / 4 + 1), Timestamp(0), 100);
        memory.keep(NeedKind::Keys, "never", &document(1), Timestamp(0), 0);
        assert!(
            memory.get(NeedKind::Keys, "large", Timestamp(0)).is_none()
                && memory.get(NeedKind::Keys, "never", Timestamp(0)).is_none()
        );
        for number in 0..20 {
            memory.keep(NeedKind::Keys, &number.to_string(), &document(MOST_BYTES / 5), Timestamp(0), 1_000 + number);
        }
        assert!(memory.kept().bytes <= MOST_BYTES);
        assert!(
            memory.get(NeedKind::Keys, "19", Timestamp(0)).is_some()
                && memory.get(NeedKind::Keys, "0", Timestamp(0)).is_none()
        );
        for number in 0..3 * MOST_ENTRIES {
            memory.keep(NeedKind::Keys, &format!("https://a.example/{number}"), &document(1), Timestamp(0), 2_000);
        }
        assert!(memory.kept().entries.len() <= MOST_ENTRIES);
        let sum: usize = memory.kept().entries.values().map(Entry::size).sum();
        assert_eq!(memory.kept().bytes, sum);
    }
}
