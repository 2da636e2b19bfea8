//! What host and signer process say to each other: whatever is read is written and read again alike.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde::{Deserialize, Serialize};

use crate::Target;

/// Private to the program, so compiled in here.
#[path = "../../../../host/laurel/src/signing/wire.rs"]
#[allow(dead_code, reason = "only what reads is wanted")]
mod wire;

pub(super) const TARGET: Target = Target {
    name: "signer",
    reads: "frames, each a length and a request to the signer process or its answer",
    run,
    seeds,
    words: &[
        "{\"hello\":",
        "\"version\":4",
        "{\"sign\":",
        "{\"generate\":",
        "\"id\":",
        "\"public\":",
        "\"sealed\":",
        "\"jobs\":[",
        "\"document\":",
        "\"suite\":",
        "\"eddsa-rdfc-2022\"",
        "\"vc-jwt\"",
        "\"verification_method\":",
        "\"created\":",
        "\"algorithm\":",
        "{\"signed\":[",
        "{\"refused\":",
        "{\"key-refused\":",
        "\\u00e9",
        "\\n",
        "\0\0\0\u{4}",
        "\u{2}\0\0\0",
    ],
    tries: 6000,
};

fn run(bytes: &[u8]) {
    let mut from = bytes;
    while let Ok(Some(message)) = received(&mut from) {
        assert!(message.len() <= wire::MAX_FRAME);
        again::<wire::Request<'_>>(&message);
        again::<wire::Answer<'_>>(&message);
        if let Ok(wire::Request::Sign(batch)) = serde_json::from_slice(&message) {
            for job in &batch.jobs {
                assert!(
                    wire::Job::of(&job.as_signing_job()).is_ok()
                        || job.as_signing_job().document.len() > wire::MAX_DOCUMENT
                );
            }
        }
    }
}

/// All of it is there: nothing is waited for.
fn received(from: &mut &[u8]) -> std::io::Result<Option<Vec<u8>>> {
    match pin!(wire::receive(from)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(message) => message,
        Poll::Pending => panic!("it waits for bytes that are there"),
    }
}

fn again<'m, T: Serialize + Deserialize<'m>>(message: &'m [u8]) {
    let Ok(read) = serde_json::from_slice::<T>(message) else { return };
    let Ok(framed) = wire::frame(&read) else { return };
    let text = received(&mut &framed[..]).ok().flatten().unwrap_or_default();
    assert_eq!(text, framed[4..]);
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(&text) else { panic!("no JSON is sent") };
    assert!(value.is_object());
}

fn seeds() -> Vec<Vec<u8>> {
    let messages = [
        r#"{"hello":{"version":4}}"#,
        r#"{"generate":{"id":"018f6d5e-0000-7000-8000-000000000001","algorithm":"EdDSA"}}"#,
        r#"{"sign":{"id":"018f6d5e-0000-7000-8000-000000000001","public":"z6Mk","sealed":"00ff","jobs":[{"document":"{\"a\":1}","suite":"eddsa-rdfc-2022","verification_method":"did:web:a.example#k","created":1763000000000}]}}"#,
        r#"{"signed":[{"document":"{\"proof\":{}}"},{"refused":"it is no object"}]}"#,
        r#"{"key-refused":"it is another's"}"#,
    ];
    let framed = |text: &str| [&u32::try_from(text.len()).unwrap_or(0).to_be_bytes()[..], text.as_bytes()].concat();
    let mut seeds: Vec<Vec<u8>> = messages.map(framed).to_vec();
    seeds.push(seeds[..3].concat());
    seeds
}
