//! A rule that cannot fold an event stops for one subject, and for nobody else; what the operator does about it loses nothing.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use laurel_tests::guest::{BAD_DECISIONS, moody};
use laurel_tests::{Client, Database, Host, Program, program};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const LMS: &str = "https://lms.example.org";

/// An organisation with the moody plugin and two rules: `All` folds every event, `Fine` only those that nothing is wrong with.
struct Stage {
    host: Host,
    program: Program,
    client: Client,
    sender: Client,
    sent: u32,
}

/// The moody plugin and its rules in an organisation, and somebody who may send events to it.
async fn furnish(host: &Host, program: &mut Program) -> Client {
    let mut client = host.client();
    program.install_component(&mut client, "moody", moody(false)).await;
    for (name, kinds) in [("All", json!(["test.*"])), ("Fine", json!(["test.fine"]))] {
        program.achievement(&mut client, name, "credential").await;
        let body = json!({
            "achievement": program.achievements[name], "installation": program.installations["moody"],
            "settings": {}, "kinds": kinds, "mode": "active",
        });
        let rule = client.post(&program.path("rules"), &body).await.expect(201);
        program.rules.insert(name.to_owned(), program::id(&rule));
    }
    let assertions = json!({ "source": LMS, "namespaces": [LMS], "kinds": ["test.*"] });
    let body = json!({ "name": "lms", "scopes": ["events"], "assertions": assertions });
    let token = client.post(&program.path("tokens"), &body).await.expect(201);
    Client::new(host.address(), token["secret"].as_str())
}

async fn deliver(sender: &mut Client, id: u32, who: &str, kind: &str) {
    let event = json!({
        "specversion": "1.0", "id": id.to_string(), "source": LMS, "type": kind,
        "time": "2026-03-01T08:00:00Z", "subject": format!("{LMS}#{who}"), "data": {},
    });
    let headers = [("content-type", "application/cloudevents+json")];
    sender.try_send("POST", "/v1/events", &headers, event.to_string().into()).await.unwrap().expect(202);
}

impl Stage {
    async fn open(database: Database) -> Option<Self> {
        let url = database.make().map_err(|why| eprintln!("not run: {why}")).ok()?;
        let host = Host::start(url);
        let mut client = host.client();
        let mut program = Program::found(&mut client, "eddsa-jcs-2022").await;
        let sender = furnish(&host, &mut program).await;
        Some(Self { host, program, client, sender, sent: 0 })
    }

    /// Something happens to somebody; its id is its number.
    async fn send(&mut self, who: &str, kind: &str) {
        self.sent += 1;
        deliver(&mut self.sender, self.sent, who, kind).await;
        self.program.settled(&self.host).await;
    }

    /// So many items of a list, sooner or later.
    async fn waits_for(&mut self, program: &Program, what: &str, count: usize) -> Vec<Value> {
        let patience = Instant::now() + Duration::from_mins(1);
        loop {
            let items = program.list(&mut self.client, what).await;
            if items.len() == count {
                return items;
            }
            assert!(Instant::now() < patience, "{items:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn parked(&mut self) -> Vec<Value> {
        self.program.list(&mut self.client, "parked").await
    }

    /// What the only parked pair says.
    async fn only_parked(&mut self) -> Value {
        let parked = self.parked().await;
        assert_eq!(parked.len(), 1, "{parked:?}");
        parked[0].clone()
    }

    async fn subject(&mut self, who: &str) -> String {
        for subject in self.program.list(&mut self.client, "subjects").await {
            let path = self.program.path(&format!("subjects/{}", program::id(&subject)));
            let details = self.client.get(&path).await.expect(200);
            if details["identifiers"].as_array().unwrap().iter().any(|known| known["identifier"]["name"] == who) {
                return program::id(&subject);
            }
        }
        panic!("nobody is {who}");
    }

    /// The keys of everybody's awards of one achievement, sorted. All of them count: nothing here is ever taken back.
    async fn keys(&mut self, achievement: &str) -> Vec<String> {
        let wanted = self.program.achievements[achievement].clone();
        let awards = self.program.list(&mut self.client, "awards").await;
        let awards = awards.iter().filter(|award| award["achievement"] == wanted);
        let keys: Vec<String> = awards
            .map(|award| {
                assert_eq!(award["standing"], "active", "{award}");
                award["key"].as_str().unwrap().to_owned()
            })
            .collect();
        let sorted: BTreeSet<String> = keys.iter().cloned().collect();
        assert_eq!(sorted.len(), keys.len(), "twice: {keys:?}");
        sorted.into_iter().collect()
    }

    /// An operator's word about the rule `All` and somebody.
    async fn unpark(&mut self, word: &str, who: &str) -> u16 {
        let pair = json!({ "rule": self.program.rules["All"], "subject": self.subject(who).await });
        let status = self.client.post(&self.program.path(&format!("parked/{word}")), &pair).await.status;
        self.program.settled(&self.host).await;
        status
    }

    async fn merge(&mut self, winner: &str, loser: &str) {
        let (winner, loser) = (self.subject(winner).await, self.subject(loser).await);
        let path = self.program.path(&format!("subjects/{winner}/merge"));
        self.client.post(&path, &json!({ "from": loser })).await.expect(200);
        self.program.settled(&self.host).await;
    }

    async fn set_mode(&mut self, mode: &str) {
        let path = self.program.path(&format!("rules/{}/mode", self.program.rules["All"]));
        self.client.send_json("PUT", &path, &json!({ "mode": mode })).await.expect(200);
    }

    async fn configure(&mut self, change: Value) {
        let path = self.program.path(&format!("installations/{}", self.program.installations["moody"]));
        self.client.send_json("PATCH", &path, &change).await.expect(200);
    }

    /// Waits until nothing is parked any more: what works again catches up in the background.
    async fn caught_up(&mut self) {
        self.waits_for(&self.program.clone(), "parked", 0).await;
        self.program.settled(&self.host).await;
    }
}

/// Poison for one person: retried in vain, skipped, and left out for ever.
async fn poisoned(database: Database) {
    let Some(mut stage) = Stage::open(database).await else { return };
    for (who, kind) in [("ada", "test.fine"), ("ada", "test.poison"), ("ada", "test.fine"), ("bob", "test.fine")] {
        stage.send(who, kind).await;
    }
    let parked = stage.only_parked().await;
    assert_eq!(
        (&parked["rule"], &parked["subject"], &parked["stopped_by"]),
        (&json!(stage.program.rules["All"]), &json!(stage.subject("ada").await), &json!("event"))
    );
    assert_eq!(parked["error"], "the plugin says: poison\u{FFFD}!");
    assert_eq!(stage.keys("All").await, ["1", "4"], "others go on");
    assert_eq!(stage.keys("Fine").await, ["1", "3", "4"], "other rules go on");

    // In vain: it stops at the same event, and what happened meanwhile waits behind it.
    stage.send("ada", "test.fine").await;
    assert_eq!(stage.unpark("retry", "ada").await, 202);
    stage.send("ada", "test.fine").await;
    let again = stage.only_parked().await;
    assert_eq!((&again["blocked_from"], &again["stopped_by"]), (&parked["blocked_from"], &json!("event")));
    assert_eq!(stage.keys("All").await, ["1", "4"]);

    assert_eq!(stage.unpark("skip", "ada").await, 202);
    assert_eq!(stage.parked().await, Vec::<Value>::new());
    assert_eq!(stage.keys("All").await, ["1", "3", "4", "5", "6"], "all but the poison");
    stage.send("ada", "test.fine").await;
    assert_eq!(stage.keys("All").await, ["1", "3", "4", "5", "6", "7"]);

    // Later refolds leave it out too: a retry, a merge, and one in which the skip is the other's.
    assert_eq!(stage.unpark("retry", "ada").await, 202);
    stage.send("cyd", "test.fine").await;
    stage.merge("ada", "cyd").await;
    stage.merge("bob", "ada").await;
    assert_eq!(stage.parked().await, Vec::<Value>::new());
    assert_eq!(stage.keys("All").await, ["1", "3", "4", "5", "6", "7", "8"]);
    assert_eq!(stage.keys("Fine").await, ["1", "3", "4", "5", "6", "7", "8"], "the other rule skipped nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_is_left_out_and_nothing_else_on_sqlite() {
    poisoned(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_is_left_out_and_nothing_else_on_postgres() {
    poisoned(Database::Postgres).await;
}

/// What a plugin decides, traps or says stops one rule for one subject; the same worker goes on with everybody else.
async fn wicked(database: Database) {
    let Some(mut stage) = Stage::open(database).await else { return };
    let wicked: Vec<&str> = BAD_DECISIONS.into_iter().chain(["test.poison", "test.trap"]).collect();
    for kind in &wicked {
        stage.send(kind, kind).await;
    }
    stage.send("ada", "test.fine").await;
    assert_eq!(stage.keys("All").await, [stage.sent.to_string()]);
    let parked = stage.parked().await;
    assert_eq!(parked.len(), wicked.len(), "{parked:#?}");
    for pair in parked {
        assert!(pair["stopped_by"] == "event" && !pair["error"].as_str().unwrap().contains('\0'), "{pair}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_decision_stops_the_others_on_sqlite() {
    wicked(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_decision_stops_the_others_on_postgres() {
    wicked(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_key_stops_awards_of_one_organisation() {
    let Some(mut stage) = Stage::open(Database::Sqlite).await else { return };
    let keys = stage.client.get(&stage.program.path("keys")).await.expect(200);
    let state = stage.program.path(&format!("keys/{}/state", program::id(&keys["items"][0])));
    stage.client.send_json("PUT", &state, &json!({ "state": "compromised" })).await.expect(200);
    stage.sent += 1;
    deliver(&mut stage.sender, 1, "ada", "test.fine").await;
    let parked = stage.waits_for(&stage.program.clone(), "parked", 2).await;
    assert!(parked[0]["error"].as_str().unwrap().contains("has no active key; make one first"), "{parked:?}");
    let body = json!({ "slug": "other", "name": "Other", "suite": "eddsa-jcs-2022" });
    let other = program::id(&stage.client.post("/v1/organisations", &body).await.expect(201));
    let mut other = Program::in_organisation(&other);
    let mut sender = furnish(&stage.host, &mut other).await;
    deliver(&mut sender, 1, "eve", "test.fine").await;
    stage.waits_for(&other, "awards", 2).await;
    stage.client.post(&stage.program.path("keys"), &json!({})).await.expect(201);
    stage.send("bob", "test.fine").await;
    assert_eq!(stage.unpark("retry", "ada").await, 202);
    assert_eq!(stage.keys("All").await, ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wake_up_that_fails_is_skipped_without_an_event() {
    let Some(mut stage) = Stage::open(Database::Sqlite).await else { return };
    stage.send("ada", "test.sleep").await;
    stage.waits_for(&stage.program.clone(), "parked", 1).await;
    stage.send("ada", "test.fine").await;
    assert_eq!(stage.only_parked().await["stopped_by"], "wake-up");
    assert_eq!(stage.keys("All").await, Vec::<String>::new());
    assert_eq!(stage.unpark("retry", "ada").await, 202);
    assert_eq!(stage.only_parked().await["stopped_by"], "wake-up");
    assert_eq!(stage.unpark("skip", "ada").await, 202);
    for _ in 0..2 {
        assert_eq!(stage.parked().await, Vec::<Value>::new());
        assert_eq!(stage.keys("All").await, ["2"], "the event that came next is folded");
        assert_eq!(stage.unpark("retry", "ada").await, 202);
    }
}

async fn paused(database: Database) {
    let Some(mut stage) = Stage::open(database).await else { return };
    stage.send("ada", "test.fine").await;
    stage.set_mode("paused").await;
    stage.send("ada", "test.fine").await;
    stage.send("bob", "test.fine").await;
    let parked = stage.parked().await;
    assert!(parked.len() == 2 && parked.iter().all(|pair| pair["stopped_by"] == "pause"), "{parked:?}");
    assert_eq!(stage.unpark("skip", "ada").await, 409, "there is no event to leave out");
    assert_eq!(stage.unpark("retry", "ada").await, 202);
    assert_eq!(stage.keys("All").await, ["1"]);
    stage.set_mode("active").await;
    stage.caught_up().await;
    assert_eq!(stage.keys("All").await, ["1", "2", "3"]);

    // The same by the installation, over the death of the host.
    stage.configure(json!({ "enabled": false })).await;
    stage.send("ada", "test.fine").await;
    stage.send("ada", "test.poison").await;
    stage.send("bob", "test.fine").await;
    assert_eq!(stage.keys("Fine").await, ["1", "2", "3"], "both rules are of the installation");
    stage.configure(json!({ "enabled": true })).await;
    stage.host.kill();
    stage.host.resume_life();
    // Three awards by each rule before; then two by `Fine`, and one by `All`: half a history, up to the poison, gives nothing.
    stage.waits_for(&stage.program.clone(), "awards", 6 + 2 + 1).await;
    stage.waits_for(&stage.program.clone(), "parked", 1).await;
    stage.program.settled(&stage.host).await;
    assert_eq!(stage.only_parked().await["stopped_by"], "event", "poison stays poison");
    assert_eq!(stage.unpark("skip", "ada").await, 202);
    assert_eq!(stage.keys("All").await, ["1", "2", "3", "4", "6"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_loses_nothing_on_sqlite() {
    paused(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_loses_nothing_on_postgres() {
    paused(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_was_mended_folds_what_it_could_not() {
    let Some(mut stage) = Stage::open(Database::Sqlite).await else { return };
    for (who, kind) in [("ada", "test.fine"), ("ada", "test.poison"), ("ada", "test.fine"), ("bob", "test.fine")] {
        stage.send(who, kind).await;
    }
    assert_eq!(stage.keys("All").await, ["1", "4"]);
    let digest = stage.program.upload(&mut stage.client, "moody", moody(true)).await;
    stage.configure(json!({ "plugin": digest })).await;
    stage.caught_up().await;
    assert_eq!(stage.keys("All").await, ["1", "2", "3", "4"]);
    stage.send("bob", "test.poison").await;
    assert_eq!(stage.keys("All").await, ["1", "2", "3", "4", "5"]);
}
