//! A credential whose place another one took says so, and its refresh service has that one.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use bytes::Bytes;
use laurel_tests::discourse::Delivery;
use laurel_tests::oracles::{Oracle, installed};
use laurel_tests::{Answer, Client, Database, Host, Program, status_entries};
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn public(host: &Host, url: &str, accept: &str) -> Answer {
    let path = url.strip_prefix(host.base_url()).unwrap();
    host.visitor().try_send("GET", path, &[("accept", accept)], Bytes::new()).await.unwrap()
}

/// Three accepted answers of somebody.
async fn help(host: &Host, program: &Program, user: u32) {
    for number in 0..3 {
        let delivery = Delivery::solution(user * 10 + number, user, 1000 + user * 10 + 2 * number);
        let headers = delivery.headers();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = host.visitor().try_send("POST", &program.discourse_hook(), &headers, delivery.body).await.unwrap();
        assert_eq!(answer.status / 100, 2, "{}", answer.text());
    }
    program.settled(host).await;
}

/// Two helpers who turn out to be one: the award that stays, and the one whose place it took.
async fn two_become_one(host: &Host, client: &mut Client, suite: &str) -> (Program, Value, Value) {
    let mut program = Program::found(client, suite).await;
    let several = json!({ "name": "Acme Academy", "status_entries": "several" });
    client.send_json("PUT", &format!("/v1/organisations/{}", program.organisation), &several).await.expect(200);
    program.install_recipe(client).await;
    program.install_discourse(client).await;
    program.achievement(client, "Helper", "credential").await;
    let recipe = json!({ "requirement": { "measure": "count", "events": "solution.accepted", "at-least": 3 } });
    program.rule(client, "Helper", &recipe).await;
    help(host, &program, 7).await;
    help(host, &program, 8).await;
    let awards = program.list(client, "awards").await;
    assert_eq!(awards.len(), 2, "{awards:?}");
    let path = program.path(&format!("subjects/{}/merge", awards[0]["subject"].as_str().unwrap()));
    client.post(&path, &json!({ "from": awards[1]["subject"] })).await.expect(200);
    program.settled(host).await;
    let mut awards = program.list(client, "awards").await;
    awards.sort_by_key(|award| award["standing"].to_string());
    let superseded = awards.pop().unwrap();
    let stays = awards.pop().unwrap();
    assert_eq!((&stays["standing"], &superseded["standing"]), (&json!("active"), &json!("superseded")));
    (program, stays, superseded)
}

async fn report(host: &Host, credential: &str) -> Value {
    let headers = [("content-type", "application/octet-stream")];
    let body = Bytes::from(credential.to_owned());
    host.visitor().try_send("POST", "/v1/verify", &headers, body).await.unwrap().expect(200)
}

async fn refreshed(database: Database, suite: &str) {
    let url = match database.make() {
        Ok(url) => url,
        Err(why) => return println!("not run: {why}"),
    };
    let host = Host::start(url);
    let (_, stays, superseded) = two_become_one(&host, &mut host.client(), suite).await;
    assert_eq!((&superseded["successor"], &stays["successor"]), (&stays["id"], &Value::Null));
    let [old, new] = [&superseded, &stays].map(|award| award["credential"].as_str().unwrap());
    let (before, after) =
        (public(&host, old, "application/vc+ld+json").await, public(&host, new, "application/vc+ld+json").await);
    let (service, own) = (format!("{old}/refresh"), format!("{new}/refresh"));
    for (asked, what) in [(&service, "the successor's"), (&own, "with nothing newer, its own")] {
        let answer = public(&host, asked, "*/*").await;
        assert_eq!((answer.status, &answer.body), (200, &after.body), "{what}");
        assert_eq!(answer.header("content-type"), before.header("content-type"));
    }
    assert_eq!(public(&host, &format!("{}/credentials/none/refresh", host.base_url()), "*/*").await.status, 404);

    // It counts as before, and says that there is a newer one.
    let answer = report(&host, &before.text()).await;
    assert_eq!((&answer["verdict"], &answer["revoked"]), (&json!("valid"), &json!(false)), "{answer:#}");
    assert!(answer.to_string().contains("Its issuer has a newer version of it."), "{answer:#}");
    let answer = report(&host, &after.text()).await;
    assert!(!answer.to_string().contains("newer version"), "{answer:#}");
    let page = public(&host, old, "text/html").await.text();
    let link = new.strip_prefix(host.base_url()).unwrap();
    assert!(page.contains(&format!("<a href=\"{link}\">The credential that took its place</a>")), "{page}");
    assert!(!public(&host, new, "text/html").await.text().contains("took its place"));
    if suite.starts_with("eddsa") {
        by_others(&host, &before.text(), &service).await;
    }
}

/// What verifiers we did not write say of a superseded credential.
async fn by_others(host: &Host, credential: &str, service: &str) {
    let document: Value = serde_json::from_str(credential).unwrap();
    assert_eq!(document["refreshService"], json!({ "id": service, "type": "1EdTechCredentialRefresh" }));
    let mut lists = BTreeMap::new();
    for entry in status_entries(&document) {
        let url = entry["statusListCredential"].as_str().unwrap();
        lists.insert(url.to_owned(), public(host, url, "*/*").await.text());
    }
    let Some(oracles) = installed() else { return println!("not run: LAUREL_ORACLES is not set") };
    for oracle in Oracle::ALL {
        let verdicts = oracle.ask(&oracles, &[credential.to_owned()], &lists);
        assert!(verdicts[0].verified != Some(false) && !verdicts[0].revoked, "{oracle:?}: {verdicts:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_superseded_credential_leads_to_its_successor_on_sqlite() {
    refreshed(Database::Sqlite, "eddsa-rdfc-2022").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_superseded_token_leads_to_its_successor_on_postgres() {
    refreshed(Database::Postgres, "vc-jwt").await;
}
