//! JSON the way plugins need it: borrowed, bounded, and with numbers kept as they were written, so that a 17-digit id is still
//! the same id afterwards.
//!
//! ```
//! use laurel_plugin::json::Value;
//! let body = Value::parse(r#"{"user": {"id": 21070000000000123, "name": "Ada"}}"#).unwrap();
//! assert_eq!(body.at(&["user", "id"]).id().as_deref(), Some("21070000000000123"));
//! assert_eq!(body.at(&["user", "email"]).text(), None);
//! ```

mod reader;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub use reader::{Malformed, Reader};
pub use value::Value;
pub use writer::{Writer, quote};
