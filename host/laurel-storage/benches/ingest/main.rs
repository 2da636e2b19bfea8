//! How fast the store is, each figure beside its limit measured in the same run: the engine's own batched insert of the same rows.
//!
//! `cargo bench -p laurel-storage [-- --json] [--events N]`. SQLite in a temporary folder; PostgreSQL when `LAUREL_TEST_POSTGRES` is set.

#![allow(clippy::print_stderr, reason = "it tells what it cannot measure")]

mod bare;
mod world;

use std::time::{Duration, Instant};

use laurel_core::awards::AwardStore;
use laurel_core::credentials::{Credential, CredentialStore};
use laurel_core::events::{Advance, EventLog};
use laurel_core::id::Partitions;
use laurel_core::outbox::OutboxStore;
use laurel_core::pipeline::Effects;
use laurel_figures::Figures;
use laurel_storage::Database;

use world::World;

/// Events of one append, and awards of one commit.
const BATCH: usize = 256;

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark are far below 2^52")]
fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let figures = Figures::from_arguments();
    let events = arguments.iter().position(|argument| argument == "--events").and_then(|at| arguments.get(at + 1));
    let events: usize = events.and_then(|count| count.parse().ok()).unwrap_or(60_000);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let sqlite = World::sqlite().await;
        measure(&sqlite, events, figures).await;
        match World::postgres().await {
            Some(postgres) => {
                measure(&postgres, events, figures).await;
                postgres.clear().await;
            }
            None => eprintln!("not run: LAUREL_TEST_POSTGRES is not set"),
        }
    });
}

async fn measure(world: &World, events: usize, figures: Figures) {
    let engine = world.store.engine_name();
    let (limit, later) = bare::insert(world, events).await;
    let figure = |name: &str, value, unit, limit| figures.add(&format!("{engine}: {name}"), value, unit, limit);
    figure("the engine's own insert, table ten times as long", later, "events/s", Some(limit));
    let batched = ingest(world, events, BATCH, 4).await;
    figure("ingest, batches of 256, 4 callers", batched, "events/s", Some(limit));
    let single = ingest(world, events / 10, 1, 64).await;
    figure("ingest, single events, 64 callers", single, "events/s", Some(limit));
    let lone = ingest(world, events / 100, 1, 1).await;
    figure("ingest, single events, 1 caller", lone, "events/s", None);
    for (name, value) in whole_way(world, events).await {
        figure(name, value, "awards/s", None);
    }
    let more = ingest(world, events, BATCH, 4).await;
    figure("ingest, log twice as long", more, "events/s", Some(batched));
}

/// `callers` at once, each appending `batch` events after the other.
async fn ingest(world: &World, events: usize, batch: usize, callers: usize) -> f64 {
    let rounds = events / callers / batch;
    let work: Vec<Vec<_>> = (0..callers).map(|_| (0..rounds).map(|_| world.events(batch)).collect()).collect();
    let started = Instant::now();
    let tasks: Vec<_> = work.into_iter().map(|rounds| tokio::spawn(append_all(world.store.clone(), rounds))).collect();
    for task in tasks {
        task.await.expect("an appender");
    }
    per_second(rounds * callers * batch, started.elapsed())
}

async fn append_all(store: Database, rounds: Vec<Vec<laurel_core::events::NewEvent>>) {
    for events in rounds {
        store.append(events).await.expect("append");
    }
}

/// Everything the database does for an event that earns an award, from the log to the stored credential, without evaluating or signing.
async fn whole_way(world: &World, events: usize) -> Vec<(&'static str, f64)> {
    let mut leases = world.store.lease("bench", 1, Duration::from_mins(10)).await.expect("leases");
    let mut took = [Duration::ZERO; 5];
    let mut done = 0;
    while done < events / 4 {
        let at = Instant::now();
        let batch = world.store.read(&leases, BATCH).await.expect("read");
        let subjects: Vec<_> = batch.events.iter().map(|event| event.subject).collect();
        world.store.states(&[world.rule], &subjects).await.expect("states");
        took[0] += at.elapsed();
        if batch.events.is_empty() {
            break;
        }
        let effects: Effects = world.effects(&batch.events);
        let advances: Vec<Advance> = leases
            .iter_mut()
            .filter_map(|lease| {
                let last = batch.events.iter().rev().find(|event| event.partition == lease.partition)?;
                let advance = lease.advance(last.seq);
                lease.cursor = last.seq;
                Some(advance)
            })
            .collect();
        let at = Instant::now();
        world.store.commit(&advances, effects).await.expect("commit");
        took[1] += at.elapsed();
        done += batch.events.len();
        finish(world, &mut took).await;
    }
    let names = ["read and states", "commit of awards", "unsigned, then credentials", "outbox, marked as relayed"];
    let mut figures: Vec<_> = names.into_iter().zip(took).map(|(name, took)| (name, per_second(done, took))).collect();
    figures.push(("read to stored credential, all together", per_second(done, took.iter().sum())));
    figures
}

async fn finish(world: &World, took: &mut [Duration; 5]) {
    let at = Instant::now();
    let unsigned = world.store.unsigned_awards(Partitions::ALL, BATCH).await.expect("unsigned");
    let credentials: Vec<Credential> =
        unsigned.into_iter().map(|award| Credential { award: award.id, document: vec![b'c'; 2400] }).collect();
    world.store.insert_credentials(&credentials).await.expect("credentials");
    took[2] += at.elapsed();
    let at = Instant::now();
    let rows = world.store.unrelayed(Partitions::ALL, BATCH).await.expect("outbox");
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    world.store.mark_relayed(&ids).await.expect("relayed");
    took[3] += at.elapsed();
}
