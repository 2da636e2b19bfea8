//! A compact JWS (RFC 7515) and the keys (RFC 7517) that may have signed it.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// A token taken apart. Nothing in it is to be believed before a key has verified it.
#[derive(Debug)]
pub(super) struct Token<'a> {
    algorithm: Algorithm,
    kid: Option<String>,
    signed: &'a [u8],
    payload: &'a str,
    signature: Vec<u8>,
}

/// What is accepted. There is no `none`, and no symmetric algorithm that a public key could be mistaken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde::de::IgnoredAny>,
    b64: Option<serde::de::IgnoredAny>,
}

impl<'a> Token<'a> {
    /// None for what is no compact JWS, and for what asks for an algorithm or an extension that is not accepted.
    pub(super) fn parse(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        // An extension that is marked critical must be understood, and none is.
        if header.crit.is_some() || header.b64.is_some() {
            return None;
        }
        let algorithm =
            [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa].into_iter().find(|a| a.name() == header.alg)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self { algorithm, kid: header.kid, signed: signed.as_bytes(), payload, signature })
    }
}

/// A set of public keys. Keys of kinds that are not accepted are passed over, as RFC 7517 section 5 asks.
#[derive(Debug, Default)]
pub(super) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug)]
struct Key {
    kid: Option<String>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    P256([u8; 65]),
    Ed25519([u8; 32]),
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// What a token and a set have to say to each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The payload, signed by a key of the set.
    Signed(Vec<u8>),
    /// A key that could have signed it did not.
    Forged,
    /// The set has no key that could have signed it.
    UnknownKey,
}

impl KeySet {
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let set: JwkSet = serde_json::from_slice(text).map_err(|error| format!("not a JWK set: {error}"))?;
        let keys: Vec<Key> =
            set.keys.into_iter().filter_map(|key| Key::from_jwk(serde_json::from_value(key).ok()?)).collect();
        if keys.is_empty() {
            return Err("the set holds no key for RS256, ES256 or EdDSA".to_owned());
        }
        Ok(Self { keys })
    }

    /// Only keys with the token's `kid` are tried; without one, all of the right kind.
    pub(super) fn verify(&self, token: &Token<'_>) -> Verdict {
        let mut verdict = Verdict::UnknownKey;
        for key in self.keys.iter().filter(|key| key.may_have_signed(token)) {
            if key.verify(token) {
                return URL_SAFE_NO_PAD.decode(token.payload).map_or(Verdict::Forged, Verdict::Signed);
            }
            verdict = Verdict::Forged;
        }
        verdict
    }
}

impl Key {
    fn from_jwk(jwk: Jwk) -> Option<Self> {
        let bytes = |field: &Option<String>| URL_SAFE_NO_PAD.decode(field.as_ref()?.trim_end_matches('=')).ok();
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { modulus: bytes(&jwk.n)?, exponent: bytes(&jwk.e)? },
            ("EC", Some("P-256")) => Material::P256(point(&bytes(&jwk.x)?, &bytes(&jwk.y)?)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(&jwk.x)?.try_into().ok()?),
            _ => return None,
        };
        let for_signatures = jwk.usage.is_none_or(|usage| usage == "sig")
            && jwk.key_ops.is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
        let key = Self { kid: jwk.kid, material };
        let made_for_it = jwk.alg.is_none_or(|alg| alg == key.algorithm().name());
        (for_signatures && made_for_it).then_some(key)
    }

    fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Rsa { .. } => Algorithm::Rs256,
            Material::P256(_) => Algorithm::Es256,
            Material::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    fn may_have_signed(&self, token: &Token<'_>) -> bool {
        self.algorithm() == token.algorithm && (token.kid.is_none() || token.kid == self.kid)
    }

    fn verify(&self, token: &Token<'_>) -> bool {
        let verified = match &self.material {
            Material::Rsa { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                token.signed,
                &token.signature,
            ),
            Material::P256(key) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(token.signed, &token.signature)
            }
            Material::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(token.signed, &token.signature),
        };
        verified.is_ok()
    }
}

/// The uncompressed form of a point (SEC 1, section 2.3.3).
fn point(x: &[u8], y: &[u8]) -> Option<[u8; 65]> {
    let mut point = [4; 65];
    point[1..33].copy_from_slice(<&[u8; 32]>::try_from(x).ok()?);
    point[33..].copy_from_slice(<&[u8; 32]>::try_from(y).ok()?);
    Some(point)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

    /// A token with this header, and a set whose one key (`kid` = `k1`) signed it.
    pub(crate) fn signed(header: &str, seed: u8) -> (String, String) {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode("payload"));
        let signature = URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes()));
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        let set =
            format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"{x}"}},{{"kty":"oct","k":"AA"}}]}}"#);
        (format!("{signed}.{signature}"), set)
    }

    fn decide(header: &str) -> Option<Verdict> {
        let (token, set) = signed(header, 1);
        Some(KeySet::parse(set.as_bytes()).unwrap().verify(&Token::parse(&token)?))
    }

    #[test]
    fn a_signed_payload_comes_back() {
        assert_eq!(decide(r#"{"alg":"EdDSA","kid":"k1"}"#), Some(Verdict::Signed(b"payload".to_vec())));
        assert_eq!(decide(r#"{"alg":"EdDSA"}"#), Some(Verdict::Signed(b"payload".to_vec())));
    }

    #[test]
    fn algorithms_cannot_be_confused() {
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"eddsa"}"#,
            r#"{"alg":"EdDSA","crit":["b64"],"b64":false}"#,
            r#"{"alg":"none","alg":"EdDSA"}"#,
            "{}",
            "no",
        ] {
            assert_eq!(decide(header), None, "{header}");
        }
        assert_eq!(decide(r#"{"alg":"RS256"}"#), Some(Verdict::UnknownKey));
        assert_eq!(decide(r#"{"alg":"EdDSA","kid":"k2"}"#), Some(Verdict::UnknownKey));
    }

    #[test]
    fn another_key_or_a_changed_payload_is_forged() {
        let header = r#"{"alg":"EdDSA","kid":"k1"}"#;
        let (token, _) = signed(header, 1);
        let set = KeySet::parse(signed(header, 2).1.as_bytes()).unwrap();
        assert_eq!(set.verify(&Token::parse(&token).unwrap()), Verdict::Forged);
    }

    #[test]
    fn a_key_made_for_something_else_is_passed_over() {
        let (_, set) = signed("{}", 1);
        for other in [r#""use":"enc","kid""#, r#""alg":"ES256","kid""#, r#""key_ops":["sign"],"kid""#] {
            assert!(KeySet::parse(set.replace(r#""kid""#, other).as_bytes()).is_err(), "{other}");
        }
    }
}
