//! Canonical forms: JCS of a JSON text and RDFC-1.0 of a JSON-LD document.

use crate::contexts::Contexts;
use crate::json::{self, JsonError, Object};
use crate::jsonld::{self, JsonLdError};
use crate::rdf::{CanonicalError, canonicalize};
use crate::work::Work;
use crate::{Limits, jcs};

/// Why a document has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalizeError {
    /// The text is not acceptable JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The JSON is not acceptable JSON-LD, or something in it would be lost.
    #[error(transparent)]
    JsonLd(#[from] JsonLdError),
    /// The graph needs more work than allowed.
    #[error(transparent)]
    Rdf(#[from] CanonicalError),
}

/// The canonical JSON of a JSON text, by the JSON Canonicalization Scheme (RFC 8785).
///
/// Duplicate keys, lone surrogates and numbers that a double cannot hold are refused, because two
/// readers would not agree on what was signed.
pub fn json(text: &[u8], limits: &Limits) -> Result<String, JsonError> {
    Ok(jcs::to_string(&json::parse(text, limits)?))
}

/// The canonical N-Quads of a JSON-LD document, by RDFC-1.0 (section 4.4) with SHA-256.
///
/// Undefined terms and types, relative identifiers and values that RDF cannot say are errors that
/// name the JSON pointer. Contexts come from `contexts` alone; nothing is fetched.
pub fn nquads(text: &[u8], contexts: &Contexts, limits: &Limits) -> Result<String, CanonicalizeError> {
    let dataset = jsonld::to_dataset(&json::parse(text, limits)?, contexts, limits)?;
    Ok(canonicalize(&dataset, &Work::within(limits))?)
}

/// The canonical N-Quads of an object already read, apart from one of its members.
pub(crate) fn of_object(
    object: &Object<'_>,
    hidden: Option<&str>,
    contexts: &Contexts,
    work: &Work<'_>,
) -> Result<String, CanonicalizeError> {
    let dataset = jsonld::object_to_dataset(object, hidden, contexts, work.limits)?;
    Ok(canonicalize(&dataset, work)?)
}
