//! The domain of Laurel: its types, the rules of the house, the use cases, and the ports through which the outside comes in.
//!
//! Each noun has a folder: its types, its store (what a database must give), and one file per use case. A use case is a function
//! that takes the [`House`] and what the caller wants, and returns the noun or an [`Error`].
//!
//! *Architecture invariant*: nothing here does I/O or reads a clock or a random source; all three are ports
//! ([`store::Store`], [`time::Clock`], [`random::Random`]).

pub mod achievements;
pub mod awards;
pub mod backlog;
pub mod backpack;
pub mod bell;
pub mod clients;
pub mod credentials;
pub mod engagement;
pub mod error;
pub mod events;
pub mod house;
pub mod id;
pub mod idempotency;
pub mod images;
pub mod issued;
pub mod organisations;
pub mod outbox;
pub mod page;
pub mod pipeline;
pub mod plugins;
pub mod proposals;
pub mod random;
pub mod rules;
pub mod sign_in;
pub mod status;
pub mod store;
pub mod subjects;
pub mod text;
pub mod time;
pub mod tokens;

pub use error::{Error, Problem};
pub use house::House;
