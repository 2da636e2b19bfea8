//! Header and payload of a token, encoded for it, so that what is behind base64url is reached.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{Material, Verifier};

use super::parts;
use crate::Target;
use crate::seeds::{self, NOW};

pub(super) const TARGET: Target = Target {
    name: "tokens",
    reads: "a token's header and, after a line of three hyphens, its payload",
    run,
    seeds,
    words: &[
        "\"alg\":",
        "EdDSA",
        "ES256",
        "RS256",
        "none",
        "\"kid\":",
        "\"jwk\":",
        "\"typ\":",
        "\"crit\":[]",
        "\"b64\":false",
        "\"kty\":",
        "OKP",
        "\"vc\":",
        "\"vp\":",
        "\"iss\":",
        "\"sub\":",
        "\"jti\":",
        "\"nbf\":",
        "\"exp\":",
        "\"iat\":",
        "1e9",
        "-1",
        "null",
    ],
    tries: 3000,
};

fn run(bytes: &[u8]) {
    let mut parts = parts(bytes);
    let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let token = format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let verifier = Verifier::new(Timestamp::from_unix_seconds(NOW)).with_open_badges_2();
    let _ = verifier.needs(token.as_bytes(), &Material::new());
    assert!(!verifier.verify(token.as_bytes(), &Material::new()).is_valid(), "three bytes sign nothing");
}

fn seeds() -> Vec<Vec<u8>> {
    let decoded = |part: &[u8]| URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    let opened = |token: Vec<u8>| {
        let mut parts = token.split(|byte| *byte == b'.');
        let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        [&decoded(header)[..], super::SEPARATOR, &decoded(payload)].concat()
    };
    seeds::tokens().into_iter().map(opened).collect()
}
