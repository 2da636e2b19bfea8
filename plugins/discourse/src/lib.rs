//! Discourse's webhooks: verified by their HMAC, translated into canonical events.
//!
//! Only the body is signed. Of the headers, the event's name is believed where it agrees with the body; the instance must be
//! the one in the settings. The order is: method and size, signature, JSON, translation (`translate.rs`).

mod settings;
mod translate;

use laurel_plugin::hook::{Reception, Refusal, Request};
use laurel_plugin::json::Value;
use laurel_plugin::keys::{self, Digest};
use laurel_plugin::{Hook, log, register};

use crate::settings::Settings;
use crate::translate::Delivery;

/// A post is at most 32,000 characters long by default, and comes twice (raw and cooked).
const MAX_BODY: usize = 1024 * 1024;

/// The connector.
#[derive(Debug)]
pub struct Discourse;

register!(Discourse: hook);

impl Hook for Discourse {
    fn receive(request: Request) -> Result<Reception, Refusal> {
        verify(&request)?;
        let body = Value::parse_bytes(&request.body).map_err(|error| Refusal::malformed(error.to_string()))?;
        let settings = Settings::load()?;
        let kind = request.header("x-discourse-event-type").unwrap_or_default();
        let payload = body.get(kind);
        if kind == "ping" || request.header("x-discourse-event") == Some("ping") {
            return Ok(Reception::ignored());
        }
        if payload.is_null() {
            return Err(Refusal::malformed("the body has no member named as X-Discourse-Event-Type says"));
        }
        if request.header("x-discourse-instance").is_some_and(|instance| !settings.is_instance(instance)) {
            return Err(Refusal::unsupported("X-Discourse-Instance is not the instance of this installation"));
        }
        let delivery = Delivery {
            settings: &settings,
            name: request.header("x-discourse-event").unwrap_or_default(),
            id: request.header("x-discourse-event-id"),
            payload,
            received: request.received,
        };
        let events: Vec<_> = delivery.translate().into_iter().collect();
        if events.is_empty() {
            log::debug!("nothing to take from `{}`", delivery.name);
        }
        Ok(Reception::accepted(events))
    }
}

/// `X-Discourse-Event-Signature: sha256=` and the hex HMAC of the raw body.
fn verify(request: &Request) -> Result<(), Refusal> {
    if request.method != "POST" {
        return Err(Refusal::unsupported("send a POST"));
    }
    if request.body.len() > MAX_BODY {
        return Err(Refusal::malformed("the body is larger than 1 MiB"));
    }
    let Some(signature) = request.header("x-discourse-event-signature") else {
        return Err(Refusal::unsigned(
            "X-Discourse-Event-Signature is missing: set a secret in the webhook's settings",
        ));
    };
    let mac = signature.strip_prefix("sha256=").and_then(laurel_plugin::hook::hex).ok_or_else(|| {
        Refusal::bad_signature("X-Discourse-Event-Signature must be `sha256=` and 64 hexadecimal digits")
    })?;
    if !keys::verify_hmac("webhook-secret", Digest::Sha256, &request.body, &mac)? {
        return Err(Refusal::bad_signature("X-Discourse-Event-Signature is not that of this body under the secret"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
