//! Problem documents (RFC 9457): the one form of every error answer.

use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::store::StoreError;
use laurel_core::{Error, error};
use serde::Serialize;

/// A kind of problem. Its `type` is `/problems/{slug}`, where it is described.
#[derive(Debug)]
pub struct Kind {
    /// Last segment of its `type`.
    pub slug: &'static str,
    /// The HTTP status it comes with, unless the problem says otherwise.
    pub status: StatusCode,
    /// Its `title`.
    pub title: &'static str,
    /// What the caller can do.
    pub help: &'static str,
}

macro_rules! kinds {
    ($($name:ident $slug:literal $status:ident $title:literal $help:literal;)+) => {
        $(pub(crate) static $name: Kind =
            Kind { slug: $slug, status: StatusCode::$status, title: $title, help: $help };)+
        /// Every kind there is.
        pub static KINDS: &[&Kind] = &[$(&$name),+];
    };
}

kinds! {
    MALFORMED "malformed" BAD_REQUEST "The request cannot be read"
        "Correct the syntax that the detail names; nothing was taken.";
    UNAUTHORIZED "unauthorized" UNAUTHORIZED "A valid token is needed"
        "Send `Authorization: Bearer <token>` with a token that was not revoked.";
    FORBIDDEN "forbidden" FORBIDDEN "This token does not allow it"
        "Use a token with the scope (or the assertions) that the detail names.";
    NOT_FOUND "not-found" NOT_FOUND "There is no such thing"
        "Check the id. What belongs to another organisation looks exactly like what does not exist.";
    METHOD "method-not-allowed" METHOD_NOT_ALLOWED "This place does not take this method"
        "Look the place up in /openapi.json.";
    TIMEOUT "timeout" REQUEST_TIMEOUT "The request took too long"
        "Send the whole request without pauses; nothing was taken.";
    CONFLICT "conflict" CONFLICT "It contradicts what is there"
        "Read what is there (the detail names it) and decide anew.";
    TOO_LARGE "too-large" PAYLOAD_TOO_LARGE "The body is too large"
        "Split it. Unless the operator set it otherwise, a request has at most 4 MiB, a component 8 MiB; the data of an event has 64 KiB.";
    MEDIA_TYPE "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "This content type is not taken here"
        "Send the content type that the detail names, without Content-Encoding.";
    INVALID "invalid" UNPROCESSABLE_ENTITY "The input is not valid"
        "Correct each place that `errors` points at; nothing was written.";
    KEY_NEEDED "idempotency-key-needed" BAD_REQUEST "An Idempotency-Key is needed"
        "Send a header `Idempotency-Key` with a value of your own, and the same value when you repeat the request.";
    KEY_REUSED "idempotency-key-reused" UNPROCESSABLE_ENTITY "This Idempotency-Key belongs to another request"
        "Use a fresh key for a request that differs in method, place or body.";
    KEY_BUSY "idempotency-key-in-progress" CONFLICT "The first request with this Idempotency-Key is being worked on"
        "Wait a moment and repeat the request.";
    BUSY "busy" TOO_MANY_REQUESTS "Too much at once"
        "Nothing was taken. Try again after as many seconds as `Retry-After` says.";
    REFUSED "delivery-refused" UNAUTHORIZED "The connector refused the delivery"
        "`reason` says why: unsigned, bad-signature, stale (401), malformed (400), unsupported (422), unavailable (503).";
    PLUGIN "plugin-failed" BAD_GATEWAY "The plugin failed"
        "The plugin broke off or exceeded a limit. Nothing was taken; its operator finds more in the log.";
    INTERNAL "internal" INTERNAL_SERVER_ERROR "Something went wrong on our side"
        "Repeat the request. If it stays so, give the operator the trace id.";
    UNAVAILABLE "unavailable" SERVICE_UNAVAILABLE "Not available at the moment"
        "Try again later.";
}

/// One problem, ready to be answered. Problems of ours (5xx) tell the caller nothing but a trace id; the cause goes to the log.
#[derive(Debug)]
pub struct Problem {
    kind: &'static Kind,
    status: StatusCode,
    detail: String,
    reason: Option<String>,
    errors: Vec<error::Problem>,
    retry_after: Option<u32>,
}

/// The cause of a 5xx, for the log; see [`crate::trace`].
#[derive(Clone, Debug)]
pub(crate) struct Cause(pub(crate) String);

/// Marks an answer to a failure of ours that is no problem document and stays as it is.
#[derive(Clone, Debug)]
pub(crate) struct OwnBody;

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a str>,
}

#[derive(Serialize)]
struct Fault<'a> {
    pointer: &'a str,
    detail: &'a str,
}

impl Problem {
    /// A problem of a kind, in particular words.
    pub fn new(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self { kind, status: kind.status, detail: detail.into(), reason: None, errors: Vec::new(), retry_after: None }
    }

    /// There is no such thing here.
    pub fn not_found(noun: &'static str) -> Self {
        Error::NotFound(noun).into()
    }

    /// The input has faults.
    pub fn invalid(errors: Vec<error::Problem>) -> Self {
        let detail = errors.first().map(|first| first.message.clone()).unwrap_or_default();
        Self { errors, ..Self::new(&INVALID, detail) }
    }

    /// The same, where the faulty part stands deeper in the caller's document.
    #[must_use]
    pub(crate) fn below(mut self, place: &str) -> Self {
        self.errors.iter_mut().for_each(|fault| fault.pointer.insert_str(0, place));
        self
    }

    /// Something that should not happen; `cause` is logged, not answered.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(&INTERNAL, cause)
    }

    /// The HTTP status it will be answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What to change, in words.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The same with every fault and its place, as one text.
    pub(crate) fn in_full(&self) -> String {
        let fault = |fault: &error::Problem| match fault.pointer.as_str() {
            "" => fault.message.clone(),
            pointer => format!("{pointer}: {}", fault.message),
        };
        if self.errors.is_empty() {
            return self.detail.clone();
        }
        self.errors.iter().map(fault).collect::<Vec<_>>().join(" ")
    }

    fn busy(retry_after: u32) -> Self {
        let detail = format!("nothing was taken; try again in {retry_after} s");
        Self { retry_after: Some(retry_after), ..Self::new(&BUSY, detail) }
    }

    fn refused(status: u16, reason: String, detail: String) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, reason: Some(reason), ..Self::new(&REFUSED, detail) }
    }

    /// Whether the caller is told only a trace id. A connector's own refusal and a plugin's failure are no secrets of ours.
    fn is_ours(&self) -> bool {
        self.kind.status.is_server_error() && self.kind.slug != PLUGIN.slug
    }

    fn body(&self, trace: Option<&str>) -> Vec<u8> {
        let errors = self.errors.iter().map(|each| Fault { pointer: &each.pointer, detail: &each.message }).collect();
        let document = Document {
            r#type: format!("/problems/{}", self.kind.slug),
            title: self.kind.title,
            status: self.status.as_u16(),
            detail: if self.is_ours() { "" } else { &self.detail },
            reason: self.reason.as_deref(),
            errors,
            trace,
        };
        serde_json::to_vec(&document).unwrap_or_default()
    }
}

/// The answer to a failure of ours, once it has a trace id.
pub(crate) fn internal_body(status: StatusCode, trace: &str) -> Vec<u8> {
    let kind = if status == StatusCode::SERVICE_UNAVAILABLE { &UNAVAILABLE } else { &INTERNAL };
    Problem::new(kind, "").body(Some(trace))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body(None)).into_response();
        let content_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        let mut add = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
        if let Some(seconds) = self.retry_after {
            add(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            add(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.is_ours() {
            response.extensions_mut().insert(Cause(self.detail));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(_) => Self::new(&NOT_FOUND, error.to_string()),
            Error::Invalid(errors) => Self::invalid(errors),
            Error::Conflict(detail) => Self::new(&CONFLICT, detail),
            Error::Unauthorized => Self::new(&UNAUTHORIZED, error.to_string()),
            Error::Forbidden(_) => Self::new(&FORBIDDEN, error.to_string()),
            Error::TooLarge(detail) => Self::new(&TOO_LARGE, detail),
            Error::Busy { retry_after_seconds } => Self::busy(retry_after_seconds),
            Error::Plugin(_) => Self::new(&PLUGIN, error.to_string()),
            Error::Refused { status, reason, detail } => Self::refused(status, reason, detail),
            Error::Store(error) => error.into(),
            Error::Unavailable(cause) => Self::new(&UNAVAILABLE, cause),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::busy(1),
            StoreError::Taken(what) => Self::new(&CONFLICT, format!("this {what} is already taken")),
            StoreError::Missing(what) => Self::new(&CONFLICT, format!("the {what} it names does not exist")),
            StoreError::Corrupt { .. } | StoreError::Database(_) => Self::internal(error.to_string()),
        }
    }
}

/// Nothing is here.
pub(crate) async fn no_such_place() -> Problem {
    Problem::new(&NOT_FOUND, "nothing is here; /openapi.json lists what is")
}

/// Something is here, but not for this method.
pub(crate) async fn no_such_method() -> Problem {
    Problem::new(&METHOD, "this place does not take this method")
}

/// What a problem's `type` points at.
pub(crate) async fn describe(Path(slug): Path<String>) -> Result<String, Problem> {
    let kind = KINDS.iter().find(|kind| kind.slug == slug).ok_or_else(|| Problem::not_found("kind of problem"))?;
    Ok(format!("{}\n\nHTTP status: {}\n\n{}\n", kind.title, kind.status, kind.help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_ours_say_nothing() {
        let body = String::from_utf8(Problem::internal("password is hunter2").body(Some("4f"))).unwrap();
        assert!(!body.contains("hunter2") && body.contains(r#""trace":"4f""#), "{body}");
    }

    #[test]
    fn faults_of_theirs_are_precise() {
        let problem = Problem::from(Error::invalid("/name", "give it a name"));
        let document: serde_json::Value = serde_json::from_slice(&problem.body(None)).unwrap();
        assert_eq!(document["type"], "/problems/invalid");
        assert_eq!(document["errors"][0]["pointer"], "/name");
        assert_eq!(document["errors"][0]["detail"], "give it a name");
    }

    #[test]
    fn slugs_are_unique() {
        let mut slugs: Vec<_> = KINDS.iter().map(|kind| kind.slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), KINDS.len());
    }
}
