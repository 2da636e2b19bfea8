//! What verification found.

use serde::Serialize;

use super::shape::issuer_id;
use crate::json::{Object, Value};
use crate::text::plain_run;

/// Which question a check answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckId {
    /// Is it JSON that every reader reads alike?
    Parse,
    /// Is it a credential with everything one must have, as the schemas of the data models and of Open Badges demand?
    Schema,
    /// Do all its proofs hold? Of a hosted badge: is it what its issuer serves?
    Proof,
    /// Is it valid now?
    Dates,
    /// Was it revoked or suspended?
    Status,
    /// Does the key (of a hosted badge: the place) belong to who is named as the issuer?
    Issuer,
    /// Does the key belong to who is named as the holder? (presentations)
    Holder,
    /// Are the related resources what they were?
    Resources,
    /// Are the endorsements in it genuine, and do they speak for what they stand in?
    Endorsements,
    /// Is it the credential of who is asked about? Without anyone asked about: whose is it?
    Recipient,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Yes.
    Pass,
    /// No.
    Fail,
    /// It could not be told; the message says what was missing.
    NotChecked,
}

/// One check with its answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which question.
    pub id: CheckId,
    /// How it ended.
    pub outcome: Outcome,
    /// The answer in plain words.
    pub message: String,
}

/// The answer to the whole question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every check passed.
    Valid,
    /// At least one failed.
    Invalid,
    /// None failed, but some could not be made.
    Unknown,
}

/// Everything verification found, check by check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Valid, invalid, or not known for lack of material.
    pub verdict: Verdict,
    /// Whether a status list says that the credential was revoked.
    pub revoked: bool,
    /// Whether a status list says that the credential is suspended.
    pub suspended: bool,
    /// The credential's `id`.
    pub id: Option<String>,
    /// The issuer's identifier.
    pub issuer: Option<String>,
    /// Its types.
    pub types: Vec<String>,
    /// `validFrom`, or `issuanceDate` of the data model 1.1, or `issuedOn` of Open Badges 2.0, as written.
    pub valid_from: Option<String>,
    /// Where a newer version of the credential can be had: the URL of its `1EdTechCredentialRefresh` service.
    pub refresh: Option<String>,
    /// The checks, in the order they were made.
    pub checks: Vec<Check>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self {
            verdict: Verdict::Unknown,
            revoked: false,
            suspended: false,
            id: None,
            issuer: None,
            types: Vec::new(),
            valid_from: None,
            refresh: None,
            checks: Vec::new(),
        }
    }

    /// The report on something that is no credential.
    pub(super) fn unreadable(message: String) -> Self {
        Self::unopened((Outcome::Fail, message))
    }

    /// The report on something whose content could not be seen.
    pub(super) fn unopened((outcome, message): (Outcome, String)) -> Self {
        let mut report = Self::new();
        report.add(CheckId::Parse, outcome, message);
        report.conclude()
    }

    /// Takes over what the credential says of itself.
    pub(super) fn describe(&mut self, credential: &Object<'_>) {
        self.id = credential.str("id").map(str::to_owned);
        self.issuer = issuer_id(credential).map(str::to_owned);
        let types = credential.get("type").map_or(&[] as &[Value<'_>], Value::as_slice);
        self.types = types.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        self.valid_from = credential.str("validFrom").or_else(|| credential.str("issuanceDate")).map(str::to_owned);
        let services = credential.get("refreshService").map_or(&[] as &[Value<'_>], Value::as_slice);
        let known =
            |service: &&Object<'_>| service.get("type").is_some_and(|types| types.names("1EdTechCredentialRefresh"));
        let service = services.iter().filter_map(Value::as_object).find(known);
        self.refresh = service.and_then(|service| service.str("id")).map(str::to_owned);
    }

    pub(super) fn add(&mut self, id: CheckId, outcome: Outcome, message: impl Into<String>) {
        self.checks.push(Check { id, outcome, message: harmless(message.into()) });
    }

    /// Draws the verdict from the checks.
    pub(super) fn conclude(mut self) -> Self {
        let any = |outcome| self.checks.iter().any(|check| check.outcome == outcome);
        self.verdict = if any(Outcome::Fail) {
            Verdict::Invalid
        } else if any(Outcome::NotChecked) {
            Verdict::Unknown
        } else {
            Verdict::Valid
        };
        self
    }

    /// Whether every check passed.
    pub fn is_valid(&self) -> bool {
        self.verdict == Verdict::Valid
    }

    /// The first check of a kind.
    pub fn check(&self, id: CheckId) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// The worst outcome of all checks of a kind.
    pub fn outcome(&self, id: CheckId) -> Option<Outcome> {
        let outcomes = || self.checks.iter().filter(|check| check.id == id).map(|check| check.outcome);
        [Outcome::Fail, Outcome::NotChecked, Outcome::Pass].into_iter().find(|wanted| outcomes().any(|o| o == *wanted))
    }
}

/// Messages quote what strangers wrote. Whatever would break a line, hide, or turn the direction of what follows is shown as a
/// replacement character, and nobody reads more than a thousand characters.
fn harmless(message: String) -> String {
    let is_harmful = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            || matches!(character, '\u{61c}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}')
    };
    let is_plain = plain_run(message.as_bytes(), 0x20..=0x7e, []) == message.len();
    if message.len() <= 1000 && (is_plain || !message.contains(is_harmful)) {
        return message;
    }
    message.chars().take(1000).map(|character| if is_harmful(character) { '\u{fffd}' } else { character }).collect()
}
