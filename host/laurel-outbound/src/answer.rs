//! What goes over the connection: one HTTP/1.1 request, one bounded answer.

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use laurel_core::plugins::{Header, OutboundError, OutboundRequest, OutboundResponse};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::AbortHandle;

use crate::target::Target;

/// Most headers of an answer, and the bytes they may take.
const MAX_HEADERS: usize = 100;
const MAX_HEAD: usize = 64 << 10;

/// Headers that belong to the connection, which is the host's.
const OWN_HEADERS: [&str; 10] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "proxy-authorization",
];

/// The request as it goes on the wire.
pub(crate) fn build(target: &Target, request: OutboundRequest) -> Result<Request<Full<Bytes>>, OutboundError> {
    let refuse = |why: String| OutboundError::NotAllowed(why);
    let host = if matches!((target.tls, target.port), (true, 443) | (false, 80)) {
        target.host.to_string()
    } else {
        format!("{}:{}", target.host, target.port)
    };
    let mut built = Request::builder().method(request.method.as_str()).uri(&target.path).header(HOST, host);
    for Header { name, value } in request.headers {
        let name = HeaderName::try_from(&name).map_err(|_| refuse(format!("{name:?} is no header name")))?;
        if OWN_HEADERS.contains(&name.as_str()) {
            return Err(refuse(format!("the header {name} is the host's to set")));
        }
        // The value may hold a secret: it is not repeated.
        let value =
            HeaderValue::try_from(value).map_err(|_| refuse(format!("the value of {name} is no header value")))?;
        built = built.header(name, value);
    }
    let mut built =
        built.body(Full::from(request.body)).map_err(|_| refuse("the request is not valid HTTP".to_owned()))?;
    built.headers_mut().entry(USER_AGENT).or_insert(HeaderValue::from_static("laurel"));
    Ok(built)
}

/// Sends the request and reads the answer, whatever its status: a redirect is an answer like any other.
pub(crate) async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
    max_body: usize,
) -> Result<OutboundResponse, OutboundError> {
    let (mut sender, connection) = http1::Builder::new()
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failed(&error))?;
    // The connection ends with the answer, also when the caller gives up half-way.
    let _driver = AbortOnDrop(tokio::spawn(connection).abort_handle());
    let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
    read(response, max_body).await
}

async fn read(response: Response<Incoming>, max_body: usize) -> Result<OutboundResponse, OutboundError> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| Header {
            name: name.as_str().to_owned(),
            value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
        })
        .collect();
    let body = Limited::new(response.into_body(), max_body).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            OutboundError::TooLarge(max_body)
        } else {
            OutboundError::Failed(error.to_string())
        }
    })?;
    Ok(OutboundResponse { status, headers, body: body.to_bytes().into() })
}

fn failed(error: &hyper::Error) -> OutboundError {
    OutboundError::Failed(error.to_string())
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
