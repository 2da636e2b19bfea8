//! Signed badges of Open Badges 2.0: an assertion inside a JSON Web Signature (Open Badges 2.0, "Signed Badges" and "Verification of
//! Open Badges", `SignedBadge`).
//!
//! The assertion is believed because of the signature; its badge class and its issuer's profile because they are served where they say,
//! like those of a hosted badge. The key is the issuer's if the profile lists it, and if it names the profile as its owner.

use super::assertion::{Stop, is_assertion, named, owner, revoked, served, shape};
use super::keys::{listed, shown};
use super::material::{Material, Need, NeedKind, is_address};
use super::report::{CheckId, Outcome, Report};
use super::verification::Verification;
use super::{dates, recipient};
use crate::Limits;
use crate::json::{Object, Value};
use crate::jwt::Token;
use crate::keys::PublicKey;

/// Keys of an issuer that are looked at.
const MOST_KEYS: usize = 8;

/// The assertion in a token, if it holds one.
pub(super) fn assertion<'t>(token: &'t Token, limits: &Limits) -> Option<Object<'t>> {
    token.payload(limits).ok().filter(is_assertion)
}

/// Says where the other documents are, each found through the one before it.
pub(super) fn needs(assertion: &Object<'_>, material: &Material, limits: &Limits, wanted: &mut Vec<Need>) {
    let mut want = |place: &str| {
        if is_address(place) {
            wanted.push(Need { url: place.to_owned(), kind: NeedKind::Hosted });
        }
    };
    want(named(assertion, "badge").unwrap_or_default());
    let Ok(class) = class(assertion, material, limits) else { return };
    let issuer = named(&class, "issuer").unwrap_or_default();
    want(issuer);
    let Ok(issuer) = served(issuer, material, limits) else { return };
    want(issuer.str("revocationList").unwrap_or_default());
    for key in listed_keys(assertion, &issuer) {
        if let Listed::At(url) = key {
            want(url);
        }
    }
}

/// The badge class: what is served at its address, or, without one, what the signed assertion says itself.
fn class<'m>(
    assertion: &'m Object<'_>,
    material: &'m Material,
    limits: &Limits,
) -> Result<Object<'m>, (Outcome, String)> {
    match (named(assertion, "badge"), assertion.get("badge")) {
        (Some(url), _) if is_address(url) => served(url, material, limits),
        (_, Some(Value::Object(class))) => Ok(class.clone()),
        _ => Err((Outcome::Fail, "It names no badge class.".to_owned())),
    }
}

/// A key as a profile lists it.
enum Listed<'v> {
    /// It is a document of its own.
    At(&'v str),
    /// It stands in the profile.
    Here(&'v Object<'v>),
}

/// The keys that the assertion may be signed with: the one it names, if the profile lists it; without a name, all of the profile.
fn listed_keys<'v>(assertion: &'v Object<'_>, issuer: &'v Object<'v>) -> Vec<Listed<'v>> {
    let creator = assertion.get("verification").and_then(Value::as_object).and_then(|it| named(it, "creator"));
    let keys = listed(issuer.get("publicKey")).iter().take(MOST_KEYS).filter_map(|key| match key {
        Value::Object(key) if key.get("publicKeyPem").is_some() => Some((key.str("id"), Listed::Here(key))),
        Value::Object(key) => key.str("id").map(|url| (Some(url), Listed::At(url))),
        key => key.as_str().map(|url| (Some(url), Listed::At(url))),
    });
    keys.filter(|(id, _)| creator.is_none() || *id == creator).map(|(_, key)| key).collect()
}

/// A key of the issuer, or why it cannot be used.
fn key(listed: &Listed<'_>, owner: &str, material: &Material, limits: &Limits) -> Result<PublicKey, (Outcome, String)> {
    let document;
    let key = match listed {
        Listed::Here(key) => *key,
        Listed::At(url) => {
            document = served(url, material, limits)?;
            &document
        }
    };
    let id = shown(key.str("id").unwrap_or_default());
    let wrong = |why: String| (Outcome::Fail, format!("The key {id} {why}."));
    if named(key, "owner") != Some(owner) {
        return Err(wrong(format!("does not name {} as its owner", shown(owner))));
    }
    let pem = key.str("publicKeyPem").ok_or_else(|| wrong("has no publicKeyPem".to_owned()))?;
    PublicKey::from_pem(pem).map_err(|why| wrong(format!("is not usable: {why}")))
}

impl Verification<'_> {
    /// Verifies a signed badge.
    pub(super) fn signed_badge(&self, token: &Token, assertion: &Object<'_>) -> Report {
        let mut report = Report::new();
        report.add(CheckId::Parse, Outcome::Pass, "It is a signed assertion (JWS) of Open Badges 2.0.");
        report.id = assertion.str("id").map(str::to_owned);
        report.types = vec!["Assertion".to_owned()];
        report.valid_from = assertion.str("issuedOn").map(str::to_owned);
        if let Err((id, outcome, message)) = self.check_signed(token, assertion, &mut report) {
            report.add(id, outcome, message);
        }
        report.conclude()
    }

    fn check_signed(&self, token: &Token, assertion: &Object<'_>, report: &mut Report) -> Result<(), Stop> {
        let (material, limits) = (self.material, self.limits());
        let unknown = |(outcome, message): (Outcome, String)| {
            (CheckId::Issuer, outcome, format!("Who issued it cannot be said: {message}"))
        };
        let class = class(assertion, material, limits).map_err(unknown)?;
        let issuer = served(named(&class, "issuer").unwrap_or_default(), material, limits).map_err(unknown)?;
        report.issuer = issuer.str("id").map(str::to_owned);
        signature(token, assertion, &issuer, (material, limits), report);
        shape(assertion, &class, &issuer, report);
        let (outcome, message) = dates::hosted(assertion, self.now);
        report.add(CheckId::Dates, outcome, message);
        let (outcome, message) = revocation(assertion, &issuer, (material, limits));
        report.revoked = outcome == Outcome::Fail;
        report.add(CheckId::Status, outcome, message);
        let earner = assertion.get("recipient").and_then(Value::as_object);
        let (outcome, message) = recipient::hosted(earner, self.recipient.as_deref());
        report.add(CheckId::Recipient, outcome, message);
        Ok(())
    }
}

/// Checks the signature, and that the key is the issuer's.
fn signature(
    token: &Token,
    assertion: &Object<'_>,
    issuer: &Object<'_>,
    (material, limits): (&Material, &Limits),
    report: &mut Report,
) {
    let id = issuer.str("id").unwrap_or_default();
    let candidates = listed_keys(assertion, issuer);
    if candidates.is_empty() {
        let message = format!("{} does not list the key that it says it is signed with.", shown(id));
        return report.add(CheckId::Issuer, Outcome::Fail, message);
    }
    let keys: Vec<_> = candidates.iter().map(|listed| key(listed, id, material, limits)).collect();
    if keys.iter().flatten().any(|key| token.verifies(key)) {
        let algorithm = token.algorithm;
        let message = format!("Its signature ({algorithm}) holds: nothing was changed since it was signed.");
        report.add(CheckId::Proof, Outcome::Pass, message);
        let message = format!("It was signed with a key of {} ({}).", owner(issuer), shown(id));
        return report.add(CheckId::Issuer, Outcome::Pass, message);
    }
    // A key that could not be had may be the one that fits.
    let missing = keys.iter().filter_map(|key| key.as_ref().err());
    let (outcome, message) = missing.min_by_key(|(outcome, _)| *outcome == Outcome::Fail).map_or_else(
        || (Outcome::Fail, "Its signature does not fit: it was changed, or another key signed it.".to_owned()),
        |(outcome, why)| (*outcome, format!("Its signature has no usable key: {why}")),
    );
    report.add(CheckId::Proof, outcome, message);
}

/// Whether the issuer's list of revoked assertions names it (Open Badges 2.0, `RevocationList`).
fn revocation(
    assertion: &Object<'_>,
    issuer: &Object<'_>,
    (material, limits): (&Material, &Limits),
) -> (Outcome, String) {
    let Some(url) = issuer.str("revocationList") else {
        return (Outcome::Pass, "Its issuer revokes no badges: it has no list of them.".to_owned());
    };
    let list = match served(url, material, limits) {
        Ok(list) => list,
        Err((_, why)) => return (Outcome::NotChecked, format!("Whether it was revoked is not known: {why}")),
    };
    let same =
        |member: &str, entry: &Object<'_>| entry.str(member).is_some_and(|name| assertion.str(member) == Some(name));
    for entry in listed(list.get("revokedAssertions")) {
        let reason = match entry {
            Value::Object(entry) if same("id", entry) || same("uid", entry) => entry.str("revocationReason"),
            entry if entry.as_str().is_some_and(|id| assertion.str("id") == Some(id)) => None,
            _ => continue,
        };
        return (Outcome::Fail, revoked(reason));
    }
    (Outcome::Pass, "It was not revoked: its issuer's list does not name it.".to_owned())
}
