//! `GET /account`: what an earner who is signed in sees and can do: how far the next badges are, the public page, apps to disconnect,
//! signing out.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use laurel_core::clients::{self, ClientScope, Connected};
use serde::Deserialize;

use super::dates::Day;
use super::emblem::clean;
use super::frame::{Frame, PageError, go, message, private_page, stale_form};
use super::under_way::UnderWay;
use crate::session::{self, SignedIn};
use crate::state::AppState;

/// The page.
#[derive(Debug, Template)]
#[template(path = "account.html")]
pub(crate) struct AccountPage {
    frame: Frame,
    name: String,
    organisation: String,
    /// The public page.
    page: String,
    under_way: UnderWay,
    apps: Vec<App>,
    form_token: String,
}

/// A client, to be disconnected.
#[derive(Clone, Debug)]
struct App {
    id: String,
    name: String,
    home: Option<String>,
    since: Day,
    may: Vec<&'static str>,
}

/// What the forms of the page send.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    form_token: String,
    #[serde(default)]
    client: String,
}

/// `GET /account`
pub(crate) async fn show(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, PageError> {
    let Some(visitor) = SignedIn::find(&state.house, &headers).await? else { return Ok(signed_out()) };
    let apps = clients::connected(&state.house, &visitor.earner.subject).await?;
    let under_way = UnderWay::of(&state.house, &visitor.earner).await?;
    Ok(private_page(StatusCode::OK, &view(&visitor, under_way, apps), None))
}

/// `POST /account/disconnect`
pub(crate) async fn disconnect(
    State(state): State<AppState>,
    headers: HeaderMap,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, PageError> {
    let Some((visitor, sent)) = own_form(&state, &headers, sent).await? else { return Ok(stale_form()) };
    if let Ok(client) = sent.client.parse() {
        clients::disconnect(&state.house, &visitor.earner.subject, client).await?;
    }
    Ok(go("/account"))
}

/// `POST /account/sign-out`
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, PageError> {
    let Some((visitor, _)) = own_form(&state, &headers, sent).await? else { return Ok(stale_form()) };
    visitor.end(&state.house).await?;
    let text = "You are signed out. To come back, open a sign-in link from your program.";
    let mut response = message(StatusCode::OK, "Goodbye", text);
    if let Some(cookie) = session::forget(&state.house) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The session and its form; none if either is missing or they do not belong together.
async fn own_form(
    state: &AppState,
    headers: &HeaderMap,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Option<(SignedIn, Sent)>, PageError> {
    let (Some(visitor), Ok(Form(sent))) = (SignedIn::find(&state.house, headers).await?, sent) else { return Ok(None) };
    Ok(visitor.is_own(headers, &sent.form_token).then_some((visitor, sent)))
}

fn view(visitor: &SignedIn, under_way: UnderWay, apps: Vec<Connected>) -> AccountPage {
    let earner = &visitor.earner;
    let organisation = clean(&earner.organisation.name);
    let name = earner.subject.name.as_deref().map(clean).filter(|name| !name.is_empty());
    AccountPage {
        frame: Frame::unlisted("Your account", format!("Your badges of {organisation}, and the apps you connected.")),
        name: name.unwrap_or_else(|| "You".to_owned()),
        page: format!("/earners/{}", earner.subject.public_id),
        under_way,
        apps: apps.into_iter().map(app).collect(),
        form_token: visitor.form_token(),
        organisation,
    }
}

fn app(connected: Connected) -> App {
    let Connected { client, scopes, since } = connected;
    App {
        id: client.id.to_string(),
        name: clean(&client.metadata.client_name),
        home: client.metadata.client_uri,
        since: Day::of(since),
        may: scopes.into_iter().map(ClientScope::words).collect(),
    }
}

fn signed_out() -> Response {
    let text = "Nobody is signed in. Open a sign-in link from your program: your course, portal or forum has one for you. This host keeps no passwords.";
    let mut response = message(StatusCode::OK, "Sign in from your program", text);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
