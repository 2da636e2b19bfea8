//! A browser with its cookies, and a client of somebody else that wants at an earner's badges.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use laurel_core::clients::ClientScope;
use serde_json::{Value, json};

use crate::app::{Answer, App};

pub(crate) const BASE: &str = "https://badges.example.org";
/// The pair of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Text as it stands in an address.
pub(crate) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// One parameter of the address that an answer leads to.
pub(crate) fn parameter(answer: &Answer, name: &str) -> Option<String> {
    let location = answer.headers.get("location")?.to_str().unwrap();
    let (_, query) = location.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
            rest = &rest[2..];
        } else {
            bytes.push(*byte);
        }
    }
    Some(String::from_utf8(bytes).unwrap())
}

/// The hidden fields of a page's form.
pub(crate) fn hidden(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |input: &str| {
        let (name, rest) = input.split_once("\" value=\"").unwrap();
        let value = rest.split_once('"').unwrap().0.replace("&#38;", "&").replace("&#34;", "\"");
        (name.to_owned(), value)
    };
    inputs.map(field).collect()
}

/// A browser.
#[derive(Debug, Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser in which somebody signed in.
    pub(crate) async fn signed_in(app: &App, subject: &str) -> Self {
        let mut browser = Self::default();
        let link = sign_in_link(app, subject).await;
        assert_eq!(browser.submit(app, &link, &[]).await.headers["location"], "/account");
        browser
    }

    pub(crate) async fn get(&mut self, app: &App, path: &str) -> Answer {
        self.send(app, Method::GET, path, String::new(), &[]).await
    }

    pub(crate) async fn submit(&mut self, app: &App, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(app, Method::POST, path, form(fields), &[("sec-fetch-site", "same-origin")]).await
    }

    pub(crate) async fn send(
        &mut self,
        app: &App,
        method: Method,
        path: &str,
        body: String,
        headers: &[(&str, &str)],
    ) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header("cookie", cookies.join("; "));
        request = request.header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = app.send(request.body(Body::from(body)).unwrap()).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Secure"));
            assert!(cookie.starts_with("__Host-") && cookie.contains("; Path=/;"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// What the earner presses on the question of a client.
    pub(crate) async fn consent(&mut self, app: &App, question: &str, answer: &str) -> Answer {
        let page = self.get(app, question).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let fields = hidden(&page.text());
        let mut fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("answer", answer));
        self.submit(app, "/ims/ob/v3p0/authorize", &fields).await
    }
}

/// The path of a fresh link for a subject of the organisation `acme`.
pub(crate) async fn sign_in_link(app: &App, subject: &str) -> String {
    let token = app.token("acme", json!({ "name": "portal", "scopes": ["sign-in"] })).await;
    let path = format!("/v1/organisations/acme/subjects/{subject}/sign-in");
    let made = app.call(&token, "POST", &path, &Value::Null).await.expect(201);
    made["url"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned()
}

/// A person of the organisation `acme`; the subject.
pub(crate) async fn person(app: &App, name: &str) -> Value {
    let address = format!("{}@example.org", name.to_lowercase());
    let identifiers = json!([{ "type": "email", "address": address }]);
    let body = json!({ "kind": "person", "name": name, "identifiers": identifiers });
    app.post("/v1/organisations/acme/subjects", body).await.expect(201)
}

/// A client that registered itself.
#[derive(Clone, Debug)]
pub(crate) struct Wallet {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) redirect: String,
}

impl Wallet {
    pub(crate) async fn register(app: &App, host: &str) -> Self {
        let redirect = format!("https://{host}/cb?from=laurel");
        let metadata = json!({
            "client_name": format!("Wallet of {host}"), "client_uri": format!("https://{host}/"),
            "redirect_uris": [redirect], "scope": ClientScope::write_list(&ClientScope::ALL),
            "token_endpoint_auth_method": "client_secret_basic", "software_version": "1", "unknown": 7,
        });
        let registered = register(app, &metadata).await.expect(201);
        let text = |name: &str| registered[name].as_str().unwrap().to_owned();
        Self { id: text("client_id"), secret: text("client_secret"), redirect }
    }

    /// The address of its question.
    pub(crate) fn question(&self, scopes: &[ClientScope]) -> String {
        let scope = ClientScope::write_list(scopes);
        self.question_with(&[("scope", &scope)])
    }

    /// The same with other parameters; an empty one is left out.
    pub(crate) fn question_with(&self, other: &[(&str, &str)]) -> String {
        let usual = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", &self.redirect),
            ("scope", ClientScope::CredentialReadonly.as_str()),
            ("state", "s t&a=te"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let mut fields: BTreeMap<&str, &str> = usual.into_iter().collect();
        fields.extend(other.iter().copied());
        let fields: Vec<(&str, &str)> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("/ims/ob/v3p0/authorize?{}", form(&fields))
    }

    /// Asks an earner, who says yes; the code.
    pub(crate) async fn code(&self, app: &App, browser: &mut Browser, scopes: &[ClientScope]) -> String {
        let answer = browser.consent(app, &self.question(scopes), "allow").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        parameter(&answer, "code").unwrap()
    }

    /// Connects to an earner; the tokens.
    pub(crate) async fn connect(&self, app: &App, browser: &mut Browser, scopes: &[ClientScope]) -> Value {
        let code = self.code(app, browser, scopes).await;
        self.redeem(app, &code, &[]).await.expect(200)
    }

    pub(crate) async fn redeem(&self, app: &App, code: &str, other: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect),
            ("code_verifier", VERIFIER),
        ];
        let mut fields: BTreeMap<&str, &str> = usual.into_iter().collect();
        fields.extend(other.iter().copied());
        self.post(app, "token", &fields.into_iter().collect::<Vec<_>>()).await
    }

    pub(crate) async fn refresh(&self, app: &App, token: &str) -> Answer {
        self.post(app, "token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    pub(crate) async fn post(&self, app: &App, place: &str, fields: &[(&str, &str)]) -> Answer {
        let basic = BASE64_STANDARD.encode(format!("{}:{}", self.id, self.secret));
        let request = Request::post(format!("/ims/ob/v3p0/{place}"))
            .header("authorization", format!("Basic {basic}"))
            .header("content-type", "application/x-www-form-urlencoded");
        app.send(request.body(Body::from(form(fields))).unwrap()).await
    }
}

pub(crate) async fn register(app: &App, metadata: &Value) -> Answer {
    let request = Request::post("/ims/ob/v3p0/register").header("content-type", "application/json");
    app.send(request.body(Body::from(metadata.to_string())).unwrap()).await
}

/// A request of the API with an access token.
pub(crate) async fn call(app: &App, token: &Value, method: &str, path: &str, media: &str, body: &[u8]) -> Answer {
    let token = token["access_token"].as_str().unwrap_or_default();
    let request = Request::builder().method(method).uri(format!("/ims/ob/v3p0/{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", media);
    app.send(request.body(Body::from(body.to_vec())).unwrap()).await
}

/// The error of the API, after checking its form and its word.
#[track_caller]
pub(crate) fn status_info(answer: Answer, status: u16, minor: &str) -> String {
    let document = answer.expect(status);
    assert_eq!(document["imsx_codeMajor"], "failure", "{document}");
    assert_eq!(document["imsx_severity"], "error");
    let field = &document["imsx_codeMinor"]["imsx_codeMinorField"][0];
    assert_eq!(field["imsx_codeMinorFieldValue"], minor, "{document}");
    document["imsx_description"].as_str().unwrap().to_owned()
}

/// The error of OAuth, after checking its word.
#[track_caller]
pub(crate) fn refusal(answer: Answer, status: u16, code: &str) {
    assert_eq!(answer.headers["cache-control"], "no-store");
    let document = answer.expect(status);
    assert_eq!(document["error"], code, "{document}");
    assert!(document["error_description"].as_str().unwrap().len() > 10);
}
