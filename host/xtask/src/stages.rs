//! What took how long.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The stages of a task, announced as they start and summed up at the end.
#[derive(Debug)]
pub(crate) struct Stages {
    started: Instant,
    done: Vec<Stage>,
}

#[derive(Debug)]
struct Stage {
    name: &'static str,
    took: Duration,
    note: String,
}

impl Stages {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now(), done: Vec::new() }
    }

    /// Runs one stage. An error says in which stage it happened.
    pub(crate) fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("==> {name}");
        let begun = Instant::now();
        let outcome = work().with_context(|| format!("stage `{name}`"));
        self.record(name, begun.elapsed(), if outcome.is_ok() { "" } else { "FAILED" });
        outcome
    }

    /// Adds a stage that was timed elsewhere, such as in another thread.
    pub(crate) fn record(&mut self, name: &'static str, took: Duration, note: impl Display) {
        self.done.push(Stage { name, took, note: note.to_string() });
    }

    /// Adds a remark to the last stage.
    pub(crate) fn note(&mut self, note: impl Display) {
        if let Some(stage) = self.done.last_mut() {
            stage.note = note.to_string();
        }
    }

    pub(crate) fn print(&self) {
        println!();
        for Stage { name, took, note } in &self.done {
            println!("{name:<14} {:>8.1} s  {note}", took.as_secs_f64());
        }
        println!("{:<14} {:>8.1} s", "in all", self.started.elapsed().as_secs_f64());
    }
}
