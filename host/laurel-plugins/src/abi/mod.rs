//! One adapter per line of the WIT. An adapter turns core types into the WIT's and back; nobody else knows a version.
//!
//! To add `wit/v0.2`: write `v0_2/` beside `v0_1/`, name it in [`LINES`] and in [`link`].

mod v0_1;

use std::fmt;

use async_trait::async_trait;
use laurel_core::plugins::{Checked, CriteriaEvent, HookRequest, Outcome, Reception, Refusal};
use laurel_core::subjects::Identifier;
use wasmtime::component::Component;
use wasmtime::{Engine, Store};

use crate::call::CallState;
use crate::connector::{Account, DeliveryError, IdentityError, Notice, Pull, Receipt, SyncError};
use crate::load::Surface;

/// Versions that this host speaks, as `major.minor`.
pub(crate) const LINES: [&str; 1] = ["0.1"];

/// An answer that the interface's types allow and its meaning does not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadAnswer(pub(crate) String);

/// A linked component: each method makes a fresh instance in the store and calls it once.
///
/// An error is a trap, a refusal of the host, or a [`BadAnswer`]; what the plugin itself says is inside the answer.
#[async_trait]
pub(crate) trait Adapter: Send + Sync + fmt::Debug {
    /// Instantiates and compares the types of every promised function: only here does a changed record show.
    async fn rehearse(&self, store: &mut Store<CallState>) -> wasmtime::Result<()>;

    fn check(&self, store: &mut Store<CallState>, settings: &str) -> wasmtime::Result<Checked>;

    fn evaluate(
        &self,
        store: &mut Store<CallState>,
        settings: &str,
        state: Option<&[u8]>,
        events: &[CriteriaEvent],
    ) -> wasmtime::Result<Result<Outcome, String>>;

    async fn receive(
        &self,
        store: &mut Store<CallState>,
        request: &HookRequest,
    ) -> wasmtime::Result<Result<Reception, Refusal>>;

    async fn deliver(
        &self,
        store: &mut Store<CallState>,
        notice: &Notice,
    ) -> wasmtime::Result<Result<Receipt, DeliveryError>>;

    async fn pull(
        &self,
        store: &mut Store<CallState>,
        cursor: Option<&str>,
    ) -> wasmtime::Result<Result<Pull, SyncError>>;

    async fn identify(
        &self,
        store: &mut Store<CallState>,
        account: &Account,
    ) -> wasmtime::Result<Result<Vec<Identifier>, IdentityError>>;
}

/// Links what the component imports and nothing else.
pub(crate) fn link(engine: &Engine, component: &Component, surface: &Surface) -> wasmtime::Result<Box<dyn Adapter>> {
    // The surface was read with `LINES`, so the version is one of them.
    Ok(Box::new(v0_1::Plugin::link(engine, component, surface)?))
}
