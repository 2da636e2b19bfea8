//! What `check` says.

use laurel_plugin::Criteria;

use crate::Recipe;

fn problems(settings: &str) -> Vec<String> {
    let problems = Recipe::check(settings).expect_err("has problems");
    problems.into_iter().map(|problem| format!("{} {}", problem.pointer, problem.message)).collect()
}

fn texts(settings: &str) -> Vec<String> {
    let requirements = Recipe::check(settings).unwrap_or_else(|problems| panic!("{problems:#?}"));
    requirements.into_iter().map(|requirement| format!("{}: {}", requirement.id, requirement.text)).collect()
}

#[test]
fn every_problem_is_told_with_its_place() {
    let found = problems(
        r#"{
            "requirement": {"all": [
                {"events": "coursecompleted", "at-least": 1},
                {"measure": "sum", "events": {"kinds": ["a.b"], "object": {"colour": "red"}}, "at-least": -1},
                {"events": "a.b", "at-least": 2, "within": "90 days", "lest": 1},
                {"any": []},
                {"of": [{"held": "x"}], "at-least": 2}
            ]},
            "renewal": "again",
            "repaet": "calendar-year"
        }"#,
    );
    let expected = [
        "/repaet is not known here",
        "/requirement/all/0/events `coursecompleted` is not an event kind",
        "/requirement/all/1/at-least must be a number above 0",
        "/requirement/all/1/events/object/colour is not a field",
        "/requirement/all/2/lest is not known here",
        "/requirement/all/2/within must be a period",
        "/requirement/all/3/any must be a list of at least one requirement",
        "/requirement/all/4/at-least must say how many of the 1 are needed",
        "/renewal needs `valid`",
    ];
    for expected in expected {
        assert!(found.iter().any(|found| found.starts_with(expected)), "{expected}: {found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn what_does_not_go_together_is_refused() {
    let count = r#"{"id": "a", "events": "a.b", "at-least": 1}"#;
    let cases = [
        (
            format!(r#"{{"requirement": {count}, "valid": "P1Y", "maintain": "revoke"}}"#),
            "/maintain cannot stand beside",
        ),
        (
            format!(r#"{{"requirement": {count}, "valid": "P1Y", "repeat": "calendar-year"}}"#),
            "/repeat cannot stand beside",
        ),
        (format!(r#"{{"requirement": {{"all": [{count}, {count}]}}}}"#), " two requirements have the id `a`"),
        (r#"{"requirement": {"events": "a.b", "at-least": 1, "groups": 2}}"#.into(), "/requirement/groups needs `per`"),
        (
            r#"{"requirement": {"measure": "streak", "events": "a.b", "at-least": 1}}"#.into(),
            "/requirement/unit is missing",
        ),
        (
            r#"{"requirement": {"measure": "max", "events": "a.b", "at-least": 1}}"#.into(),
            "/requirement/value is missing",
        ),
        (
            format!(r#"{{"requirement": {count}, "points": {{"per": "event", "of": "b", "amount": 1}}}}"#),
            "/points/of must be the id",
        ),
        (
            format!(r#"{{"requirement": {count}, "points": {{"per": "award", "amount": 1000000001}}}}"#),
            "/points/amount must be a whole number other than 0, from -1000000000",
        ),
        (
            format!(r#"{{"requirement": {}}}"#, count.replace(r#""a""#, &format!(r#""{}""#, "a".repeat(101)))),
            "/requirement/id has at most 100",
        ),
        ("{}".into(), "/requirement must be an object"),
        ("[".into(), " not readable JSON"),
    ];
    for (settings, expected) in cases {
        let found = problems(&settings);
        assert!(found[0].starts_with(expected), "{settings}: {found:#?}");
    }
}

#[test]
fn a_renewal_from_expiry_never_ends_before_it_begins() {
    let settings = |valid: &str, late: &str, from: &str| {
        format!(
            r#"{{"requirement": {{"id": "a", "events": "a.b", "at-least": 1}}, "valid": "{valid}",
                "renewal": {{"requirement": {{"id": "r", "events": "a.c", "at-least": 1}}, "late": "{late}", "from": "{from}"}}}}"#
        )
    };
    for (valid, late) in [("P30D", "P31D"), ("P1M", "P2M"), ("P1M", "P29D"), ("P30D", "P1M"), ("P1Y", "P366D")] {
        let found = problems(&settings(valid, late, "expiry"));
        assert!(found[0].starts_with("/renewal/late must not be longer than `valid`"), "{valid} {late}: {found:?}");
        assert!(Recipe::check(&settings(valid, late, "renewal")).is_ok(), "from the renewal on it lasts");
    }
    for (valid, late) in [("P30D", "P30D"), ("P1M", "P28D"), ("P2Y", "P730D"), ("P366D", "P1Y"), ("P3Y", "P2M")] {
        assert!(Recipe::check(&settings(valid, late, "expiry")).is_ok(), "{valid} {late}");
    }
}

/// The schema in `plugin.toml` refuses the same.
#[test]
fn what_is_malformed_is_refused() {
    let settings = [
        r"{}",
        r#"{"requirement": {}}"#,
        r#"{"requirement": {"events": "a.b"}}"#,
        r#"{"requirement": {"events": "ab", "at-least": 1}}"#,
        r#"{"requirement": {"events": "laurel:a.b", "at-least": 1}}"#,
        r#"{"requirement": {"events": [], "at-least": 1}}"#,
        r#"{"requirement": {"events": "a.b", "at-least": 0}}"#,
        r#"{"requirement": {"events": "a.b", "at-least": 1, "within": "P0D"}}"#,
        r#"{"requirement": {"events": "a.b", "at-least": 1, "within": "PT5M"}}"#,
        r#"{"requirement": {"events": "a.b", "at-least": 1, "per": "colour"}}"#,
        r#"{"requirement": {"events": {"kinds": "a.b", "object": {}}, "at-least": 1}}"#,
        r#"{"requirement": {"events": {"kinds": "a.b", "success": {"prefix": 1}}, "at-least": 1}}"#,
        r#"{"requirement": {"all": []}}"#,
        r#"{"requirement": {"of": [{"held": "x"}]}}"#,
        r#"{"requirement": {"held": "x", "within": "P1D"}}"#,
        r#"{"requirement": {"held": "x"}, "renewal": "again"}"#,
        r#"{"requirement": {"held": "x"}, "points": {"per": "award"}}"#,
        r#"{"requirement": {"held": "x"}, "maintain": "yes"}"#,
    ];
    for settings in settings {
        assert!(Recipe::check(settings).is_err(), "check takes {settings}");
    }
}

#[test]
fn nesting_and_numbers_are_bounded() {
    let deep = (0..20).fold(r#"{"held": "x"}"#.to_owned(), |inner, _| format!(r#"{{"not": {inner}}}"#));
    assert!(problems(&format!(r#"{{"requirement": {deep}}}"#))[0].contains("more than 8 levels"));
    let many = vec![r#"{"held": "x"}"#; 65].join(",");
    assert!(problems(&format!(r#"{{"requirement": {{"all": [{many}]}}}}"#))[0].contains("64 are the most"));
}

#[test]
fn requirements_are_in_words() {
    let words = texts(
        r#"{
            "requirement": {"all": [
                {"events": {"kinds": ["course.completed"], "object": {"name": "HV safety"}}, "at-least": 1},
                {"any": [
                    {"measure": "sum", "value": "attributes.hours", "events": "training.recorded", "at-least": 8, "within": "P12M"},
                    {"held": "instructor"}
                ]},
                {"not": {"id": "ban", "events": "member.banned", "at-least": 1, "within": "P90D"}},
                {"id": "own", "text": "Be kind", "measure": "streak", "unit": "week", "events": "post.created", "at-least": 4}
            ]},
            "valid": "P1Y",
            "renewal": {"requirement": {"id": "again", "measure": "distinct", "value": "object.id", "events": "post.created", "at-least": 2}}
        }"#,
    );
    assert_eq!(
        words,
        [
            "1: 1 × course completed (name HV safety)",
            "2: one of: 8 in total of hours in training recorded within 12 months / hold the badge instructor",
            "2.1: 8 in total of hours in training recorded within 12 months",
            "2.2: hold the badge instructor",
            "ban: Not: 1 × member banned within 90 days",
            "own: Be kind",
            "again: To renew: 2 different values of object in post created",
        ]
    );
}
