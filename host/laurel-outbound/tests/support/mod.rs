//! A network that tests control, and servers to find behind it.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use laurel_core::plugins::OutboundRequest;
use laurel_outbound::{Network, SystemNetwork};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Names with the answers they give, one after the other (the last for ever), and public addresses that lead to this machine.
#[derive(Debug, Default)]
pub(crate) struct Stub {
    pub(crate) names: HashMap<String, Vec<Vec<IpAddr>>>,
    pub(crate) detours: HashMap<IpAddr, SocketAddr>,
    pub(crate) asked: AtomicUsize,
    pub(crate) dialled: Mutex<Vec<SocketAddr>>,
}

impl Stub {
    pub(crate) fn name(mut self, name: &str, answers: &[&[&str]]) -> Self {
        let answers = answers.iter().map(|answer| answer.iter().map(|address| address.parse().unwrap()).collect());
        self.names.insert(name.to_owned(), answers.collect());
        self
    }

    pub(crate) fn detour(mut self, from: &str, to: SocketAddr) -> Self {
        self.detours.insert(from.parse().unwrap(), to);
        self
    }
}

#[async_trait]
impl Network for Stub {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let answers = self.names.get(host).ok_or(io::ErrorKind::NotFound)?;
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(answers[asked.min(answers.len() - 1)].clone())
    }

    async fn dial(&self, address: SocketAddr) -> io::Result<TcpStream> {
        self.dialled.lock().unwrap().push(address);
        match self.detours.get(&address.ip()) {
            Some(detour) => SystemNetwork.dial(*detour).await,
            // Tests never leave this machine.
            None if address.ip().is_loopback() => SystemNetwork.dial(address).await,
            None => Err(io::ErrorKind::NetworkUnreachable.into()),
        }
    }
}

pub(crate) fn get(url: &str, allowed: &[&str]) -> OutboundRequest {
    OutboundRequest {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        allowed_hosts: allowed.iter().map(|host| (*host).to_owned()).collect(),
        max_body: 1 << 20,
        timeout: Duration::from_secs(5),
    }
}

/// A server that reads a request's head and answers each connection with these bytes, then waits so long before it closes.
pub(crate) async fn serve(answer: Vec<u8>, wait: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(&answer).await;
            tokio::time::sleep(wait).await;
        }
    });
    address
}
