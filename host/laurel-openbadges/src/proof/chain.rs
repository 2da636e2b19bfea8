//! Proof sets and proof chains (Data Integrity 1.0, sections 2.1.1, 2.1.2, 4.3 and 4.5).

use super::ProofError;
use crate::json::{Object, Value};

/// The proofs of a secured document.
pub(super) fn proofs<'v, 'a>(document: &'v Object<'a>) -> &'v [Value<'a>] {
    document.get("proof").map_or(&[], Value::as_slice)
}

/// What stands for the proofs in the document that a proof was made over: nothing, or exactly those the proof says it comes after.
pub(super) fn previous<'a>(all: &[Value<'a>], proof: &Object<'_>) -> Result<Option<Value<'a>>, ProofError> {
    let Some(previous) = proof.get("previousProof") else { return Ok(None) };
    // Each is copied: naming one a thousand times must not cost a thousand of it.
    if previous.as_slice().len() > all.len().max(1) {
        return Err(ProofError::Malformed { member: "previousProof", problem: "names more proofs than there are" });
    }
    let mut matching = Vec::new();
    for item in previous.as_slice() {
        let wanted =
            item.as_str().ok_or(ProofError::Malformed { member: "previousProof", problem: "must be strings" })?;
        let found = all.iter().find(|other| other.as_object().and_then(|other| other.str("id")) == Some(wanted));
        matching.push(found.cloned().ok_or_else(|| ProofError::NoPrevious(wanted.chars().take(120).collect()))?);
    }
    Ok(Some(Value::Array(matching)))
}
