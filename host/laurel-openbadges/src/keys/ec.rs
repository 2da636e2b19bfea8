//! Keys on the curves of NIST, for issuers whose verifiers do not know Ed25519.

use std::fmt;

use p256::ecdsa::signature::{Signer as _, Verifier as _};

use super::algorithm::JwsAlgorithm;
use super::public_key::{P256_PUBLIC, P384_PUBLIC, P521_PUBLIC};

/// A curve (FIPS 186-5; names of RFC 7518, section 6.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the specification's own")]
pub enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    /// The name in JSON Web Keys (RFC 7518, section 6.2.1.1).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The curve of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521].into_iter().find(|curve| curve.as_str() == name)
    }

    pub(super) fn algorithm(self) -> JwsAlgorithm {
        match self {
            Self::P256 => JwsAlgorithm::Es256,
            Self::P384 => JwsAlgorithm::Es384,
            Self::P521 => JwsAlgorithm::Es512,
        }
    }

    pub(super) fn multicodec(self) -> [u8; 2] {
        match self {
            Self::P256 => P256_PUBLIC,
            Self::P384 => P384_PUBLIC,
            Self::P521 => P521_PUBLIC,
        }
    }

    /// Bytes of a coordinate.
    pub(super) fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// A point on a curve (FIPS 186-5, section 6). Never the point at infinity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcPublicKey(Point);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Point {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
}

impl EcPublicKey {
    /// Its curve.
    pub fn curve(&self) -> Curve {
        match self.0 {
            Point::P256(_) => Curve::P256,
            Point::P384(_) => Curve::P384,
            Point::P521(_) => Curve::P521,
        }
    }

    /// The key of a point in SEC1 form, compressed or not.
    pub(super) fn from_sec1(curve: Curve, bytes: &[u8]) -> Option<Self> {
        Some(Self(match curve {
            Curve::P256 => Point::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok()?),
            Curve::P384 => Point::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok()?),
            Curve::P521 => Point::P521(p521::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok()?),
        }))
    }

    pub(super) fn from_compressed(multicodec: &[u8], point: &[u8]) -> Option<Self> {
        let curves = [Curve::P256, Curve::P384, Curve::P521];
        let curve = curves.into_iter().find(|curve| curve.multicodec() == multicodec)?;
        (point.len() == curve.size() + 1).then(|| Self::from_sec1(curve, point)).flatten()
    }

    pub(super) fn to_compressed(&self) -> Vec<u8> {
        self.sec1(true)
    }

    /// The coordinates, each padded to the size of the field.
    pub(super) fn coordinates(&self) -> (Vec<u8>, Vec<u8>) {
        let point = self.sec1(false);
        let (x, y) = point[1..].split_at(self.curve().size());
        (x.to_vec(), y.to_vec())
    }

    fn sec1(&self, compress: bool) -> Vec<u8> {
        match &self.0 {
            Point::P256(key) => key.to_sec1_point(compress).as_bytes().to_vec(),
            Point::P384(key) => key.to_sec1_point(compress).as_bytes().to_vec(),
            Point::P521(key) => key.to_sec1_point(compress).as_bytes().to_vec(),
        }
    }

    /// Whether `signature` (r and s, each of the size of the field) is this key's signature of `message` (RFC 7518, section 3.4).
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Point::P256(key) => {
                p256::ecdsa::Signature::from_slice(signature).is_ok_and(|fixed| key.verify(message, &fixed).is_ok())
            }
            Point::P384(key) => {
                p384::ecdsa::Signature::from_slice(signature).is_ok_and(|fixed| key.verify(message, &fixed).is_ok())
            }
            Point::P521(key) => {
                p521::ecdsa::Signature::from_slice(signature).is_ok_and(|fixed| key.verify(message, &fixed).is_ok())
            }
        }
    }
}

/// A secret key on a curve (FIPS 186-5, section 6). Overwritten in memory when dropped; never printed.
#[derive(Clone)]
pub struct EcSigningKey(Scalar);

#[derive(Clone)]
enum Scalar {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
}

impl EcSigningKey {
    /// The key of a secret scalar, big-endian, of the size of the field (32, 48 or 66 bytes).
    ///
    /// `None` if the bytes are of another size, are zero, or exceed the order of the curve: draw others.
    pub fn from_scalar(curve: Curve, bytes: &[u8]) -> Option<Self> {
        Some(Self(match curve {
            Curve::P256 => Scalar::P256(p256::ecdsa::SigningKey::from_slice(bytes).ok()?),
            Curve::P384 => Scalar::P384(p384::ecdsa::SigningKey::from_slice(bytes).ok()?),
            Curve::P521 => Scalar::P521(p521::ecdsa::SigningKey::from_slice(bytes).ok()?),
        }))
    }

    /// The public half.
    pub fn public_key(&self) -> EcPublicKey {
        EcPublicKey(match &self.0 {
            Scalar::P256(key) => Point::P256(*key.verifying_key()),
            Scalar::P384(key) => Point::P384(*key.verifying_key()),
            Scalar::P521(key) => Point::P521(*key.verifying_key()),
        })
    }

    /// The signature of a message: r and s. Deterministic (RFC 6979).
    pub fn sign_message(&self, message: &[u8]) -> Vec<u8> {
        match &self.0 {
            Scalar::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
            Scalar::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
            Scalar::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
        }
    }
}

impl fmt::Debug for EcSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EcSigningKey({})", super::PublicKey::Ec(self.public_key()))
    }
}
