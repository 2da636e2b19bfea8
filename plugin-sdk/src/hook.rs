//! The interface `hook`: verifies and translates what a partner system sends.
//!
//! The order never changes: size, signature, then parse, then translate. Nothing of the body is believed before its signature.

pub use crate::bindings::hook::exports::laurel::plugin::hook::{Reception, Refusal, Request, Response};
use crate::keys::KeyError;
use crate::settings::Unfit;
use crate::{Header, IncomingEvent};

/// Implemented by plugins registered with `register!(… : hook)`.
pub trait Hook {
    /// Judges one request: the events in it, or why nothing is taken.
    fn receive(request: Request) -> Result<Reception, Refusal>;
}

impl Request {
    /// The value of a header. Names compare without regard to case; of several, the first.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.trim())
    }
}

impl Reception {
    /// `200` without a body, and these events.
    pub fn accepted(events: Vec<IncomingEvent>) -> Self {
        Self { response: Response { status: 200, headers: Vec::new(), body: Vec::new() }, events }
    }

    /// `200`, and nothing happens: what senders must hear about a type that means nothing here, or they retry it for days.
    pub fn ignored() -> Self {
        Self::accepted(Vec::new())
    }

    /// The same with a body and its content type: some senders want an acknowledgement in their own words.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.response.headers.push(Header { name: "content-type".into(), value: content_type.into() });
        self.response.body = body.into();
        self
    }
}

/// One constructor per reason. The detail tells the sender what to change.
impl Refusal {
    fn new(reason: &str, detail: impl Into<String>) -> Self {
        Self { reason: reason.into(), detail: detail.into() }
    }

    /// There is no signature (401).
    pub fn unsigned(detail: impl Into<String>) -> Self {
        Self::new("unsigned", detail)
    }

    /// The signature is wrong (401).
    pub fn bad_signature(detail: impl Into<String>) -> Self {
        Self::new("bad-signature", detail)
    }

    /// The signed time is too far from now (401).
    pub fn stale(detail: impl Into<String>) -> Self {
        Self::new("stale", detail)
    }

    /// The body cannot be read (400).
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new("malformed", detail)
    }

    /// The body can be read but not understood (422).
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new("unsupported", detail)
    }

    /// This side is not ready: the sender should try again (503).
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new("unavailable", detail)
    }
}

/// A key that cannot be asked is our fault, not the sender's: `unavailable`, so that nothing is lost until it is put right.
impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self::unavailable(match error {
            KeyError::NotGranted(name) => format!("the secret `{name}` is not granted to this installation"),
            KeyError::NotSet(name) => format!("the secret `{name}` of this installation has no value yet"),
            KeyError::Unusable(why) => format!("a secret of this installation cannot be used: {why}"),
        })
    }
}

impl From<Unfit> for Refusal {
    fn from(error: Unfit) -> Self {
        Self::unavailable(error.to_string())
    }
}

/// The bytes of hexadecimal text, in either case; `None` for anything else.
pub fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}
