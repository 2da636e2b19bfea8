//! Single traits of the language.

use laurel_plugin::Event;
use laurel_plugin::time::DAY;

use super::host::Played;

/// `days` after the first of January 2026.
fn at(days: i64) -> i64 {
    1_767_225_600_000 + days * DAY
}

fn event(kind: &str, happened: i64, received: i64, data: &str) -> Event {
    let id = format!("{kind}-{happened}-{received}-{data}");
    Event { id, time: at(happened), data: data.into(), ..laurel_plugin::testing::event(kind, at(received)) }
}

fn decisions(settings: &str, events: &[Event], until: i64) -> Vec<String> {
    let played = Played::play(settings, events, &[1], at(until)).unwrap();
    played.lines.iter().map(|line| line.split_once(' ').expect("a time first").1.to_owned()).collect()
}

const WITHIN: &str = r#"{"requirement": {"events": "a.done", "at-least": 3, "within": "P10D"}}"#;

#[test]
fn windows_are_measured_on_the_events_own_time() {
    let together = [event("a.done", 1, 60, "{}"), event("a.done", 5, 61, "{}"), event("a.done", 9, 62, "{}")];
    assert_eq!(decisions(WITHIN, &together, 99), ["award once"], "a history that arrives late still counts");
    let apart = [event("a.done", 1, 60, "{}"), event("a.done", 5, 60, "{}"), event("a.done", 12, 60, "{}")];
    assert!(decisions(WITHIN, &apart, 99).is_empty(), "arriving together is not happening together");
}

#[test]
fn what_is_late_falls_into_its_place() {
    let events = [event("a.done", 9, 9, "{}"), event("a.done", 11, 11, "{}"), event("a.done", 2, 12, "{}")];
    assert_eq!(decisions(WITHIN, &events, 99), ["award once"]);
}

#[test]
fn a_clock_that_runs_ahead_is_cut_back_to_receipt() {
    let ahead = [event("a.done", 4000, 1, "{}"), event("a.done", 4000, 2, "{}"), event("a.done", 14, 14, "{}")];
    assert!(decisions(WITHIN, &ahead, 99).is_empty());
}

#[test]
fn a_maintained_award_ends_when_its_window_empties() {
    let settings = WITHIN.replace("}}", r#"}, "maintain": "suspend"}"#);
    let events = [1, 2, 3, 20, 21, 22].map(|day| event("a.done", day, day, "{}"));
    assert_eq!(decisions(&settings, &events, 99), ["award once", "suspend once", "reinstate once", "suspend once"]);
    let settings = settings.replace("suspend", "revoke");
    assert_eq!(decisions(&settings, &events, 99), ["award 1", "revoke 1", "award 2", "revoke 2"]);
}

#[test]
fn likes_are_memberships() {
    let settings = r#"{"requirement": {"id": "likes", "events": "post.liked", "retract": "post.unliked",
        "identity": ["object.id", "attributes.liker"], "per": "object.id", "at-least": 2},
        "maintain": "suspend", "points": {"per": "event", "of": "likes", "amount": 3}}"#;
    let like = |kind: &str, day, post: &str, by| {
        event(kind, day, day, &format!(r#"{{"object":{{"id":"{post}"}},"attributes":{{"liker":"{by}"}}}}"#))
    };
    let events = [
        like("post.liked", 1, "p", 1),
        like("post.liked", 2, "p", 1),
        like("post.liked", 3, "q", 2),
        like("post.liked", 4, "p", 2),
        like("post.unliked", 5, "p", 1),
        like("post.unliked", 6, "p", 1),
        like("post.liked", 7, "p", 1),
    ];
    let found = decisions(settings, &events, 99);
    let standing: Vec<_> = found.iter().filter(|line| !line.starts_with("points")).collect();
    assert_eq!(standing, ["award once", "suspend once", "reinstate once"]);
    let amounts: Vec<_> = found.iter().filter_map(|line| line.strip_prefix("points ")?.rsplit(' ').next()).collect();
    assert_eq!(amounts, ["3", "3", "3", "3", "0", "0", "3"], "the same key each time for the same like");
}

#[test]
fn the_longest_id_of_an_event_fits_into_a_key() {
    let settings = r#"{"requirement": {"id": "a", "events": "a.done", "at-least": 9}, "points": {"per": "event", "of": "a", "amount": 3}}"#;
    let long = Event { id: "x".repeat(1024), ..event("a.done", 1, 1, "{}") };
    let other = Event { id: "x".repeat(1023), ..event("a.done", 2, 2, "{}") };
    let keys = decisions(settings, &[long, other], 9);
    assert!(keys.len() == 2 && keys[0] != keys[1] && keys.iter().all(|key| key.len() < 60), "{keys:?}");
}

#[test]
fn a_retraction_that_overtakes_its_fact_holds() {
    let settings = r#"{"requirement": {"events": "a.done", "retract": "a.undone", "at-least": 1}}"#;
    let data = r#"{"object":{"id":"x"}}"#;
    assert!(decisions(settings, &[event("a.undone", 5, 6, data), event("a.done", 4, 7, data)], 99).is_empty());
    assert_eq!(decisions(settings, &[event("a.undone", 5, 6, data), event("a.done", 6, 7, data)], 99), ["award once"]);
}

#[test]
fn not_is_met_when_time_passes() {
    let settings = r#"{"requirement": {"all": [{"events": "a.done", "at-least": 1},
        {"not": {"events": "b.done", "at-least": 1, "within": "P10D"}}]}}"#;
    let events = [event("b.done", 1, 1, "{}"), event("a.done", 2, 2, "{}")];
    let played = Played::play(settings, &events, &[1], at(99)).unwrap();
    assert_eq!(played.lines, ["2026-01-12T00:00:00.000Z award once"]);
}

#[test]
fn an_award_expires_and_is_earned_anew() {
    let settings = r#"{"requirement": {"events": "a.done", "at-least": 2}, "valid": "P30D"}"#;
    let events = [1, 2, 10, 11, 80].map(|day| event("a.done", day, day, "{}"));
    let played = Played::play(settings, &events, &[1], at(200)).unwrap();
    assert_eq!(
        played.lines,
        [
            "2026-01-03T00:00:00.000Z award 1 until 2026-02-02T00:00:00.000Z",
            "2026-02-02T00:00:00.000Z award 2 until 2026-03-04T00:00:00.000Z",
        ]
    );
}

#[test]
fn a_badge_held_opens_the_next() {
    let settings = r#"{"requirement": {"held": ["a", "b"]}, "maintain": "suspend"}"#;
    // Two rules award `a`, each once: the key is the same, the award is not.
    let badge = |kind: &str, day, award: &str, source: &str| {
        let achievement = &award[..1];
        let data = format!(r#"{{"attributes":{{"achievement":"{achievement}","award":"{award}","key":"once"}}}}"#);
        Event { source: source.into(), ..event(&format!("badge.{kind}"), day, day, &data) }
    };
    let events = [
        badge("awarded", 1, "a1", "laurel:awards"),
        badge("awarded", 2, "b", "a-forum"),
        badge("awarded", 3, "b", "laurel:awards"),
        badge("suspended", 4, "a1", "laurel:awards"),
        badge("awarded", 5, "a2", "laurel:awards"),
        badge("reinstated", 6, "a1", "laurel:awards"),
        badge("revoked", 7, "a1", "laurel:awards"),
        badge("superseded", 8, "a2", "laurel:awards"),
    ];
    let played = Played::play(settings, &events, &[1], at(99)).unwrap();
    let lines: Vec<_> = played.lines.iter().map(|line| line.replace("T00:00:00.000Z", "")).collect();
    let expected =
        ["2026-01-04 award once", "2026-01-05 suspend once", "2026-01-06 reinstate once", "2026-01-09 suspend once"];
    assert_eq!(lines, expected);
}

#[test]
fn each_year_of_the_window_must_have_its_share() {
    let settings = r#"{"requirement": {"measure": "sum", "value": "attributes.hours", "events": "training.recorded",
        "at-least": 12, "within": "P2Y", "each-year-at-least": 4}}"#;
    let hours =
        |day, hours: i64| event("training.recorded", day, day, &format!(r#"{{"attributes":{{"hours":"{hours}"}}}}"#));
    assert!(decisions(settings, &[hours(1, 20)], 9).is_empty(), "the year before is empty");
    assert_eq!(decisions(settings, &[hours(1, 20), hours(300, 2), hours(400, 2)], 999), ["award once"]);
}

#[test]
fn a_late_event_completes_last_year() {
    let settings =
        r#"{"requirement": {"events": "a.done", "at-least": 2, "within": "calendar-year"}, "repeat": "calendar-year"}"#;
    let events = [event("a.done", 350, 350, "{}"), event("a.done", 366, 366, "{}"), event("a.done", 360, 370, "{}")];
    assert_eq!(decisions(settings, &events, 999), ["award 2026"]);
}

#[test]
fn an_erased_event_says_nothing() {
    let events = [event("a.done", 1, 1, "null"), event("a.done", 2, 2, "null")];
    let settings = r#"{"requirement": {"events": {"kinds": ["a.done"], "success": true}, "at-least": 1}}"#;
    assert!(decisions(settings, &events, 9).is_empty());
}

#[test]
fn memory_is_bounded_with_a_clear_error() {
    let settings =
        r#"{"requirement": {"events": "a.done", "identity": "object.id", "retract": "a.undone", "at-least": 9000}}"#;
    let many: Vec<_> =
        (0..4097).map(|post| event("a.done", 1, 1, &format!(r#"{{"object":{{"id":{post}}}}}"#))).collect();
    let error = Played::play(settings, &many, &[4097], at(2)).unwrap_err();
    assert!(error.contains("requirement `1` would have to remember more than 4096 events"), "{error}");
}

#[test]
fn state_of_other_settings_is_refused() {
    let state = Played::play(WITHIN, &[event("a.done", 1, 1, "{}")], &[1], at(2)).unwrap().state.unwrap();
    let other = WITHIN.replace("10", "11");
    let error =
        <crate::Recipe as laurel_plugin::Criteria>::evaluate(&other, Some(&state), &[event("a.done", 2, 2, "{}")]);
    assert!(error.unwrap_err().contains("other settings"));
}

#[test]
fn an_award_reports_the_score_that_passed() {
    let settings = r#"{"requirement": {"any": [
        {"measure": "max", "value": "score.raw", "events": "exam.taken", "at-least": 80, "result": "exam"},
        {"events": "essay.written", "at-least": 1, "result": "essays"}]}}"#;
    let exam = |day, score: &str| event("exam.taken", day, day, &format!(r#"{{"score":{{"raw":{score}}}}}"#));
    let played = Played::play(settings, &[exam(1, "61"), exam(2, "92.5")], &[1], at(9)).unwrap();
    let details = played.decisions.iter().find_map(|decision| match decision {
        laurel_plugin::criteria::Decision::Award(award) => Some(award.details.clone()),
        _ => None,
    });
    let details: serde_json::Value = serde_json::from_str(&details.unwrap()).unwrap();
    assert_eq!(details["results"], serde_json::json!([{ "resultDescription": "exam", "value": "92.5" }]));
}
