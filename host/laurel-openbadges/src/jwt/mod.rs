//! Credentials and presentations as signed tokens (JWT).
//!
//! A token is a JSON Web Signature (RFC 7515) in its compact form: header, payload and signature in base64url. Three ways of putting a
//! credential into one are in use, and all are written and read here: see [`JwtProfile`].
//!
//! The header names an algorithm, but never chooses it: it must be the one that the key has. `none`, symmetric algorithms,
//! critical extensions, duplicate members and keys fetched from where the token says (`jku`, `x5u`) do not exist here.
//!
//! ```
//! use laurel_openbadges::{Timestamp, documents::*, jwt::*, keys::*, verify::*};
//!
//! let key = EcSigningKey::from_scalar(Curve::P256, &[7; 32]).expect("a scalar within the order");
//! let issuer = MessageSigner::public_key(&key).did_key();
//! let now: Timestamp = "2026-11-22T00:10:00Z".parse()?;
//! let achievement = Achievement::new("https://acme.example/achievements/helper", "Helper", "Helped others.",
//!     Criteria::narrative("Solve ten questions in the forum."));
//! let badge = OpenBadgeCredential::new("urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0", "Helper",
//!     Profile::named(issuer, "Acme"), now, AchievementSubject::new("did:example:ada", achievement));
//! let token = sign_credential(&badge.to_bytes()?, &key, &JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Jwk))?;
//! assert!(Verifier::new(now).verify(token.as_bytes(), &Material::new()).is_valid());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims;
mod compact;
mod key_name;
mod sign;
mod unverified;

pub(crate) use claims::{Claims, content};
pub(crate) use compact::Token;
pub use compact::is_token;
pub use compact::{JwtError, TokenType};
pub use key_name::key_name;
pub use sign::{JwtOptions, JwtProfile, KeyReference, SignJwtError, sign_credential, sign_presentation};
pub use unverified::unverified;
