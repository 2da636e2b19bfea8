//! What lives as long as one call.

use std::sync::Arc;
use std::time::{Duration, Instant};

use laurel_core::plugins::{CallContext, Interface, Manifest, Outbound};
use wasmtime::{Engine, Store, StoreContextMut, Trap, UpdateDeadline};

use super::meter::Meter;
use crate::capability::keys::KeySets;
use crate::capability::log::LogBook;
use crate::engine::TICK;
use crate::limits::{Limits, MAX_REQUESTS, MAX_RESOURCES};

/// Data of a call's store.
#[derive(Debug)]
pub(crate) struct CallState {
    pub(crate) meter: Meter,
    pub(crate) log: LogBook,
    /// None for criteria, which get nothing from outside.
    pub(crate) connector: Option<Connector>,
    ticks_left: u32,
}

/// What a connector's call may use, for capabilities.
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    pub(crate) interface: Interface,
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) context: Arc<CallContext>,
    pub(crate) services: Arc<Services>,
    pub(crate) until: Instant,
    requests_left: u32,
}

/// What all calls share.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) outbound: Arc<dyn Outbound>,
    pub(crate) key_sets: KeySets,
}

impl Connector {
    pub(crate) fn new(
        interface: Interface,
        manifest: &Arc<Manifest>,
        context: &CallContext,
        services: &Arc<Services>,
        waiting: Duration,
    ) -> Self {
        Self {
            interface,
            manifest: Arc::clone(manifest),
            context: Arc::new(context.clone()),
            services: Arc::clone(services),
            until: Instant::now() + waiting,
            requests_left: MAX_REQUESTS,
        }
    }

    /// Counts one request; false when there were too many.
    pub(crate) fn take_request(&mut self) -> bool {
        let left = self.requests_left.checked_sub(1);
        self.requests_left = left.unwrap_or(0);
        left.is_some()
    }
}

/// What a call does at each tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Holds its thread: calls on worker threads.
    Hold,
    /// Lets others have the thread: calls on the asynchronous runtime.
    Yield,
}

/// A fresh store under these limits.
pub(super) fn store(engine: &Engine, limits: &Limits, pace: Pace, connector: Option<Connector>) -> Store<CallState> {
    let ticks_left = u32::try_from(limits.running.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u32::MAX);
    let state = CallState { meter: Meter::new(limits), log: LogBook::new(limits), connector, ticks_left };
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.meter);
    store.set_fuel(limits.fuel).expect("the engine counts fuel");
    store.set_hostcall_fuel(limits.output);
    store.set_max_component_handles(MAX_RESOURCES);
    store.set_epoch_deadline(1);
    // Two closures, because one that captured the pace would have to be allocated at every call.
    match pace {
        Pace::Hold => store.epoch_deadline_callback(|call| tick(call, UpdateDeadline::Continue(1))),
        Pace::Yield => store.epoch_deadline_callback(|call| tick(call, UpdateDeadline::Yield(1))),
    }
    store
}

/// Counts the ticks in which the guest was seen running, instead of setting one deadline: a call that waits for the host, or whose
/// thread the machine left standing for a second, loses one tick by it and not its life.
fn tick(mut call: StoreContextMut<'_, CallState>, go_on: UpdateDeadline) -> wasmtime::Result<UpdateDeadline> {
    let state = call.data_mut();
    match state.ticks_left.checked_sub(1) {
        Some(left) => {
            state.ticks_left = left;
            Ok(go_on)
        }
        None => Err(Trap::Interrupt.into()),
    }
}
