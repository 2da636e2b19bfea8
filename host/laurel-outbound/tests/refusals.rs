//! What must not get out does not: every URL of the fault list, and names that change their mind.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod support;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use laurel_core::plugins::{Outbound, OutboundError};
use laurel_outbound::{Client, Settings};
use support::{Stub, get, serve};
use tokio::net::TcpListener;
use url::Url;

/// Listens on every address of this machine and counts who comes.
async fn listener() -> (u16, Arc<AtomicUsize>) {
    let seen = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("[::]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let counter = Arc::clone(&seen);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    (port, seen)
}

/// The list, without its remarks. `None` when it is not there and need not be.
fn fault_list() -> Option<Vec<String>> {
    let shared = std::env::var_os("LAUREL_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(shared.join("fault/ssrf_urls.txt")) else {
        assert!(std::env::var_os("CI").is_none(), "LAUREL_SHARED must lead to the shared data in CI");
        println!("not run: no fault/ssrf_urls.txt");
        return None;
    };
    Some(
        text.lines()
            .map(|line| line.split("   ").next().unwrap_or(line).trim().to_owned())
            .filter(|l| !l.is_empty())
            .collect(),
    )
}

fn stub() -> Stub {
    Stub::default()
        .name("allowed.example", &[&["127.0.0.1"]])
        .name("allowed.example.127.0.0.1.nip.test", &[&["127.0.0.1"]])
        .name("localhost", &[&["127.0.0.1", "::1"]])
        .name("redirect-to-loopback.test", &[&["127.0.0.1"]])
        .name("rebind.test", &[&["127.0.0.1"]])
        .name("mixed-answer.test", &[&["93.184.215.14", "127.0.0.1"]])
}

/// As it stands in the list, and with the scheme and the port that would otherwise refuse it by themselves put right.
fn variants(line: &str, port: u16) -> Vec<String> {
    let mut variants = vec![line.to_owned()];
    for scheme in ["https://", "http://"] {
        let swapped = line.replacen("http://", scheme, 1);
        variants.push(swapped.clone());
        if let Ok(mut url) = Url::parse(&swapped)
            && url.set_port(Some(port)).is_ok()
        {
            variants.push(url.to_string());
        }
    }
    variants
}

#[tokio::test]
async fn no_line_of_the_fault_list_connects() {
    let Some(lines) = fault_list() else { return };
    assert!(lines.len() >= 44, "the list has {} lines", lines.len());
    let (port, seen) = listener().await;
    let stub = Arc::new(stub());
    let client = Client::with_network(Settings::default(), Arc::clone(&stub) as _).unwrap();
    for line in &lines {
        for url in variants(line, port) {
            // The list of hosts is no help here: it allows whatever the URL names.
            let host = Url::parse(&url).ok().and_then(|url| url.host().map(|host| host.to_string()));
            let sent = client.send(get(&url, &[host.as_deref().unwrap_or_default(), "allowed.example"])).await;
            assert!(matches!(sent, Err(OutboundError::NotAllowed(_))), "{url}: {sent:?}");
        }
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!((seen.load(Ordering::Relaxed), stub.dialled.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn a_name_is_asked_once_and_the_checked_address_is_dialled() {
    let stub = Arc::new(Stub::default().name("rebind.test", &[&["93.184.215.14"], &["127.0.0.1"]]));
    let client = Client::with_network(Settings::default(), Arc::clone(&stub) as _).unwrap();
    let request = || get("https://rebind.test/", &["rebind.test"]);
    assert!(matches!(client.send(request()).await, Err(OutboundError::Failed(_))));
    assert_eq!(*stub.dialled.lock().unwrap(), ["93.184.215.14:443".parse().unwrap()]);
    // The second answer is the private one, and it is refused.
    assert!(matches!(client.send(request()).await, Err(OutboundError::NotAllowed(_))));
    assert_eq!((stub.asked.load(Ordering::Relaxed), stub.dialled.lock().unwrap().len()), (2, 1));
}

#[tokio::test]
async fn one_private_address_refuses_all() {
    let stub = Arc::new(Stub::default().name("mixed.example", &[&["93.184.215.14", "2606:2800:21f::1", "10.0.0.1"]]));
    let client = Client::with_network(Settings::default(), Arc::clone(&stub) as _).unwrap();
    let refused = client.send(get("https://mixed.example/", &["mixed.example"])).await;
    let message = refused.unwrap_err().to_string();
    assert!(!message.contains("10.0.0.1"), "{message}");
    assert!(stub.dialled.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (port, seen) = listener().await;
    let answer = format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{port}/\r\ncontent-length: 0\r\n\r\n");
    let address = serve(answer.into_bytes(), Duration::ZERO).await;
    let client = Client::new(Settings { allow_loopback: true, ..Settings::default() }).unwrap();
    let answer = client.send(get(&format!("http://{address}/"), &["127.0.0.1"])).await.unwrap();
    assert_eq!((answer.status, seen.load(Ordering::Relaxed)), (302, 0));
}

#[tokio::test]
async fn allowing_this_machine_does_not_allow_its_neighbours() {
    let stub = Arc::new(
        Stub::default().name("localhost", &[&["127.0.0.1", "192.168.0.1"]]).name("a.example", &[&["127.0.0.1"]]),
    );
    let settings = Settings { allow_loopback: true, ..Settings::default() };
    let client = Client::with_network(settings, Arc::clone(&stub) as _).unwrap();
    for url in ["http://localhost/", "https://a.example/", "http://192.168.0.1/", "http://0.0.0.0/"] {
        let sent = client.send(get(url, &["localhost", "a.example", "192.168.0.1", "0.0.0.0"])).await;
        assert!(matches!(sent, Err(OutboundError::NotAllowed(_))), "{url}: {sent:?}");
    }
    assert!(stub.dialled.lock().unwrap().is_empty());
}
