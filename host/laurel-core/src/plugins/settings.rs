//! Port: JSON Schema, in which a plugin says what its settings may be.

use crate::error::Problem;

/// Judges settings by the schema of a manifest (JSON Schema, draft 2020-12).
pub trait SettingsSchema: Send + Sync {
    /// Every fault, with pointers into the settings. A schema that is none is itself a fault.
    fn check(&self, schema: &str, settings: &str) -> Result<(), Vec<Problem>>;
}
