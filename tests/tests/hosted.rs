//! Badges in the form of Open Badges 2.0: the host's own, which a stranger checks by fetching them from it (by their address, inside a
//! picture, and after they were taken back), and signed ones that another library issues.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use laurel_tests::oracles;
use laurel_tests::{Host, Program, host, program};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What the command line, which knows nothing of the host, says about a file or an address.
fn verified(what: &str) -> (i32, Value) {
    let asked = Command::new(host::program())
        .args(["credential", "verify", "--json", "--allow-loopback", what])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&asked.stderr).into_owned();
    (asked.status.code().unwrap(), serde_json::from_slice(&asked.stdout).unwrap_or(json!({ "said": said })))
}

/// A host where Ada was given a badge; the award, signed.
async fn awarded(host: &Host) -> (Program, Value) {
    let mut client = host.client();
    let acme = json!({ "slug": "acme", "name": "Acme", "url": "https://acme.example", "email": "badges@acme.example" });
    let organisation = client.post("/v1/organisations", &acme).await.expect(201);
    let mut program = Program::in_organisation(&program::id(&organisation));
    program.achievement(&mut client, "Helper", "credential").await;
    let email = json!([{ "type": "email", "address": "ada@example.org" }]);
    let ada = json!({ "kind": "person", "name": "Ada", "identifiers": email });
    let ada = client.post(&program.path("subjects"), &ada).await.expect(201);
    let body = json!({ "subject": ada["id"], "achievement": program.achievements["Helper"] });
    let headers = [("content-type", "application/json"), ("idempotency-key", "once")];
    let award = client.try_send("POST", &program.path("awards"), &headers, Bytes::from(body.to_string())).await;
    let award = award.unwrap().expect(201);
    program.settled(host).await;
    let award = client.get(&program.path(&format!("awards/{}", program::id(&award)))).await.expect(200);
    (program, award)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_checks_it_where_it_is_served() {
    let host = Host::start(None);
    let (program, award) = awarded(&host).await;
    let place = award["credential"].as_str().unwrap().strip_prefix(host.base_url()).unwrap().to_owned();
    let folder = TempDir::new().unwrap();
    let kept = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut visitor = host.visitor();
    let assertion = visitor.get(&format!("{place}/assertion.json")).await;
    let file = kept("assertion.json", &assertion.body);
    let picture = visitor.get(&format!("{place}/badge.png?open-badges=2.0")).await;
    let picture = kept("badge.png", &picture.body);
    let address = format!("{}{place}/assertion.json", host.base_url());
    for what in [&file, &picture, &address] {
        let (code, report) = verified(what);
        assert_eq!((code, &report["verdict"], &report["id"]), (0, &json!("valid"), &json!(address)), "{report:#}");
        assert_eq!(report["types"], json!(["Assertion"]));
    }
    let changed = kept("changed.json", assertion.text().replace("urn:uuid:", "urn:uuid:0").as_bytes());
    let (code, report) = verified(&changed);
    assert_eq!((code, &report["verdict"]), (1, &json!("invalid")), "{report:#}");

    let revocation = program.path(&format!("awards/{}/revoke", program::id(&award)));
    host.client().post(&revocation, &json!({ "reason": "Given by mistake" })).await.expect(200);
    for what in [&file, &picture, &address] {
        let (code, report) = verified(what);
        assert_eq!((code, &report["revoked"]), (1, &json!(true)), "{report:#}");
    }
    drop(host);
    let (code, report) = verified(&file);
    assert_eq!((code, &report["verdict"]), (1, &json!("unknown")), "{report:#}");
}

/// A web server over a folder, as any issuer may have one.
struct Site {
    server: Child,
    base: String,
}

impl Site {
    fn over(folder: &Path) -> Self {
        let mut command = Command::new("python3");
        command.args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"]).arg(folder);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split_whitespace().skip_while(|word| *word != "port").nth(1);
        let base = format!("http://127.0.0.1:{}", port.unwrap_or_else(|| panic!("no port in {line:?}")));
        Self { server, base }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

#[test]
fn what_another_library_signs_is_verified_from_its_pictures() {
    let Some(folder) = oracles::installed() else { return println!("not run: the oracles are not installed") };
    let place = TempDir::new().unwrap();
    let site = Site::over(place.path());
    let at = |name: &str| format!("{}/{name}.json", site.base);
    let context = "https://w3id.org/openbadges/v2";
    let assertion = json!({
        "@context": context, "type": "Assertion", "id": "urn:uuid:a953081a-4bbc-4927-8653-7219bca00e3b",
        "recipient": { "type": "email", "hashed": false, "identity": "ada@example.org" },
        "badge": at("class"), "issuedOn": "2025-06-01T00:00:00Z",
        "verification": { "type": "SignedBadge", "creator": at("key") },
    });
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#;
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
    let job = json!({
        "credentials": [{ "algorithm": "RS256", "assertion": assertion }],
        "images": { "png": png, "svg": BASE64_STANDARD.encode(svg) },
    });
    let issued = &oracles::run(&folder, "issue.py", &job)[0];
    let serve = |name: &str, mut document: Value| {
        document["@context"] = json!(context);
        document["id"] = json!(at(name));
        std::fs::write(place.path().join(format!("{name}.json")), document.to_string()).unwrap();
    };
    serve(
        "class",
        json!({ "type": "BadgeClass", "name": "Helper", "description": "Helped.", "criteria": { "narrative": "Help." },
        "image": "https://acme.example/helper.png", "issuer": at("issuer") }),
    );
    serve(
        "issuer",
        json!({ "type": "Issuer", "name": "Acme", "url": site.base, "email": "badges@acme.example",
        "publicKey": at("key"), "revocationList": at("revoked") }),
    );
    serve("key", json!({ "type": "CryptographicKey", "owner": at("issuer"), "publicKeyPem": issued["key"] }));
    serve("revoked", json!({ "type": "RevocationList", "issuer": at("issuer"), "revokedAssertions": [] }));
    let pictures = ["png", "svg"].map(|kind| {
        let path = place.path().join(format!("badge.{kind}"));
        std::fs::write(&path, BASE64_STANDARD.decode(issued[kind].as_str().unwrap()).unwrap()).unwrap();
        path.to_str().unwrap().to_owned()
    });
    for picture in &pictures {
        let (code, report) = verified(picture);
        assert_eq!(
            (code, &report["verdict"], &report["issuer"]),
            (0, &json!("valid"), &json!(at("issuer"))),
            "{report:#}"
        );
    }
    let entry = json!({ "id": assertion["id"], "revocationReason": "Given by mistake" });
    serve("revoked", json!({ "type": "RevocationList", "issuer": at("issuer"), "revokedAssertions": [entry] }));
    for picture in &pictures {
        let (code, report) = verified(picture);
        assert_eq!((code, &report["revoked"]), (1, &json!(true)), "{report:#}");
        assert!(report.to_string().contains("Given by mistake"), "{report:#}");
    }
}
