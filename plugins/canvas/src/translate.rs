//! From Canvas's words to canonical events.
//!
//! Traps: `metadata.user_id` is who acted, for a grade the grader; the learner is in the body. Ids in a body may be local (`123`)
//! while the metadata's are global (`21070000000000123`, shard × 10^13 + local). Background jobs tell neither hostname nor user.
//! A score may exceed the points possible. Canvas gives no event id: the id is made of what happened, to whom and when.

use std::borrow::Cow;

use laurel_plugin::hook::Refusal;
use laurel_plugin::json::Value;
use laurel_plugin::time::parse_rfc3339;
use laurel_plugin::{Body, IncomingEvent, Subject};

/// One verified live event.
pub(crate) struct LiveEvent<'a> {
    pub(crate) name: &'a str,
    instance: &'a str,
    metadata: &'a Value<'a>,
    body: &'a Value<'a>,
    /// `event_time`, as text and as milliseconds.
    at: (&'a str, i64),
}

impl<'a> LiveEvent<'a> {
    /// Checks what every live event has: a name, a time, and the instance's hostname where one is told.
    pub(crate) fn new(event: &'a Value<'a>, instance: &'a str) -> Result<Self, Refusal> {
        let (metadata, body) = (event.get("metadata"), event.get("body"));
        let name =
            metadata.get("event_name").text().ok_or_else(|| Refusal::malformed("metadata.event_name is missing"))?;
        let at = metadata.get("event_time").text().unwrap_or_default();
        let millis =
            parse_rfc3339(at).ok_or_else(|| Refusal::malformed("metadata.event_time is missing or not RFC 3339"))?;
        let ours = |hostname: &str| host(instance).eq_ignore_ascii_case(hostname);
        if metadata.get("hostname").text().is_some_and(|hostname| !ours(hostname)) {
            return Err(Refusal::unsupported("metadata.hostname is not the instance of this installation"));
        }
        Ok(Self { name, instance, metadata, body, at: (at, millis) })
    }

    /// The event, if it means anything for badges and is about a person.
    pub(crate) fn translate(&self) -> Option<IncomingEvent> {
        match self.name {
            "course_completed" => self.course_completed(),
            "course_progress" => self.course_progressed(),
            "grade_change" => self.graded(),
            "course_grade_change" => self.course_graded(),
            "learning_outcome_result_created" | "learning_outcome_result_updated" => self.outcome(),
            "submission_created" => self.submitted("assignment"),
            "quiz_submitted" => self.submitted("quiz"),
            "discussion_entry_created" => self.replied(),
            "discussion_topic_created" => self.topic(),
            _ => None,
        }
    }

    fn course_completed(&self) -> Option<IncomingEvent> {
        let (learner, mut body) = self.course()?;
        let done = self.body.at(&["progress", "completed_at"]).text();
        let (text, time) = done.and_then(|text| Some((text, parse_rfc3339(text)?))).unwrap_or(self.at);
        body.completion(true);
        let course = global(self.body.at(&["course", "id"]), self.metadata.get("context_id"))?;
        let id = format!("canvas:course_completed:{learner}:{course}:{text}");
        Some(event(id, "course.completed", time, self.learner(&learner), body))
    }

    fn course_progressed(&self) -> Option<IncomingEvent> {
        let (learner, mut body) = self.course()?;
        let progress = self.body.get("progress");
        let done = progress.get("requirement_completed_count");
        body.score(done, progress.get("requirement_count")).completion(false);
        let course = self.body.at(&["course", "id"]).id()?;
        let id = format!("canvas:course_progress:{learner}:{course}:{}", done.id().unwrap_or_default());
        Some(event(id, "course.progressed", self.at.1, self.learner(&learner), body))
    }

    /// The learner's id and the body of an event about `body.course`.
    fn course(&self) -> Option<(Cow<'_, str>, Body)> {
        let course = self.body.get("course");
        let learner = global(self.body.at(&["user", "id"]), self.metadata.get("user_id"))?;
        let mut body = Body::new("course", &self.url("courses", course.get("id"))?);
        body.name(course.get("name").text());
        body.attribute_value("course_sis_id", course.get("sis_source_id"));
        if self.is_actor(&learner) {
            body.attribute_value("sis", self.metadata.get("user_sis_id"));
        }
        Some((learner, body))
    }

    /// The learner is `student_id`; `metadata.user_id` is who graded.
    fn graded(&self) -> Option<IncomingEvent> {
        let learner = self.body.get("student_id").id().or_else(|| self.body.get("user_id").id())?;
        let mut body = Body::new("assignment", &self.url("assignments", self.body.get("assignment_id"))?);
        let (score, possible) = (self.body.get("score"), self.body.get("points_possible"));
        body.name(self.body.get("assignment_name").text()).score(score, possible);
        if let (Some(score), Some(possible)) = (score.number(), possible.number())
            && score > possible
        {
            body.attribute("score_exceeds_max", "true");
        }
        body.attribute_value("grade", self.body.get("grade")).attribute_value("sis", self.body.get("student_sis_id"));
        self.course_attribute(&mut body);
        let id = format!("canvas:grade_change:{}:{}", self.body.get("submission_id").id()?, self.at.0);
        Some(event(id, "assignment.graded", self.at.1, self.learner(&learner), body))
    }

    /// The course's grade in percent: only what is final counts as a score.
    fn course_graded(&self) -> Option<IncomingEvent> {
        let learner = self.body.get("student_id").id().or_else(|| self.body.get("user_id").id())?;
        let course = self.body.get("course_id");
        let mut body = Body::new("course", &self.url("courses", course)?);
        body.score(self.body.get("final_score"), &Value::Number("100"));
        body.attribute_value("current_score", self.body.get("current_score"));
        let id = format!("canvas:course_grade_change:{learner}:{}:{}", course.id()?, self.at.0);
        Some(event(id, "course.graded", self.at.1, self.learner(&learner), body))
    }

    /// Only mastery is an achievement. Outcomes name the learner by uuid.
    fn outcome(&self) -> Option<IncomingEvent> {
        if self.body.get("mastery").bool() != Some(true) {
            return None;
        }
        let learner = self.body.get("user_uuid").id()?;
        let outcome = self.body.get("learning_outcome_id");
        let mut body = Body::new("outcome", &self.url("outcomes", outcome)?);
        body.name(self.body.get("title").text()).success(true);
        body.score(self.body.get("score"), self.body.get("possible"));
        let id = format!("canvas:outcome:{learner}:{}:{}", outcome.id()?, self.at.0);
        Some(event(id, "outcome.mastered", self.at.1, self.learner(&learner), body))
    }

    fn submitted(&self, what: &str) -> Option<IncomingEvent> {
        let learner = self.body.get("user_id").id().or_else(|| self.metadata.get("user_id").id())?;
        let object = self.body.get(if what == "quiz" { "quiz_id" } else { "assignment_id" });
        let part = if what == "quiz" { "quizzes" } else { "assignments" };
        let mut body = Body::new(what, &self.url(part, object)?);
        for key in ["attempt", "late", "missing", "workflow_state"] {
            body.attribute_value(key, self.body.get(key));
        }
        self.course_attribute(&mut body);
        let id = format!("canvas:{}:{}:{}", self.name, self.body.get("submission_id").id()?, self.at.0);
        Some(event(id, &format!("{what}.submitted"), self.at.1, self.learner(&learner), body))
    }

    fn replied(&self) -> Option<IncomingEvent> {
        let author = global(self.body.get("user_id"), self.metadata.get("user_id"))?;
        let mut body = Body::new("discussion", &self.url("discussion_topics", self.body.get("discussion_topic_id"))?);
        let entry = self.body.get("discussion_entry_id");
        body.attribute_value("entry", entry).attribute_value("parent", self.body.get("parent_discussion_entry_id"));
        if self.is_actor(&author) {
            // A login may look like an e-mail and need not be one: it stays an attribute.
            body.attribute_value("login", self.metadata.get("user_login"));
        }
        self.course_attribute(&mut body);
        let id = format!("canvas:discussion_entry:{}", entry.id()?);
        Some(event(id, "reply.created", self.created(), self.learner(&author), body))
    }

    fn topic(&self) -> Option<IncomingEvent> {
        let author = global(self.body.get("user_id"), self.metadata.get("user_id"))?;
        let topic = self.body.get("discussion_topic_id");
        let mut body = Body::new("discussion", &self.url("discussion_topics", topic)?);
        body.name(self.body.get("title").text());
        self.course_attribute(&mut body);
        let id = format!("canvas:discussion_topic:{}", topic.id()?);
        Some(event(id, "topic.created", self.created(), self.learner(&author), body))
    }

    fn created(&self) -> i64 {
        self.body.get("created_at").text().and_then(parse_rfc3339).unwrap_or(self.at.1)
    }

    fn course_attribute(&self, body: &mut Body) {
        if self.metadata.get("context_type").text() == Some("Course") {
            body.attribute_value("course", self.metadata.get("context_id"));
        }
    }

    fn is_actor(&self, learner: &str) -> bool {
        self.metadata.get("user_id").id().as_deref() == Some(learner)
    }

    /// The e-mail is the learner's: only course events tell it, beside the learner's own id.
    fn learner(&self, id: &str) -> Subject {
        Subject::person(self.instance, id).with_email(self.body.at(&["user", "email"]).text())
    }

    fn url(&self, part: &str, id: &Value<'_>) -> Option<String> {
        Some(format!("{}/{part}/{}", self.instance, id.id()?))
    }
}

/// The metadata's global id, if the body's local one is the same thing; else the body's as it is.
fn global<'v>(local: &'v Value<'_>, global: &'v Value<'_>) -> Option<Cow<'v, str>> {
    let id = local.id().or_else(|| global.id())?;
    let global = global.id().filter(|global| is_local_part(&id, global));
    Some(global.unwrap_or(id))
}

fn event(id: String, kind: &str, time: i64, subject: Subject, body: Body) -> IncomingEvent {
    IncomingEvent { id, kind: kind.into(), time, subject, data: body.finish() }
}

/// Whether `local` is what remains of `global` without its shard: 123 of 21070000000000123.
fn is_local_part(local: &str, global: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(local)
        && digits(global)
        && global.len() > 13
        && local.len() <= 13
        && global[global.len() - 13..].trim_start_matches('0') == local.trim_start_matches('0')
}

/// The host of an address, with its port.
fn host(instance: &str) -> &str {
    let rest = instance.split_once("://").map_or(instance, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
