//! An earner in a browser without scripts: signs in, sends forms.

use serde_json::{Value, json};

use crate::{Answer, Client, Host, Program};

fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Fields as a form or a query has them.
pub fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// Sends a form as a browser does, with one header more.
pub async fn submit(client: &mut Client, path: &str, more: (&str, &str), fields: &[(&str, &str)]) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded"), more];
    client.try_send("POST", path, &headers, form(fields).into()).await.unwrap()
}

/// Signs a subject in with a link of its program; the session cookie.
pub async fn sign_in(host: &Host, program: &Program, subject: &str) -> String {
    let body = json!({ "name": "portal", "scopes": ["sign-in"] });
    let token = host.client().post(&program.path("tokens"), &body).await.expect(201);
    let mut portal = Client::new(host.address(), token["secret"].as_str());
    let link = portal.post(&program.path(&format!("subjects/{subject}/sign-in")), &Value::Null).await.expect(201);
    let link = link["url"].as_str().unwrap().strip_prefix(host.base_url()).unwrap().to_owned();
    let answer = submit(&mut host.visitor(), &link, ("accept", "text/html"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}
