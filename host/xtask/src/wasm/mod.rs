//! Guests: the target they are compiled for, and their way from source to component.

mod debian_source;
pub(crate) mod guests;
pub(crate) mod target;
