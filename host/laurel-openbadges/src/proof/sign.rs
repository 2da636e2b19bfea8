//! Making proofs (`EdDSA` Cryptosuites 1.0, sections 3.2.1 and 3.3.1).

use sha2::{Digest, Sha256};

use super::chain;
use super::config::template;
use super::verify::ProofError;
use super::{Cryptosuite, ProofOptions};
use crate::canonical::{self, CanonicalizeError};
use crate::contexts::Contexts;
use crate::json::{self, JsonError, Object, Value};
use crate::keys::{JwsAlgorithm, MessageSigner, PublicKey, SignerError};
use crate::work::Work;
use crate::{Limits, jcs, multibase};

/// Why a document was not signed. Nothing is ever signed in part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The document is not acceptable JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The document is not an object.
    #[error("the document must be a JSON object")]
    NotAnObject,
    /// The document has a proof already; see [`add_proof`].
    #[error("the document has a proof already; use add_proof to add one more")]
    AlreadySigned,
    /// The document has no canonical form: something in it would not be signed.
    #[error(transparent)]
    Canonicalize(#[from] CanonicalizeError),
    /// The proof to continue from is not there.
    #[error(transparent)]
    Chain(#[from] ProofError),
    /// The key is of another kind than the cryptosuites want.
    #[error("a proof inside wants an Ed25519 key, and this is one for {0}")]
    Algorithm(JwsAlgorithm),
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

/// Signs an unsigned document: the bytes given, with a member `proof` added at the end
/// (Data Integrity 1.0, section 4.2; `EdDSA` Cryptosuites 1.0, sections 3.2.1 and 3.3.1).
///
/// Deterministic: the same bytes, key and options give the same result. What is given is not rewritten,
/// so that `unsigned` without its closing brace is a prefix of the result.
///
/// # Errors
/// If the document is no JSON object, has a proof already, or, for `eddsa-rdfc-2022`, holds anything the
/// signature would not cover: undefined terms, unknown contexts, relative identifiers, nulls.
pub fn sign(unsigned: &[u8], key: &dyn MessageSigner, options: &ProofOptions) -> Result<Vec<u8>, SignError> {
    sign_with(unsigned, key, options, Contexts::bundled(), &Limits::default())
}

/// [`sign`] with contexts and limits of one's own.
///
/// # Errors
/// As for [`sign`].
pub fn sign_with(
    unsigned: &[u8],
    key: &dyn MessageSigner,
    options: &ProofOptions,
    contexts: &Contexts,
    limits: &Limits,
) -> Result<Vec<u8>, SignError> {
    let document = read_object(unsigned, limits)?;
    if document.get("proof").is_some() {
        return Err(SignError::AlreadySigned);
    }
    let is_empty = document.members.is_empty();
    let proof = make(document, key, options, contexts, limits)?;
    let end = unsigned.iter().rposition(|byte| *byte == b'}').ok_or(SignError::NotAnObject)?;
    let mut out = Vec::with_capacity(end + proof.len() + 12);
    out.extend_from_slice(&unsigned[..end]);
    if !is_empty {
        out.push(b',');
    }
    out.extend_from_slice(b"\"proof\":");
    out.extend_from_slice(proof.as_bytes());
    out.push(b'}');
    Ok(out)
}

/// Adds one more proof to a signed document: beside the others (a proof set), or after those that
/// [`ProofOptions::previous_proof`] names (a proof chain; Data Integrity 1.0, section 4.3). The document is written anew, compactly.
///
/// # Errors
/// As for [`sign`]; and if a proof named as previous is not there.
pub fn add_proof(
    signed: &[u8],
    key: &dyn MessageSigner,
    options: &ProofOptions,
    contexts: &Contexts,
    limits: &Limits,
) -> Result<Vec<u8>, SignError> {
    let document = read_object(signed, limits)?;
    let all = chain::proofs(&document).to_vec();
    let unsecured = document.without(&["proof"]);
    let members = options.members();
    let mut input = unsecured.clone();
    if let Some(previous) = chain::previous(&all, &members)? {
        input.set("proof", previous);
    }
    let proof = make(input, key, options, contexts, limits)?;
    let proof = json::parse(proof.as_bytes(), limits)?;
    let mut secured = unsecured.clone();
    let mut proofs = all;
    proofs.push(proof);
    secured.set("proof", if proofs.len() == 1 { proofs.remove(0) } else { Value::Array(proofs) });
    let mut out = String::with_capacity(signed.len() + 512);
    jcs::push_in_order(&mut out, &Value::Object(secured));
    Ok(out.into_bytes())
}

fn read_object<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Object<'a>, SignError> {
    match json::parse(bytes, limits)? {
        Value::Object(object) => Ok(object),
        _ => Err(SignError::NotAnObject),
    }
}

/// The proof over `input`, as JSON text.
fn make(
    input: Object<'_>,
    key: &dyn MessageSigner,
    options: &ProofOptions,
    contexts: &Contexts,
    limits: &Limits,
) -> Result<String, SignError> {
    let mut members = options.members();
    let work = Work::within(limits);
    let (config, document) = match options.cryptosuite {
        Cryptosuite::EddsaJcs2022 => {
            if let Some(context) = input.get("@context") {
                members.set("@context", context.clone());
            }
            (jcs::of_members(members.iter().collect()), jcs::of_members(input.iter().collect()))
        }
        Cryptosuite::EddsaRdfc2022 => {
            let config = rdfc_config(&members, input.get("@context"), contexts, &work)?;
            (config, canonical::of_object(&input, None, contexts, &work)?)
        }
    };
    let signature = signature(key, &hash_data(&config, &document))?;
    members.set("proofValue", Value::String(multibase::base58(&signature).into()));
    let mut text = String::with_capacity(512);
    jcs::push_in_order(&mut text, &Value::Object(members));
    Ok(text)
}

/// The signature of Ed25519, by a key that is of it.
fn signature(key: &dyn MessageSigner, message: &[u8; 64]) -> Result<[u8; 64], SignError> {
    let public = key.public_key();
    if !matches!(public, PublicKey::Ed25519(_)) {
        return Err(SignError::Algorithm(public.algorithm()));
    }
    let signature = key.sign_message(message)?;
    let size = signature.len();
    signature.try_into().map_err(|_| SignerError(format!("an Ed25519 signature has 64 bytes, not {size}")).into())
}

/// The canonical configuration: the options under the document's own contexts.
pub(super) fn rdfc_config<'a>(
    members: &Object<'a>,
    context: Option<&Value<'a>>,
    contexts: &Contexts,
    work: &Work<'_>,
) -> Result<String, CanonicalizeError> {
    if let Some(config) = template(members, context) {
        return Ok(config);
    }
    let mut config = members.clone();
    if let Some(context) = context {
        config.set("@context", context.clone());
    }
    canonical::of_object(&config, None, contexts, work)
}

/// What is signed: the hash of the configuration, then the hash of the document (sections 3.2.4 and 3.3.4).
pub(super) fn hash_data(config: &str, document: &str) -> [u8; 64] {
    let mut both = [0; 64];
    both[..32].copy_from_slice(&Sha256::digest(config.as_bytes()));
    both[32..].copy_from_slice(&Sha256::digest(document.as_bytes()));
    both
}
