//! The API over a real store (SQLite in a temporary folder), with doubles for the sandbox, the signer and the clock.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod app;
mod awards;
mod backpack;
mod connecting;
mod doubles;
mod events;
mod hooks;
mod hosted;
mod hostile_clients;
mod idempotency;
mod images;
mod inputs;
mod openapi;
mod organisations;
mod pages;
mod plugins;
mod proposals;
mod public;
mod rights;
mod sign_in;
mod wallet;
