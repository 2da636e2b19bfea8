//! Reads details member by member.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::check::LONGEST;
use super::{Details, EvidenceDetail, ImageDetail, ResultDetail};
use crate::achievements::{Text, credits};
use crate::error::{Problem, pointer};
use crate::organisations::Party;
use crate::text::{identifier, one_line, prose};

/// The most items of a list.
const MOST: usize = 200;

/// What an award may say.
const MEMBERS: [&str; 11] = [
    "evidence",
    "results",
    "narrative",
    "creditsEarned",
    "role",
    "term",
    "licenseNumber",
    "activityStartDate",
    "activityEndDate",
    "image",
    "source",
];

/// Reads the details of an award of an achievement with this text. What is not taken is left out, and named among the problems by its
/// place (a JSON pointer into the details).
pub(crate) fn read(details: &str, achievement: &Text) -> (Details, Vec<Problem>) {
    let mut reader = Reader { achievement, problems: Vec::new() };
    let details = match serde_json::from_str::<Value>(details) {
        Ok(Value::Object(members)) => reader.details(members),
        Ok(_) => reader.refuse("", "details are a JSON object"),
        Err(why) => reader.refuse("", why.to_string()),
    };
    (details, reader.problems)
}

struct Reader<'t> {
    achievement: &'t Text,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn refuse<T: Default>(&mut self, at: &str, why: impl Into<String>) -> T {
        self.problems.push(Problem::at(at, why));
        T::default()
    }

    fn details(&mut self, members: Map<String, Value>) -> Details {
        let mut details = Details::default();
        for (name, value) in members.into_iter().filter(|(name, value)| name != "type" && !value.is_null()) {
            let at = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            match &*name {
                "evidence" => details.evidence = self.list(&at, value, Self::evidence),
                "results" => details.results = self.list(&at, value, Self::result),
                "narrative" => details.narrative = self.text(&at, value, |text| prose(text, LONGEST)),
                "creditsEarned" => {
                    let judge = |number: &_| faults(credits(number).map(drop));
                    details.credits_earned = self.value(&at, value, judge);
                }
                "role" => details.role = self.text(&at, value, |text| one_line(text, 200)),
                "term" => details.term = self.text(&at, value, |text| one_line(text, 200)),
                "licenseNumber" => details.license_number = self.text(&at, value, |text| one_line(text, 200)),
                "activityStartDate" => details.activity_start_date = self.value(&at, value, |_| Vec::new()),
                "activityEndDate" => details.activity_end_date = self.value(&at, value, |_| Vec::new()),
                "image" => details.image = self.value(&at, value, ImageDetail::check),
                "source" => details.source = self.value(&at, value, Party::check),
                _ => self.refuse(&at, format!("an award says {}; nothing else", MEMBERS.join(", "))),
            }
        }
        if details.activity_end_date.is_some_and(|end| details.activity_start_date.is_some_and(|start| end < start)) {
            details.activity_end_date = self.refuse("/activityEndDate", "an activity ends after it began");
        }
        details
    }

    /// A list, item by item.
    fn list<T>(&mut self, at: &str, value: Value, item: impl Fn(&mut Self, &str, Value) -> Option<T>) -> Vec<T> {
        let Value::Array(items) = value else { return self.refuse(at, "must be a list") };
        if items.len() > MOST {
            return self.refuse(at, format!("{MOST} are the most; there are {}", items.len()));
        }
        let items = items.into_iter().enumerate();
        items.filter_map(|(index, value)| item(self, &format!("{at}/{index}"), value)).collect()
    }

    fn evidence(&mut self, at: &str, value: Value) -> Option<EvidenceDetail> {
        let mut evidence: EvidenceDetail = self.value(at, value, EvidenceDetail::check)?;
        if let Some(Err(why)) = evidence.id.as_deref().map(identifier) {
            self.problems.push(Problem::at(format!("{at}/id"), why));
            // What is no URL stays readable, as text.
            let id = evidence.id.take().filter(|id| prose(id, LONGEST).is_ok());
            evidence.description = evidence.description.or(id);
        }
        (evidence != EvidenceDetail::default()).then_some(evidence)
    }

    fn result(&mut self, at: &str, value: Value) -> Option<ResultDetail> {
        let achievement = self.achievement;
        self.value(at, value, |result: &ResultDetail| result.check(achievement))
    }

    fn text(&mut self, at: &str, value: Value, judge: impl Fn(&str) -> Result<(), String>) -> Option<String> {
        self.value(at, value, |text: &String| faults(judge(text)))
    }

    /// A value of a type, if nothing is wrong with it.
    fn value<T: DeserializeOwned>(
        &mut self,
        at: &str,
        mut value: Value,
        judge: impl FnOnce(&T) -> Vec<Problem>,
    ) -> Option<T> {
        without_types(&mut value);
        let found = match serde_path_to_error::deserialize::<_, T>(value) {
            Ok(value) => match judge(&value) {
                none if none.is_empty() => return Some(value),
                found => found,
            },
            Err(why) => vec![Problem::at(pointer(why.path()), why.inner().to_string())],
        };
        self.problems.extend(found.into_iter().map(|problem| problem.below(at)));
        None
    }
}

fn faults(judged: Result<(), String>) -> Vec<Problem> {
    judged.err().map(|why| Problem::at("", why)).into_iter().collect()
}

/// Open Badges name the type of every object, which here follows from its place.
fn without_types(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("type");
            members.values_mut().for_each(without_types);
        }
        Value::Array(items) => items.iter_mut().for_each(without_types),
        _ => {}
    }
}

/// A text, or a number as its text.
pub(super) fn text_or_number<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(reader)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(serde::de::Error::custom("must be a text or a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn achievement() -> Text {
        let scale = serde_json::json!({
            "id": "score", "name": "Score", "result_type": "Percent", "value_min": "0", "value_max": "100",
            "levels": [{ "id": "gold", "name": "Gold" }],
        });
        Text { result_descriptions: vec![serde_json::from_value(scale).unwrap()], ..Text::default() }
    }

    fn places(details: &str) -> Vec<String> {
        read(details, &achievement()).1.into_iter().map(|problem| problem.pointer).collect()
    }

    #[test]
    fn what_is_wrong_is_left_out_and_named() {
        let text = r#"{
            "narrative": "Well done.", "creditsEarned": 3.5, "result": [], "term": 7, "role": null,
            "evidence": [{ "name": "Report", "type": ["Evidence"] }, { "nane": "x" }, { "id": "order 7" }],
            "results": [{ "resultDescription": "score", "value": 92, "achievedLevel": "gold" },
                        { "resultDescription": "score", "value": "101" }, { "resultDescription": "grade", "value": "A" },
                        {}, { "value": "A", "alignment": [{ "targetName": "a", "targetUrl": "b" }] }],
            "activityStartDate": "2026-02-01T00:00:00Z", "activityEndDate": "2026-01-01T00:00:00Z"
        }"#;
        let (details, problems) = read(text, &achievement());
        let mut places: Vec<&str> = problems.iter().map(|problem| &*problem.pointer).collect();
        places.sort_unstable();
        let expected = [
            "/activityEndDate",
            "/evidence/1/nane",
            "/evidence/2/id",
            "/result",
            "/results/1/value",
            "/results/2/resultDescription",
            "/results/3",
            "/results/4/alignment/0/url",
            "/term",
        ];
        assert_eq!(places, expected, "{problems:#?}");
        assert_eq!(details.narrative.as_deref(), Some("Well done."));
        assert_eq!(details.evidence[1].description.as_deref(), Some("order 7"));
        assert_eq!((details.evidence.len(), details.results.len()), (2, 1));
        assert_eq!(details.results[0].value.as_deref(), Some("92"));
        assert!(details.activity_end_date.is_none() && details.activity_start_date.is_some());
    }

    #[test]
    fn what_is_no_object_is_nothing() {
        for nothing in ["[]", "\"x\"", "{", "null"] {
            assert_eq!(places(nothing), [""], "{nothing}");
        }
        assert!(places("{}").is_empty());
    }
}
