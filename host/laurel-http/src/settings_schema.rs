//! JSON Schema for the settings of plugins: the port [`SettingsSchema`], by the `jsonschema` crate. It fetches nothing: a reference to
//! another document is a fault of the schema.

use jsonschema::Draft;
use laurel_core::error::Problem;
use laurel_core::plugins::SettingsSchema;
use serde_json::Value;

/// Judges settings by JSON Schema, draft 2020-12.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonSchema;

/// So many faults are told at once.
const MOST: usize = 20;

impl SettingsSchema for JsonSchema {
    fn check(&self, schema: &str, settings: &str) -> Result<(), Vec<Problem>> {
        let whole = |message: String| vec![Problem::at("", message)];
        let schema: Value = serde_json::from_str(schema)
            .map_err(|error| whole(format!("the plugin's settings schema is not JSON: {error}")))?;
        let settings: Value =
            serde_json::from_str(settings).map_err(|error| whole(format!("the settings are not JSON: {error}")))?;
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .build(&schema)
            .map_err(|error| whole(format!("the plugin's settings schema cannot be used: {error}")))?;
        let faults: Vec<Problem> = validator
            .iter_errors(&settings)
            .take(MOST)
            .map(|error| Problem::at(error.instance_path().to_string(), error.to_string()))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{
        "type": "object", "additionalProperties": false, "required": ["instance"],
        "properties": {"instance": {"type": "string"}, "limit": {"type": "integer", "minimum": 1}}
    }"#;

    #[test]
    fn each_fault_has_its_place() {
        assert_eq!(JsonSchema.check(SCHEMA, r#"{"instance": "https://lms.example.org", "limit": 3}"#), Ok(()));
        let faults = JsonSchema.check(SCHEMA, r#"{"instance": 7, "limit": 0}"#).unwrap_err();
        let mut places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/instance", "/limit"]);
        assert_eq!(JsonSchema.check(SCHEMA, "{}").unwrap_err()[0].pointer, "");
    }

    #[test]
    fn a_schema_that_is_none_is_told() {
        let fault = &JsonSchema.check(r#"{"type": "nonsense"}"#, "{}").unwrap_err()[0];
        assert!(fault.message.contains("schema"), "{fault:?}");
        let remote = JsonSchema.check(r#"{"$ref": "https://elsewhere.example/schema.json"}"#, "{}");
        assert!(remote.is_err(), "a schema must not reach out");
    }
}
