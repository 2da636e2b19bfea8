//! RSA keys and RS256 from outside: how keys are written, which are refused, and what forgers try.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laurel_openbadges::Timestamp;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{
    Curve, DidWeb, EcSigningKey, JwkError, MessageSigner, PublicKey, RsaPublicKey, SignerError,
};
use laurel_openbadges::verify::{CheckId, Material, Outcome, Report, Verifier};
use serde_json::json;

use crate::badges;
use crate::signers::RsaSigner;
use crate::tokens::parts;

const F4: [u8; 3] = [1, 0, 1];

/// An odd number of so many bits. That nobody knows its factors matters to no test here.
fn modulus(bits: usize) -> Vec<u8> {
    let mut number: Vec<u8> = (0..bits.div_ceil(8)).map(|place| u8::try_from(place % 128).unwrap() << 1 | 1).collect();
    let spare = number.len() * 8 - bits;
    number[0] = 0xff >> spare;
    number
}

fn key(bits: usize) -> PublicKey {
    PublicKey::Rsa(RsaPublicKey::new(&modulus(bits), &F4).unwrap())
}

fn verify(token: &str, material: &Material) -> Report {
    Verifier::new(Timestamp::from_unix_seconds(1_763_000_000)).verify(token.as_bytes(), material)
}

#[test]
fn keys_of_every_size_are_read_as_they_are_written() {
    for bits in [2048, 2049, 2055, 3072, 4096, 8192] {
        let key = key(bits);
        let text = key.to_string();
        assert_eq!(text.parse().as_ref(), Ok(&key), "{bits}");
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()).as_ref(), Ok(&key), "{bits}");
        assert!(bits != 2048 || text.starts_with("z4MX"), "{text}");
    }
    let signer = RsaSigner::new();
    assert!(signer.public_key().did_key().starts_with("did:key:z4MX"));
}

#[test]
fn keys_that_are_too_weak_too_large_or_no_keys_are_refused() {
    let (good, even) = (modulus(2048), [&modulus(2048)[..255], &[2]].concat());
    let exponents: [&[u8]; 6] = [&[], &[0], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1]];
    let bad = exponents.map(|exponent| (good.clone(), exponent.to_vec()));
    let sizes = [0, 512, 1024, 2040, 2047, 8193, 16_384].map(|bits| (modulus(bits.max(1)), F4.to_vec()));
    let others = [(even, F4.to_vec()), (vec![0; 256], F4.to_vec()), (Vec::new(), F4.to_vec())];
    for (modulus, exponent) in bad.into_iter().chain(sizes).chain(others) {
        assert_eq!(RsaPublicKey::new(&modulus, &exponent), None, "{} {exponent:?}", modulus.len());
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({ "kty": "RSA", "n": text(&modulus), "e": text(&exponent) });
        assert!(matches!(PublicKey::from_jwk(&jwk), Err(JwkError::Numbers | JwkError::Member(_))), "{jwk}");
    }
    for secret in ["d", "p", "q"] {
        let mut jwk = key(2048).to_jwk();
        jwk[secret] = "AQAB".into();
        assert_eq!(PublicKey::from_jwk(&jwk), Err(JwkError::Secret));
    }
    let mut jwk = key(2048).to_jwk();
    jwk["alg"] = "PS256".into();
    assert!(matches!(PublicKey::from_jwk(&jwk), Err(JwkError::Use(_))));
}

/// Were there two ways to write a key, one issuer would have two names.
#[test]
fn a_key_has_one_encoding() {
    let modulus = modulus(2048);
    let der = RsaPublicKey::new(&modulus, &F4).unwrap().to_der();
    assert_eq!(der[..8], [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01]);
    assert!(RsaPublicKey::from_der(&der).is_some());
    let number = |tag: u8, content: &[u8]| {
        let length = content.len().to_be_bytes();
        [&[tag, 0x82], &length[6..], content].concat()
    };
    let key = |modulus: &[u8], exponent: &[u8]| number(0x30, &[modulus, exponent].concat());
    let signed = [&[0], modulus.as_slice()].concat();
    let (n, e) = (number(2, &signed), vec![2, 3, 1, 0, 1]);
    assert_eq!(RsaPublicKey::from_der(&key(&n, &e)).map(|key| key.to_der()).as_ref(), Some(&der));
    let cases = [
        ("a modulus below zero", key(&number(2, &modulus), &e)),
        ("a zero too many before the modulus", key(&number(2, &[&[0], signed.as_slice()].concat()), &e)),
        ("a zero too many before the exponent", key(&n, &[2, 4, 0, 1, 0, 1])),
        ("a length in more bytes than it needs", key(&n, &number(2, &F4))),
        ("a third number", key(&n, &[e.as_slice(), &[2, 1, 1]].concat())),
        ("something behind it", [der.as_slice(), &[0]].concat()),
        ("its last byte missing", der[..der.len() - 1].to_vec()),
        ("an octet string for a number", key(&number(4, &signed), &e)),
        ("no exponent", number(0x30, &n)),
        ("a length without end", [0x30, 0x80].iter().chain(&der[4..]).copied().collect()),
        (
            "a length of eight bytes",
            [&[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], &der[4..]].concat(),
        ),
        ("nothing", Vec::new()),
    ];
    for (what, der) in cases {
        assert_eq!(RsaPublicKey::from_der(&der), None, "{what}");
    }
}

#[test]
fn texts_without_end_are_refused_before_they_are_decoded() {
    let long = format!("z{}", "2".repeat(1 << 20));
    let why = long.parse::<PublicKey>().unwrap_err().to_string();
    assert!(why.contains("longer than any key") && why.len() < 200, "{why}");
}

#[test]
fn signatures_are_of_one_length_and_below_the_modulus() {
    let signer = RsaSigner::new();
    let PublicKey::Rsa(public) = signer.public_key() else { panic!("an RSA key") };
    let good = signer.sign_message(b"a message").unwrap();
    assert!(public.verifies(b"a message", &good));
    assert_eq!(signer.sign_message(b"a message").unwrap(), good, "a retry gives the same bytes");
    for (what, bad) in [
        ("none", Vec::new()),
        ("shorter", good[1..].to_vec()),
        ("longer", [&[0], good.as_slice()].concat()),
        ("nought", vec![0; good.len()]),
        ("one", [&vec![0; good.len() - 1], [1].as_slice()].concat()),
        ("the modulus", public.modulus().to_vec()),
        ("as large as it gets", vec![0xff; good.len()]),
    ] {
        assert!(!public.verifies(b"a message", &bad), "{what}");
    }
    for place in [0, 1, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        assert!(!public.verifies(b"a message", &bad), "byte {place}");
    }
}

/// Signs with one key and says that it is another, as a forger would.
struct Impostor<'k>(&'k dyn MessageSigner, PublicKey);

impl MessageSigner for Impostor<'_> {
    fn public_key(&self) -> PublicKey {
        self.1.clone()
    }

    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.sign_message(message)
    }
}

#[test]
fn one_key_does_not_sign_for_another_nor_one_algorithm_for_another() {
    let (rsa, ec) = (RsaSigner::new(), EcSigningKey::from_scalar(Curve::P256, &[7; 32]).unwrap());
    let ec_public = MessageSigner::public_key(&ec);
    let forgers: [(&dyn MessageSigner, PublicKey); 3] =
        [(&rsa, ec_public.clone()), (&ec, rsa.public_key()), (&rsa, key(2048))];
    for (forger, victim) in forgers {
        let document = badges::complete(&victim.did_key()).to_bytes().unwrap();
        let impostor = Impostor(forger, victim.clone());
        let options = JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Jwk);
        let token = sign_credential(&document, &impostor, &options).unwrap();
        let report = verify(&token, &Material::new());
        assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Fail), "{report:#?}");
        // With the forger's own key in the header the signature holds, and is not the issuer's.
        let mut header = parts(&token).0;
        header["jwk"] = forger.public_key().to_jwk();
        header["alg"] = forger.public_key().algorithm().as_str().into();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), token.split('.').nth(1).unwrap());
        let signature = URL_SAFE_NO_PAD.encode(forger.sign_message(signed.as_bytes()).unwrap());
        let report = verify(&format!("{signed}.{signature}"), &Material::new());
        assert_eq!(report.outcome(CheckId::Issuer), Some(Outcome::Fail), "{report:#?}");
        assert!(!report.is_valid());
        // The victim's key under the forger's algorithm.
        header["jwk"] = victim.to_jwk();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), token.split('.').nth(1).unwrap());
        let signature = URL_SAFE_NO_PAD.encode(forger.sign_message(signed.as_bytes()).unwrap());
        assert!(!verify(&format!("{signed}.{signature}"), &Material::new()).is_valid());
    }
}

#[test]
fn the_document_of_a_site_lists_its_keys_and_they_count() {
    let (own, other) = (RsaSigner::new(), key(3072));
    let web = DidWeb::new("badges.example", ["a"]).unwrap();
    let badge = badges::complete(&web.to_string()).to_bytes().unwrap();
    let method = web.verification_method(&own.public_key());
    let key = KeyReference::Kid(method.clone());
    let token = sign_credential(&badge, &own, &JwtOptions::new(JwtProfile::OpenBadges, key)).unwrap();
    let listing = |keys: &[PublicKey]| {
        let mut material = Material::new();
        material.add(web.document_url(), web.document(keys).to_string());
        material
    };
    assert!(verify(&token, &listing(&[other.clone(), own.public_key()])).is_valid());
    assert!(!verify(&token, &listing(std::slice::from_ref(&other))).is_valid());
    let mut swapped = web.document(&[own.public_key()]);
    swapped["verificationMethod"][0]["publicKeyJwk"] = other.to_jwk();
    let mut material = Material::new();
    material.add(web.document_url(), swapped.to_string());
    assert_eq!(verify(&token, &material).outcome(CheckId::Proof), Some(Outcome::Fail), "{method}");
}
