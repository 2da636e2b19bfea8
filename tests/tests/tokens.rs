//! Credentials as tokens (VC-JWT): issued by the host through a signer process, served, kept, baked, verified by us and by others,
//! revoked through a status list.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use laurel_openbadges::Limits;
use laurel_openbadges::baking::unbake;
use laurel_openbadges::keys::PublicKey;
use laurel_tests::oracles::{Oracle, installed};
use laurel_tests::{Answer, Client, Host, Program, Signer, host, program, status_entries};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;

/// An organisation whose credentials are tokens, and an achievement with an end of validity.
async fn academy(client: &mut Client, suite: &str, issuer: &Value) -> Program {
    let body = json!({ "slug": "acme", "name": "Acme", "suite": suite, "issuer": issuer });
    let organisation = client.post("/v1/organisations", &body).await.expect(201);
    let mut program = Program::in_organisation(&program::id(&organisation));
    let text = json!({ "name": "Helper", "description": "Helps.", "criteria": "Help others.", "valid_months": 12 });
    let body = json!({ "kind": "credential", "text": text });
    let achievement = client.post(&program.path("achievements"), &body).await.expect(201);
    program.achievements.insert("Helper".to_owned(), program::id(&achievement));
    program
}

/// What signs for a suite.
fn algorithm(suite: &str) -> &'static str {
    match suite {
        "vc-jwt-es256" => "ES256",
        "vc-jwt-rs256" => "RS256",
        _ => "EdDSA",
    }
}

/// Awards to somebody of this name; returns the award as it stands when it is signed.
async fn award(client: &mut Client, host: &Host, program: &Program, name: &str) -> Value {
    let identifiers = json!([{ "type": "email", "address": format!("{name}@example.org") }]);
    let ada = json!({ "kind": "person", "name": name, "identifiers": identifiers });
    let ada = client.post(&program.path("subjects"), &ada).await.expect(201);
    let details = json!({ "narrative": "Forty answers.", "evidence": [{ "name": "The thread", "id": "https://forum.example/t/1" }] });
    let body = json!({ "subject": ada["id"], "achievement": program.achievements["Helper"], "details": details });
    let headers = [("content-type", "application/json"), ("idempotency-key", name)];
    let body = Bytes::from(body.to_string());
    let award = client.try_send("POST", &program.path("awards"), &headers, body).await.unwrap().expect(201);
    program.settled(host).await;
    client.get(&program.path(&format!("awards/{}", program::id(&award)))).await.expect(200)
}

async fn get(host: &Host, path: &str, accept: &str) -> Answer {
    host.visitor().try_send("GET", path, &[("accept", accept)], Bytes::new()).await.unwrap()
}

async fn verified(host: &Host, presented: impl Into<Bytes>) -> Value {
    let headers = [("content-type", "application/octet-stream")];
    let answer = host.visitor().try_send("POST", "/v1/verify", &headers, presented.into()).await.unwrap();
    answer.expect(200)
}

fn part(token: &str, which: usize) -> Value {
    let part = token.split('.').nth(which).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The same token with another name in its payload.
fn tampered(token: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let payload = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let payload = payload.replacen("20", "21", 1);
    [parts[0], &BASE64_URL_SAFE_NO_PAD.encode(payload), parts[2]].join(".")
}

/// What every way of asking gives: the same bytes, told as what they are.
async fn served(host: &Host, place: &str) -> String {
    let first = get(host, place, "application/vc+jwt").await;
    for accept in ["application/json", "application/vc+ld+json", "application/jwt"] {
        let answer = get(host, place, accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/vc+jwt")), "{accept}");
        assert_eq!(answer.body, first.body);
    }
    let kept = get(host, &format!("{place}/credential.jwt"), "*/*").await;
    assert_eq!(kept.header("content-disposition"), Some(r#"attachment; filename="credential.jwt""#));
    assert_eq!(kept.body, first.body);
    let page = get(host, place, "text/html").await.text();
    for words in ["Forty answers.", "The thread", "credential.jwt", r#"type="application/vc+jwt""#] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
    for picture in ["badge.png", "badge.svg"] {
        let badge = get(host, &format!("{place}/{picture}"), "*/*").await;
        let baked = unbake(&badge.body, &Limits::default()).unwrap().unwrap();
        assert_eq!(baked.text.as_bytes(), first.body, "{picture}");
        assert_eq!(verified(host, badge.body).await["verdict"], "valid", "{picture}");
    }
    first.text()
}

/// The command line verifies it too, by its address.
fn verified_from_afar(address: &str) {
    let mut command = Command::new(host::program());
    command.args(["credential", "verify", "--json", "--allow-loopback", address]);
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    assert_eq!(report["verdict"], "valid", "{report:#}");
}

/// The rules of Open Badges 3.0, section 8.2.4.
fn check_claims(token: &str, algorithm: &str, by_key: bool) {
    let (header, payload) = (part(token, 0), part(token, 1));
    assert_eq!((&header["alg"], &header["typ"]), (&json!(algorithm), &json!("JWT")), "{header}");
    assert_eq!((header["jwk"].is_object(), header["kid"].is_string()), (by_key, !by_key), "{header}");
    assert_eq!(payload["iss"], payload["issuer"]["id"]);
    assert_eq!(payload["jti"], payload["id"]);
    assert_eq!(payload["sub"], payload["credentialSubject"]["id"]);
    assert!(payload["nbf"].is_u64() && payload["exp"].as_u64() > payload["nbf"].as_u64(), "{payload}");
    assert!(payload.get("proof").is_none() && payload["validUntil"].is_string(), "{payload}");
}

async fn ask_others(host: &Host, client: &mut Client, program: &Program, token: &str) {
    let Some(oracles) = installed() else { return println!("not run: LAUREL_ORACLES is not set") };
    let mut documents = BTreeMap::new();
    let did = get(host, "/acme/did.json", "application/json").await;
    if did.status == 200 {
        documents.insert("https://badges.example/acme/did.json".to_owned(), did.text());
    }
    let keys = client.get(&program.path("keys")).await.expect(200);
    let key: PublicKey = keys["items"][0]["public"].as_str().unwrap().parse().unwrap();
    let jwk = key.to_jwk();
    // The library from PyPI reads no RSA key out of a `did:key`.
    let lacking = jwk["kty"] == "RSA" && documents.is_empty();
    for oracle in [Oracle::Jose, Oracle::Pypi] {
        let tokens = [token.to_owned(), tampered(token)];
        let verdicts = oracle.ask_under(&oracles, &tokens, &documents, &jwk);
        let decides = |verified| if lacking && oracle == Oracle::Pypi { None } else { Some(verified) };
        assert_eq!(verdicts[0].verified, decides(true), "{oracle:?} of a good one: {verdicts:?}");
        assert_eq!(verdicts[1].verified, decides(false), "{oracle:?} of a tampered one: {verdicts:?}");
    }
}

async fn lived(suite: &str, issuer: Value, by_key: bool) {
    let signer = Signer::start();
    let host = Host::start_with(None, &[("signer", signer.socket().to_str().unwrap())]);
    let mut client = host.client();
    let program = academy(&mut client, suite, &issuer).await;
    let award = award(&mut client, &host, &program, "Ada").await;
    let place = award["credential"].as_str().unwrap().strip_prefix(host.base_url()).unwrap();
    let token = served(&host, place).await;
    let algorithm = algorithm(suite);
    check_claims(&token, algorithm, by_key);
    if by_key {
        verified_from_afar(award["credential"].as_str().unwrap());
    }
    let report = verified(&host, token.clone()).await;
    assert_eq!((&report["verdict"], &report["own"]), (&json!("valid"), &award["public_id"]), "{report:#}");
    assert_eq!(report["says"]["title"], "Helper");
    assert_eq!(verified(&host, tampered(&token)).await["verdict"], "invalid");
    ask_others(&host, &mut client, &program, &token).await;
    let because = json!({ "reason": "The answers were copied." });
    client.post(&program.path(&format!("awards/{}/revoke", program::id(&award))), &because).await.expect(200);
    program.settled(&host).await;
    assert_eq!(verified(&host, token.clone()).await["revoked"], true);
    let list = status_entries(&part(&token, 1))[0]["statusListCredential"].as_str().unwrap().to_owned();
    let list = get(&host, list.strip_prefix(host.base_url()).unwrap(), "application/vc+ld+json").await;
    if algorithm == "EdDSA" {
        assert_eq!(list.expect(200)["proof"]["cryptosuite"], "eddsa-rdfc-2022", "lists keep their proof inside");
    } else {
        assert_eq!(list.header("content-type"), Some("application/vc+jwt"));
        assert_eq!(part(&list.text(), 0)["alg"], algorithm, "another key has no proof of its own");
    }
    assert_eq!(get(&host, place, "application/vc+jwt").await.text(), token, "the bytes never change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_did_key() {
    lived("vc-jwt", json!({ "method": "did-key" }), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_did_key_on_p256() {
    lived("vc-jwt-es256", json!({ "method": "did-key" }), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_did_web_on_p256() {
    lived("vc-jwt-es256", json!({ "method": "did-web", "domain": "badges.example", "path": ["acme"] }), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_did_key_of_rsa() {
    lived("vc-jwt-rs256", json!({ "method": "did-key" }), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_did_web_of_rsa() {
    lived("vc-jwt-rs256", json!({ "method": "did-web", "domain": "badges.example", "path": ["acme"] }), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_did_web() {
    lived("vc-jwt", json!({ "method": "did-web", "domain": "badges.example", "path": ["acme"] }), false).await;
}

/// Signed in the host's own process; what a key signed outlives its turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_rsa_rotate() {
    let host = Host::start(None);
    let mut client = host.client();
    let issuer = json!({ "method": "did-web", "domain": "badges.example", "path": ["acme"] });
    let program = academy(&mut client, "vc-jwt-rs256", &issuer).await;
    let mut tokens = Vec::new();
    for name in ["Ada", "Berta"] {
        let award = award(&mut client, &host, &program, name).await;
        let place = award["credential"].as_str().unwrap().strip_prefix(host.base_url()).unwrap();
        tokens.push(get(&host, place, "application/vc+jwt").await.text());
        let key = client.post(&program.path("keys"), &json!({})).await.expect(201);
        assert!(key["public"].as_str().unwrap().starts_with("z4MX"), "{key}");
    }
    let did = host.visitor().get("/acme/did.json").await.expect(200);
    let methods = did["verificationMethod"].as_array().unwrap();
    assert_eq!(methods.len(), 3, "{did:#}");
    for (method, token) in methods.iter().zip(&tokens) {
        assert_eq!((&method["type"], &method["publicKeyJwk"]["kty"]), (&json!("JsonWebKey"), &json!("RSA")));
        assert_eq!(part(token, 0)["kid"], method["id"]);
        assert_eq!(verified(&host, token.clone()).await["verdict"], "valid");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_the_vc_api_in_an_envelope() {
    for suite in ["vc-jwt", "vc-jwt-es256", "vc-jwt-rs256"] {
        enveloped(suite).await;
    }
}

async fn enveloped(suite: &str) {
    let host = Host::start(None);
    let mut client = host.client();
    let body = json!({ "slug": "acme", "name": "Acme", "suite": suite });
    let did = client.post("/v1/organisations", &body).await.expect(201)["did"].clone();
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "issuer": did,
        "id": "urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0", "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": { "id": "urn:x:ada" },
    });
    let body = json!({ "credential": credential, "options": { "credentialStatus": {} } });
    let issued = client.post("/vc/acme/credentials/issue", &body).await.expect(201)["verifiableCredential"].clone();
    assert_eq!(issued["type"], "EnvelopedVerifiableCredential");
    let token = issued["id"].as_str().unwrap().strip_prefix("data:application/vc+jwt,").unwrap().to_owned();
    assert_eq!(part(&token, 0)["alg"], algorithm(suite));
    assert_eq!(part(&token, 1)["credentialStatus"]["statusPurpose"], "revocation");
    for presented in [
        issued,
        json!({ "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential", "id": format!("data:application/vc+jwt,{}", tampered(&token)) }),
    ] {
        let good = presented["id"].as_str().unwrap().ends_with(&token);
        let answer =
            host.visitor().post("/vc/acme/credentials/verify", &json!({ "verifiableCredential": presented })).await;
        assert_eq!(answer.status, if good { 200 } else { 400 }, "{}", answer.text());
    }
    let mut nameless = credential;
    nameless.as_object_mut().unwrap().remove("id");
    let refused = client.post("/vc/acme/credentials/issue", &json!({ "credential": nameless })).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("jti"), "{}", refused.text());
}
