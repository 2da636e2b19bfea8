//! Speaks to a running host through its API.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use laurel_core::plugins::{Header, Outbound, OutboundRequest};
use laurel_outbound::{Client, Settings};
use serde_json::Value;
use url::Url;

/// Which host, and who asks.
#[derive(Debug, Args)]
pub(crate) struct ApiArgs {
    /// The host's base URL: https, or http on this machine
    #[arg(long, value_name = "URL", env = "LAUREL_SERVER", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// An API token
    #[arg(long, value_name = "TOKEN", env = "LAUREL_TOKEN", hide_env_values = true)]
    token: String,
}

impl ApiArgs {
    /// `GET` a JSON document.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.send("GET", path, None).await
    }

    /// `POST` bytes, and read the JSON answer.
    pub(crate) async fn post(&self, path: &str, content_type: &str, body: Vec<u8>) -> Result<Value> {
        self.send("POST", path, Some((content_type, body))).await
    }

    /// `PUT` a JSON document, and read the JSON answer.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Result<Value> {
        self.send("PUT", path, Some(("application/json", body.to_string().into_bytes()))).await
    }

    async fn send(&self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Result<Value> {
        let url = format!("{}{path}", self.server.trim_end_matches('/'));
        let host = Url::parse(&url).with_context(|| format!("--server {:?}", self.server))?;
        let host = host.host().with_context(|| format!("--server {:?} names no host", self.server))?.to_string();
        let header = |name: &str, value: String| Header { name: name.to_owned(), value };
        let mut headers = vec![header("authorization", format!("Bearer {}", self.token))];
        headers.push(header("accept", "application/json".to_owned()));
        let body = body.map_or_else(Vec::new, |(content_type, body)| {
            headers.push(header("content-type", content_type.to_owned()));
            body
        });
        let timeout = Duration::from_mins(1);
        let request = OutboundRequest {
            method: method.to_owned(),
            url: url.clone(),
            headers,
            body,
            allowed_hosts: vec![host],
            max_body: 8 << 20,
            timeout,
        };
        let settings = Settings { allow_loopback: true, max_timeout: timeout, ..Settings::default() };
        let response = Client::new(settings)?.send(request).await.with_context(|| format!("cannot reach {url}"))?;
        let document: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if !(200..300).contains(&response.status) {
            bail!("{method} {url}: {}", problem(response.status, &document));
        }
        Ok(document)
    }
}

/// A problem document on one line.
fn problem(status: u16, document: &Value) -> String {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let faults = document.get("errors").and_then(Value::as_array).filter(|faults| !faults.is_empty());
    let Some(faults) = faults else {
        return format!("{status} {}", text("detail").or_else(|| text("title")).unwrap_or("without a word why"));
    };
    // The detail repeats the first fault: each is said once.
    let mut line = format!("{status} {}", text("title").unwrap_or("not valid"));
    for (number, fault) in faults.iter().enumerate() {
        let part = |name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default();
        let place = if part("pointer").is_empty() { String::new() } else { format!("{} ", part("pointer")) };
        line.push_str(&format!("{} {place}{}", if number == 0 { ":" } else { ";" }, part("detail")));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_problem_is_said_once() {
        let why = "this is not a WebAssembly component";
        let document =
            json!({ "title": "The input is not valid", "detail": why, "errors": [{ "pointer": "", "detail": why }] });
        assert_eq!(problem(422, &document), format!("422 The input is not valid: {why}"));
        let document = json!({ "title": "The input is not valid", "detail": "a", "errors": [
            { "pointer": "/x", "detail": "a" }, { "pointer": "/y", "detail": "b" }] });
        assert_eq!(problem(422, &document), "422 The input is not valid: /x a; /y b");
        assert_eq!(problem(409, &json!({ "title": "Conflict", "detail": "it is there" })), "409 it is there");
        assert_eq!(problem(502, &Value::Null), "502 without a word why");
    }
}
