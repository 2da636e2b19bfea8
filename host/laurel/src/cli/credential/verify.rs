//! `laurel credential verify`

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use laurel_core::credentials::{self, Fetched, Presented, Surroundings};
use laurel_core::time::Clock;
use laurel_openbadges::verify::{CheckId, Outcome, Report, Verdict};
use serde_json::json;

use super::more_contexts::MoreContexts;
use super::source::{Source, local};
use crate::adapters::SystemClock;
use crate::cli::block_on;
use crate::logging;

/// Verify a credential: JSON, a token (JWT), or a PNG or SVG image with either inside
///
/// Exit code 0: it is valid. 1: it is not, or nobody could tell (a status list that cannot be reached). 2: it cannot be read.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    contexts: MoreContexts,
    /// Ask whether it was earned by this recipient: an e-mail address, a DID, a URL or URN
    #[arg(long, value_name = "WHO")]
    recipient: Option<String>,
    /// Print the report as one JSON document
    #[arg(long)]
    json: bool,
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
        let client = self.source.client()?;
        let plain_http = self.source.allow_loopback;
        let around = Surroundings {
            now: SystemClock.now(),
            clock: &SystemClock,
            house: None,
            contexts: self.contexts.load()?,
            outbound: Some(&client),
            fetched: &Fetched::default(),
            plain_http,
            recipient: self.recipient.as_deref(),
            open_badges_2: true,
        };
        let verified = match self.source.url() {
            Some(url) => credentials::verify(Presented::Url(url), around).await?,
            None => credentials::verify(Presented::Document(&local(self.source.name())?), around).await?,
        };
        Ok(verified.report)
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
