//! From what wasmtime says to what an operator or a plugin's author can act on.

use laurel_core::plugins::CallError;
use wasmtime::Trap;

use super::CallState;
use crate::abi::BadAnswer;
use crate::limits::Limits;

/// wasmtime's own words when an answer is larger than the hostcall fuel; it exports no type for it. `tests/sandbox/hostile.rs` notices should
/// they change.
const TOO_MUCH_DATA: &str = "fuel allocated for hostcalls has been exhausted";

/// Why a call failed.
pub(crate) fn explain(error: &wasmtime::Error, state: &CallState, limits: &Limits) -> CallError {
    if let Some(BadAnswer(why)) = error.downcast_ref() {
        return CallError::Plugin(why.clone());
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => return CallError::Fuel { limit: limits.fuel },
        Some(Trap::Interrupt) => return CallError::Deadline { limit: limits.running },
        Some(Trap::StackOverflow) => return CallError::Stack,
        _ => {}
    }
    if format!("{error:#}").contains(TOO_MUCH_DATA) {
        return CallError::Output { limit: limits.output as u64 };
    }
    // A guest that is refused memory traps as it pleases.
    if state.meter.refused() {
        return CallError::Memory { limit: limits.memory as u64 };
    }
    CallError::Trap(reason(error, state))
}

/// The panic's message, which the SDK logs as an error before the trap; otherwise the trap.
fn reason(error: &wasmtime::Error, state: &CallState) -> String {
    let trap = error.downcast_ref::<Trap>().map_or_else(|| format!("{error:#}"), ToString::to_string);
    match state.log.last_error() {
        Some(message) => format!("{message} ({trap})"),
        None => trap,
    }
}
