//! Requests that are allowed: what goes over the wire, and where it ends.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use laurel_core::plugins::{Header, Outbound, OutboundError};
use laurel_outbound::{Client, Settings};
use support::{Stub, get, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

const PUBLIC: &str = "93.184.215.14";

fn local() -> Client {
    Client::new(Settings { allow_loopback: true, max_body: 1_000, ..Settings::default() }).unwrap()
}

async fn ask(answer: &[u8], wait: Duration) -> Result<laurel_core::plugins::OutboundResponse, OutboundError> {
    let address = serve(answer.to_vec(), wait).await;
    let mut request = get(&format!("http://{address}/x"), &["127.0.0.1"]);
    request.timeout = Duration::from_millis(300);
    local().send(request).await
}

#[tokio::test]
async fn an_answer_comes_back_as_it_was() {
    let answer = ask(b"HTTP/1.1 418 No\r\nX-A: b\r\ncontent-length: 2\r\n\r\nhi", Duration::ZERO).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (418, &b"hi"[..]));
    assert!(answer.headers.contains(&Header { name: "x-a".to_owned(), value: "b".to_owned() }));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_declared_or_not() {
    let declared = ask(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\nx", Duration::from_secs(5)).await;
    assert!(matches!(declared, Err(OutboundError::TooLarge(1_000) | OutboundError::Timeout)), "{declared:?}");
    let mut chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    (0..200).for_each(|_| chunked.extend_from_slice(b"a\r\n0123456789\r\n"));
    let chunked = ask(&chunked, Duration::from_secs(5)).await;
    assert!(matches!(chunked, Err(OutboundError::TooLarge(1_000))), "{chunked:?}");
}

#[tokio::test]
async fn a_slow_server_costs_the_time_allowed_and_no_more() {
    for answer in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhi"] {
        let begun = Instant::now();
        let sent = ask(answer, Duration::from_secs(20)).await;
        assert!(matches!(sent, Err(OutboundError::Timeout)), "{sent:?}");
        assert!(begun.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
    (0..20_000).for_each(|n| head.extend_from_slice(format!("x-{n}: 0123456789\r\n").as_bytes()));
    let sent = ask(&head, Duration::from_secs(5)).await;
    assert!(matches!(sent, Err(OutboundError::Failed(_))), "{sent:?}");
}

#[tokio::test]
async fn headers_of_the_connection_are_not_the_callers() {
    for name in ["Host", "content-length", "Transfer-Encoding", "connection", "a b", "x\r\ny"] {
        let mut request = get("http://127.0.0.1:1/", &["127.0.0.1"]);
        request.headers.push(Header { name: name.to_owned(), value: "secret".to_owned() });
        let refused = local().send(request).await.unwrap_err();
        assert!(matches!(refused, OutboundError::NotAllowed(_)), "{name}: {refused:?}");
    }
    let mut request = get("http://127.0.0.1:1/", &["127.0.0.1"]);
    request.headers.push(Header { name: "x".to_owned(), value: "s3cret\r\nhost: evil".to_owned() });
    let refused = local().send(request).await.unwrap_err().to_string();
    assert!(!refused.contains("s3cret"), "{refused}");
}

/// A TLS server with a certificate for `api.example.org`; it answers with the head of the request it got.
async fn tls_server() -> (std::net::SocketAddr, tokio_rustls::rustls::pki_types::CertificateDer<'static>) {
    tls_server_with("").await
}

/// The same; it answers with this, if it is anything.
async fn tls_server_with(
    fixed: &'static str,
) -> (std::net::SocketAddr, tokio_rustls::rustls::pki_types::CertificateDer<'static>) {
    let certified = rcgen::generate_simple_self_signed(["api.example.org".to_owned()]).unwrap();
    let certificate = certified.cert.der().clone();
    let key = certified.signing_key.serialize_der().try_into().unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = vec![0; 4096];
            let length = stream.read(&mut head).await.unwrap();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
            let answer = [answer.as_bytes(), &head[..length]].concat();
            stream.write_all(if fixed.is_empty() { &answer } else { fixed.as_bytes() }).await.unwrap();
            stream.flush().await.unwrap();
        }
    });
    (address, certificate)
}

#[tokio::test]
async fn tls_is_checked_against_the_name() {
    let (address, certificate) = tls_server().await;
    let stub = || {
        Arc::new(
            Stub::default()
                .name("api.example.org", &[&[PUBLIC]])
                .name("other.example.org", &[&[PUBLIC]])
                .detour(PUBLIC, address),
        )
    };
    let settings = Settings { extra_roots: vec![certificate], ..Settings::default() };
    let trusting = Client::with_network(settings, stub()).unwrap();
    let allowed = ["api.example.org", "other.example.org"];
    let answer = trusting.send(get("https://api.example.org/a?b=1#c", &allowed)).await.unwrap();
    let head = String::from_utf8(answer.body).unwrap();
    assert!(head.starts_with("GET /a?b=1 HTTP/1.1\r\nhost: api.example.org\r\n"), "{head}");
    // The certificate is another's.
    let other = trusting.send(get("https://other.example.org/", &allowed)).await;
    assert!(matches!(other, Err(OutboundError::Failed(_))), "{other:?}");
    // Nobody vouches for the certificate.
    let strict = Client::with_network(Settings::default(), stub()).unwrap();
    let unknown = strict.send(get("https://api.example.org/", &allowed)).await;
    assert!(matches!(unknown, Err(OutboundError::Failed(_))), "{unknown:?}");
}

/// A server that answers each request by its path.
async fn site(pages: &'static [(&'static str, &'static str)]) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let length = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let answer = pages.iter().find(|(page, _)| *page == path).map_or("404 No", |(_, answer)| *answer);
            let (status, place) = answer.split_once(" -> ").unwrap_or((answer, ""));
            let place = place.replace("PORT", &address.port().to_string());
            let answer = format!("HTTP/1.1 {status}\r\nlocation: {place}\r\ncontent-length: 2\r\n\r\nhi");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn a_document_is_followed_where_it_has_moved_within_its_host() {
    let address = site(&[
        ("/did.json", "301 Moved -> /well-known/did.json"),
        ("/well-known/did.json", "307 Moved -> http://127.0.0.1:PORT/3"),
        ("/3", "302 Moved -> 4"),
        ("/4", "200 OK"),
        ("/away", "301 Moved -> http://localhost:PORT/4"),
        ("/inside", "301 Moved -> http://10.0.0.1/4"),
        ("/plain", "301 Moved -> ftp://127.0.0.1/4"),
        ("/round", "301 Moved -> /round"),
    ])
    .await;
    let asked = |path: &str| get(&format!("http://{address}{path}"), &["127.0.0.1"]);
    let found = local().fetch(asked("/did.json")).await.unwrap();
    assert_eq!((found.status, found.body.as_slice()), (200, &b"hi"[..]));
    // Whoever sends something is told, and decides.
    assert_eq!(local().send(asked("/did.json")).await.unwrap().status, 301);
    for path in ["/away", "/inside", "/plain"] {
        let refused = local().fetch(asked(path)).await;
        assert!(matches!(refused, Err(OutboundError::NotAllowed(_))), "{path}: {refused:?}");
    }
    let round = local().fetch(asked("/round")).await.unwrap_err().to_string();
    assert!(round.contains("at most 3 redirects"), "{round}");
}

/// The name is looked up again for each step, and each answer is judged.
#[tokio::test]
async fn a_redirect_does_not_lead_around_the_address_filter() {
    let (address, certificate) =
        tls_server_with("HTTP/1.1 302 Found\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n").await;
    let stub = Stub::default().name("api.example.org", &[&[PUBLIC], &["10.0.0.1"]]).detour(PUBLIC, address);
    let settings = Settings { extra_roots: vec![certificate], ..Settings::default() };
    let client = Client::with_network(settings, Arc::new(stub)).unwrap();
    let refused = client.fetch(get("https://api.example.org:8443/a", &["api.example.org"])).await;
    assert!(matches!(refused, Err(OutboundError::NotAllowed(_))), "{refused:?}");
}
