//! `cargo xtask`: everything a person or a machine does repeatedly in this repository.
//!
//! | where | what |
//! |---|---|
//! | [`tasks`] | one file per task; a task reads top to bottom as the list of what it does |
//! | [`demo`] | the story that `cargo xtask demo` tells |
//! | [`wasm`] | guests: the target's standard library, compiling, packing |
//! | [`tools`] | what tests and checks need from outside: PostgreSQL, Chromium, verifiers, cargo-deny |
//! | [`tidy`] | rules about the repository itself, one file per rule |
//!
//! To add a task: a file in `tasks/` with its arguments and a `run`, and a line in [`Task`].

// A command line tool speaks on its standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod demo;
mod process;
mod stages;
mod tasks;
mod tidy;
mod tools;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::workspace::Workspace;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "What is done repeatedly in this repository")]
enum Task {
    Plugins(tasks::plugins::Plugins),
    Test(tasks::test::Test),
    Check(tasks::check::Check),
    Demo(tasks::demo::Demo),
    Bench(tasks::bench::Bench),
    Fuzz(tasks::fuzz::Fuzz),
}

fn main() -> ExitCode {
    match run(Task::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not by returning it from `main`: that would add a backtrace to what is a message for people.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Plugins(task) => task.run(&workspace),
        Task::Test(task) => task.run(&workspace),
        Task::Check(task) => task.run(&workspace),
        Task::Demo(task) => task.run(&workspace),
        Task::Bench(task) => task.run(&workspace),
        Task::Fuzz(task) => task.run(&workspace),
    }
}
