//! What lives as long as one call.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
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
    running: Running,
}

/// How long the guest has been running, looked at once a tick.
#[derive(Debug)]
enum Running {
    /// By the processor time of the thread that the call holds, from the first tick on. A machine that is busy with something else
    /// costs a criteria plugin nothing: it ends by its fuel, which is the same everywhere.
    OnThread { since: Option<Duration>, limit: Duration },
    /// By the ticks in which it was seen, because a call that yields changes threads. Waiting for the host costs one tick at most.
    InTicks { left: u32 },
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
    let running = match pace {
        Pace::Hold => Running::OnThread { since: None, limit: limits.running },
        Pace::Yield => {
            let ticks = limits.running.as_nanos().div_ceil(TICK.as_nanos());
            Running::InTicks { left: u32::try_from(ticks).unwrap_or(u32::MAX) }
        }
    };
    let state = CallState { meter: Meter::new(limits), log: LogBook::new(limits), connector, running };
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.meter);
    store.set_fuel(limits.fuel).expect("the engine counts fuel");
    store.set_hostcall_fuel(limits.output);
    store.set_max_component_handles(MAX_RESOURCES);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut call: StoreContextMut<'_, CallState>| call.data_mut().running.tick());
    store
}

impl Running {
    fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        let (go_on, next) = match self {
            Self::OnThread { since, limit } => {
                let now = ThreadTime::try_now()?.as_duration();
                let spent = now.saturating_sub(*since.get_or_insert(now));
                (spent < *limit, UpdateDeadline::Continue(1))
            }
            Self::InTicks { left } => {
                let go_on = *left > 0;
                *left = left.saturating_sub(1);
                (go_on, UpdateDeadline::Yield(1))
            }
        };
        if go_on { Ok(next) } else { Err(Trap::Interrupt.into()) }
    }
}
