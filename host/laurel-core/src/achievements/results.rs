//! Scales on which results are reported (Open Badges 3.0, `ResultDescription`), and whether a result fits one.

use laurel_openbadges::documents::{self, ResultType, RubricCriterionLevel};
use serde::{Deserialize, Serialize};

use super::{Alignment, target};
use crate::error::{Faults, Problem};
use crate::text::{one_line, prose};

/// A scale. In documents its identifier is the achievement's address and `#id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResultDescription {
    /// What results refer to: 1 to 60 of `a-z A-Z 0-9 . _ -`, unique within the text.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Kind of result: `Percent`, `RawScore`, `LetterGrade`, `RubricCriterionLevel`, `Status`, …
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub result_type: ResultType,
    /// The values there are, from low to high.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_values: Vec<String>,
    /// Least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_min: Option<String>,
    /// Greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_max: Option<String>,
    /// Value needed to earn the achievement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_value: Option<String>,
    /// Id of the level needed to earn the achievement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_level: Option<String>,
    /// Levels of a rubric, from low to high.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<RubricLevel>,
    /// Skills and standards the scale is aligned to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignments: Vec<Alignment>,
}

/// A level of a rubric (Open Badges 3.0, `RubricCriterionLevel`). In documents its identifier is that of its scale, `/` and its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RubricLevel {
    /// What results refer to, formed like that of the scale.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Rank in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Points it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
}

impl ResultDescription {
    /// What is wrong with it.
    pub(super) fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.check("/id", short_id(&self.id));
        faults.check("/name", one_line(&self.name, 200));
        for (place, value) in [
            ("/value_min", &self.value_min),
            ("/value_max", &self.value_max),
            ("/required_value", &self.required_value),
        ] {
            faults.optional(place, value.as_ref(), |value| one_line(value, 200));
        }
        faults.optional("/required_value", self.required_value.as_ref(), |value| self.allows(value));
        faults.optional("/required_level", self.required_level.as_ref(), |level| self.level(level).map(drop));
        faults.each("/allowed_values", &self.allowed_values, 200, |value| {
            one_line(value, 200).err().map(|why| Problem::at("", why)).into_iter().collect()
        });
        faults.each("/levels", &self.levels, 50, RubricLevel::check);
        faults.0.extend(repeated("/levels", self.levels.iter().map(|level| &*level.id)));
        faults.each("/alignments", &self.alignments, 50, Alignment::check);
        faults.0
    }

    /// Whether a value is one of the scale. The error says what is possible.
    pub(crate) fn allows(&self, value: &str) -> Result<(), String> {
        if !self.allowed_values.is_empty() && !self.allowed_values.iter().any(|allowed| allowed == value) {
            return Err(format!("{:?} reports one of {}", self.id, self.allowed_values.join(", ")));
        }
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let bounds = [&self.value_min, &self.value_max].map(|bound| bound.as_deref().and_then(number));
        let outside = number(value).is_some_and(|value| {
            bounds[0].is_some_and(|least| value < least) || bounds[1].is_some_and(|most| value > most)
        });
        if outside { Err(format!("{value} is outside of what {:?} reports", self.id)) } else { Ok(()) }
    }

    /// The level with this id. The error says which there are.
    pub(crate) fn level(&self, id: &str) -> Result<&RubricLevel, String> {
        let known: Vec<&str> = self.levels.iter().map(|level| &*level.id).collect();
        let found = self.levels.iter().find(|level| level.id == id);
        found.ok_or_else(|| format!("{:?} has the levels: {}", self.id, known.join(", ")))
    }

    /// As documents name it.
    pub(crate) fn url(&self, achievement: &str) -> String {
        format!("{achievement}#{}", self.id)
    }

    /// In the words of Open Badges 3.0.
    pub(super) fn open_badge(&self, achievement: &str) -> documents::ResultDescription {
        let url = self.url(achievement);
        let mut scale = documents::ResultDescription::new(&url, &self.name, self.result_type);
        scale.allowed_value.clone_from(&self.allowed_values);
        scale.value_min.clone_from(&self.value_min);
        scale.value_max.clone_from(&self.value_max);
        scale.required_value.clone_from(&self.required_value);
        scale.required_level = self.required_level.as_ref().map(|level| format!("{url}/{level}"));
        scale.rubric_criterion_level = self.levels.iter().map(|level| level.open_badge(&url)).collect();
        scale.alignment = self.alignments.iter().map(target).collect();
        scale
    }
}

impl RubricLevel {
    fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.check("/id", short_id(&self.id));
        faults.check("/name", one_line(&self.name, 200));
        faults.optional("/description", self.description.as_ref(), |text| prose(text, 5_000));
        faults.optional("/level", self.level.as_ref(), |text| one_line(text, 200));
        faults.optional("/points", self.points.as_ref(), |text| one_line(text, 60));
        faults.0
    }

    fn open_badge(&self, scale: &str) -> RubricCriterionLevel {
        let mut level = RubricCriterionLevel::new(format!("{scale}/{}", self.id), &self.name);
        level.description.clone_from(&self.description);
        level.level.clone_from(&self.level);
        level.points.clone_from(&self.points);
        level
    }
}

fn short_id(id: &str) -> Result<(), String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let good = (1..=60).contains(&id.len()) && id.bytes().all(fits);
    good.then_some(()).ok_or_else(|| "an id has 1 to 60 of a-z, A-Z, 0-9, `.`, `_` and `-`".to_owned())
}

/// A fault at each id that stood before.
pub(super) fn repeated<'a>(place: &str, ids: impl Iterator<Item = &'a str>) -> Vec<Problem> {
    let mut seen = std::collections::HashSet::new();
    let again = ids.enumerate().filter(|(_, id)| !seen.insert(*id)).map(|(index, _)| index);
    again.map(|index| Problem::at(format!("{place}/{index}/id"), "each id is used once")).collect()
}
