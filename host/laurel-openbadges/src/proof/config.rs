//! Proof configurations: the options as JSON, and their canonical N-Quads without a processor.

use std::borrow::Cow;

use super::ProofOptions;
use crate::contexts::{CREDENTIALS_V2, DATA_INTEGRITY_V2};
use crate::json::{Object, Value};

fn text<'o>(text: impl Into<Cow<'o, str>>) -> Value<'o> {
    Value::String(text.into())
}

impl ProofOptions {
    /// The members of the proof in the order they are written, without its value.
    pub(super) fn members(&self) -> Object<'_> {
        let mut proof = Object::default();
        if let Some(id) = &self.id {
            proof.set("id", text(id));
        }
        proof.set("type", text("DataIntegrityProof"));
        proof.set("cryptosuite", text(self.cryptosuite.as_str()));
        if let Some(created) = self.created {
            proof.set("created", text(created.to_string()));
        }
        if let Some(expires) = self.expires {
            proof.set("expires", text(expires.to_string()));
        }
        proof.set("verificationMethod", text(&self.verification_method));
        proof.set("proofPurpose", text(self.purpose.as_str()));
        if let Some(domain) = &self.domain {
            proof.set("domain", text(domain));
        }
        if let Some(challenge) = &self.challenge {
            proof.set("challenge", text(challenge));
        }
        match self.previous_proof.as_slice() {
            [] => {}
            [one] => proof.set("previousProof", text(one)),
            many => proof.set("previousProof", Value::Array(many.iter().map(text).collect())),
        }
        proof
    }

    /// The canonical N-Quads of the configuration, written out directly.
    ///
    /// The terms of a proof are protected in the contexts that define them, so that no other context of the
    /// document can give them another meaning. `None` if the document names no such context as a
    /// plain URL, or if an option needs the general way (identifiers that may be compact IRIs, chains,
    /// texts that need escaping).
    pub(super) fn canonical_by_template(&self, context: Option<&Value<'_>>) -> Option<String> {
        let context = context?;
        if !(context.names(CREDENTIALS_V2) || context.names(DATA_INTEGRITY_V2)) {
            return None;
        }
        let simple = |text: &str| text.bytes().all(|b| (0x21..0x7f).contains(&b) && !b"<>\"{}|\\^`".contains(&b));
        let method = &self.verification_method;
        let absolute = method.starts_with("did:") || method.starts_with("https://");
        let special = self.id.is_some() || !self.previous_proof.is_empty();
        if special || !absolute || !simple(method) || context.as_slice().iter().any(|item| item.as_str().is_none()) {
            return None;
        }
        if ![&self.domain, &self.challenge].into_iter().flatten().all(|text| simple(text)) {
            return None;
        }
        let mut out = String::with_capacity(768);
        let mut line = |predicate: &str, object: &[&str]| {
            out.push_str("_:c14n0 <");
            out.push_str(predicate);
            out.push_str("> ");
            out.extend(object.iter().copied());
            out.push_str(" .\n");
        };
        let date = "\"^^<http://www.w3.org/2001/XMLSchema#dateTime>";
        if let Some(created) = self.created {
            line("http://purl.org/dc/terms/created", &["\"", &created.to_string(), date]);
        }
        line(crate::rdf::RDF_TYPE, &["<https://w3id.org/security#DataIntegrityProof>"]);
        if let Some(challenge) = &self.challenge {
            line("https://w3id.org/security#challenge", &["\"", challenge, "\""]);
        }
        let suite = self.cryptosuite.as_str();
        line(
            "https://w3id.org/security#cryptosuite",
            &["\"", suite, "\"^^<https://w3id.org/security#cryptosuiteString>"],
        );
        if let Some(domain) = &self.domain {
            line("https://w3id.org/security#domain", &["\"", domain, "\""]);
        }
        if let Some(expires) = self.expires {
            line("https://w3id.org/security#expiration", &["\"", &expires.to_string(), date]);
        }
        line("https://w3id.org/security#proofPurpose", &["<", self.purpose.iri(), ">"]);
        line("https://w3id.org/security#verificationMethod", &["<", method, ">"]);
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use crate::contexts::Contexts;
    use crate::json::{self, Value};
    use crate::proof::{Cryptosuite, ProofOptions, ProofPurpose};
    use crate::{Limits, Timestamp, canonical};

    #[test]
    fn the_template_is_what_the_processor_gives() {
        let contexts = [
            r#"["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json","https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]"#,
            r#"["https://www.w3.org/2018/credentials/v1","https://w3id.org/security/data-integrity/v2"]"#,
            r#"["https://www.w3.org/ns/credentials/v2","https://w3id.org/security/data-integrity/v2","https://www.w3.org/ns/credentials/examples/v2"]"#,
        ];
        let full = ProofOptions {
            purpose: ProofPurpose::Authentication,
            expires: Some(Timestamp::from_unix_seconds(2_000_000_000)),
            domain: Some("https://verifier.example".into()),
            challenge: Some("abc-123".into()),
            ..ProofOptions::new(Cryptosuite::EddsaRdfc2022, "did:web:a.example#k", Timestamp::from_unix_seconds(1))
        };
        let plain = ProofOptions::new(Cryptosuite::EddsaRdfc2022, "did:key:zA#zA", Timestamp::from_unix_seconds(9));
        for context in contexts {
            for options in [&full, &plain] {
                let parsed = json::parse(context.as_bytes(), &Limits::default()).unwrap();
                let mut members = options.members();
                members.set("@context", parsed.clone());
                let general =
                    canonical::of_value(&Value::Object(members), Contexts::bundled(), &Limits::default()).unwrap();
                assert_eq!(options.canonical_by_template(Some(&parsed)), Some(general));
            }
        }
    }
}
