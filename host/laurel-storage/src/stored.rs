//! Reading back what was stored: words, JSON documents, digests.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use laurel_core::store::StoreError;

use crate::engine::Fault;

/// The word that stands for a value in the API stands for it in the database too.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value that a stored word stands for.
pub(crate) fn from_word<T: DeserializeOwned>(what: &'static str, word: String) -> Result<T, Fault> {
    serde_json::from_value(Value::String(word)).map_err(|error| corrupt(what, &error))
}

/// A document.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Store(StoreError::Database(Box::new(error))))
}

/// A stored document.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| corrupt(what, &error))
}

/// Bytes of a fixed length.
pub(crate) fn fixed<const N: usize>(what: &'static str, bytes: &[u8]) -> Result<[u8; N], Fault> {
    bytes.try_into().map_err(|error| corrupt(what, &error))
}

pub(crate) fn corrupt(what: &'static str, error: &dyn std::fmt::Display) -> Fault {
    Fault::Store(StoreError::Corrupt { what, why: error.to_string() })
}
