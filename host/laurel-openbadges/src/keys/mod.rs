//! Keys and the identifiers that stand for them: Multikey, JSON Web Key, `did:key`, `did:web`.
//!
//! [`PublicKey`] is a key of any kind, [`MessageSigner`] is whatever signs with one. Data Integrity proofs are made with Ed25519 alone
//! ([`SigningKey`], [`Multikey`]); JSON Web Signatures know more kinds.

mod algorithm;
mod did_key;
mod did_web;
mod ec;
mod jwk;
mod multikey;
mod pem;
mod public_key;
mod rsa;
mod signer;
mod signing;

pub use algorithm::{JwsAlgorithm, UnknownAlgorithm};
pub use did_key::{DidKey, DidKeyError};
pub use did_web::{DidWeb, DidWebError};
pub use ec::{Curve, EcPublicKey, EcSigningKey};
pub use jwk::JwkError;
pub(crate) use jwk::from_object as key_of_jwk;
pub use multikey::{Multikey, MultikeyError};
pub use pem::PemError;
pub use public_key::PublicKey;
pub use rsa::RsaPublicKey;
pub use signer::{MessageSigner, SignerError};
pub use signing::SigningKey;
