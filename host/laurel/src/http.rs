//! Serves over HTTP, as the settings say.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use laurel_core::House;
use laurel_core::plugins::Outbound;
use laurel_http::{AppState, ServeLimits};
use tokio::net::TcpListener;

use crate::config::Http;

/// Serves until `stop` is ready and the requests under way have been answered.
pub(crate) async fn serve(
    listener: TcpListener,
    house: House,
    outbound: Arc<dyn Outbound>,
    settings: &Http,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let state = AppState::new(house, config(settings)).with_outbound(outbound);
    let served = laurel_http::serve(listener, laurel_http::router(state), limits(settings), stop).await;
    served.context("the server failed")
}

fn config(settings: &Http) -> laurel_http::Config {
    laurel_http::Config {
        max_request: settings.max_request,
        max_component: settings.max_component,
        token_memory: Duration::from_millis(settings.token_memory_millis),
    }
}

/// How long clients may take, and how much they may hold.
pub(crate) fn limits(settings: &Http) -> ServeLimits {
    ServeLimits {
        first_byte: Duration::from_millis(settings.first_byte_millis),
        headers: Duration::from_millis(settings.headers_millis),
        body_idle: Duration::from_millis(settings.body_idle_millis),
        request: Duration::from_millis(settings.request_millis),
        header_count: settings.header_count,
        head_bytes: settings.head_bytes,
        connections: settings.connections,
        farewell: Duration::from_millis(settings.farewell_millis),
    }
}
