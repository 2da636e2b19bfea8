//! Test doubles: what a plugin's imports do under `cargo test`.
//!
//! [`Host`] stands in for the host on the current thread: settings, secrets with real cryptography, HTTP answers, and the log.
//!
//! ```
//! use laurel_plugin::testing::Host;
//! use laurel_plugin::{keys, log, settings};
//!
//! let host = Host::new().settings(r#"{"instance": "https://a.example"}"#).secret("token", "t0p");
//! assert_eq!(settings::text(), r#"{"instance": "https://a.example"}"#);
//! assert!(keys::matches("token", "t0p").unwrap());
//! log::info!("seen");
//! assert_eq!(host.lines(), ["info: seen"]);
//! ```

mod double;
mod keys;

pub use double::Host;
pub(crate) use double::{record, send, settings};
pub use keys::hmac;
pub(crate) use keys::{matches, verify_ed25519, verify_hmac, verify_jws};

use crate::hook::Request;
use crate::{Event, Header};

/// An event of this kind that happened and was received at `time`, with an empty body.
pub fn event(kind: &str, time: i64) -> Event {
    Event {
        id: format!("{kind}-{time}"),
        source: "test".into(),
        kind: kind.into(),
        time,
        received: time,
        seq: u64::try_from(time).unwrap_or_default(),
        data: "{}".into(),
    }
}

/// A `POST` as a partner makes it.
pub fn post(url: &str, headers: &[(&str, &str)], body: &[u8], received: i64) -> Request {
    let header = |(name, value): &(&str, &str)| Header { name: (*name).into(), value: (*value).into() };
    Request {
        method: "POST".into(),
        url: url.into(),
        path: String::new(),
        headers: headers.iter().map(header).collect(),
        body: body.into(),
        received,
    }
}
