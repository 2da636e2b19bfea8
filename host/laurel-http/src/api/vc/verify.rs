//! `POST /vc/{organisation}/credentials/verify` and `…/presentations/verify`

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::credentials::{self, Presented, Unreadable};
use laurel_openbadges::verify::Expected;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{Asked, Verification, answer};
use crate::body::Json;
use crate::problem::{MALFORMED, Problem};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(verify_credential)).routes(routes!(verify_presentation))
}

/// A credential to be verified.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CredentialBody {
    /// The credential with its proofs, or an `EnvelopedVerifiableCredential`.
    #[schema(value_type = Object)]
    verifiable_credential: Option<Box<RawValue>>,
    options: Option<Options>,
}

/// A presentation to be verified.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PresentationBody {
    /// The presentation, signed or not, or an `EnvelopedVerifiablePresentation`.
    #[schema(value_type = Object)]
    verifiable_presentation: Option<Box<RawValue>>,
    options: Option<Options>,
}

/// What is expected.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct Options {
    /// `proof`, `credentialStatus`: with any named, a status list that cannot be had is no fault unless `credentialStatus` is. None: all.
    checks: Option<Vec<String>>,
    /// The challenge that was given to the holder.
    challenge: Option<String>,
    /// The site for which the presentation was made.
    domain: Option<String>,
}

/// Verifies a credential of any issuer.
#[utoipa::path(post, path = "/vc/{organisation}/credentials/verify", tag = "vc-api", request_body = CredentialBody, security(()),
    responses((status = 200, body = Verification), (status = 400, body = Verification)))]
async fn verify_credential(
    State(state): State<AppState>,
    Json(body): Json<CredentialBody>,
) -> Result<(StatusCode, Json<Verification>), Problem> {
    let credential = body.verifiable_credential;
    let credential = credential.ok_or_else(|| Problem::new(&MALFORMED, "there is no `verifiableCredential`"))?;
    let turn = state.next_turn().await?;
    let proof_alone = state.config.proof_alone;
    let work = async move {
        let presented = Presented::Document(credential.get().as_bytes());
        credentials::verify(presented, state.surroundings()).await
    };
    match turn.take(work).await? {
        Ok(verified) => {
            let options = body.options.unwrap_or_default();
            let asked = Asked::of(options.checks.as_deref(), proof_alone);
            Ok(answer(verified.report.checks.iter(), asked))
        }
        Err(Unreadable::House(error)) => Err(error.into()),
        Err(unreadable) => Err(Problem::new(&MALFORMED, unreadable.to_string())),
    }
}

/// Verifies a presentation of any holder, with every credential in it. One that is not signed is verified without saying who shows it,
/// and not at all where a challenge or a site was given.
#[utoipa::path(post, path = "/vc/{organisation}/presentations/verify", tag = "vc-api", request_body = PresentationBody,
    security(()), responses((status = 200, body = Verification), (status = 400, body = Verification)))]
async fn verify_presentation(
    State(state): State<AppState>,
    Json(body): Json<PresentationBody>,
) -> Result<(StatusCode, Json<Verification>), Problem> {
    let presentation = body.verifiable_presentation;
    let presentation = presentation.ok_or_else(|| Problem::new(&MALFORMED, "there is no `verifiablePresentation`"))?;
    let turn = state.next_turn().await?;
    let Options { checks, challenge, domain } = body.options.unwrap_or_default();
    let asked = Asked::of(checks.as_deref(), state.config.proof_alone);
    // Whoever asks for an answer to a challenge, or for something made for a site, asks for a signature.
    let unsigned = challenge.is_none() && domain.is_none();
    let expected = Expected { challenge, domain, unsigned };
    let work = async move {
        credentials::verify_presentation(presentation.get().as_bytes(), &expected, state.surroundings()).await
    };
    let report = turn.take(work).await??;
    let all = report.credentials.iter().flat_map(|credential| &credential.checks);
    Ok(answer(report.checks.iter().chain(all), asked))
}
