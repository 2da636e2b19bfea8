//! `laurel credential verify`

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use laurel_core::time::Clock;
use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{CheckId, Outcome, Report, Verdict, Verifier};
use serde_json::json;

use super::fetch::{Fetcher, MAX_CREDENTIAL};
use crate::adapters::SystemClock;
use crate::cli::block_on;
use crate::logging;

/// Verify a credential
///
/// Exit code 0: it is valid. 1: it is not, or nobody could tell (a status list that cannot be reached). 2: it cannot be read.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A file, an https URL, or - for standard input
    #[arg(value_name = "FILE|URL")]
    source: String,
    /// Print the report as one JSON document
    #[arg(long)]
    json: bool,
    /// Let look-ups reach this machine itself, by http too; for a host you try out
    #[arg(long)]
    allow_loopback: bool,
}

const NOT_VALID: u8 = 1;
const UNREADABLE: u8 = 2;

impl Verify {
    pub(crate) fn run(self) -> ExitCode {
        logging::start_quiet();
        match block_on(self.verify()) {
            Ok(report) => {
                self.print(&report);
                ExitCode::from(code(&report))
            }
            Err(error) => {
                let message = format!("{error:#}").replace('\n', " ");
                if self.json {
                    println!("{}", json!({ "verdict": "unreadable", "error": message }));
                }
                eprintln!("error: {message}");
                ExitCode::from(UNREADABLE)
            }
        }
    }

    async fn verify(&self) -> Result<Report> {
        let fetcher = Fetcher::new(self.allow_loopback)?;
        let document = self.read(&fetcher).await?;
        let verifier = Verifier::new(Timestamp::from_unix_seconds(SystemClock.now().0.div_euclid(1000)));
        let material = fetcher.material(&verifier, &document).await;
        Ok(verifier.verify(&document, &material))
    }

    async fn read(&self, fetcher: &Fetcher) -> Result<Vec<u8>> {
        let source = self.source.as_str();
        if source.starts_with("https://") || source.starts_with("http://") {
            return fetcher.credential(source).await.with_context(|| format!("cannot fetch {source}"));
        }
        let mut document = Vec::new();
        let limit = MAX_CREDENTIAL as u64 + 1;
        let read = match source {
            "-" => std::io::stdin().take(limit).read_to_end(&mut document),
            file => std::fs::File::open(file).and_then(|open| open.take(limit).read_to_end(&mut document)),
        };
        let length = read.with_context(|| format!("cannot read {source}"))?;
        anyhow::ensure!(length <= MAX_CREDENTIAL, "{source} is larger than {MAX_CREDENTIAL} bytes");
        Ok(document)
    }

    fn print(&self, report: &Report) {
        if self.json {
            println!("{}", json!(report));
            return;
        }
        for check in &report.checks {
            let mark = match check.outcome {
                Outcome::Pass => "yes",
                Outcome::Fail => "NO",
                Outcome::NotChecked => "?",
            };
            println!("{mark:>4}  {}", check.message);
        }
        println!("{}", verdict(report));
    }
}

fn verdict(report: &Report) -> &'static str {
    match report.verdict {
        Verdict::Valid => "valid",
        Verdict::Invalid if report.revoked => "not valid: it was revoked",
        Verdict::Invalid if report.suspended => "not valid: it is suspended",
        Verdict::Invalid => "not valid",
        Verdict::Unknown => "not known to be valid: some checks could not be made",
    }
}

fn code(report: &Report) -> u8 {
    match report.verdict {
        Verdict::Valid => 0,
        _ if report.outcome(CheckId::Parse) == Some(Outcome::Fail) => UNREADABLE,
        _ => NOT_VALID,
    }
}
