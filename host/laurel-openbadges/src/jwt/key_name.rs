//! What a signature says it was made with.

use super::{Token, is_token};
use crate::Limits;
use crate::json::{self, Value};

/// What a credential names as the key that signed it: the verification method of its first proof, or `kid` of a token, or the `did:key` of
/// the key inside a token. **Nothing is verified**: for whoever signed it themselves. `None` if it names no key or cannot be read.
pub fn key_name(credential: &[u8], limits: &Limits) -> Option<String> {
    if is_token(credential) {
        let token = Token::read(std::str::from_utf8(credential).ok()?, limits).ok()?;
        return token.kid.clone().or_else(|| Some(token.jwk.as_ref()?.did_key()));
    }
    let document = json::parse(credential, limits).ok()?;
    let proof = document.as_object()?.get("proof")?.as_slice().first()?.as_object()?;
    proof.get("verificationMethod").and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_documents_and_tokens() {
        let name = |credential: &[u8]| key_name(credential, &Limits::default());
        let document = br#"{"proof":{"verificationMethod":"did:example:a#1"}}"#;
        assert_eq!(name(document).as_deref(), Some("did:example:a#1"));
        // {"alg":"EdDSA","kid":"#1"} . {"id":"urn:x:1"} . no signature at all
        assert_eq!(name(b"eyJhbGciOiJFZERTQSIsImtpZCI6IiMxIn0.eyJpZCI6InVybjp4OjEifQ.").as_deref(), Some("#1"));
        assert_eq!((name(br#"{"proof":[]}"#), name(b"[1"), name(b"{}")), (None, None, None));
    }
}
