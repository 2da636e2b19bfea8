//! Everything that Open Badges 3.0 and CLR 2.0 let an issuer say, said over the API, and read by others: 1EdTech's schemas and two
//! independent verifiers.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use bytes::Bytes;
use laurel_tests::oracles::{self, Oracle};
use laurel_tests::{Client, Host, Program, program, status_entries};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A text that uses every member.
fn rich_text() -> Value {
    json!({
        "name": "EV Technician", "description": "Works on EVs.", "criteria": "Pass both tests.", "achievement_type": "ext:Workshop",
        "tags": ["ev"], "valid_months": 24, "credits_available": 3.5, "human_code": "EV-101", "in_language": "en",
        "field_of_study": "Engineering", "specialization": "High voltage",
        "alignments": [{ "name": "Safety", "url": "https://skills.example/1", "description": "Works safely.",
            "framework": "ESCO", "code": "S1", "target_type": "ceasn:Competency" }],
        "creator": { "id": "https://lab.example", "name": "Exam Lab", "email": "lab@lab.example" },
        "related": [{ "id": "https://acme.example/de", "in_language": "de", "version": "1" }],
        "other_identifiers": [{ "identifier": "C-7", "identifier_type": "systemId" }],
        "result_descriptions": [{
            "id": "exam", "name": "Exam", "result_type": "Percent", "value_min": "0", "value_max": "100", "required_value": "80",
            "levels": [{ "id": "gold", "name": "Gold", "description": "Above 90", "level": "3", "points": "90" }],
            "alignments": [{ "name": "Safety", "url": "https://skills.example/1" }],
        }],
    })
}

fn rich_details() -> Value {
    json!({
        "narrative": "Passed at the first attempt.", "creditsEarned": 3.5, "role": "Technician", "term": "Spring",
        "licenseNumber": "EV-7", "activityStartDate": "2026-01-05T08:00:00Z", "activityEndDate": "2026-02-20T16:00:00Z",
        "image": { "id": "https://acme.example/ada.png", "caption": "Ada" },
        "source": { "id": "https://lab.example", "name": "Exam Lab" },
        "evidence": [{ "id": "https://acme.example/report", "name": "Report", "audience": "Employers" }],
        "results": [
            { "resultDescription": "exam", "value": 92, "achievedLevel": "gold" },
            { "status": "Completed", "alignment": [{ "targetName": "Safety", "targetUrl": "https://skills.example/1" }] },
        ],
    })
}

/// An academy with a rich achievement, beside a guild that endorses.
struct Town {
    host: Host,
    client: Client,
    academy: Program,
    achievement: String,
}

impl Town {
    async fn found() -> Self {
        let host = Host::start(None);
        let mut client = host.client();
        let academy = Program::found(&mut client, "eddsa-rdfc-2022").await;
        let particulars = json!({
            "phone": "+43 1 2345", "official": "Ada Lovelace", "address": { "locality": "Wien", "country_code": "AT" },
            "other_identifiers": [{ "identifier": "FN 1234a", "identifier_type": "ext:Firmenbuch" }],
        });
        let profile = json!({ "name": "Acme Academy", "particulars": particulars });
        client.send_json("PUT", "/v1/organisations/acme", &profile).await.expect(200);
        let guild = json!({ "slug": "guild", "name": "Guild of Technicians", "suite": "eddsa-rdfc-2022" });
        client.post("/v1/organisations", &guild).await.expect(201);
        let body = json!({ "kind": "credential", "text": rich_text() });
        let made = client.post(&academy.path("achievements"), &body).await.expect(201);
        let achievement = program::id(&made);
        Self { host, client, academy, achievement }
    }

    fn achievement_url(&self) -> String {
        format!("{}/achievements/{}", self.host.base_url(), self.achievement)
    }

    async fn endorse(&mut self, what: &str) -> Value {
        let body = json!({ "endorses": what, "comment": "Our members hire **these** people." });
        self.client.post("/v1/organisations/guild/endorsements", &body).await.expect(201)
    }

    /// What anybody reads at an address of the host.
    async fn at(&self, url: &Value, accept: &str) -> String {
        let path = url.as_str().unwrap().strip_prefix(self.host.base_url()).unwrap();
        let answer = self.host.visitor().try_send("GET", path, &[("accept", accept)], Bytes::new()).await.unwrap();
        assert_eq!(answer.status, 200, "{url}: {}", answer.text());
        answer.text()
    }

    async fn subject(&mut self) -> Value {
        let ada = json!({ "kind": "person", "name": "Ada", "identifiers": [{ "type": "email", "address": "ada@example.org" }] });
        self.client.post(&self.academy.path("subjects"), &ada).await.expect(201)["id"].clone()
    }

    async fn award(&mut self, subject: &Value, key: &str, endorsements: &[Value]) -> Value {
        let body = json!({
            "subject": subject, "achievement": self.achievement, "details": rich_details(), "endorsements": endorsements,
        });
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        let path = self.academy.path("awards");
        let award = self.client.try_send("POST", &path, &headers, Bytes::from(body.to_string())).await.unwrap();
        let award = award.expect(201);
        self.academy.settled(&self.host).await;
        award["credential"].clone()
    }

    async fn report(&self, document: &str) -> Value {
        let headers = [("content-type", "application/octet-stream")];
        let body = Bytes::from(document.to_owned());
        self.host.visitor().try_send("POST", "/v1/verify", &headers, body).await.unwrap().expect(200)
    }

    /// What a verifier would fetch for these documents: their status lists.
    async fn lists(&self, documents: &[String]) -> BTreeMap<String, String> {
        let mut lists = BTreeMap::new();
        for document in documents {
            let document: Value = serde_json::from_str(document).unwrap();
            for entry in status_entries(&document) {
                let url = &entry["statusListCredential"];
                lists.insert(url.as_str().unwrap().to_owned(), self.at(url, "*/*").await);
            }
        }
        lists
    }
}

/// The context of CLR 2.0, which is in no package of the oracles.
const CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

/// 1EdTech's schemas and contexts, where they are.
fn standards(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("LAUREL_SHARED").map_or(beside, PathBuf::from);
    let path = shared.join("standards").join(name);
    assert!(path.exists() || std::env::var_os("CI").is_none(), "LAUREL_SHARED must lead to the shared data in CI");
    path.exists().then_some(path)
}

fn keeps_to(document: &str, name: &str) {
    let (Some(folder), Some(schema)) = (oracles::installed(), standards(&format!("schemas/{name}"))) else {
        return println!("not run: no schema or no oracles");
    };
    let document: Value = serde_json::from_str(document).unwrap();
    let job = json!({ "credentials": [{ "name": name, "document": document }], "schema": schema });
    let answers = oracles::run(&folder, "validate.mjs", &job);
    assert_eq!(answers[0]["valid"], true, "{answers:?} {document}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_issuer_can_say_is_accepted_by_others() {
    let mut town = Town::found().await;
    let subject = town.subject().await;
    let achievement = town.achievement_url();
    let given = town.endorse(&achievement).await;
    let endorsement = town.at(&given["credential"], "application/json").await;
    let mut text = rich_text();
    text["endorsements"] = json!([serde_json::from_str::<Value>(&endorsement).unwrap()]);
    let versions = town.academy.path(&format!("achievements/{}/versions", town.achievement));
    town.client.post(&versions, &text).await.expect(201);
    let organisation = town.client.get("/v1/organisations/acme").await.expect(200);
    let of_issuer = town.endorse(organisation["did"].as_str().unwrap()).await;
    let of_issuer: Value = serde_json::from_str(&town.at(&of_issuer["credential"], "application/json").await).unwrap();
    let place = town.award(&subject, "k", std::slice::from_ref(&of_issuer)).await;
    let badge = town.at(&place, "application/json").await;
    let said: Value = serde_json::from_str(&badge).unwrap();
    let earned = &said["credentialSubject"]["achievement"];
    assert_eq!((&earned["achievementType"], &earned["creditsAvailable"]), (&json!("ext:Workshop"), &json!(3.5)));
    assert_eq!(earned["endorsement"], text["endorsements"]);
    assert_eq!(said["endorsement"], json!([of_issuer]));
    assert_eq!(town.at(&place, "text/html").await.matches("<bdi>Guild of Technicians</bdi>").count(), 2);
    assert_eq!(said["issuer"]["address"]["addressCountryCode"], "AT");
    assert_eq!(said["credentialSubject"]["result"][0]["achievedLevel"], format!("{achievement}#exam/gold"));
    let record = town.client.post(&town.academy.path("records"), &json!({ "subject": subject })).await.expect(201);
    let clr = town.at(&record["credential"], "application/json").await;
    let bundled: Value = serde_json::from_str(&clr).unwrap();
    assert_eq!(bundled["credentialSubject"]["verifiableCredential"], json!([said]));
    let documents = [badge.clone(), endorsement.clone(), clr.clone()];
    for document in &documents {
        let report = town.report(document).await;
        assert_eq!(report["verdict"], "valid", "{report:#}");
    }
    keeps_to(&badge, "ob_v3p0/ob_v3p0_achievementcredential_schema.json");
    keeps_to(&endorsement, "ob_v3p0/ob_v3p0_endorsementcredential_schema.json");
    keeps_to(&clr, "clr_v2p0/clr_v2p0_clrcredential_schema.json");
    let Some(folder) = oracles::installed() else { return println!("not run: LAUREL_ORACLES is not set") };
    let mut known = town.lists(&documents).await;
    let context = standards("contexts/clr-v2p0-2.0.1.json").map(|path| std::fs::read_to_string(path).unwrap());
    let records = context.is_some();
    known.extend(context.map(|context| (CLR.to_owned(), context)));
    for document in documents.iter().filter(|document| records || *document != &clr) {
        for oracle in Oracle::ALL {
            let changed = document.replacen("Guild of", "Guilt of", 1).replacen("EV Technician", "EV Engineer", 1);
            let verdicts = oracle.ask(&folder, &[document.clone(), changed], &known);
            // The library from PyPI knows badges alone.
            let knows = oracle == Oracle::Npm || document == &badge;
            assert!(!knows || verdicts[0].verified == Some(true), "{oracle:?}: {verdicts:?} of {document}");
            assert_ne!(verdicts[1].verified, Some(true), "{oracle:?} of a tampered one: {verdicts:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endorsements_are_given_carried_shown_and_revoked() {
    let mut town = Town::found().await;
    let achievement = town.achievement_url();
    for (body, place) in [
        (json!({ "endorses": "EV Technician", "comment": "Good." }), "/endorses"),
        (
            json!({ "endorses": format!("{}/achievements/nothing", town.host.base_url()), "comment": "Good." }),
            "/endorses",
        ),
        (json!({ "endorses": achievement, "comment": " " }), "/comment"),
        (json!({ "endorses": achievement, "comment": "Good.", "valid_until": "2020-01-01T00:00:00Z" }), "/valid_until"),
    ] {
        let problem = town.client.post("/v1/organisations/guild/endorsements", &body).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], place, "{problem}");
    }
    let given = town.endorse(&achievement).await;
    let document: Value = serde_json::from_str(&town.at(&given["credential"], "application/json").await).unwrap();
    assert_eq!(document["credentialSubject"]["id"], json!(achievement));
    let page = town.at(&given["credential"], "text/html").await;
    assert!(page.contains("Guild of Technicians") && page.contains("<strong>these</strong>"), "{page}");
    let offered = async |town: &Town| town.at(&json!(achievement), "text/html").await;
    assert!(!offered(&town).await.contains("Guild of Technicians"), "nobody is shown whom the academy did not let in");

    let versions = town.academy.path(&format!("achievements/{}/versions", town.achievement));
    let mut tampered = document.clone();
    tampered["credentialSubject"]["endorsementComment"] = json!("Nobody else will do.");
    let elsewhere = town.endorse("https://other.example/achievements/1").await;
    let elsewhere: Value = serde_json::from_str(&town.at(&elsewhere["credential"], "application/json").await).unwrap();
    for (endorsement, why) in [
        (tampered, "changed"),
        (elsewhere, "it speaks for https://other.example"),
        (json!({ "type": ["OpenBadgeCredential"] }), "not an EndorsementCredential"),
        (json!("ey.ey.sig"), "ask for a document"),
        (json!(7), "a signed document"),
    ] {
        let mut text = rich_text();
        text["endorsements"] = json!([endorsement]);
        let problem = town.client.post(&versions, &text).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], "/endorsements/0", "{problem}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(why), "{why}: {problem}");
    }
    let mut text = rich_text();
    text["endorsements"] = json!([document]);
    town.client.post(&versions, &text).await.expect(201);
    let page = offered(&town).await;
    assert!(page.contains("Who endorses it") && page.contains("Guild of Technicians"), "{page}");
    let path = format!("/v1/organisations/guild/endorsements/{}", program::id(&given));
    assert_eq!(town.client.get(&path).await.expect(200)["revoked"], false);
    let own = town.academy.path(&format!("endorsements/{}", program::id(&given)));
    assert_eq!(town.client.get(&own).await.status, 404, "another organisation's");
    assert_eq!(town.client.post(&format!("{path}/revoke"), &json!(null)).await.expect(200)["revoked"], true);
    town.academy.settled(&town.host).await;
    assert_eq!(town.client.get(&path).await.expect(200)["revoked"], true);
    assert_eq!(town.report(&document.to_string()).await["revoked"], true);
    assert!(town.at(&given["credential"], "text/html").await.contains("Revoked"));
    assert!(!offered(&town).await.contains("Who endorses it"));
    text["tags"] = json!(["ev", "again"]);
    town.client.post(&versions, &text).await.expect(422);
    assert_eq!(
        town.client.get("/v1/organisations/guild/endorsements").await.expect(200)["items"][0]["id"],
        given["id"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_holds_what_counts() {
    let mut town = Town::found().await;
    let subject = town.subject().await;
    let records = town.academy.path("records");
    let asked = json!({ "subject": subject });
    assert_eq!(town.client.post(&records, &asked).await.status, 409, "nothing to bundle yet");
    let nobody = town.client.post(&records, &json!({ "subject": town.achievement })).await.expect(422);
    assert_eq!(nobody["errors"][0]["pointer"], "/subject", "{nobody}");
    let (first, second) = (town.award(&subject, "one", &[]).await, town.award(&subject, "two", &[]).await);
    let awards = town.academy.list(&mut town.client, "awards").await;
    let revoke = town.academy.path(&format!("awards/{}/revoke", program::id(&awards[0])));
    town.client.post(&revoke, &json!({ "reason": "By mistake." })).await.expect(200);
    let record = town.client.post(&records, &asked).await.expect(201);
    let document: Value = serde_json::from_str(&town.at(&record["credential"], "application/json").await).unwrap();
    let held = document["credentialSubject"]["verifiableCredential"].as_array().unwrap();
    assert_eq!((held.len(), &held[0]["id"], &document["partial"]), (1, &second, &json!(false)), "not {first}");
    let page = town.at(&record["credential"], "text/html").await;
    assert!(
        page.contains("EV Technician") && page.contains(second.as_str().unwrap()) && !page.contains("Ada"),
        "{page}"
    );
    let path = format!("{records}/{}", program::id(&record));
    assert_eq!(town.host.visitor().get(&path).await.status, 401);
    town.client.post(&format!("{path}/revoke"), &json!(null)).await.expect(200);
    town.academy.settled(&town.host).await;
    assert_eq!(town.report(&document.to_string()).await["revoked"], true);
    assert_eq!(town.report(&held[0].to_string()).await["verdict"], "valid", "a badge outlives its record");
    assert_eq!(town.client.get(&records).await.expect(200)["items"][0]["id"], record["id"]);
}

/// A score of somebody, told by a learning platform.
async fn scored(town: &mut Town, score: f64) {
    let lms = "https://lms.example";
    let assertions = json!({ "source": lms, "namespaces": [lms], "kinds": ["exam.taken"] });
    let token = json!({ "name": "lms", "scopes": ["events"], "assertions": assertions });
    let token = town.client.post(&town.academy.path("tokens"), &token).await.expect(201);
    let bearer = format!("Bearer {}", token["secret"].as_str().unwrap());
    let event = json!({
        "specversion": "1.0", "id": "1", "source": lms, "type": "exam.taken", "time": "2026-03-01T08:00:00Z",
        "subject": format!("{lms}#17"), "data": { "score": { "raw": score } },
    });
    let headers = [("content-type", "application/cloudevents+json"), ("authorization", bearer.as_str())];
    let body = Bytes::from(event.to_string());
    town.host.visitor().try_send("POST", "/v1/events", &headers, body).await.unwrap().expect(202);
    town.academy.settled(&town.host).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_reports_the_score_that_passed_and_what_cannot_be_taken_is_named() {
    let mut town = Town::found().await;
    town.academy.install_recipe(&mut town.client).await;
    town.academy.achievements.insert("EV Technician".to_owned(), town.achievement.clone());
    for result in ["exam", "speed"] {
        let exam =
            json!({ "measure": "max", "value": "score.raw", "events": "exam.taken", "at-least": 80, "result": result });
        town.academy.rule(&mut town.client, "EV Technician", &json!({ "requirement": exam })).await;
    }
    scored(&mut town, 92.5).await;
    let awards = town.academy.list(&mut town.client, "awards").await;
    assert_eq!(awards.len(), 2);
    let (whole, partial): (Vec<&Value>, Vec<&Value>) =
        awards.iter().partition(|award| award["explanation"]["left_out"].is_null());
    let said: Value = serde_json::from_str(&town.at(&whole[0]["credential"], "application/json").await).unwrap();
    let result = &said["credentialSubject"]["result"][0];
    assert_eq!(result["resultDescription"], format!("{}#exam", town.achievement_url()));
    assert_eq!(result["value"], "92.5");
    // The achievement describes no such result: the award is given without it, and says so.
    let left_out = &partial[0]["explanation"]["left_out"][0];
    assert_eq!(left_out["pointer"], "/results/0/resultDescription", "{left_out}");
    assert!(left_out["message"].as_str().unwrap().contains("exam"), "{left_out}");
    let said: Value = serde_json::from_str(&town.at(&partial[0]["credential"], "application/json").await).unwrap();
    assert!(
        said["credentialSubject"]["result"].is_null() && said["credentialSubject"]["narrative"].is_string(),
        "{said}"
    );
}
