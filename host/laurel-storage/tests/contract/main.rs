//! What every store must do: one test for each method of each port, named after it, on both engines. SQLite runs in a temporary folder;
//! PostgreSQL in the cluster at `LAUREL_TEST_POSTGRES` (a URL), each test in a schema of its own.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[macro_use]
mod premises;

mod achievements;
mod append;
mod awards;
mod backpack;
mod clients;
mod commit;
mod complete;
mod credentials;
mod engagement;
mod idempotency;
mod images;
mod issued;
mod leases;
mod log;
mod opening;
mod organisations;
mod outbox;
mod plugins;
mod proposals;
mod reading;
mod rules;
mod samples;
mod sign_in;
mod status;
mod subjects;
mod timers;
mod tokens;
