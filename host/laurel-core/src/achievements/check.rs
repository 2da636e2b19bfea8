//! What the text of an achievement must hold.

use laurel_openbadges::documents::{self, AchievementType};
use serde_json::Number;

use super::results::{ResultDescription, repeated};
use super::{Alignment, RelatedAchievement, Text};
use crate::error::{Faults, Problem};
use crate::issued;
use crate::organisations::{OtherIdentifier, Party};
use crate::text::{identifier, language, one_line, open_word, prose, web_address};

impl Text {
    /// What is wrong with it.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut fault = |pointer: String, result: Result<(), String>| {
            problems.extend(result.err().map(|message| Problem::at(pointer, message)));
        };
        fault("/name".into(), one_line(&self.name, 200));
        fault("/description".into(), prose(&self.description, 5_000));
        let criteria = if self.criteria.trim().is_empty() {
            Err("say what an earner must do: an achievement without criteria means nothing".to_owned())
        } else {
            prose(&self.criteria, 20_000)
        };
        fault("/criteria".into(), criteria);
        if let Some(kind) = &self.achievement_type {
            fault("/achievement_type".into(), achievement_type(kind));
        }
        let words = [("program", &self.face.program), ("family", &self.face.family), ("role", &self.face.role)];
        for (part, word) in words {
            fault(format!("/face/{part}"), word.as_ref().map_or(Ok(()), |word| one_line(word, 60)));
        }
        for (index, tag) in self.tags.iter().enumerate() {
            fault(format!("/tags/{index}"), one_line(tag, 60));
        }
        if self.tags.len() > 50 {
            problems.push(Problem::at("/tags", "50 tags are the most"));
        }
        if self.valid_months.is_some_and(|months| !(1..=1200).contains(&months)) {
            problems.push(Problem::at("/valid_months", "1 to 1200 months, or leave it out for ever"));
        }
        problems.extend(self.check_academic());
        problems.extend(self.check_lists());
        problems
    }

    /// What schools and registers say of an achievement.
    fn check_academic(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        let lines = [
            ("/human_code", &self.human_code),
            ("/field_of_study", &self.field_of_study),
            ("/specialization", &self.specialization),
        ];
        for (place, line) in lines {
            faults.optional(place, line.as_ref(), |line| one_line(line, 200));
        }
        faults.optional("/in_language", self.in_language.as_ref(), language);
        faults.check(
            "/credits_available",
            self.credits_available.as_ref().map_or(Ok(()), |number| credits(number).map(drop)),
        );
        faults.0.extend(self.creator.iter().flat_map(Party::check).map(|problem| problem.below("/creator")));
        faults.0
    }

    fn check_lists(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.each("/alignments", &self.alignments, 50, Alignment::check);
        faults.each("/related", &self.related, 50, RelatedAchievement::check);
        faults.each("/other_identifiers", &self.other_identifiers, 50, OtherIdentifier::check);
        faults.each("/result_descriptions", &self.result_descriptions, 50, ResultDescription::check);
        faults.0.extend(issued::check_carried_form(&self.endorsements));
        faults.0.extend(repeated("/result_descriptions", self.result_descriptions.iter().map(|each| &*each.id)));
        faults.0
    }
}

/// Open Badges 3.0, section B.6.1: an extensible list.
fn achievement_type(kind: &str) -> Result<(), String> {
    let known = AchievementType::KNOWN.map(|known| format!("{known:?}"));
    open_word(kind, &known.each_ref().map(String::as_str))
}

/// Credit hours, as the documents hold them.
pub(crate) fn credits(number: &Number) -> Result<f64, String> {
    let hours = number.as_f64().filter(|hours| (0.0..=100_000.0).contains(hours));
    hours.ok_or_else(|| "credits are a number from 0 to 100000".to_owned())
}

impl Alignment {
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.check("/name", one_line(&self.name, 200));
        faults.check("/url", web_address(&self.url));
        faults.optional("/description", self.description.as_ref(), |text| prose(text, 5_000));
        faults.optional("/framework", self.framework.as_ref(), |text| one_line(text, 200));
        faults.optional("/code", self.code.as_ref(), |text| one_line(text, 200));
        faults.optional("/target_type", self.target_type.as_ref(), |word| {
            open_word(word, &documents::Alignment::TARGET_TYPES)
        });
        faults.0
    }
}

impl RelatedAchievement {
    fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.check("/id", identifier(&self.id));
        faults.optional("/in_language", self.in_language.as_ref(), language);
        faults.optional("/version", self.version.as_ref(), |version| one_line(version, 60));
        faults.0
    }
}

#[cfg(test)]
mod tests {
    use crate::achievements::Text;

    #[test]
    fn an_achievement_without_criteria_is_told_so() {
        let text: Text = serde_json::from_str(r#"{"name": "EV", "description": "…", "criteria": " "}"#).unwrap();
        let problems = text.check();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].pointer, "/criteria");
        assert!(problems[0].message.contains("without criteria"));
    }

    #[test]
    fn every_fault_has_its_place() {
        let text = serde_json::json!({
            "name": "EV", "description": "…", "criteria": "…", "achievement_type": "Workshop",
            "alignments": [{ "name": "a", "url": "a.example", "target_type": "Skill" }],
            "credits_available": -1, "in_language": "German", "creator": { "id": "Academy" },
            "related": [{ "id": "x" }], "other_identifiers": [{ "identifier": "1", "identifier_type": "number" }],
            "result_descriptions": [
                { "id": "score", "name": "Score", "result_type": "Percent", "value_max": "100", "required_value": "120",
                  "required_level": "gold" },
                { "id": "score", "name": "", "result_type": "Percent" },
            ],
        });
        let text: Text = serde_json::from_value(text).unwrap();
        let mut places: Vec<String> = text.check().into_iter().map(|problem| problem.pointer).collect();
        places.sort();
        assert_eq!(
            places,
            [
                "/achievement_type",
                "/alignments/0/target_type",
                "/alignments/0/url",
                "/creator/id",
                "/credits_available",
                "/in_language",
                "/other_identifiers/0/identifier_type",
                "/related/0/id",
                "/result_descriptions/0/required_level",
                "/result_descriptions/0/required_value",
                "/result_descriptions/1/id",
                "/result_descriptions/1/name",
            ]
        );
    }
}
