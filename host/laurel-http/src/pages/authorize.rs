//! `GET|POST /ims/ob/v3p0/authorize`: a client wants to see or keep badges, and the earner says yes or no.

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use laurel_core::House;
use laurel_core::clients::{self, Asked, AuthorizeError, Checked, ClientScope, RefusalCode};
use serde::Deserialize;

use super::address::with_query;
use super::emblem::clean;
use super::frame::{Frame, PageError, go, message, private_page, stale_form};
use crate::session::{self, SignedIn};
use crate::state::AppState;

/// The question.
#[derive(Debug, Template)]
#[template(path = "authorize.html")]
pub(crate) struct ConsentPage {
    frame: Frame,
    place: String,
    app: String,
    /// Where the answer goes.
    host: String,
    home: Option<String>,
    privacy: Option<String>,
    terms: Option<String>,
    may: Vec<&'static str>,
    name: String,
    organisation: String,
    /// The request again, for the answer.
    fields: Vec<(&'static str, String)>,
    form_token: String,
}

/// The answer: the request again, and what the earner pressed.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    form_token: String,
    /// `allow` or `refuse`
    answer: String,
    #[serde(flatten)]
    asked: Asked,
}

/// `GET`
pub(crate) async fn ask(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let Ok(Query(asked)) = query else { return Ok(stray("its request cannot be read")) };
    let checked = clients::check(&state.house, &asked).await;
    if let Err(AuthorizeError::Stray(why)) = &checked {
        return Ok(stray(why));
    }
    let Some(visitor) = SignedIn::find(&state.house, &headers).await? else {
        return Ok(sign_in_first(&state.house, uri.path_and_query().map_or("", |whole| whole.as_str())));
    };
    match checked {
        Ok(checked) => {
            let page = view(&visitor, &checked, asked);
            Ok(private_page(StatusCode::OK, &page, checked.origin().as_deref()))
        }
        Err(error) => refused(error),
    }
}

/// `POST`
pub(crate) async fn answer(
    State(state): State<AppState>,
    headers: HeaderMap,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, PageError> {
    let (Some(visitor), Ok(Form(sent))) = (SignedIn::find(&state.house, &headers).await?, sent) else {
        return Ok(stale_form());
    };
    if !visitor.is_own(&headers, &sent.form_token) {
        return Ok(stale_form());
    }
    let checked = match clients::check(&state.house, &sent.asked).await {
        Ok(checked) => checked,
        Err(error) => return refused(error),
    };
    if sent.answer != "allow" {
        let why = "the earner said no";
        return Ok(back(&checked.redirect_uri, checked.state.as_deref(), &denial(RefusalCode::AccessDenied, why)));
    }
    let code = clients::connect(&state.house, &visitor.earner.subject, &checked).await?;
    let scope = ClientScope::write_list(&checked.scopes);
    Ok(back(&checked.redirect_uri, checked.state.as_deref(), &[("code", &code), ("scope", &scope)]))
}

fn denial(code: RefusalCode, why: &str) -> [(&str, &str); 2] {
    [("error", code.as_str()), ("error_description", why)]
}

/// Sends the browser back to the client, with an answer.
fn back(redirect_uri: &str, state: Option<&str>, answer: &[(&str, &str)]) -> Response {
    let mut query = answer.to_vec();
    query.extend(state.map(|state| ("state", state)));
    go(&with_query(redirect_uri, &query))
}

fn refused(error: AuthorizeError) -> Result<Response, PageError> {
    match error {
        AuthorizeError::Stray(why) => Ok(stray(&why)),
        AuthorizeError::Refused { redirect_uri, state, code, why } => {
            Ok(back(&redirect_uri, state.as_deref(), &denial(code, why)))
        }
        AuthorizeError::House(error) => Err(error.into()),
    }
}

/// Nobody may be told but the visitor.
fn stray(why: &str) -> Response {
    let text = format!("An app sent you here, but {why}. Nothing was shared. Tell whoever runs the app.");
    message(StatusCode::BAD_REQUEST, "This app cannot be connected", &text)
}

/// Says how to sign in, and remembers the question for afterwards.
fn sign_in_first(house: &House, way: &str) -> Response {
    let text = "An app wants to connect to your badges. First open the sign-in link from your program (your course, portal or forum has \
                one for you), in this browser and within 15 minutes; then you are asked what the app may do. This host keeps no passwords.";
    let mut response = message(StatusCode::OK, "Sign in from your program", text);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cookie) = session::remember_way(house, way) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn view(visitor: &SignedIn, checked: &Checked, asked: Asked) -> ConsentPage {
    let metadata = &checked.client.metadata;
    let app = clean(&metadata.client_name);
    let host = match checked.origin().unwrap_or_default().split_once("://") {
        Some(("http", place)) => format!("a program on your own computer ({place})"),
        Some((_, host)) => host.to_owned(),
        None => String::new(),
    };
    let earner = &visitor.earner;
    let name = earner.subject.name.as_deref().map(clean).filter(|name| !name.is_empty());
    let fields = [
        ("response_type", asked.response_type),
        ("client_id", asked.client_id),
        ("redirect_uri", asked.redirect_uri),
        ("scope", asked.scope),
        ("state", asked.state),
        ("code_challenge", asked.code_challenge),
        ("code_challenge_method", asked.code_challenge_method),
    ];
    ConsentPage {
        frame: Frame::unlisted(format!("Connect {app}?"), format!("{app} wants to connect to your badges.")),
        place: super::authorize_place(),
        host,
        home: metadata.client_uri.clone(),
        privacy: metadata.policy_uri.clone(),
        terms: metadata.tos_uri.clone(),
        may: checked.scopes.iter().map(|scope| scope.words()).collect(),
        name: name.unwrap_or_else(|| "you".to_owned()),
        organisation: clean(&earner.organisation.name),
        fields: fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        form_token: visitor.form_token(),
        app,
    }
}
