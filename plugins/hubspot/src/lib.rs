//! HubSpot's webhooks: verified by their version 3 signature, translated into canonical events.
//!
//! Whoever answers 4xx or 5xx hears the same batch ten times in a day. So what is signed but means nothing here is answered
//! with 200, and only what cannot have come from HubSpot is refused.

mod settings;
mod signature;
mod translate;

use laurel_plugin::hook::{Reception, Refusal, Request};
use laurel_plugin::json::Value;
use laurel_plugin::{Hook, log, register};

use crate::settings::Settings;

/// A hundred notifications of half a kilobyte, with room for long property values.
const MAX_BODY: usize = 1024 * 1024;

/// HubSpot sends at most so many notifications at once.
const MAX_BATCH: usize = 100;

/// The connector.
#[derive(Debug)]
pub struct HubSpot;

register!(HubSpot: hook);

impl Hook for HubSpot {
    fn receive(request: Request) -> Result<Reception, Refusal> {
        if request.body.len() > MAX_BODY {
            return Err(Refusal::malformed("the body is larger than 1 MiB"));
        }
        signature::verify(&request)?;
        let settings = Settings::load()?;
        let batch = match Value::parse_bytes(&request.body) {
            Ok(batch) => batch,
            Err(error) if error.offset <= 1 => {
                // Signed, and not even begun as JSON: no notification, and sending it again will not make it one.
                log::warn!("signed, but no notification: {error}");
                return Ok(Reception::ignored());
            }
            Err(error) => return Err(Refusal::malformed(error.to_string())),
        };
        let notifications = match &batch {
            Value::Array(items) => items.as_slice(),
            // HubSpot's own test button sends a single one.
            one @ Value::Object(_) => std::slice::from_ref(one),
            _ => return Err(Refusal::malformed("the body must be a list of notifications")),
        };
        if notifications.len() > MAX_BATCH {
            return Err(Refusal::malformed("more than 100 notifications at once"));
        }
        Ok(Reception::accepted(translate::batch(notifications, &settings)?))
    }
}

#[cfg(test)]
mod tests;
