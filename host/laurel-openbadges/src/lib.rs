//! Open Badges 3.0 and Verifiable Credentials: build, canonicalise, sign, verify, bake.
//!
//! The crate does no I/O, reads no clock and no randomness, and compiles to WebAssembly. What the outside must give
//! comes as arguments: the seed of a key, the time, and documents already fetched. The same arguments give the same bytes.
//!
//! # In ten lines
//!
//! ```
//! use laurel_openbadges::{Timestamp, documents::*, keys::SigningKey, proof::*, verify::*};
//!
//! let key = SigningKey::from_seed(&[7; 32]); // 32 random bytes that you keep sealed
//! let now: Timestamp = "2026-11-22T00:10:00Z".parse()?;
//! let achievement = Achievement::new("urn:example:helper", "Helper", "Helped others.", Criteria::narrative("Solve ten questions."));
//! let badge = OpenBadgeCredential::new("urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0", "Helper",
//!     Profile::named(key.did_key().to_string(), "Acme"), now, AchievementSubject::new("did:example:ada", achievement));
//! let unsigned = badge.to_bytes()?; // store these and the options first: they fix the signed bytes
//! let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, key.did_key().verification_method(), now);
//! let signed = sign(&unsigned, &key, &options)?; // store and serve exactly these bytes
//! assert!(Verifier::new(now).verify(&signed, &Material::new()).is_valid());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The chapters
//!
//! 1. [`keys`]: a secret key from a seed; the public key as a Multikey (`z6Mk…`) or a JSON Web Key; the identifiers `did:key` and
//!    `did:web` with their documents. A `did:web` stands on a domain name, never on an IP address. Data Integrity proofs take Ed25519;
//!    tokens take the curves of NIST and RSA as well, through a trait, so that keys can live elsewhere.
//! 2. [`documents`]: an `OpenBadgeCredential` field by field, `EndorsementCredential`, the learner record `ClrCredential` that bundles
//!    badges, all valid against 1EdTech's JSON schemas, in the words of Verifiable Credentials 2.0 or 1.1; and
//!    [`documents::hosted`], the Open Badges 2.0 form of the same award.
//! 3. [`contexts`] and [`canonical`]: what a document *says*. JSON-LD contexts are tables inside the crate; nothing is
//!    fetched. Whatever a signature would not cover (an undefined term, a relative identifier, a null) is an error that names its
//!    JSON pointer, when signing and when verifying. RDFC-1.0 and JCS give the canonical bytes.
//! 4. [`proof`]: Data Integrity proofs, `eddsa-rdfc-2022` and `eddsa-jcs-2022`; sets and chains of them; challenges and sites for
//!    presentations.
//! 5. [`jwt`]: the same documents as signed tokens (`EdDSA`, ES256, ES384, ES512, RS256), in the three forms that are in use.
//! 6. [`status`]: bitstring status lists for revocation, suspension, refresh and messages, and which index a credential gets.
//! 7. [`verify`]: the verifier. It tells what it needs, takes what was fetched, and reports every check in words; for credentials,
//!    presentations and envelopes; for issuers, a linter of what is still unsigned.
//! 8. [`baking`]: credentials in PNG and SVG images.
//!
//! # Which form, which suite?
//!
//! Badges for everyone: [`documents::OpenBadgeCredential`] signed with `eddsa-rdfc-2022`. For wallets that only take tokens:
//! [`jwt::JwtProfile::OpenBadges`] with RS256 or ES256. `eddsa-jcs-2022` is twice as fast and outside Open Badges certification.
//! [`documents::DataModel::V1`] and [`documents::hosted`] are for displayers of earlier years.
//!
//! # What is refused, and why
//!
//! | input | answer |
//! |---|---|
//! | equal keys in one object, lone surrogates, numbers a double cannot hold | [`JsonError`], with the place |
//! | terms and types no context defines, relative identifiers, nulls | [`JsonLdError`], with the place |
//! | contexts that are not known, or redefine protected terms | [`JsonLdError`] |
//! | documents, nestings, graphs or lists beyond [`Limits`] | an error that names the limit; poison graphs end in milliseconds, and many of them in one presentation together |
//! | several proofs of which one does not hold | the report says which; all must hold |
//! | a key that belongs to someone other than the named issuer | the report's `issuer` check fails |
//! | tokens with `alg: none`, an algorithm that is not the key's, `crit`, two keys | [`jwt::JwtError`] |
//! | claims that contradict the credential they stand beside | the report's `schema` check fails |
//! | endorsements that are not genuine, or speak for something else | the report's `endorsements` check fails |
//! | related resources whose digest is another | the report's `resources` check fails |
//!
//! Messages quote what strangers wrote, without the characters that hide text or turn its direction.
//!
//! # Specifications
//!
//! Open Badges 3.0 and 2.0, CLR 2.0 (1EdTech); Verifiable Credentials Data Model 2.0 and 1.1, Data Integrity 1.0, `EdDSA`
//! Cryptosuites 1.0, Securing Verifiable Credentials using JOSE and COSE, Bitstring Status List 1.0, Controlled Identifiers 1.0,
//! JSON-LD 1.1, RDFC-1.0 (all W3C); JWS, JWK and JWT (RFC 7515, 7517, 7518, 7519, 8037), JCS (RFC 8785). Items name the section they
//! implement. Where implementations disagree, the item says so: see the source of `rdf::degree` for duplicates in RDFC-1.0, and
//! [`proof`] for the datatypes that Open Badges declares.

pub mod baking;
pub mod canonical;
pub mod contexts;
pub mod documents;
mod jcs;
mod json;
mod jsonld;
pub mod jwt;
pub mod keys;
mod limits;
mod multibase;
mod pointer;
pub mod proof;
mod rdf;
pub mod status;
mod text;
mod time;
pub mod verify;
mod work;

pub use json::JsonError;
pub use jsonld::JsonLdError;
pub use limits::Limits;
pub use multibase::MultibaseError;
pub use rdf::CanonicalError;
pub use time::{Timestamp, TimestampError};
pub use work::Exhausted;
