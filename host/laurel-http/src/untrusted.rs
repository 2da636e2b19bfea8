//! What strangers send, read without a host around it: for `tests/fuzz`, and for nothing else.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use laurel_core::events::CloudEvent;

/// A picture that is brought, written anew: PNG or SVG. None for what is not taken.
pub fn picture(bytes: &[u8]) -> Option<Vec<u8>> {
    crate::images::re_encode_now(bytes).ok().map(|(_, written)| written)
}

/// The events of a request to `/v1/events`. None for what is refused.
pub fn events<'h>(headers: impl Iterator<Item = (&'h str, &'h [u8])>, body: &[u8]) -> Option<Vec<CloudEvent>> {
    let headers: HeaderMap = headers
        .filter_map(|(name, value)| Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_bytes(value).ok()?)))
        .collect();
    crate::api::events::read(&headers, body).ok().map(|(events, _)| events)
}
