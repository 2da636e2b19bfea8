//! The checks that every credential goes through, whatever secures it.

use super::keys::{self, KeyProblem, Source};
use super::party::{self, Role};
use super::presentation::Expected;
use super::report::{CheckId, Outcome, Report};
use super::shape::issuer_id;
use super::verification::Verification;
use super::{dates, recipient, resources, shape, status};
use crate::json::{Object, Value};
use crate::jsonld;
use crate::proof::{ProofError, ProofFacts, ProofPurpose, Secured, facts};
use crate::work::price_of;

impl Verification<'_> {
    pub(super) fn source(&self, role: Role) -> Source<'_> {
        Source { purpose: purpose(role).as_str(), material: self.material, work: &self.work, now: self.now }
    }

    pub(super) fn schema(&self, credential: &Object<'_>, contradictions: &[&str], report: &mut Report) {
        let mut problems = shape::problems(credential);
        problems.extend(contradictions.iter().map(|problem| (*problem).to_owned()));
        if problems.is_empty() {
            report.add(CheckId::Schema, Outcome::Pass, "It has everything a credential must have.");
        }
        for problem in problems {
            report.add(CheckId::Schema, Outcome::Fail, format!("It is not a complete credential: {problem}."));
        }
    }

    /// Whether the contexts define every value.
    pub(super) fn defined(&self, document: &Object<'_>, report: &mut Report) {
        if let Err(error) = jsonld::object_to_dataset(document, None, self.contexts, self.limits()) {
            report.add(CheckId::Schema, Outcome::Fail, format!("Not everything in it is defined: {error}."));
        }
    }

    pub(super) fn resources(&self, credential: &Object<'_>, report: &mut Report) {
        for (outcome, message) in resources::check(credential, self.material, &self.work) {
            report.add(CheckId::Resources, outcome, message);
        }
    }

    /// What the document says: dates, status, related resources, endorsements, recipient.
    pub(super) fn about(
        &self,
        credential: &Object<'_>,
        outside_dates: Option<String>,
        with_status: bool,
        report: &mut Report,
    ) {
        let (outcome, message) = match outside_dates {
            Some(message) => (Outcome::Fail, message),
            None => dates::check(credential, self.now),
        };
        report.add(CheckId::Dates, outcome, message);
        self.resources(credential, report);
        if with_status {
            status::check(self, credential, report);
            self.endorsements(credential, report);
            let (outcome, message) = recipient::check(credential, self.recipient.as_deref());
            report.add(CheckId::Recipient, outcome, message);
        }
    }

    /// Checks the proofs of a credential; all must hold.
    pub(super) fn proofs(&self, document: &Object<'_>, role: Role, report: &mut Report) {
        self.proofs_for(document, role, &Expected::default(), report);
    }

    pub(super) fn proofs_for(&self, document: &Object<'_>, role: Role, expected: &Expected, report: &mut Report) {
        let proofs = keys::listed(document.get("proof"));
        let count = proofs.len();
        if count == 0 || count > self.limits.proofs {
            let error = if count == 0 { ProofError::Missing } else { ProofError::TooMany(self.limits.proofs) };
            report.add(CheckId::Proof, Outcome::Fail, format!("It is not signed soundly: {error}."));
            return;
        }
        let secured = Secured::new(document, self.contexts, &self.work);
        let mut parties = Vec::new();
        for (index, proof) in proofs.iter().enumerate() {
            let which = if count == 1 { "Its proof".to_owned() } else { format!("Its proof {} of {count}", index + 1) };
            let (outcome, message, party) = self.proof(&secured, proof, &which, role, expected);
            report.add(CheckId::Proof, outcome, message);
            parties.extend(party);
        }
        let id = if role == Role::Issuer { CheckId::Issuer } else { CheckId::Holder };
        // Others may have signed as well: one proof must be of who is named.
        for wanted in [Outcome::Pass, Outcome::NotChecked, Outcome::Fail] {
            if let Some((outcome, message)) = parties.iter().find(|(outcome, _)| *outcome == wanted) {
                return report.add(id, *outcome, message.clone());
            }
        }
    }

    /// The answer for one proof, and for whose it is, if its key could be found.
    fn proof<'a>(
        &self,
        secured: &Secured<'_, 'a>,
        proof: &Value<'a>,
        which: &str,
        role: Role,
        expected: &Expected,
    ) -> (Outcome, String, Option<(Outcome, String)>) {
        let checked = facts(proof).and_then(|facts| {
            facts.holds(purpose(role), self.now)?;
            facts.answers(expected.challenge.as_deref(), expected.domain.as_deref())?;
            Ok(facts)
        });
        let facts = match checked {
            Ok(facts) => facts,
            Err(error) => return (Outcome::Fail, format!("{which} does not hold: {error}."), None),
        };
        let resolved = match keys::resolve(facts.verification_method, self.source(role)) {
            Ok(resolved) => resolved,
            Err(KeyProblem::Wrong(problem)) => {
                return (Outcome::Fail, format!("{which} names no usable key: {problem}."), None);
            }
            Err(unknown) => return (Outcome::NotChecked, format!("{which} could not be checked: {unknown}."), None),
        };
        let (outcome, message) = self.signature(secured, proof, &facts, which, &resolved);
        let document = secured.document();
        let named = match role {
            Role::Issuer => issuer_id(document),
            Role::Holder => Some(shape::holder_id(document).unwrap_or(&resolved.controller)),
        };
        let party = match named {
            Some(named) => party::check(role, named, &resolved),
            None => (Outcome::Fail, "It names no issuer.".to_owned()),
        };
        (outcome, message, Some(party))
    }

    fn signature<'a>(
        &self,
        secured: &Secured<'_, 'a>,
        proof: &Value<'a>,
        facts: &ProofFacts<'_>,
        which: &str,
        resolved: &keys::ResolvedKey,
    ) -> (Outcome, String) {
        let kind = resolved.key.algorithm();
        let Some(key) = resolved.key.as_ed25519() else {
            let message = format!("{which} does not hold: it needs an Ed25519 key, and this is one for {kind}.");
            return (Outcome::Fail, message);
        };
        if let Err(why) = self.work.spend(price_of(kind)) {
            return (Outcome::NotChecked, format!("{which} could not be checked: {why}."));
        }
        match secured.verify(proof, facts, key) {
            Ok(()) => (Outcome::Pass, format!("{which} holds: nothing was changed since it was signed.")),
            Err(error) if error.leaves_it_open() => {
                (Outcome::NotChecked, format!("{which} could not be checked: {error}."))
            }
            Err(error) => (Outcome::Fail, format!("{which} does not hold: {error}.")),
        }
    }
}

fn purpose(role: Role) -> ProofPurpose {
    match role {
        Role::Issuer => ProofPurpose::AssertionMethod,
        Role::Holder => ProofPurpose::Authentication,
    }
}
