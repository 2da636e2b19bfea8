//! What the builders do not write, and JSON-LD allows: values with languages and types, lists, other orders, members cut.

use serde_json::{Value, json};

use super::dice::Dice;

/// Members whose value is a text with no further meaning.
const TEXTS: [&str; 17] = [
    "name",
    "description",
    "narrative",
    "caption",
    "role",
    "term",
    "licenseNumber",
    "humanCode",
    "specialization",
    "fieldOfStudy",
    "targetDescription",
    "targetFramework",
    "targetCode",
    "genre",
    "audience",
    "official",
    "endorsementComment",
];
/// Members that may not be cut: what is left would no longer be the same kind of thing.
const KEPT: [&str; 5] = ["@context", "type", "id", "credentialSubject", "achievement"];

/// Changes a document, but nothing in what was signed already.
pub(super) fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(members) if members.contains_key("proof") => {}
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                if !KEPT.contains(&name.as_str()) && dice.once_in(12) {
                    members.remove(&name);
                } else if TEXTS.contains(&name.as_str()) && dice.once_in(3) {
                    members.insert(name, text_value(dice));
                } else if name.starts_with("credits") && dice.once_in(2) {
                    members.insert(name, dice.number());
                } else if let Some(inner) = members.get_mut(&name).filter(|_| name != "@context" && name != "type") {
                    change(inner, dice);
                }
            }
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                change(item, dice);
            }
            match dice.roll(12) {
                0 => items.clear(),
                1 => items.reverse(),
                2 if items.len() > 1 => drop(items.remove(0)),
                _ => {}
            }
        }
        _ => {}
    }
}

fn text_value(dice: &mut Dice) -> Value {
    match dice.roll(9) {
        0 => json!({ "@value": dice.text(), "@language": dice.pick(&["de", "en-GB", "zh-Hant", "AR-eg"]) }),
        1 => json!([dice.text(), dice.text()]),
        2 => json!({ "@value": dice.text(), "@type": dice.iri() }),
        3 => dice.number(),
        4 => json!([]),
        5 => json!(dice.once_in(2)),
        6 => json!({ "@value": dice.text(), "@language": "he", "@direction": dice.pick(&["rtl", "ltr"]) }),
        _ => json!(dice.text()),
    }
}
