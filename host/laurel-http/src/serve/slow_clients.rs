//! Clients that are slow, silent or greedy. Each must be gone soon, and must not keep honest ones waiting.

use super::*;
use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// A tenth of a second stands for a second of the real limits.
fn limits() -> ServeLimits {
    ServeLimits {
        first_byte: Duration::from_millis(500),
        headers: Duration::from_secs(1),
        body_idle: Duration::from_secs(1),
        request: Duration::from_secs(2),
        farewell: Duration::from_secs(2),
        ..ServeLimits::default()
    }
}

struct Server {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    done: tokio::task::JoinHandle<io::Result<()>>,
}

async fn server(limits: ServeLimits) -> Server {
    let router = Router::new()
        .route("/", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/slow", get(|| async { sleep(Duration::from_millis(700)).await }))
        .route("/stuck", get(|| async { sleep(Duration::from_mins(1)).await }))
        .route("/large", get(|| async { vec![0_u8; 64 * 1024 * 1024] }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let done = tokio::spawn(serve(listener, None, router, limits, async {
        let _ = stopped.await;
    }));
    Server { address, stop, done }
}

impl Server {
    async fn open(&self, first: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(first).await.unwrap();
        stream
    }
}

/// Reads to the end, writing `drip` every 200 ms; what was read, and after how long the end came.
async fn until_closed(mut stream: TcpStream, drip: &[u8]) -> (String, Duration) {
    let (begin, mut read, mut buffer) = (Instant::now(), Vec::new(), [0; 4096]);
    while begin.elapsed() < Duration::from_secs(20) {
        match timeout(Duration::from_millis(200), stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => return (String::from_utf8_lossy(&read).into_owned(), begin.elapsed()),
            Ok(Ok(count)) => read.extend_from_slice(&buffer[..count]),
            Err(_) if !drip.is_empty() => {
                let _ = stream.write_all(drip).await;
            }
            Err(_) => {}
        }
    }
    panic!("still open after 20 s; read {:?}", String::from_utf8_lossy(&read));
}

const HEAD: &[u8] = b"POST / HTTP/1.1\r\nHost: x\r\n";

/// Name, what is sent at once, what is dripped, seconds until the end, how the answer goes on.
type Case<'a> = (&'static str, &'a [u8], &'a [u8], f32, &'static str);

#[tokio::test]
async fn the_silent_and_the_slow_are_closed() {
    let server = server(limits()).await;
    let body = [HEAD, b"Content-Length: 1000\r\n\r\n{"].concat();
    let answered = [HEAD, b"Content-Length: 2\r\n\r\n{}"].concat();
    let cases: [Case<'_>; 7] = [
        ("no byte", b"", b"", 0.5, ""),
        ("part of a head", b"POST / HT", b"", 1.0, ""),
        ("dripped headers", HEAD, b"X-A: b\r\n", 1.0, ""),
        ("silent body", &body, b"", 1.0, " 40"),
        ("dripped body", &body, b"\"", 2.0, " 408"),
        ("idle after an answer", &answered, b"", 1.0, " 200"),
        ("stuck handler", b"GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n", b"", 2.0, " 408"),
    ];
    let mut running = Vec::new();
    for (name, first, drip, limit, answer) in cases {
        let (stream, drip) = (server.open(first).await, drip.to_vec());
        running.push(tokio::spawn(async move {
            let (read, took) = until_closed(stream, &drip).await;
            assert!(took.as_secs_f32() < limit + 3.0, "{name}: {took:?}");
            let line = read.lines().next().unwrap_or_default();
            assert!(line.contains(answer), "{name}: {read}");
        }));
    }
    for case in running {
        case.await.unwrap();
    }
}

#[tokio::test]
async fn heads_are_bounded() {
    let server = server(limits()).await;
    let many = [HEAD, "X-A: y\r\n".repeat(200).as_bytes(), b"Content-Length: 0\r\n\r\n"].concat();
    let (read, _) = until_closed(server.open(&many).await, b"").await;
    assert!(read.starts_with("HTTP/1.1 431"), "{read}");
    let mut stream = server.open(HEAD).await;
    let long = format!("X: {}\r\n\r\n", "a".repeat(512 * 1024));
    let _ = stream.write_all(long.as_bytes()).await;
    let (read, _) = until_closed(stream, b"").await;
    assert!(read.is_empty() || read.starts_with("HTTP/1.1 431"), "{read}");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed() {
    let server = server(limits()).await;
    let mut stream = server.open(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
    sleep(Duration::from_secs(3)).await;
    let mut read = 0;
    let mut buffer = vec![0; 1 << 20];
    while let Ok(Ok(count @ 1..)) = timeout(Duration::from_secs(5), stream.read(&mut buffer)).await {
        read += count;
    }
    assert!(read < 64 * 1024 * 1024, "it was sent everything although it did not read");
}

#[tokio::test]
async fn more_connections_than_allowed_wait() {
    let server = server(ServeLimits { connections: 2, ..limits() }).await;
    let _silent = (server.open(b"").await, server.open(b"").await);
    let request = [HEAD, b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"].concat();
    let (read, took) = until_closed(server.open(&request).await, b"").await;
    assert!(read.starts_with("HTTP/1.1 200") && took >= Duration::from_millis(300), "{took:?} {read}");
}

#[tokio::test]
async fn shutdown_lets_requests_finish() {
    let server = server(limits()).await;
    let stream = server.open(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await;
    sleep(Duration::from_millis(200)).await;
    server.stop.send(()).unwrap();
    let (read, _) = until_closed(stream, b"").await;
    assert!(read.starts_with("HTTP/1.1 200"), "{read}");
    timeout(Duration::from_secs(5), server.done).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err(), "it still listens");
}
