//! Deliveries as HubSpot sends them: version 3 of its signature, over method, address, body and time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

/// The app's client secret, which both sides know.
pub const SECRET: &str = "a-client-secret-for-the-app";

/// The portal.
pub const PORTAL: u64 = 33;

/// The home page of the portal's accounts.
pub const HOME: &str = "https://app.hubspot.com/portal/33";

/// One notification: a deal is won.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Raw.
    pub body: Bytes,
}

impl Notification {
    /// This deal, at this time (ms).
    pub fn deal_won(deal: u64, at: u64) -> Self {
        let body = json!([{
            "eventId": 1_000_000 + deal,
            "subscriptionId": 7,
            "portalId": PORTAL,
            "appId": 9,
            "occurredAt": at,
            "subscriptionType": "deal.propertyChange",
            "attemptNumber": 0,
            "objectId": deal,
            "propertyName": "dealstage",
            "propertyValue": "closedwon",
            "changeSource": "CRM_UI",
        }]);
        Self { body: Bytes::from(body.to_string()) }
    }

    /// The headers of a request to `url`, rightly signed at this time (ms).
    pub fn headers(&self, url: &str, at: u64) -> Vec<(&'static str, String)> {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length is a key");
        for part in [b"POST", url.as_bytes(), &self.body, at.to_string().as_bytes()] {
            mac.update(part);
        }
        vec![
            ("content-type", "application/json".to_owned()),
            ("x-hubspot-request-timestamp", at.to_string()),
            ("x-hubspot-signature-v3", BASE64.encode(mac.finalize().into_bytes())),
        ]
    }
}
