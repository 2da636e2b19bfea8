//! The only way out of the house: plugins' `http`, foreign `did:web` documents, status lists and key sets go through
//! [`Client`], the core's [`Outbound`](laurel_core::plugins::Outbound) port.
//!
//! A URL that somebody else chose must not reach what only this machine reaches. So, in this order: the URL is parsed once
//! ([`target`]), its host must be on the request's list, its name is resolved once, *every* address of the answer must be public
//! ([`address`]), and exactly those addresses are dialled ([`dial`]). Nothing looks the name up a second time and no proxy variable
//! is read, so there is no second address that nobody checked. Redirects are followed for public documents only
//! ([`Outbound::fetch`](laurel_core::plugins::Outbound::fetch)), and where they lead is judged from the beginning.
//!
//! *Architecture invariant*: no other crate opens an HTTP connection.

mod address;
mod answer;
mod client;
mod dial;
mod network;
mod target;

pub use address::is_public;
pub use client::{Client, Settings};
pub use network::{Network, SystemNetwork};
