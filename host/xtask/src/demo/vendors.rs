//! Deliveries in the vendors' real shapes, written by us, signed as each vendor signs.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

pub(super) const CANVAS: &str = "https://canvas.acme.example";
pub(super) const FORUM: &str = "https://forum.acme.example";
pub(super) const PORTAL: u32 = 4_107_733;
pub(super) const FORUM_SECRET: &str = "demo-forum-webhook-secret-not-for-production";
pub(super) const HUBSPOT_SECRET: &str = "demo-hubspot-client-secret-not-for-production";
/// Ada's number in the forum.
pub(super) const ADA_IN_FORUM: u32 = 42;
pub(super) const ADA_EMAIL: &str = "ada.lovelace@acme.example";

/// One request of a partner, ready to be sent.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) vendor: &'static str,
    pub(super) id: String,
    pub(super) about: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// Instructure's part: live events signed with a key made for this run, and the key set with which they are checked.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) key_set: String,
    pub(super) course_completed: Delivery,
}

impl Canvas {
    pub(super) fn new() -> Result<Self> {
        let input = json!({ "events": [course_completed(&rfc3339(now()))] }).to_string();
        let output = node(include_str!("canvas_keys.mjs"), &input)?;
        let output: Value = serde_json::from_str(&output).context("the signer of Canvas wrote no JSON")?;
        let token = output["tokens"][0].as_str().context("the signer of Canvas signed nothing")?;
        let course_completed = Delivery {
            vendor: "canvas",
            id: "course_completed".to_owned(),
            about: "Ada completes the course Selling with Care",
            headers: vec![("content-type", "application/jwt".to_owned())],
            body: token.as_bytes().to_vec(),
        };
        Ok(Self { key_set: output["jwks"].to_string(), course_completed })
    }
}

fn course_completed(time: &str) -> Value {
    json!({
        "metadata": {
            "event_name": "course_completed", "event_time": time, "producer": "canvas", "hostname": "canvas.acme.example",
            "root_account_id": "21070000000000001", "root_account_uuid": "VicYj3cu5BIFpoZhDVU4DZumnlBrWi1grgJEzADs",
            "context_type": "Course", "context_id": "21070000000000565", "context_role": "StudentEnrollment",
            "user_id": "21070000000000017", "user_login": ADA_EMAIL, "user_sis_id": "A-0017",
            "request_id": "1dd9dc6f-2fb0-4c19-a6c5-7ee1bf3ed295", "session_id": "ef686f8ed684abf78cbfa1f6a58112b5",
        },
        "body": {
            "progress": {
                "requirement_count": 6, "requirement_completed_count": 6, "next_requirement_url": null, "completed_at": time,
            },
            "user": { "id": "17", "name": "Ada Lovelace", "email": ADA_EMAIL },
            "course": { "id": "565", "name": "Selling with Care", "account_id": "79", "sis_source_id": "SWC-2026" },
        },
    })
}

/// A webhook of Discourse: `sha256=` and the hex HMAC of the body.
pub(super) fn discourse(
    number: u32,
    kind: &str,
    event: &'static str,
    about: &'static str,
    payload: &Value,
) -> Delivery {
    let body = json!({ kind: payload }).to_string().into_bytes();
    let signature = format!("sha256={}", hex::encode(hmac_sha256(FORUM_SECRET, &body)));
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("x-discourse-instance", FORUM.to_owned()),
        ("x-discourse-event-id", number.to_string()),
        ("x-discourse-event-type", kind.to_owned()),
        ("x-discourse-event", event.to_owned()),
        ("x-discourse-event-signature", signature),
    ];
    Delivery { vendor: "discourse", id: format!("{event}-{number}"), about, headers, body }
}

/// Ada's answer in the forum.
pub(super) fn answer() -> Value {
    json!({
        "id": 1815, "username": "ada", "name": "Ada Lovelace", "user_id": ADA_IN_FORUM, "created_at": rfc3339(now()),
        "cooked": "<p>Ask what they need before you say what you have.</p>", "post_number": 2, "post_type": 1, "reply_count": 0,
        "topic_id": 77, "topic_slug": "how-do-you-start-a-call", "topic_title": "How do you start a call?", "category_id": 5,
        "trust_level": 1, "score": 0.2, "reads": 7,
    })
}

/// Somebody who likes it.
pub(super) fn liked_by(id: u32, username: &str) -> Value {
    json!({ "post": answer(), "user": { "id": id, "username": username, "name": username, "avatar_template": "/a/{size}.png" } })
}

/// A notification of HubSpot, version 3 of its signature, for the hook at `url`.
pub(super) fn deal_won(url: &str, deal: u64, secret: &str, about: &'static str) -> Delivery {
    let now = now();
    let notification = json!([{
        "eventId": 3_181_526_809_u64 + deal, "subscriptionId": 2_113_470, "portalId": PORTAL, "appId": 1_160_452, "occurredAt": now,
        "subscriptionType": "deal.propertyChange", "attemptNumber": 0, "objectId": deal, "propertyName": "dealstage",
        "propertyValue": "closedwon", "changeSource": "CRM_UI", "sourceId": "userId:9586504",
    }]);
    let body = notification.to_string().into_bytes();
    let signed = [b"POST", url.as_bytes(), &body, now.to_string().as_bytes()].concat();
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("x-hubspot-request-timestamp", now.to_string()),
        ("x-hubspot-signature-v3", BASE64.encode(hmac_sha256(secret, &signed))),
    ];
    Delivery { vendor: "hubspot", id: format!("deal-{deal}"), about, headers, body }
}

/// The account on which a deal rests until somebody says whose it is.
pub(super) fn deal_account(deal: u64) -> String {
    format!("https://app.hubspot.com/portal/{PORTAL}#deal:{deal}")
}

fn hmac_sha256(secret: &str, message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Milliseconds since 1970: vendors sign the time.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask has no Clock port; here it plays systems with clocks of their own"
)]
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

/// `2026-11-22T01:00:00Z`
fn rfc3339(millis: u64) -> String {
    let (days, seconds) = (millis / 86_400_000, millis / 1000 % 86_400);
    // Civil from days, with years that begin in March (Howard Hinnant's algorithm), for dates after 1970.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Runs a script with Node, which brings what RSA needs.
pub(super) fn node(script: &str, input: &str) -> Result<String> {
    let mut child = Command::new("node")
        .args(["--input-type=module", "-e", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run node, which the demo needs to sign as Canvas does")?;
    child.stdin.take().context("node takes no input")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("node ended with {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_309_323_456), "2026-11-22T01:02:03Z");
    }

    #[test]
    fn the_vendors_own_vector() {
        // Published by Discourse: a ping under this secret.
        let mac = hmac_sha256("my_lovely_secret_for_web_hook", br#"{"ping":"OK"}"#);
        assert_eq!(hex::encode(mac), "162f107f6b5022353274eb1a7197885cfd35744d8d08e5bcea025d309386b7d6");
    }
}
