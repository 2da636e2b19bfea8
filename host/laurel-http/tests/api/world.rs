//! The world outside: documents at addresses, and who was asked for them.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use laurel_core::plugins::{Header, Outbound, OutboundError, OutboundRequest, OutboundResponse};

#[derive(Debug, Default)]
pub(crate) struct World {
    documents: Mutex<HashMap<String, OutboundResponse>>,
    asked: Mutex<Vec<String>>,
    under_way: AtomicUsize,
    /// Most requests that were under way at once.
    pub(crate) at_once: AtomicUsize,
}

impl World {
    /// Serves a document from now on.
    pub(crate) fn serve(&self, url: &str, document: impl Into<Vec<u8>>) {
        self.answer(url, 200, "", document);
    }

    pub(crate) fn answer(&self, url: &str, status: u16, cache_control: &str, document: impl Into<Vec<u8>>) {
        let headers = vec![Header { name: "cache-control".to_owned(), value: cache_control.to_owned() }];
        let response = OutboundResponse { status, headers, body: document.into() };
        self.documents.lock().unwrap().insert(url.to_owned(), response);
    }

    /// What was asked for since this was called last, sorted.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

#[async_trait]
impl Outbound for World {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.at_once.fetch_max(under_way, Ordering::SeqCst);
        self.asked.lock().unwrap().push(request.url.clone());
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        let found = self.documents.lock().unwrap().get(&request.url).cloned();
        found.ok_or_else(|| OutboundError::Failed("nobody is there".to_owned()))
    }
}
