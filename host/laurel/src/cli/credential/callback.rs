//! Where the browser comes back to: this machine's loopback address (RFC 8252, section 7.3).

use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use url::Url;

/// For so long the earner may think.
const PATIENCE: Duration = Duration::from_mins(15);
/// For so long a browser may take to send what it wants.
const QUICK: Duration = Duration::from_secs(5);
const MAX_HEAD: usize = 16 * 1024;

/// Listens.
pub(super) struct Callback {
    listener: TcpListener,
}

/// What came back.
enum Came {
    Code(String),
    Refused(String),
    /// Something else: an icon that a browser looks for, or another program.
    Nothing,
}

impl Callback {
    /// On a port that the system chooses.
    pub(super) async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen on this machine")?;
        Ok(Self { listener })
    }

    /// The redirect URI.
    pub(super) fn address(&self) -> Result<String> {
        Ok(format!("http://{}/callback", self.listener.local_addr()?))
    }

    /// The code that comes back with this state.
    pub(super) async fn code(self, state: &str) -> Result<String> {
        let answered = async {
            loop {
                let (stream, _) = self.listener.accept().await?;
                // Another program's connection must not keep the browser waiting.
                match timeout(QUICK, serve(stream, state)).await {
                    Ok(Ok(Came::Code(code))) => return Ok(code),
                    Ok(Ok(Came::Refused(why))) => bail!("it was not allowed: {why}"),
                    Ok(Ok(Came::Nothing) | Err(_)) | Err(_) => {}
                }
            }
        };
        timeout(PATIENCE, answered).await.context("nobody answered in the browser within 15 minutes")?
    }
}

async fn serve(mut stream: TcpStream, state: &str) -> Result<Came> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut part = [0; 1024];
        let count = stream.read(&mut part).await?;
        head.extend_from_slice(&part[..count]);
        if count == 0 || head.len() > MAX_HEAD {
            bail!("no request");
        }
    }
    let came = read(&String::from_utf8_lossy(&head), state);
    let (status, words) = match &came {
        Came::Code(_) => ("200 OK", "Done. You can close this page and go back to the command line.\n"),
        Came::Refused(_) => ("200 OK", "It was not allowed. You can close this page.\n"),
        Came::Nothing => ("404 Not Found", "Nothing here.\n"),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{words}",
        words.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(came)
}

fn read(head: &str, state: &str) -> Came {
    let target = head.strip_prefix("GET ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let Some(Ok(url)) = target.starts_with("/callback?").then(|| Url::parse(&format!("http://127.0.0.1{target}")))
    else {
        return Came::Nothing;
    };
    let value = |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    if value("state").as_deref() != Some(state) {
        return Came::Nothing;
    }
    match (value("error"), value("code")) {
        (Some(error), _) => Came::Refused(value("error_description").unwrap_or(error)),
        (None, Some(code)) => Came::Code(code),
        (None, None) => Came::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_answer_to_ones_own_question_counts() {
        let came = |target: &str| match read(&format!("GET {target} HTTP/1.1\r\n\r\n"), "s") {
            Came::Code(code) => format!("code {code}"),
            Came::Refused(why) => format!("refused {why}"),
            Came::Nothing => String::new(),
        };
        assert_eq!(came("/callback?code=a%2Fb&state=s"), "code a/b");
        assert_eq!(came("/callback?error=access_denied&error_description=no%20thanks&state=s"), "refused no thanks");
        for nothing in ["/callback?code=a&state=t", "/callback?code=a", "/callback?state=s", "/favicon.ico", ""] {
            assert_eq!(came(nothing), "", "{nothing}");
        }
    }
}
