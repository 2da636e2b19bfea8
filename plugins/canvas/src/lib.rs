//! Canvas Live Events over HTTPS: verified, translated into canonical events.
//!
//! With "Sign Payload" the whole body is a compact JWS and its claims are the event: nothing else is believed. Without it,
//! nothing is signed; such a body is only taken if the settings allow it and the hook's address ends in the secret token.

mod settings;
mod translate;

use std::borrow::Cow;

use laurel_plugin::hook::{Reception, Refusal, Request};
use laurel_plugin::json::Value;
use laurel_plugin::{Hook, keys, log, register};

use crate::settings::Settings;
use crate::translate::LiveEvent;

/// Live events are a few kilobytes.
const MAX_BODY: usize = 512 * 1024;

/// The connector.
#[derive(Debug)]
pub struct Canvas;

register!(Canvas: hook);

impl Hook for Canvas {
    fn receive(request: Request) -> Result<Reception, Refusal> {
        if request.method != "POST" {
            return Err(Refusal::unsupported("send a POST"));
        }
        if request.body.len() > MAX_BODY {
            return Err(Refusal::malformed("the body is larger than 512 KiB"));
        }
        let settings = Settings::load()?;
        let claims = verified(&request, &settings)?;
        let event = Value::parse_bytes(&claims).map_err(|error| Refusal::malformed(error.to_string()))?;
        let event = LiveEvent::new(&event, &settings.instance)?;
        let events: Vec<_> = event.translate().into_iter().collect();
        if events.is_empty() {
            log::debug!("nothing to take from `{}`", event.name);
        }
        Ok(Reception::accepted(events))
    }
}

/// The event's text, once it is known to come from Canvas.
fn verified<'r>(request: &'r Request, settings: &Settings) -> Result<Cow<'r, [u8]>, Refusal> {
    match std::str::from_utf8(&request.body).map(str::trim) {
        Ok(body) if is_compact_jws(body) => match keys::verify_jws("signing-keys", body)? {
            Some(claims) => Ok(Cow::Owned(claims)),
            None => Err(Refusal::bad_signature("the JWS is not signed by a key of the set in `signing-keys`")),
        },
        Ok(_) => {
            unsigned(request, settings)?;
            Ok(Cow::Borrowed(&request.body))
        }
        Err(_) => Err(Refusal::malformed("the body is neither a JWS nor JSON")),
    }
}

/// Three parts of base64url with dots between them.
fn is_compact_jws(body: &str) -> bool {
    let part = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    body.matches('.').count() == 2 && body.split('.').all(part)
}

/// Whether an unsigned body may be taken.
fn unsigned(request: &Request, settings: &Settings) -> Result<(), Refusal> {
    if !settings.allow_unsigned {
        return Err(Refusal::unsigned("turn on \"Sign Payload\" for this subscription, or set `allow-unsigned`"));
    }
    let token = request.path.trim_matches('/');
    if token.is_empty() || !keys::matches("path-token", token)? {
        return Err(Refusal::bad_signature("the address does not end in the secret path-token"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
