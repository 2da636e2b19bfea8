//! `Imsx_StatusInfo`: the one form of the Badge Connect API's errors (Open Badges 3.0, section B.3).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::Error;
use serde_json::json;

use crate::problem::{Cause, METHOD, OwnBody, Problem};

/// An error, ready to be answered.
#[derive(Debug)]
pub(super) struct StatusInfo {
    status: StatusCode,
    /// The word for machines.
    minor: &'static str,
    description: String,
    /// For the log.
    cause: Option<String>,
}

impl StatusInfo {
    /// A parameter of the query is at fault.
    pub(super) fn bad_query(description: String) -> Self {
        Self { minor: "invalid_query_parameter", ..Self::of(StatusCode::BAD_REQUEST, description) }
    }

    fn of(status: StatusCode, description: String) -> Self {
        Self { status, minor: minor(status), description, cause: None }
    }
}

impl From<Problem> for StatusInfo {
    fn from(problem: Problem) -> Self {
        let status = match problem.status() {
            // The API knows no other word for a document that is not as it should be.
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        if status.is_server_error() {
            let description = "Something went wrong on our side. Repeat the request later.".to_owned();
            return Self { cause: Some(problem.detail().to_owned()), ..Self::of(status, description) };
        }
        Self::of(status, problem.in_full())
    }
}

impl From<Error> for StatusInfo {
    fn from(error: Error) -> Self {
        Problem::from(error).into()
    }
}

/// The usual word of a status.
fn minor(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "invalid_data",
        401 => "unauthorizedrequest",
        403 => "forbidden",
        404 => "not_found",
        405 => "not_allowed",
        429 => "server_busy",
        500.. => "internal_server_error",
        _ => "unknown",
    }
}

impl IntoResponse for StatusInfo {
    fn into_response(self) -> Response {
        let document = json!({
            "imsx_codeMajor": "failure",
            "imsx_severity": "error",
            "imsx_description": self.description,
            "imsx_codeMinor": { "imsx_codeMinorField": [{
                "imsx_codeMinorFieldName": "TargetEndSystem",
                "imsx_codeMinorFieldValue": self.minor,
            }] },
        });
        let mut response = (self.status, axum::Json(document)).into_response();
        match self.status {
            StatusCode::UNAUTHORIZED => {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS => {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            _ => {}
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
            response.extensions_mut().insert(OwnBody);
        }
        response
    }
}

/// Something is here, but not for this method.
pub(super) async fn no_such_method() -> StatusInfo {
    Problem::new(&METHOD, "this place does not take this method").into()
}
