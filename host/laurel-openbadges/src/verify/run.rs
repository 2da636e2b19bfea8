//! The verifier: what it is asked.

use super::material::{Material, Need};
use super::needs;
use super::report::Report;
use super::verification::Verification;
use crate::contexts::Contexts;
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
    pub(super) open_badges_2: bool,
}

impl<'c> Verifier<'c> {
    /// A verifier with the bundled contexts and default limits.
    pub fn new(now: Timestamp) -> Self {
        let (contexts, limits) = (Contexts::bundled(), Limits::default());
        Self { now, contexts, limits, recipient: None, open_badges_2: false }
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

    /// The same, taking badges of Open Badges 2.0 too, hosted and signed ones. Hosted ones carry no signature, and of signed ones the
    /// badge class does not: whoever needs a credential that speaks for itself leaves this out.
    #[must_use]
    pub fn with_open_badges_2(self) -> Self {
        Self { open_badges_2: true, ..self }
    }

    /// The documents still wanted, given what was fetched so far. Fetch them, add them (or the reason why they could
    /// not be had) and ask again until nothing is wanted: a status list may need the keys of its issuer.
    ///
    /// Takes whatever [`Verifier::verify`] and [`Verifier::verify_presentation`] take. Two or three rounds suffice. A
    /// document that cannot be read wants nothing.
    pub fn needs(&self, document: &[u8], material: &Material) -> Vec<Need> {
        needs::of(document, material, &self.limits, self.open_badges_2).wanted
    }

    /// How many credentials a document brings with it, at least one: itself or those of a presentation, and the endorsements in them.
    /// So whoever fetches what [`Self::needs`] names can allow each of them a few documents.
    pub fn credentials(&self, document: &[u8]) -> usize {
        needs::of(document, &Material::new(), &self.limits, self.open_badges_2).credentials.max(1)
    }

    /// Verifies a credential: a JSON document with proofs, a token (JWT), or an envelope around one; with [`Self::with_open_badges_2`]
    /// also an assertion of Open Badges 2.0. Every check is made that can be made, and all proofs must hold.
    pub fn verify(&self, document: &[u8], material: &Material) -> Report {
        Verification::new(self, material).document(document, true)
    }

    /// Checks everything about a credential that is still unsigned: form, contexts, related resources, dates. For issuers, before
    /// they sign.
    pub fn lint(&self, unsigned: &[u8], material: &Material) -> Report {
        Verification::new(self, material).lint(unsigned)
    }
}
