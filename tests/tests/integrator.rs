//! The page for integrators is true: its commands are run as they stand there.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use laurel_tests::{Host, host};
use serde_json::Value;
use std::process::Command;

const PAGE: &str = include_str!("../../host/laurel-http/README.md");

#[test]
fn from_nothing_to_a_credential() {
    if let Some(missing) = ["bash", "curl", "jq"].into_iter().find(|program| !is_installed(program)) {
        assert!(std::env::var_os("CI").is_none(), "{missing} must be installed in CI");
        return println!("not run: {missing} is not installed");
    }
    let laurel = Host::start(None);
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &commands()])
        .env("LAUREL", laurel.base_url())
        .env("OPERATOR", laurel.token())
        .env("PLUGINS", host::plugins())
        .output()
        .unwrap();
    let (printed, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}\n{printed}");
    // The last command prints the credential; what stands before it are answers to the ones that keep nothing.
    let last = serde_json::Deserializer::from_str(&printed).into_iter::<Value>().map(Result::unwrap).last().unwrap();
    assert_eq!(last["credentialSubject"]["achievement"]["name"], "Safe at heights", "{last}");
    assert!(last["proof"].is_object(), "{last}");
}

fn commands() -> String {
    let block = PAGE.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    block.expect("the page has a block of commands").to_owned()
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
