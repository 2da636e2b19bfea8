//! `GET` and `POST /ims/ob/v3p0/credentials`: an earner's badges, those earned here and those kept here.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::House;
use laurel_core::backpack::{self, Form, Held, Keeping, MAX_LIMIT, Part, Wanted};
use laurel_core::clients::ClientScope;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::status_info::StatusInfo;
use super::{Bearer, address};
use crate::body::{QueryOf, Raw, media_type};
use crate::problem::{MEDIA_TYPE, Problem};
use crate::state::AppState;

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// So many are given if nobody says how many.
const LIMIT: usize = 50;

/// Which part is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    limit: Option<String>,
    offset: Option<String>,
    since: Option<String>,
}

/// The class `GetOpenBadgeCredentialsResponse`. Documents are written as they are, byte for byte.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    credential: Vec<Box<RawValue>>,
    compact_jws_string: Vec<String>,
}

/// `GET`
pub(super) async fn list(
    State(state): State<AppState>,
    Bearer(access): Bearer,
    query: Result<QueryOf<Asked>, Problem>,
) -> Result<Response, StatusInfo> {
    access.allows(ClientScope::CredentialReadonly)?;
    let wanted = wanted(&query?.0)?;
    let part = backpack::list(&state.house, &access.earner, wanted).await?;
    let links = links(&state.house, wanted, &part);
    let total = part.total;
    let mut response = axum::Json(body(part.credentials)?).into_response();
    response.headers_mut().insert(TOTAL, HeaderValue::from(total));
    let links = HeaderValue::try_from(links).map_err(|why| Problem::internal(why.to_string()))?;
    response.headers_mut().insert(header::LINK, links);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn wanted(asked: &Asked) -> Result<Wanted, StatusInfo> {
    let number = |text: &Option<String>, name: &str, least: usize| match text.as_deref().map(str::parse) {
        None => Ok(None),
        Some(Ok(number)) if number >= least => Ok(Some(number)),
        Some(_) => Err(StatusInfo::bad_query(format!("{name} must be a whole number, {least} or more"))),
    };
    // In a query a plus sign stands for a blank, and many a client writes a zone with one.
    let since = asked.since.as_deref().map(|text| text.replace(' ', "+").parse()).transpose();
    Ok(Wanted {
        limit: number(&asked.limit, "limit", 1)?.unwrap_or(LIMIT).min(MAX_LIMIT),
        offset: number(&asked.offset, "offset", 0)?.unwrap_or(0),
        since: since.map_err(|why: laurel_core::time::NotATime| StatusInfo::bad_query(format!("since: {why}")))?,
    })
}

/// The header `Link` (Open Badges 3.0, section 6.4): `first` and `last` always, `next` and `prev` where there is one.
fn links(house: &House, wanted: Wanted, part: &Part) -> String {
    let Wanted { limit, offset, since } = wanted;
    let since = since.map_or_else(String::new, |since| format!("&since={since}"));
    let link = |relation: &str, offset: usize| {
        format!("<{}?limit={limit}&offset={offset}{since}>; rel=\"{relation}\"", address(house, "credentials"))
    };
    let last = part.total.saturating_sub(1) / limit * limit;
    let mut links = vec![link("first", 0), link("last", last)];
    let end = offset.saturating_add(part.credentials.len());
    if end < part.total {
        links.push(link("next", end));
    }
    if offset > 0 {
        links.push(link("prev", offset.min(part.total).saturating_sub(limit)));
    }
    links.join(", ")
}

fn body(held: Vec<Held>) -> Result<Credentials, StatusInfo> {
    let mut credentials = Credentials::default();
    for Held { form, document } in held {
        let text = String::from_utf8(document).map_err(|why| Problem::internal(why.to_string()))?;
        match form {
            Form::Token => credentials.compact_jws_string.push(text),
            Form::Json => {
                let value = RawValue::from_string(text.trim().to_owned());
                credentials.credential.push(value.map_err(|why| Problem::internal(why.to_string()))?);
            }
        }
    }
    Ok(credentials)
}

/// `POST`: the answer is what came.
pub(super) async fn upsert(
    State(state): State<AppState>,
    Bearer(access): Bearer,
    headers: HeaderMap,
    body: Result<Raw, Problem>,
) -> Result<Response, StatusInfo> {
    access.allows(ClientScope::CredentialUpsert)?;
    let form = form(&headers)?;
    let document = body?.0;
    let work = {
        let state = state.clone();
        async move { backpack::keep(&state.house, &access.earner, form, &document, state.surroundings()).await }
    };
    let (keeping, document) = state.turn()?.take(work).await??;
    let status = if keeping == Keeping::Added { StatusCode::CREATED } else { StatusCode::OK };
    let media = match form {
        Form::Json => "application/vc+ld+json",
        Form::Token => "text/plain",
    };
    Ok((status, [(header::CONTENT_TYPE, media)], document).into_response())
}

fn form(headers: &HeaderMap) -> Result<Form, StatusInfo> {
    match media_type(headers).as_deref() {
        Some("application/json" | "application/vc+ld+json" | "application/ld+json" | "application/vc") => {
            Ok(Form::Json)
        }
        Some("text/plain" | "application/vc+jwt") => Ok(Form::Token),
        _ => Err(Problem::new(
            &MEDIA_TYPE,
            "send a credential as application/vc+ld+json or application/json, a compact JWS as text/plain",
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(limit: &str, offset: &str, since: &str) -> Asked {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Asked { limit: some(limit), offset: some(offset), since: some(since) }
    }

    #[test]
    fn what_is_asked_for_is_read_strictly() {
        let good = wanted(&asked("7", "3", "2026-01-01T00:00:00 01:00")).unwrap();
        assert_eq!((good.limit, good.offset), (7, 3));
        assert_eq!(good.since.unwrap().to_seconds_text(), "2025-12-31T23:00:00Z");
        assert_eq!(wanted(&asked("100000", "", "")).unwrap().limit, MAX_LIMIT);
        for (limit, offset, since) in
            [("0", "", ""), ("-1", "", ""), ("x", "", ""), ("", "-1", ""), ("", "", "yesterday"), ("1e9", "", "")]
        {
            assert!(wanted(&asked(limit, offset, since)).is_err(), "{limit} {offset} {since}");
        }
    }
}
