//! A real browser verifies badges by itself: nothing of them is sent to the host.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use laurel_openbadges::baking::{BakedVersion, bake_as};
use laurel_tests::{Client, Host};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Chromium and the verifier's module, or why there is no test.
fn tools() -> Result<(OsString, String), &'static str> {
    let chromium = std::env::var_os("LAUREL_CHROMIUM").ok_or("LAUREL_CHROMIUM is not set")?;
    let verifier = std::env::var("LAUREL_VERIFIER").map_err(|_| "LAUREL_VERIFIER is not set")?;
    Ok((chromium, verifier))
}

/// The page as it stands once its scripts have done their work.
fn look(chromium: &OsString, url: &str) -> String {
    let profile = TempDir::new().unwrap();
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=20000", "--dump-dom", url])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A credential of an organisation of this suite, which has the suite's name.
async fn issue(client: &mut Client, suite: &str) -> Value {
    let body = json!({ "slug": suite, "name": "Acme", "suite": suite });
    let organisation = client.post("/v1/organisations", &body).await.expect(201);
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0",
        "type": ["VerifiableCredential"],
        "issuer": organisation["did"],
        "name": "Helper",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": { "id": "urn:uuid:7c1c4aa5-2c57-4b1b-a9d0-4c4a0e5ba0c1" },
    });
    let body = json!({ "credential": credential, "options": { "credentialStatus": {} } });
    let issued = client.post(&format!("/vc/{suite}/credentials/issue"), &body).await.expect(201);
    issued["verifiableCredential"].clone()
}

const CONTEXT: &str = "https://acme.example/context";

/// Settings by which a host knows one context more.
fn with_context(folder: &TempDir) -> PathBuf {
    let (context, config) = (folder.path().join("context.json"), folder.path().join("laurel.toml"));
    std::fs::write(&context, r#"{"@context":{"rank":"https://acme.example/rank"}}"#).unwrap();
    std::fs::write(&config, format!("[contexts]\n\"{CONTEXT}\" = \"{}\"\n", context.display())).unwrap();
    config
}

/// A credential that needs that context.
async fn issue_with_context(client: &mut Client) -> Value {
    let organisation = client.post("/v1/organisations", &json!({ "slug": "ranked", "name": "Acme" })).await.expect(201);
    let credential = json!({ "@context": ["https://www.w3.org/ns/credentials/v2", CONTEXT], "type": ["VerifiableCredential"],
        "issuer": organisation["did"], "credentialSubject": { "id": "urn:x:ada", "rank": "first" } });
    let issued = client.post("/vc/ranked/credentials/issue", &json!({ "credential": credential })).await.expect(201);
    issued["verifiableCredential"].clone()
}

/// A picture with a signed badge of Open Badges 2.0 whose issuer nobody reaches, as it stands in a link.
fn signed_badge_in_its_picture() -> String {
    let assertion = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "urn:uuid:1",
        "badge": "https://badges.invalid/class.json", "verification": { "type": "SignedBadge" } });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!("{}.{}.AAAA", part(&json!({ "alg": "RS256" })), part(&assertion));
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#;
    BASE64_URL_SAFE_NO_PAD.encode(bake_as(BakedVersion::V2, svg, &token).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_behind_the_link_is_verified_on_the_visitors_machine() {
    let (chromium, verifier) = match tools() {
        Ok(tools) => tools,
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "{why}");
            return println!("not run: {why}");
        }
    };
    let folder = TempDir::new().unwrap();
    let host = Host::start_from(None, &[("http.browser-verifier", &verifier)], Some(with_context(&folder)));
    let mut client = host.client();
    let issued = issue(&mut client, "eddsa-rdfc-2022").await;
    let token = issue(&mut client, "vc-jwt-rs256").await;
    let carried = |badge: &str| {
        let carried = BASE64_URL_SAFE_NO_PAD.encode(badge);
        format!("{}/verify#badge={carried}", host.base_url())
    };
    let link = |badge: &Value| carried(&badge.to_string());
    let page = look(&chromium, &link(&issued));
    assert!(page.contains("Checked on this device"), "{page}");
    // The status list was issued under http, which no verifier takes as a web address: everything else is known.
    assert!(page.contains("Its proof holds"), "{page}");
    let mut changed = issued.clone();
    changed["name"] = json!("Master");
    let page = look(&chromium, &link(&changed));
    assert!(page.contains("This credential is not genuine, or it was changed."), "{page}");
    // A token, in the form of wallets and as it is: the module knows RSA as well.
    let compact = token["id"].as_str().unwrap().strip_prefix("data:application/vc+jwt,").unwrap();
    for link in [link(&token), carried(compact)] {
        let page = look(&chromium, &link);
        assert!(page.contains("Checked on this device") && page.contains("did:key:z4MX"), "{page}");
        assert!(!page.contains("is not genuine"), "{page}");
    }
    let at = compact.len() - 10;
    let other = if compact.as_bytes()[at] == b'A' { "B" } else { "A" };
    let page = look(&chromium, &carried(&[&compact[..at], other, &compact[at + 1..]].concat()));
    assert!(page.contains("This credential is not genuine, or it was changed."), "{page}");
    // What this machine cannot tell the host is asked: it knows the context, and says what it could not fetch either.
    let page = look(&chromium, &link(&issue_with_context(&mut client).await));
    assert!(page.contains("sent to this host") && page.contains("This credential is valid."), "{page}");
    assert!(!page.contains("Checked on this device"), "{page}");
    let page = look(&chromium, &format!("{}/verify#badge={}", host.base_url(), signed_badge_in_its_picture()));
    assert!(page.contains("It is a signed assertion (JWS) of Open Badges 2.0."), "{page}");
    assert!(page.contains("sent to this host") && page.contains("could not be checked completely"), "{page}");
    let empty = look(&chromium, &format!("{}/verify", host.base_url()));
    assert!(empty.contains("<form") && !empty.contains("What was checked"), "{empty}");
}
