//! How far somebody is: told to the program over the API, and to the earner alone on the account page.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use bytes::Bytes;
use laurel_tests::discourse::Delivery;
use laurel_tests::earner::sign_in;
use laurel_tests::{Database, Host, Program, program};
use serde_json::{Value, json};

const ADA: u32 = 7;
const GRACE: u32 = 8;

/// A forum where three accepted answers make a helper, five more an expert, and the first one a badge for taking part.
struct Forum {
    host: Host,
    program: Program,
    deliveries: u32,
}

impl Forum {
    async fn open(database: Database) -> Option<Self> {
        let url = database.make().map_err(|why| eprintln!("not run: {why}")).ok()?;
        let host = Host::start(url);
        let program = Program::forum(&mut host.client()).await;
        Some(Self { host, program, deliveries: 0 })
    }

    /// So many answers of somebody are accepted.
    async fn solve(&mut self, user: u32, count: u32) {
        for _ in 0..count {
            self.deliveries += 1;
            let delivery = Delivery::solution(self.deliveries, user, 100 + 2 * self.deliveries);
            let headers = delivery.headers();
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let hook = self.program.discourse_hook();
            let answer = self.host.visitor().try_send("POST", &hook, &headers, delivery.body).await.unwrap();
            assert!((200..300).contains(&answer.status), "{}", answer.text());
        }
        self.program.settled(&self.host).await;
    }

    /// Whoever was not seen before.
    async fn newcomer(&self, known: &[&str]) -> String {
        let subjects = self.program.list(&mut self.host.client(), "subjects").await;
        let mut ids = subjects.iter().map(program::id).filter(|id| !known.contains(&id.as_str()));
        ids.next().unwrap()
    }

    /// For each achievement by its name: whether it is held, and what is reached and wanted of each requirement.
    async fn progress(&self, subject: &str) -> Value {
        let path = self.program.path(&format!("progress?subject={subject}"));
        let list = self.host.client().get(&path).await.expect(200);
        let named = list["items"].as_array().unwrap().iter().map(|item| {
            let achievement = item["achievement"].as_str().unwrap();
            let (name, _) = self.program.achievements.iter().find(|(_, id)| *id == achievement).unwrap();
            let steps = item["requirements"].as_array().unwrap().iter();
            let steps: Vec<Value> = steps.map(|step| json!([step["current"], step["target"]])).collect();
            assert_eq!(item["parked"], false, "{item}");
            (name.clone(), json!([item["held"], steps]))
        });
        Value::Object(named.collect())
    }

    async fn account(&self, subject: &str) -> String {
        let cookie = sign_in(&self.host, &self.program, subject).await;
        let headers = [("cookie", cookie.as_str())];
        self.host.visitor().try_send("GET", "/account", &headers, Bytes::new()).await.unwrap().text()
    }
}

async fn journey(database: Database) {
    let Some(mut forum) = Forum::open(database).await else { return };
    forum.solve(ADA, 2).await;
    let ada = forum.newcomer(&[]).await;
    let begun = json!({
        "Helper": [false, [[2.0, 3.0]]],
        "Expert": [false, [[0.0, 1.0], [2.0, 5.0]]],
        "First answer": [true, [[1.0, 1.0]]],
    });
    assert_eq!(forum.progress(&ada).await, begun);
    let account = forum.account(&ada).await;
    assert!(account.contains("Under way") && account.contains("2 of 3") && account.contains("2 of 5"), "{account}");
    assert!(account.contains("<progress max=\"100\" value=\"66\">66 %</progress>"), "{account}");
    assert!(account.contains("hold the badge “Helper”"), "people know badges by their names: {account}");
    assert!(!account.contains("First answer"), "what is held is not under way: {account}");

    // Somebody else's is somebody else's; who is two accounts has the answers of both.
    forum.solve(GRACE, 1).await;
    let grace = forum.newcomer(&[&ada]).await;
    assert_eq!(forum.progress(&grace).await["Helper"], json!([false, [[1.0, 3.0]]]));
    let merge = forum.program.path(&format!("subjects/{ada}/merge"));
    forum.host.client().post(&merge, &json!({ "from": grace })).await.expect(200);
    forum.program.settled(&forum.host).await;
    for subject in [&ada, &grace] {
        assert_eq!(forum.progress(subject).await["Helper"], json!([true, [[3.0, 3.0]]]), "{subject}");
    }
    let account = forum.account(&ada).await;
    assert!(!account.contains("of 3<") && account.contains("3 of 5"), "{account}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn towards_the_next_badge_on_sqlite() {
    journey(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn towards_the_next_badge_on_postgres() {
    journey(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_s_progress_is_told() {
    let Some(mut forum) = Forum::open(Database::Sqlite).await else { return };
    forum.solve(ADA, 1).await;
    let ada = forum.newcomer(&[]).await;
    let mut client = forum.host.client();
    let body = json!({ "slug": "other", "name": "Other", "suite": "eddsa-jcs-2022" });
    let other = program::id(&client.post("/v1/organisations", &body).await.expect(201));
    let elsewhere = format!("/v1/organisations/{other}/progress?subject={ada}");
    assert_eq!(client.get(&elsewhere).await.status, 404);
    let own = forum.program.path(&format!("progress?subject={ada}"));
    assert_eq!(forum.host.visitor().get(&own).await.status, 401);
}
