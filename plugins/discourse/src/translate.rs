//! From Discourse's words to canonical events.
//!
//! Credit goes to the author: of the post that was liked or accepted, not to who liked or accepted it. Likes and solutions
//! carry no time and no id of their own, so their events hold what an idempotent fold needs: the post and the liker.

use std::borrow::Cow;

use laurel_plugin::json::Value;
use laurel_plugin::time::{parse_rfc3339, rfc3339};
use laurel_plugin::{Body, IncomingEvent, Subject};

use crate::settings::Settings;

/// One verified delivery.
pub(crate) struct Delivery<'a> {
    pub(crate) settings: &'a Settings,
    /// `X-Discourse-Event`
    pub(crate) name: &'a str,
    /// `X-Discourse-Event-Id`: one for each attempt of each webhook.
    pub(crate) id: Option<&'a str>,
    pub(crate) payload: &'a Value<'a>,
    pub(crate) received: i64,
}

impl Delivery<'_> {
    /// The event, if this delivery means anything for badges and is about a person.
    pub(crate) fn translate(&self) -> Option<IncomingEvent> {
        match self.name {
            "post_created" => self.post("post.created"),
            "post_destroyed" => self.post("post.destroyed"),
            "post_recovered" => self.post("post.recovered"),
            "topic_created" => self.topic("topic.created"),
            "topic_destroyed" => self.topic("topic.destroyed"),
            "topic_recovered" => self.topic("topic.recovered"),
            "post_liked" => self.like("post.liked"),
            "post_unliked" => self.like("post.unliked"),
            "accepted_solution" => self.solution("solution.accepted"),
            "unaccepted_solution" => self.solution("solution.unaccepted"),
            "user_promoted" => self.user("user.promoted"),
            "user_created" => self.user("user.created"),
            "user_confirmed_email" => self.user("user.confirmed"),
            "user_badge_granted" => self.badge("badge.awarded"),
            "user_badge_revoked" => self.badge("badge.revoked"),
            _ => None,
        }
    }

    fn post(&self, kind: &str) -> Option<IncomingEvent> {
        let (subject, body) = self.about_post(self.payload)?;
        // A post's own time is when it was written; destroying and recovering happen now.
        let time = if kind == "post.created" { self.time(self.payload) } else { self.received };
        Some(self.event(kind, time, subject, body))
    }

    fn topic(&self, kind: &str) -> Option<IncomingEvent> {
        let topic = self.payload;
        let author = user_id(topic.get("user_id"))?;
        let mut body = Body::new("topic", &self.url("t", topic.get("id"))?);
        body.name(topic.get("title").text());
        body.attribute_value("username", topic.at(&["created_by", "username"]));
        body.attribute_value("category_id", topic.get("category_id")).attribute_value("tags", topic.get("tags"));
        let time = if kind == "topic.created" { self.time(topic) } else { self.received };
        Some(self.event(kind, time, self.person(&author), body))
    }

    fn like(&self, kind: &str) -> Option<IncomingEvent> {
        let (subject, mut body) = self.about_post(self.payload.get("post"))?;
        body.attribute("liker", &user_id(self.payload.at(&["user", "id"]))?);
        Some(self.event(kind, self.received, subject, body))
    }

    /// The payload is the accepted post: who accepted it and when is not told. Its time is the post's, as the payload says;
    /// when the news arrived is an attribute.
    fn solution(&self, kind: &str) -> Option<IncomingEvent> {
        let (subject, mut body) = self.about_post(self.payload)?;
        body.object("topic", self.payload.get("topic_id")).attribute("noticed_at", &rfc3339(self.received));
        Some(self.event(kind, self.time(self.payload), subject, body))
    }

    /// The account, with the e-mail if the webhook's scope shows it, and the id of a single sign-on.
    fn user(&self, kind: &str) -> Option<IncomingEvent> {
        let user = self.payload;
        let id = user_id(user.get("id"))?;
        let mut body = Body::new("user", &self.url("u", user.get("username"))?);
        for key in ["username", "trust_level", "external_id"] {
            body.attribute_value(key, user.get(key));
        }
        let time = if kind == "user.created" { self.time(user) } else { self.received };
        Some(self.event(kind, time, self.person(&id).with_email(user.get("email").text()), body))
    }

    /// A badge of the forum. What we granted there ourselves comes back and is left out.
    fn badge(&self, kind: &str) -> Option<IncomingEvent> {
        let grant = self.payload;
        let (badge, granted_by) = (grant.get("badge_id"), grant.get("granted_by_id"));
        if self.settings.is_echo(badge.integer(), granted_by.integer()) {
            return None;
        }
        let id = grant.get("id").id()?;
        let subject = self.person(&user_id(grant.get("user_id"))?);
        let mut body = Body::new("badge", &self.url("badges", badge)?);
        body.attribute_value("badge_id", badge).attribute_value("granted_by", granted_by);
        let granted = kind == "badge.awarded";
        let time = parse_rfc3339(grant.get("granted_at").text().unwrap_or_default()).filter(|_| granted);
        let mut event = self.event(kind, time.unwrap_or(self.received), subject, body);
        // The grant's own id: the same however often Discourse tells it.
        event.id =
            if granted { format!("discourse:user_badge:{id}") } else { format!("discourse:user_badge:{id}:revoked") };
        Some(event)
    }

    /// The author and the body of an event about a post.
    fn about_post(&self, post: &Value<'_>) -> Option<(Subject, Body)> {
        let author = user_id(post.get("user_id"))?;
        let mut body = Body::new("post", &self.url("p", post.get("id"))?);
        for key in ["username", "topic_id", "category_id", "post_number"] {
            body.attribute_value(key, post.get(key));
        }
        Some((self.person(&author), body))
    }

    fn event(&self, kind: &str, time: i64, subject: Subject, body: Body) -> IncomingEvent {
        let instance = &self.settings.instance;
        let data = body.finish();
        let id = match self.id {
            Some(id) => format!("discourse:{instance}:{id}"),
            // A forum behind a proxy that drops headers: the content is the identity.
            None => format!("discourse:{instance}:{kind}:{time}:{data}"),
        };
        IncomingEvent { id, kind: kind.into(), time, subject, data }
    }

    fn person(&self, id: &str) -> Subject {
        Subject::person(&*self.settings.instance, id)
    }

    fn url(&self, part: &str, id: &Value<'_>) -> Option<String> {
        Some(format!("{}/{part}/{}", self.settings.instance, id.id()?))
    }

    fn time(&self, payload: &Value<'_>) -> i64 {
        payload.get("created_at").text().and_then(parse_rfc3339).unwrap_or(self.received)
    }
}

/// A person's id. Discourse's own robots have negative ones, and a deleted author none.
fn user_id<'a>(value: &'a Value<'_>) -> Option<Cow<'a, str>> {
    value.integer().filter(|id| *id > 0).and_then(|_| value.id())
}
