//! Guests that mean harm. Each ends in a typed error within its limit, and nobody else notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use laurel_core::plugins::{CallError, Interface, LoadError};
use laurel_plugins::{Called, Plugin};

use crate::support::{Guest, criteria, events, resident, runtime};

const SPIN: &str = "(loop $again (br $again))";

/// Loads a guest beside an innocent one and calls it; the innocent one answers before and after, and memory stays.
async fn misbehave(guest: &Guest) -> Called<laurel_core::plugins::Outcome> {
    let runtime = runtime();
    let innocent = criteria("", "").load(&runtime).await;
    let hostile = guest.load(&runtime).await;
    let before = resident();
    let called = hostile.evaluate("{}", None, &events(1));
    assert_eq!(innocent.evaluate("{}", None, &events(3)).answer.unwrap().consumed, 3);
    assert!(resident() < before + 80, "memory rose from {before} to {} MiB", resident());
    called
}

#[tokio::test]
async fn an_endless_loop_runs_out_of_fuel() {
    let called = misbehave(&criteria("", SPIN)).await;
    assert!(matches!(called.answer, Err(CallError::Fuel { limit: 200_000_000 })), "{:?}", called.answer);
    assert_eq!(called.fuel, 200_000_000);
}

#[tokio::test]
async fn an_endless_loop_with_much_fuel_runs_out_of_time() {
    let mut guest = criteria("", SPIN);
    guest.manifest.push_str("[limits]\nfuel = 5000000000\ndeadline-ms = 60\n");
    let begun = Instant::now();
    let called = misbehave(&guest).await;
    assert!(
        matches!(called.answer, Err(CallError::Deadline { limit }) if limit == Duration::from_millis(60)),
        "{called:?}"
    );
    assert!(begun.elapsed() < Duration::from_mins(1));
}

#[tokio::test]
async fn memory_is_refused_and_the_refusal_is_told() {
    for grow in [
        "(if (i32.eq (memory.grow (i32.const 65000)) (i32.const -1)) (then (unreachable)))",
        "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)",
    ] {
        let called = misbehave(&criteria("", grow)).await;
        assert!(matches!(called.answer, Err(CallError::Memory { limit }) if limit == 64 << 20), "{called:?}");
        assert!(called.memory <= 64 << 20);
    }
}

#[tokio::test]
async fn a_guest_that_copes_with_refused_memory_goes_on() {
    let called = misbehave(&criteria("", "(drop (memory.grow (i32.const 65000)))")).await;
    assert_eq!(called.answer.unwrap().consumed, 1);
}

#[tokio::test]
async fn a_table_cannot_grow_for_ever() {
    let grow = "(if (i32.eq (table.grow (ref.null func) (i32.const 10000000)) (i32.const -1)) (then (unreachable)))";
    let called = misbehave(&criteria("(table 1 funcref)", grow)).await;
    assert!(matches!(called.answer, Err(CallError::Memory { .. })), "{called:?}");
}

#[tokio::test]
async fn four_gibibytes_from_the_start_do_not_load() {
    let mut guest = criteria("", "");
    guest.wat = guest.wat.replace(r#"(memory (export "memory") 2)"#, r#"(memory (export "memory") 65536)"#);
    let refused = runtime().load(&guest.component()).await;
    assert!(matches!(refused, Err(LoadError::Compile(_))), "{refused:?}");
}

#[tokio::test]
async fn deep_recursion_exhausts_the_guests_stack_only() {
    let recurse =
        "(func $r (param i64) (result i64) (i64.add (call $r (i64.add (local.get 0) (i64.const 1))) (i64.const 1)))";
    let called = misbehave(&criteria(recurse, "(drop (call $r (i64.const 0)))")).await;
    assert!(matches!(called.answer, Err(CallError::Stack)), "{called:?}");
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_copied() {
    // One state of a mebibyte; and 4,000 points whose keys are all the same 100 KiB.
    let state = "(drop (memory.grow (i32.const 32))) (i32.store (i32.const 1036) (i32.const 1048576))";
    let points = "(drop (memory.grow (i32.const 32))) (i32.store (i32.const 1044) (i32.const 131072))
        (i32.store (i32.const 1048) (i32.const 4000))
        (loop $next
          (i32.store8 (i32.add (i32.const 131072) (i32.mul (local.get $i) (i32.const 40))) (i32.const 4))
          (i32.store (i32.add (i32.const 131084) (i32.mul (local.get $i) (i32.const 40))) (i32.const 102400))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $next (i32.lt_u (local.get $i) (i32.const 4000))))";
    for body in [state, points] {
        let called = misbehave(&criteria("", body)).await;
        assert!(matches!(called.answer, Err(CallError::Output { limit: 262_144 })), "{called:?}");
    }
}

#[tokio::test]
async fn a_trap_tells_what_the_plugin_said_last() {
    let called = misbehave(&criteria("", "(unreachable)")).await;
    assert!(matches!(&called.answer, Err(CallError::Trap(why)) if why.contains("unreachable")), "{called:?}");
    let panic = r#"(data (i32.const 0) "panicked: no such course")"#;
    let called =
        misbehave(&criteria(panic, "(call $log (i32.const 3) (i32.const 0) (i32.const 24)) (unreachable)")).await;
    assert!(
        matches!(&called.answer, Err(CallError::Trap(why)) if why.starts_with("panicked: no such course (")),
        "{called:?}"
    );
}

#[tokio::test]
async fn a_flood_of_lines_is_counted_and_made_harmless() {
    let lines = r#"(data (i32.const 0) "\1b[2Jred\0a")"#;
    let flood = "(loop $next (call $log (i32.const 1) (i32.const 0) (i32.const 8))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (i32.const 100000))))";
    let called = misbehave(&criteria(lines, flood)).await;
    assert_eq!(called.answer.unwrap().consumed, 1);
    assert_eq!((called.log.lines.len(), called.log.dropped), (256, 100_000 - 256));
    assert_eq!(called.log.lines[0].message, r"\u{1b}[2Jred\n");
    let huge = "(drop (memory.grow (i32.const 32))) (call $log (i32.const 1) (i32.const 0) (i32.const 1048576))";
    let called = misbehave(&criteria("", huge)).await;
    assert!(matches!(called.answer, Err(CallError::Output { .. })), "{called:?}");
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_the_plugins_fault() {
    // It says that it consumed two of one.
    let called = misbehave(&criteria("", "(local.set $events (i32.const 2))")).await;
    assert!(matches!(&called.answer, Err(CallError::Plugin(why)) if why.contains("consumed 2 of 1")), "{called:?}");
    // A list that ends beyond memory, and text that is none.
    for body in ["(i32.store (i32.const 1036) (i32.const -1))", "(i32.store8 (i32.const 1024) (i32.const 9))"] {
        let called = misbehave(&criteria("", body)).await;
        assert!(matches!(called.answer, Err(CallError::Trap(_) | CallError::Output { .. })), "{called:?}");
    }
}

#[tokio::test]
async fn a_start_function_without_end_does_not_load() {
    let mut guest = criteria(&format!("(func $start {SPIN}) (start $start)"), "");
    guest.manifest.push_str("[limits]\nfuel = 1000000\n");
    let refused = runtime().load(&guest.component()).await;
    assert!(matches!(&refused, Err(LoadError::Trial(why)) if why.contains("fuel")), "{refused:?}");
}

/// Calls the plugin until told to stop; the longest time it took.
fn busy(plugin: Arc<Plugin>, stop: Arc<AtomicBool>) -> thread::JoinHandle<(u32, Duration)> {
    thread::spawn(move || {
        let (mut calls, mut longest) = (0, Duration::ZERO);
        while !stop.load(Ordering::Relaxed) {
            let begun = Instant::now();
            assert_eq!(plugin.evaluate("{}", None, &events(2)).answer.unwrap().consumed, 2);
            longest = longest.max(begun.elapsed());
            calls += 1;
        }
        (calls, longest)
    })
}

#[tokio::test]
async fn others_keep_answering_meanwhile() {
    let runtime = runtime();
    let innocent = criteria("", "").load(&runtime).await;
    let mut spinner = criteria("", SPIN);
    spinner.manifest.push_str("[limits]\nfuel = 5000000000\ndeadline-ms = 100\n");
    let hostile = [
        spinner,
        criteria("", "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)"),
        criteria("", "(unreachable)"),
    ];
    let stop = Arc::new(AtomicBool::new(false));
    let witness = busy(innocent, Arc::clone(&stop));
    let mut attacks = Vec::new();
    for guest in hostile {
        let plugin = guest.load(&runtime).await;
        attacks.push(thread::spawn(move || {
            (0..3).for_each(|_| assert!(plugin.evaluate("{}", None, &events(1)).answer.is_err()));
        }));
    }
    for attack in attacks {
        attack.join().unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    let (calls, longest) = witness.join().unwrap();
    assert!(calls > 100, "only {calls} calls, the longest took {longest:?}");
}

#[tokio::test]
async fn the_same_call_burns_the_same_fuel() {
    let runtime = runtime();
    let count = "(loop $next (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (i32.const 1000))))";
    let plugin = criteria("", count).load(&runtime).await;
    let fuel: Vec<u64> = (0..5).map(|_| plugin.evaluate("{}", Some(b"x"), &events(4)).fuel).collect();
    assert!(fuel[0] > 1_000 && fuel.iter().all(|same| *same == fuel[0]), "{fuel:?}");
    assert_eq!(plugin.limits(Interface::Criteria).fuel, 200_000_000);
}
