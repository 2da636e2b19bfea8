//! How an earner signs in. No password is kept: an organisation vouches for one of its subjects with a link that works once, and the
//! browser that opens it gets a session (decision 0008).

mod earner;
mod link;
mod redeem;
mod store;

pub use earner::{Earner, earner, form_token, sign_out};
pub use link::{invitation, make_link};
pub use redeem::redeem;
pub use store::SignInStore;

use crate::id::SubjectId;
use crate::time::Timestamp;

/// For so long a link works, in milliseconds.
pub const LINK_LIFE: i64 = 15 * 60 * 1000;

/// For so long a session lasts, in milliseconds.
pub const SESSION_LIFE: i64 = 12 * 60 * 60 * 1000;

/// Somebody may be this subject until then: a link that was not used yet, or a session. Stored by the digest of its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Who.
    pub subject: SubjectId,
    /// Until when.
    pub expires: Timestamp,
}
