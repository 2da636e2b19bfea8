//! Just enough of HTTP to speak to a host on this machine, so that xtask stays small.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Speaks to one host.
#[derive(Clone, Debug)]
pub(super) struct Client {
    port: u16,
    token: String,
}

/// What the host answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Client {
    pub(super) fn new(port: u16, token: String) -> Self {
        Self { port, token }
    }

    /// `GET` a JSON document.
    pub(super) fn get(&self, path: &str) -> Result<Value> {
        self.called("GET", path, &[], b"")
    }

    /// `POST` a JSON document.
    pub(super) fn post(&self, path: &str, document: &Value) -> Result<Value> {
        self.called("POST", path, &[("content-type", "application/json")], document.to_string().as_bytes())
    }

    /// `POST` a JSON document that takes effect once, however often it is sent under this key.
    pub(super) fn post_once(&self, path: &str, key: &str, document: &Value) -> Result<Value> {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.called("POST", path, &headers, document.to_string().as_bytes())
    }

    /// `POST` bytes of some type.
    pub(super) fn upload(&self, path: &str, content_type: &str, bytes: &[u8]) -> Result<Value> {
        self.called("POST", path, &[("content-type", content_type)], bytes)
    }

    /// A call of the API, which must succeed.
    fn called(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Value> {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = headers.to_vec();
        headers.push(("authorization", &bearer));
        headers.push(("accept", "application/json"));
        let answer = self.send(method, path, &headers, body)?;
        if !(200..300).contains(&answer.status) {
            let text = String::from_utf8_lossy(&answer.body);
            bail!("{method} {path}: {} {}", answer.status, text.trim());
        }
        Ok(answer.json())
    }

    /// One request as it is, and whatever comes back.
    pub(super) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut stream = TcpStream::connect(address).with_context(|| format!("nobody listens on {address}"))?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        // HTTP/1.0 has neither chunks nor connections that stay open: an answer ends where the connection does.
        let mut head = format!("{method} {path} HTTP/1.0\r\nhost: {address}\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut whole = Vec::new();
        stream.read_to_end(&mut whole)?;
        parse(&whole).with_context(|| format!("{method} {path}: the answer is no HTTP"))
    }
}

fn parse(whole: &[u8]) -> Option<Answer> {
    let end = whole.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&whole[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: whole[end + 4..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_body() {
        let answer = parse(b"HTTP/1.0 404 Not Found\r\nx: y\r\n\r\n{\"a\":1}").unwrap();
        assert_eq!((answer.status, answer.json()["a"].as_i64()), (404, Some(1)));
        assert!(parse(b"HTTP/1.0 200").is_none());
    }
}
