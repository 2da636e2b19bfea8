//! The schema check beside 1EdTech's JSON schemas: the same documents, each with one member cut or replaced, decided by both.

use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{CheckId, Material, Outcome, Verifier};
use serde_json::{Value, json};

use crate::oracles::ask;
use crate::{badges, shared};

/// The JSON pointers of all members within `value`, outside of contexts and of embedded credentials.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members
                .iter()
                .filter(|(name, _)| !["@context", "endorsement", "verifiableCredential"].contains(&name.as_str()))
            {
                let here = format!("{at}/{name}");
                found.push(here.clone());
                pointers(member, &here, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The document with one member cut, and with it replaced by values of other kinds.
fn changed(document: &Value, pointer: &str) -> Vec<(String, Value)> {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let with = |value: Option<Value>| {
        let mut document = document.clone();
        let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => parent.insert(name.to_owned(), value),
            None => parent.remove(name),
        };
        document
    };
    let values = [json!(7), json!(true), json!("text"), json!([]), json!([7])];
    let mut all = vec![(format!("{pointer} cut"), with(None))];
    all.extend(values.into_iter().map(|value| (format!("{pointer} = {value}"), with(Some(value)))));
    all
}

#[test]
fn what_the_schemas_accept_is_accepted_and_most_of_what_they_refuse_is_refused() {
    let Some(standards) = shared::standards() else { return };
    let schemas = [
        (badges::complete("did:example:i").to_bytes(), "ob_v3p0/ob_v3p0_achievementcredential_schema.json"),
        (badges::endorsement("did:example:i", "urn:x").to_bytes(), "ob_v3p0/ob_v3p0_endorsementcredential_schema.json"),
        (badges::learner_record("did:example:i").to_bytes(), "clr_v2p0/clr_v2p0_clrcredential_schema.json"),
    ];
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_763_000_000));
    for (document, schema) in schemas {
        let document: Value = serde_json::from_slice(&document.unwrap()).unwrap();
        let mut places = Vec::new();
        pointers(&document, "", &mut places);
        let documents: Vec<(String, Value)> = places.iter().flat_map(|place| changed(&document, place)).collect();
        let credentials: Vec<Value> =
            documents.iter().map(|(name, document)| json!({ "name": name, "document": document })).collect();
        let job = json!({ "credentials": credentials, "schema": standards.join("schemas").join(schema).canonicalize().unwrap() });
        let Some(answers) = ask("validate.mjs", &job) else { return };
        let (mut refused, mut missed) = (0, Vec::new());
        for ((name, document), answer) in documents.iter().zip(answers) {
            let report = verifier.lint(document.to_string().as_bytes(), &Material::new());
            // The contexts and dates have checks of their own; here it is about the schema.
            let ours = !report.checks.iter().any(|check| check.id == CheckId::Schema && check.outcome == Outcome::Fail);
            let theirs = answer["valid"] == true;
            let stricter =
                report.checks.iter().find(|check| check.outcome == Outcome::Fail).map(|check| &check.message);
            let accepted = !theirs || ours || is_ours_alone(stricter.unwrap());
            assert!(accepted, "{name}: the schema accepts it, we say: {}", stricter.unwrap());
            refused += usize::from(!theirs);
            if !theirs && report.is_valid() {
                missed.push(name);
            }
        }
        assert!(missed.len() * 20 <= refused, "{schema}: {} of {refused} are missed: {missed:#?}", missed.len());
    }
}

/// What the schemas cannot say, or say too softly: identifiers are absolute, nothing is empty, everything is defined.
fn is_ours_alone(message: &str) -> bool {
    [
        "must include",
        "absolute",
        "empty",
        "Not everything in it is defined",
        "needs an id or an identifier",
        "must say something about someone",
        "must be an object with a type",
        "Status entry",
        "first context",
        "the types must include",
    ]
    .iter()
    .any(|reason| message.contains(reason))
}
