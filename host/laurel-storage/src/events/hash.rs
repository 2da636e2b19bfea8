//! Short keys for long values: SHA-256 over length-prefixed parts, the first 16 bytes where it is only a key.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use laurel_core::events::NewEvent;
use laurel_core::id::OrganisationId;
use laurel_core::subjects::{Identifier, SubjectReference};

struct Parts(Sha256);

impl Parts {
    fn new() -> Self {
        Self(Sha256::new())
    }

    fn add(mut self, part: &[u8]) -> Self {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    fn key(self) -> Uuid {
        let mut key = [0; 16];
        key.copy_from_slice(&self.digest()[..16]);
        Uuid::from_bytes(key)
    }
}

/// What makes an event happen once.
pub(crate) fn event_key(organisation: OrganisationId, source: &str, id: &str) -> Uuid {
    Parts::new().add(organisation.0.as_bytes()).add(source.as_bytes()).add(id.as_bytes()).key()
}

/// What leads to a subject.
pub(crate) fn identifier_key(organisation: OrganisationId, identifier: &Identifier) -> Uuid {
    let (kind, first, second) = parts(identifier);
    Parts::new().add(organisation.0.as_bytes()).add(kind).add(first.as_bytes()).add(second.as_bytes()).key()
}

/// A credential issued over the VC-API, by the id it has.
pub(crate) fn credential_key(organisation: OrganisationId, id: &str) -> Uuid {
    Parts::new().add(organisation.0.as_bytes()).add(b"credential").add(id.as_bytes()).key()
}

fn parts(identifier: &Identifier) -> (&'static [u8], &str, &str) {
    match identifier {
        Identifier::Email { address } => (b"email", address, ""),
        Identifier::Account { home_page, name } => (b"account", home_page, name),
        Identifier::Did { did } => (b"did", did, ""),
    }
}

/// What an event says: two events with one key and different contents are in conflict.
pub(crate) fn content_digest(event: &NewEvent) -> [u8; 32] {
    let parts = Parts::new().add(event.kind.as_bytes()).add(&event.time.0.to_le_bytes()).add(event.data.as_bytes());
    match &event.subject {
        SubjectReference::Known(subject) => parts.add(b"known").add(subject.0.as_bytes()),
        SubjectReference::Identified { identifiers, .. } => identifiers.iter().fold(parts, |all, identifier| {
            let (kind, first, second) = self::parts(identifier);
            all.add(kind).add(first.as_bytes()).add(second.as_bytes())
        }),
    }
    .digest()
}
