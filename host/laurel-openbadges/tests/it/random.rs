//! Random credentials over the whole schema: made from the complete one by random cuts and changes.

use serde_json::{Value, json};

use crate::badges;

/// A small deterministic generator (xorshift), so that a failure can be repeated by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % sides
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.roll(from.len())]
    }

    fn text(&mut self) -> String {
        let parts =
            ["plain", "ä€", "😀", "\"", "\\", "\n", "\t", "\r", "\u{7f}", "\u{1}", "<b>", " ", "{}", "\u{2028}"];
        (0..=self.roll(6)).map(|_| self.pick(&parts)).collect()
    }

    fn number(&mut self) -> Value {
        let texts =
            ["0", "1", "-7", "3.5", "0.25", "100", "1e3", "1e21", "1e22", "123456789.125", "0.1", "9007199254740991"];
        serde_json::from_str(self.pick(&texts)).unwrap()
    }
}

/// Members whose value is a text with no further meaning.
const TEXTS: [&str; 16] = [
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
];
/// Members that may not be cut: what is left would no longer be the same kind of thing.
const KEPT: [&str; 5] = ["@context", "type", "id", "credentialSubject", "achievement"];

/// `count` documents, each with a name that tells its seed.
pub(crate) fn documents(count: u64) -> Vec<(String, String)> {
    (1..=count)
        .map(|seed| {
            let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let mut document = badges::complete("did:example:issuer").to_value().unwrap();
            change(&mut document, &mut dice);
            (format!("random {seed}"), document.to_string())
        })
        .collect()
}

fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                if !KEPT.contains(&name.as_str()) && dice.roll(6) == 0 {
                    members.remove(&name);
                } else if TEXTS.contains(&name.as_str()) {
                    members.insert(name, text_value(dice));
                } else if name.starts_with("credits") {
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
            match dice.roll(8) {
                0 => items.clear(),
                1 => items.reverse(),
                2 if items.len() > 1 => {
                    items.remove(0);
                }
                _ => {}
            }
        }
        _ => {}
    }
}

fn text_value(dice: &mut Dice) -> Value {
    match dice.roll(8) {
        0 => json!({ "@value": dice.text(), "@language": dice.pick(&["de", "en-GB", "zh-Hant"]) }),
        1 => json!([dice.text(), dice.text()]),
        2 => json!({ "@value": dice.text(), "@type": "https://types.example/t" }),
        3 => dice.number(),
        4 => json!([]),
        5 => json!(dice.roll(2) == 0),
        _ => json!(dice.text()),
    }
}
