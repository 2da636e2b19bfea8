//! `cargo xtask demo --once --json`, as a newcomer runs it.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use laurel_tests::oracles::installed;
use serde_json::Value;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port()
}

#[test]
fn the_summary_tells_every_delivery_and_every_credential() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let port = free_port().to_string();
    let output = Command::new(cargo)
        .current_dir(root)
        .args(["xtask", "demo", "--once", "--json", "--port", &port])
        .output()
        .unwrap();
    let story = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{story}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["ok"], true, "{story}");
    let outcomes: Vec<&str> =
        summary["deliveries"].as_array().unwrap().iter().map(|each| each["outcome"].as_str().unwrap()).collect();
    for expected in ["accepted", "duplicate", "refused"] {
        assert!(outcomes.contains(&expected), "{outcomes:?}");
    }
    let credentials = summary["credentials"].as_array().unwrap();
    assert_eq!(credentials.len(), 3);
    for credential in credentials {
        assert_eq!(credential["suite"], credential["document"]["proof"]["cryptosuite"]);
        assert_eq!(credential["url"], credential["document"]["id"]);
    }
    every_verifier_was_asked(&summary, credentials);
}

/// Each credential is accepted, refused when it is changed, and seen to be revoked once it is, by the program itself and by the others.
fn every_verifier_was_asked(summary: &Value, credentials: &[Value]) {
    let revoked: Vec<&Value> = credentials.iter().map(|credential| &credential["revoked"]).collect();
    assert_eq!(revoked, [true, true, false], "each is revoked, but for the one that is to be looked at");
    let checks = summary["checks"].as_array().unwrap().iter().filter(|check| check["ok"] == true);
    let passed: Vec<&str> = checks.map(|check| check["name"].as_str().unwrap()).collect();
    let verifiers: &[&str] = if installed().is_some() { &["laurel", "npm", "PyPI"] } else { &["laurel"] };
    let count = |name: &Value, revoked: bool| {
        credentials.iter().filter(|each| each["achievement"] == *name && (!revoked || each["revoked"] == true)).count()
    };
    for name in credentials.iter().map(|credential| &credential["achievement"]) {
        let (issued, revoked) = (count(name, false), count(name, true));
        let name = name.as_str().unwrap();
        for verifier in verifiers {
            for (check, times) in [
                (format!("{verifier} accepts {name}"), issued),
                (format!("{verifier} refuses {name} with one letter changed"), issued),
                (format!("{verifier} sees that {name} is revoked"), revoked),
            ] {
                assert_eq!(passed.iter().filter(|name| **name == check).count(), times, "{check}: {passed:#?}");
            }
        }
    }
}
