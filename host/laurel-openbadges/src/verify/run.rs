//! The verifier: what it is asked, and what each kind of document it is given is.

use super::material::{Material, Need};
use super::party::Role;
use super::report::{CheckId, Outcome, Report};
use super::token::{Opened, enveloped};
use super::{dates, hosted, needs, signed_badge, status};
use crate::contexts::Contexts;
use crate::json::{self, Object, Value};
use crate::jwt::{Token, is_token};
use crate::keys::PublicKey;
use crate::{Limits, Timestamp};

/// Verifies credentials at one point in time.
///
/// ```
/// use laurel_openbadges::{Timestamp, keys::SigningKey, proof::*, verify::*};
/// let key = SigningKey::from_seed(&[7; 32]);
/// let now = Timestamp::from_unix_seconds(1_795_306_200);
/// let unsigned = format!(r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],
///     "issuer":"{}","credentialSubject":{{"id":"did:example:ada","name":"Ada"}}}}"#, key.did_key());
/// let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, key.did_key().verification_method(), now);
/// let signed = sign(unsigned.as_bytes(), &key, &options)?;
/// assert!(Verifier::new(now).verify(&signed, &Material::new()).is_valid());
/// # Ok::<(), SignError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier<'c> {
    pub(super) now: Timestamp,
    pub(super) contexts: &'c Contexts,
    pub(super) limits: Limits,
    pub(super) recipient: Option<String>,
    pub(super) distrusted: Vec<PublicKey>,
    older: bool,
}

impl<'c> Verifier<'c> {
    /// A verifier with the bundled contexts and default limits.
    pub fn new(now: Timestamp) -> Self {
        let (contexts, limits) = (Contexts::bundled(), Limits::default());
        Self { now, contexts, limits, recipient: None, distrusted: Vec::new(), older: false }
    }

    /// The same with other contexts.
    #[must_use]
    pub fn with_contexts(self, contexts: &'c Contexts) -> Self {
        Self { contexts, ..self }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same, asking whether a credential was earned by this recipient: an identifier (DID, URL, URN) or an identity, such as an
    /// e-mail address, in plain text (`email:` and `mailto:` may stand before it). Hashed identities are compared as Open Badges 3.0,
    /// section B.1.12, has it. Who leaves it empty asks about nobody.
    #[must_use]
    pub fn for_recipient(self, recipient: impl AsRef<str>) -> Self {
        let recipient = recipient.as_ref().trim();
        let address = ["email:", "mailto:"].iter().find_map(|prefix| recipient.strip_prefix(prefix));
        let recipient = address.unwrap_or(recipient).trim();
        Self { recipient: (!recipient.is_empty()).then(|| recipient.to_owned()), ..self }
    }

    /// The same, believing no signature of these keys, whatever their controllers say of them: a `did:key` cannot say that it got into wrong
    /// hands.
    #[must_use]
    pub fn distrusting(self, keys: Vec<PublicKey>) -> Self {
        Self { distrusted: keys, ..self }
    }

    /// The same, taking badges of Open Badges 2.0 too, hosted and signed ones. Hosted ones carry no signature, and of signed ones the
    /// badge class does not: whoever needs a credential that speaks for itself leaves this out.
    #[must_use]
    pub fn with_older_badges(self) -> Self {
        Self { older: true, ..self }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The documents still wanted, given what was fetched so far. Fetch them, add them (or the reason why they could
    /// not be had) and ask again until nothing is wanted: a status list may need the keys of its issuer.
    ///
    /// Takes whatever [`Verifier::verify`] and [`Verifier::verify_presentation`] take. Two or three rounds suffice. A
    /// document that cannot be read wants nothing.
    pub fn needs(&self, document: &[u8], material: &Material) -> Vec<Need> {
        needs::of(document, material, &self.limits, self.older)
    }

    /// Verifies a credential: a JSON document with proofs, a token (JWT), or an envelope around one; with [`Self::with_older_badges`] also
    /// an assertion of Open Badges 2.0. Every check is made that can be made, and all proofs must hold.
    pub fn verify(&self, document: &[u8], material: &Material) -> Report {
        self.run(document, material, true)
    }

    /// Checks everything about a credential that is still unsigned: form, contexts, related resources, dates. For issuers, before
    /// they sign.
    pub fn lint(&self, unsigned: &[u8], material: &Material) -> Report {
        let mut report = Report::new();
        match json::parse(unsigned, &self.limits) {
            Ok(Value::Object(credential)) => {
                report.add(CheckId::Parse, Outcome::Pass, "It is well-formed JSON.");
                report.describe(&credential);
                self.schema(&credential, &[], &mut report);
                self.defined(&credential, &mut report);
                self.resources(&credential, material, &mut report);
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

    /// Verifies a status list: a credential like any other, whose own status is not asked for.
    pub(super) fn verify_list(&self, document: &[u8], material: &Material) -> Report {
        self.run(document, material, false)
    }

    fn run(&self, document: &[u8], material: &Material, with_status: bool) -> Report {
        if is_token(document) {
            let text = std::str::from_utf8(document).unwrap_or_default();
            return self.token(text, material, with_status);
        }
        match json::parse(document, &self.limits) {
            // A status list is a signed credential, whatever is served in its place.
            Ok(Value::Object(assertion)) if self.older && with_status && hosted::is_assertion(&assertion) => {
                self.hosted(&assertion, material)
            }
            Ok(value) => self.value(&value, material, with_status),
            Err(error) => Report::unreadable(format!("It cannot be read: {error}.")),
        }
    }

    /// A credential that has been read: an embedded one, or an envelope.
    pub(super) fn value(&self, value: &Value<'_>, material: &Material, with_status: bool) -> Report {
        let Value::Object(credential) = value else { return Report::unreadable(not_an_object(value)) };
        match enveloped(credential, "EnvelopedVerifiableCredential") {
            Some(Ok(token)) => self.token(token, material, with_status),
            Some(Err(problem)) => Report::unopened(problem.answer()),
            None => self.embedded(credential, material, with_status),
        }
    }

    fn embedded(&self, credential: &Object<'_>, material: &Material, with_status: bool) -> Report {
        let mut report = Report::new();
        report.add(CheckId::Parse, Outcome::Pass, "It is well-formed JSON.");
        report.describe(credential);
        self.schema(credential, &[], &mut report);
        self.proofs(credential, Role::Issuer, material, &mut report);
        self.about(credential, None, material, with_status, &mut report);
        report.conclude()
    }

    pub(super) fn token(&self, text: &str, material: &Material, with_status: bool) -> Report {
        let token = match Token::read(text, &self.limits) {
            Ok(token) => token,
            Err(error) => return Report::unreadable(format!("It cannot be read: {error}.")),
        };
        // A status list is a signed credential, whatever is served in its place.
        if let Some(assertion) = signed_badge::assertion(&token, &self.limits).filter(|_| self.older && with_status) {
            return self.signed_badge(&token, &assertion, material);
        }
        let opened = match Opened::read(&token, Role::Issuer, &self.limits) {
            Ok(opened) => opened,
            Err(error) => return Report::unreadable(format!("It cannot be read: {error}.")),
        };
        let mut report = Report::new();
        report.add(CheckId::Parse, Outcome::Pass, "It is a token (JWT) that holds well-formed JSON.");
        let credential = &opened.document;
        report.describe(credential);
        report.issuer = opened.named().map(str::to_owned);
        self.schema(credential, &opened.claims.contradictions(credential), &mut report);
        opened.signature(self.source(Role::Issuer, material), &mut report);
        self.about(credential, opened.dates(self.now), material, with_status, &mut report);
        report.conclude()
    }
}

pub(super) fn not_an_object(value: &Value<'_>) -> String {
    format!("A credential is a JSON object; this is {}.", value.kind())
}
