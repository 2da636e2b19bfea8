//! The host speaks TLS by itself, with a certificate from files.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use laurel_tests::Host;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_certificate_from_files() {
    let folder = TempDir::new().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["badges.example".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let path = |file: &std::path::Path| file.to_str().unwrap().to_owned();
    let (certificate, key) = (path(&certificate), path(&key));
    let host = Host::start_with(None, &[("http.tls-certificate", &certificate), ("http.tls-key", &key)]);
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let connect = async |name: &'static str| {
        let stream = TcpStream::connect(host.address()).await.unwrap();
        let connector = TlsConnector::from(Arc::new(config.clone()));
        connector.connect(ServerName::try_from(name).unwrap(), stream).await
    };
    assert!(connect("elsewhere.example").await.is_err());
    let (mut sender, driver) = handshake(TokioIo::new(connect("badges.example").await.unwrap())).await.unwrap();
    tokio::spawn(driver);
    let request = Request::get("/healthz").header("host", "badges.example").body(Empty::<Bytes>::new()).unwrap();
    let answer = sender.send_request(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "ok\n");
    // Somebody who speaks without TLS gets nothing, and disturbs nobody.
    assert!(host.visitor().try_send("GET", "/healthz", &[], Bytes::new()).await.is_err());
}
