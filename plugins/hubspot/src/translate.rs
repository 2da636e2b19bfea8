//! From HubSpot's words to canonical events.
//!
//! Traps: `eventId` is not unique, so an event's id is made of portal, subscription type, object, event and time; the same
//! notification may come twice in one batch; order is not kept. Nothing tells an e-mail: a deal rests on an account of its
//! own (`deal:ID` at the portal) until somebody links it to a person. Sensitive values arrive as `REDACTED`.

use laurel_plugin::hook::Refusal;
use laurel_plugin::json::Value;
use laurel_plugin::{Body, IncomingEvent, Subject, log};

use crate::settings::{Settings, Stage};

/// Nothing happened before 1970 or after 2286; HubSpot's times have thirteen digits.
const TIMES: std::ops::RangeInclusive<i64> = 0..=9_999_999_999_999;

/// Translates a batch: in the order of what happened, each notification once. One that lacks something is skipped and logged,
/// because refusing it would lose the others; a batch of nothing else is refused.
pub(crate) fn batch(notifications: &[Value<'_>], settings: &Settings) -> Result<Vec<IncomingEvent>, Refusal> {
    let mut events: Vec<IncomingEvent> = Vec::new();
    let mut broken = Vec::new();
    for value in notifications {
        match Notification::read(value) {
            Ok(notification) => {
                let event = notification.translate(settings);
                events.extend(event.filter(|event| !events.iter().any(|other| other.id == event.id)));
            }
            Err(what) => broken.push(what),
        }
    }
    if let Some(first) = broken.first() {
        if broken.len() == notifications.len() {
            return Err(Refusal::malformed(format!("a notification lacks {first}")));
        }
        log::warn!("{} notifications skipped; the first lacks {first}", broken.len());
    }
    events.sort_by_key(|event| event.time);
    if events.is_empty() {
        log::debug!("nothing to take from {} notifications", notifications.len());
    }
    Ok(events)
}

/// What every notification has.
struct Notification<'a> {
    value: &'a Value<'a>,
    kind: &'a str,
    portal: String,
    object: String,
    occurred: i64,
}

impl<'a> Notification<'a> {
    /// The error names what is missing.
    fn read(value: &'a Value<'a>) -> Result<Self, &'static str> {
        let id = |key: &'static str| value.get(key).id().map(std::borrow::Cow::into_owned).ok_or(key);
        let occurred = value.get("occurredAt").integer().filter(|time| TIMES.contains(time));
        Ok(Self {
            value,
            kind: value.get("subscriptionType").text().ok_or("subscriptionType")?,
            portal: id("portalId")?,
            object: id("objectId")?,
            occurred: occurred.ok_or("occurredAt in milliseconds")?,
        })
    }

    /// The event, if this notification means anything for badges.
    fn translate(&self, settings: &Settings) -> Option<IncomingEvent> {
        let home = settings.home_page(&self.portal)?;
        match (self.object_type()?, self.action()?) {
            ("deal", "propertyChange") => self.deal(settings, home),
            ("contact", "propertyChange") => self.contact(settings, home),
            ("contact", "privacyDeletion") => {
                let body = Body::new("contact", &format!("{home}/contacts/{}", self.object));
                Some(self.event("contact.erased", home, "contact", body))
            }
            _ => None,
        }
    }

    /// `deal.propertyChange`, or `object.propertyChange` with the type's number beside it.
    fn object_type(&self) -> Option<&str> {
        let (object, _) = self.kind.split_once('.')?;
        match (object, self.value.get("objectTypeId").text()) {
            ("object", Some("0-1")) => Some("contact"),
            ("object", Some("0-3")) => Some("deal"),
            ("object", _) => None,
            (object, _) => Some(object),
        }
    }

    fn action(&self) -> Option<&str> {
        self.kind.split_once('.').map(|(_, action)| action)
    }

    /// Only the stage matters: to won, to lost, or somewhere between (which takes a deal won by mistake back).
    fn deal(&self, settings: &Settings, home: String) -> Option<IncomingEvent> {
        if self.value.get("propertyName").text() != Some("dealstage") {
            return None;
        }
        let stage = self.value.get("propertyValue").text()?;
        let mut body = Body::new("deal", &format!("{home}/deals/{}", self.object));
        body.attribute("stage", stage).attribute_value("changed_by", self.value.get("sourceId"));
        let kind = match settings.stage(stage) {
            Stage::Won => "deal.won",
            Stage::Lost => "deal.lost",
            Stage::Between => "deal.progressed",
        };
        Some(self.event(kind, home, "deal", body))
    }

    fn contact(&self, settings: &Settings, home: String) -> Option<IncomingEvent> {
        let property = self.value.get("propertyName").text().filter(|property| settings.takes(property))?;
        let mut body = Body::new("contact", &format!("{home}/contacts/{}", self.object));
        body.attribute("property", property);
        let value = self.value.get("propertyValue");
        if value.text() == Some("REDACTED") || self.value.get("isSensitive").bool() == Some(true) {
            body.attribute("redacted", "true");
        } else {
            body.attribute_value("value", value);
        }
        Some(self.event("contact.property_changed", home, "contact", body))
    }

    fn event(&self, kind: &str, home: String, what: &str, mut body: Body) -> IncomingEvent {
        let (portal, object, occurred) = (&self.portal, &self.object, self.occurred);
        let event = self.value.get("eventId").id().unwrap_or_default();
        body.attribute_value("change_source", self.value.get("changeSource"));
        IncomingEvent {
            id: format!("hubspot:{portal}:{}:{object}:{event}:{occurred}", self.kind),
            kind: kind.into(),
            time: occurred,
            subject: Subject::person(home, format!("{what}:{object}")),
            data: body.finish(),
        }
    }
}
