//! `/v1/organisations/{organisation}/rules`: when an achievement is awarded.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::id::{AchievementId, InstallationId, RuleId};
use laurel_core::plugins::Requirement;
use laurel_core::rules::{self, NewRule, Rule, RuleMode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, PathId, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::settings_schema::JsonSchema;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_rule, list_rules))
        .routes(routes!(show_rule))
        .routes(routes!(change_rule_mode))
}

/// A rule to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateRule {
    /// What it awards.
    #[schema(value_type = String, format = "uuid")]
    achievement: AchievementId,
    /// The criteria plugin's installation.
    #[schema(value_type = String, format = "uuid")]
    installation: InstallationId,
    /// The plugin's settings for this rule; what they may be is in its manifest.
    #[schema(value_type = Object)]
    settings: Value,
    /// Event kinds it folds: exact, `course.*`, or `*`. Left out: all that the plugin consumes.
    #[serde(default)]
    kinds: Option<Vec<String>>,
    /// `draft` if left out. `active` folds the events that come from now on.
    #[serde(default = "draft")]
    mode: RuleMode,
}

fn draft() -> RuleMode {
    RuleMode::Draft
}

/// Whether a rule works.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeRuleMode {
    mode: RuleMode,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
struct RuleView {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    achievement: String,
    #[schema(format = "uuid")]
    installation: String,
    #[schema(value_type = Object)]
    settings: Value,
    /// What an earner must do, as the plugin puts it.
    requirements: Vec<Requirement>,
    kinds: Vec<String>,
    mode: RuleMode,
    #[schema(format = "date-time")]
    created: String,
}

impl From<Rule> for RuleView {
    fn from(rule: Rule) -> Self {
        Self {
            id: rule.id.to_string(),
            achievement: rule.achievement.to_string(),
            installation: rule.installation.to_string(),
            settings: serde_json::from_str(&rule.settings).unwrap_or_default(),
            requirements: serde_json::from_str(&rule.requirements).unwrap_or_default(),
            kinds: rule.kinds,
            mode: rule.mode,
            created: rule.created.to_string(),
        }
    }
}

/// Makes a rule, if its plugin has no objection to the settings.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/rules", tag = "rules", request_body = CreateRule,
    responses((status = 201, body = RuleView)))]
async fn create_rule(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(new): Json<CreateRule>,
) -> Result<(StatusCode, Json<RuleView>), Problem> {
    let CreateRule { achievement, installation, settings, kinds, mode } = new;
    let new = NewRule { achievement, installation, settings, kinds, mode };
    let rule = rules::create(&state.house, &JsonSchema, within.organisation.id, new).await?;
    Ok((StatusCode::CREATED, Json(rule.into())))
}

/// All rules.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/rules", tag = "rules", params(PageQuery),
    responses((status = 200, body = Listed<RuleView>)))]
async fn list_rules(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<RuleView>>, Problem> {
    Ok(Listed::page(state.house.store.rules(within.organisation.id, page).await?, RuleView::from))
}

/// A rule.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/rules/{id}", tag = "rules",
    responses((status = 200, body = RuleView)))]
async fn show_rule(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<RuleId>,
) -> Result<Json<RuleView>, Problem> {
    Ok(Json(rules::find(&state.house, within.organisation.id, id).await?.into()))
}

/// Starts or pauses a rule. The first start folds the events that come from then on.
#[utoipa::path(put, path = "/v1/organisations/{organisation}/rules/{id}/mode", tag = "rules",
    request_body = ChangeRuleMode, responses((status = 200, body = RuleView)))]
async fn change_rule_mode(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<RuleId>,
    Json(change): Json<ChangeRuleMode>,
) -> Result<Json<RuleView>, Problem> {
    Ok(Json(rules::change_mode(&state.house, within.organisation.id, id, change.mode).await?.into()))
}
