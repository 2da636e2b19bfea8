//! RDF datasets, N-Quads, and their canonical form (RDFC-1.0).

mod canonical;
mod dataset;
mod degree;
mod hash;
mod issuer;
#[cfg(test)]
mod suite;

pub use canonical::CanonicalError;
pub(crate) use canonical::canonicalize;
pub(crate) use dataset::{Dataset, Node, Quad};

pub(crate) const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
pub(crate) const RDF_FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
pub(crate) const RDF_REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
pub(crate) const RDF_NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
pub(crate) const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
pub(crate) const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
pub(crate) const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
pub(crate) const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
pub(crate) const XSD_DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";
/// Datatypes of strings with a base direction; what follows is the language and the direction.
pub(crate) const I18N: &str = "https://www.w3.org/ns/i18n#";
