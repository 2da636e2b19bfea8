#![no_main]
//! Keys in all their forms: what is read is written again as it was.

use laurel_openbadges::keys::{PublicKey, RsaPublicKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
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
    if let Ok(jwk) = serde_json::from_str(text) {
        let _ = PublicKey::from_jwk(&jwk);
    }
});
