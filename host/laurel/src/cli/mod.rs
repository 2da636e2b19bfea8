//! The commands. To add one: a file with its arguments and a `run`, and a line in [`Command`].
//!
//! Exit codes: 0 it worked, 1 it did not (the last line on standard error says why, and what to change), 2 the command line was wrong.
//! `credential verify` has its own, see there.

mod api;
mod config_args;
mod credential;
mod doctor;
mod key;
mod plugin;
mod serve;
mod signer;
mod token;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use config_args::ConfigArgs;

/// Badges that verify: signs Open Badges by rules that plugins decide
#[derive(Debug, Parser)]
#[command(name = "laurel", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Signer(signer::SignerProcess),
    #[command(subcommand)]
    Token(token::Token),
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    #[command(subcommand)]
    Credential(credential::Credential),
    #[command(subcommand)]
    Key(key::Key),
    Doctor(doctor::Doctor),
    /// Print every setting with its default and its explanation
    Config,
}

/// Runs the command that the command line names.
pub(crate) fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(serve) => serve.run().map(|()| ExitCode::SUCCESS),
        Command::Signer(signer) => signer.run().map(|()| ExitCode::SUCCESS),
        Command::Token(token) => token.run().map(|()| ExitCode::SUCCESS),
        Command::Plugin(plugin) => plugin.run().map(|()| ExitCode::SUCCESS),
        Command::Credential(credential) => credential.run(),
        Command::Key(key) => key.run().map(|()| ExitCode::SUCCESS),
        Command::Doctor(doctor) => doctor.run(),
        Command::Config => {
            print!("{}", crate::config::DEFAULTS);
            Ok(ExitCode::SUCCESS)
        }
    };
    outcome.unwrap_or_else(|error| {
        // On one line, and not by returning it from `main`: a message for people has no backtrace.
        eprintln!("error: {}", format!("{error:#}").replace('\n', " "));
        ExitCode::FAILURE
    })
}

/// Runs something asynchronous to its end.
fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("the runtime does not start")?.block_on(work)
}
