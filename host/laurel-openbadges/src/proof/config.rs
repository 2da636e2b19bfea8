//! Proof configurations: the options as JSON, and their canonical N-Quads without a processor.

use std::borrow::Cow;

use super::ProofOptions;
use crate::contexts::{CREDENTIALS_V2, DATA_INTEGRITY_V2};
use crate::json::{Object, Value};
use crate::jsonld::is_plain;
use crate::rdf::RDF_TYPE;

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
}

/// How each member of a simple proof is said in N-Quads, in the order the lines sort: member, predicate, what
/// stands before and after the value.
const LINES: [(&str, &str, &str, &str); 8] = [
    ("created", "http://purl.org/dc/terms/created", "\"", DATE),
    ("type", RDF_TYPE, "<https://w3id.org/security#", ">"),
    ("challenge", "https://w3id.org/security#challenge", "\"", "\""),
    ("cryptosuite", "https://w3id.org/security#cryptosuite", "\"", SUITE),
    ("domain", "https://w3id.org/security#domain", "\"", "\""),
    ("expires", "https://w3id.org/security#expiration", "\"", DATE),
    ("proofPurpose", "https://w3id.org/security#proofPurpose", "<https://w3id.org/security#", ">"),
    ("verificationMethod", "https://w3id.org/security#verificationMethod", "<", ">"),
];
const DATE: &str = "\"^^<http://www.w3.org/2001/XMLSchema#dateTime>";
const SUITE: &str = "\"^^<https://w3id.org/security#cryptosuiteString>";

/// The canonical N-Quads of a proof configuration, written out directly.
///
/// The terms of a proof are protected in the contexts that define them, so that no other context of the
/// document can give them another meaning. `None` if anything needs the general way: contexts other than the well-known
/// ones, proofs with identifiers or predecessors, values that are no plain strings.
pub(super) fn template(members: &Object<'_>, context: Option<&Value<'_>>) -> Option<String> {
    let context = context?;
    let well_known = context.as_slice().iter().all(|item| item.as_str().is_some_and(is_well_known));
    if !well_known || !(context.names(CREDENTIALS_V2) || context.names(DATA_INTEGRITY_V2)) {
        return None;
    }
    let method = members.str("verificationMethod")?;
    if members.str("type") != Some("DataIntegrityProof")
        || !(method.starts_with("did:") || method.starts_with("https://"))
    {
        return None;
    }
    let mut out = String::with_capacity(768);
    let mut written = 0;
    for (member, predicate, before, after) in LINES {
        let Some(value) = members.get(member) else { continue };
        let text = match (member, value.as_str().filter(|text| is_simple(text))?) {
            ("proofPurpose", "assertionMethod") => "assertionMethod",
            ("proofPurpose", "authentication") => "authenticationMethod",
            ("proofPurpose", _) => return None,
            (_, text) => text,
        };
        out.extend(["_:c14n0 <", predicate, "> ", before, text, after, " .\n"]);
        written += 1;
    }
    (written == members.members.len()).then_some(out)
}

/// Contexts none of which defines a prefix that could change how a key identifier reads.
fn is_well_known(url: &str) -> bool {
    ["https://www.w3.org/", "https://w3id.org/security/", "https://purl.imsglobal.org/spec/"]
        .iter()
        .any(|publisher| url.starts_with(publisher))
}

/// Characters that stand for themselves in IRIs and literals alike.
fn is_simple(text: &str) -> bool {
    !text.is_empty() && is_plain(text)
}

#[cfg(test)]
mod tests {
    use super::template;
    use crate::contexts::Contexts;
    use crate::json;
    use crate::proof::{Cryptosuite, ProofOptions, ProofPurpose};
    use crate::work::Work;
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
        let limits = Limits::default();
        let work = Work::within(&limits);
        for context in contexts {
            for options in [&full, &plain] {
                let parsed = json::parse(context.as_bytes(), &limits).unwrap();
                let mut members = options.members();
                let direct = template(&members, Some(&parsed));
                members.set("@context", parsed.clone());
                let general = canonical::of_object(&members, None, Contexts::bundled(), &work).unwrap();
                assert_eq!(direct, Some(general));
            }
        }
    }
}
