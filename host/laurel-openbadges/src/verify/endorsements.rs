//! Endorsements inside a credential: are they genuine, and do they speak for what they stand in? (Open Badges 3.0, section B.2.1)
//!
//! The credential's own proof says only that its issuer put them there.

use super::keys::{listed, shown};
use super::material::Material;
use super::report::{CheckId, Outcome, Report};
use super::run::Verifier;
use crate::json::{self, Object, Value};
use crate::jwt::unverified;

/// Endorsements looked at in one credential.
pub(super) const MOST: usize = 16;

/// An endorsement in its place.
pub(super) struct Endorsement<'v, 'a> {
    /// Identifier of the object it stands in.
    pub(super) of: Option<&'v str>,
    pub(super) form: Form<'v, 'a>,
}

/// How it is written down: the members `endorsement` and `endorsementJwt`.
pub(super) enum Form<'v, 'a> {
    Document(&'v Value<'a>),
    Token(&'v str),
}

/// All endorsements in a credential: of itself, its issuer, its achievement, and so on.
pub(super) fn all<'v, 'a>(credential: &'v Object<'a>) -> Vec<Endorsement<'v, 'a>> {
    let mut found = Vec::new();
    search(credential, &mut found);
    found
}

fn search<'v, 'a>(object: &'v Object<'a>, found: &mut Vec<Endorsement<'v, 'a>>) {
    let of = object.str("id");
    let documents = listed(object.get("endorsement")).iter().filter(|value| matches!(value, Value::Object(_)));
    found.extend(documents.map(|value| Endorsement { of, form: Form::Document(value) }));
    let tokens = listed(object.get("endorsementJwt")).iter().filter_map(Value::as_str);
    found.extend(tokens.map(|token| Endorsement { of, form: Form::Token(token) }));
    for (name, value) in object.iter() {
        if !matches!(name, "@context" | "proof" | "endorsement" | "endorsementJwt") {
            value.as_slice().iter().filter_map(Value::as_object).for_each(|inner| search(inner, found));
        }
    }
}

impl Verifier<'_> {
    /// One check for each endorsement.
    pub(super) fn endorsements(&self, credential: &Object<'_>, material: &Material, report: &mut Report) {
        let found = all(credential);
        if found.len() > MOST {
            let message = format!("It holds {} endorsements; {MOST} of them are looked at.", found.len());
            report.add(CheckId::Endorsements, Outcome::NotChecked, message);
        }
        for endorsement in found.iter().take(MOST) {
            let (outcome, message) = self.endorsement(endorsement, material);
            report.add(CheckId::Endorsements, outcome, message);
        }
    }

    fn endorsement(&self, endorsement: &Endorsement<'_, '_>, material: &Material) -> (Outcome, String) {
        // Neither its own status nor what endorses the endorser is asked for: that way has no end.
        let (report, said) = match endorsement.form {
            Form::Document(value) => (self.value(value, material, false), endorsed(value)),
            Form::Token(token) => {
                let document = unverified(token.as_bytes(), &self.limits).unwrap_or_default();
                let said = json::parse(&document, &self.limits).ok().and_then(|value| endorsed(&value));
                (self.token(token, material, false), said)
            }
        };
        let by = shown(report.issuer.as_deref().unwrap_or("somebody"));
        let asked = [CheckId::Parse, CheckId::Schema, CheckId::Proof, CheckId::Issuer];
        let first = |wanted| report.checks.iter().find(|check| asked.contains(&check.id) && check.outcome == wanted);
        if let Some(check) = first(Outcome::Fail) {
            return (Outcome::Fail, format!("The endorsement by {by} is not genuine: {}", check.message));
        }
        if let Some(check) = first(Outcome::NotChecked) {
            return (Outcome::NotChecked, format!("The endorsement by {by} could not be checked: {}", check.message));
        }
        match (said, endorsement.of) {
            (Some(said), Some(of)) if said != of => {
                let message =
                    format!("The endorsement by {by} speaks for {}, and stands with {}.", shown(&said), shown(of));
                (Outcome::Fail, message)
            }
            (_, of) => {
                // An endorsement that ended takes nothing from the credential.
                let ended =
                    report.checks.iter().find(|check| check.id == CheckId::Dates && check.outcome == Outcome::Fail);
                let when = ended.map_or_else(String::new, |check| format!(" Of the endorsement: {}", check.message));
                (Outcome::Pass, format!("{by} endorses {}.{when}", shown(of.unwrap_or("it"))))
            }
        }
    }
}

/// What an endorsement says it speaks for.
fn endorsed(endorsement: &Value<'_>) -> Option<String> {
    let subject = endorsement.as_object()?.get("credentialSubject")?.as_object()?;
    subject.str("id").map(str::to_owned)
}
