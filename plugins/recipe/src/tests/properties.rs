//! What must hold for any events: how they are cut into batches changes nothing, repeating a like changes nothing, the state's
//! compact form loses nothing, and no input makes it panic.

use laurel_plugin::json::Value;
use laurel_plugin::time::DAY;
use laurel_plugin::{Criteria, Event};
use proptest::prelude::*;

use super::host::Played;
use crate::Recipe;
use crate::settings::Plan;
use crate::state::State;

/// Recipes that use every part of the language.
const RECIPES: &[&str] = &[
    r#"{"requirement": {"events": "a.done", "at-least": 4}, "points": {"per": "award", "amount": 5}}"#,
    r#"{"requirement": {"events": "a.done", "at-least": 3, "within": "P10D"}, "maintain": "suspend"}"#,
    r#"{"requirement": {"measure": "sum", "value": "score.raw", "events": ["a.done", "b.done"], "at-least": 9, "within": "P20D"},
        "maintain": "revoke"}"#,
    r#"{"requirement": {"all": [
            {"measure": "max", "value": "score.raw", "events": "a.done", "at-least": 4, "within": "P30D"},
            {"not": {"events": "b.done", "at-least": 2, "within": "P7D"}}]},
        "maintain": "suspend"}"#,
    r#"{"requirement": {"id": "likes", "events": "a.done", "retract": "a.undone", "identity": ["object.id", "attributes.by"],
            "per": "object.id", "at-least": 3},
        "maintain": "suspend", "points": [{"per": "event", "of": "likes", "amount": 2}]}"#,
    r#"{"requirement": {"measure": "distinct", "value": "object.id", "events": "a.done", "at-least": 2, "within": "P15D"},
        "valid": "P1M", "renewal": {"requirement": {"events": "b.done", "at-least": 2}, "opens": "P20D", "late": "P5D"}}"#,
    r#"{"requirement": {"any": [{"measure": "streak", "unit": "day", "events": "a.done", "at-least": 3},
            {"measure": "latest", "value": "score.raw", "events": "b.done", "at-least": 5}]},
        "valid": "P2W", "renewal": "again"}"#,
    r#"{"requirement": {"events": "a.done", "at-least": 3, "within": "calendar-year"}, "repeat": "calendar-year"}"#,
    r#"{"requirement": {"of": [{"events": "a.done", "at-least": 2, "within": {"calendar-years": 2}}, {"events": "b.done", "at-least": 1},
            {"held": "other"}], "at-least": 2}, "maintain": "suspend", "revoke-on": "a.undone"}"#,
];

prop_compose! {
    fn an_event()(
        kind in prop::sample::select(vec!["a.done", "a.done", "a.done", "b.done", "a.undone", "c.done"]),
        gap in 0_i64..40, late in prop_oneof![3 => Just(0_i64), 1 => 0_i64..400],
        object in 0..3, by in 0..4, raw in -1_i64..6,
    ) -> (Event, i64, i64) {
        let data = format!(r#"{{"object":{{"id":"{object}"}},"score":{{"raw":{raw}}},"attributes":{{"by":"{by}"}}}}"#);
        (Event { data, ..laurel_plugin::testing::event(kind, 0) }, gap, late)
    }
}

/// Received in order, some at the same moment, some long after they happened.
fn events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(an_event(), 1..60).prop_map(|parts| {
        let mut received = 1_760_000_000_000;
        let build = |(index, (event, gap, late)): (usize, (Event, i64, i64))| {
            received += gap * DAY / 8;
            Event { id: format!("e{index}"), time: received - late * DAY / 8, received, seq: index as u64, ..event }
        };
        parts.into_iter().enumerate().map(build).collect()
    })
}

const LATER: i64 = 1_900_000_000_000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn batches_change_nothing(events in events(), sizes in prop::collection::vec(1_usize..20, 1..6)) {
        for settings in RECIPES {
            let single = Played::play(settings, &events, &[1], LATER).unwrap();
            let batched = Played::play(settings, &events, &sizes, LATER).unwrap();
            prop_assert_eq!(&single.lines, &batched.lines, "{}", settings);
            prop_assert_eq!(&single.progress, &batched.progress, "{}", settings);
            prop_assert_eq!(&single.state, &batched.state, "{}", settings);
        }
    }

    #[test]
    fn the_compact_form_loses_nothing(events in events()) {
        for settings in RECIPES {
            let bytes = Played::play(settings, &events, &[5], 0).unwrap().state.unwrap();
            let value = Value::parse(settings).unwrap();
            let plan = Plan::read(&value, settings).unwrap();
            prop_assert_eq!(State::decode(&plan, &bytes).unwrap().encode(&plan), bytes);
        }
    }

    #[test]
    fn damaged_state_is_an_error(events in events(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for settings in RECIPES {
            let mut bytes = Played::play(settings, &events, &[9], 0).unwrap().state.unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = Recipe::evaluate(settings, Some(&bytes), &events);
            let _ = Recipe::evaluate(settings, Some(&bytes[..at]), &events);
        }
    }

    #[test]
    fn a_repeated_like_is_one_like(events in events(), again in any::<prop::sample::Index>()) {
        let settings = RECIPES[4];
        let twice: Vec<_> = events.iter().enumerate().flat_map(|(index, event)| {
            vec![event.clone(); if index == again.index(events.len()) { 2 } else { 1 }]
        }).collect();
        let (once, twice) = (Played::play(settings, &events, &[1], 0).unwrap(), Played::play(settings, &twice, &[1], 0).unwrap());
        prop_assert_eq!(once.state, twice.state);
        prop_assert_eq!(once.progress, twice.progress);
    }

    #[test]
    fn no_settings_make_it_panic(text in "[\\[\\]{}:,\"a-z0-9.\\- ]{0,80}") {
        let _ = Recipe::check(&text);
        let _ = Recipe::check(&format!(r#"{{"requirement": {text}}}"#));
    }

    #[test]
    fn no_event_makes_it_panic(data in "\\PC{0,60}") {
        let event = Event { data, ..laurel_plugin::testing::event("a.done", 5) };
        for settings in RECIPES {
            let _ = Recipe::evaluate(settings, None, std::slice::from_ref(&event));
        }
    }
}
