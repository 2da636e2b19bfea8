//! A loaded plugin: its manifest, and calls under limits.

use std::sync::Arc;

use laurel_core::plugins::{
    CallContext, CallError, Capability, Checked, CriteriaEvent, HookRequest, Interface, Limits as Asked, LoadError,
    Manifest, Outcome, PluginDigest, Reception, Refusal,
};
use laurel_core::subjects::Identifier;
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::abi::{self, Adapter};
use crate::call::{Called, Connector, Pace, Services, Session};
use crate::connector::{Account, DeliveryError, IdentityError, Notice, Pull, Receipt, SyncError};
use crate::engine::Size;
use crate::limits::{Ceiling, Limits};
use crate::load::{Inspected, Surface};

/// A component that was compiled, linked and tried. Every call gets a fresh instance; calls do not know of each other.
#[derive(Debug)]
pub struct Plugin {
    digest: PluginDigest,
    manifest: Arc<Manifest>,
    surface: Surface,
    size: Size,
    engine: Engine,
    adapter: Box<dyn Adapter>,
    policy: Policy,
    house: House,
}

/// What the operator says of limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) ceiling: Ceiling,
    /// For this plugin; these count more than what it asks for.
    pub(crate) overrides: Asked,
}

/// What a plugin shares with others.
#[derive(Debug, Clone)]
pub(crate) struct House {
    services: Arc<Services>,
    /// Seats for connectors' calls, which may wait long; criteria never wait for one.
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl House {
    pub(crate) fn new(services: Services) -> Self {
        let seats = |size: Size| Arc::new(Semaphore::new(size.connectors()));
        Self { services: Arc::new(services), small: seats(Size::Small), large: seats(Size::Large) }
    }

    fn seats(&self, size: Size) -> &Semaphore {
        match size {
            Size::Small => &self.small,
            Size::Large => &self.large,
        }
    }
}

/// Waits for a seat and for the call, together no longer than the call may wait.
macro_rules! within {
    ($plugin:expr, $session:ident, $call:expr) => {{
        let waiting = $session.limits.waiting;
        let answer = tokio::time::timeout(waiting, async {
            // Nobody closes the semaphore.
            let _seat = $plugin.house.seats($plugin.size).acquire().await;
            $call.await
        });
        let answer = answer.await.ok();
        $session.close(answer)
    }};
}

impl Plugin {
    /// Links the component and tries an instance.
    pub(crate) async fn link(
        inspected: Inspected,
        (size, component): (Size, Component),
        policy: Policy,
        house: House,
    ) -> Result<Self, LoadError> {
        let Inspected { digest, manifest, surface } = inspected;
        let engine = component.engine().clone();
        let adapter = abi::link(&engine, &component, &surface)
            .map_err(|error| LoadError::Trial(format!("it does not fit wit/v{}: {error:#}", surface.abi)))?;
        let plugin = Self { digest, manifest: Arc::new(manifest), surface, size, engine, adapter, policy, house };
        plugin.rehearse().await?;
        Ok(plugin)
    }

    async fn rehearse(&self) -> Result<(), LoadError> {
        let interface = self.surface.interfaces.first().copied().unwrap_or(Interface::Criteria);
        let mut session = Session::open(&self.engine, self.limits(interface), Pace::Yield, None);
        let called = within!(self, session, self.adapter.rehearse(&mut session.store));
        called.answer.map_err(|error| LoadError::Trial(error.to_string()))
    }

    /// SHA-256 of the component.
    pub fn digest(&self) -> PluginDigest {
        self.digest
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The pool it lives in.
    pub fn size(&self) -> Size {
        self.size
    }

    /// What one call to this interface may use.
    pub fn limits(&self, interface: Interface) -> Limits {
        let asked = Limits::of(interface).asked(&self.manifest.limits, &self.policy.ceiling);
        let decided = asked.asked(&self.policy.overrides, &Ceiling::NONE);
        Limits { memory: decided.memory.min(self.size.max_memory()), ..decided }
    }

    /// Asks what it makes of settings. Blocks; needs a thread that may be held.
    pub fn check(&self, settings: &str) -> Called<Checked> {
        let mut session = match self.open_criteria() {
            Ok(session) => session,
            Err(error) => return Called::refused(error),
        };
        let answer = self.adapter.check(&mut session.store, settings);
        session.close(Some(answer))
    }

    /// Folds events of one subject. Blocks; needs a thread that may be held.
    pub fn evaluate(&self, settings: &str, state: Option<&[u8]>, events: &[CriteriaEvent]) -> Called<Outcome> {
        let mut session = match self.open_criteria() {
            Ok(session) => session,
            Err(error) => return Called::refused(error),
        };
        let answer = self.adapter.evaluate(&mut session.store, settings, state, events);
        let Called { answer, fuel, memory, log } = session.close(Some(answer));
        Called { answer: answer.and_then(|answer| answer.map_err(CallError::Plugin)), fuel, memory, log }
    }

    /// Hands it a partner's request.
    pub async fn receive(&self, context: &CallContext, request: &HookRequest) -> Called<Result<Reception, Refusal>> {
        let mut session = match self.open_connector(Interface::Hook, context) {
            Ok(session) => session,
            Err(error) => return Called::refused(error),
        };
        within!(self, session, self.adapter.receive(&mut session.store, request))
    }

    /// Has it push something to the other system.
    pub async fn deliver(&self, context: &CallContext, notice: &Notice) -> Called<Result<Receipt, DeliveryError>> {
        let mut session = match self.open_connector(Interface::Delivery, context) {
            Ok(session) => session,
            Err(error) => return Called::refused(error),
        };
        within!(self, session, self.adapter.deliver(&mut session.store, notice))
    }

    /// Has it ask the other system for what is new.
    pub async fn pull(&self, context: &CallContext, cursor: Option<&str>) -> Called<Result<Pull, SyncError>> {
        let mut session = match self.open_connector(Interface::Sync, context) {
            Ok(session) => session,
            Err(error) => return Called::refused(error),
        };
        within!(self, session, self.adapter.pull(&mut session.store, cursor))
    }

    /// Asks whose account it is.
    pub async fn identify(
        &self,
        context: &CallContext,
        account: &Account,
    ) -> Called<Result<Vec<Identifier>, IdentityError>> {
        let mut session = match self.open_connector(Interface::Identity, context) {
            Ok(session) => session,
            Err(error) => return Called::refused(error),
        };
        within!(self, session, self.adapter.identify(&mut session.store, account))
    }

    fn open_criteria(&self) -> Result<Session, CallError> {
        self.offers(Interface::Criteria)?;
        Ok(Session::open(&self.engine, self.limits(Interface::Criteria), Pace::Hold, None))
    }

    fn open_connector(&self, interface: Interface, context: &CallContext) -> Result<Session, CallError> {
        self.offers(interface)?;
        let granted = |import: &Capability| *import == Capability::Log || context.grant.capabilities.contains(import);
        if let Some(denied) = self.surface.capabilities.iter().find(|import| !granted(import)) {
            return Err(CallError::NotGranted(*denied));
        }
        let limits = self.limits(interface);
        let connector = Connector::new(interface, &self.manifest, context, &self.house.services, limits.waiting);
        Ok(Session::open(&self.engine, limits, Pace::Yield, Some(connector)))
    }

    fn offers(&self, interface: Interface) -> Result<(), CallError> {
        if self.surface.interfaces.contains(&interface) { Ok(()) } else { Err(CallError::NoInterface(interface)) }
    }
}
