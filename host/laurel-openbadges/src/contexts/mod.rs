//! JSON-LD contexts, compiled once into tables of terms.
//!
//! A document names its contexts by URL. Nothing is ever fetched: the contexts that credentials use
//! are part of this crate, written as facts (term, IRI, type, container, scope) in the files under
//! `tables/`, and an operator may add more from files of their own through [`Contexts::add`].

mod compile;
mod digests;
mod index;
mod model;
mod name;
mod registry;
mod table;

pub use compile::ContextError;
pub(crate) use compile::compile_inline;
pub(crate) use digests::is_digest_of;
pub(crate) use model::{Coercion, Container, Context, Iri, Keyword, Scoped, Setting, Term};
pub(crate) use name::Name;
pub use registry::Contexts;

/// The context every Verifiable Credential 2.0 starts with (VC Data Model 2.0, section 4.3).
pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
/// The context every Verifiable Credential 1.1 starts with (VC Data Model 1.1, section 4.1).
pub const CREDENTIALS_V1: &str = "https://www.w3.org/2018/credentials/v1";
/// The Open Badges 3.0.3 context.
pub const OPEN_BADGES_V3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// The Comprehensive Learner Record 2.0.1 context.
pub const CLR_V2: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";
/// The context of 1EdTech's schema validator, revocation list and refresh service types.
pub const OPEN_BADGES_EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
/// The Data Integrity context, which a VC 1.1 document needs for its proof (Data Integrity 1.0, section 2.4).
pub const DATA_INTEGRITY_V2: &str = "https://w3id.org/security/data-integrity/v2";
/// The DID document context (DID Core 1.0, section 6.3).
pub const DID_V1: &str = "https://www.w3.org/ns/did/v1";
/// The Multikey context (Controlled Identifiers 1.0, section 2.2.2).
pub const MULTIKEY_V1: &str = "https://w3id.org/security/multikey/v1";
/// The JSON Web Key context (Controlled Identifiers 1.0, section 2.2.3).
pub const JWK_V1: &str = "https://w3id.org/security/jwk/v1";
