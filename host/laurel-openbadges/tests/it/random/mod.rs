//! Random credentials over the whole schema: every class of document, every member, every word of every enumeration, changed further.
//!
//! `LAUREL_RANDOM_SEED` is the first seed (1 if it is not set), `LAUREL_RANDOM_COUNT` how many there are (300). Each document is named by its seed.

mod change;
mod dice;
mod documents;

use std::collections::BTreeSet;

use serde_json::Value;

use dice::Dice;

/// Documents, each with a name that tells its seed.
pub(crate) fn documents() -> Vec<(String, String)> {
    let set = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let first = set("LAUREL_RANDOM_SEED").unwrap_or(1);
    let count = set("LAUREL_RANDOM_COUNT").unwrap_or(300);
    (first..first + count).map(|seed| (format!("random {seed}"), documents::any(&mut Dice::new(seed)))).collect()
}

/// Whatever 1EdTech's schemas name is somewhere in the documents: members, and the words of enumerations.
#[test]
fn nothing_of_the_schemas_is_left_out() {
    let Some(standards) = crate::shared::standards() else { return };
    let (mut names, mut words) = (BTreeSet::new(), BTreeSet::new());
    for file in [
        "ob_v3p0/ob_v3p0_achievementcredential_schema.json",
        "ob_v3p0/ob_v3p0_endorsementcredential_schema.json",
        "clr_v2p0/clr_v2p0_clrcredential_schema.json",
    ] {
        wanted(&crate::shared::json(standards.join("schemas").join(file)), &mut names, &mut words);
    }
    assert!(names.len() > 100 && words.len() > 60, "{} members, {} words", names.len(), words.len());
    let (mut named, mut said) = (BTreeSet::new(), BTreeSet::new());
    for seed in 1..=300 {
        let document = documents::any(&mut Dice::new(seed));
        written(&serde_json::from_str(&document).unwrap(), &mut named, &mut said);
    }
    let missing: Vec<&String> = names.difference(&named).chain(words.difference(&said)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn wanted(schema: &Value, names: &mut BTreeSet<String>, words: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                names.extend(properties.keys().cloned());
            }
            if let Some(Value::Array(list)) = members.get("enum") {
                words.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            members.values().for_each(|inner| wanted(inner, names, words));
        }
        Value::Array(items) => items.iter().for_each(|inner| wanted(inner, names, words)),
        _ => {}
    }
}

fn written(document: &Value, names: &mut BTreeSet<String>, words: &mut BTreeSet<String>) {
    match document {
        Value::Object(members) => {
            names.extend(members.keys().cloned());
            members.values().for_each(|inner| written(inner, names, words));
        }
        Value::Array(items) => items.iter().for_each(|inner| written(inner, names, words)),
        Value::String(text) => drop(words.insert(text.clone())),
        _ => {}
    }
}
