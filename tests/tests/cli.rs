//! The command line: exit codes, and messages that say what to change.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use laurel_tests::{Host, host};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What a command left behind.
struct Outcome {
    code: Option<i32>,
    out: String,
    err: String,
}

fn laurel(args: &[&str]) -> Outcome {
    let output = Command::new(host::program()).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    Outcome { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// With a data folder of its own.
fn on(folder: &Path, args: &[&str]) -> Outcome {
    let mut args = args.to_vec();
    args.extend(["--data-dir", folder.to_str().unwrap()]);
    laurel(&args)
}

#[test]
fn errors_are_one_line_that_says_what_to_change() {
    let folder = TempDir::new().unwrap();
    for (args, code, words) in [
        (&["serve", "--set", "leases.ttl=5"][..], 1, "leases.ttl, which is no setting"),
        (&["serve", "--listen", "here"], 1, "listen"),
        (&["serve", "--config", "/nonexistent/laurel.toml"], 1, "cannot read the configuration"),
        (&["token", "revoke", "01a20117-20a1-70b4-808b-72b762d05104"], 1, "there is no token"),
        (&["token", "create", "--name", "x", "--scope", "everything"], 2, "possible values"),
    ] {
        let outcome = on(folder.path(), args);
        assert_eq!(outcome.code, Some(code), "{args:?}: {}", outcome.err);
        assert!(outcome.err.contains(words), "{args:?}: {}", outcome.err);
        assert!(code == 2 || outcome.err.lines().count() == 1, "{args:?}: {}", outcome.err);
    }
}

#[test]
fn the_settings_document_is_the_one_the_host_starts_from() {
    let folder = TempDir::new().unwrap();
    let printed = laurel(&["config"]);
    let file = folder.path().join("laurel.toml");
    std::fs::write(&file, &printed.out).unwrap();
    let doctor = on(&folder.path().join("data"), &["doctor", "--config", file.to_str().unwrap()]);
    assert_eq!(doctor.code, Some(0), "{}", doctor.out);
    assert!(doctor.out.contains("ok    the settings can be read"), "{}", doctor.out);
}

#[test]
fn tokens_are_made_listed_and_revoked_while_no_host_runs() {
    let folder = TempDir::new().unwrap();
    let made = on(folder.path(), &["token", "create", "--name", "for a test", "--scope", "platform", "--json"]);
    let made: Value = serde_json::from_str(&made.out).unwrap();
    assert!(made["secret"].as_str().unwrap().starts_with("laurel_"));
    let id = made["token"]["id"].as_str().unwrap();
    let listed = on(folder.path(), &["token", "list"]).out;
    assert!(listed.contains(id) && listed.contains("valid") && !listed.contains("laurel_"), "{listed}");
    assert_eq!(on(folder.path(), &["token", "revoke", id]).code, Some(0));
    assert!(on(folder.path(), &["token", "list"]).out.contains("revoked"));
    let doctor = on(folder.path(), &["doctor"]);
    assert_eq!(doctor.code, Some(0), "{}", doctor.out);
}

#[test]
fn a_lost_master_key_is_noticed_and_not_replaced() {
    let folder = TempDir::new().unwrap();
    on(folder.path(), &["token", "create", "--name", "x", "--scope", "platform"]);
    std::fs::remove_file(folder.path().join("master.key")).unwrap();
    let outcome = on(folder.path(), &["token", "list"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.err.contains("its master key is not here"), "{}", outcome.err);
    assert!(!folder.path().join("master.key").exists());
}

#[test]
fn a_second_process_on_the_same_data_is_told_so() {
    let running = Host::start(None);
    let tokens = on(&running.folder(), &["token", "list"]);
    assert_eq!(tokens.code, Some(1));
    assert!(tokens.err.contains("/v1/tokens") && tokens.err.contains("in use"), "{}", tokens.err);
    let second = on(&running.folder(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, Some(1));
    assert!(second.err.contains("another host runs on the data folder"), "{}", second.err);
}

#[test]
fn verifying_what_is_no_credential() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    assert_eq!(laurel(&["credential", "verify", "/nonexistent"]).code, Some(2));
    assert_eq!(laurel(&["credential", "verify", &file("cut", "{\"id\":")]).code, Some(2));
    assert_eq!(laurel(&["credential", "verify", "http://127.0.0.1:9/x"]).code, Some(2));
    let unsigned = laurel(&["credential", "verify", "--json", &file("unsigned", "{\"id\":\"urn:x:1\"}")]);
    assert_eq!(unsigned.code, Some(1));
    let report: Value = serde_json::from_str(&unsigned.out).unwrap();
    assert_eq!(report["verdict"], "invalid");
}

/// An issuer's own context, which a host knows from its settings: so may whoever verifies on the command line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contexts_that_an_operator_added() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let place = "https://acme.example/context?v=1";
    let context = file("context.json", r#"{"@context":{"rank":"https://acme.example/rank"}}"#);
    let config = file("laurel.toml", &format!("[contexts]\n\"{place}\" = \"{context}\"\n"));
    let host = Host::start_from(None, &[], Some(config.clone().into()));
    let mut client = host.client();
    let organisation = client.post("/v1/organisations", &json!({ "slug": "acme", "name": "Acme" })).await.expect(201);
    let credential = json!({ "@context": ["https://www.w3.org/ns/credentials/v2", place], "type": ["VerifiableCredential"],
        "issuer": organisation["did"], "credentialSubject": { "id": "urn:x:ada", "rank": "first" } });
    let issued = client.post("/vc/acme/credentials/issue", &json!({ "credential": credential })).await.expect(201);
    let issued = file("badge.json", &issued["verifiableCredential"].to_string());
    let unknown = laurel(&["credential", "verify", &issued]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.out);
    assert!(unknown.out.contains("is not known to this verifier") && unknown.out.contains("not known to be valid"));
    let given = format!("{place}={context}");
    for more in [["--context", &given], ["--config", &config]] {
        let verified = laurel(&["credential", "verify", &issued, more[0], more[1]]);
        assert_eq!(verified.code, Some(0), "{more:?} {} {}", verified.out, verified.err);
        let quads = laurel(&["credential", "canonicalize", &issued, more[0], more[1]]);
        assert!(quads.out.contains("<https://acme.example/rank> \"first\""), "{more:?} {} {}", quads.out, quads.err);
    }
    assert_eq!(laurel(&["credential", "canonicalize", &issued]).code, Some(1));
    let missing = laurel(&["credential", "verify", &issued, "--context", "https://acme.example/context=/nonexistent"]);
    assert!(missing.code == Some(2) && missing.err.contains("cannot read /nonexistent"), "{}", missing.err);
}

#[test]
fn a_file_that_is_no_plugin() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("x.wasm");
    std::fs::write(&file, "hello").unwrap();
    let outcome = laurel(&["plugin", "check", file.to_str().unwrap()]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.err.contains("not a WebAssembly component"), "{}", outcome.err);
}

#[test]
fn credentials_go_into_images_and_come_out_again() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (credential, image, baked) = (path("badge.json"), path("plain.svg"), path("badge.svg"));
    let text = r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"name":"Helper","issuer":"did:web:acme.example","credentialSubject":{"id":"urn:x:ada"}}"#;
    std::fs::write(&credential, text).unwrap();
    std::fs::write(&image, r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#).unwrap();
    let made = laurel(&["credential", "bake", &credential, "--image", &image, "--output", &baked]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert_eq!(laurel(&["credential", "unbake", &baked]).out, text);
    assert_eq!(laurel(&["credential", "unbake", &image]).code, Some(1));
    let shown = laurel(&["credential", "inspect", &baked]).out;
    assert!(
        shown.contains("inside an SVG image") && shown.contains("Helper") && shown.contains("not verified"),
        "{shown}"
    );
    let quads = laurel(&["credential", "canonicalize", &baked]).out;
    assert!(quads.contains("<https://schema.org/name> \"Helper\""), "{quads}");
    assert!(laurel(&["credential", "canonicalize", "--jcs", &credential]).out.starts_with(r#"{"@context":["#));
    let verified = laurel(&["credential", "verify", "--json", &baked]);
    assert_eq!(verified.code, Some(1), "{}", verified.out);
    std::fs::write(&credential, text.replace("\"name\"", "\"nickname\"")).unwrap();
    let lost = laurel(&["credential", "canonicalize", &credential]);
    assert!(lost.code == Some(1) && lost.err.contains("nickname"), "{}", lost.err);
    let token = path("badge.jwt");
    std::fs::write(&token, "eyJhbGciOiJFZERTQSJ9.eyJ2YyI6eyJuYW1lIjoiSGVscGVyIn19.AAAA").unwrap();
    let shown = laurel(&["credential", "inspect", &token]).out;
    assert!(shown.contains("a token (JWT)") && shown.contains("EdDSA") && shown.contains("Helper"), "{shown}");
}
