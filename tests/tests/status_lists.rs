//! Status lists: when they are published, how large they are, and that nobody's fault holds up another's.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use bytes::Bytes;
use laurel_openbadges::Limits;
use laurel_openbadges::status::Bitstring;
use laurel_tests::oracles::{Oracle, installed};
use laurel_tests::{Client, Host, Program, Signer, program, status_entries};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// An organisation that awards helpers to Ada.
struct Academy {
    slug: String,
    program: Program,
    ada: String,
}

impl Academy {
    async fn found(client: &mut Client, slug: &str) -> Self {
        let body = json!({ "slug": slug, "name": slug, "suite": "eddsa-rdfc-2022" });
        let organisation = client.post("/v1/organisations", &body).await.expect(201);
        let mut program = Program::in_organisation(&program::id(&organisation));
        program.achievement(client, "Helper", "credential").await;
        let identifiers = json!([{ "type": "email", "address": "ada@example.org" }]);
        let body = json!({ "kind": "person", "name": "Ada", "identifiers": identifiers });
        let ada = program::id(&client.post(&program.path("subjects"), &body).await.expect(201));
        Self { slug: slug.to_owned(), program, ada }
    }

    /// Awards directly; the award's id.
    async fn award(&self, client: &mut Client, key: &str) -> String {
        let body = json!({ "subject": self.ada, "achievement": self.program.achievements["Helper"] });
        let key = format!("{}-{key}", self.slug);
        let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
        let path = self.program.path("awards");
        program::id(&client.try_send("POST", &path, &headers, Bytes::from(body.to_string())).await.unwrap().expect(201))
    }

    /// The signed credential of an award.
    async fn credential(&self, host: &Host, award: &str) -> Value {
        let path = self.program.path(&format!("awards/{award}"));
        let mut client = host.client();
        until("signed", async || client.get(&path).await.expect(200)["signed"] == true).await;
        let url = client.get(&path).await.expect(200)["credential"].as_str().unwrap().to_owned();
        serde_json::from_str(&public(host, &url).await.unwrap()).unwrap()
    }

    async fn revoke(&self, client: &mut Client, award: &str) {
        let path = self.program.path(&format!("awards/{award}/revoke"));
        client.post(&path, &json!({ "reason": "The answers were copied." })).await.expect(200);
    }
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let patience = Instant::now() + Duration::from_mins(1);
    while !is_so().await {
        assert!(Instant::now() < patience, "never came to be: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What is at a public URL; none when nothing is.
async fn public(host: &Host, url: &str) -> Option<String> {
    let path = url.strip_prefix(host.base_url()).unwrap();
    let headers = [("accept", "application/vc+ld+json")];
    let answer = host.visitor().try_send("GET", path, &headers, Bytes::new()).await.unwrap();
    (answer.status == 200).then(|| answer.text())
}

/// The addresses of a credential's lists.
fn addresses(credential: &Value) -> Vec<String> {
    status_entries(credential).iter().map(|entry| entry["statusListCredential"].as_str().unwrap().to_owned()).collect()
}

async fn lists(host: &Host, credential: &Value) -> BTreeMap<String, String> {
    let mut lists = BTreeMap::new();
    for url in addresses(credential) {
        let list = public(host, &url).await.unwrap_or_else(|| panic!("{url} is not there"));
        lists.insert(url, list);
    }
    lists
}

async fn is_revoked(host: &Host, credential: &Value) -> bool {
    let headers = [("content-type", "application/octet-stream")];
    let body = Bytes::from(credential.to_string());
    let report = host.visitor().try_send("POST", "/v1/verify", &headers, body).await.unwrap().expect(200);
    report["revoked"] == true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unusable_key_holds_up_nobody_elses_lists() {
    let mut signer = Signer::start();
    let host = Host::start_with(None, &[("signer", signer.socket().to_str().unwrap())]);
    let mut client = host.client();
    let mut locked_out = Vec::new();
    for number in 0..20 {
        let academy = Academy::found(&mut client, &format!("lost-{number}")).await;
        let award = academy.award(&mut client, "1").await;
        academy.program.settled(&host).await;
        locked_out.push((academy, award));
    }
    signer.kill();
    signer.lose_master_key();
    signer.resume_life();
    // Lists of keys that no signer can open, all of them older than the one of the organisation that can sign.
    for (academy, award) in &locked_out {
        academy.revoke(&mut client, award).await;
    }
    let academy = Academy::found(&mut client, "acme").await;
    let award = academy.award(&mut client, "1").await;
    let credential = academy.credential(&host, &award).await;
    until("published", async || public(&host, &addresses(&credential)[0]).await.is_some()).await;
    assert!(!is_revoked(&host, &credential).await);
    academy.revoke(&mut client, &award).await;
    until("revoked", async || is_revoked(&host, &credential).await).await;

    // Nor does it keep others from issuing with a status.
    let did = client.get(&format!("/v1/organisations/{}", academy.program.organisation)).await.expect(200);
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
        "issuer": did["did"], "credentialSubject": { "id": "did:example:ada" },
    });
    let body = json!({ "credential": credential, "options": { "credentialStatus": {} } });
    client.post(&format!("/vc/{}/credentials/issue", academy.slug), &body).await.expect(201);
    let waiting = client.get("/v1/status").await.expect(200);
    assert_eq!(waiting["unpublished"], 20, "their operator sees them: {waiting}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_list_does_not_wait_for_the_tick_and_a_change_does() {
    let host = Host::start_with(None, &[("status.tick-millis", "3600000")]);
    let mut client = host.client();
    // The first tick comes with the start.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let academy = Academy::found(&mut client, "acme").await;
    let award = academy.award(&mut client, "1").await;
    let credential = academy.credential(&host, &award).await;
    for url in addresses(&credential) {
        until("published", async || public(&host, &url).await.is_some()).await;
    }
    let before = lists(&host, &credential).await;
    academy.revoke(&mut client, &award).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(lists(&host, &credential).await, before, "revocations of one tick appear together");
    assert_eq!(client.get("/v1/status").await.expect(200)["unpublished"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_changed_is_signed_anew() {
    let host = Host::start(None);
    let mut client = host.client();
    let academy = Academy::found(&mut client, "acme").await;
    let award = academy.award(&mut client, "1").await;
    academy.program.settled(&host).await;
    let credential = academy.credential(&host, &award).await;
    let before = lists(&host, &credential).await;
    academy.revoke(&mut client, &award).await;
    academy.program.settled(&host).await;
    let after = lists(&host, &credential).await;
    let changed: Vec<&str> = before
        .iter()
        .filter(|(url, text)| after[*url] != **text)
        .map(|(url, _)| url.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(changed, ["revocation"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_as_large_as_the_setting_says() {
    const SIZE: u64 = 1 << 20;
    let mut host = Host::start_with(None, &[("status.list-size", &SIZE.to_string())]);
    let mut client = host.client();
    let academy = Academy::found(&mut client, "acme").await;
    let mut beyond = 0;
    let mut credentials = Vec::new();
    for number in 0..8 {
        let award = academy.award(&mut client, &number.to_string()).await;
        let credential = academy.credential(&host, &award).await;
        let index = status_entries(&credential)[0]["statusListIndex"].as_str().unwrap().parse::<u64>().unwrap();
        assert!(index < SIZE, "{index}");
        beyond += u32::from(index >= 131_072);
        credentials.push((award, credential));
    }
    assert!(beyond > 0, "the whole list is used");
    let (award, credential) = &credentials[0];
    academy.revoke(&mut client, award).await;
    academy.program.settled(&host).await;
    let lists = lists(&host, credential).await;
    for list in lists.values() {
        let list: Value = serde_json::from_str(list).unwrap();
        let bits = Bitstring::decode(list["credentialSubject"]["encodedList"].as_str().unwrap(), &Limits::default());
        assert_eq!(bits.unwrap().entries(), SIZE);
    }
    assert!(is_revoked(&host, credential).await && !is_revoked(&host, &credentials[1].1).await);
    if let Some(oracles) = installed() {
        for oracle in Oracle::ALL {
            let verdicts = oracle.ask(&oracles, &[credential.to_string(), credentials[1].1.to_string()], &lists);
            assert!(verdicts[0].revoked && !verdicts[1].revoked, "{oracle:?}: {verdicts:?}");
            assert_eq!(verdicts[1].verified, Some(true), "{oracle:?}: {verdicts:?}");
        }
    } else {
        println!("not run: LAUREL_ORACLES is not set");
    }
    // A list keeps its size, whatever the setting says later.
    host.kill();
    host.resume_life();
    assert!(is_revoked(&host, credential).await);
}

/// Open Badges have room for one entry, and nobody may take a suspended credential for a good one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_one_entry_a_suspended_credential_reads_as_revoked_for_now() {
    let host = Host::start(None);
    let mut client = host.client();
    let academy = Academy::found(&mut client, "acme").await;
    let award = academy.award(&mut client, "1").await;
    let credential = academy.credential(&host, &award).await;
    assert_eq!(credential["credentialStatus"]["statusPurpose"], "revocation", "{credential}");
    for (step, revoked) in [("suspend", true), ("reinstate", false), ("suspend", true)] {
        let path = academy.program.path(&format!("awards/{award}/{step}"));
        client.post(&path, &json!({ "reason": "An exam is looked at again." })).await.expect(200);
        until(step, async || is_revoked(&host, &credential).await == revoked).await;
        let Some(oracles) = installed() else { continue };
        let lists = lists(&host, &credential).await;
        for oracle in Oracle::ALL {
            let verdict = &oracle.ask(&oracles, &[credential.to_string()], &lists)[0];
            assert_eq!(verdict.revoked, revoked, "{oracle:?} after {step}: {verdict:?}");
        }
    }
    // Those awarded from now on tell the two apart.
    let several = json!({ "name": "acme", "status_entries": "several" });
    client.send_json("PUT", "/v1/organisations/acme", &several).await.expect(200);
    let second = academy.award(&mut client, "2").await;
    let credential = academy.credential(&host, &second).await;
    let purposes = status_entries(&credential).iter().map(|entry| &entry["statusPurpose"]);
    assert_eq!(purposes.collect::<Vec<_>>(), ["revocation", "suspension", "refresh"], "{credential}");
}
