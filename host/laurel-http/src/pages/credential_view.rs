//! What the page of a credential shows, as plain data.

use askama::Template;
use laurel_core::achievements::Alignment;
use laurel_core::credentials::Shown;
use laurel_core::time::Timestamp;
use laurel_openbadges::Limits;
use laurel_openbadges::jwt::unverified;
use serde_json::Value;

use super::address::with_query;
use super::credential::face;
use super::dates::Day;
use super::emblem::{self, clean, escape};
use super::endorsers::{Endorser, endorsers};
use super::frame::{Frame, Social};
use super::markdown::{SafeHtml, is_harmless, render};
use super::results::{self, academic_facts, award_facts, results};
use super::status::Status;
use crate::public::{CREDENTIAL, media_type};

/// The page.
#[derive(Debug, Template)]
#[template(path = "credential.html")]
pub(crate) struct CredentialPage {
    pub(crate) frame: Frame,
    /// Its whole address.
    pub(crate) url: String,
    /// The same within this host.
    pub(crate) place: String,
    /// What it is kept as.
    pub(crate) file: &'static str,
    pub(crate) alt: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) earner: Option<String>,
    pub(crate) issuer: String,
    pub(crate) issuer_url: Option<String>,
    pub(crate) issued: Day,
    pub(crate) expires: Option<Day>,
    pub(crate) status: Status,
    pub(crate) status_sentence: String,
    pub(crate) reason: Option<String>,
    /// The page of the credential that took its place.
    pub(crate) successor: Option<String>,
    /// What the issuer says of it just now.
    pub(crate) messages: Vec<String>,
    pub(crate) level: &'static str,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) criteria: SafeHtml,
    pub(crate) narrative: SafeHtml,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) results: Vec<results::Line>,
    pub(crate) endorsers: Vec<Endorser>,
    pub(crate) alignments: Vec<Alignment>,
    pub(crate) tags: Vec<String>,
    pub(crate) achievement: String,
    pub(crate) verify: String,
    pub(crate) linkedin: String,
    pub(crate) embed: String,
    /// Where its older form is, if it has one.
    pub(crate) hosted: Option<String>,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) name: String,
    /// Set when it is an address that may be followed.
    pub(crate) link: Option<String>,
    pub(crate) words: SafeHtml,
}

/// The view of a credential at a moment.
pub(crate) fn view(shown: &Shown, base: &str, now: Timestamp) -> CredentialPage {
    let (award, text) = (&shown.award, &shown.achievement.version.text);
    let url = format!("{base}/credentials/{}", award.public_id);
    let alt = face(shown).alt();
    let title = clean(&text.name);
    let earner = shown.earner.as_deref().map(clean).filter(|name| !name.is_empty());
    let issuer = clean(&shown.organisation.name);
    let status = Status::of_credential(shown, now);
    let issued = Day::of(award.awarded);
    let document = shown.document.as_deref().and_then(said).unwrap_or_default();
    let media = media_type(shown.document.as_deref().unwrap_or_default(), CREDENTIAL);
    CredentialPage {
        frame: Frame {
            alternate: Some((url.clone(), media)),
            ..frame(&title, earner.as_deref(), &issuer, &issued, &url, &alt)
        },
        file: if media == CREDENTIAL { "credential.json" } else { "credential.jwt" },
        embed: embed(&url, &alt),
        hosted: has_older_form(shown).then(|| format!("{url}/assertion.json")),
        linkedin: linkedin(shown, &title, &issuer, &url),
        verify: with_query("/verify", &[("url", &url)]),
        achievement: format!("/achievements/{}", shown.achievement.id),
        place: format!("/credentials/{}", award.public_id),
        url,
        alt,
        title,
        description: text.description.clone(),
        earner,
        status_sentence: sentence(status, shown, &issuer),
        issuer,
        issuer_url: shown.organisation.url.clone().filter(|url| is_harmless(url)),
        issued,
        expires: award.valid_until.map(Day::of),
        status,
        reason: award.reason.as_deref().map(clean).filter(|reason| !status.is_valid() && !reason.is_empty()),
        successor: shown.successor.as_ref().map(|award| format!("/credentials/{}", award.public_id)),
        messages: shown.messages.iter().map(|message| clean(message)).collect(),
        level: emblem::level_word(text.face.level),
        facts: facts(shown, &document["credentialSubject"]),
        results: results(&document["credentialSubject"]),
        criteria: render(&text.criteria),
        narrative: render(document["credentialSubject"]["narrative"].as_str().unwrap_or_default()),
        evidence: evidence(&document["evidence"]),
        endorsers: endorsers(&shown.endorsements),
        alignments: text.alignments.iter().filter(|each| is_harmless(&each.url)).cloned().collect(),
        tags: text.tags.clone(),
    }
}

/// Open Badges 2.0 demand of an issuer what an organisation may have left out.
fn has_older_form(shown: &Shown) -> bool {
    shown.document.is_some() && shown.organisation.url.is_some() && shown.organisation.email.is_some()
}

/// What our own credential says, be it a document or a token.
pub(super) fn said(credential: &[u8]) -> Option<Value> {
    serde_json::from_slice(&unverified(credential, &Limits::default()).ok()?).ok()
}

fn frame(title: &str, earner: Option<&str>, issuer: &str, issued: &Day, url: &str, alt: &str) -> Frame {
    let to = earner.map(|name| format!(" to {name}")).unwrap_or_default();
    let description = format!("Awarded{to} by {issuer} on {}. Anyone can verify this credential.", issued.words);
    let social = Social { url: url.to_owned(), image: format!("{url}/og.png"), alt: alt.to_owned() };
    let named = earner.map_or_else(|| title.to_owned(), |name| format!("{title} – {name}"));
    Frame { social: Some(social), ..Frame::unlisted(named, description) }
}

fn sentence(status: Status, shown: &Shown, issuer: &str) -> String {
    let since = shown.award.changed.map(|at| format!(" on {}", Day::of(at).words)).unwrap_or_default();
    match (status, shown.award.valid_until) {
        (Status::Valid, Some(until)) => format!("Signed by {issuer}. Valid until {}.", Day::of(until).words),
        (Status::Valid, None) => format!("Signed by {issuer}. It does not expire."),
        (Status::Expired, Some(until)) => format!("It was valid until {}.", Day::of(until).words),
        (Status::Expired, None) => String::new(),
        (Status::Suspended, _) => format!("{issuer} suspended it{since}; it does not count for now."),
        (Status::Revoked, _) => format!("{issuer} revoked it{since}; it does not count any more."),
        (Status::Superseded, _) => format!("Another award took its place{since}."),
        (Status::Unbelievable, _) => {
            format!("The key that signed it got into wrong hands. Ask {issuer} for a new one.")
        }
    }
}

fn facts(shown: &Shown, subject: &Value) -> Vec<(&'static str, String)> {
    let text = &shown.achievement.version.text;
    let face = &text.face;
    let named = [
        ("Type", &text.achievement_type),
        ("Program", &face.program),
        ("Family", &face.family),
        ("Role or product", &face.role),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
    let version = ("Version", shown.achievement.version.number.to_string());
    award_facts(subject).into_iter().chain(named).chain(academic_facts(text)).chain([version]).collect()
}

fn evidence(value: &Value) -> Vec<Evidence> {
    let one = std::slice::from_ref(value);
    let list = value.as_array().map_or(one, Vec::as_slice);
    let entries = list.iter().filter_map(Value::as_object);
    let word =
        |entry: &serde_json::Map<String, Value>, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    let evidence = entries.map(|entry| {
        let link = word(entry, "id").filter(|id| is_harmless(id));
        let name = word(entry, "name").or_else(|| word(entry, "genre")).or_else(|| link.clone());
        let words = [word(entry, "description"), word(entry, "narrative")];
        let words: Vec<String> = words.into_iter().flatten().collect();
        Evidence {
            name: clean(&name.unwrap_or_else(|| "Evidence".to_owned())),
            link,
            words: render(&words.join("\n\n")),
        }
    });
    evidence.collect()
}

/// `LinkedIn`'s "add to profile" address.
fn linkedin(shown: &Shown, title: &str, issuer: &str, url: &str) -> String {
    let issued = Day::of(shown.award.awarded);
    let expires = shown.award.valid_until.map(Day::of);
    let (month, id) = (issued.month.to_string(), shown.award.public_id.to_string());
    let mut query = vec![
        ("startTask", "CERTIFICATION_NAME"),
        ("name", title),
        ("organizationName", issuer),
        ("issueYear", &issued.year),
        ("issueMonth", &month),
        ("certUrl", url),
        ("certId", &id),
    ];
    let until = expires.map(|day| (day.year.clone(), day.month.to_string()));
    if let Some((year, month)) = &until {
        query.extend([("expirationYear", year.as_str()), ("expirationMonth", month.as_str())]);
    }
    with_query("https://www.linkedin.com/profile/add", &query)
}

/// HTML for somebody else's page.
fn embed(url: &str, alt: &str) -> String {
    let (url, alt) = (escape(url), escape(alt));
    format!(r#"<a href="{url}"><img src="{url}/emblem.svg" alt="{alt}" width="200" height="200"></a>"#)
}
