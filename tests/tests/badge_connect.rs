//! The Badge Connect API between two hosts that know nothing of each other: a badge of one is kept at the other, which dies in between.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use laurel_tests::earner::{form, sign_in, submit};
use laurel_tests::host::program;
use laurel_tests::{Client, Database, Host, Program, program as made};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const SCOPES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly \
    https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert";
const REDIRECT: &str = "http://127.0.0.1:9/cb";
/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Somebody with one badge on a host: the program, the subject's id, the exact text of the credential.
async fn earn(host: &Host, suite: &str) -> (Program, String, String) {
    let mut client = host.client();
    let mut program = Program::found(&mut client, suite).await;
    let achievement = program.achievement(&mut client, "Helper", "credential").await;
    let identifiers = json!([{ "type": "email", "address": "ada@example.org" }]);
    let body = json!({ "kind": "person", "name": "Ada", "identifiers": identifiers });
    let ada = made::id(&client.post(&program.path("subjects"), &body).await.expect(201));
    let body = json!({ "subject": ada, "achievement": achievement }).to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", "1")];
    let award = client.try_send("POST", &program.path("awards"), &headers, body.into()).await.unwrap().expect(201);
    program.settled(host).await;
    let path = award["credential"].as_str().unwrap().strip_prefix(host.base_url()).unwrap().to_owned();
    let headers = [("accept", "application/vc+ld+json")];
    let credential = host.visitor().try_send("GET", &path, &headers, Bytes::new()).await.unwrap();
    assert_eq!(credential.status, 200, "{}", credential.text());
    (program, ada, credential.text())
}

/// Presses the button on the page at this path; where the browser goes then.
async fn allow(host: &Host, cookie: &str, question: &str) -> String {
    let mut visitor = host.visitor();
    let page = visitor.try_send("GET", question, &[("cookie", cookie)], Bytes::new()).await.unwrap().text();
    let inputs = page.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = inputs.map(|input| input.split_once("\" value=\"").unwrap());
    let mut fields: Vec<(&str, &str)> = fields.map(|(name, rest)| (name, rest.split('"').next().unwrap())).collect();
    fields.push(("answer", "allow"));
    let place = question.split('?').next().unwrap();
    let answer = submit(&mut visitor, place, ("cookie", cookie), &fields).await;
    answer.header("location").unwrap_or_else(|| panic!("{}", answer.text())).to_owned()
}

/// Runs a command that waits for the earner's browser, and is that browser; what it printed.
async fn with_a_browser(host: &Host, cookie: &str, args: &[&str]) -> Vec<String> {
    let mut command = Command::new(program());
    command
        .args(args)
        .args(["--host", host.base_url(), "--allow-loopback"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let question = lines.find(|line| line.starts_with(host.base_url())).expect("it prints an address");
    let back = allow(host, cookie, question.strip_prefix(host.base_url()).unwrap()).await;
    let (address, path) = back.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut browser = Client::new(address.parse().unwrap(), None);
    assert_eq!(browser.get("/callback?code=x&state=y").await.status, 404, "another program's guess");
    let page = Client::new(address.parse().unwrap(), None).get(&format!("/{path}")).await;
    assert!(page.status == 200 && page.text().contains("Done"), "{}", page.text());
    let rest = lines.collect();
    assert!(process.wait().unwrap().success(), "{rest:?}");
    rest
}

/// Registers a client, connects it to whoever is signed in, and returns an access token.
async fn connect(host: &Host, cookie: &str) -> String {
    let mut visitor = host.visitor();
    let discovery = visitor.get("/ims/ob/v3p0/discovery").await.expect(200);
    let place = |address: &Value| address.as_str().unwrap().strip_prefix(host.base_url()).unwrap().to_owned();
    let scheme = &discovery["components"]["securitySchemes"]["OAuth2ACG"];
    let metadata = json!({
        "client_name": "Wallet", "application_type": "native", "redirect_uris": [REDIRECT], "scope": SCOPES,
    });
    let client = visitor.post(&place(&scheme["x-imssf-registrationUrl"]), &metadata).await.expect(201);
    let (id, secret) = (client["client_id"].as_str().unwrap(), client["client_secret"].as_str().unwrap());
    let flow = &scheme["flows"]["authorizationCode"];
    let fields = [
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPES),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let authorize = place(&flow["authorizationUrl"]);
    let location = allow(host, cookie, &format!("{authorize}?{}", form(&fields))).await;
    let code = location.split_once("code=").unwrap().1.split('&').next().unwrap();
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
    let fields =
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
    let tokens = submit(&mut visitor, &place(&flow["tokenUrl"]), ("authorization", &basic), &fields).await.expect(200);
    tokens["access_token"].as_str().unwrap().to_owned()
}

async fn journey(database: Database) {
    let url = match database.make() {
        Ok(url) => url,
        Err(why) => return println!("not run: {why}"),
    };
    let (mut home, elsewhere) = (Host::start(url), Host::start(None));
    let (program, ada, own) = earn(&home, "eddsa-rdfc-2022").await;
    let (_, _, foreign) = earn(&elsewhere, "eddsa-rdfc-2022").await;
    let cookie = sign_in(&home, &program, &ada).await;
    let token = connect(&home, &cookie).await;

    let mut wallet = Client::new(home.address(), Some(&token));
    let headers = [("content-type", "application/vc+ld+json")];
    for status in [201, 200] {
        let kept = wallet.try_send("POST", "/ims/ob/v3p0/credentials", &headers, foreign.clone().into()).await.unwrap();
        assert_eq!((kept.status, kept.text()), (status, foreign.clone()));
    }
    home.kill();
    home.resume_life();
    let mut wallet = Client::new(home.address(), Some(&token));
    let list = wallet.get("/ims/ob/v3p0/credentials").await;
    assert_eq!(list.header("x-total-count"), Some("2"), "{}", list.text());
    for exact in [&own, &foreign] {
        assert!(list.text().contains(exact.as_str()), "byte for byte: {exact} in {}", list.text());
    }
    for credential in list.expect(200)["credential"].as_array().unwrap() {
        let answer = home.visitor().post("/v1/verify", credential).await.expect(200);
        let proof = answer["checks"].as_array().unwrap().iter().find(|check| check["id"] == "proof").unwrap();
        assert_eq!(proof["outcome"], "pass", "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_of_another_host_on_sqlite() {
    journey(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_of_another_host_on_postgres() {
    journey(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_command_line_of_one_host_to_another_and_back() {
    let (home, elsewhere) = (Host::start(None), Host::start(None));
    let (program, ada, own) = earn(&home, "eddsa-rdfc-2022").await;
    let (_, _, foreign) = earn(&elsewhere, "vc-jwt-rs256").await;
    let cookie = sign_in(&home, &program, &ada).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("badge.jwt");
    std::fs::write(&file, &foreign).unwrap();
    for word in ["kept: ", "replaced what was kept there: "] {
        let lines = with_a_browser(&home, &cookie, &["credential", "push", file.to_str().unwrap()]).await;
        assert_eq!(lines, [format!("{word}{}", file.display())]);
    }
    let output = folder.path().join("fetched");
    let lines = with_a_browser(&home, &cookie, &["credential", "pull", "--output", output.to_str().unwrap()]).await;
    assert_eq!(lines, [format!("2 credentials in {}", output.display())]);
    let fetched = ["1.json", "2.jwt"].map(|name| std::fs::read_to_string(output.join(name)).unwrap());
    assert_eq!(fetched, [own, foreign], "byte for byte");
    // Both gave their access back.
    let account = home.visitor().try_send("GET", "/account", &[("cookie", &cookie)], Bytes::new()).await.unwrap();
    assert!(account.text().contains("None. An app"), "{}", account.text());
}
