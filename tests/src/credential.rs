//! Looking into a credential.

use serde_json::Value;

/// Its status entries: one stands alone, several in a list.
pub fn status_entries(credential: &Value) -> &[Value] {
    let status = &credential["credentialStatus"];
    status.as_array().map_or(std::slice::from_ref(status), Vec::as_slice)
}
