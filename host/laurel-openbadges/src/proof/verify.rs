//! Checking proofs (Data Integrity 1.0, section 4.4; `EdDSA` Cryptosuites 1.0, sections 3.2.2 and 3.3.2).

use std::cell::OnceCell;

use super::chain;
use super::sign::{hash_data, rdfc_config};
use super::{Cryptosuite, ProofPurpose};
use crate::canonical::{self, CanonicalizeError};
use crate::contexts::Contexts;
use crate::json::{Object, Value};
use crate::jsonld::JsonLdError;
use crate::keys::Multikey;
use crate::multibase::{self, MultibaseError};
use crate::rdf::CanonicalError;
use crate::work::Work;
use crate::{Timestamp, jcs};

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// No proof at all.
    #[error("the document has no proof")]
    Missing,
    /// More proofs than [`Limits::proofs`].
    #[error("the document has more than {0} proofs")]
    TooMany(usize),
    /// A proof that is no object.
    #[error("a proof must be an object, this is {0}")]
    NotAnObject(&'static str),
    /// A member that is missing.
    #[error("the proof has no {0}")]
    NoMember(&'static str),
    /// A member that has the wrong form.
    #[error("the proof's {member} {problem}")]
    Malformed {
        /// The member.
        member: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A type or cryptosuite that this crate does not verify.
    #[error("this verifier does not know {0:?} proofs")]
    UnknownSuite(String),
    /// Made for another purpose.
    #[error("the proof was made for {found:?}, not for {expected:?}")]
    Purpose {
        /// What the proof says.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// The value is no multibase.
    #[error("the proofValue cannot be read: {0}")]
    Value(#[from] MultibaseError),
    /// The proof says it ends before now.
    #[error("the proof expired at {0}")]
    Expired(Timestamp),
    /// It answers another challenge than was given, or none.
    #[error("the proof does not answer the challenge that was given")]
    Challenge,
    /// It was made for another site, or for none.
    #[error("the proof was made for another site than {0:?}")]
    Domain(String),
    /// The contexts of the proof are not the document's.
    #[error("the proof's @context is not the beginning of the document's")]
    Context,
    /// A proof that another builds upon is not there.
    #[error("the proof builds upon {0:?}, which is not among the proofs")]
    NoPrevious(String),
    /// Something in the document is not covered by the signature.
    #[error(transparent)]
    Canonicalize(#[from] CanonicalizeError),
    /// The signature is not this key's signature of this document.
    #[error("the signature does not fit: the document was changed, or another key signed it")]
    Signature,
}

/// How a proof was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suite {
    DataIntegrity(Cryptosuite),
    /// `Ed25519Signature2020`: read, not written.
    Ed25519Signature2020,
}

/// What a proof says, checked for form.
#[derive(Debug, Clone)]
pub(crate) struct ProofFacts<'p> {
    suite: Suite,
    pub(crate) verification_method: &'p str,
    pub(crate) purpose: &'p str,
    pub(crate) expires: Option<Timestamp>,
    challenge: Option<&'p str>,
    domains: &'p [Value<'p>],
    signature: [u8; 64],
}

/// Reads a proof's members and checks their form.
pub(crate) fn facts<'p>(proof: &'p Value<'p>) -> Result<ProofFacts<'p>, ProofError> {
    let proof = proof.as_object().ok_or(ProofError::NotAnObject(proof.kind()))?;
    let text = |member: &'static str| match proof.get(member) {
        None => Err(ProofError::NoMember(member)),
        Some(Value::String(text)) if !text.is_empty() => Ok(text.as_ref()),
        Some(_) => Err(ProofError::Malformed { member, problem: "must be a string that is not empty" }),
    };
    let date = |member: &'static str| match proof.get(member) {
        None => Ok(None),
        Some(value) => match value.as_str().map(str::parse::<Timestamp>) {
            Some(Ok(time)) => Ok(Some(time)),
            _ => Err(ProofError::Malformed { member, problem: "must be a date and time with an offset" }),
        },
    };
    let kind = text("type")?;
    let suite = match kind {
        "Ed25519Signature2020" => Suite::Ed25519Signature2020,
        "DataIntegrityProof" => {
            let suite = text("cryptosuite")?;
            let known = suite.parse().map_err(|_| ProofError::UnknownSuite(suite.chars().take(80).collect()))?;
            Suite::DataIntegrity(known)
        }
        other => return Err(ProofError::UnknownSuite(other.chars().take(80).collect())),
    };
    date("created")?;
    let value = text("proofValue")?;
    if !value.starts_with('z') {
        return Err(MultibaseError::UnknownBase.into());
    }
    let signature = multibase::decode(value)?;
    let signature = signature
        .try_into()
        .map_err(|_| ProofError::Malformed { member: "proofValue", problem: "must be a signature of 64 bytes" })?;
    Ok(ProofFacts {
        suite,
        verification_method: text("verificationMethod")?,
        purpose: text("proofPurpose")?,
        expires: date("expires")?,
        challenge: proof.get("challenge").map(|_| text("challenge")).transpose()?,
        domains: proof.get("domain").map_or(&[], Value::as_slice),
        signature,
    })
}

impl ProofError {
    /// Whether nothing is known of the proof: the verifier lacks a context that its issuer may well have signed with, or there was no
    /// work left to check it with.
    pub(crate) fn leaves_it_open(&self) -> bool {
        matches!(
            self,
            Self::Canonicalize(
                CanonicalizeError::Rdf(CanonicalError::Exhausted(_))
                    | CanonicalizeError::JsonLd(JsonLdError::UnknownContext { .. })
            )
        )
    }
}

impl ProofFacts<'_> {
    /// Checks purpose and expiry.
    pub(crate) fn holds(&self, purpose: ProofPurpose, now: Timestamp) -> Result<(), ProofError> {
        let expected = purpose.as_str();
        if self.purpose != expected {
            return Err(ProofError::Purpose { found: self.purpose.chars().take(80).collect(), expected });
        }
        match self.expires {
            Some(expires) if expires <= now => Err(ProofError::Expired(expires)),
            _ => Ok(()),
        }
    }

    /// Checks that it was made for this challenge and this site, where one is expected (Data Integrity 1.0, section 4.4, steps 5 and 6).
    pub(crate) fn answers(&self, challenge: Option<&str>, domain: Option<&str>) -> Result<(), ProofError> {
        if challenge.is_some_and(|challenge| self.challenge != Some(challenge)) {
            return Err(ProofError::Challenge);
        }
        match domain {
            Some(domain) if !self.domains.iter().any(|found| found.as_str() == Some(domain)) => {
                Err(ProofError::Domain(domain.chars().take(120).collect()))
            }
            _ => Ok(()),
        }
    }
}

/// A secured document. Its canonical form is found once, however many proofs were made over it.
pub(crate) struct Secured<'d, 'a> {
    document: &'d Object<'a>,
    contexts: &'d Contexts,
    work: &'d Work<'d>,
    canonical: OnceCell<Result<String, CanonicalizeError>>,
}

impl<'d, 'a> Secured<'d, 'a> {
    pub(crate) fn new(document: &'d Object<'a>, contexts: &'d Contexts, work: &'d Work<'d>) -> Self {
        Self { document, contexts, work, canonical: OnceCell::new() }
    }

    pub(crate) fn document(&self) -> &'d Object<'a> {
        self.document
    }

    /// Checks the signature of one of the document's proofs.
    pub(crate) fn verify(&self, proof: &Value<'a>, facts: &ProofFacts<'_>, key: &Multikey) -> Result<(), ProofError> {
        let proof = proof.as_object().ok_or(ProofError::NotAnObject(proof.kind()))?;
        let previous = chain::previous(chain::proofs(self.document), proof)?;
        let hash = match facts.suite {
            Suite::DataIntegrity(Cryptosuite::EddsaJcs2022) => self.jcs_hash(previous.as_ref(), proof)?,
            Suite::DataIntegrity(Cryptosuite::EddsaRdfc2022) | Suite::Ed25519Signature2020 => {
                let members = proof.without(&["proofValue", "@context"]);
                let config = rdfc_config(&members, self.document.get("@context"), self.contexts, self.work)?;
                match previous {
                    None => hash_data(&config, self.canonical()?),
                    Some(previous) => hash_data(&config, &self.canonical_after(previous)?),
                }
            }
        };
        if key.verifies(&hash, &facts.signature) { Ok(()) } else { Err(ProofError::Signature) }
    }

    /// The canonical document without its proofs.
    fn canonical(&self) -> Result<&str, CanonicalizeError> {
        let form = || canonical::of_object(self.document, Some("proof"), self.contexts, self.work);
        self.canonical.get_or_init(form).as_deref().map_err(Clone::clone)
    }

    /// The canonical document that a proof was made over which comes after others.
    fn canonical_after(&self, previous: Value<'a>) -> Result<String, CanonicalizeError> {
        // What fails without its proofs fails here too, and is paid for before it is gone through once more.
        let text = self.canonical()?;
        self.work.spend_on_bytes(text.len()).map_err(|why| CanonicalizeError::Rdf(why.into()))?;
        let mut input = self.document.without(&["proof"]);
        input.set("proof", previous);
        canonical::of_object(&input, None, self.contexts, self.work)
    }

    fn jcs_hash(&self, previous: Option<&Value<'_>>, proof: &Object<'_>) -> Result<[u8; 64], ProofError> {
        let mut input: Vec<(&str, &Value<'_>)> = self.document.iter().filter(|(key, _)| *key != "proof").collect();
        input.extend(previous.map(|previous| ("proof", previous)));
        if let Some(context) = proof.get("@context") {
            let whole = self.document.get("@context").map_or(&[] as &[Value<'_>], Value::as_slice);
            if !whole.starts_with(context.as_slice()) {
                return Err(ProofError::Context);
            }
            // The document is hashed with the contexts it was signed with; others may have been appended since.
            for (_, value) in input.iter_mut().filter(|(key, _)| *key == "@context") {
                *value = context;
            }
        }
        let config = jcs::of_members(proof.iter().filter(|(key, _)| *key != "proofValue").collect());
        let document = jcs::of_members(input);
        self.work.spend_on_bytes(document.len()).map_err(|why| CanonicalizeError::Rdf(why.into()))?;
        Ok(hash_data(&config, &document))
    }
}
