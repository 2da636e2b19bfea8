//! The adapter of `wit/v0.1`.

mod bindings;
mod convert;
mod host;

use std::fmt;

use async_trait::async_trait;
use laurel_core::plugins::{Capability, Checked, CriteriaEvent, HookRequest, Interface, Outcome, Reception, Refusal};
use laurel_core::subjects::Identifier;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};
use wasmtime::{Engine, Store, format_err};

use super::Adapter;
use crate::call::CallState;
use crate::connector::{Account, DeliveryError, IdentityError, Notice, Pull, Receipt, SyncError};
use crate::load::Surface;
use bindings::exports::laurel::plugin::{criteria, delivery, hook, identity, sync};
use bindings::laurel::plugin::{http, keys, log, settings, types};

/// A linked component.
pub(super) struct Plugin {
    instances: InstancePre<CallState>,
    criteria: Option<criteria::GuestIndices>,
    hook: Option<hook::GuestIndices>,
    delivery: Option<delivery::GuestIndices>,
    sync: Option<sync::GuestIndices>,
    identity: Option<identity::GuestIndices>,
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("v0_1::Plugin").finish_non_exhaustive()
    }
}

/// The plugin was found without this export when it was loaded, and the caller knows.
fn missing(interface: Interface) -> wasmtime::Error {
    format_err!("the component does not export {interface:?}")
}

impl Plugin {
    pub(super) fn link(engine: &Engine, component: &Component, surface: &Surface) -> wasmtime::Result<Self> {
        let instances = linker(engine, surface)?.instantiate_pre(component)?;
        let exports = |interface| surface.interfaces.contains(&interface);
        let criteria = exports(Interface::Criteria).then(|| criteria::GuestIndices::new(&instances)).transpose()?;
        let hook = exports(Interface::Hook).then(|| hook::GuestIndices::new(&instances)).transpose()?;
        let delivery = exports(Interface::Delivery).then(|| delivery::GuestIndices::new(&instances)).transpose()?;
        let sync = exports(Interface::Sync).then(|| sync::GuestIndices::new(&instances)).transpose()?;
        let identity = exports(Interface::Identity).then(|| identity::GuestIndices::new(&instances)).transpose()?;
        Ok(Self { instances, criteria, hook, delivery, sync, identity })
    }
}

/// Only what the component imports is there to be linked; that the manifest names it was checked before.
fn linker(engine: &Engine, surface: &Surface) -> wasmtime::Result<Linker<CallState>> {
    let mut linker = Linker::new(engine);
    types::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    for capability in &surface.capabilities {
        match capability {
            Capability::Log => log::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?,
            Capability::Settings => settings::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?,
            Capability::Keys => keys::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?,
            Capability::Http => http::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?,
        }
    }
    Ok(linker)
}

#[async_trait]
impl Adapter for Plugin {
    async fn rehearse(&self, store: &mut Store<CallState>) -> wasmtime::Result<()> {
        let instance = self.instances.instantiate_async(&mut *store).await?;
        self.criteria.as_ref().map(|indices| indices.load(&mut *store, &instance)).transpose()?;
        self.hook.as_ref().map(|indices| indices.load(&mut *store, &instance)).transpose()?;
        self.delivery.as_ref().map(|indices| indices.load(&mut *store, &instance)).transpose()?;
        self.sync.as_ref().map(|indices| indices.load(&mut *store, &instance)).transpose()?;
        self.identity.as_ref().map(|indices| indices.load(&mut *store, &instance)).transpose()?;
        Ok(())
    }

    fn check(&self, store: &mut Store<CallState>, settings: &str) -> wasmtime::Result<Checked> {
        let indices = self.criteria.as_ref().ok_or_else(|| missing(Interface::Criteria))?;
        let instance = self.instances.instantiate(&mut *store)?;
        let checked = indices.load(&mut *store, &instance)?.call_check(store, settings)?;
        Ok(match checked {
            Ok(requirements) => Ok(requirements.into_iter().map(convert::requirement).collect()),
            Err(problems) => Err(problems.into_iter().map(convert::problem).collect()),
        })
    }

    fn evaluate(
        &self,
        store: &mut Store<CallState>,
        settings: &str,
        state: Option<&[u8]>,
        events: &[CriteriaEvent],
    ) -> wasmtime::Result<Result<Outcome, String>> {
        let indices = self.criteria.as_ref().ok_or_else(|| missing(Interface::Criteria))?;
        let folded: Vec<types::Event<'_>> = events.iter().map(convert::event).collect();
        let instance = self.instances.instantiate(&mut *store)?;
        let evaluated = indices.load(&mut *store, &instance)?.call_evaluate(store, settings, state, &folded)?;
        match evaluated {
            Ok(outcome) => Ok(Ok(convert::outcome(outcome, events.len())?)),
            Err(why) => Ok(Err(why)),
        }
    }

    async fn receive(
        &self,
        store: &mut Store<CallState>,
        request: &HookRequest,
    ) -> wasmtime::Result<Result<Reception, Refusal>> {
        let indices = self.hook.as_ref().ok_or_else(|| missing(Interface::Hook))?;
        let instance = self.instances.instantiate_async(&mut *store).await?;
        let hook = indices.load(&mut *store, &instance)?;
        let headers = convert::headers(&request.headers);
        match hook.call_receive(store, convert::request(request, &headers)).await? {
            Ok(reception) => Ok(Ok(convert::reception(reception)?)),
            Err(refusal) => Ok(Err(convert::refusal(refusal))),
        }
    }

    async fn deliver(
        &self,
        store: &mut Store<CallState>,
        notice: &Notice,
    ) -> wasmtime::Result<Result<Receipt, DeliveryError>> {
        let indices = self.delivery.as_ref().ok_or_else(|| missing(Interface::Delivery))?;
        let instance = self.instances.instantiate_async(&mut *store).await?;
        let delivery = indices.load(&mut *store, &instance)?;
        let identifiers = convert::identifiers(&notice.identifiers);
        let delivered = delivery.call_deliver(store, convert::notice(notice, &identifiers)).await?;
        Ok(delivered.map(convert::receipt).map_err(convert::delivery_error))
    }

    async fn pull(
        &self,
        store: &mut Store<CallState>,
        cursor: Option<&str>,
    ) -> wasmtime::Result<Result<Pull, SyncError>> {
        let indices = self.sync.as_ref().ok_or_else(|| missing(Interface::Sync))?;
        let instance = self.instances.instantiate_async(&mut *store).await?;
        match indices.load(&mut *store, &instance)?.call_pull(store, cursor).await? {
            Ok(page) => Ok(Ok(convert::pull(page)?)),
            Err(error) => Ok(Err(convert::sync_error(error))),
        }
    }

    async fn identify(
        &self,
        store: &mut Store<CallState>,
        account: &Account,
    ) -> wasmtime::Result<Result<Vec<Identifier>, IdentityError>> {
        let indices = self.identity.as_ref().ok_or_else(|| missing(Interface::Identity))?;
        let instance = self.instances.instantiate_async(&mut *store).await?;
        let identity = indices.load(&mut *store, &instance)?;
        let account = types::AccountParam { home_page: &account.home_page, name: &account.name };
        let proposed = identity.call_identify(store, account).await?;
        Ok(proposed.map(|found| found.into_iter().map(convert::identifier).collect()).map_err(convert::identity_error))
    }
}
