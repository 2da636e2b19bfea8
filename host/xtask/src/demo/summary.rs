//! What came of the demo, as one document.

use serde::Serialize;
use serde_json::value::RawValue;

/// The summary that `--json` prints.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Whether every check passed.
    pub(super) ok: bool,
    pub(super) base_url: String,
    pub(super) organisation: String,
    pub(super) issuer: String,
    pub(super) deliveries: Vec<DeliveryOutcome>,
    pub(super) engagement: Vec<EngagementBadge>,
    pub(super) credentials: Vec<CredentialOutcome>,
    pub(crate) checks: Vec<Check>,
    /// Pages to open.
    pub(super) pages: Vec<String>,
}

/// A partner's request and what came of it.
#[derive(Debug, Serialize)]
pub(super) struct DeliveryOutcome {
    pub(super) vendor: &'static str,
    pub(super) id: String,
    /// HTTP status.
    pub(super) status: u16,
    /// `accepted`, `duplicate`, `refused` or `ignored`.
    pub(super) outcome: String,
    pub(super) about: &'static str,
}

/// An engagement badge: awarded, never signed.
#[derive(Debug, Serialize)]
pub(super) struct EngagementBadge {
    pub(super) achievement: String,
    pub(super) points: i64,
}

/// A signed credential.
#[derive(Debug, Serialize)]
pub(super) struct CredentialOutcome {
    pub(super) url: String,
    pub(super) achievement: &'static str,
    pub(super) suite: String,
    pub(super) revoked: bool,
    /// Exactly the bytes that were signed.
    pub(super) document: Box<RawValue>,
}

/// Something that had to be so.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    pub(super) name: String,
    pub(super) ok: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) detail: String,
}

impl Summary {
    /// How many checks failed.
    pub(crate) fn failed(&self) -> usize {
        self.checks.iter().filter(|check| !check.ok).count()
    }
}
