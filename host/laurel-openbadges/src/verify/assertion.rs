//! What hosted and signed badges of Open Badges 2.0 have in common: an assertion, its badge class, its issuer's profile.

use super::keys::shown;
use super::material::{Material, is_address};
use super::report::{CheckId, Outcome, Report};
use crate::Limits;
use crate::documents::hosted::OPEN_BADGES_V2;
use crate::json::{self, Object, Value};

/// The check that nothing can be said after.
pub(super) type Stop = (CheckId, Outcome, String);

/// Whether a document is an assertion of Open Badges 2.0.
pub(super) fn is_assertion(document: &Object<'_>) -> bool {
    let is = |member, wanted| document.get(member).is_some_and(|value| value.names(wanted));
    is("@context", OPEN_BADGES_V2) && is("type", "Assertion")
}

/// The URL of another document: a string, or the `id` of what is repeated of it.
pub(super) fn named<'v>(document: &'v Object<'_>, member: &str) -> Option<&'v str> {
    let value = document.get(member)?;
    value.as_str().or_else(|| value.as_object()?.str("id"))
}

/// The document that is served at a URL, which must be its `id`.
pub(super) fn served<'m>(url: &str, material: &'m Material, limits: &Limits) -> Result<Object<'m>, (Outcome, String)> {
    let shown_url = shown(url);
    if !is_address(url) {
        return Err((Outcome::Fail, format!("{shown_url} is no web address: nobody can serve a document there.")));
    }
    let bytes = match material.get(url) {
        Some(Ok(bytes)) => bytes,
        Some(Err(_)) if material.is_gone(url) => {
            return Err((Outcome::Fail, format!("There is nothing at {shown_url} any more.")));
        }
        Some(Err(why)) => return Err((Outcome::NotChecked, format!("{shown_url} could not be had: {why}."))),
        None => return Err((Outcome::NotChecked, format!("{shown_url} was not looked up."))),
    };
    match json::parse(bytes, limits) {
        Ok(Value::Object(document)) if document.str("id") == Some(url) => Ok(document),
        Ok(Value::Object(_)) => Err((Outcome::Fail, format!("The document at {shown_url} has another id."))),
        Ok(other) => Err((Outcome::Fail, format!("At {shown_url} there is {}, not a document.", other.kind()))),
        Err(error) => Err((Outcome::Fail, format!("The document at {shown_url} cannot be read: {error}."))),
    }
}

/// What the three documents must have (Open Badges 2.0, `Assertion`, `BadgeClass`, `Profile`).
pub(super) fn shape(assertion: &Object<'_>, class: &Object<'_>, issuer: &Object<'_>, report: &mut Report) {
    let demanded: [(&str, &Object<'_>, &[&str], &[&str]); 3] = [
        ("assertion", assertion, &["Assertion"], &["recipient", "verification", "issuedOn"]),
        ("badge class", class, &["BadgeClass"], &["name", "description", "image", "criteria"]),
        ("issuer's profile", issuer, &["Issuer", "Profile"], &["name", "url", "email"]),
    ];
    let mut whole = true;
    for (noun, document, types, members) in demanded {
        let typed = types.iter().any(|wanted| document.get("type").is_some_and(|types| types.names(wanted)));
        let wrong_type = (!typed).then(|| format!("is not of type {}", types.join(" or ")));
        let lacking = members.iter().filter(|member| document.get(member).is_none());
        for problem in wrong_type.into_iter().chain(lacking.map(|member| format!("has no {member}"))) {
            whole = false;
            report.add(CheckId::Schema, Outcome::Fail, format!("It is not complete: the {noun} {problem}."));
        }
    }
    if whole {
        report.add(CheckId::Schema, Outcome::Pass, "It has everything an assertion must have.");
    }
}

/// The issuer's name for itself; without one, its identifier.
pub(super) fn owner(issuer: &Object<'_>) -> String {
    let names = ["name", "id"].map(|member| issuer.str(member).unwrap_or_default());
    shown(names.into_iter().find(|name| !name.is_empty()).unwrap_or_default())
}

/// The answer for one that was taken back.
pub(super) fn revoked(reason: Option<&str>) -> String {
    let reason = reason.map_or_else(String::new, |reason| format!(": {}", shown(reason)));
    format!("Its issuer has revoked it{reason}.")
}
