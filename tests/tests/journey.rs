//! The whole way: a signed delivery becomes a credential that verifiers we did not write accept; changed by a byte they refuse it;
//! revoked, they see it.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use laurel_tests::discourse::Delivery;
use laurel_tests::oracles::{Oracle, installed};
use laurel_tests::{Client, Database, Host, Program, program, status_entries};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A helper by three accepted answers, signed in the given suite; the exact text of the credential and the award's id.
async fn earn(host: &Host, suite: &str) -> (Program, String, String) {
    let mut client = host.client();
    let mut program = Program::found(&mut client, suite).await;
    program.install_recipe(&mut client).await;
    program.install_discourse(&mut client).await;
    program.achievement(&mut client, "Helper", "credential").await;
    let recipe = json!({ "requirement": { "measure": "count", "events": "solution.accepted", "at-least": 3 } });
    program.rule(&mut client, "Helper", &recipe).await;
    let mut forum = host.visitor();
    for number in 1..=3 {
        let delivery = Delivery::solution(number, 8141, 100 + number);
        let headers = delivery.headers();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = forum.try_send("POST", &program.discourse_hook(), &headers, delivery.body.clone()).await.unwrap();
        assert_eq!(answer.status / 100, 2, "{}", answer.text());
    }
    program.settled(host).await;
    let awards = program.list(&mut client, "awards").await;
    assert_eq!(awards.len(), 1, "{awards:?}");
    let url = awards[0]["credential"].as_str().unwrap().to_owned();
    let text = public(host, &url).await;
    (program, text, program::id(&awards[0]))
}

/// What anybody gets at a public URL of the host, as JSON text.
async fn public(host: &Host, url: &str) -> String {
    let path = url.strip_prefix(host.base_url()).unwrap_or_else(|| panic!("{url} is elsewhere"));
    let headers = [("accept", "application/vc+ld+json")];
    let answer = host.visitor().try_send("GET", path, &headers, bytes::Bytes::new()).await.unwrap();
    assert_eq!(answer.status, 200, "{url}: {}", answer.text());
    answer.text()
}

async fn status_lists(host: &Host, credential: &str) -> BTreeMap<String, String> {
    let document: Value = serde_json::from_str(credential).unwrap();
    let mut lists = BTreeMap::new();
    for entry in status_entries(&document) {
        let url = entry["statusListCredential"].as_str().unwrap();
        lists.insert(url.to_owned(), public(host, url).await);
    }
    lists
}

async fn revoke(client: &mut Client, program: &Program, award: &str) {
    let path = program.path(&format!("awards/{award}/revoke"));
    client.post(&path, &json!({ "reason": "The answers were copied." })).await.expect(200);
}

async fn journey(database: Database, suite: &str) {
    let url = match database.make() {
        Ok(url) => url,
        Err(why) => return println!("not run: {why}"),
    };
    let host = Host::start(url);
    let (program, credential, award) = earn(&host, suite).await;
    let document: Value = serde_json::from_str(&credential).unwrap();
    assert_eq!(document["proof"]["cryptosuite"], suite);
    let tampered = credential.replacen("\"Helper\"", "\"Helpes\"", 1);
    assert_ne!(credential, tampered);
    let Some(oracles) = installed() else { return println!("not run: LAUREL_ORACLES is not set") };
    let mut decided = 0;
    let before = status_lists(&host, &credential).await;
    revoke(&mut host.client(), &program, &award).await;
    program.settled(&host).await;
    let after = status_lists(&host, &credential).await;
    for oracle in Oracle::ALL {
        let verdicts = oracle.ask(&oracles, &[credential.clone(), tampered.clone()], &before);
        let Some(verified) = verdicts[0].verified else { continue };
        decided += 1;
        assert!(verified && !verdicts[0].revoked, "{oracle:?} of a good one: {verdicts:?}");
        assert_eq!(verdicts[1].verified, Some(false), "{oracle:?} of a tampered one: {verdicts:?}");
        let verdicts = oracle.ask(&oracles, std::slice::from_ref(&credential), &after);
        assert!(verdicts[0].revoked, "{oracle:?} of a revoked one: {verdicts:?}");
    }
    assert!(decided >= if suite == "eddsa-rdfc-2022" { 2 } else { 1 }, "too few oracles know {suite}");
    assert_eq!(public(&host, document["id"].as_str().unwrap()).await, credential, "the bytes never change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eddsa_rdfc_2022_on_sqlite() {
    journey(Database::Sqlite, "eddsa-rdfc-2022").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eddsa_jcs_2022_on_postgres() {
    journey(Database::Postgres, "eddsa-jcs-2022").await;
}
