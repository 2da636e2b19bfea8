//! Presentations: several credentials, and who shows them (VC Data Model 2.0, section 4.13).

use serde::Serialize;

use super::keys::listed;
use super::material::Material;
use super::needs::is_presentation;
use super::party::Role;
use super::report::{Check, CheckId, Outcome, Report, Verdict};
use super::run::Verifier;
use super::shape;
use super::token::{Opened, enveloped};
use super::verification::Verification;
use crate::contexts::CREDENTIALS_V1;
use crate::json::{self, Object, Value};
use crate::jwt::{Token, is_token};

/// What the one who asked for a presentation expects of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// The challenge that was given; proofs must answer it (`challenge`, or the claim `nonce`).
    pub challenge: Option<String>,
    /// The site it is meant for (`domain`, or the claim `aud`).
    pub domain: Option<String>,
    /// Whether it may come without a signature of its holder. Then only its credentials are checked, and nothing says who shows
    /// them.
    pub unsigned: bool,
}

/// Everything the verification of a presentation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresentationReport {
    /// The worst of the presentation itself and all its credentials.
    pub verdict: Verdict,
    /// Who shows the credentials, if it says so.
    pub holder: Option<String>,
    /// The checks of the presentation itself.
    pub checks: Vec<Check>,
    /// One report for each credential, in their order.
    pub credentials: Vec<Report>,
}

impl PresentationReport {
    fn new(own: Report, holder: Option<String>, credentials: Vec<Report>) -> Self {
        let own = own.conclude();
        let verdicts = || std::iter::once(own.verdict).chain(credentials.iter().map(|report| report.verdict));
        let worst = [Verdict::Invalid, Verdict::Unknown].into_iter().find(|worst| verdicts().any(|v| v == *worst));
        Self { verdict: worst.unwrap_or(Verdict::Valid), holder, checks: own.checks, credentials }
    }

    /// Whether the presentation and every credential in it passed every check.
    pub fn is_valid(&self) -> bool {
        self.verdict == Verdict::Valid
    }
}

impl Verifier<'_> {
    /// Verifies a presentation and every credential in it: a JSON document, a token (JWT), or an envelope around one.
    pub fn verify_presentation(&self, document: &[u8], expected: &Expected, material: &Material) -> PresentationReport {
        Verification::new(self, material).presentation(document, expected)
    }
}

impl Verification<'_> {
    fn presentation(&self, document: &[u8], expected: &Expected) -> PresentationReport {
        if is_token(document) {
            return self.presented_token(std::str::from_utf8(document).unwrap_or_default(), expected);
        }
        let object = match json::parse(document, self.limits()) {
            Ok(Value::Object(object)) => object,
            Ok(other) => return unreadable(format!("A presentation is a JSON object; this is {}.", other.kind())),
            Err(error) => return unreadable(format!("It cannot be read: {error}.")),
        };
        match enveloped(&object, "EnvelopedVerifiablePresentation") {
            Some(Ok(token)) => self.presented_token(token, expected),
            Some(Err(problem)) => PresentationReport::new(Report::unopened(problem.answer()), None, Vec::new()),
            None => self.presented(&object, expected),
        }
    }

    fn presented(&self, object: &Object<'_>, expected: &Expected) -> PresentationReport {
        let mut own = Report::new();
        own.add(CheckId::Parse, Outcome::Pass, "It is well-formed JSON.");
        form(object, &[], &mut own);
        if object.get("proof").is_none() && expected.unsigned {
            // No signature covers it, so nothing else would notice what its contexts do not define.
            self.defined(object, &mut own);
            own.add(CheckId::Proof, Outcome::Pass, "It is not signed: only its credentials are checked.");
        } else {
            self.proofs_for(object, Role::Holder, expected, &mut own);
        }
        let credentials = self.credentials(object, &mut own);
        PresentationReport::new(own, shape::holder_id(object).map(str::to_owned), credentials)
    }

    fn presented_token(&self, text: &str, expected: &Expected) -> PresentationReport {
        let token = match Token::read(text, self.limits()) {
            Ok(token) => token,
            Err(error) => return unreadable(format!("It cannot be read: {error}.")),
        };
        let opened = match Opened::read(&token, Role::Holder, self.limits()) {
            Ok(opened) => opened,
            Err(error) => return unreadable(format!("It cannot be read: {error}.")),
        };
        let mut own = Report::new();
        own.add(CheckId::Parse, Outcome::Pass, "It is a token (JWT) that holds well-formed JSON.");
        form(&opened.document, &opened.claims.contradictions(&opened.document), &mut own);
        opened.signature(self.source(Role::Holder), &mut own);
        if let Some(message) = opened.dates(self.now) {
            own.add(CheckId::Dates, Outcome::Fail, message);
        }
        for problem in unanswered(&opened, expected) {
            own.add(CheckId::Proof, Outcome::Fail, problem);
        }
        let credentials = self.credentials(&opened.document, &mut own);
        PresentationReport::new(own, opened.named().map(str::to_owned), credentials)
    }

    fn credentials(&self, object: &Object<'_>, own: &mut Report) -> Vec<Report> {
        let items = listed(object.get("verifiableCredential"));
        if items.len() > self.limits.credentials {
            let most = self.limits.credentials;
            own.add(
                CheckId::Schema,
                Outcome::Fail,
                format!("It holds {} credentials; at most {most} are read.", items.len()),
            );
            return Vec::new();
        }
        // The data model 1.1 puts tokens in as they are.
        let data_model_1 = object.get("@context").is_some_and(|context| context.names(CREDENTIALS_V1));
        items
            .iter()
            .map(|item| match item {
                Value::String(token) if data_model_1 => self.token(token, true),
                other => self.value(other, true),
            })
            .collect()
    }
}

fn unreadable(message: String) -> PresentationReport {
    PresentationReport::new(Report::unreadable(message), None, Vec::new())
}

fn form(object: &Object<'_>, contradictions: &[&str], own: &mut Report) {
    let mut problems = shape::presentation_problems(object);
    problems.extend(contradictions.iter().map(|problem| (*problem).to_owned()));
    if !is_presentation(object) {
        problems.push("at /type: the types must include VerifiablePresentation".to_owned());
    }
    if problems.is_empty() {
        own.add(CheckId::Schema, Outcome::Pass, "It has everything a presentation must have.");
    }
    for problem in problems {
        own.add(CheckId::Schema, Outcome::Fail, format!("It is not a complete presentation: {problem}."));
    }
}

/// What a token does not answer of what was asked.
fn unanswered(opened: &Opened<'_>, expected: &Expected) -> Vec<&'static str> {
    let mut problems = Vec::new();
    if expected.challenge.is_some() && opened.claims.nonce != expected.challenge {
        problems.push("It does not answer the challenge that was given.");
    }
    if expected.domain.as_ref().is_some_and(|domain| !opened.claims.audience.contains(domain)) {
        problems.push("It was made for another site.");
    }
    problems
}
