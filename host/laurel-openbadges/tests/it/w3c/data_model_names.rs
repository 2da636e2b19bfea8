//! Names and descriptions, in several languages and directions (Data Model 2.0, section 4.6 and 11.1).

use serde_json::{Value, json};

use super::{accepted, credential, refused, with};

fn on_issuer(member: &str, value: &Value) -> Value {
    with(&json!({ "issuer": { "id": credential()["issuer"], member: value } }))
}

#[test]
fn names_and_descriptions_are_texts_with_language_and_direction() {
    for member in ["name", "description"] {
        let good = [
            json!("An example"),
            json!({ "@value": "An example", "@language": "en" }),
            json!({ "@value": "HTML و CSS", "@language": "ar", "@direction": "rtl" }),
            json!([{ "@value": "Dog", "@language": "en" }, { "@value": "Chien", "@language": "fr" }]),
        ];
        for value in good {
            accepted(&with(&json!({ member: value })));
            accepted(&on_issuer(member, &value));
        }
        let extra = json!({ "@value": "An example", "@language": "en", "url": "did:example:1" });
        refused(&with(&json!({ member: extra })), "a value object holds");
        refused(&on_issuer(member, &extra), "a value object holds");
    }
}
