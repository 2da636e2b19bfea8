//! A real browser verifies badges by itself: nothing of them is sent to the host.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use laurel_tests::Host;
use serde_json::{Value, json};
use std::ffi::OsString;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_behind_the_link_is_verified_on_the_visitors_machine() {
    let (chromium, verifier) = match tools() {
        Ok(tools) => tools,
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "{why}");
            return println!("not run: {why}");
        }
    };
    let host = Host::start_with(None, &[("http.browser-verifier", &verifier)]);
    let mut client = host.client();
    let body = json!({ "slug": "acme", "name": "Acme", "suite": "eddsa-rdfc-2022" });
    let organisation = client.post("/v1/organisations", &body).await.expect(201);
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": organisation["did"],
        "name": "Helper",
        "credentialSubject": { "id": "urn:uuid:7c1c4aa5-2c57-4b1b-a9d0-4c4a0e5ba0c1" },
    });
    let body = json!({ "credential": credential, "options": { "credentialStatus": {} } });
    let issued = client.post("/vc/acme/credentials/issue", &body).await.expect(201)["verifiableCredential"].clone();
    let link = |badge: &Value| {
        let carried = BASE64_URL_SAFE_NO_PAD.encode(badge.to_string());
        format!("{}/verify#badge={carried}", host.base_url())
    };
    let page = look(&chromium, &link(&issued));
    assert!(page.contains("Checked on this device"), "{page}");
    // The status list was issued under http, which no verifier takes as a web address: everything else is known.
    assert!(page.contains("Its proof holds"), "{page}");
    let mut changed = issued.clone();
    changed["name"] = json!("Master");
    let page = look(&chromium, &link(&changed));
    assert!(page.contains("This credential is not genuine, or it was changed."), "{page}");
    let empty = look(&chromium, &format!("{}/verify", host.base_url()));
    assert!(empty.contains("<form") && !empty.contains("What was checked"), "{empty}");
}
