//! Endorsements inside a credential: are they genuine, and do they speak for what they stand in? (Open Badges 3.0, section B.2.1)
//!
//! The credential's own proof says only that its issuer put them there.

use std::rc::Rc;

use super::keys::{listed, shown};
use super::report::{CheckId, Outcome, Report};
use super::verification::Verification;
use crate::json::{self, Object, Value};
use crate::jwt::unverified;

/// Endorsements looked at in one credential.
pub(super) const MOST: usize = 16;

/// An endorsement in its place.
pub(super) struct Endorsement<'v, 'a> {
    /// What it may speak for, the object it stands in first.
    of: Rc<[&'v str]>,
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
    search(credential, true, &mut found);
    found
}

/// Those of the credential, its achievement and its profiles: an endorsement in the credential may speak for any of them.
fn identifiers<'v>(object: &'v Object<'_>, within: &mut Vec<&'v str>) {
    within.extend(object.str("id"));
    within.extend(object.str("issuer"));
    parts(object).for_each(|(_, part)| identifiers(part, within));
}

fn search<'v, 'a>(object: &'v Object<'a>, is_credential: bool, found: &mut Vec<Endorsement<'v, 'a>>) {
    let (documents, tokens) = (listed(object.get("endorsement")), listed(object.get("endorsementJwt")));
    // Most objects hold none, and what they could speak for need not be known.
    if !(documents.is_empty() && tokens.is_empty()) {
        let of = may_speak_for(object, is_credential);
        let documents = documents.iter().filter(|value| matches!(value, Value::Object(_)));
        found.extend(documents.map(|value| Endorsement { of: of.clone(), form: Form::Document(value) }));
        let tokens = tokens.iter().filter_map(Value::as_str);
        found.extend(tokens.map(|token| Endorsement { of: of.clone(), form: Form::Token(token) }));
    }
    // The credentials that a learner record holds are verified alone, with what endorses them.
    let own = parts(object).filter(|(name, _)| *name != "verifiableCredential");
    own.for_each(|(_, part)| search(part, false, found));
}

/// What endorsements in an object may speak for.
fn may_speak_for<'v>(object: &'v Object<'_>, is_credential: bool) -> Rc<[&'v str]> {
    if !is_credential {
        return object.str("id").into_iter().collect();
    }
    let mut within = Vec::new();
    identifiers(object, &mut within);
    within.into()
}

/// Objects within an object, each with the member it stands in; endorsements are documents of their own.
fn parts<'v, 'a>(object: &'v Object<'a>) -> impl Iterator<Item = (&'v str, &'v Object<'a>)> {
    let own = |name: &str| !matches!(name, "@context" | "proof" | "endorsement" | "endorsementJwt");
    let members = object.iter().filter(move |(name, _)| own(name));
    members.flat_map(|(name, value)| value.as_slice().iter().filter_map(Value::as_object).map(move |part| (name, part)))
}

impl Verification<'_> {
    /// One check for each endorsement.
    pub(super) fn endorsements(&self, credential: &Object<'_>, report: &mut Report) {
        let found = all(credential);
        if found.len() > MOST {
            let message = format!("It holds {} endorsements; {MOST} of them are looked at.", found.len());
            report.add(CheckId::Endorsements, Outcome::NotChecked, message);
        }
        for endorsement in found.iter().take(MOST) {
            let (outcome, message) = self.endorsement(endorsement);
            report.add(CheckId::Endorsements, outcome, message);
        }
    }

    fn endorsement(&self, endorsement: &Endorsement<'_, '_>) -> (Outcome, String) {
        // Neither its own status nor what endorses the endorser is asked for: that way has no end.
        let (report, said) = match endorsement.form {
            Form::Document(value) => (self.value(value, false), endorsed(value)),
            Form::Token(token) => {
                let document = unverified(token.as_bytes(), self.limits()).unwrap_or_default();
                let said = json::parse(&document, self.limits()).ok().and_then(|value| endorsed(&value));
                (self.token(token, false), said)
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
        let first = endorsement.of.first().copied();
        if let (Some(said), Some(of)) = (&said, first)
            && !endorsement.of.contains(&said.as_str())
        {
            let message = format!("The endorsement by {by} speaks for {}, and stands with {}.", shown(said), shown(of));
            return (Outcome::Fail, message);
        }
        // An endorsement that ended takes nothing from the credential.
        let ended = report.checks.iter().find(|check| check.id == CheckId::Dates && check.outcome == Outcome::Fail);
        let when = ended.map_or_else(String::new, |check| format!(" Of the endorsement: {}", check.message));
        (Outcome::Pass, format!("{by} endorses {}.{when}", shown(said.as_deref().or(first).unwrap_or("it"))))
    }
}

/// What an endorsement says it speaks for.
fn endorsed(endorsement: &Value<'_>) -> Option<String> {
    let subject = endorsement.as_object()?.get("credentialSubject")?.as_object()?;
    subject.str("id").map(str::to_owned)
}
