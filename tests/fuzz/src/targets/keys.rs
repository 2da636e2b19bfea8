//! Keys in all their forms: what is read is written again as it was.

use laurel_openbadges::keys::{Curve, EcSigningKey, PublicKey, RsaPublicKey};

use crate::Target;
use crate::seeds;

pub(super) const TARGET: Target = Target {
    name: "keys",
    reads: "a public key: Multikey, JSON Web Key, DER or PEM",
    run,
    seeds,
    words: &[
        "z6Mk",
        "zDna",
        "z82L",
        "-----BEGIN PUBLIC KEY-----",
        "-----END PUBLIC KEY-----",
        "-----BEGIN RSA PUBLIC KEY-----",
        "\"kty\":",
        "\"OKP\"",
        "\"EC\"",
        "\"RSA\"",
        "\"crv\":",
        "\"Ed25519\"",
        "\"P-256\"",
        "\"P-384\"",
        "\"P-521\"",
        "\"x\":",
        "\"y\":",
        "\"n\":",
        "\"e\":\"AQAB\"",
        "AAAA",
    ],
    tries: 4000,
};

fn run(bytes: &[u8]) {
    if let Some(key) = RsaPublicKey::from_der(bytes) {
        assert_eq!(RsaPublicKey::from_der(&key.to_der()), Some(key.clone()));
        assert!(!key.verifies(b"message", bytes));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = text.parse::<PublicKey>() {
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Ok(key));
    }
    let pem = format!("-----BEGIN PUBLIC KEY-----{text}-----END PUBLIC KEY-----");
    for text in [text, &pem] {
        if let Ok(key) = PublicKey::from_pem(text) {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
    }
    if let Ok(jwk) = serde_json::from_str(text)
        && let Ok(key) = PublicKey::from_jwk(&jwk)
    {
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Ok(key));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut keys = vec![PublicKey::Ed25519(seeds::key().multikey())];
    for curve in [Curve::P256, Curve::P384, Curve::P521] {
        let scalar = vec![
            1;
            if curve == Curve::P521 {
                66
            } else if curve == Curve::P384 {
                48
            } else {
                32
            }
        ];
        keys.extend(EcSigningKey::from_scalar(curve, &scalar).map(|key| PublicKey::Ec(key.public_key())));
    }
    let mut modulus = [0xc5; 256];
    modulus[255] = 0x01;
    let rsa = RsaPublicKey::new(&modulus, &[1, 0, 1]);
    let mut seeds: Vec<Vec<u8>> = rsa.iter().map(RsaPublicKey::to_der).collect();
    keys.extend(rsa.map(PublicKey::Rsa));
    seeds.extend(keys.iter().flat_map(|key| [key.to_string(), key.to_jwk().to_string()]).map(String::into_bytes));
    seeds.push(seeds::pem().into_bytes());
    seeds
}
