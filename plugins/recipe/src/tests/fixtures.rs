//! `fixtures/*.json`: recipes for the criteria of ten industries and of the demo, each with events and what must come of them.
//!
//! A fixture holds `title`, `settings`, `events` (`at` = received, `kind`, `data`; `happened` where it differs from `at`),
//! `until` (how long time goes on), `decisions` (lines) and, if it matters, `progress` (requirement: [current, target]).

use std::path::PathBuf;

use laurel_plugin::time::parse_rfc3339;
use laurel_plugin::{Criteria, Event};
use serde_json::Value;

use super::host::Played;
use crate::Recipe;

fn moment(value: &Value) -> i64 {
    let text = value.as_str().expect("a time");
    let text = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.into() };
    parse_rfc3339(&text).unwrap_or_else(|| panic!("not a time: {text}"))
}

fn event((index, value): (usize, &Value)) -> Event {
    let received = moment(&value["at"]);
    Event {
        id: format!("e{index}"),
        source: value["source"].as_str().unwrap_or("connector").into(),
        kind: value["kind"].as_str().expect("a kind").into(),
        time: if value["happened"].is_null() { received } else { moment(&value["happened"]) },
        received,
        seq: index as u64,
        data: if value["data"].is_null() { "{}".into() } else { value["data"].to_string() },
    }
}

fn play(path: &PathBuf) {
    let text = std::fs::read_to_string(path).unwrap();
    let fixture: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let settings = fixture["settings"].to_string();
    let requirements = Recipe::check(&settings).unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()));
    let events: Vec<_> = fixture["events"].as_array().expect("events").iter().enumerate().map(event).collect();
    let until = moment(&fixture["until"]);
    let played = Played::play(&settings, &events, &[1], until).unwrap();
    let expected: Vec<_> =
        fixture["decisions"].as_array().expect("decisions").iter().map(|line| line.as_str().unwrap()).collect();
    let lines: Vec<_> = played.lines.iter().map(|line| line.replace("T00:00:00.000Z", "")).collect();
    assert_eq!(lines, expected, "{}", path.display());
    for (id, expected) in fixture["progress"].as_object().into_iter().flatten() {
        let found = played.progress.iter().find(|progress| progress.requirement == *id);
        let found = found.unwrap_or_else(|| panic!("{}: no progress for {id}: {:?}", path.display(), played.progress));
        assert_eq!([Some(found.current), Some(found.target)], [expected[0].as_f64(), expected[1].as_f64()], "{id}");
    }
    let ids: Vec<_> = requirements.iter().map(|requirement| &requirement.id).collect();
    let told: Vec<_> = played.progress.iter().map(|progress| &progress.requirement).collect();
    assert_eq!(ids, told, "{}: requirements and progress name the same", path.display());
    let batched = Played::play(&settings, &events, &[3, 7], until).unwrap();
    assert_eq!((batched.state, batched.decisions), (played.state, played.decisions), "{}", path.display());
}

#[test]
fn every_fixture_ends_as_it_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 13, "ten industries and the demo's three");
    paths.iter().for_each(play);
}
