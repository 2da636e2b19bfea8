//! The same deliveries three times over, shuffled, from eight connections, while the host is killed at random moments: the awards are
//! exactly those of one clean run.
//!
//! `LAUREL_CRASH=full` runs the long setting (500 deliveries, 20 kills); without it a shorter one.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use laurel_tests::discourse::Delivery;
use laurel_tests::{Client, Cutter, Database, Host, Program};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 8;
const USERS: u32 = 40;
/// Of the log.
const PARTITIONS: u32 = 64;

#[derive(Clone, Copy)]
struct Setting {
    deliveries: u32,
    kills: usize,
}

fn setting() -> Setting {
    match std::env::var("LAUREL_CRASH").as_deref() {
        Ok("full") => Setting { deliveries: 500, kills: 20 },
        _ => Setting { deliveries: 160, kills: 5 },
    }
}

/// Reproducible, and good enough to shuffle with (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.roll(index + 1));
        }
    }
}

fn deliveries(count: u32) -> Vec<Delivery> {
    let mut dice = Dice(7);
    (0..count)
        .map(|number| {
            Delivery::solution(1000 + number, u32::try_from(dice.roll(USERS as usize)).unwrap(), 5000 + number)
        })
        .collect()
}

async fn clean_run(deliveries: &[Delivery]) -> BTreeSet<String> {
    let host = Host::start(None);
    let mut client = host.client();
    let program = Program::forum(&mut client).await;
    for delivery in deliveries {
        deliver(&mut client, &program.discourse_hook(), delivery).await.unwrap();
    }
    program.settled(&host).await;
    program.holdings(&host).await
}

async fn deliver(client: &mut Client, hook: &str, delivery: &Delivery) -> anyhow::Result<()> {
    let headers = delivery.headers();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = client.try_send("POST", hook, &headers, delivery.body.clone()).await?;
    anyhow::ensure!((200..300).contains(&answer.status), "{} {}", answer.status, answer.text());
    Ok(())
}

/// Eight senders that try until the host has taken what they have, like any partner; alternating between hosts.
struct Senders {
    sent: Arc<AtomicUsize>,
    total: usize,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Senders {
    fn start(hosts: &[&Host], hook: &str, deliveries: &[Delivery]) -> Self {
        let mut queue: Vec<Delivery> = (0..3).flat_map(|_| deliveries.iter().cloned()).collect();
        Dice(11).shuffle(&mut queue);
        let sent = Arc::new(AtomicUsize::new(0));
        let send = |(number, share): (usize, &[Delivery])| {
            let mut client = hosts[number % hosts.len()].client();
            let (hook, share, sent) = (hook.to_owned(), share.to_vec(), sent.clone());
            tokio::spawn(async move {
                for delivery in share {
                    while deliver(&mut client, &hook, &delivery).await.is_err() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let tasks = queue.chunks(queue.len().div_ceil(CONNECTIONS)).enumerate().map(send).collect();
        Self { sent, total: queue.len(), tasks }
    }

    /// Waits until so many have been sent.
    async fn reach(&self, count: usize) {
        while self.sent.load(Ordering::Relaxed) < count {
            assert!(!self.tasks.iter().all(tokio::task::JoinHandle::is_finished), "a sender gave up");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn finish(self) {
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

async fn killed_at_random(database: Database) {
    let setting = setting();
    let deliveries = deliveries(setting.deliveries);
    let expected = clean_run(&deliveries).await;
    assert!(expected.iter().any(|holding| holding.contains("/Expert/")), "the run has a cascade: {expected:?}");
    let url = match database.make() {
        Ok(url) => url,
        Err(why) => return println!("not run: {why}"),
    };
    let mut host = Host::start_with(url, &[("leases.ttl-millis", "2000")]);
    let program = Program::forum(&mut host.client()).await;
    let senders = Senders::start(&[&host], &program.discourse_hook(), &deliveries);
    let mut dice = Dice(13);
    for kill in 0..setting.kills {
        senders.reach(kill * senders.total / setting.kills).await;
        tokio::time::sleep(Duration::from_millis(dice.roll(60) as u64)).await;
        host.kill();
        host.resume_life();
    }
    senders.finish().await;
    program.settled(&host).await;
    assert_eq!(program.holdings(&host).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_killed_at_random_awards_what_a_clean_run_awards_on_sqlite() {
    killed_at_random(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_killed_at_random_awards_what_a_clean_run_awards_on_postgres() {
    killed_at_random(Database::Postgres).await;
}

/// How many partitions of the log a host holds.
fn share(host: &Host) -> u32 {
    let log = host.log();
    let last = log.lines().rfind(|line| line.contains("the share of the log changed"));
    last.and_then(|line| line.split("partitions=").nth(1)?.split(' ').next()?.parse().ok()).unwrap_or(0)
}

async fn until(what: &str, so: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < patience, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The second host sleeps until the first one has taken everything over, and goes on as if nothing were.
async fn sleep_through_the_lease(first: &Host, second: &Host) {
    second.pause();
    until("the first host takes over", || share(first) == PARTITIONS).await;
    // Time for the first to fold what the second had taken on.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    second.go_on();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hosts_share_the_work_and_one_sleeps_through_its_lease() {
    let setting = setting();
    let deliveries = deliveries(setting.deliveries);
    let expected = clean_run(&deliveries).await;
    let url = match Database::Postgres.make() {
        Ok(url) => url,
        Err(why) => return println!("not run: {why}"),
    };
    let mut host = Host::start_with(url, &[("leases.ttl-millis", "1000")]);
    let program = Program::forum(&mut host.client()).await;
    let second = host.second();
    until("the second host has its share of the log", || share(&second) > 0).await;
    let senders = Senders::start(&[&host, &second], &program.discourse_hook(), &deliveries);
    for sixth in 1..=3 {
        senders.reach(senders.total * sixth / 6).await;
        until("the second host has its share again", || share(&second) > 0).await;
        sleep_through_the_lease(&host, &second).await;
    }
    host.kill();
    host.resume_life();
    senders.finish().await;
    program.settled(&host).await;
    assert_eq!(program.holdings(&host).await, expected);
    // Or else no commit under a lost lease was tried, and nothing would have been shown.
    assert!(second.log().contains("leases were lost to another host"), "nothing was refused: {}", second.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_cut_anywhere_and_between_commit_and_answer_change_nothing() {
    let deliveries = deliveries(setting().deliveries);
    let expected = clean_run(&deliveries).await;
    let url = match Database::Postgres.make() {
        Ok(url) => url.expect("a database of its own"),
        Err(why) => return println!("not run: {why}"),
    };
    let cutter = Cutter::start(&url).await;
    let host = Host::start(Some(cutter.url.clone()));
    let program = Program::forum(&mut host.client()).await;
    cutter.cut_every(5, 60);
    let senders = Senders::start(&[&host], &program.discourse_hook(), &deliveries);
    senders.finish().await;
    cutter.cut_every(0, 0);
    program.settled(&host).await;
    let (commits, others) = cutter.cuts();
    assert!(commits >= 10 && others >= 10, "too few cuts to mean anything: {commits} of commits, {others} of others");
    assert_eq!(program.holdings(&host).await, expected);
}
