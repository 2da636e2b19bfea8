//! What a credential says of itself, in a few words.

use laurel_openbadges::Limits;
use laurel_openbadges::jwt::unverified;
use laurel_openbadges::verify::Material;
use serde_json::Value;

/// What a credential says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Name of the achievement, or of the credential.
    pub title: Option<String>,
    /// The issuer's name for itself.
    pub issuer: Option<String>,
    /// The earner's name, if the document (or, for our own, the house) has one.
    pub earner: Option<String>,
    /// `validFrom`, as written.
    pub valid_from: Option<String>,
    /// `validUntil`, as written.
    pub valid_until: Option<String>,
}

/// The few words, of whatever this is.
pub(super) fn summary(document: &[u8], material: &Material) -> Summary {
    let Ok(document) = unverified(document, &Limits::default()) else { return Summary::default() };
    let Ok(document) = serde_json::from_slice::<Value>(&document) else { return Summary::default() };
    if document["type"] == "Assertion" {
        return of_assertion(&document, material);
    }
    let subject = &document["credentialSubject"];
    let subject = subject.get(0).unwrap_or(subject);
    let earner = subject["identifier"].as_array().into_iter().flatten().find(|each| each["identityType"] == "name");
    Summary {
        title: text(&subject["achievement"]["name"]).or_else(|| text(&document["name"])),
        issuer: text(&document["issuer"]["name"]),
        earner: text(&subject["name"]).or_else(|| earner.and_then(|each| text(&each["identityHash"]))),
        valid_from: text(&document["validFrom"]).or_else(|| text(&document["issuanceDate"])),
        valid_until: text(&document["validUntil"]).or_else(|| text(&document["expirationDate"])),
    }
}

/// Of a hosted badge of Open Badges 2.0, whose badge class and issuer are documents of their own.
fn of_assertion(assertion: &Value, material: &Material) -> Summary {
    let read = |place: &Value| -> Value {
        let url = place.as_str().or(place["id"].as_str()).unwrap_or_default();
        let bytes = material.get(url).and_then(Result::ok).unwrap_or_default();
        serde_json::from_slice(bytes).unwrap_or_default()
    };
    let class = read(&assertion["badge"]);
    Summary {
        title: text(&class["name"]),
        issuer: text(&read(&class["issuer"])["name"]),
        earner: None,
        valid_from: text(&assertion["issuedOn"]),
        valid_until: text(&assertion["expires"]),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.chars().take(300).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_of_anything() {
        let document =
            br#"{"credentialSubject":[{"achievement":{"name":"Ferris"}}],"issuer":{"name":"Crab"},"validFrom":7}"#;
        let expected = Summary { title: Some("Ferris".into()), issuer: Some("Crab".into()), ..Summary::default() };
        assert_eq!(summary(document, &Material::new()), expected);
        assert_eq!(summary(b"[1,2", &Material::new()), Summary::default());
    }
}
