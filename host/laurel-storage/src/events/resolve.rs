//! From references to subjects, as [`SubjectReference`] says. Events of a batch are resolved in their order, so that a batch gives what
//! its events one by one would give.

use std::collections::HashMap;
use uuid::Uuid;

use laurel_core::id::{OrganisationId, PublicId, SubjectId};
use laurel_core::store::StoreError;
use laurel_core::subjects::{Identifier, SubjectKind, SubjectReference};
use laurel_core::time::Timestamp;

use super::Incoming;
use super::propose::Proposed;
use crate::engine::{Conn, Fault, Ports, Rows};
use crate::stored::{json, word};

/// An event, and which caller brought it.
pub(crate) type Brought<'a> = (usize, &'a Incoming);

/// Whom each event is attributed to, and what it proposes beyond; writes the subjects and identifiers that nobody knew.
pub(crate) async fn resolve<'a>(
    conn: &mut Conn<'_>,
    ports: &Ports,
    events: &[Brought<'a>],
) -> Result<(Vec<SubjectId>, Vec<Proposed<'a>>), Fault> {
    let mut resolution = Resolution {
        known: identified(conn, events).await?,
        named: named(conn, events).await?,
        subjects: Vec::new(),
        identifiers: Vec::new(),
        proposed: Vec::new(),
    };
    let now = ports.clock.now();
    let attributed = events
        .iter()
        .map(|(caller, event)| resolution.attribute(*caller, event, now, ports))
        .collect::<Result<Vec<_>, Fault>>()?;
    let proposed = std::mem::take(&mut resolution.proposed);
    resolution.write(conn, now).await?;
    Ok((attributed, proposed))
}

#[derive(sqlx::FromRow)]
struct Led {
    key: Uuid,
    subject: Uuid,
}

async fn identified(conn: &mut Conn<'_>, events: &[Brought<'_>]) -> Result<HashMap<Uuid, SubjectId>, Fault> {
    let mut keys: Vec<Uuid> = events.iter().flat_map(|(_, event)| event.identifiers.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    let sql = "SELECT key, subject FROM identifier WHERE key IN ({rows})";
    let found: Vec<Led> = Rows::of(&keys).uuid(|key| *key).all(conn, sql).await?;
    Ok(found.into_iter().map(|led| (led.key, SubjectId(led.subject))).collect())
}

#[derive(sqlx::FromRow)]
struct Standing {
    id: Uuid,
    organisation: Uuid,
    merged_into: Option<Uuid>,
}

/// Subjects by id, with those they were merged into.
async fn named(conn: &mut Conn<'_>, events: &[Brought<'_>]) -> Result<HashMap<Uuid, Standing>, Fault> {
    let mut wanted: Vec<Uuid> = events
        .iter()
        .filter_map(|(_, event)| match event.event.subject {
            SubjectReference::Known(subject) => Some(subject.0),
            SubjectReference::Identified { .. } => None,
        })
        .collect();
    let mut found = HashMap::new();
    while !wanted.is_empty() {
        wanted.sort_unstable();
        wanted.dedup();
        let sql = "SELECT id, organisation, merged_into FROM subject WHERE id IN ({rows})";
        let rows: Vec<Standing> = Rows::of(&wanted).uuid(|id| *id).all(conn, sql).await?;
        wanted = rows.iter().filter_map(|row| row.merged_into).collect();
        found.extend(rows.into_iter().map(|row| (row.id, row)));
        wanted.retain(|id| !found.contains_key(id));
    }
    Ok(found)
}

struct NewSubject {
    id: SubjectId,
    public_id: PublicId,
    organisation: OrganisationId,
    kind: SubjectKind,
}

struct NewIdentifier {
    key: Uuid,
    subject: SubjectId,
    identifier: String,
}

struct Resolution<'a> {
    known: HashMap<Uuid, SubjectId>,
    named: HashMap<Uuid, Standing>,
    subjects: Vec<NewSubject>,
    identifiers: Vec<NewIdentifier>,
    proposed: Vec<Proposed<'a>>,
}

impl<'a> Resolution<'a> {
    fn attribute(
        &mut self,
        caller: usize,
        event: &'a Incoming,
        now: Timestamp,
        ports: &Ports,
    ) -> Result<SubjectId, Fault> {
        let organisation = event.event.organisation;
        match &event.event.subject {
            SubjectReference::Known(subject) => {
                self.by_id(organisation, *subject).ok_or(Fault::Caller(caller, StoreError::Missing("subject")))
            }
            SubjectReference::Identified { kind, identifiers } => {
                if identifiers.is_empty() {
                    return Err(Fault::Caller(caller, StoreError::Missing("identifier")));
                }
                match event.identifiers.iter().find_map(|key| self.known.get(key)).copied() {
                    Some(found) => self.claim(event, identifiers, found),
                    None => self.provide(organisation, *kind, &event.identifiers, identifiers, now, ports),
                }
            }
        }
    }

    fn by_id(&self, organisation: OrganisationId, subject: SubjectId) -> Option<SubjectId> {
        let mut standing = self.named.get(&subject.0)?;
        while let Some(into) = standing.merged_into {
            standing = self.named.get(&into)?;
        }
        (standing.organisation == organisation.0).then_some(SubjectId(standing.id))
    }

    /// Adds the identifiers that nobody knew as claims. An e-mail address or a DID beside a known account is only proposed: a partner
    /// cannot attach an address to an account that somebody uses. So is what leads to another subject: no event merges two.
    fn claim(
        &mut self,
        event: &'a Incoming,
        identifiers: &'a [Identifier],
        found: SubjectId,
    ) -> Result<SubjectId, Fault> {
        let is_account = |identifier: &Identifier| matches!(identifier, Identifier::Account { .. });
        let named = || event.identifiers.iter().copied().zip(identifiers);
        let account_known = named().any(|(key, identifier)| is_account(identifier) && self.known.contains_key(&key));
        for (key, identifier) in named() {
            match self.known.get(&key) {
                Some(known) if *known == found => {}
                None if is_account(identifier) || !account_known => self.lead(key, identifier, found)?,
                _ => self.proposed.push(Proposed { subject: found, key, identifier, event: &event.event }),
            }
        }
        Ok(found)
    }

    fn provide(
        &mut self,
        organisation: OrganisationId,
        kind: SubjectKind,
        keys: &[Uuid],
        identifiers: &[Identifier],
        now: Timestamp,
        ports: &Ports,
    ) -> Result<SubjectId, Fault> {
        let id = SubjectId::new(now, &*ports.random);
        let public_id = PublicId::new(&*ports.random);
        self.subjects.push(NewSubject { id, public_id, organisation, kind });
        for (key, identifier) in keys.iter().zip(identifiers) {
            if !self.known.contains_key(key) {
                self.lead(*key, identifier, id)?;
            }
        }
        Ok(id)
    }

    fn lead(&mut self, key: Uuid, identifier: &Identifier, to: SubjectId) -> Result<(), Fault> {
        self.identifiers.push(NewIdentifier { key, subject: to, identifier: json(identifier)? });
        self.known.insert(key, to);
        Ok(())
    }

    async fn write(mut self, conn: &mut Conn<'_>, now: Timestamp) -> Result<(), Fault> {
        let kinds: Vec<String> = self.subjects.iter().map(|subject| word(&subject.kind)).collect();
        let subjects: Vec<_> = self.subjects.iter().zip(&kinds).collect();
        let sql = "WITH v (id, public_id, organisation, kind, created) AS ({rows})
            INSERT INTO subject (id, public_id, organisation, kind, provisional, created)
            SELECT id, public_id, organisation, kind, TRUE, created FROM v
            WHERE EXISTS (SELECT 1 FROM organisation o WHERE o.id = v.organisation)";
        let written = Rows::of(&subjects)
            .uuid(|(subject, _)| subject.id.0)
            .uuid(|(subject, _)| subject.public_id.0)
            .uuid(|(subject, _)| subject.organisation.0)
            .text(|(_, kind)| kind.as_str())
            .big(|_| now.0)
            .run(conn, sql)
            .await?;
        if written != subjects.len() as u64 {
            return Err(Fault::Store(StoreError::Missing("organisation")));
        }
        // In the order of their keys: two transactions with the same new identifiers cannot wait for each other.
        self.identifiers.sort_unstable_by_key(|identifier| identifier.key);
        let sql = "WITH v (key, subject, identifier, since) AS ({rows})
            INSERT INTO identifier (key, subject, identifier, verified, since)
            SELECT key, subject, identifier, FALSE, since FROM v";
        Rows::of(&self.identifiers)
            .uuid(|identifier| identifier.key)
            .uuid(|identifier| identifier.subject.0)
            .text(|identifier| identifier.identifier.as_str())
            .big(|_| now.0)
            .run(conn, sql)
            .await?;
        Ok(())
    }
}
