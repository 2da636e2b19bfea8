//! The life of signing keys: what was signed outlives its key's retirement, and nothing outlives a key that got into wrong hands.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use bytes::Bytes;
use laurel_tests::oracles::{Oracle, installed};
use laurel_tests::{Client, Host, Program, Signer, host, program};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;

/// An organisation with a `did:web`, and an achievement that is awarded directly.
async fn academy(client: &mut Client) -> (Program, String) {
    let issuer = json!({ "method": "did-web", "domain": "badges.example", "path": ["acme"] });
    let body = json!({ "slug": "acme", "name": "Acme", "suite": "eddsa-rdfc-2022", "issuer": issuer });
    let organisation = client.post("/v1/organisations", &body).await.expect(201);
    let mut program = Program::in_organisation(&program::id(&organisation));
    program.achievement(client, "Helper", "credential").await;
    let subject = client.post(&program.path("subjects"), &json!({ "kind": "person", "name": "Ada", "identifiers": [{ "type": "email", "address": "ada@example.org" }] })).await.expect(201);
    (program, program::id(&subject))
}

/// Awards directly; returns the award's id.
async fn award(client: &mut Client, program: &Program, subject: &str, key: &str) -> String {
    let body = json!({ "subject": subject, "achievement": program.achievements["Helper"] });
    let body = Bytes::from(body.to_string());
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let answer = client.try_send("POST", &program.path("awards"), &headers, body).await.unwrap();
    program::id(&answer.expect(201))
}

async fn document(client: &mut Client, host: &Host, program: &Program, award: &str) -> Bytes {
    program.settled(host).await;
    let award = client.get(&program.path(&format!("awards/{award}"))).await.expect(200);
    let url = award["credential"].as_str().unwrap_or_else(|| panic!("not signed: {award}"));
    let path = url.strip_prefix(host.base_url()).unwrap();
    let headers = [("accept", "application/vc+ld+json")];
    client.try_send("GET", path, &headers, Bytes::new()).await.unwrap().body
}

async fn verify(host: &Host, document: &Bytes) -> Value {
    let headers = [("content-type", "application/octet-stream")];
    let answer = host.visitor().try_send("POST", "/v1/verify", &headers, document.clone()).await.unwrap();
    answer.expect(200)
}

async fn states(client: &mut Client, program: &Program) -> Vec<String> {
    let keys = client.get(&program.path("keys")).await.expect(200);
    keys["items"].as_array().unwrap().iter().map(|key| key["state"].as_str().unwrap().to_owned()).collect()
}

async fn listed(host: &Host) -> usize {
    let did = host.visitor().get("/acme/did.json").await.expect(200);
    did["assertionMethod"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rotation_keeps_what_was_signed_and_compromise_does_not() {
    let host = Host::start(None);
    let mut client = host.client();
    let (program, ada) = academy(&mut client).await;
    let mut credentials = Vec::new();
    for round in 0..3 {
        let award = award(&mut client, &program, &ada, &round.to_string()).await;
        credentials.push(document(&mut client, &host, &program, &award).await);
        client.post(&program.path("keys"), &json!({})).await.expect(201);
    }
    assert_eq!(states(&mut client, &program).await, ["retired", "retired", "retiring", "active"]);
    assert_eq!(listed(&host).await, 4);
    for credential in &credentials {
        let report = verify(&host, credential).await;
        assert_eq!(report["verdict"], "valid", "{report:#}");
    }
    let keys = client.get(&program.path("keys")).await.expect(200);
    let state = |index: usize| {
        let id = keys["items"][index]["id"].as_str().unwrap();
        program.path(&format!("keys/{id}/state"))
    };
    // The first key turns out to be in wrong hands; so does the active one, and a fresh one takes over by itself.
    for index in [0, 3] {
        client.send_json("PUT", &state(index), &json!({ "state": "compromised" })).await.expect(200);
    }
    assert_eq!(states(&mut client, &program).await, ["compromised", "retired", "retired", "compromised", "active"]);
    assert_eq!(listed(&host).await, 3);
    for (index, state, status) in [(0, "active", 409), (0, "retired", 409), (1, "retiring", 409)] {
        let path = program.path(&format!("keys/{}/state", keys["items"][index]["id"].as_str().unwrap()));
        assert_eq!(client.send_json("PUT", &path, &json!({ "state": state })).await.status, status);
    }
    program.settled(&host).await;
    for (index, credential) in credentials.iter().enumerate() {
        let report = verify(&host, credential).await;
        let expected = if index == 0 { "invalid" } else { "valid" };
        assert_eq!(report["verdict"], expected, "{index}: {report:#}");
    }
    let report = verify(&host, &credentials[0]).await;
    let proof = report["checks"].as_array().unwrap().iter().find(|check| check["id"] == "proof").unwrap();
    assert!(proof["message"].as_str().unwrap().contains("no usable key"), "{proof}");
}

/// A credential of somebody's own making, signed by the organisation.
async fn issue(client: &mut Client, did: &str, slug: &str, options: &Value) -> laurel_tests::Answer {
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "id": "urn:x:1",
        "issuer": did, "credentialSubject": { "id": "did:example:ada" },
    });
    client
        .post(&format!("/vc/{slug}/credentials/issue"), &json!({ "credential": credential, "options": options }))
        .await
}

/// What Digital Bazaar's verifier says of a credential: whether its proof holds, whether it is revoked.
async fn elsewhere(host: &Host, credential: &str) -> Option<(bool, bool)> {
    let oracles = installed()?;
    let document: Value = serde_json::from_str(credential).unwrap();
    let mut lists = BTreeMap::new();
    for entry in document.get("credentialStatus").into_iter().flat_map(|entries| match entries {
        Value::Array(entries) => entries.clone(),
        one => vec![one.clone()],
    }) {
        let url = entry["statusListCredential"].as_str().unwrap();
        let list = host.visitor().get(url.strip_prefix(host.base_url()).unwrap()).await;
        lists.insert(url.to_owned(), list.text());
    }
    let verdict = Oracle::Npm.ask(&oracles, &[credential.to_owned()], &lists).remove(0);
    Some((verdict.verified == Some(true), verdict.revoked))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_did_key_revokes_what_it_signed_as_its_last_act() {
    let host = Host::start(None);
    let mut client = host.client();
    let mut program = Program::found(&mut client, "eddsa-rdfc-2022").await;
    program.achievement(&mut client, "Helper", "credential").await;
    let identifiers = json!([{ "type": "email", "address": "ada@example.org" }]);
    let body = json!({ "kind": "person", "name": "Ada", "identifiers": identifiers });
    let ada = program::id(&client.post(&program.path("subjects"), &body).await.expect(201));
    let mut other = Program::in_organisation("");
    let body = json!({ "slug": "other", "name": "Other", "suite": "eddsa-rdfc-2022" });
    other.organisation = program::id(&client.post("/v1/organisations", &body).await.expect(201));

    let id = award(&mut client, &program, &ada, "1").await;
    let badge = document(&mut client, &host, &program, &id).await;
    let page = client.get(&program.path(&format!("awards/{id}"))).await.expect(200)["credential"].clone();
    let page = page.as_str().unwrap().strip_prefix(host.base_url()).unwrap().to_owned();
    let organisation = format!("/v1/organisations/{}", program.organisation);
    let did = client.get(&organisation).await.expect(200)["did"].as_str().unwrap().to_owned();
    let issued = async |client: &mut Client, options: Value| {
        let answer = issue(client, &did, "acme", &options).await.expect(201);
        Bytes::from(answer["verifiableCredential"].to_string())
    };
    let listed = issued(&mut client, json!({ "credentialStatus": {} })).await;
    let unlisted = issued(&mut client, json!({})).await;
    for credential in [&badge, &listed, &unlisted] {
        assert_eq!(verify(&host, credential).await["verdict"], "valid");
    }

    let keys = client.get(&program.path("keys")).await.expect(200);
    let state = program.path(&format!("keys/{}/state", keys["items"][0]["id"].as_str().unwrap()));
    for _ in 0..2 {
        client.send_json("PUT", &state, &json!({ "state": "compromised" })).await.expect(200);
    }
    program.settled(&host).await;
    for credential in [&badge, &listed, &unlisted] {
        let report = verify(&host, credential).await;
        assert_eq!(report["verdict"], "invalid", "{report:#}");
        assert!(report.to_string().contains("known to be in wrong hands"), "{report:#}");
    }
    // Others see what the lists say; of what names no list they cannot know.
    for (credential, expected) in [(&badge, (true, true)), (&listed, (true, true)), (&unlisted, (true, false))] {
        let credential = String::from_utf8_lossy(credential);
        match elsewhere(&host, &credential).await {
            Some(found) => assert_eq!(found, expected, "{credential}"),
            None => println!("not run: LAUREL_ORACLES is not set"),
        }
    }
    let page = host.visitor().try_send("GET", &page, &[("accept", "text/html")], Bytes::new()).await.unwrap().text();
    assert!(page.contains("Not valid") && page.contains("got into wrong hands"), "{page}");
    assert_eq!(issue(&mut client, &did, "acme", &json!({})).await.status, 409);
    assert_eq!(client.get(&other.path("keys")).await.expect(200)["items"][0]["state"], "active");

    // A fresh key makes another issuer, whose credentials are in other lists.
    client.post(&program.path("keys"), &json!({})).await.expect(201);
    assert_ne!(client.get(&organisation).await.expect(200)["did"], *did);
    let id = award(&mut client, &program, &ada, "2").await;
    let fresh = document(&mut client, &host, &program, &id).await;
    let report = verify(&host, &fresh).await;
    assert_eq!(report["verdict"], "valid", "{report:#}");
    if let Some(found) = elsewhere(&host, &String::from_utf8_lossy(&fresh)).await {
        assert_eq!(found, (true, false));
    }
    assert_eq!(verify(&host, &badge).await["verdict"], "invalid");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_did_key_that_signs_tokens_is_believed_no_more() {
    let mut signer = Signer::start();
    let host = Host::start_with(None, &[("signer", signer.socket().to_str().unwrap())]);
    let mut client = host.client();
    let mut program = Program::found(&mut client, "vc-jwt").await;
    program.achievement(&mut client, "Helper", "credential").await;
    let identifiers = json!([{ "type": "email", "address": "ada@example.org" }]);
    let body = json!({ "kind": "person", "name": "Ada", "identifiers": identifiers });
    let ada = program::id(&client.post(&program.path("subjects"), &body).await.expect(201));
    let id = award(&mut client, &program, &ada, "1").await;
    let token = document(&mut client, &host, &program, &id).await;
    assert_eq!(verify(&host, &token).await["verdict"], "valid");
    let keys = client.get(&program.path("keys")).await.expect(200);
    let state = program.path(&format!("keys/{}/state", keys["items"][0]["id"].as_str().unwrap()));
    signer.kill();
    let unavailable = client.send_json("PUT", &state, &json!({ "state": "compromised" })).await;
    assert_eq!(unavailable.status, 503, "its last act is worth waiting for: {}", unavailable.text());
    signer.lose_master_key();
    signer.resume_life();
    // Nobody can open it again: then it goes without its last act.
    client.send_json("PUT", &state, &json!({ "state": "compromised" })).await.expect(200);
    let report = verify(&host, &token).await;
    assert!(report.to_string().contains("known to be in wrong hands"), "{report:#}");
    assert_eq!(client.get("/v1/status").await.expect(200)["unpublished"], 1, "its list still has that to say");
    // The next key says it.
    client.post(&program.path("keys"), &json!({})).await.expect(201);
    program.settled(&host).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lost_key_had_still_to_sign_another_one_signs() {
    let mut signer = Signer::start();
    let host = Host::start_with(None, &[("signer", signer.socket().to_str().unwrap())]);
    let mut client = host.client();
    let (program, ada) = academy(&mut client).await;
    signer.kill();
    let award = award(&mut client, &program, &ada, "1").await;
    signer.lose_master_key();
    signer.resume_life();
    // No signer can open the first key again, so the award waits for it, however long this takes.
    let keys = client.get(&program.path("keys")).await.expect(200);
    let state = program.path(&format!("keys/{}/state", keys["items"][0]["id"].as_str().unwrap()));
    client.send_json("PUT", &state, &json!({ "state": "compromised" })).await.expect(200);
    let credential = document(&mut client, &host, &program, &award).await;
    let report = verify(&host, &credential).await;
    assert_eq!(report["verdict"], "valid", "{report:#}");
    let lost = keys["items"][0]["public"].as_str().unwrap();
    assert!(!String::from_utf8_lossy(&credential).contains(lost), "signed by {lost}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_rotates_keys() {
    let host = Host::start(None);
    let mut client = host.client();
    academy(&mut client).await;
    let laurel = |args: &[&str]| {
        let mut command = Command::new(host::program());
        command.arg("key").args(args).args(["--server", host.base_url(), "--organisation", "acme"]);
        command.args(["--token", host.token()]);
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    };
    let (good, rotated) = laurel(&["rotate"]);
    assert!(good && rotated.contains("active"), "{rotated}");
    let (_, list) = laurel(&["list"]);
    let first = list.lines().next().unwrap();
    assert!(first.contains("retiring") && list.lines().count() == 2, "{list}");
    let id = first.split_whitespace().next().unwrap();
    assert!(laurel(&["retire", id]).1.contains("retired"));
    assert!(laurel(&["compromise", id]).1.contains("compromised"));
    let (good, refused) = laurel(&["retire", id]);
    assert!(!good && refused.contains("stays compromised"), "{refused}");
}
