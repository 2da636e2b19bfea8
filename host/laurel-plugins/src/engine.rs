//! The two engines, each with its pool, and the ticker that drives their epochs.
//!
//! A pool belongs to an engine, so small guests (Rust, C) and large ones (script interpreters) have an engine each, and objects
//! of one never meet objects of the other. Every setting is spelled out, also those that are wasmtime's defaults today: an
//! upgrade of wasmtime switches new proposals on, and `tests/sandbox/features.rs` says which set is meant.

mod ticker;

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy, WasmFeatures,
};

pub(crate) use ticker::{TICK, Ticker};

/// Deepest native stack a guest may use, in bytes. The stack of an asynchronous call lies above it.
const WASM_STACK: usize = 512 * 1024;
const ASYNC_STACK: usize = 1024 * 1024;

/// Which pool a plugin lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// Guests compiled from Rust or C: at most 2 memories of 64 MiB together, 16 core instances.
    Small,
    /// Guests that carry an interpreter: at most 4 memories of 256 MiB together, 60 core instances.
    Large,
}

impl Size {
    /// The word used on a command line and in file names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }

    /// The size with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Small, Self::Large].into_iter().find(|size| size.as_str() == name)
    }

    fn pool(self) -> Pool {
        match self {
            Self::Small => Pool { calls: 256, memories: 2, instances: 16, memory: 64 << 20, keep_resident: 256 << 10 },
            Self::Large => Pool { calls: 32, memories: 4, instances: 60, memory: 256 << 20, keep_resident: 16 << 20 },
        }
    }

    /// Connectors' calls at the same time, which wait for each other. The rest of the pool is for criteria, which do not.
    pub(crate) fn connectors(self) -> usize {
        self.pool().calls as usize / 2
    }

    /// The most memory one call can be granted, in bytes.
    pub fn max_memory(self) -> usize {
        self.pool().memory
    }
}

/// What a pool holds. Address space is reserved for all of it, memory is not.
struct Pool {
    /// Calls at the same time; one more is refused as busy.
    calls: u32,
    memories: u32,
    instances: u32,
    memory: usize,
    /// Bytes of a memory that stay mapped between two calls, so that a fresh instance costs no page fault.
    keep_resident: usize,
}

/// Elements of one table. The sum over all tables is limited per call.
pub(crate) const TABLE_ELEMENTS: usize = 10_000;

/// The proposals a guest may use: everything finished that is deterministic and cheap, nothing else.
pub fn features(size: Size) -> WasmFeatures {
    let common = WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::CALL_INDIRECT_OVERLONG
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::BULK_MEMORY_OPT
        | WasmFeatures::SIMD
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::FLOATS
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::COMPONENT_MODEL;
    match size {
        Size::Small => common,
        Size::Large => common | WasmFeatures::MULTI_MEMORY,
    }
}

/// An engine that runs guests out of a pool.
pub(crate) fn running(size: Size) -> wasmtime::Result<Engine> {
    let pool = size.pool();
    let mut pooling = PoolingAllocationConfig::new();
    pooling
        .total_component_instances(pool.calls)
        .total_core_instances(pool.calls * pool.instances)
        .total_memories(pool.calls * pool.memories)
        .total_tables(pool.calls * pool.instances)
        .total_stacks(pool.calls)
        .max_core_instances_per_component(pool.instances)
        .max_memories_per_component(pool.memories)
        .max_tables_per_component(pool.instances)
        .max_memory_size(pool.memory)
        .table_elements(TABLE_ELEMENTS)
        .linear_memory_keep_resident(pool.keep_resident)
        .table_keep_resident(16 * 1024)
        .pagemap_scan(Enabled::Auto);
    let mut config = config(size);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling));
    Engine::new(&config)
}

/// An engine that only compiles. It reserves no address space, so it lives under a tight limit; what it compiles is what
/// [`running`] loads, because the pool is no part of the code.
pub(crate) fn compiling(size: Size) -> wasmtime::Result<Engine> {
    let mut config = config(size);
    config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    Engine::new(&config)
}

fn config(size: Size) -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .wasm_features(WasmFeatures::all(), false)
        .wasm_features(features(size), true)
        // Time: both count in every call. Fuel is deterministic, the epoch also stops what costs no fuel.
        .consume_fuel(true)
        .epoch_interruption(true)
        // The same inputs give the same bits, on every machine.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .concurrency_support(false)
        .max_wasm_stack(WASM_STACK)
        .async_stack_size(ASYNC_STACK)
        .memory_init_cow(true)
        // The 4 GiB reservation stays: a smaller one brings the bounds checks back (20–40 %).
        .memory_reservation(4 << 30)
        .signals_based_traps(true);
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tests/sandbox/features.rs` says which set `features` is; here, that the engine adds nothing to it.
    #[test]
    fn an_engine_has_these_features_and_no_others() {
        for size in [Size::Small, Size::Large] {
            let engine = compiling(size).unwrap();
            assert_eq!(engine.get_wasm_features(), features(size), "{size:?}");
            assert!(engine.get_epoch_interruption() && engine.get_consume_fuel());
            assert!(!engine.get_shared_memory() && !engine.get_concurrency_support());
        }
    }
}
