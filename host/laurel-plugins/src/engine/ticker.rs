//! The clock of the epochs: a plain thread, because an asynchronous timer under load fires late and then makes up for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// One epoch. A tick that came late is not made up for: nobody loses time because the machine was busy.
pub(crate) const TICK: Duration = Duration::from_millis(8);

/// Raises the epoch of some engines until dropped.
#[derive(Debug)]
pub(crate) struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engines: Vec<Engine>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::Builder::new().name("plugin-epochs".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                thread::park_timeout(TICK);
                engines.iter().for_each(Engine::increment_epoch);
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // The thread cannot panic; if it did, there is nothing left to stop.
            let _ = thread.join();
        }
    }
}
