//! The verification of one credential.

use super::dates;
use super::keys::{self, KeyProblem};
use super::material::{Material, Need, NeedKind};
use super::report::{CheckId, Outcome, Report};
use super::shape::{self, issuer_id};
use super::status;
use crate::contexts::Contexts;
use crate::json::{self, Object, Value};
use crate::proof::{ProofError, ProofPurpose, facts, verify_proof};
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
    now: Timestamp,
    contexts: &'c Contexts,
    limits: Limits,
}

impl<'c> Verifier<'c> {
    /// A verifier with the bundled contexts and default limits.
    pub fn new(now: Timestamp) -> Self {
        Self { now, contexts: Contexts::bundled(), limits: Limits::default() }
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

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The documents still wanted, given what was fetched so far. Fetch them, add them (or the reason why they could
    /// not be had) and ask again until nothing is wanted: a status list may need the keys of its issuer.
    ///
    /// Two or three rounds suffice. A document that cannot be read wants nothing.
    pub fn needs(&self, document: &[u8], material: &Material) -> Vec<Need> {
        let mut wanted = Vec::new();
        self.collect_needs(document, &mut wanted, true);
        for index in 0..wanted.len() {
            if wanted[index].kind == NeedKind::Status
                && let Some(Ok(list)) = material.get(&wanted[index].url)
            {
                self.collect_needs(list, &mut wanted, false);
            }
        }
        wanted.retain(|need| material.get(&need.url).is_none());
        wanted.sort();
        wanted.dedup();
        wanted
    }

    fn collect_needs(&self, document: &[u8], wanted: &mut Vec<Need>, with_status: bool) {
        let Ok(Value::Object(credential)) = json::parse(document, &self.limits) else { return };
        let proofs = credential.get("proof").map_or(&[] as &[Value<'_>], Value::as_slice);
        for proof in proofs.iter().take(self.limits.proofs) {
            let method = proof.as_object().and_then(|proof| proof.str("verificationMethod"));
            if let Some(Ok(Some(url))) = method.map(keys::document_url) {
                wanted.push(Need { url, kind: NeedKind::Keys });
            }
        }
        if with_status {
            status::needs(&credential, wanted);
        }
    }

    /// Verifies a credential: every check is made that can be made, and all proofs must hold.
    pub fn verify(&self, document: &[u8], material: &Material) -> Report {
        self.run(document, material, true)
    }

    /// Verifies a status list: a credential like any other, whose own status is not asked for.
    pub(super) fn verify_list(&self, document: &[u8], material: &Material) -> Report {
        self.run(document, material, false)
    }

    fn run(&self, document: &[u8], material: &Material, with_status: bool) -> Report {
        let mut report = Report::new();
        let credential = match json::parse(document, &self.limits) {
            Ok(Value::Object(credential)) => credential,
            Ok(other) => {
                report.add(
                    CheckId::Parse,
                    Outcome::Fail,
                    format!("A credential is a JSON object; this is {}.", other.kind()),
                );
                return report.conclude();
            }
            Err(error) => {
                report.add(CheckId::Parse, Outcome::Fail, format!("It cannot be read: {error}."));
                return report.conclude();
            }
        };
        report.add(CheckId::Parse, Outcome::Pass, "It is well-formed JSON.");
        report.id = credential.str("id").map(str::to_owned);
        report.issuer = issuer_id(&credential).map(str::to_owned);
        let problems = shape::problems(&credential);
        if problems.is_empty() {
            report.add(CheckId::Shape, Outcome::Pass, "It has everything a credential must have.");
        }
        for problem in problems {
            report.add(CheckId::Shape, Outcome::Fail, format!("It is not a complete credential: {problem}."));
        }
        self.proofs(&credential, material, &mut report);
        let (outcome, message) = dates::check(&credential, self.now);
        report.add(CheckId::Dates, outcome, message);
        if with_status {
            status::check(self, &credential, material, &mut report);
        }
        report.conclude()
    }

    fn proofs(&self, credential: &Object<'_>, material: &Material, report: &mut Report) {
        let proofs = credential.get("proof").map_or(&[] as &[Value<'_>], Value::as_slice);
        let count = proofs.len();
        if count == 0 || count > self.limits.proofs {
            let error = if count == 0 { ProofError::Missing } else { ProofError::TooMany(self.limits.proofs) };
            report.add(CheckId::Proof, Outcome::Fail, format!("It is not signed soundly: {error}."));
            return;
        }
        for (index, proof) in proofs.iter().enumerate() {
            let which = if count == 1 { "Its proof".to_owned() } else { format!("Its proof {} of {count}", index + 1) };
            self.proof(credential, proof, &which, material, report);
        }
    }

    fn proof<'a>(
        &self,
        credential: &Object<'a>,
        proof: &Value<'a>,
        which: &str,
        material: &Material,
        report: &mut Report,
    ) {
        let checked =
            facts(proof).and_then(|facts| facts.holds(ProofPurpose::AssertionMethod, self.now).map(|()| facts));
        let facts = match checked {
            Ok(facts) => facts,
            Err(error) => return report.add(CheckId::Proof, Outcome::Fail, format!("{which} does not hold: {error}.")),
        };
        let method = facts.verification_method;
        let resolved = match keys::resolve(method, facts.purpose, material, &self.limits, self.now) {
            Ok(resolved) => resolved,
            Err(KeyProblem::Wrong(problem)) => {
                return report.add(CheckId::Proof, Outcome::Fail, format!("{which} names no usable key: {problem}."));
            }
            Err(KeyProblem::Missing { url, reason }) => {
                let why = reason
                    .map_or_else(|| "was not looked up".to_owned(), |reason| format!("could not be had: {reason}"));
                let message = format!("{which} could not be checked: the key document at {url} {why}.");
                return report.add(CheckId::Proof, Outcome::NotChecked, message);
            }
        };
        match verify_proof(credential, proof, &facts, &resolved.key, self.contexts, &self.limits) {
            Ok(()) => report.add(
                CheckId::Proof,
                Outcome::Pass,
                format!("{which} holds: nothing was changed since it was signed."),
            ),
            Err(error) => report.add(CheckId::Proof, Outcome::Fail, format!("{which} does not hold: {error}.")),
        }
        let (outcome, message) = issuer(credential, &resolved);
        report.add(CheckId::Issuer, outcome, message);
    }
}

/// Does the key belong to who is named as the issuer?
fn issuer(credential: &Object<'_>, resolved: &keys::ResolvedKey) -> (Outcome, String) {
    let Some(named) = issuer_id(credential) else {
        return (Outcome::Fail, "It names no issuer.".to_owned());
    };
    let shown: String = named.chars().take(200).collect();
    if named != resolved.controller {
        let resolvable = named.starts_with("did:") || named.starts_with("https://") || named.starts_with("http://");
        return if resolvable {
            (
                Outcome::Fail,
                format!("It names {shown} as its issuer, but was signed with a key of {}.", resolved.controller),
            )
        } else {
            (Outcome::NotChecked, format!("Nothing ties the issuer's name {shown} to the key that signed it."))
        };
    }
    match &resolved.unconfirmed {
        None => (Outcome::Pass, format!("It was signed with a key of {shown}.")),
        Some(why) => (Outcome::NotChecked, format!("The key is not confirmed by its owner: {why}.")),
    }
}
