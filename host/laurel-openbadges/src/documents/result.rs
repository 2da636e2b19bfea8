//! What was reached, and on which scale (Open Badges 3.0, sections B.1.17 and B.1.18).

use serde::{Deserialize, Serialize};

use super::{Alignment, type_member};

type_member!(ResultTypes, "Result");
type_member!(DescriptionTypes, "ResultDescription");
type_member!(LevelTypes, "RubricCriterionLevel");

/// A result reported with an award (section B.1.17).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AchievementResult {
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: ResultTypes,
    /// Identifier of the [`ResultDescription`] that gives the scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_description: Option<String>,
    /// The value reached, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Identifier of the [`RubricCriterionLevel`] reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achieved_level: Option<String>,
    /// How far the earner has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ResultStatus>,
    /// What of the result corresponds to nodes of frameworks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
}

/// How far an earner has come (section B.6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the specification's own")]
pub enum ResultStatus {
    Completed,
    Enrolled,
    Failed,
    InProgress,
    OnHold,
    Provisional,
    Withdrew,
}

/// A scale on which results are reported (section B.1.18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultDescription {
    /// Identifier results refer to.
    pub id: String,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: DescriptionTypes,
    /// Name to show.
    pub name: String,
    /// Kind of result.
    pub result_type: ResultType,
    /// Values allowed, from low to high.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_value: Vec<String>,
    /// Least value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_min: Option<String>,
    /// Greatest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_max: Option<String>,
    /// Value needed to earn the achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_value: Option<String>,
    /// Identifier of the level needed to earn the achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_level: Option<String>,
    /// Levels of a rubric.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rubric_criterion_level: Vec<RubricCriterionLevel>,
    /// What of the scale corresponds to nodes of frameworks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
}

impl ResultDescription {
    /// A scale with what the specification requires.
    pub fn new(id: impl Into<String>, name: impl Into<String>, result_type: ResultType) -> Self {
        Self {
            id: id.into(),
            types: DescriptionTypes,
            name: name.into(),
            result_type,
            allowed_value: Vec::new(),
            value_min: None,
            value_max: None,
            required_value: None,
            required_level: None,
            rubric_criterion_level: Vec::new(),
            alignment: Vec::new(),
        }
    }
}

/// Kinds of results (section B.6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the specification's own")]
pub enum ResultType {
    GradePointAverage,
    LetterGrade,
    Percent,
    PerformanceLevel,
    PredictedScore,
    RawScore,
    Result,
    RubricCriterion,
    RubricCriterionLevel,
    RubricScore,
    ScaledScore,
    Status,
}

/// A level of a rubric (section B.1.20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RubricCriterionLevel {
    /// Identifier results refer to.
    pub id: String,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: LevelTypes,
    /// Name to show.
    pub name: String,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Rank in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Points it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    /// What of the level corresponds to nodes of frameworks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
}

impl RubricCriterionLevel {
    /// A level with what the specification requires.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            types: LevelTypes,
            name: name.into(),
            description: None,
            level: None,
            points: None,
            alignment: Vec::new(),
        }
    }
}
