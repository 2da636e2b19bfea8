//! The VC-API, as the suites of the W3C drive it: their cases in our own words.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use laurel_tests::oracles::{Oracle, installed};
use laurel_tests::{Answer, Client, Host};
use serde_json::{Value, json};

const V1: &str = "https://www.w3.org/2018/credentials/v1";
const STATUS: &str = "https://www.w3.org/ns/credentials/status/v1";
const V2: &str = "https://www.w3.org/ns/credentials/v2";

/// An issuer instance: its slug is its suite.
struct Instance {
    client: Client,
    visitor: Client,
    slug: &'static str,
    did: String,
}

impl Instance {
    async fn new(host: &Host, suite: &'static str) -> Self {
        let mut client = host.client();
        let body = json!({ "slug": suite, "name": suite, "suite": suite });
        let organisation = client.post("/v1/organisations", &body).await.expect(201);
        let did = organisation["did"].as_str().unwrap_or_else(|| panic!("{organisation}")).to_owned();
        Self { client, visitor: host.visitor(), slug: suite, did }
    }

    async fn issue(&mut self, credential: &Value) -> Answer {
        self.issue_with(credential, &json!({})).await
    }

    async fn issue_with(&mut self, credential: &Value, options: &Value) -> Answer {
        let path = format!("/vc/{}/credentials/issue", self.slug);
        self.client.post(&path, &json!({ "credential": credential, "options": options })).await
    }

    /// Issued, and how it looks with its proof.
    async fn issued(&mut self, credential: &Value) -> Value {
        self.issue(credential).await.expect(201)["verifiableCredential"].clone()
    }

    async fn verify(&mut self, credential: &Value) -> Answer {
        let path = format!("/vc/{}/credentials/verify", self.slug);
        let body = json!({ "verifiableCredential": credential, "options": { "checks": ["proof"] } });
        self.visitor.post(&path, &body).await
    }

    async fn present(&mut self, presentation: &Value) -> Answer {
        let path = format!("/vc/{}/presentations/verify", self.slug);
        self.visitor.post(&path, &json!({ "verifiablePresentation": presentation, "options": {} })).await
    }

    fn credential(&self) -> Value {
        json!({
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": self.did,
            "credentialSubject": { "id": "did:key:z6MkhTNL7i2etLerDK8Acz5t528giE5KA4p75T6ka1E1D74r" },
        })
    }

    fn older(&self) -> Value {
        let mut credential = self.credential();
        credential["@context"] = json!([V1]);
        credential["id"] = json!("urn:uuid:7c1c4aa5-2c57-4b1b-a9d0-4c4a0e5ba0c1");
        credential["issuanceDate"] = json!("2026-01-01T00:00:00Z");
        credential
    }
}

/// The document with another value at a place; without one, with the member gone.
fn with(document: &Value, pointer: &str, value: Option<Value>) -> Value {
    let mut changed = document.clone();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = changed.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(member.to_owned(), value),
        None => parent.remove(member),
    };
    changed
}

fn refused(answer: &Answer, case: &str) {
    assert!(matches!(answer.status, 400 | 422), "{case}: {} {}", answer.status, answer.text());
}

/// Every change that makes a credential none: a place, and what stands there instead (nothing: the member is gone).
fn faults() -> Vec<(&'static str, Option<Value>)> {
    let mut faults: Vec<(&str, Option<Value>)> =
        ["/@context", "/type", "/issuer", "/credentialSubject"].map(|place| (place, None)).into();
    let wrong = |place: &'static str, values: Value| {
        let values = values.as_array().unwrap().clone();
        values.into_iter().map(move |value| (place, Some(value)))
    };
    faults.extend(wrong("/@context", json!([4, {}, null, true, [], [4], [null], ["https://nobody.example/context"]])));
    faults.extend(wrong(
        "/type",
        json!([4, {}, null, true, [], [null], [4], ["Undefined"], ["VerifiableCredential", "Undefined"]]),
    ));
    faults.extend(wrong("/issuer", json!([null, true, 4, [], {}, "not a url", { "id": "did:example:somebody-else" }])));
    faults.extend(wrong("/credentialSubject", json!([null, true, 4, [], {}, "did:example:1234", [null]])));
    faults.extend(wrong("/credentialSubject/id", json!(["relative", 4, null])));
    faults.extend(wrong("/undefinedTerm", json!(["lost"])));
    faults.extend(wrong("/id", json!(["relative", 4])));
    faults.extend(wrong("/validFrom", json!(["2026-01-01", "yesterday", 4])));
    faults.extend(wrong("/validUntil", json!(["2026-01-01T00:00:00"])));
    faults.extend(wrong("/credentialSchema", json!([{ "id": "https://schema.example/1" }, { "type": "JsonSchema" }])));
    faults.extend(wrong("/credentialStatus", json!([{ "id": "https://status.example/1" }])));
    faults.extend(wrong("/refreshService", json!([{ "id": "https://refresh.example/1" }])));
    faults.extend(wrong("/termsOfUse", json!([{ "id": "https://terms.example/1" }])));
    faults.extend(wrong("/evidence", json!([{ "id": "https://evidence.example/1" }])));
    faults.extend(wrong(
        "/relatedResource",
        json!(["https://r.example/", { "digestSRI": "sha256-x" }, { "id": "https://r.example/" }]),
    ));
    faults
}

async fn issuing(suite: &'static str) {
    let host = Host::start(None);
    let mut instance = Instance::new(&host, suite).await;
    for credential in [instance.credential(), instance.older()] {
        let issued = instance.issued(&credential).await;
        assert_eq!(issued["credentialSubject"], credential["credentialSubject"]);
        assert_eq!(
            (issued["proof"]["type"].as_str(), issued["proof"]["cryptosuite"].as_str()),
            (Some("DataIntegrityProof"), Some(suite))
        );
        let verified = instance.verify(&issued).await;
        assert_eq!(verified.expect(200)["errors"], json!([]));
        let named = with(&credential, "/issuer", Some(json!({ "id": instance.did })));
        let named = instance.issued(&named).await;
        instance.verify(&named).await.expect(200);
    }
    let path = format!("/vc/{suite}/credentials/issue");
    refused(
        &instance.client.post(&path, &json!({ "verifiableCredential": instance.credential() })).await,
        "no credential",
    );
    assert_eq!(instance.visitor.post(&path, &json!({ "credential": instance.credential() })).await.status, 401);
    for (place, value) in faults() {
        let credential = with(&instance.credential(), place, value.clone());
        let answer = instance.issue(&credential).await;
        if suite == "eddsa-jcs-2022" && matches!(place, "/undefinedTerm") {
            continue;
        }
        refused(&answer, &format!("{place} {value:?}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn issuing_with_eddsa_rdfc_2022() {
    issuing("eddsa-rdfc-2022").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn issuing_with_eddsa_jcs_2022() {
    issuing("eddsa-jcs-2022").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_changed_after_signing_is_refused() {
    let host = Host::start(None);
    for suite in ["eddsa-rdfc-2022", "eddsa-jcs-2022"] {
        let mut instance = Instance::new(&host, suite).await;
        let credential = instance.credential();
        let issued = instance.issued(&credential).await;
        for (place, value) in faults() {
            let changed = with(&issued, place, value.clone());
            refused(&instance.verify(&changed).await, &format!("{suite} {place} {value:?}"));
        }
        let value = issued["proof"]["proofValue"].as_str().unwrap();
        let proofs = [
            ("/proof", None),
            ("/proof", Some(json!(null))),
            ("/proof", Some(json!("string"))),
            ("/proof", Some(json!([]))),
            ("/proof/type", None),
            ("/proof/type", Some(json!("UnknownProof"))),
            ("/proof/created", Some(json!("yesterday"))),
            ("/proof/verificationMethod", None),
            ("/proof/verificationMethod", Some(json!("did:key:z6Mkhh"))),
            ("/proof/proofPurpose", None),
            ("/proof/proofPurpose", Some(json!("authentication"))),
            ("/proof/cryptosuite", None),
            ("/proof/cryptosuite", Some(json!("eddsa-unknown-2022"))),
            ("/proof/proofValue", None),
            ("/proof/proofValue", Some(json!(format!("u{}", &value[1..])))),
            ("/proof/proofValue", Some(json!(value[..value.len() - 4]))),
            ("/proof/expires", Some(json!("2020-01-01T00:00:00Z"))),
            ("/proof/previousProof", Some(json!("urn:uuid:not-there"))),
        ];
        for (place, value) in proofs {
            let changed = with(&issued, place, value.clone());
            refused(&instance.verify(&changed).await, &format!("{suite} {place} {value:?}"));
        }
        refused(&instance.verify(&json!(issued.to_string())).await, "a credential as a string");
        let path = format!("/vc/{suite}/credentials/verify");
        refused(&instance.visitor.post(&path, &json!({ "options": {} })).await, "no credential");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issuer_adds_a_status_whose_list_is_there() {
    let host = Host::start(None);
    let mut instance = Instance::new(&host, "eddsa-rdfc-2022").await;
    let options = json!({ "credentialStatus": { "statusPurpose": ["revocation", "suspension"] } });
    let credential = instance.credential();
    let issued = instance.issue_with(&credential, &options).await.expect(201)["verifiableCredential"].clone();
    let entries = issued["credentialStatus"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        assert_eq!(entry["type"], "BitstringStatusListEntry");
        let index: u32 = entry["statusListIndex"].as_str().unwrap().parse().unwrap();
        assert!(index < 131_072);
        let url = entry["statusListCredential"].as_str().unwrap();
        let list = host.visitor().get(url.strip_prefix(host.base_url()).unwrap()).await;
        let list = list.expect(200);
        assert!(list["type"].as_array().unwrap().contains(&json!("BitstringStatusListCredential")));
        assert_eq!(list["credentialSubject"]["statusPurpose"], entry["statusPurpose"]);
        assert!(list["credentialSubject"]["encodedList"].as_str().unwrap().starts_with('u'));
        instance.verify(&list).await.expect(200);
    }
    instance.verify(&issued).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_of_the_older_data_model_are_revoked_like_others() {
    let host = Host::start(None);
    for suite in ["eddsa-rdfc-2022", "eddsa-jcs-2022"] {
        let mut instance = Instance::new(&host, suite).await;
        let older = instance.older();
        let wish = json!({ "credentialStatus": { "statusPurpose": "revocation" } });
        let issued = instance.issue_with(&older, &wish).await.expect(201)["verifiableCredential"].clone();
        assert!(issued["@context"].as_array().unwrap().contains(&json!(STATUS)), "{issued}");
        assert_eq!(issued["credentialStatus"]["type"], "BitstringStatusListEntry");
        instance.verify(&issued).await.expect(200);
        let entry = json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "status": true });
        let body = json!({ "credentialId": issued["id"], "credentialStatus": [entry] });
        instance.client.post(&format!("/vc/{suite}/credentials/status"), &body).await.expect(200);
        let url = issued["credentialStatus"]["statusListCredential"].as_str().unwrap();
        let verdict = async || {
            let headers = [("content-type", "application/octet-stream")];
            let body = bytes::Bytes::from(issued.to_string());
            host.visitor().try_send("POST", "/v1/verify", &headers, body).await.unwrap().expect(200)
        };
        while verdict().await["revoked"] != true {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let Some(oracles) = installed() else { return println!("not run: LAUREL_ORACLES is not set") };
        let list = host.visitor().get(url.strip_prefix(host.base_url()).unwrap()).await.text();
        let lists = std::collections::BTreeMap::from([(url.to_owned(), list)]);
        let verdict = Oracle::Npm.ask(&oracles, &[issued.to_string()], &lists).remove(0);
        assert!(verdict.revoked, "{verdict:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presentations_of_several_credentials() {
    let host = Host::start(None);
    let mut instance = Instance::new(&host, "eddsa-rdfc-2022").await;
    let credential = instance.credential();
    let (one, older) = (instance.issued(&credential).await, instance.older());
    let other = instance.issued(&older).await;
    let presentation = json!({
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [one, other],
    });
    instance.present(&presentation).await.expect(200);
    let empty = with(&presentation, "/verifiableCredential", None);
    instance.present(&empty).await.expect(200);
    let tampered = with(&one, "/validFrom", Some(json!("2020-01-01T00:00:00Z")));
    for (place, value) in [
        ("/@context", None),
        ("/type", None),
        ("/type", Some(json!(["Undefined"]))),
        ("/verifiableCredential", Some(json!([tampered]))),
        ("/verifiableCredential", Some(json!(["not a credential"]))),
        ("/verifiableCredential", Some(json!([credential]))),
        ("/verifiableCredential", Some(json!([null]))),
        ("/undefinedTerm", Some(json!("lost"))),
        ("/id", Some(json!("relative"))),
    ] {
        let changed = with(&presentation, place, value.clone());
        refused(&instance.present(&changed).await, &format!("{place} {value:?}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_status_of_what_was_issued_changes() {
    let host = Host::start(None);
    let mut instance = Instance::new(&host, "eddsa-jcs-2022").await;
    let mut credential = instance.credential();
    credential["id"] = json!("urn:uuid:8a1e4b0c-5b2e-4f53-9b0c-1f6d2a7c9e10");
    let wish = json!({ "credentialStatus": { "statusPurpose": ["revocation", "suspension"] } });
    let issued = instance.issue_with(&credential, &wish).await.expect(201)["verifiableCredential"].clone();
    let answer = async |visitor: &mut Client| {
        let headers = [("content-type", "application/octet-stream")];
        let body = bytes::Bytes::from(issued.to_string());
        let report = visitor.try_send("POST", "/v1/verify", &headers, body).await.unwrap().expect(200);
        (report["revoked"] == true, report["suspended"] == true, report["verdict"] == "valid")
    };
    assert_eq!(answer(&mut instance.visitor).await, (false, false, true));
    let change = async |client: &mut Client, id: &Value, purpose: &str, status: Value| {
        let entry = json!({ "type": "BitstringStatusListEntry", "statusPurpose": purpose, "status": status });
        let body = json!({ "credentialId": id, "credentialStatus": [entry] });
        let answer = client.post("/vc/eddsa-jcs-2022/credentials/status", &body).await;
        while client.get("/v1/status").await.expect(200)["unpublished"] != 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        answer.status
    };
    let id = &credential["id"];
    for (purpose, status, code, seen) in [
        ("suspension", json!(true), 200, (false, true, false)),
        ("suspension", json!("0"), 200, (false, false, true)),
        ("message", json!(true), 422, (false, false, true)),
        ("revocation", json!("maybe"), 422, (false, false, true)),
        ("revocation", json!(true), 200, (true, false, false)),
        ("revocation", json!(false), 409, (true, false, false)),
    ] {
        assert_eq!(change(&mut instance.client, id, purpose, status.clone()).await, code, "{purpose} {status}");
        assert_eq!(answer(&mut instance.visitor).await, seen, "{purpose} {status}");
    }
    assert_eq!(change(&mut instance.client, &json!("urn:x:nobody"), "revocation", json!(true)).await, 404);
    let body = json!({ "credentialId": id, "credentialStatus": [] });
    assert_eq!(host.visitor().post("/vc/eddsa-jcs-2022/credentials/status", &body).await.status, 401);
}
