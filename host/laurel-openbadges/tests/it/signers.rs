//! Keys of every kind, for the tests that sign tokens.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use laurel_openbadges::keys::{Curve, EcSigningKey, MessageSigner, PublicKey, RsaPublicKey, SignerError, SigningKey};

/// An RSA key kept by another library, as a host would keep it.
pub(crate) struct RsaSigner(RsaKeyPair);

impl RsaSigner {
    /// A key made for these tests alone.
    pub(crate) fn new() -> Self {
        let text: String = include_str!("rsa_key.txt").split_whitespace().collect();
        let der = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
        Self(RsaKeyPair::from_der(&der).unwrap())
    }
}

impl MessageSigner for RsaSigner {
    fn public_key(&self) -> PublicKey {
        PublicKey::Rsa(RsaPublicKey::from_der(self.0.public_key().as_ref()).unwrap())
    }

    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map(|()| signature).map_err(|_| SignerError("the library refused".into()))
    }
}

/// One signer of each algorithm, by its name.
pub(crate) fn all() -> Vec<(&'static str, Box<dyn MessageSigner>)> {
    let on =
        |curve, size| -> Box<dyn MessageSigner> { Box::new(EcSigningKey::from_scalar(curve, &vec![1; size]).unwrap()) };
    let mut scalar = vec![1; 66];
    scalar[0] = 0;
    vec![
        ("EdDSA", Box::new(SigningKey::from_seed(&[42; 32]))),
        ("ES256", on(Curve::P256, 32)),
        ("ES384", on(Curve::P384, 48)),
        ("ES512", Box::new(EcSigningKey::from_scalar(Curve::P521, &scalar).unwrap())),
        ("RS256", Box::new(RsaSigner::new())),
    ]
}
