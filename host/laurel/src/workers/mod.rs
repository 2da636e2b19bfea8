//! What goes on in the background while the host serves.
//!
//! | file | what it does |
//! |---|---|
//! | `leases.rs` | holds this host's share of the log's partitions |
//! | `pipeline.rs` | folds events: threads, because criteria plugins compute |
//! | `signing.rs` | signs awards as soon as they are committed |
//! | `relay.rs` | lets awards re-enter the log as events |
//! | `statuses.rs` | publishes status lists |
//! | `resuming.rs` | lets rules that work again fold what they missed |
//!
//! Every worker is woken by the bell and looks by itself after a while; each can die at any moment and be started again, on this host
//! or on another one, because what it does happens once however often it is tried.

mod leases;
mod patience;
mod pipeline;
mod relay;
mod resuming;
mod signing;
mod statuses;

use std::sync::Arc;
use std::thread::JoinHandle as ThreadHandle;

use laurel_core::House;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::adapters::Bells;
use crate::config::Config;

use leases::Held;
pub(crate) use leases::Identity;

/// What all workers share.
#[derive(Clone, Debug)]
struct Context {
    house: House,
    bells: Arc<Bells>,
    config: Arc<Config>,
    /// This host's share of the log.
    held: watch::Receiver<Held>,
    stop: watch::Receiver<bool>,
}

/// The workers of a running host.
#[derive(Debug)]
pub(crate) struct Workers {
    tasks: JoinSet<()>,
    threads: Vec<ThreadHandle<()>>,
    stop: watch::Sender<bool>,
    context: Context,
    identity: Identity,
}

impl Workers {
    /// Starts them all.
    pub(crate) fn start(
        house: House,
        bells: Arc<Bells>,
        config: Arc<Config>,
        identity: Identity,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let (holding, held) = watch::channel(Held::default());
        let context = Context { house, bells, config, held, stop: stopped };
        let mut tasks = JoinSet::new();
        tasks.spawn(leases::hold(context.clone(), identity.clone(), holding));
        let threads = pipeline::start(&context, &Handle::current())?;
        signing::start(&context, &mut tasks);
        tasks.spawn(relay::run(context.clone()));
        tasks.spawn(statuses::run(context.clone()));
        tasks.spawn(resuming::run(context.clone()));
        Ok(Self { tasks, threads, stop, context, identity })
    }

    /// Lets every worker finish the step it is at, and gives the leases back, so that other hosts need not wait for them to expire.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        let threads = std::mem::take(&mut self.threads);
        let joined =
            tokio::task::spawn_blocking(move || threads.into_iter().map(ThreadHandle::join).all(|ended| ended.is_ok()));
        if !joined.await.unwrap_or(false) {
            tracing::error!("a worker of the pipeline had panicked");
        }
        leases::release(&self.context, &self.identity).await;
    }
}

impl Context {
    fn stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Returns when the host is to stop.
    async fn stopped(&self) {
        // An error means that nobody is left to say it: the host is ending.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }

    /// How long an idle worker sleeps.
    fn poll(&self) -> std::time::Duration {
        self.config.workers.poll(self.held.borrow().is_all())
    }
}
