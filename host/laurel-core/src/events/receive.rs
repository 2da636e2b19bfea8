//! A partner's own request: a connector verifies and translates it, the host makes the events durable, then the partner hears.

use super::admit::admit;
use super::{Appended, NewEvent, take};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::InstallationId;
use crate::plugins::{HookRequest, HookResponse, IncomingEvent, Installation, Refusal, call_context};
use crate::rules::kind_matches;
use crate::subjects::Identifier;
use crate::tokens::Assertions;

/// What came of a delivery.
#[derive(Clone, Debug)]
pub struct Received {
    /// What the connector wants to answer.
    pub response: HookResponse,
    /// What came of each event, in order.
    pub events: Vec<Appended>,
}

/// Receives a request for an installation.
///
/// # Errors
/// [`Error::NotFound`] unless the installation exists and is enabled, [`Error::Refused`] with the connector's reason, or when an event
/// claims what was not granted; [`Error::Plugin`] when the connector fails. Nothing was taken then.
pub async fn receive(house: &House, installation: InstallationId, request: &HookRequest) -> Result<Received, Error> {
    let found = house.store.installation(installation).await?.filter(|installation| installation.enabled);
    let installation = found.ok_or(Error::NotFound("installation"))?;
    let context = call_context(house, &installation).await?;
    let answer = house.sandbox.receive(installation.plugin, &context, request).await;
    let reception = answer.map_err(|error| Error::Plugin(error.to_string()))?.map_err(refused)?;
    let events = admit_all(&installation, reception.events, request)?;
    if events.is_empty() {
        return Ok(Received { response: reception.response, events: Vec::new() });
    }
    let appended = take(house, events).await?;
    let conflicts = appended.iter().filter(|each| matches!(each, Appended::Conflict(_))).count();
    if conflicts > 0 {
        // The sender can do nothing about it: the first delivery under this id stands.
        tracing::warn!(installation = %installation.id, conflicts, "events came again with other content");
    }
    Ok(Received { response: reception.response, events: appended })
}

/// Events that the operator wants and the grant covers. A kind that was not granted is left out: the operator does not want it. A
/// personal identifier that was not granted is left out where an account remains. Anything else beyond the grant is refused.
fn admit_all(
    installation: &Installation,
    events: Vec<IncomingEvent>,
    request: &HookRequest,
) -> Result<Vec<NewEvent>, Error> {
    let Some(assertions) = &installation.grant.assertions else {
        return if events.is_empty() { Ok(Vec::new()) } else { Err(beyond("no events were granted")) };
    };
    let wanted = events.into_iter().filter(|event| kind_matches(&assertions.kinds, &event.kind));
    wanted
        .map(|event| {
            let event = without_ungranted(assertions, event);
            admit(installation.organisation, assertions, event, request.received, "").map_err(|problems| {
                let words: Vec<String> =
                    problems.iter().map(|Problem { pointer, message }| format!("{pointer}: {message}")).collect();
                beyond(&words.join("; "))
            })
        })
        .collect()
}

fn without_ungranted(assertions: &Assertions, mut event: IncomingEvent) -> IncomingEvent {
    let is_account = |each: &Identifier| matches!(each, Identifier::Account { .. });
    if !assertions.personal_identifiers && event.identifiers.iter().any(is_account) {
        event.identifiers.retain(is_account);
    }
    event
}

fn beyond(detail: &str) -> Error {
    Error::Refused { status: 422, reason: "not-granted".to_owned(), detail: detail.to_owned() }
}

fn refused(Refusal { reason, detail }: Refusal) -> Error {
    let status = match reason.as_str() {
        "unsigned" | "bad-signature" | "stale" => 401,
        "malformed" => 400,
        "unavailable" => 503,
        _ => 422,
    };
    Error::Refused { status, reason, detail }
}
