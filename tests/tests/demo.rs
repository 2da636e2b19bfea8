//! `cargo xtask demo --once --json`, as a newcomer runs it.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

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
    assert_eq!(credentials.len(), 2);
    for credential in credentials {
        assert_eq!(credential["suite"], credential["document"]["proof"]["cryptosuite"]);
        assert_eq!(credential["url"], credential["document"]["id"]);
    }
    assert_eq!(credentials.iter().filter(|credential| credential["revoked"] == true).count(), 1);
}
