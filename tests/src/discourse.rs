//! Deliveries as a Discourse forum sends them: `sha256=` and the HMAC of the raw body.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

/// The secret both sides know.
pub const SECRET: &str = "a-secret-for-the-forum";

/// The forum.
pub const INSTANCE: &str = "https://forum.example.org";

/// One webhook delivery.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `X-Discourse-Event-Id`
    pub id: u32,
    /// `X-Discourse-Event-Type`
    pub kind: &'static str,
    /// `X-Discourse-Event`
    pub name: &'static str,
    /// Raw.
    pub body: Bytes,
}

impl Delivery {
    /// Somebody's answer is accepted as the solution.
    pub fn solution(id: u32, user: u32, post: u32) -> Self {
        let body = json!({
            "solved": {
                "id": post,
                "user_id": user,
                "username": format!("user{user}"),
                "topic_id": post / 2,
                "topic_title": "How do I …?",
                "post_number": 2,
                "created_at": "2026-03-02T10:00:00.000Z",
            }
        });
        Self { id, kind: "solved", name: "accepted_solution", body: Bytes::from(body.to_string()) }
    }

    /// The headers, rightly signed.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length is a key");
        mac.update(&self.body);
        let signature = hex::encode(mac.finalize().into_bytes());
        vec![
            ("content-type", "application/json".to_owned()),
            ("x-discourse-instance", INSTANCE.to_owned()),
            ("x-discourse-event-id", self.id.to_string()),
            ("x-discourse-event-type", self.kind.to_owned()),
            ("x-discourse-event", self.name.to_owned()),
            ("x-discourse-event-signature", format!("sha256={signature}")),
        ]
    }
}
