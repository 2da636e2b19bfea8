//! From opening a store to taking stock of it.

use laurel_core::plugins::CallError;
use wasmtime::{Engine, Store};

use super::failure::explain;
use super::state::{CallState, Connector, Pace, store};
use crate::capability::log::Log;
use crate::limits::Limits;

/// What came of one call, and what it cost.
#[derive(Debug)]
pub struct Called<T> {
    /// The answer, or why there is none.
    pub answer: Result<T, CallError>,
    /// Fuel burnt: the same for the same input on every machine.
    pub fuel: u64,
    /// Bytes of memory at the end, all memories together.
    pub memory: usize,
    /// What the plugin wrote.
    pub log: Log,
}

impl<T> Called<T> {
    /// Of a call that did not begin.
    pub(crate) fn refused(error: CallError) -> Self {
        Self { answer: Err(error), fuel: 0, memory: 0, log: Log::default() }
    }
}

/// A call that is under way.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) store: Store<CallState>,
    pub(crate) limits: Limits,
}

impl Session {
    pub(crate) fn open(engine: &Engine, limits: Limits, pace: Pace, connector: Option<Connector>) -> Self {
        Self { store: store(engine, &limits, pace, connector), limits }
    }

    /// Takes stock. `None` is a call that was given up because it waited too long.
    pub(crate) fn close<T>(self, answer: Option<wasmtime::Result<T>>) -> Called<T> {
        let fuel = self.limits.fuel - self.store.get_fuel().unwrap_or(0);
        let state = self.store.data();
        let answer = match answer {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) => Err(explain(&error, state, &self.limits)),
            None => Err(CallError::Deadline { limit: self.limits.waiting }),
        };
        let memory = state.meter.memory();
        Called { answer, fuel, memory, log: self.store.into_data().log.into_log() }
    }
}
