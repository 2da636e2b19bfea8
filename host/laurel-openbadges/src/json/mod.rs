//! JSON as signatures need it: no duplicate keys, no numbers beyond doubles, bounded depth and size.
//!
//! `serde_json` keeps the last of two equal keys and, in this workspace, numbers of any precision;
//! both would let two readers of one signed document see different things. This reader refuses.

mod number;
mod parse;
mod value;

pub(crate) use number::{push_ecmascript, push_xsd_double};
pub use parse::JsonError;
pub(crate) use parse::parse;
pub(crate) use value::{Object, Value};
