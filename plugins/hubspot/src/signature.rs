//! HubSpot's signature, version 3: Base64 of the HMAC-SHA256 over method, address, body and timestamp.
//!
//! Versions 1 and 2 are refused: they sign no time, so whoever saw one request could send it for ever.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use laurel_plugin::hook::{Refusal, Request};
use laurel_plugin::keys::{self, Digest};

/// How far the signed time may be from now, either way. HubSpot's own libraries only look back.
const TOLERANCE: i64 = 300_000;

/// What HubSpot decodes in an address before it signs; everything else stays as it was sent.
const DECODED: [(&[u8; 2], u8); 12] = [
    (b"3A", b':'),
    (b"2F", b'/'),
    (b"3F", b'?'),
    (b"40", b'@'),
    (b"21", b'!'),
    (b"24", b'$'),
    (b"27", b'\''),
    (b"28", b'('),
    (b"29", b')'),
    (b"2A", b'*'),
    (b"2C", b','),
    (b"3B", b';'),
];

pub(crate) fn verify(request: &Request) -> Result<(), Refusal> {
    let Some(signature) = request.header("x-hubspot-signature-v3") else {
        return Err(Refusal::unsigned(match request.header("x-hubspot-signature") {
            Some(_) => "signature versions 1 and 2 sign no time and are refused: X-HubSpot-Signature-v3 is needed",
            None => "X-HubSpot-Signature-v3 is missing",
        }));
    };
    let timestamp = request.header("x-hubspot-request-timestamp").unwrap_or_default();
    let millis = millis(timestamp)
        .ok_or_else(|| Refusal::unsigned("X-HubSpot-Request-Timestamp must be thirteen digits: milliseconds"))?;
    if (request.received - millis).abs() > TOLERANCE {
        return Err(Refusal::stale("X-HubSpot-Request-Timestamp is more than five minutes from now"));
    }
    let mac = BASE64.decode(signature).map_err(|_| Refusal::bad_signature("X-HubSpot-Signature-v3 is not Base64"))?;
    let url = decoded(&request.url);
    let message = [request.method.as_bytes(), &url, &request.body, timestamp.as_bytes()].concat();
    if !keys::verify_hmac("client-secret", Digest::Sha256, &message, &mac)? {
        return Err(Refusal::bad_signature(
            "X-HubSpot-Signature-v3 is not that of this request under the client secret; the address must be the one HubSpot calls",
        ));
    }
    Ok(())
}

fn millis(text: &str) -> Option<i64> {
    (text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The address as HubSpot signs it.
fn decoded(url: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.first_chunk::<2>().filter(|_| *first == b'%');
        let plain = code.and_then(|code| DECODED.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)));
        if let Some((_, plain)) = plain {
            out.push(*plain);
            rest = &tail[2..];
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_escapes_are_decoded() {
        assert_eq!(decoded("https://a.b/c%3Ad%2fe?f=%40%21%24%27%28%29%2A%2C%3B"), b"https://a.b/c:d/e?f=@!$'()*,;");
        assert_eq!(decoded("/a%20b%26c%3D%"), b"/a%20b%26c%3D%");
        assert_eq!(decoded("/%253A%4"), b"/%253A%4", "one round only, and nothing past the end");
    }

    #[test]
    fn a_timestamp_is_thirteen_digits() {
        assert_eq!(millis("1693657560000"), Some(1_693_657_560_000));
        for text in ["", "169365756000", "16936575600000", "169365756000x", "+693657560000", " 693657560000"] {
            assert_eq!(millis(text), None, "{text}");
        }
    }
}
