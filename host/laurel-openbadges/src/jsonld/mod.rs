//! JSON-LD 1.1 expansion straight into RDF, strict about everything that would be lost.
//!
//! The general algorithms expand, flatten and then convert. Credentials use a small, regular part of
//! JSON-LD, for which one walk over the document gives the same statements: node objects, value
//! objects, lists, graph containers (proofs, credentials inside a presentation), and the context rules
//! in full: type-scoped, property-scoped, protected, propagated.

mod expand;
mod iri;
mod property;
mod scope;
mod value;

use crate::Limits;
use crate::contexts::{ContextError, Contexts};
use crate::json::{Object, Value};
use crate::rdf::Dataset;
pub(crate) use iri::{is_absolute, is_plain};

/// Why a JSON document is not a JSON-LD document whose every value is signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonLdError {
    /// A context that is not among the known ones; nothing is ever fetched.
    #[error("at {pointer}: the context {url:?} is not known to this verifier")]
    UnknownContext {
        /// Where, as a JSON pointer.
        pointer: String,
        /// The URL that was named.
        url: String,
    },
    /// A context written into the document that cannot be used.
    #[error("at {pointer}: {error}")]
    Context {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is wrong with it.
        error: ContextError,
    },
    /// A context redefines a protected term (JSON-LD 1.1, section 4.1.11), or a context written into the document
    /// redefines any term.
    #[error("at {pointer}: the context redefines the protected term {term:?}")]
    ProtectedTerm {
        /// Where, as a JSON pointer.
        pointer: String,
        /// The term.
        term: String,
    },
    /// A member whose name no context defines: it would be left out of the signature.
    #[error("at {pointer}: no context defines this term, so a signature would not cover it")]
    UndefinedTerm {
        /// Where, as a JSON pointer.
        pointer: String,
    },
    /// A type that no context defines.
    #[error("at {pointer}: no context defines the type {name:?}")]
    UndefinedType {
        /// Where, as a JSON pointer.
        pointer: String,
        /// The type as written.
        name: String,
    },
    /// An identifier that is no absolute IRI.
    #[error("at {pointer}: {iri:?} is not an absolute identifier")]
    NotAbsolute {
        /// Where, as a JSON pointer.
        pointer: String,
        /// The identifier as written.
        iri: String,
    },
    /// A value that RDF has no place for.
    #[error("at {pointer}: {problem}")]
    Dropped {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What would be lost and why.
        problem: String,
    },
    /// A shape that JSON-LD does not allow, or a keyword credentials do not use.
    #[error("at {pointer}: {problem}")]
    Malformed {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is wrong.
        problem: String,
    },
    /// More statements than [`Limits::quads`].
    #[error("the document expands to more than {limit} statements")]
    TooManyQuads {
        /// The limit in force.
        limit: usize,
    },
}

/// The statements a document makes.
pub(crate) fn to_dataset(document: &Value<'_>, contexts: &Contexts, limits: &Limits) -> Result<Dataset, JsonLdError> {
    match document {
        Value::Object(object) => object_to_dataset(object, None, contexts, limits),
        other => Err(JsonLdError::Malformed {
            pointer: String::new(),
            problem: format!("a document must be an object, this is {}", other.kind()),
        }),
    }
}

/// The statements a document makes, apart from one of its members.
pub(crate) fn object_to_dataset(
    document: &Object<'_>,
    hidden: Option<&str>,
    contexts: &Contexts,
    limits: &Limits,
) -> Result<Dataset, JsonLdError> {
    expand::Expander::new(contexts, limits).document(document, hidden)
}
