//! A plugin's settings: the schema that its author wrote, and what somebody sets.

use laurel_core::plugins::SettingsSchema as _;
use laurel_http::JsonSchema;

use super::parts;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "settings",
    reads: "a JSON Schema and, after a line of three hyphens, settings",
    run,
    seeds,
    words: &[
        "\n---\n",
        "\"type\":",
        "\"object\"",
        "\"properties\":",
        "\"required\":",
        "\"additionalProperties\":false",
        "\"items\":",
        "\"$ref\":\"#\"",
        "\"$ref\":\"#/$defs/a\"",
        "\"$defs\":",
        "\"$id\":",
        "\"$anchor\":",
        "\"$dynamicRef\":",
        "\"allOf\":",
        "\"anyOf\":",
        "\"not\":",
        "\"if\":",
        "\"pattern\":\"(a+)+$\"",
        "\"format\":\"uri\"",
        "\"minimum\":",
        "\"multipleOf\":1e-300",
        "\"uniqueItems\":true",
        "\"unevaluatedProperties\":false",
        "\"const\":",
        "\"enum\":[]",
        "1e400",
        "null",
    ],
    tries: 2000,
};

fn run(bytes: &[u8]) {
    let mut parts = parts(bytes).map(std::str::from_utf8);
    if let (Some(Ok(schema)), Some(Ok(settings))) = (parts.next(), parts.next()) {
        let _ = JsonSchema.check(schema, settings);
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let schemas = [
        r#"{"type":"object","additionalProperties":false,"required":["instance"],"properties":{"instance":{"type":"string","format":"uri"},"limit":{"type":"integer","minimum":1}}}"#,
        r##"{"$defs":{"rule":{"oneOf":[{"type":"object","properties":{"all":{"type":"array","items":{"$ref":"#/$defs/rule"}}}},{"type":"string","pattern":"^[a-z]+$"}]}},"$ref":"#/$defs/rule"}"##,
    ];
    let settings = [r#"{"instance":"https://lms.example.org","limit":3}"#, r#"{"all":["a",{"all":["b"]}]}"#];
    schemas
        .iter()
        .flat_map(|schema| settings.map(|settings| format!("{schema}\n---\n{settings}").into_bytes()))
        .collect()
}
