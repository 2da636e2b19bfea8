//! Core types into the WIT's and back.

use laurel_core::Problem;
use laurel_core::plugins::{
    Award, Change, CriteriaEvent, Decision, Header, HookRequest, HookResponse, IncomingEvent, Outcome, Points,
    Progress, Reception, Refusal, Requirement,
};
use laurel_core::subjects::{Identifier, SubjectKind};
use laurel_core::time::Timestamp;

use super::bindings::exports::laurel::plugin::{criteria, delivery, hook, identity, sync};
use super::bindings::laurel::plugin::types;
use crate::abi::BadAnswer;
use crate::connector::{DeliveryError, IdentityError, Notice, Pull, Receipt, SyncError};

pub(super) fn event(event: &CriteriaEvent) -> types::Event<'_> {
    types::Event {
        id: &event.id,
        source: &event.source,
        kind: &event.kind,
        time: event.time.0,
        received: event.received.0,
        // Sequences begin at one.
        seq: event.seq.unsigned_abs(),
        data: &event.data,
    }
}

pub(super) fn requirement(requirement: criteria::Requirement) -> Requirement {
    Requirement { id: requirement.id, text: requirement.text }
}

pub(super) fn problem(problem: criteria::Problem) -> Problem {
    Problem { pointer: problem.pointer, message: problem.message }
}

/// `given` is how many events the plugin was given: it must have folded at least one, if there was one, and not more.
pub(super) fn outcome(outcome: criteria::Outcome, given: usize) -> Result<Outcome, BadAnswer> {
    let consumed = usize::try_from(outcome.consumed).unwrap_or(usize::MAX);
    if consumed > given || (consumed == 0 && given > 0) {
        return Err(BadAnswer(format!("it says that it consumed {consumed} of {given} events")));
    }
    Ok(Outcome {
        state: outcome.state,
        consumed,
        decisions: outcome.decisions.into_iter().map(decision).collect(),
        progress: outcome.progress.into_iter().map(progress).collect(),
        wake: outcome.wake.map(Timestamp),
    })
}

fn progress(progress: criteria::Progress) -> Progress {
    Progress { requirement: progress.requirement, current: progress.current, target: progress.target }
}

fn decision(decision: criteria::Decision) -> Decision {
    match decision {
        criteria::Decision::Award(criteria::Award { key, valid_until, details }) => {
            Decision::Award(Award { key, valid_until: valid_until.map(Timestamp), details })
        }
        criteria::Decision::Revoke(to) => Decision::Revoke(change(to)),
        criteria::Decision::Suspend(to) => Decision::Suspend(change(to)),
        criteria::Decision::Reinstate(to) => Decision::Reinstate(change(to)),
        criteria::Decision::Points(criteria::Points { key, amount, reason }) => {
            Decision::Points(Points { key, amount, reason })
        }
    }
}

fn change(change: criteria::Change) -> Change {
    Change { key: change.key, reason: change.reason }
}

pub(super) fn headers(headers: &[Header]) -> Vec<types::HeaderParam<'_>> {
    headers.iter().map(|header| types::HeaderParam { name: &header.name, value: &header.value }).collect()
}

pub(super) fn request<'a>(request: &'a HookRequest, headers: &'a [types::HeaderParam<'a>]) -> hook::Request<'a> {
    hook::Request {
        method: &request.method,
        url: &request.url,
        path: &request.path,
        headers,
        body: &request.body,
        received: request.received.0,
    }
}

pub(super) fn reception(reception: hook::Reception) -> Result<Reception, BadAnswer> {
    let hook::Response { status, headers, body } = reception.response;
    if !(200..600).contains(&status) {
        return Err(BadAnswer(format!("it wants to answer with status {status}")));
    }
    let headers = headers.into_iter().map(|header| Header { name: header.name, value: header.value }).collect();
    Ok(Reception { response: HookResponse { status, headers, body }, events: incoming(reception.events)? })
}

pub(super) fn refusal(refusal: hook::Refusal) -> Refusal {
    Refusal { reason: refusal.reason, detail: refusal.detail }
}

fn incoming(events: Vec<types::IncomingEvent>) -> Result<Vec<IncomingEvent>, BadAnswer> {
    events
        .into_iter()
        .map(|event| {
            Ok(IncomingEvent {
                subject_kind: subject_kind(&event.subject.kind)?,
                identifiers: event.subject.identifiers.into_iter().map(identifier).collect(),
                id: event.id,
                kind: event.kind,
                time: Timestamp(event.time),
                data: event.data,
            })
        })
        .collect()
}

fn subject_kind(kind: &str) -> Result<SubjectKind, BadAnswer> {
    match kind {
        "person" => Ok(SubjectKind::Person),
        "organization" => Ok(SubjectKind::Organization),
        other => Err(BadAnswer(format!("a subject is a person or an organization, not {other:?}"))),
    }
}

pub(super) fn identifier(identifier: types::IdentifierResult) -> Identifier {
    match identifier {
        types::IdentifierResult::Email(address) => Identifier::Email { address },
        types::IdentifierResult::Account(account) => {
            Identifier::Account { home_page: account.home_page, name: account.name }
        }
        types::IdentifierResult::Did(did) => Identifier::Did { did },
    }
}

pub(super) fn identifiers(identifiers: &[Identifier]) -> Vec<types::IdentifierParam<'_>> {
    identifiers.iter().map(identifier_param).collect()
}

fn identifier_param(identifier: &Identifier) -> types::IdentifierParam<'_> {
    match identifier {
        Identifier::Email { address } => types::IdentifierParam::Email(address),
        Identifier::Account { home_page, name } => {
            types::IdentifierParam::Account(types::AccountParam { home_page, name })
        }
        Identifier::Did { did } => types::IdentifierParam::Did(did),
    }
}

pub(super) fn notice<'a>(notice: &'a Notice, identifiers: &'a [types::IdentifierParam<'a>]) -> delivery::Notice<'a> {
    let kind = match notice.subject_kind {
        SubjectKind::Person => "person",
        SubjectKind::Organization => "organization",
    };
    delivery::Notice {
        id: &notice.id,
        kind: &notice.kind,
        time: notice.time.0,
        subject: types::SubjectParam { kind, identifiers },
        data: &notice.data,
    }
}

pub(super) fn receipt(receipt: delivery::Receipt) -> Receipt {
    Receipt { reference: receipt.reference }
}

pub(super) fn delivery_error(error: delivery::DeliveryError) -> DeliveryError {
    match error {
        delivery::DeliveryError::Retryable(retry) => {
            DeliveryError::Retryable { after: retry.after, message: retry.message }
        }
        delivery::DeliveryError::Permanent(why) => DeliveryError::Permanent(why),
    }
}

pub(super) fn pull(page: sync::Page) -> Result<Pull, BadAnswer> {
    Ok(Pull { events: incoming(page.events)?, cursor: page.cursor, more: page.more })
}

pub(super) fn sync_error(error: sync::SyncError) -> SyncError {
    match error {
        sync::SyncError::Later(seconds) => SyncError::Later(seconds),
        sync::SyncError::Broken(why) => SyncError::Broken(why),
    }
}

pub(super) fn identity_error(error: identity::IdentityError) -> IdentityError {
    match error {
        identity::IdentityError::Later(seconds) => IdentityError::Later(seconds),
        identity::IdentityError::UnknownAccount => IdentityError::UnknownAccount,
        identity::IdentityError::Broken(why) => IdentityError::Broken(why),
    }
}
