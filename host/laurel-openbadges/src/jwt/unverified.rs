//! What a token says, before anybody asks whether it is true.

use std::borrow::Cow;

use super::{JwtError, Token, content, is_token};
use crate::json::Value;
use crate::{Limits, jcs};

/// The JSON document that a credential is: the bytes themselves, or the document in a token's payload (RFC 7515, section 7.1) with the
/// members that its claims stand for. **Nothing is verified**: for showing what a credential says, beside a report that says whether to
/// believe it, and for whoever signed it themselves.
///
/// ```
/// use laurel_openbadges::{Limits, jwt::unverified};
/// assert_eq!(unverified(br#"{"id":"urn:x:1"}"#, &Limits::default())?, &br#"{"id":"urn:x:1"}"#[..]);
/// // {"alg":"EdDSA"} . {"id":"urn:x:1","iss":"did:example:a"} . no signature at all
/// let token = b"eyJhbGciOiJFZERTQSJ9.eyJpZCI6InVybjp4OjEiLCJpc3MiOiJkaWQ6ZXhhbXBsZTphIn0.";
/// assert_eq!(unverified(token, &Limits::default())?, &br#"{"id":"urn:x:1"}"#[..]);
/// # Ok::<(), laurel_openbadges::jwt::JwtError>(())
/// ```
///
/// # Errors
/// If it looks like a token and cannot be taken apart.
pub fn unverified<'c>(credential: &'c [u8], limits: &Limits) -> Result<Cow<'c, [u8]>, JwtError> {
    if !is_token(credential) {
        return Ok(Cow::Borrowed(credential));
    }
    let token = Token::read(std::str::from_utf8(credential).unwrap_or_default(), limits)?;
    let document = content(token.payload(limits)?, token.kind)?;
    let mut text = String::with_capacity(token.payload.len());
    jcs::push_in_order(&mut text, &Value::Object(document));
    Ok(Cow::Owned(text.into_bytes()))
}
