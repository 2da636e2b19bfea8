//! Guests: the target they are compiled for, and their way from source to component; and the browser's verifier.

mod debian_source;
pub(crate) mod guests;
pub(crate) mod target;
pub(crate) mod verifier;
