//! `/v1/organisations/{organisation}/awards` and `…/credentials`: what was earned.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use laurel_core::Error;
use laurel_core::awards::{self, Authority, Award, Details, DirectAward, Messages, Standing};
use laurel_core::id::{AchievementId, AwardId, PublicId, SubjectId};
use laurel_core::subjects;
use laurel_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Award as MayAward, Caller, PathId, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging, QueryOf};
use crate::idempotency::key_of;
use crate::problem::{KEY_NEEDED, Problem};
use crate::public;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(give_award, list_awards))
        .routes(routes!(show_award))
        .routes(routes!(revoke_award))
        .routes(routes!(suspend_award))
        .routes(routes!(reinstate_award))
        .routes(routes!(award_messages, say_messages))
        .routes(routes!(awards_of_subject))
        .routes(routes!(show_credential))
}

/// An award without a rule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiveAward {
    #[schema(value_type = String, format = "uuid")]
    subject: SubjectId,
    /// A credential of the organisation, not archived.
    #[schema(value_type = String, format = "uuid")]
    achievement: AchievementId,
    /// End of validity; left out, what the achievement says.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    valid_until: Option<Timestamp>,
    /// What it says beside its achievement: evidence, results, narrative, …
    #[serde(default = "no_details")]
    #[schema(value_type = Details)]
    details: Value,
    /// What others say of the achievement or the organisation, for this credential to carry: signed `EndorsementCredential`s, documents as
    /// objects, tokens as texts.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    endorsements: Vec<Value>,
}

fn no_details() -> Value {
    Value::Object(serde_json::Map::new())
}

/// Why an award's standing changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// In words; the earner may read them.
    pub(super) reason: String,
}

/// Whose awards.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfSubject {
    /// The subject's id. What was merged into it counts as its own.
    #[param(value_type = String, format = "uuid")]
    subject: SubjectId,
}

/// An award of a credential.
#[derive(Debug, Serialize, ToSchema)]
struct AwardView {
    #[schema(format = "uuid")]
    id: String,
    /// Id in public URLs.
    public_id: String,
    /// The credential's public place: a page, and the signed document by content negotiation.
    credential: String,
    /// Whether the credential is signed by now.
    signed: bool,
    #[schema(format = "uuid")]
    subject: String,
    #[schema(format = "uuid")]
    achievement: String,
    #[schema(format = "uuid")]
    version: String,
    /// By which rule; null for a direct award.
    rule: Option<String>,
    key: String,
    #[schema(format = "date-time")]
    awarded: String,
    #[schema(format = "date-time")]
    valid_until: Option<String>,
    standing: Standing,
    /// Why the standing changed.
    reason: Option<String>,
    #[schema(format = "date-time")]
    changed: Option<String>,
    /// On whose word the standing changed; null while it stands as it was awarded.
    changed_by: Option<Authority>,
    /// The award that took its place; null if none did.
    successor: Option<String>,
    /// Why it was awarded: rule, digests of plugin and settings, the event it was decided at (`seq` in its partition, `at`), the `fuel` that
    /// took; or by whom (`by`).
    #[schema(value_type = Object)]
    explanation: Value,
}

fn view(state: &AppState, award: Award) -> AwardView {
    AwardView {
        id: award.id.to_string(),
        public_id: award.public_id.to_string(),
        credential: format!("{}/credentials/{}", state.house.base_url, award.public_id),
        signed: award.signed,
        subject: award.subject.to_string(),
        achievement: award.achievement.to_string(),
        version: award.version.to_string(),
        rule: award.rule.map(|rule| rule.to_string()),
        key: award.key,
        awarded: award.awarded.to_string(),
        valid_until: award.valid_until.map(|at| at.to_string()),
        standing: award.standing,
        reason: award.reason,
        changed: award.changed.map(|at| at.to_string()),
        changed_by: award.changed_by,
        successor: award.successor.map(|award| award.to_string()),
        explanation: serde_json::from_str(&award.explanation).unwrap_or_default(),
    }
}

/// Awards directly, without a rule. The `Idempotency-Key` becomes the award's key: the same key never awards twice, however much
/// later it comes again.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/awards", tag = "awards", request_body = GiveAward,
    responses(
        (status = 201, body = AwardView, description = "It is awarded; the signature follows at once."),
        (status = 200, body = AwardView, description = "The key had been used for this very award before.")))]
async fn give_award(
    State(state): State<AppState>,
    within: Within<MayAward>,
    Caller(token): Caller,
    headers: HeaderMap,
    Json(new): Json<GiveAward>,
) -> Result<(StatusCode, Json<AwardView>), Problem> {
    let key = key_of(&headers)?.ok_or_else(|| Problem::new(&KEY_NEEDED, "an award is given once per key"))?;
    let request = DirectAward {
        subject: new.subject,
        achievement: new.achievement,
        key: key.to_owned(),
        valid_until: new.valid_until,
        details: new.details.to_string(),
        endorsements: new.endorsements,
        by: token.name.clone(),
    };
    let (organisation, is_endorsed) = (within.organisation.id, !request.endorsements.is_empty());
    let give =
        |state: AppState| async move { awards::give(&state.house, organisation, request, state.surroundings()).await };
    let given = state.endorsed(is_endorsed, give).await;
    let (award, is_new) = given.map_err(|error| match error {
        // What the body names and is not there is a fault of the body, not of the place.
        Error::NotFound(noun) => Error::invalid(format!("/{noun}"), error.to_string()),
        other => other,
    })?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(view(&state, award))))
}

/// All awards of credentials.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/awards", tag = "awards", params(PageQuery),
    responses((status = 200, body = Listed<AwardView>)))]
async fn list_awards(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<AwardView>>, Problem> {
    let page = state.house.store.awards(within.organisation.id, page).await?;
    Ok(Listed::page(page, |award| view(&state, award)))
}

/// Every award of one subject, also of those merged into it.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/shelf", tag = "awards", params(OfSubject),
    responses((status = 200, body = Listed<AwardView>)))]
async fn awards_of_subject(
    State(state): State<AppState>,
    within: Within<Read>,
    QueryOf(query): QueryOf<OfSubject>,
) -> Result<Json<Listed<AwardView>>, Problem> {
    let subject = subjects::find(&state.house, within.organisation.id, query.subject).await?;
    let family = state.house.store.subject_family(subject.id).await?;
    let awards = state.house.store.awards_of(&family).await?;
    Ok(Listed::all(awards.into_iter().map(|award| view(&state, award)).collect()))
}

/// An award.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/awards/{id}", tag = "awards",
    responses((status = 200, body = AwardView)))]
async fn show_award(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<AwardId>,
) -> Result<Json<AwardView>, Problem> {
    Ok(Json(view(&state, awards::find(&state.house, within.organisation.id, id).await?)))
}

async fn change(
    state: &AppState,
    within: &Within<MayAward>,
    id: AwardId,
    to: Standing,
    because: &Because,
) -> Result<Json<AwardView>, Problem> {
    let organisation = within.organisation.id;
    let award = awards::change_standing(&state.house, organisation, id, to, &because.reason).await?;
    Ok(Json(view(state, award)))
}

/// Revokes an award, for ever. Verifiers see it at the next publication of the status list.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/awards/{id}/revoke", tag = "awards",
    request_body = Because, responses((status = 200, body = AwardView)))]
async fn revoke_award(
    State(state): State<AppState>,
    within: Within<MayAward>,
    PathId(id): PathId<AwardId>,
    Json(because): Json<Because>,
) -> Result<Json<AwardView>, Problem> {
    change(&state, &within, id, Standing::Revoked, &because).await
}

/// Suspends an award until it is reinstated over the API: no rule lifts this suspension, and no merge or other refold.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/awards/{id}/suspend", tag = "awards",
    request_body = Because, responses((status = 200, body = AwardView)))]
async fn suspend_award(
    State(state): State<AppState>,
    within: Within<MayAward>,
    PathId(id): PathId<AwardId>,
    Json(because): Json<Because>,
) -> Result<Json<AwardView>, Problem> {
    change(&state, &within, id, Standing::Suspended, &because).await
}

/// Lifts a suspension, whoever suspended it. The award counts until its rule decides anew.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/awards/{id}/reinstate", tag = "awards",
    request_body = Because, responses((status = 200, body = AwardView)))]
async fn reinstate_award(
    State(state): State<AppState>,
    within: Within<MayAward>,
    PathId(id): PathId<AwardId>,
    Json(because): Json<Because>,
) -> Result<Json<AwardView>, Problem> {
    change(&state, &within, id, Standing::Active, &because).await
}

/// What a credential says beside its standing.
#[derive(Debug, Serialize, ToSchema)]
struct MessagesView {
    /// What it says.
    messages: Vec<String>,
    /// What it may say: the organisation's messages when it was awarded.
    may_say: Vec<String>,
}

impl From<Messages> for MessagesView {
    fn from(Messages { may_say, says }: Messages) -> Self {
        Self { messages: says, may_say }
    }
}

/// What a credential shall say beside its standing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Say {
    /// All of it; an empty list takes everything back.
    messages: Vec<String>,
}

/// What a credential says beside its standing, and what it may say.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/awards/{id}/messages", tag = "awards",
    responses((status = 200, body = MessagesView)))]
async fn award_messages(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<AwardId>,
) -> Result<Json<MessagesView>, Problem> {
    Ok(Json(awards::messages(&state.house, within.organisation.id, id).await?.into()))
}

/// Lets a credential say some of its messages. They say nothing about whether it counts. Verifiers hear them at the next publication of
/// the status lists.
#[utoipa::path(put, path = "/v1/organisations/{organisation}/awards/{id}/messages", tag = "awards",
    request_body = Say, responses((status = 200, body = MessagesView)))]
async fn say_messages(
    State(state): State<AppState>,
    within: Within<MayAward>,
    PathId(id): PathId<AwardId>,
    Json(wanted): Json<Say>,
) -> Result<Json<MessagesView>, Problem> {
    Ok(Json(awards::say(&state.house, within.organisation.id, id, &wanted.messages).await?.into()))
}

/// A signed credential: exactly the bytes that were signed.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/credentials/{id}", tag = "awards",
    responses((status = 200, content((Object = "application/vc+ld+json"), (String = "application/vc+jwt")))))]
async fn show_credential(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<PublicId>,
) -> Result<Response, Problem> {
    let award = state.house.store.award_by_public_id(id).await?;
    award.filter(|award| award.organisation == within.organisation.id).ok_or(Error::NotFound("credential"))?;
    public::credential(&state, id).await
}
