//! Requests to hosts that the manifest names and the operator allowed. `{{name}}` in the URL, a header or the body is replaced
//! by the secret of that name, by the host, after its checks.

pub use crate::bindings::http::{HttpError, Request, Response};

/// Sends a request and waits for the response. Redirects are not followed off the list.
#[cfg(target_arch = "wasm32")]
pub fn send(request: &Request) -> Result<Response, HttpError> {
    crate::bindings::http::send(request)
}

/// Sends a request and waits for the response. Redirects are not followed off the list.
#[cfg(not(target_arch = "wasm32"))]
pub fn send(request: &Request) -> Result<Response, HttpError> {
    crate::testing::send(request)
}
