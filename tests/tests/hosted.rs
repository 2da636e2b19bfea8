//! Badges in the form of Open Badges 2.0, which a stranger checks by fetching them from the host: by their address, inside a picture,
//! and after they were taken back.
// What fails here is a failed test.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use laurel_tests::{Host, Program, host, program};
use serde_json::{Value, json};
use std::process::Command;
use tempfile::TempDir;

/// What the command line, which knows nothing of the host, says about a file or an address.
fn verified(what: &str) -> (i32, Value) {
    let asked = Command::new(host::program())
        .args(["credential", "verify", "--json", "--allow-loopback", what])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&asked.stderr).into_owned();
    (asked.status.code().unwrap(), serde_json::from_slice(&asked.stdout).unwrap_or(json!({ "said": said })))
}

/// A host where Ada was given a badge; the award, signed.
async fn awarded(host: &Host) -> (Program, Value) {
    let mut client = host.client();
    let acme = json!({ "slug": "acme", "name": "Acme", "url": "https://acme.example", "email": "badges@acme.example" });
    let organisation = client.post("/v1/organisations", &acme).await.expect(201);
    let mut program = Program::in_organisation(&program::id(&organisation));
    program.achievement(&mut client, "Helper", "credential").await;
    let email = json!([{ "type": "email", "address": "ada@example.org" }]);
    let ada = json!({ "kind": "person", "name": "Ada", "identifiers": email });
    let ada = client.post(&program.path("subjects"), &ada).await.expect(201);
    let body = json!({ "subject": ada["id"], "achievement": program.achievements["Helper"] });
    let headers = [("content-type", "application/json"), ("idempotency-key", "once")];
    let award = client.try_send("POST", &program.path("awards"), &headers, Bytes::from(body.to_string())).await;
    let award = award.unwrap().expect(201);
    program.settled(host).await;
    let award = client.get(&program.path(&format!("awards/{}", program::id(&award)))).await.expect(200);
    (program, award)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_checks_it_where_it_is_served() {
    let host = Host::start(None);
    let (program, award) = awarded(&host).await;
    let place = award["credential"].as_str().unwrap().strip_prefix(host.base_url()).unwrap().to_owned();
    let folder = TempDir::new().unwrap();
    let kept = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut visitor = host.visitor();
    let assertion = visitor.get(&format!("{place}/assertion.json")).await;
    let file = kept("assertion.json", &assertion.body);
    let picture = visitor.get(&format!("{place}/badge.png?open-badges=2.0")).await;
    let picture = kept("badge.png", &picture.body);
    let address = format!("{}{place}/assertion.json", host.base_url());
    for what in [&file, &picture, &address] {
        let (code, report) = verified(what);
        assert_eq!((code, &report["verdict"], &report["id"]), (0, &json!("valid"), &json!(address)), "{report:#}");
        assert_eq!(report["types"], json!(["Assertion"]));
    }
    let changed = kept("changed.json", assertion.text().replace("urn:uuid:", "urn:uuid:0").as_bytes());
    let (code, report) = verified(&changed);
    assert_eq!((code, &report["verdict"]), (1, &json!("invalid")), "{report:#}");

    let revocation = program.path(&format!("awards/{}/revoke", program::id(&award)));
    host.client().post(&revocation, &json!({ "reason": "Given by mistake" })).await.expect(200);
    for what in [&file, &picture, &address] {
        let (code, report) = verified(what);
        assert_eq!((code, &report["revoked"]), (1, &json!(true)), "{report:#}");
    }
    drop(host);
    let (code, report) = verified(&file);
    assert_eq!((code, &report["verdict"]), (1, &json!("unknown")), "{report:#}");
}
