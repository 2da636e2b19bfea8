//! SQLite and PostgreSQL behind the ports of `laurel-core`. The only crate that knows SQL.
//!
//! [`Database`] is a [`Store`](laurel_core::store::Store): each noun's file implements that noun's port. To add a method, write one
//! function over a [`Conn`](engine::Conn) with the SQL in it, call it from the port's implementation through `read` or `write`, and
//! add its test to `tests/contract/`, where it runs on both engines.
//!
//! - SQL is text with `$1` placeholders, written once and run on both engines by the macros `run!`, `one!` and `all!`; many rows at a
//!   time go through [`Rows`](engine::Rows). Where a text has to differ, the two stand side by side.
//! - A **unit of work** is plain data and a function. On PostgreSQL it is one transaction, run again when it lost a race; on SQLite it
//!   goes to the one writer, which commits many units at once (and whose log is copied beside it, decision 0009). Nobody holds a
//!   transaction open while doing anything else.
//! - The **log** (`events/`) is the heart: group commit, dedupe, gapless sequences, leases with epochs, effects that happen once.

mod achievements;
mod awards;
mod backpack;
mod clients;
mod credentials;
mod database;
mod engagement;
mod engine;
mod events;
mod idempotency;
mod images;
mod issued;
mod issued_credentials;
mod organisations;
mod outbox;
mod paging;
mod plugins;
mod proposals;
mod rules;
mod sign_in;
mod status;
mod stored;
mod subjects;
mod tokens;

pub use database::{Database, OpenError};
