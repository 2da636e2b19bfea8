//! Open Badges 2.0: the hosted assertion, badge class and issuer profile of an award, for displayers that know no later version.
//!
//! A hosted badge has no signature: it is true because its issuer serves it. The three documents are served at the URLs they name as
//! their `id`; all of them must be on the issuer's site.

use serde::{Deserialize, Serialize};

use super::{Achievement, Alignment, Criteria, OpenBadgeCredential, Profile, identity_hash};
use crate::Timestamp;

/// The context of Open Badges 2.0.
pub const OPEN_BADGES_V2: &str = "https://w3id.org/openbadges/v2";

/// Where the three documents are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedUrls {
    /// URL of the assertion.
    pub assertion: String,
    /// URL of the badge class.
    pub badge_class: String,
    /// URL of the issuer profile.
    pub issuer: String,
}

/// The three documents (Open Badges 2.0, `Assertion`, `BadgeClass` and `Profile`).
#[derive(Debug, Clone, PartialEq)]
pub struct Hosted {
    /// That someone earned the badge.
    pub assertion: Assertion,
    /// What the badge is.
    pub badge_class: BadgeClass,
    /// Who issues it.
    pub issuer: Issuer,
}

/// Why an award has no Open Badges 2.0 form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Open Badges 2.0 demand {0}, and this award has none")]
pub struct HostedError(&'static str);

/// Who earned it (Open Badges 2.0, `IdentityObject`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    r#type: &'static str,
    hashed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    identity: String,
}

impl Recipient {
    /// An e-mail address as `sha256$` and the digest of address and salt (Open Badges 2.0, `IdentityObject`). Whoever can guess the
    /// address can check the guess.
    pub fn hashed_email(address: &str, salt: impl Into<String>) -> Self {
        let salt = salt.into();
        Self { r#type: "email", hashed: true, identity: identity_hash(address, &salt), salt: Some(salt) }
    }

    /// An e-mail address in plain text.
    pub fn email(address: impl Into<String>) -> Self {
        Self { r#type: "email", hashed: false, salt: None, identity: address.into() }
    }

    /// The URL of a profile page.
    pub fn url(url: impl Into<String>) -> Self {
        Self { r#type: "url", hashed: false, salt: None, identity: url.into() }
    }

    /// An identifier of another kind: a DID, a URN.
    pub fn id(id: impl Into<String>) -> Self {
        Self { r#type: "id", hashed: false, salt: None, identity: id.into() }
    }
}

/// An assertion: an award (Open Badges 2.0, `Assertion`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assertion {
    #[serde(rename = "@context")]
    context: &'static str,
    r#type: &'static str,
    /// Its URL.
    pub id: String,
    /// Who earned it.
    pub recipient: Recipient,
    /// URL of the badge class.
    pub badge: String,
    verification: Verification,
    /// When it was awarded.
    pub issued_on: Timestamp,
    /// Until when it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// How it was earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// What speaks for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<HostedEvidence>,
}

/// How an assertion is verified: by fetching it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Verification {
    r#type: &'static str,
}

/// What is served in the place of an assertion once it is revoked; the HTTP status is 410 (Open Badges 2.0, `Assertion`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokedAssertion {
    #[serde(rename = "@context")]
    context: &'static str,
    r#type: &'static str,
    /// Its URL.
    pub id: String,
    revoked: bool,
    /// Why, if that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<String>,
}

impl RevokedAssertion {
    /// The revoked form of the assertion at a URL.
    pub fn new(id: impl Into<String>, reason: Option<String>) -> Self {
        Self { context: OPEN_BADGES_V2, r#type: "Assertion", id: id.into(), revoked: true, revocation_reason: reason }
    }
}

/// Evidence of an assertion (Open Badges 2.0, `Evidence`). Read from the evidence of a 3.0 credential, whose members have the same names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostedEvidence {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    narrative: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<String>,
}

/// A badge class: what can be earned (Open Badges 2.0, `BadgeClass`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BadgeClass {
    #[serde(rename = "@context")]
    context: &'static str,
    r#type: &'static str,
    /// Its URL.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// What it means.
    pub description: String,
    /// URL of its picture.
    pub image: String,
    /// What must be done.
    pub criteria: Criteria,
    /// URL of the issuer profile.
    pub issuer: String,
    /// Correspondences to frameworks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<HostedAlignment>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// A correspondence to a node of a framework (Open Badges 2.0, `AlignmentObject`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostedAlignment {
    #[serde(rename = "targetName")]
    name: String,
    #[serde(rename = "targetUrl")]
    url: String,
    #[serde(rename = "targetDescription", skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "targetFramework", skip_serializing_if = "Option::is_none")]
    framework: Option<String>,
    #[serde(rename = "targetCode", skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// An issuer profile (Open Badges 2.0, `Profile`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issuer {
    #[serde(rename = "@context")]
    context: &'static str,
    r#type: &'static str,
    /// Its URL.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Home page.
    pub url: String,
    /// E-mail address, which issuers must have.
    pub email: String,
    /// A short description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// URL of the logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
}

impl Hosted {
    /// The Open Badges 2.0 form of the award that `credential` is the 3.0 form of.
    ///
    /// ```
    /// use laurel_openbadges::Timestamp;
    /// use laurel_openbadges::documents::{*, hosted::*};
    /// let mut achievement = Achievement::new("urn:achievement", "Helper", "Helped others.", Criteria::narrative("Ten answers."));
    /// achievement.image = Some(Image::new("https://acme.example/helper.png"));
    /// let issuer = Profile { url: Some("https://acme.example".into()), email: Some("badges@acme.example".into()),
    ///     ..Profile::named("did:web:acme.example", "Acme") };
    /// let badge = OpenBadgeCredential::new("urn:credential", "Helper", issuer,
    ///     Timestamp::from_unix_seconds(1_795_306_200), AchievementSubject::new("urn:earner", achievement));
    /// let urls = HostedUrls { assertion: "https://acme.example/2/1".into(), badge_class: "https://acme.example/2/helper".into(),
    ///     issuer: "https://acme.example/2/issuer".into() };
    /// let hosted = Hosted::of(&badge, &urls, Recipient::hashed_email("ada@example.com", "salt"))?;
    /// assert_eq!(hosted.assertion.badge, "https://acme.example/2/helper");
    /// # Ok::<(), HostedError>(())
    /// ```
    ///
    /// # Errors
    /// If the award lacks what only the older version demands: a picture of the achievement; name, home page and e-mail address of
    /// the issuer.
    pub fn of(credential: &OpenBadgeCredential, urls: &HostedUrls, recipient: Recipient) -> Result<Self, HostedError> {
        let (subject, achievement) = (&credential.subject, &credential.subject.achievement);
        let picture = achievement.image.as_ref().or(credential.image.as_ref());
        let picture = picture.ok_or(HostedError("a picture of the achievement"))?.id.clone();
        let evidence = credential.evidence.iter().map(|evidence| HostedEvidence {
            id: evidence.id.clone(),
            narrative: evidence.narrative.clone(),
            name: evidence.name.clone(),
            description: evidence.description.clone(),
            genre: evidence.genre.clone(),
            audience: evidence.audience.clone(),
        });
        let issued_on = credential.awarded_date.unwrap_or(credential.valid_from);
        let assertion = Assertion {
            expires: credential.valid_until,
            narrative: subject.narrative.clone(),
            evidence: evidence.collect(),
            ..Assertion::new(&urls.assertion, recipient, &urls.badge_class, issued_on)
        };
        Ok(Self {
            assertion,
            badge_class: BadgeClass::of(achievement, &urls.badge_class, picture, &urls.issuer),
            issuer: Issuer::of(&credential.issuer, &urls.issuer)?,
        })
    }
}

impl Assertion {
    /// An assertion that never expires and says nothing more.
    pub fn new(url: &str, recipient: Recipient, badge_class: &str, issued_on: Timestamp) -> Self {
        Self {
            context: OPEN_BADGES_V2,
            r#type: "Assertion",
            id: url.to_owned(),
            recipient,
            badge: badge_class.to_owned(),
            verification: Verification { r#type: "HostedBadge" },
            issued_on,
            expires: None,
            narrative: None,
            evidence: Vec::new(),
        }
    }
}

impl BadgeClass {
    /// The badge class of an achievement, with the URL of its picture, which badge classes must have.
    pub fn of(achievement: &Achievement, url: &str, picture: String, issuer: &str) -> Self {
        Self {
            context: OPEN_BADGES_V2,
            r#type: "BadgeClass",
            id: url.to_owned(),
            name: achievement.name.clone(),
            description: achievement.description.clone(),
            image: picture,
            criteria: achievement.criteria.clone(),
            issuer: issuer.to_owned(),
            alignment: achievement.alignment.iter().map(alignment).collect(),
            tags: achievement.tag.clone(),
        }
    }
}

impl Issuer {
    /// The older form of an issuer's profile.
    ///
    /// # Errors
    /// If the profile lacks a name, a home page or an e-mail address.
    pub fn of(profile: &Profile, url: &str) -> Result<Self, HostedError> {
        let demanded = |value: &Option<String>, what| value.clone().ok_or(HostedError(what));
        Ok(Self {
            context: OPEN_BADGES_V2,
            r#type: "Issuer",
            id: url.to_owned(),
            name: demanded(&profile.name, "the issuer's name")?,
            url: demanded(&profile.url, "the issuer's home page")?,
            email: demanded(&profile.email, "the issuer's e-mail address")?,
            description: profile.description.clone(),
            image: profile.image.as_ref().map(|image| image.id.clone()),
            telephone: profile.phone.clone(),
        })
    }
}

fn alignment(alignment: &Alignment) -> HostedAlignment {
    HostedAlignment {
        name: alignment.target_name.clone(),
        url: alignment.target_url.clone(),
        description: alignment.target_description.clone(),
        framework: alignment.target_framework.clone(),
        code: alignment.target_code.clone(),
    }
}
