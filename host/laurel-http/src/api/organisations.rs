//! `/v1/organisations`: who issues.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::awards::IssuerIdentity;
use laurel_core::organisations::{
    self, Issuer, NewOrganisation, Organisation, Particulars, Profile, StatusEntries, Suite,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, Operator, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create, list)).routes(routes!(show, update))
}

/// An organisation to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// Its name in URLs: 1 to 63 of `a-z 0-9 -`.
    slug: String,
    name: String,
    /// Its own home page.
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    email: Option<String>,
    /// What else it says of itself: phone, address, identifiers in registers, …
    #[serde(default)]
    particulars: Particulars,
    /// How many entries the `credentialStatus` of its awards has from now on.
    #[serde(default)]
    status_entries: StatusEntries,
    /// What it may say later of the credentials it issues from now on, beside revoking and suspending them: at most three messages. They need
    /// several status entries.
    #[serde(default)]
    status_messages: Vec<String>,
    /// What its credentials name as issuer; `did-key` if left out. Fixed for ever.
    #[serde(default = "did_key")]
    issuer: Issuer,
    /// How its credentials are secured; `eddsa-rdfc-2022` if left out. Fixed for ever.
    #[serde(default = "rdfc")]
    suite: Suite,
}

fn did_key() -> Issuer {
    Issuer::DidKey
}

fn rdfc() -> Suite {
    Suite::EddsaRdfc2022
}

/// What an organisation says of itself, all of it anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    name: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    email: Option<String>,
    /// What else it says of itself: phone, address, identifiers in registers, …
    #[serde(default)]
    particulars: Particulars,
    /// How many entries the `credentialStatus` of its awards has from now on. Those issued before keep theirs.
    #[serde(default)]
    status_entries: StatusEntries,
    /// What it may say of credentials issued from now on. Those issued before keep their messages.
    #[serde(default)]
    status_messages: Vec<String>,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
struct View {
    #[schema(value_type = String, format = "uuid")]
    id: String,
    slug: String,
    name: String,
    url: Option<String>,
    description: Option<String>,
    email: Option<String>,
    particulars: Particulars,
    issuer: Issuer,
    /// The issuer's identifier as credentials name it, once there is a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    did: Option<String>,
    suite: Suite,
    /// How many entries the `credentialStatus` of its awards has from now on.
    status_entries: StatusEntries,
    /// What it may say of credentials issued from now on.
    status_messages: Vec<String>,
    #[schema(format = "date-time")]
    created: String,
}

impl From<Organisation> for View {
    fn from(each: Organisation) -> Self {
        Self {
            id: each.id.to_string(),
            slug: each.slug,
            name: each.name,
            url: each.url,
            description: each.description,
            email: each.email,
            particulars: each.particulars,
            issuer: each.issuer,
            did: None,
            suite: each.suite,
            status_entries: each.status_entries,
            status_messages: each.status_messages,
            created: each.created.to_string(),
        }
    }
}

async fn view(state: &AppState, organisation: Organisation) -> Result<View, Problem> {
    let key = state.house.store.active_key(organisation.id).await?;
    let did = key.and_then(|key| IssuerIdentity::of(&organisation, &key.public).ok()).map(|identity| identity.id);
    Ok(View { did, ..organisation.into() })
}

/// Makes an organisation, with a signing key and a status list.
#[utoipa::path(post, path = "/v1/organisations", tag = "organisations", request_body = Create,
    responses((status = 201, body = View)))]
async fn create(
    State(state): State<AppState>,
    _: Operator,
    Json(new): Json<Create>,
) -> Result<(StatusCode, Json<View>), Problem> {
    let Create { slug, name, url, description, email, particulars, status_entries, status_messages, issuer, suite } =
        new;
    let profile = Profile { name, url, description, email, particulars, status_entries, status_messages };
    let made = organisations::create(&state.house, NewOrganisation { slug, profile, issuer, suite }).await?;
    Ok((StatusCode::CREATED, Json(view(&state, made).await?)))
}

/// All organisations.
#[utoipa::path(get, path = "/v1/organisations", tag = "organisations", params(PageQuery),
    responses((status = 200, body = Listed<View>)))]
async fn list(State(state): State<AppState>, _: Operator, Paging(page): Paging) -> Result<Json<Listed<View>>, Problem> {
    Ok(Listed::page(state.house.store.organisations(page).await?, View::from))
}

/// An organisation, by id or slug.
#[utoipa::path(get, path = "/v1/organisations/{organisation}", tag = "organisations",
    responses((status = 200, body = View)))]
async fn show(State(state): State<AppState>, within: Within<Read>) -> Result<Json<View>, Problem> {
    Ok(Json(view(&state, within.organisation).await?))
}

/// Changes what an organisation says of itself. Credentials signed before keep the old words.
#[utoipa::path(put, path = "/v1/organisations/{organisation}", tag = "organisations", request_body = Update,
    responses((status = 200, body = View)))]
async fn update(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(new): Json<Update>,
) -> Result<Json<View>, Problem> {
    let Update { name, url, description, email, particulars, status_entries, status_messages } = new;
    let profile = Profile { name, url, description, email, particulars, status_entries, status_messages };
    let changed = organisations::update(&state.house, within.organisation, profile).await?;
    Ok(Json(view(&state, changed).await?))
}
