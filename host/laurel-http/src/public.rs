//! Documents that anybody may read: credentials, status lists, DID documents.
//!
//! `/credentials/{id}` and `/achievements/{id}` are pages as well; their routes stand with the pages, which call [`credential`] where
//! a machine asks.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawPathParams, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use laurel_core::Error;
use laurel_core::id::{ImageId, PublicId};
use laurel_core::images::{self, Image};
use laurel_core::organisations;
use laurel_core::status::Topic;
use laurel_openbadges::jwt::is_token;
use sha2::{Digest, Sha256};

use crate::problem::{self, Problem};
use crate::state::AppState;

/// The media type of signed documents with their proof inside.
pub(crate) const CREDENTIAL: &str = "application/vc+ld+json";
/// The media type of signed tokens.
const TOKEN: &str = "application/vc+jwt";

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/status/{id}/{purpose}", get(status_list))
        .route("/.well-known/did.json", get(did_document))
        .route("/{first}/did.json", get(did_document))
        .route("/{first}/{second}/did.json", get(did_document))
        .route("/images/{id}", get(image))
        .route("/problems/{slug}", get(problem::describe))
}

/// A signed credential: exactly the bytes that were signed. It never changes.
pub(crate) async fn credential(state: &AppState, id: PublicId) -> Result<Response, Problem> {
    let document = state.house.store.credential(id).await?.ok_or(Error::NotFound("credential"))?;
    let media = media_type(&document, CREDENTIAL);
    Ok(served(document, media, "public, max-age=31536000, immutable"))
}

/// The media type of a stored credential, for a client that asked for `json`: a token is not JSON, whoever asks.
pub(crate) fn media_type(credential: &[u8], json: &'static str) -> &'static str {
    if is_token(credential) { TOKEN } else { json }
}

/// A picture of an achievement. It never changes, and nothing in it runs.
async fn image(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id: ImageId = id.parse().map_err(|_| Problem::not_found("image"))?;
    Ok(picture(images::find(&state.house, id).await?, "public, max-age=31536000, immutable"))
}

/// A picture as its own document: it is no script, and whatever else a browser might take it for, it may load and run nothing.
pub(crate) fn picture(image: Image, cache: &'static str) -> Response {
    let mut response = served(image.bytes, image.media.media_type(), cache);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A published status list, with an `ETag` so that asking again is cheap.
async fn status_list(
    State(state): State<AppState>,
    Path((id, topic)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let nothing = || Problem::not_found("status list");
    let id: PublicId = id.parse().map_err(|_| nothing())?;
    let topic: Topic = topic.parse().map_err(|_| nothing())?;
    let (document, _) = state.house.store.status_document(id, topic).await?.ok_or_else(nothing)?;
    let tag = format!("\"{:x}\"", u128::from_be_bytes(first_half(&Sha256::digest(&document))));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|each| each.trim().trim_start_matches("W/") == tag));
    let media = media_type(&document, CREDENTIAL);
    let mut response = served(document, media, "public, max-age=60, must-revalidate");
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    let tag = HeaderValue::try_from(tag).map_err(|error| Problem::internal(error.to_string()))?;
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

fn first_half(digest: &[u8]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

/// The DID document of an issuer with a `did:web`.
async fn did_document(
    State(state): State<AppState>,
    params: RawPathParams,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let path: Vec<&str> = params.iter().map(|(_, value)| value).collect();
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let document = organisations::did_document(&state.house, host, &path).await?;
    Ok(served(document.to_string().into_bytes(), "application/did+json", "public, max-age=300"))
}

fn served(document: Vec<u8>, content_type: &'static str, cache: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, cache),
        // A verifier in somebody's browser reads it from another origin.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, document).into_response()
}
