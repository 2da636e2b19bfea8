//! The interface `identity`: proposes identifiers for an account that is not linked yet.

pub use crate::bindings::identity::exports::laurel::plugin::identity::IdentityError;
use crate::{Account, Identifier};

/// Implemented by plugins registered with `register!(… : identity)`.
pub trait Identity {
    /// Other identifiers of the account's holder. A proposal never merges two known subjects.
    fn identify(account: Account) -> Result<Vec<Identifier>, IdentityError>;
}
