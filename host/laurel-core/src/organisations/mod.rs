//! Issuing organisations.

mod create;
mod did_document;
mod find;
mod issuer_profile;
mod particulars;
mod party;
mod store;
mod update;

pub use create::{NewOrganisation, Profile, create};
pub use did_document::did_document;
pub use find::find;
pub use issuer_profile::issuer_profile;
pub use particulars::{Address, Particulars};
pub use party::{OtherIdentifier, Party};
pub use store::OrganisationStore;
pub use update::update;

use serde::{Deserialize, Serialize};

use crate::id::OrganisationId;
use crate::time::Timestamp;

/// An issuing organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name in URLs: 1 to 63 of `a-z 0-9 -`. Unique.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Its own home page.
    pub url: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// How to reach it.
    pub email: Option<String>,
    /// What else it says of itself.
    pub particulars: Particulars,
    /// What its credentials name as issuer.
    pub issuer: Issuer,
    /// How its credentials are secured.
    pub suite: Suite,
    /// How many entries the `credentialStatus` of its awards has from now on.
    pub status_entries: StatusEntries,
    /// What it may say later of the credentials it issues from now on, beside revoking and suspending them.
    pub status_messages: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// How many entries the `credentialStatus` of an award's credential has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StatusEntries {
    /// One, for revocation: Open Badges 3.0 has room for one, and 1EdTech's schema refuses more. A
    /// suspended credential reads as revoked for as long as it is suspended.
    #[default]
    One,
    /// One each for revocation, suspension, refresh and messages, as Verifiable Credentials 2.0 allow.
    Several,
}

/// Under which identifier an organisation issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum Issuer {
    /// `did:key` of its active key: needs no domain, cannot rotate.
    DidKey,
    /// `did:web` of a domain (never an IP address) and a path.
    DidWeb {
        /// `badges.example.org` or `badges.example.org:8443`.
        domain: String,
        /// Segments after the domain; empty means `/.well-known/did.json`.
        path: Vec<String>,
    },
}

/// How credentials are secured: with a proof inside, by one of the Data Integrity cryptosuites, or as a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Suite {
    /// Open Badges' own: JSON-LD canonicalised by RDFC-1.0.
    #[serde(rename = "eddsa-rdfc-2022")]
    EddsaRdfc2022,
    /// JSON canonicalised by RFC 8785: outside Open Badges certification.
    #[serde(rename = "eddsa-jcs-2022")]
    EddsaJcs2022,
    /// A signed token (VC-JWT, `EdDSA`) around the credential, after Open Badges 3.0, section 8.2.4.
    #[serde(rename = "vc-jwt")]
    VcJwt,
    /// The same signed with ECDSA on the curve P-256 (`ES256`), for verifiers that know no Ed25519.
    #[serde(rename = "vc-jwt-es256")]
    VcJwtEs256,
    /// The same signed with RSA (`RS256`), the one algorithm that Open Badges 3.0 demands of every verifier of tokens. With a `did:web`:
    /// few verifiers know how an RSA key is written as a `did:key`.
    #[serde(rename = "vc-jwt-rs256")]
    VcJwtRs256,
}

/// What a signing key is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Algorithm {
    /// Ed25519 (RFC 8032).
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4).
    #[serde(rename = "ES256")]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3).
    #[serde(rename = "RS256")]
    Rs256,
}

impl Suite {
    /// The algorithm of the organisation's keys.
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::EddsaRdfc2022 | Self::EddsaJcs2022 | Self::VcJwt => Algorithm::EdDsa,
            Self::VcJwtEs256 => Algorithm::Es256,
            Self::VcJwtRs256 => Algorithm::Rs256,
        }
    }

    /// Whether what is issued is a token, rather than a document with its proof inside.
    pub fn is_token(self) -> bool {
        matches!(self, Self::VcJwt | Self::VcJwtEs256 | Self::VcJwtRs256)
    }

    /// How the organisation's status lists are secured. Where the keys can, they have a proof inside also if credentials are tokens:
    /// every verifier that reads lists reads these.
    pub(crate) fn of_status_lists(self) -> Self {
        match self {
            Self::VcJwt => Self::EddsaRdfc2022,
            own => own,
        }
    }
}
