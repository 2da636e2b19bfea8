//! `POST /v1/verify`: verifies any badge for anybody; the answer in words and for machines.

use axum::extract::{DefaultBodyLimit, State};
use laurel_core::credentials::{self, MAX_IMAGE, Presented, Summary, Surroundings, Unreadable, Verified};
use laurel_core::error;
use laurel_openbadges::verify::{Check, CheckId, Outcome, Report, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Json, QueryOf, Raw};
use crate::problem::{MALFORMED, Problem};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(verify)).layer(DefaultBodyLimit::max(MAX_IMAGE))
}

/// Where the badge is, if it is not in the body; and whose it should be.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// An https address of a badge in any of the forms that the body may have.
    url: Option<String>,
    /// Ask whether it was earned by this recipient: an e-mail address (`email:…`), a DID, a URL or URN. The check `recipient` answers.
    recipient: Option<String>,
}

/// Everything that was found.
#[derive(Debug, Serialize, ToSchema)]
struct Verification {
    /// `valid`, `invalid`, or `unknown` where some check could not be made.
    verdict: &'static str,
    revoked: bool,
    suspended: bool,
    /// The credential's `id`.
    id: Option<String>,
    /// The issuer's identifier.
    issuer: Option<String>,
    /// Every check, in words.
    checks: Vec<CheckView>,
    says: Says,
    /// The id of the credential on this host, if it is one of its own, byte for byte.
    #[schema(format = "uuid")]
    own: Option<String>,
}

/// One check.
#[derive(Debug, Serialize, ToSchema)]
struct CheckView {
    /// Which question: `parse`, `schema`, `proof`, `dates`, `status`, `issuer`, ….
    #[schema(value_type = String)]
    id: CheckId,
    /// `pass`, `fail`, or `not-checked`.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// The answer in plain words.
    message: String,
}

/// What the badge says of itself: to be believed only if the verdict is `valid`.
#[derive(Debug, Serialize, ToSchema)]
struct Says {
    title: Option<String>,
    issuer: Option<String>,
    earner: Option<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
}

impl From<Verified> for Verification {
    fn from(verified: Verified) -> Self {
        let Report { verdict, revoked, suspended, id, issuer, checks, .. } = verified.report;
        let Summary { title, issuer: name, earner, valid_from, valid_until } = verified.summary;
        Self {
            verdict: match verdict {
                Verdict::Valid => "valid",
                Verdict::Invalid => "invalid",
                Verdict::Unknown => "unknown",
            },
            revoked,
            suspended,
            id,
            issuer,
            checks: checks.into_iter().map(CheckView::from).collect(),
            says: Says { title, issuer: name, earner, valid_from, valid_until },
            own: verified.own.map(|id| id.to_string()),
        }
    }
}

impl From<Check> for CheckView {
    fn from(Check { id, outcome, message }: Check) -> Self {
        Self { id, outcome, message }
    }
}

/// Verifies a badge: JSON, a token (JWT), or a PNG or SVG image with either inside, as the body; or its address as `url`. A badge of
/// Open Badges 2.0 is compared with what its issuer serves (hosted), or checked with its issuer's key (signed). Needs no token.
#[utoipa::path(post, path = "/v1/verify", tag = "verify", params(Asked), security(()),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = Verification)))]
async fn verify(
    State(state): State<AppState>,
    QueryOf(asked): QueryOf<Asked>,
    Raw(body): Raw,
) -> Result<Json<Verification>, Problem> {
    let turn = state.turn()?;
    if asked.url.is_some() && !body.is_empty() {
        return Err(Problem::new(&MALFORMED, "send a badge as the body or its address as `url`, not both"));
    }
    let at = if asked.url.is_some() { "/url" } else { "" };
    let work = async move {
        let presented = asked.url.as_deref().map_or(Presented::Document(&body), Presented::Url);
        let recipient = asked.recipient.as_deref();
        credentials::verify(presented, Surroundings { recipient, open_badges_2: true, ..state.surroundings() }).await
    };
    match turn.take(work).await? {
        Ok(verified) => Ok(Json(verified.into())),
        Err(Unreadable::House(error)) => Err(error.into()),
        Err(unreadable) => Err(Problem::invalid(vec![error::Problem::at(at, unreadable.to_string())])),
    }
}
