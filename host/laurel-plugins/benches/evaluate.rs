//! What a fresh sandbox costs: the recipe plugin through WebAssembly, beside the same rule as native Rust in the same run.
//!
//! Run by `cargo xtask bench`. Each time is the median in µs an event. Fuel, epochs and all limits are on, as in production.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    reason = "a bench may fail and tell why"
)]

#[path = "../tests/sandbox/support.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod support;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use laurel_core::plugins::CriteriaEvent;
use laurel_core::time::Timestamp;
use laurel_figures::Figures;
use laurel_plugin::{Criteria, Event};
use laurel_plugin_recipe::Recipe;
use laurel_plugins::Plugin;

const SETTINGS: &str = r#"{"requirement":{"id":"done","events":{"kinds":["course.completed"],"object":{"type":"course"}},
    "identity":["object.id"],"at-least":3},"valid":"P36M"}"#;

fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/plugins/recipe.wasm");
    let Ok(component) = std::fs::read(&path) else {
        eprintln!("not run: build the plugins first (cargo xtask plugins)");
        return;
    };
    let runtime = support::runtime();
    let tokio = tokio::runtime::Runtime::new().unwrap();
    let empty = tokio.block_on(support::criteria("", "").load(&runtime));
    let sandbox = median(1, || empty.evaluate("{}", None, black_box(&[event(0)])).answer.unwrap());
    let figures = Figures::from_arguments();
    figures.add("fresh sandbox, a guest that does nothing", sandbox, "µs/event", None);
    let plugin = tokio.block_on(runtime.load(&component)).unwrap();
    for count in [1, 64] {
        let events: Vec<CriteriaEvent> = (0..count).map(event).collect();
        let folded = plugin.evaluate(SETTINGS, None, &events);
        assert_eq!(folded.answer.unwrap().consumed, count);
        figures.add(&format!("{count} event(s) a call: fuel burnt"), folded.fuel as f64, "fuel", None);
        figures.add(&format!("{count} event(s) a call: memory"), folded.memory as f64, "bytes", None);
        let guests: Vec<Event> = events.iter().map(native).collect();
        let limit = median(count, || Recipe::evaluate(black_box(SETTINGS), None, black_box(&guests)).unwrap());
        figures.add(&format!("native, {count} event(s) a call"), limit, "µs/event", None);
        let wasm = median(count, || plugin.evaluate(black_box(SETTINGS), None, black_box(&events)).answer.unwrap());
        figures.add(&format!("fresh sandbox, {count} event(s) a call"), wasm, "µs/event", Some(limit));
    }
    let one = throughput(&plugin, 1);
    figures.add("fresh sandboxes, one thread", one, "1/s", None);
    figures.add("fresh sandboxes, two threads", throughput(&plugin, 2), "1/s", Some(2.0 * one));
}

/// An event of about a kilobyte.
fn event(n: usize) -> CriteriaEvent {
    let filler = "x".repeat(800);
    let data = format!(
        r#"{{"object":{{"type":"course","id":"https://lms.example.org/courses/{n}","name":"Course {n}"}},
            "score":{{"scaled":0.93,"raw":93,"max":100}},"success":true,"attributes":{{"note":"{filler}"}}}}"#
    );
    let time = Timestamp(1_750_000_000_000 + i64::try_from(n).unwrap());
    CriteriaEvent {
        id: format!("e{n}").into(),
        source: "https://lms.example.org".into(),
        kind: "course.completed".into(),
        time,
        received: time,
        seq: i64::try_from(n).unwrap() + 1,
        data: data.into(),
    }
}

fn native(event: &CriteriaEvent) -> Event {
    Event {
        id: event.id.to_string(),
        source: event.source.to_string(),
        kind: event.kind.to_string(),
        time: event.time.0,
        received: event.received.0,
        seq: event.seq.unsigned_abs(),
        data: event.data.to_string(),
    }
}

/// The median of many calls, in µs an event.
fn median<T>(events: usize, mut call: impl FnMut() -> T) -> f64 {
    let runs = 20_000 / events.max(4) + 500;
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            black_box(call());
            begun.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(events).unwrap())
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn throughput(plugin: &Arc<Plugin>, threads: u32) -> f64 {
    const CALLS: u32 = 20_000;
    let events = [event(0)];
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..CALLS).for_each(|_| drop(plugin.evaluate(SETTINGS, None, &events))));
        }
    });
    f64::from(CALLS * threads) / begun.elapsed().as_secs_f64()
}
