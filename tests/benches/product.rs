//! What the whole product carries, from outside: a release host as a process, events over HTTP, credentials in the database.
//!
//! Run by `cargo xtask bench`, which builds the host and the plugins and starts PostgreSQL. Each figure stands beside a limit measured in
//! the same run: what the same host takes in when no rule wants the events. `LAUREL_BENCH_DATABASE=sqlite` (or `postgres`) measures one.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::cast_precision_loss)]

use bytes::Bytes;
use ed25519_dalek::{Signer as _, SigningKey};
use laurel_figures::Figures;
use laurel_tests::{Client, Database, Host, Program, Signer};
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const LMS: &str = "https://lms.example.org";
/// Events a request.
const BATCH: usize = 256;
/// Connections that send at once.
const CONNECTIONS: usize = 8;

/// Events stored at first; the other host has ten times as many.
const SMALL: usize = 32_000;
/// Of those who attend a course, one in so many is new to the program.
const NEW: usize = 8;
/// Events in one measurement, and how many measurements there are.
const ROUND: usize = 8_000;
const ROUNDS: usize = 15;

/// How often the host is asked whether it is done, towards the end.
const SETTLING: Duration = Duration::from_millis(5);
/// How much a host does in a millisecond at the very most. It is not asked again before it can be done: counting what waits is work too.
const AT_MOST: u64 = 100;

struct Course {
    host: Host,
    /// The database, if it is on a server.
    url: Option<String>,
    program: Program,
    token: String,
    /// Events so far.
    sent: usize,
    /// Whom they were about: everybody with a number below this.
    people: usize,
}

impl Course {
    /// A host where completing a course earns a credential, and attending one earns nothing.
    async fn open(database: Database, settings: &[(&str, &str)]) -> Option<Self> {
        let url = database.make().map_err(|why| eprintln!("not run: {why}")).ok()?;
        let host = Host::start_with(url.clone(), settings);
        let mut client = host.client();
        let mut program = Program::found(&mut client, "eddsa-jcs-2022").await;
        program.install_recipe(&mut client).await;
        program.achievement(&mut client, "Graduate", "credential").await;
        let recipe = json!({ "requirement": { "measure": "count", "events": "course.completed", "at-least": 1 } });
        let rule = json!({
            "achievement": program.achievements["Graduate"],
            "installation": program.installations["recipe"],
            "settings": recipe,
            "kinds": ["course.completed"],
            "mode": "active",
        });
        client.post(&program.path("rules"), &rule).await.expect(201);
        let assertions = json!({ "source": LMS, "namespaces": [LMS], "kinds": ["*"] });
        let body = json!({ "name": "lms", "scopes": ["events"], "assertions": assertions });
        let token = client.post(&program.path("tokens"), &body).await.expect(201);
        Some(Self { host, url, program, token: token["secret"].as_str().unwrap().to_owned(), sent: 0, people: 0 })
    }

    /// Bodies of so many events.
    fn bodies(&mut self, kind: &str, count: usize) -> Vec<Bytes> {
        let events: Vec<Value> = (0..count).map(|_| self.event(kind)).collect();
        events.chunks(BATCH).map(|batch| Bytes::from(serde_json::to_vec(batch).unwrap())).collect()
    }

    /// Who completes a course is somebody new, and earns a credential; most who attend one are known.
    fn event(&mut self, kind: &str) -> Value {
        let number = self.sent;
        self.sent += 1;
        let is_new = kind == "course.completed" || number.is_multiple_of(NEW) || self.people == 0;
        self.people += usize::from(is_new);
        let person = if is_new { self.people - 1 } else { scattered(number) % self.people };
        event(kind, number, person)
    }

    /// Sends everything and returns how long until each was acknowledged.
    async fn send(&self, bodies: Vec<Bytes>) -> Duration {
        let begun = Instant::now();
        let mut tasks = Vec::new();
        for share in 0..CONNECTIONS {
            let own: Vec<Bytes> = bodies.iter().skip(share).step_by(CONNECTIONS).cloned().collect();
            let mut client = Client::new(self.host.address(), Some(&self.token));
            tasks.push(tokio::spawn(async move {
                for body in own {
                    post(&mut client, "application/cloudevents-batch+json", body).await;
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        begun.elapsed()
    }

    /// Waits until nothing is left to fold, sign or relay.
    async fn settle(&self) {
        let mut client = self.host.client();
        loop {
            let status = client.get("/v1/status").await.expect(200);
            let left: u64 = ["lag", "unsigned", "unrelayed"].iter().map(|what| status[what].as_u64().unwrap()).sum();
            if left == 0 {
                return;
            }
            tokio::time::sleep(SETTLING.max(Duration::from_millis(left / AT_MOST))).await;
        }
    }

    /// Subjects and events, one in eight with a credential. What that leaves the database to do is done before anything is measured.
    async fn fill(&mut self, count: usize) {
        while self.sent < count {
            self.whole_way(ROUND / 2).await;
            self.ingest(ROUND * 7 / 2).await;
        }
        if let Some(url) = &self.url {
            Database::tidy(url);
        }
    }

    /// Events a second that are only taken in.
    async fn ingest(&mut self, count: usize) -> f64 {
        let bodies = self.bodies("course.attended", count);
        let took = self.send(bodies).await;
        self.settle().await;
        count as f64 / took.as_secs_f64()
    }

    /// Events a second that are carried to a stored, signed credential.
    async fn whole_way(&mut self, count: usize) -> f64 {
        let bodies = self.bodies("course.completed", count);
        let begun = Instant::now();
        self.send(bodies).await;
        self.settle().await;
        count as f64 / begun.elapsed().as_secs_f64()
    }

    /// Milliseconds from POST to a stored credential, at so many events a second, sorted. One event in [`FOLLOWED`] is watched, so that
    /// watching does not become the load.
    async fn latencies(&mut self, count: usize, rate: u32) -> Vec<f64> {
        let followers: Vec<Follower> = (0..FOLLOWERS).map(|_| Follower::start(self)).collect();
        let mut client = Client::new(self.host.address(), Some(&self.token));
        let begun = Instant::now();
        for number in 0..count {
            let body = Bytes::from(self.event("course.completed").to_string());
            let due = begun + Duration::from_secs(1) * u32::try_from(number).unwrap() / rate;
            tokio::time::sleep_until(due.into()).await;
            let sent = Instant::now();
            let receipts = post(&mut client, "application/cloudevents+json", body).await;
            if number.is_multiple_of(FOLLOWED) {
                let subject = receipts["items"][0]["subject"].as_str().unwrap().to_owned();
                followers[number / FOLLOWED % FOLLOWERS].subjects.send((subject, sent)).unwrap();
            }
        }
        let mut took = Vec::new();
        for follower in followers {
            took.append(&mut follower.finish().await);
        }
        took.sort_by(f64::total_cmp);
        took
    }
}

/// One event in so many is followed …
const FOLLOWED: usize = 5;
/// … by one of so many followers.
const FOLLOWERS: usize = 16;

/// Looks at a subject's shelf until there is a signed award.
struct Follower {
    subjects: mpsc::UnboundedSender<(String, Instant)>,
    took: JoinHandle<Vec<f64>>,
}

impl Follower {
    fn start(course: &Course) -> Self {
        let mut client = course.host.client();
        let shelf = course.program.path("shelf?subject=");
        let (subjects, mut waiting) = mpsc::unbounded_channel::<(String, Instant)>();
        let took = tokio::spawn(async move {
            let mut took = Vec::new();
            while let Some((subject, sent)) = waiting.recv().await {
                while client.get(&format!("{shelf}{subject}")).await.expect(200)["items"][0]["signed"] != json!(true) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                took.push(sent.elapsed().as_secs_f64() * 1000.0);
            }
            took
        });
        Self { subjects, took }
    }

    async fn finish(self) -> Vec<f64> {
        drop(self.subjects);
        self.took.await.unwrap()
    }
}

/// A number that follows no order, the same at every run.
fn scattered(number: usize) -> usize {
    number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}

fn event(kind: &str, number: usize, person: usize) -> Value {
    json!({
        "specversion": "1.0",
        "id": format!("{kind}-{number}"),
        "source": LMS,
        "type": kind,
        "time": "2026-03-02T10:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "subject": { "identifiers": [{ "type": "account", "home_page": LMS, "name": person.to_string() }] },
            "object": { "type": "course", "id": format!("{LMS}/courses/101"), "name": "Safety at the machine" },
            "score": { "raw": 87, "max": 100, "scaled": 0.87 },
            "completion": true,
            "attributes": { "hours": 6, "language": "en", "location": "Plant 4, room 2.17" },
        },
    })
}

async fn post(client: &mut Client, media: &str, body: Bytes) -> Value {
    loop {
        let headers = [("content-type", media)];
        let answer = client.try_send("POST", "/v1/events", &headers, body.clone()).await.unwrap();
        match answer.status {
            202 => return answer.expect(202),
            429 => tokio::time::sleep(Duration::from_millis(20)).await,
            status => panic!("{status} {}", answer.text()),
        }
    }
}

/// Two hosts, one with ten times the data, take turns at beginning, so that a machine that is slow for a while is slow for both.
async fn measure(database: Database, name: &str, figures: Figures) {
    if left_out(name) {
        return;
    }
    let (Some(mut small), Some(mut large)) = (Course::open(database, &[]).await, Course::open(database, &[]).await)
    else {
        return;
    };
    small.fill(SMALL).await;
    large.fill(10 * SMALL).await;
    let mut rounds = Rounds::default();
    for round in 0..ROUNDS {
        let [first, second] = if round % 2 == 0 { [&mut small, &mut large] } else { [&mut large, &mut small] };
        let taken = (first.ingest(ROUND).await, second.ingest(ROUND).await);
        let carried = (first.whole_way(ROUND).await, second.whole_way(ROUND).await);
        let in_order = |pair: (f64, f64)| if round % 2 == 0 { pair } else { (pair.1, pair.0) };
        rounds.taken.push(in_order(taken));
        rounds.carried.push(in_order(carried));
        rounds.signed.push(signatures());
    }
    let (taken, carried) = (median(first_of(&rounds.taken)), median(first_of(&rounds.carried)));
    let signed = median(rounds.signed);
    figures.add(&format!("{name}: bare Ed25519 signatures meanwhile, one core"), signed, "1/s", None);
    figures.add(&format!("{name}: events taken in over HTTP"), taken, "events/s", None);
    figures.add(&format!("{name}: events carried to a signed credential"), carried, "events/s", Some(taken));
    let (taken, taken_large) = middle(rounds.taken);
    let (carried, carried_large) = middle(rounds.carried);
    figures.add(&format!("{name}: taken in, with 10 times the data"), taken_large, "events/s", Some(taken));
    figures.add(&format!("{name}: carried, with 10 times the data"), carried_large, "events/s", Some(carried));
    drop(large);
    let took = small.latencies(2_000, 200).await;
    figures.add(&format!("{name}: POST to stored credential, median at 200/s"), took[took.len() / 2], "ms", None);
    figures.add(&format!("{name}: POST to stored credential, p99 at 200/s"), took[took.len() * 99 / 100], "ms", None);
}

/// What the production default costs beside signing in the host's own process: the signer verifies each signature before it lets it out.
async fn measure_signer(figures: Figures) {
    if left_out("sqlite") {
        return;
    }
    let signer = Signer::start();
    let socket = signer.socket();
    let apart = [("signer", socket.to_str().unwrap())];
    let (Some(mut within), Some(mut apart)) =
        (Course::open(Database::Sqlite, &[]).await, Course::open(Database::Sqlite, &apart).await)
    else {
        return;
    };
    let mut carried = Vec::new();
    for _ in 0..=ROUNDS {
        carried.push((within.whole_way(ROUND).await, apart.whole_way(ROUND).await));
    }
    // The first round found everything cold.
    let (within, apart) = middle(carried.split_off(1));
    figures.add("sqlite: carried, signed by a signer process", apart, "events/s", Some(within));
}

/// Whether only another database is to be measured.
fn left_out(name: &str) -> bool {
    std::env::var("LAUREL_BENCH_DATABASE").is_ok_and(|only| only != name)
}

/// What was measured, small before large.
#[derive(Default)]
struct Rounds {
    taken: Vec<(f64, f64)>,
    carried: Vec<(f64, f64)>,
    signed: Vec<f64>,
}

fn first_of(pairs: &[(f64, f64)]) -> Vec<f64> {
    pairs.iter().map(|pair| pair.0).collect()
}

/// The round whose ratio is in the middle: what was measured side by side is compared.
fn middle(mut rounds: Vec<(f64, f64)>) -> (f64, f64) {
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    rounds[rounds.len() / 2]
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How fast the machine is just now: what one signature costs at least.
fn signatures() -> f64 {
    const COUNT: u32 = 5_000;
    let key = SigningKey::from_bytes(&[7; 32]);
    let begun = Instant::now();
    for _ in 0..COUNT {
        black_box(key.sign(black_box(&[3; 64])));
    }
    f64::from(COUNT) / begun.elapsed().as_secs_f64()
}

fn main() {
    let figures = Figures::from_arguments();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        measure(Database::Sqlite, "sqlite", figures).await;
        measure_signer(figures).await;
        measure(Database::Postgres, "postgres", figures).await;
    });
}
