//! What a proof says about itself (Data Integrity 1.0, section 2.1).

use std::fmt;
use std::str::FromStr;

use crate::Timestamp;

/// The ways a document is transformed and hashed before Ed25519 signs it (Data Integrity 1.0, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Cryptosuite {
    /// The statements the document makes, canonicalised by RDFC-1.0 (`EdDSA` Cryptosuites 1.0, section 3.2). The
    /// suite Open Badges 3.0 requires.
    #[default]
    EddsaRdfc2022,
    /// The JSON of the document, canonicalised by JCS (section 3.3).
    EddsaJcs2022,
}

impl Cryptosuite {
    /// The name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
        }
    }
}

impl fmt::Display for Cryptosuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no cryptosuite of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a cryptosuite this crate knows (eddsa-rdfc-2022, eddsa-jcs-2022)")]
pub struct UnknownCryptosuite(String);

impl FromStr for Cryptosuite {
    type Err = UnknownCryptosuite;

    fn from_str(text: &str) -> Result<Self, UnknownCryptosuite> {
        match text {
            "eddsa-rdfc-2022" => Ok(Self::EddsaRdfc2022),
            "eddsa-jcs-2022" => Ok(Self::EddsaJcs2022),
            other => Err(UnknownCryptosuite(other.chars().take(80).collect())),
        }
    }
}

/// Why the signer signs (Data Integrity 1.0, section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProofPurpose {
    /// To assert what the document says: credentials.
    #[default]
    AssertionMethod,
    /// To show who is there: presentations.
    Authentication,
}

impl ProofPurpose {
    /// The name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }
}

/// Everything about a proof except its value (Data Integrity 1.0, section 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOptions {
    /// How the document is hashed.
    pub cryptosuite: Cryptosuite,
    /// Identifier of the key: `did:…#…`.
    pub verification_method: String,
    /// When the proof was made.
    pub created: Option<Timestamp>,
    /// Why.
    pub purpose: ProofPurpose,
    /// Until when the proof counts.
    pub expires: Option<Timestamp>,
    /// The site the proof is meant for.
    pub domain: Option<String>,
    /// The challenge it answers.
    pub challenge: Option<String>,
    /// Identifier of the proof, for others to refer to in a chain.
    pub id: Option<String>,
    /// Identifiers of the proofs this one comes after (Data Integrity 1.0, section 4.3).
    pub previous_proof: Vec<String>,
}

impl ProofOptions {
    /// Options for asserting a credential.
    pub fn new(cryptosuite: Cryptosuite, verification_method: impl Into<String>, created: Timestamp) -> Self {
        Self {
            cryptosuite,
            verification_method: verification_method.into(),
            created: Some(created),
            purpose: ProofPurpose::AssertionMethod,
            expires: None,
            domain: None,
            challenge: None,
            id: None,
            previous_proof: Vec::new(),
        }
    }
}
