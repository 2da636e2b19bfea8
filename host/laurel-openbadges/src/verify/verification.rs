//! One verification: what each kind of document it is given is.

use std::ops::Deref;

use super::material::Material;
use super::party::Role;
use super::report::{CheckId, Outcome, Report};
use super::run::Verifier;
use super::status_list::Lists;
use super::token::{Opened, enveloped};
use super::{assertion, dates, signed_badge, status};
use crate::Limits;
use crate::json::{self, Object, Value};
use crate::jwt::{Token, is_token};
use crate::work::Work;

/// One verification by a verifier, of a credential or of a presentation: what was fetched for it, what it may still spend, and what it
/// found that may be asked for again.
pub(super) struct Verification<'v> {
    verifier: &'v Verifier<'v>,
    pub(super) material: &'v Material,
    pub(super) work: Work<'v>,
    pub(super) lists: Lists,
}

impl<'v> Deref for Verification<'v> {
    type Target = Verifier<'v>;

    fn deref(&self) -> &Verifier<'v> {
        self.verifier
    }
}

impl<'v> Verification<'v> {
    pub(super) fn new(verifier: &'v Verifier<'v>, material: &'v Material) -> Self {
        Self { verifier, material, work: Work::within(&verifier.limits), lists: Lists::default() }
    }

    pub(super) fn limits(&self) -> &'v Limits {
        self.work.limits
    }

    /// Checks a credential that is still unsigned.
    pub(super) fn lint(&self, unsigned: &[u8]) -> Report {
        let mut report = Report::new();
        match json::parse(unsigned, self.limits()) {
            Ok(Value::Object(credential)) => {
                report.add(CheckId::Parse, Outcome::Pass, "It is well-formed JSON.");
                report.describe(&credential);
                self.schema(&credential, &[], &mut report);
                self.defined(&credential, &mut report);
                self.resources(&credential, &mut report);
                for problem in status::problems(&credential) {
                    report.add(CheckId::Status, Outcome::Fail, format!("Its status entry {problem}."));
                }
                if let Some(problem) = dates::problem(&credential) {
                    report.add(CheckId::Dates, Outcome::Fail, problem);
                }
            }
            Ok(other) => report.add(CheckId::Parse, Outcome::Fail, not_an_object(&other)),
            Err(error) => report.add(CheckId::Parse, Outcome::Fail, format!("It cannot be read: {error}.")),
        }
        report.conclude()
    }

    /// A credential. Without asking for its status it is a status list: a credential like any other, whatever is served in its place.
    pub(super) fn document(&self, document: &[u8], with_status: bool) -> Report {
        if is_token(document) {
            let text = std::str::from_utf8(document).unwrap_or_default();
            return self.token(text, with_status);
        }
        match json::parse(document, self.limits()) {
            Ok(Value::Object(object)) if self.open_badges_2 && with_status && assertion::is_assertion(&object) => {
                self.hosted(&object)
            }
            Ok(value) => self.value(&value, with_status),
            Err(error) => Report::unreadable(format!("It cannot be read: {error}.")),
        }
    }

    /// A credential that has been read: an embedded one, or an envelope.
    pub(super) fn value(&self, value: &Value<'_>, with_status: bool) -> Report {
        let Value::Object(credential) = value else { return Report::unreadable(not_an_object(value)) };
        match enveloped(credential, "EnvelopedVerifiableCredential") {
            Some(Ok(token)) => self.token(token, with_status),
            Some(Err(problem)) => Report::unopened(problem.answer()),
            None => self.embedded(credential, with_status),
        }
    }

    fn embedded(&self, credential: &Object<'_>, with_status: bool) -> Report {
        let mut report = Report::new();
        report.add(CheckId::Parse, Outcome::Pass, "It is well-formed JSON.");
        report.describe(credential);
        self.schema(credential, &[], &mut report);
        self.proofs(credential, Role::Issuer, &mut report);
        self.about(credential, None, with_status, &mut report);
        report.conclude()
    }

    pub(super) fn token(&self, text: &str, with_status: bool) -> Report {
        let token = match Token::read(text, self.limits()) {
            Ok(token) => token,
            Err(error) => return Report::unreadable(format!("It cannot be read: {error}.")),
        };
        let assertion = signed_badge::assertion(&token, self.limits());
        if let Some(assertion) = assertion.filter(|_| self.open_badges_2 && with_status) {
            return self.signed_badge(&token, &assertion);
        }
        let opened = match Opened::read(&token, Role::Issuer, self.limits()) {
            Ok(opened) => opened,
            Err(error) => return Report::unreadable(format!("It cannot be read: {error}.")),
        };
        let mut report = Report::new();
        report.add(CheckId::Parse, Outcome::Pass, "It is a token (JWT) that holds well-formed JSON.");
        let credential = &opened.document;
        report.describe(credential);
        report.issuer = opened.named().map(str::to_owned);
        self.schema(credential, &opened.claims.contradictions(credential), &mut report);
        opened.signature(self.source(Role::Issuer), &mut report);
        self.about(credential, opened.dates(self.now), with_status, &mut report);
        report.conclude()
    }
}

pub(super) fn not_an_object(value: &Value<'_>) -> String {
    format!("A credential is a JSON object; this is {}.", value.kind())
}
