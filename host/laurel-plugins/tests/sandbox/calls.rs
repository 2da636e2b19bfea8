//! Criteria that behave.

use laurel_core::plugins::{CallError, Interface, Sandbox};
use laurel_plugins::{Size, inspect};

use crate::support::{criteria, events, runtime, runtime_with};

#[tokio::test]
async fn arguments_go_in_and_answers_come_out() {
    // The answer's state is the settings, and its wake-up the length of the state that was given.
    let body =
        "(i32.store (i32.const 1032) (local.get $settings)) (i32.store (i32.const 1036) (local.get $settings-length))
        (i32.store8 (i32.const 1064) (local.get $has-state))
        (i64.store (i32.const 1072) (i64.extend_i32_u (local.get $state-length)))";
    let runtime = runtime();
    let plugin = criteria("", body).load(&runtime).await;
    let outcome = plugin.evaluate(r#"{"a":1}"#, Some(b"xyz"), &events(5)).answer.unwrap();
    assert_eq!((outcome.state.as_slice(), outcome.consumed), (&br#"{"a":1}"#[..], 5));
    assert_eq!(outcome.wake.map(|wake| wake.0), Some(3));
    assert_eq!(plugin.evaluate("", None, &events(1)).answer.unwrap().wake, None);
    assert_eq!(plugin.check("{}").answer.unwrap(), Ok(Vec::new()));
    assert_eq!(plugin.size(), Size::Small);
}

#[tokio::test]
async fn nothing_is_left_from_one_call_to_the_next() {
    // Counts its calls in memory and in a global, and answers with the counts.
    let counters = "(global $calls (mut i64) (i64.const 0))";
    let body = "(global.set $calls (i64.add (global.get $calls) (i64.const 1)))
        (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (i64.const 1)))
        (i32.store8 (i32.const 1064) (i32.const 1))
        (i64.store (i32.const 1072) (i64.add (global.get $calls) (i64.load (i32.const 8))))";
    let runtime = runtime();
    let plugin = criteria(counters, body).load(&runtime).await;
    for _ in 0..300 {
        assert_eq!(plugin.evaluate("{}", None, &events(1)).answer.unwrap().wake.map(|wake| wake.0), Some(2));
    }
}

#[tokio::test]
async fn through_the_port() {
    let runtime = runtime();
    let component = criteria("", "").component();
    let sandbox: &dyn Sandbox = &runtime;
    let digest = inspect(&component).unwrap().digest;
    assert!(!sandbox.is_loaded(digest));
    assert!(matches!(sandbox.check(digest, "{}"), Err(CallError::NotLoaded(_))));
    let (loaded, manifest) = sandbox.load(&component).await.unwrap();
    assert_eq!((loaded, manifest.name.as_str()), (digest, "guest"));
    let evaluated = sandbox.evaluate(digest, "{}", None, &events(2)).unwrap();
    assert!(evaluated.outcome.consumed == 2 && evaluated.fuel > 0);
}

#[tokio::test]
async fn the_operators_limits_count_more_than_the_manifests() {
    let limits = laurel_core::plugins::Limits { fuel: Some(10), ..Default::default() };
    let settings = laurel_plugins::Settings { limits: [("guest".to_owned(), limits)].into(), ..Default::default() };
    let runtime = runtime_with(settings);
    let mut guest = criteria("", "(loop $again (br $again))");
    guest.manifest.push_str("[limits]\nfuel = 1000000\nlog-lines = 3\n");
    let plugin = guest.load(&runtime).await;
    assert!(matches!(plugin.evaluate("{}", None, &events(1)).answer, Err(CallError::Fuel { limit: 10 })));
    assert_eq!(plugin.limits(Interface::Criteria).log_lines, 3);
}
