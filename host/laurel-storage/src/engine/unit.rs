//! A unit of work: plain data and the function that writes it, in one transaction, possibly run more than once.

use std::future::Future;
use std::pin::Pin;
use tokio::sync::oneshot;

use super::{Conn, Fault};

/// A boxed future, as a function pointer over borrowed arguments needs it.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What the writer runs: a unit whose type it need not know.
pub(crate) trait Job: Send {
    /// Does the work and keeps its outcome. False when it failed: what it wrote has to be rolled back.
    fn attempt<'a>(&'a mut self, conn: &'a mut Conn<'_>) -> Boxed<'a, bool>;
    /// Tells the caller: its outcome if the transaction was committed, or why it was not.
    fn settle(self: Box<Self>, committed: Result<(), &Fault>);
}

/// Data, function, and who waits for the outcome.
pub(crate) struct Unit<D, F, T> {
    data: D,
    work: F,
    outcome: Option<Result<T, Fault>>,
    reply: oneshot::Sender<Result<T, Fault>>,
}

impl<D, F, T> Unit<D, F, T> {
    pub(crate) fn new(data: D, work: F) -> (Self, oneshot::Receiver<Result<T, Fault>>) {
        let (reply, outcome) = oneshot::channel();
        (Self { data, work, outcome: None, reply }, outcome)
    }
}

impl<D, F, T> Job for Unit<D, F, T>
where
    D: Send + Sync,
    T: Send,
    F: for<'a, 'c> Fn(&'a D, &'a mut Conn<'c>) -> Boxed<'a, Result<T, Fault>> + Send + Sync,
{
    fn attempt<'a>(&'a mut self, conn: &'a mut Conn<'_>) -> Boxed<'a, bool> {
        Box::pin(async move {
            let outcome = (self.work)(&self.data, conn).await;
            let succeeded = outcome.is_ok();
            self.outcome = Some(outcome);
            succeeded
        })
    }

    fn settle(self: Box<Self>, committed: Result<(), &Fault>) {
        let told = match (self.outcome, committed) {
            (Some(Err(fault)), _) => Err(fault),
            (_, Err(fault)) => Err(fault.repeat()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(Fault::Store(laurel_core::store::StoreError::Database("never attempted".into()))),
        };
        // A caller that has gone away needs no answer.
        let _ = self.reply.send(told);
    }
}
