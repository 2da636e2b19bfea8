//! The event log: append, leases, reading, and the commit of effects.

mod append;
pub(crate) mod appender;
mod commit;
pub(crate) mod hash;
mod heads;
mod history;
mod keys;
mod lease;
mod port;
mod propose;
mod read;
mod resolve;
mod timers;
mod write;

pub(crate) use append::{LockOrder, append};
pub(crate) use commit::{change_standings, write_award, write_engagement};
pub(crate) use hash::{content_digest, event_key, identifier_key};
pub(crate) use heads::{bump_generations, lock_all, lock_heads};
pub(crate) use keys::{GENERATION, Keys};
pub(crate) use laurel_core::events::Appended;
pub(crate) use write::{NewRow, Places, advance_heads, insert_events};

use std::fmt;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use uuid::Uuid;

use laurel_core::events::NewEvent;
use laurel_core::store::StoreError;
use laurel_core::subjects::SubjectReference;

use crate::engine::Fault;

/// An event with its keys, computed in the caller's task so that the writer need not.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) event: NewEvent,
    pub(crate) key: Uuid,
    pub(crate) digest: [u8; 32],
    /// Keys of its identifiers, in their order.
    pub(crate) identifiers: Vec<Uuid>,
}

impl Incoming {
    pub(crate) fn new(event: NewEvent) -> Self {
        let identifiers = match &event.subject {
            SubjectReference::Known(_) => Vec::new(),
            SubjectReference::Identified { identifiers, .. } => {
                identifiers.iter().map(|identifier| identifier_key(event.organisation, identifier)).collect()
            }
        };
        let key = event_key(event.organisation, &event.source, &event.id);
        Self { key, digest: content_digest(&event), identifiers, event }
    }
}

/// One caller's events, durable together or not at all.
pub(crate) struct Call {
    pub(crate) events: Vec<Incoming>,
    reply: oneshot::Sender<Result<Vec<Appended>, StoreError>>,
    /// Its place in the queue, given back when it is answered.
    _place: OwnedSemaphorePermit,
}

impl Call {
    pub(crate) fn new(
        events: Vec<Incoming>,
        reply: oneshot::Sender<Result<Vec<Appended>, StoreError>>,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self { events, reply, _place: place }
    }

    /// Tells the caller. One that has gone away needs no answer.
    pub(crate) fn answer(self, answer: Result<Vec<Appended>, Fault>) {
        let _ = self.reply.send(answer.map_err(StoreError::from));
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call of {} events", self.events.len())
    }
}
