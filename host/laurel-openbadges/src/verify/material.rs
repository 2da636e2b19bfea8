//! What the outside gives to a verification.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// What a document is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedKind {
    /// A DID document or another document that lists keys.
    Keys,
    /// A status list.
    Status,
    /// A resource that a credential names with its digest.
    Resource,
    /// A document of Open Badges 2.0, true because it is served there. That it is gone (HTTP status 410) is an answer too.
    Hosted,
}

/// A document that verification wants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Need {
    /// Where it is: an https URL, without fragment.
    pub url: String,
    /// What it is wanted for.
    pub kind: NeedKind,
}

/// Whether a place can be fetched from at all. Whether plain http may be asked is for the caller to decide.
pub(super) fn is_address(place: &str) -> bool {
    place.starts_with("https://") || place.starts_with("http://")
}

/// Documents fetched before verification, by URL.
///
/// A URL that could not be fetched is recorded with the reason, so that the report can say it and
/// [`Verifier::needs`](super::Verifier::needs) does not ask again.
#[derive(Debug, Clone, Default)]
pub struct Material {
    documents: BTreeMap<String, Result<Vec<u8>, String>>,
    gone: BTreeSet<String>,
}

impl Material {
    /// Nothing fetched: enough for `did:key` issuers without status.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document as it was fetched.
    pub fn add(&mut self, url: impl Into<String>, document: impl Into<Vec<u8>>) {
        let url = url.into();
        self.gone.remove(&url);
        self.documents.insert(url, Ok(document.into()));
    }

    /// Records that a document could not be had, and why, in words.
    pub fn add_failure(&mut self, url: impl Into<String>, reason: impl Into<String>) {
        self.documents.insert(url.into(), Err(reason.into()));
    }

    /// Records that a document is gone for good: its place answers with HTTP status 410 and without a document.
    pub fn add_gone(&mut self, url: impl Into<String>) {
        let url = url.into();
        self.add_failure(url.clone(), "it is gone");
        self.gone.insert(url);
    }

    /// What was added for a URL: the document, or why it could not be had.
    pub fn get(&self, url: &str) -> Option<Result<&[u8], &str>> {
        self.documents.get(url).map(|found| found.as_deref().map_err(String::as_str))
    }

    pub(super) fn is_gone(&self, url: &str) -> bool {
        self.gone.contains(url)
    }
}
