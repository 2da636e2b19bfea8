//! `http`: requests to hosts that the manifest names and the operator granted, with secrets filled in by the host.

use std::time::Duration;

use laurel_core::plugins::{CallContext, Header, Manifest, Outbound, OutboundError, OutboundRequest, OutboundResponse};
use zeroize::Zeroizing;

use super::secrets::{self, Denied};
use crate::limits::{MAX_RESPONSE, REQUEST_TIMEOUT};

/// Methods a plugin may use.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Values shorter than this are not looked for in an answer: they would be found by chance.
const SHORTEST_MASKED: usize = 6;

/// Why a request got no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HttpError {
    NotGranted(String),
    Timeout,
    TooLarge,
    Failed(String),
}

/// What a plugin asks for; `{{name}}` in the URL, a header's value or the body stands for a secret.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Vec<u8>,
}

/// The way out of one call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) context: &'a CallContext,
    pub(crate) outbound: &'a dyn Outbound,
    /// What is left of the call's time.
    pub(crate) time: Duration,
}

impl Gate<'_> {
    /// Checks, fills in, sends, and masks the secrets should the answer repeat them.
    pub(crate) async fn send(self, request: Request) -> Result<OutboundResponse, HttpError> {
        let mut filled = Filled::new(self.manifest, self.context);
        let outgoing = self.prepare(request, &mut filled)?;
        match self.outbound.send(outgoing).await {
            Ok(response) => Ok(filled.mask_response(response)),
            Err(OutboundError::NotAllowed(why)) => Err(HttpError::NotGranted(filled.mask(&why))),
            Err(OutboundError::Timeout) => Err(HttpError::Timeout),
            Err(OutboundError::TooLarge(_)) => Err(HttpError::TooLarge),
            Err(OutboundError::Failed(why)) => Err(HttpError::Failed(filled.mask(&why))),
        }
    }

    fn prepare(self, request: Request, filled: &mut Filled<'_>) -> Result<OutboundRequest, HttpError> {
        if !METHODS.contains(&request.method.as_str()) {
            return Err(HttpError::NotGranted(format!(
                "method {:?}: use one of {}",
                request.method,
                METHODS.join(", ")
            )));
        }
        let host = host(&request.url).ok_or_else(|| {
            HttpError::NotGranted("url: write https:// and a host name, without user and port".to_owned())
        })?;
        self.check_host(host)?;
        let allowed_hosts = vec![host.to_owned()];
        let url = filled.fill(&request.url, percent_encoded)?;
        let mut headers = Vec::with_capacity(request.headers.len());
        for Header { name, value } in request.headers {
            headers.push(Header { name, value: filled.fill(&value, str::to_owned)? });
        }
        Ok(OutboundRequest {
            method: request.method,
            url,
            headers,
            body: filled.fill_body(request.body)?,
            allowed_hosts,
            max_body: MAX_RESPONSE,
            timeout: self.time.min(REQUEST_TIMEOUT),
        })
    }

    fn check_host(self, host: &str) -> Result<(), HttpError> {
        let named = |hosts: &[String]| hosts.iter().any(|allowed| allowed == host);
        if !named(&self.manifest.hosts) {
            return Err(HttpError::NotGranted(format!("the manifest does not name the host {host:?}")));
        }
        if !named(&self.context.grant.hosts) {
            return Err(HttpError::NotGranted(format!("the host {host:?} is not granted to this installation")));
        }
        Ok(())
    }
}

/// The host of an https URL, if it stands there in plain: no user, no port, no placeholder, lower case. The way out parses the
/// whole URL again and compares.
pub(crate) fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    (!host.is_empty() && host.bytes().all(plain)).then_some(host)
}

/// Fills placeholders and remembers what it filled in.
struct Filled<'a> {
    manifest: &'a Manifest,
    context: &'a CallContext,
    used: Vec<(String, &'a Zeroizing<String>)>,
}

impl<'a> Filled<'a> {
    fn new(manifest: &'a Manifest, context: &'a CallContext) -> Self {
        Self { manifest, context, used: Vec::new() }
    }

    /// The newest value.
    fn secret(&mut self, name: &str) -> Result<&'a Zeroizing<String>, HttpError> {
        let values = secrets::values(self.manifest, self.context, name)
            .map_err(|(Denied::NotGranted(why) | Denied::NotSet(why))| HttpError::NotGranted(why))?;
        let value = values[0];
        if !self.used.iter().any(|(used, _)| used == name) {
            self.used.push((name.to_owned(), value));
        }
        Ok(value)
    }

    fn fill(&mut self, template: &str, encode: fn(&str) -> String) -> Result<String, HttpError> {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((name, start, end)) = placeholder(rest) {
            text.push_str(&rest[..start]);
            text.push_str(&encode(self.secret(name)?));
            rest = &rest[end..];
        }
        text.push_str(rest);
        Ok(text)
    }

    /// A body that is not text holds no placeholder.
    fn fill_body(&mut self, body: Vec<u8>) -> Result<Vec<u8>, HttpError> {
        match String::from_utf8(body) {
            Ok(text) => Ok(self.fill(&text, str::to_owned)?.into_bytes()),
            Err(binary) => Ok(binary.into_bytes()),
        }
    }

    fn mask(&self, text: &str) -> String {
        let worth = self.used.iter().filter(|(_, value)| value.len() >= SHORTEST_MASKED);
        worth.fold(text.to_owned(), |text, (name, value)| {
            let placeholder = format!("{{{{{name}}}}}");
            text.replace(value.as_str(), &placeholder).replace(&percent_encoded(value), &placeholder)
        })
    }

    fn mask_response(&self, mut response: OutboundResponse) -> OutboundResponse {
        if self.used.is_empty() {
            return response;
        }
        for header in &mut response.headers {
            header.value = self.mask(&header.value);
        }
        response.body = match String::from_utf8(response.body) {
            Ok(text) => self.mask(&text).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        response
    }
}

/// The first `{{name}}`: the name, and where it begins and ends. Braces around anything but a name are plain text.
fn placeholder(text: &str) -> Option<(&str, usize, usize)> {
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|at| from + at) {
        let inner = &text[start + 2..];
        let length = inner.bytes().take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-').count();
        if (1..=63).contains(&length) && inner[length..].starts_with("}}") {
            return Some((&inner[..length], start, start + length + 4));
        }
        from = start + 1;
    }
    None
}

/// All but the unreserved characters (RFC 3986, section 2.3) escaped: a value cannot leave its place in the URL.
fn percent_encoded(value: &str) -> String {
    value.bytes().fold(String::with_capacity(value.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;

    use super::*;
    use crate::capability::secrets::tests::one_secret;

    const SECRET: &str = "s3cr3t/../x";

    /// Answers with everything it was sent.
    #[derive(Debug, Default)]
    struct Echo(Mutex<Vec<OutboundRequest>>);

    #[async_trait]
    impl Outbound for Echo {
        async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
            let headers = request.headers.clone();
            let body = [request.url.as_bytes(), b" ", &request.body].concat();
            self.0.lock().unwrap().push(request);
            Ok(OutboundResponse { status: 200, headers, body })
        }
    }

    fn send(url: &str, header: &str, body: &str) -> (Result<OutboundResponse, HttpError>, Vec<OutboundRequest>) {
        let (manifest, context) = one_secret(&[SECRET]);
        let echo = Echo::default();
        let gate = Gate { manifest: &manifest, context: &context, outbound: &echo, time: Duration::from_secs(1) };
        let headers = vec![Header { name: "authorization".to_owned(), value: header.to_owned() }];
        let request = Request { method: "POST".to_owned(), url: url.to_owned(), headers, body: body.into() };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(gate.send(request));
        (answer, echo.0.into_inner().unwrap())
    }

    #[test]
    fn the_host_fills_in_and_takes_out_again() {
        let (answer, sent) = send("https://api.example.org/v1?key={{a}}", "Bearer {{a}}", "{\"k\":\"{{a}}\",\"{{\":1}");
        assert_eq!(sent[0].url, "https://api.example.org/v1?key=s3cr3t%2F..%2Fx");
        assert_eq!(sent[0].headers[0].value, "Bearer s3cr3t/../x");
        assert_eq!(sent[0].body, b"{\"k\":\"s3cr3t/../x\",\"{{\":1}");
        assert_eq!(sent[0].allowed_hosts, ["api.example.org"]);
        let answer = answer.unwrap();
        assert_eq!(answer.headers[0].value, "Bearer {{a}}");
        assert_eq!(answer.body, b"https://api.example.org/v1?key={{a}} {\"k\":\"{{a}}\",\"{{\":1}");
    }

    #[test]
    fn nothing_leaves_for_elsewhere() {
        for url in [
            "https://elsewhere.example.org/",
            "https://other.example.org/",
            "http://api.example.org/",
            "https://api.example.org:8443/",
            "https://user@api.example.org/",
            "https://{{a}}.example.org/",
            "https://api.example.org\\@evil.example/",
            "https://API.example.org/",
            "https://127.0.0.1/",
            "file:///etc/passwd",
            "",
        ] {
            let (answer, sent) = send(url, "", "{{a}}");
            assert!(matches!(answer, Err(HttpError::NotGranted(_))), "{url}");
            assert!(sent.is_empty(), "{url}");
        }
    }

    #[test]
    fn a_secret_that_is_not_granted_is_not_sent() {
        for name in ["b", "unnamed", "nowhere"] {
            let (answer, sent) = send("https://api.example.org/", &format!("{{{{{name}}}}}"), "");
            assert!(matches!(answer, Err(HttpError::NotGranted(_))), "{name}");
            assert!(sent.is_empty());
        }
    }
}
