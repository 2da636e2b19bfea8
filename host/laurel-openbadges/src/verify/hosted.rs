//! Hosted badges of Open Badges 2.0: they carry no signature and are true because their issuer serves them (Open Badges 2.0,
//! "Verification of Open Badges", `HostedBadge`).
//!
//! Three documents tell the whole: the assertion, its badge class, its issuer's profile. Each is fetched from the URL that is its `id`;
//! what somebody presents, or what one document repeats of another, only says where they are.

use super::assertion::{Stop, named, owner, revoked, served, shape};
use super::keys::{listed, shown};
use super::material::{Material, Need, NeedKind, is_address};
use super::report::{CheckId, Outcome, Report};
use super::verification::Verification;
use super::{dates, recipient};
use crate::Limits;
use crate::jcs;
use crate::json::{Object, Value};

/// Says where the three documents are, each found through the one before it.
pub(super) fn needs(presented: &Object<'_>, material: &Material, limits: &Limits, wanted: &mut Vec<Need>) {
    let mut want = |place: Option<&str>| -> Option<String> {
        let url = place.filter(|place| is_address(place))?.to_owned();
        wanted.push(Need { url: url.clone(), kind: NeedKind::Hosted });
        Some(url)
    };
    let Some(Ok(assertion)) = want(presented.str("id")).map(|url| served(&url, material, limits)) else { return };
    let Some(Ok(class)) = want(named(&assertion, "badge")).map(|url| served(&url, material, limits)) else { return };
    want(named(&class, "issuer"));
}

/// The address that a whole document is: so hosted badges are baked into images too.
pub fn hosted_address(document: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(document).ok()?;
    (is_address(text) && !text.contains(char::is_whitespace)).then_some(text)
}

impl Verification<'_> {
    /// Verifies a hosted badge.
    pub(super) fn hosted(&self, presented: &Object<'_>) -> Report {
        let mut report = Report::new();
        report.add(CheckId::Parse, Outcome::Pass, "It is well-formed JSON: an assertion of Open Badges 2.0.");
        report.id = presented.str("id").map(str::to_owned);
        report.types = vec!["Assertion".to_owned()];
        if signs_itself(presented) {
            let message = "It says that it is signed, and this is the text without the signature: present the file or image you were given.";
            report.add(CheckId::Proof, Outcome::NotChecked, message);
            return report.conclude();
        }
        if let Err((id, outcome, message)) = self.follow(presented, &mut report) {
            report.add(id, outcome, message);
        }
        report.conclude()
    }

    /// Goes from the assertion to its badge class and its issuer; ends where a document is missing.
    fn follow(&self, presented: &Object<'_>, report: &mut Report) -> Result<(), Stop> {
        let (material, limits) = (self.material, self.limits());
        let unserved = |(outcome, message): (Outcome, String)| {
            (CheckId::Proof, outcome, format!("Its issuer does not vouch for it: {message}"))
        };
        let url = presented.str("id").unwrap_or_default();
        if material.is_gone(url) {
            report.revoked = true;
            return Err((CheckId::Status, Outcome::Fail, "Its issuer has withdrawn it.".to_owned()));
        }
        let assertion = served(url, material, limits).map_err(unserved)?;
        report.valid_from = assertion.str("issuedOn").map(str::to_owned);
        revocation(&assertion, report)?;
        let (outcome, message) = copy(presented, &assertion);
        report.add(CheckId::Proof, outcome, message);
        let class = served(named(&assertion, "badge").unwrap_or_default(), material, limits).map_err(unserved)?;
        let issuer = served(named(&class, "issuer").unwrap_or_default(), material, limits).map_err(unserved)?;
        report.issuer = issuer.str("id").map(str::to_owned);
        shape(&assertion, &class, &issuer, report);
        for document in [&assertion, &class] {
            scope(&issuer, document.str("id").unwrap_or_default(), report);
        }
        let (outcome, message) = dates::hosted(&assertion, self.now);
        report.add(CheckId::Dates, outcome, message);
        report.add(CheckId::Status, Outcome::Pass, "It was not revoked: its issuer serves it still.");
        let earner = assertion.get("recipient").and_then(Value::as_object);
        let (outcome, message) = recipient::hosted(earner, self.recipient.as_deref());
        report.add(CheckId::Recipient, outcome, message);
        Ok(())
    }
}

/// Whether it is verified by a signature (`SignedBadge`), which its bare text has not.
fn signs_itself(assertion: &Object<'_>) -> bool {
    let verification = assertion.get("verification").and_then(Value::as_object);
    let kind = verification.and_then(|verification| verification.get("type"));
    kind.is_some_and(|kind| kind.names("SignedBadge") || kind.names("signed"))
}

fn revocation(assertion: &Object<'_>, report: &mut Report) -> Result<(), Stop> {
    if assertion.get("revoked") != Some(&Value::Bool(true)) {
        return Ok(());
    }
    report.revoked = true;
    Err((CheckId::Status, Outcome::Fail, revoked(assertion.str("revocationReason"))))
}

/// The first member in which what was presented is another than what is served. Contexts and pictures are taken out and put in by
/// those who hand a badge on; a badge class may stand there in full.
fn difference<'p>(presented: &'p Object<'_>, assertion: &Object<'_>) -> Option<&'p str> {
    let kept = presented.iter().filter(|(name, _)| !matches!(*name, "@context" | "image"));
    let mut changed = kept.filter(|(name, value)| match *name {
        "badge" => named(presented, name) != named(assertion, name),
        name => !assertion.get(name).is_some_and(|served| says_the_same(served, value)),
    });
    changed.next().map(|(name, _)| name)
}

fn says_the_same(one: &Value<'_>, other: &Value<'_>) -> bool {
    jcs::to_string(one) == jcs::to_string(other)
}

/// Whether what was presented is what is served.
fn copy(presented: &Object<'_>, assertion: &Object<'_>) -> (Outcome, String) {
    let place = shown(assertion.str("id").unwrap_or_default());
    match difference(presented, assertion) {
        None => (Outcome::Pass, format!("It is what its issuer serves at {place}.")),
        Some(member) => {
            (Outcome::Fail, format!("It is not what its issuer serves at {place}: {} is another.", shown(member)))
        }
    }
}

/// Whether a document is where the issuer says that its documents are: on its own site, or as `verification` of its profile has it
/// (Open Badges 2.0, `VerificationObject`).
fn scope(issuer: &Object<'_>, url: &str, report: &mut Report) {
    let id = issuer.str("id").unwrap_or_default();
    let owner = owner(issuer);
    let verification = issuer.get("verification").and_then(Value::as_object);
    let texts = |member| {
        let value = verification.and_then(|verification| verification.get(member));
        value.map(|value| listed(Some(value)).iter().filter_map(Value::as_str).collect::<Vec<_>>())
    };
    let (hosts, beginnings) = (texts("allowedOrigins"), texts("startsWith"));
    let host_is_allowed = match &hosts {
        Some(hosts) => hosts.iter().any(|host| Some(*host) == site(url)),
        None => beginnings.is_some() || site(id) == site(url),
    };
    // A beginning that ends within the host's name would take in hosts of others.
    let begins = |start: &&str| url.starts_with(start) && site(start) == site(url);
    if host_is_allowed && beginnings.is_none_or(|beginnings| beginnings.iter().any(begins)) {
        let message = format!("{} is served where {owner} ({}) serves its badges.", shown(url), shown(id));
        return report.add(CheckId::Issuer, Outcome::Pass, message);
    }
    let message = format!("{} is not served by {owner} ({}), whom it names as its issuer.", shown(url), shown(id));
    report.add(CheckId::Issuer, Outcome::Fail, message);
}

/// Host and port of a URL.
fn site(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#', '\\']).next()
}
