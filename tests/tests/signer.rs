//! With a signer process the host holds no key, and a signer that dies delays signing and loses nothing.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use hmac::{Hmac, KeyInit, Mac};
use laurel_tests::discourse::Delivery;
use laurel_tests::{Host, Program, Signer, host};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::process::Command;

fn start(signer: &Signer) -> Host {
    Host::start_with(None, &[("signer", signer.socket().to_str().unwrap())])
}

async fn deliver(host: &Host, program: &Program, numbers: std::ops::RangeInclusive<u32>) {
    let mut forum = host.visitor();
    for number in numbers {
        // One author each: every delivery is a badge.
        let delivery = Delivery::solution(number, 8000 + number, 100 + number);
        let headers = delivery.headers();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = forum.try_send("POST", &program.discourse_hook(), &headers, delivery.body.clone()).await.unwrap();
        assert_eq!(answer.status / 100, 2, "{}", answer.text());
    }
}

/// A program in which one accepted answer makes a helper.
async fn program(host: &Host) -> Program {
    let mut client = host.client();
    let mut program = Program::found(&mut client, "eddsa-rdfc-2022").await;
    program.install_recipe(&mut client).await;
    program.install_discourse(&mut client).await;
    program.achievement(&mut client, "Helper", "credential").await;
    let recipe = json!({ "requirement": { "measure": "count", "events": "solution.accepted", "at-least": 1 } });
    program.rule(&mut client, "Helper", &recipe).await;
    program
}

/// What opens signing keys: derived from the master key, which the signer forgets once it has this.
fn opens_signing_keys(master: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(master).unwrap();
    mac.update(b"laurel signing keys, version 1");
    mac.finalize().into_bytes().to_vec()
}

/// Whether a process has these bytes anywhere in its memory; none where nobody may look.
fn remembers(process: u32, secret: &[u8]) -> Option<bool> {
    let maps = File::open(format!("/proc/{process}/maps")).ok()?;
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    for line in BufReader::new(maps).lines() {
        let line = line.ok()?;
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next()?, words.next()?);
        // What it can write is where its secrets could be; reserved but untouched memory of the sandbox is huge and empty.
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-')?;
        let (from, to) = (u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?);
        if to - from <= 1 << 30 && region_holds(&memory, from, to, secret) {
            return Some(true);
        }
    }
    Some(false)
}

fn region_holds(memory: &File, from: u64, to: u64, secret: &[u8]) -> bool {
    const PAGE: usize = 4096;
    let zeros = [0; PAGE];
    let mut chunk = vec![0; 256 * PAGE];
    let mut at = from;
    while at < to {
        let read = memory.read_at(&mut chunk, at).unwrap_or(0);
        if read == 0 {
            return false;
        }
        let pages = chunk[..read].chunks(PAGE).enumerate().filter(|(_, page)| *page != &zeros[..page.len()]);
        for (number, _) in pages {
            // A little more than the page on both sides: a secret may lie across two.
            let (first, last) = ((number * PAGE).saturating_sub(secret.len()), (number + 1) * PAGE + secret.len());
            if chunk[first..last.min(read)].windows(secret.len()).any(|bytes| bytes == secret) {
                return true;
            }
        }
        let step = if read == chunk.len() { read - PAGE } else { read };
        at += step as u64;
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_host_signs_credentials_and_never_knows_the_master_key() {
    let signer = Signer::start();
    let host = start(&signer);
    let program = program(&host).await;
    deliver(&host, &program, 1..=3).await;
    program.settled(&host).await;
    let awards = program.list(&mut host.client(), "awards").await;
    assert_eq!(awards.len(), 3);
    let url = awards[0]["credential"].as_str().unwrap();
    let verified = Command::new(host::program())
        .args(["credential", "verify", "--json", "--allow-loopback"])
        .arg(url)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(report["verdict"], "valid", "{report:#}");
    assert!(!host.folder().join("master.key").exists());
    let master = signer.master_key();
    let keys = opens_signing_keys(&master);
    match remembers(signer.process_id(), &keys) {
        None => return println!("not run: the memory of processes cannot be read here"),
        Some(known) => assert!(known, "the search finds the key where it is"),
    }
    assert_eq!(remembers(host.process_id(), &keys), Some(false));
    assert_eq!(remembers(host.process_id(), &master), Some(false));
    assert_eq!(remembers(host.process_id(), hex::encode(&master).as_bytes()), Some(false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_that_dies_delays_signing_and_loses_nothing() {
    let mut signer = Signer::start();
    let mut host = start(&signer);
    let program = program(&host).await;
    deliver(&host, &program, 1..=5).await;
    program.settled(&host).await;
    signer.kill();
    deliver(&host, &program, 6..=10).await;
    let mut client = host.client();
    loop {
        let status = client.get("/v1/status").await.expect(200);
        if (&status["lag"], &status["unrelayed"], &status["unsigned"]) == (&json!(0), &json!(0), &json!(5)) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let body = json!({ "slug": "other", "name": "Other", "suite": "eddsa-rdfc-2022" });
    let refused = client.post("/v1/organisations", &body).await;
    assert_eq!(refused.status, 503, "no key can be made: {}", refused.text());
    signer.resume_life();
    program.settled(&host).await;
    let signed = program.list(&mut client, "awards").await;
    assert_eq!(signed.iter().filter(|award| award["credential"].is_string()).count(), 10);
    client.post("/v1/organisations", &body).await.expect(201);
    host.kill();
    host.resume_life();
    deliver(&host, &program, 11..=12).await;
    program.settled(&host).await;
}

#[test]
fn a_signer_makes_no_key_unasked_and_there_is_one_for_a_socket() {
    let folder = tempfile::TempDir::new().unwrap();
    let signer = |socket: &std::path::Path| {
        let mut command = Command::new(host::program());
        command.arg("signer").arg("--socket").arg(socket).arg("--data-dir").arg(folder.path());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, message) = signer(&folder.path().join("s"));
    assert!(code == Some(1) && message.contains("--make-master-key"), "{message}");
    let running = Signer::start();
    std::fs::write(folder.path().join("master.key"), hex::encode([7; 32])).unwrap();
    let (code, message) = signer(&running.socket());
    assert!(code == Some(1) && message.contains("another signer answers there"), "{message}");
}
