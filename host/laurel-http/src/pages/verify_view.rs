//! A verification's answer in plain words.

use laurel_core::credentials::{Summary, Verified};
use laurel_openbadges::verify::{Check, Verdict};

use super::dates::readable;
use super::emblem::clean;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Colour and sign: `good`, `warn` or `bad`.
    pub(crate) tone: &'static str,
    /// The answer in one sentence.
    pub(crate) headline: &'static str,
    /// What it is about.
    pub(crate) sentence: String,
    /// The issuer's identifier, to be compared with one that is known.
    pub(crate) issuer: Option<String>,
    /// The credential's page, if it is one of ours.
    pub(crate) own: Option<String>,
    pub(crate) checks: Vec<Line>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) tone: &'static str,
    /// `Passed`, `Failed`, `Not checked`
    pub(crate) outcome: &'static str,
    pub(crate) question: &'static str,
    pub(crate) message: String,
}

/// Puts a verification into words.
pub(crate) fn answer(verified: &Verified) -> Answer {
    let report = &verified.report;
    let headline = report.headline();
    Answer {
        tone: headline.tone.as_str(),
        headline: headline.words,
        sentence: sentence(report.verdict, &verified.summary),
        issuer: report.issuer.as_deref().map(clean),
        own: verified.own.map(|id| format!("/credentials/{id}")),
        checks: report.checks.iter().map(line).collect(),
    }
}

/// Who issued what to whom. Only a valid credential is quoted as a fact.
fn sentence(verdict: Verdict, summary: &Summary) -> String {
    let word = |value: &Option<String>| value.as_deref().map(clean).filter(|text| !text.is_empty());
    let Some(issuer) = word(&summary.issuer) else { return String::new() };
    let title = word(&summary.title).map(|title| format!(" “{title}”")).unwrap_or_default();
    let to = word(&summary.earner).map(|earner| format!(" to {earner}")).unwrap_or_default();
    let on = word(&summary.valid_from).map(|from| format!(" on {}", readable(&from))).unwrap_or_default();
    let until =
        word(&summary.valid_until).map(|until| format!(", valid until {}", readable(&until))).unwrap_or_default();
    match verdict {
        Verdict::Valid => format!("{issuer} issued{title}{to}{on}{until}."),
        Verdict::Invalid | Verdict::Unknown => {
            format!("It says that {issuer} issued{title}{to}{on}{until}. Do not rely on these words.")
        }
    }
}

fn line(check: &Check) -> Line {
    let Check { id, outcome, message } = check;
    Line { tone: outcome.tone().as_str(), outcome: outcome.word(), question: id.question(), message: clean(message) }
}
