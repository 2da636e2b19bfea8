//! How an award stands after its earner's history was folded again: what an operator suspended stays so, and what a merge took back is
//! earned again.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use laurel_tests::discourse::Delivery;
use laurel_tests::{Database, Host, Program, program};
use serde_json::{Value, json};

const ADA: u32 = 7;
const COUNTESS: u32 = 8;

/// A forum where two accepted answers make a helper, with fifty points.
struct Forum {
    host: Host,
    program: Program,
    deliveries: u32,
}

impl Forum {
    async fn open(database: Database) -> Option<Self> {
        let url = database.make().map_err(|why| eprintln!("not run: {why}")).ok()?;
        let host = Host::start(url);
        let mut client = host.client();
        let mut program = Program::found(&mut client, "eddsa-jcs-2022").await;
        program.install_recipe(&mut client).await;
        program.install_discourse(&mut client).await;
        program.achievement(&mut client, "Helper", "credential").await;
        let recipe = json!({
            "requirement": { "events": "solution.accepted", "retract": "solution.unaccepted", "at-least": 2 },
            "points": { "per": "award", "amount": 50 },
        });
        program.rule(&mut client, "Helper", &recipe).await;
        Some(Self { host, program, deliveries: 0 })
    }

    /// An answer of somebody is accepted, or not any more.
    async fn tell(&mut self, name: &'static str, user: u32, post: u32) {
        self.deliveries += 1;
        let delivery = Delivery { name, ..Delivery::solution(self.deliveries, user, post) };
        let headers = delivery.headers();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let hook = self.program.discourse_hook();
        let answer = self.host.visitor().try_send("POST", &hook, &headers, delivery.body).await.unwrap();
        assert!((200..300).contains(&answer.status), "{}", answer.text());
        self.program.settled(&self.host).await;
    }

    async fn accept(&mut self, user: u32, post: u32) {
        self.tell("accepted_solution", user, post).await;
    }

    /// The subject behind an account.
    async fn subject(&self, user: u32) -> String {
        let identifier = format!("https://forum.example.org%23{user}");
        let path = self.program.path(&format!("subject?identifier={identifier}"));
        program::id(&self.host.client().get(&path).await.expect(200))
    }

    async fn merge(&self, winner: &str, loser: &str) {
        let path = self.program.path(&format!("subjects/{winner}/merge"));
        self.host.client().post(&path, &json!({ "from": loser })).await.expect(200);
        self.program.settled(&self.host).await;
    }

    /// The only award there is.
    async fn award(&self) -> Value {
        let awards = self.program.list(&mut self.host.client(), "awards").await;
        assert_eq!(awards.len(), 1, "{awards:?}");
        awards[0].clone()
    }

    async fn points(&self, subject: &str) -> Value {
        let path = self.program.path(&format!("engagement?subject={subject}"));
        self.host.client().get(&path).await.expect(200)["points_total"].clone()
    }

    async fn set_mode(&self, mode: &str) {
        let path = self.program.path(&format!("rules/{}/mode", self.program.rules["Helper"]));
        self.host.client().send_json("PUT", &path, &json!({ "mode": mode })).await.expect(200);
    }
}

async fn investigation(database: Database) {
    let Some(mut forum) = Forum::open(database).await else { return };
    for post in [100, 102] {
        forum.accept(ADA, post).await;
    }
    let (ada, award) = (forum.subject(ADA).await, program::id(&forum.award().await));
    let because = json!({ "reason": "The answers may have been copied." });
    let suspend = forum.program.path(&format!("awards/{award}/suspend"));
    assert_eq!(forum.host.client().post(&suspend, &because).await.expect(200)["changed_by"], "operator");

    let pair = json!({ "rule": forum.program.rules["Helper"], "subject": ada });
    let retry = forum.program.path("parked/retry");
    assert_eq!(forum.host.client().post(&retry, &pair).await.status, 202);
    forum.program.settled(&forum.host).await;
    assert_eq!(forum.award().await["standing"], "suspended", "after a retry");

    forum.set_mode("paused").await;
    forum.accept(ADA, 104).await;
    forum.set_mode("active").await;
    forum.program.settled(&forum.host).await;
    assert_eq!(forum.award().await["standing"], "suspended", "after the rule was paused and resumed");

    forum.accept(COUNTESS, 106).await;
    forum.merge(&forum.subject(COUNTESS).await, &ada).await;
    let award = forum.award().await;
    assert_eq!((&award["standing"], &award["reason"]), (&json!("suspended"), &because["reason"]), "after a merge");
    let reinstate = suspend.replace("/suspend", "/reinstate");
    assert_eq!(forum.host.client().post(&reinstate, &because).await.expect(200)["standing"], "active");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_s_suspension_outlives_every_refold_on_sqlite() {
    investigation(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_s_suspension_outlives_every_refold_on_postgres() {
    investigation(Database::Postgres).await;
}

async fn taken_back(database: Database) {
    let Some(mut forum) = Forum::open(database).await else { return };
    forum.accept(ADA, 100).await;
    forum.tell("unaccepted_solution", COUNTESS, 100).await;
    forum.accept(ADA, 102).await;
    let (ada, countess) = (forum.subject(ADA).await, forum.subject(COUNTESS).await);
    let given = forum.award().await;
    assert_eq!((&given["standing"], forum.points(&ada).await), (&json!("active"), json!(50)));

    // One and the same: then one of the two answers did not stay accepted.
    forum.merge(&countess, &ada).await;
    let withdrawn = forum.award().await;
    assert_eq!((&withdrawn["standing"], &withdrawn["changed_by"]), (&json!("suspended"), &json!("refold")));
    assert_eq!(forum.points(&countess).await, 0);

    forum.accept(ADA, 104).await;
    let earned = forum.award().await;
    assert_eq!((&earned["standing"], &earned["id"]), (&json!("active"), &given["id"]));
    assert_eq!(forum.points(&countess).await, 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_merge_took_back_is_earned_again_on_sqlite() {
    taken_back(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_merge_took_back_is_earned_again_on_postgres() {
    taken_back(Database::Postgres).await;
}
