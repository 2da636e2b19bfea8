//! What a rule or a person adds to an award: the `details` of `wit/criteria`, in the words of Open Badges 3.0.
//!
//! One reader for both. It leaves out what it cannot take and says so, place by place: the API refuses such details, while a plugin's
//! decision counts more than its words, so that its award is given without them and tells what was left out.

mod check;
mod read;
mod write;

pub(crate) use read::read;
pub(super) use write::{evidence, fill};

use laurel_openbadges::documents::ResultStatus;
use serde::Deserialize;
use serde_json::Number;

use crate::achievements::Alignment;
use crate::organisations::Party;
use crate::time::Timestamp;

/// What an award says beside its achievement. A member `type`, as Open Badges have it, may stand in every object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(rename_all = "camelCase"))]
pub struct Details {
    /// What speaks for it.
    pub evidence: Vec<EvidenceDetail>,
    /// What the earner reached, on the scales of the achievement's text.
    pub results: Vec<ResultDetail>,
    /// How the earner met the criteria (Markdown).
    pub narrative: Option<String>,
    /// Credit hours earned.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
    pub credits_earned: Option<Number>,
    /// The earner's role.
    pub role: Option<String>,
    /// Academic term.
    pub term: Option<String>,
    /// Number of the license, for licenses.
    pub license_number: Option<String>,
    /// When the activity began.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "date-time"))]
    pub activity_start_date: Option<Timestamp>,
    /// When the activity ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "date-time"))]
    pub activity_end_date: Option<Timestamp>,
    /// A picture of this very award.
    pub image: Option<ImageDetail>,
    /// Who assessed, if not the organisation.
    pub source: Option<Party>,
}

/// One piece of evidence (Open Badges 3.0, `Evidence`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceDetail {
    /// Its URL or URN.
    pub id: Option<String>,
    /// Title.
    pub name: Option<String>,
    /// What was done (Markdown).
    pub narrative: Option<String>,
    /// What the evidence is.
    pub description: Option<String>,
    /// Kind of evidence, such as "Poetry" or "Film".
    pub genre: Option<String>,
    /// Whom it is meant for.
    pub audience: Option<String>,
}

/// One result (Open Badges 3.0, `Result`): a value, a level or a status, at least one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ResultDetail {
    /// Id of one of the result descriptions in the achievement's text.
    pub result_description: Option<String>,
    /// The value reached; a number is taken as its text.
    #[serde(deserialize_with = "read::text_or_number")]
    pub value: Option<String>,
    /// Id of the level reached, of those of the result description.
    pub achieved_level: Option<String>,
    /// How far the earner has come: `Completed`, `Enrolled`, `Failed`, `InProgress`, `OnHold`, `Provisional`, `Withdrew`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub status: Option<ResultStatus>,
    /// Skills and standards the result is aligned to.
    pub alignment: Vec<Alignment>,
}

/// A picture by its URL (Open Badges 3.0, `Image`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImageDetail {
    /// Its URL.
    pub id: String,
    /// Text for those who do not see it.
    #[serde(default)]
    pub caption: Option<String>,
}
