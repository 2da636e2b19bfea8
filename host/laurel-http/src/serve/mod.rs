//! The server: an accept loop of our own, because the stock one keeps slow and idle connections open for ever.

mod idle_body;
#[cfg(test)]
mod slow_clients;
mod stall;
mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use crate::problem::{Problem, TIMEOUT};
use idle_body::IdleBody;
use stall::Stall;

pub use tls::{Tls, TlsError};

/// How long a client may take, and how much it may hold.
#[derive(Clone, Copy, Debug)]
pub struct ServeLimits {
    /// From the connection to its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its headers; also how long a connection may idle between two requests.
    pub headers: Duration,
    /// Between two parts of a body, in either direction.
    pub body_idle: Duration,
    /// From the end of the headers to the answer, body included.
    pub request: Duration,
    /// Headers of a request.
    pub header_count: usize,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Connections at once; further ones wait.
    pub connections: usize,
    /// How long requests under way may go on after the shutdown began.
    pub farewell: Duration,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(5),
            headers: Duration::from_secs(10),
            body_idle: Duration::from_secs(10),
            request: Duration::from_secs(30),
            header_count: 64,
            head_bytes: 64 * 1024,
            connections: 2048,
            farewell: Duration::from_secs(10),
        }
    }
}

/// Serves, with TLS if it is given, until `shutdown` is ready, then lets requests under way come to their end.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    limits: ServeLimits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accept = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            accepted = accept => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let (tls, router, watcher) = (tls.clone(), router.clone(), graceful.watcher());
                tokio::spawn(async move {
                    connection(stream, tls, router, limits, watcher).await;
                    drop(slot);
                });
            }
            Err(error) => {
                // Most likely out of file descriptors: they come back as connections end.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if timeout(limits.farewell, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way were cut off at shutdown");
    }
    Ok(())
}

async fn connection(stream: TcpStream, tls: Option<Tls>, router: Router, limits: ServeLimits, watcher: Watcher) {
    let first = timeout(limits.first_byte, stream.peek(&mut [0])).await;
    if !matches!(first, Ok(Ok(1))) {
        return;
    }
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let Some(tls) = tls else { return converse(stream, router, limits, watcher).await };
    match timeout(limits.headers, tls.accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, router, limits, watcher).await,
        Ok(Err(error)) => tracing::debug!(%error, "no TLS handshake"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn converse<S>(stream: S, router: Router, limits: ServeLimits, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| answer(router.clone(), request, limits));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_headers(limits.header_count)
        .max_buf_size(limits.head_bytes)
        .serve_connection(TokioIo::new(Stall::new(stream, limits.body_idle)), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(router: Router, request: Request<Incoming>, limits: ServeLimits) -> Result<Response<Body>, Infallible> {
    let request = request.map(|body| Body::new(IdleBody::new(body, limits.body_idle)));
    let mut response = match timeout(limits.request, router.oneshot(request)).await {
        Ok(answered) => answered?,
        Err(_) => Problem::new(&TIMEOUT, "the request was not done in time").into_response(),
    };
    // The rest of the body is not wanted any more.
    if matches!(response.status(), StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}
