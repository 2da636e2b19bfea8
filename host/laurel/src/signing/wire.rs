//! What host and signer process say to each other: frames of a length (four bytes, big-endian) and one JSON document, a request and
//! its answer in turn.

use std::borrow::Cow;

use laurel_core::credentials::{SignError, SigningJob};
use laurel_core::id::KeyId;
use laurel_core::organisations::{Algorithm, Suite};
use laurel_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Both sides must speak the same one.
pub(super) const VERSION: u32 = 4;
/// Bytes of a frame at most: one document of the largest size, with every byte of it escaped, fits.
pub(super) const MAX_FRAME: usize = 32 << 20;
/// Bytes of one document at most; what is larger is refused before it is sent.
pub(super) const MAX_DOCUMENT: usize = 4 << 20;
/// Documents of one request at most.
pub(super) const MAX_JOBS: usize = 256;

/// What the host asks. Documents are borrowed where they need no unescaping.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Request<'a> {
    /// The first word of a connection.
    Hello { version: u32 },
    /// Sign documents with one key.
    #[serde(borrow)]
    Sign(Batch<'a>),
    /// Make a key.
    Generate { id: KeyId, algorithm: Algorithm },
}

/// Documents for one key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Batch<'a> {
    pub(super) id: KeyId,
    pub(super) public: Cow<'a, str>,
    /// Hexadecimal.
    pub(super) sealed: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) jobs: Vec<Job<'a>>,
}

/// One document.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job<'a> {
    #[serde(borrow)]
    document: Cow<'a, str>,
    suite: Suite,
    #[serde(borrow)]
    verification_method: Cow<'a, str>,
    created: i64,
}

/// What the signer answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Answer<'a> {
    /// To [`Request::Hello`]: what the host needs of the master key, hexadecimal.
    Hello { vault: String, compiled: String },
    /// To [`Request::Sign`]: one for each document, in order.
    #[serde(borrow)]
    Signed(Vec<Outcome<'a>>),
    /// To [`Request::Generate`].
    Generated { public: String, sealed: String },
    /// The key cannot be used.
    KeyRefused(String),
    /// The request is not understood, or not taken.
    Refused(String),
}

/// What became of one document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome<'a> {
    #[serde(borrow)]
    Document(Cow<'a, str>),
    Refused(String),
}

impl<'a> Job<'a> {
    pub(super) fn of(job: &SigningJob<'a>) -> Result<Self, SignError> {
        if job.document.len() > MAX_DOCUMENT {
            let why = format!("it has {} bytes; a signer takes {MAX_DOCUMENT}", job.document.len());
            return Err(SignError::Document(why));
        }
        let document = std::str::from_utf8(job.document).map_err(|why| SignError::Document(why.to_string()))?;
        Ok(Self {
            document: document.into(),
            suite: job.suite,
            verification_method: job.verification_method.into(),
            created: job.created.0,
        })
    }

    pub(super) fn as_signing_job(&self) -> SigningJob<'_> {
        SigningJob {
            document: self.document.as_bytes(),
            suite: self.suite,
            verification_method: &self.verification_method,
            created: Timestamp(self.created),
        }
    }
}

/// A message as a frame.
pub(super) fn frame(message: &impl Serialize) -> std::io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message)?;
    let length = frame.len() - 4;
    if length > MAX_FRAME {
        return Err(std::io::Error::other(format!("a message of {length} bytes is larger than {MAX_FRAME}")));
    }
    let length = u32::try_from(length).map_err(std::io::Error::other)?;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    Ok(frame)
}

/// Sends a frame.
pub(super) async fn send(to: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> std::io::Result<()> {
    to.write_all(frame).await?;
    to.flush().await
}

/// The next message; none when the other side has hung up between two.
pub(super) async fn receive(from: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length).await {
        Err(why) if why.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    };
    let length = u32::from_be_bytes(length);
    if length as usize > MAX_FRAME {
        return Err(std::io::Error::other(format!("a message of {length} bytes is larger than {MAX_FRAME}")));
    }
    // What is announced is not allocated before it arrives.
    let mut message = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut message).await?;
    if message.len() < length as usize {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frames_are_read_as_they_were_written() {
        let (mut one, mut other) = tokio::io::duplex(64);
        let hello = frame(&Request::Hello { version: VERSION }).unwrap();
        let sent = tokio::spawn(async move { send(&mut one, &hello).await });
        let message = receive(&mut other).await.unwrap().unwrap();
        sent.await.unwrap().unwrap();
        let read: Request<'_> = serde_json::from_slice(&message).unwrap();
        assert!(matches!(read, Request::Hello { version: VERSION }));
        assert!(receive(&mut other).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_frame_too_large_or_cut_is_an_error() {
        for bytes in [&u32::MAX.to_be_bytes()[..], &[0, 0, 0, 9, b'{'], &[0, 0]] {
            let whole_header = bytes.len() >= 4;
            let mut from = bytes;
            assert_eq!(receive(&mut from).await.is_err(), whole_header, "{bytes:?}");
        }
    }
}
