//! `GET /ims/ob/v3p0/discovery`: the service description document (Open Badges 3.0, sections 6.3 and B.4), OpenAPI 3.0.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use laurel_core::clients::ClientScope;
use serde_json::{Map, Value, json};

use super::{address, place};
use crate::state::{AppState, Config};

pub(super) async fn show(State(state): State<AppState>) -> Response {
    let headers = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, axum::Json(document(&state))).into_response()
}

fn document(state: &AppState) -> Value {
    let house = &state.house;
    let base = &*house.base_url;
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    let Config { privacy_policy, terms, .. } = &*state.config;
    let own = |part: &str| format!("{base}/policy#{part}");
    let privacy = privacy_policy.clone().unwrap_or_else(|| own("privacy"));
    let name = format!("Laurel at {host}");
    let scopes: Map<String, Value> = ClientScope::ALL
        .iter()
        .map(|scope| (scope.as_str().to_owned(), format!("It may {}.", scope.words()).into()))
        .collect();
    json!({
        "openapi": "3.0.1",
        "info": {
            "title": name,
            "version": "1.0",
            "termsOfService": terms.clone().unwrap_or_else(|| own("terms")),
            "x-imssf-image": format!("{base}{}", crate::pages::assets::mark()),
            "x-imssf-privacyPolicyUrl": privacy,
        },
        "servers": [{ "url": format!("{base}{}", place("").trim_end_matches('/')) }],
        "paths": paths(),
        "components": { "securitySchemes": { "OAuth2ACG": {
            "type": "oauth2",
            "description": "OAuth 2.0 authorization code grant with PKCE (S256) and client_secret_basic.",
            "x-imssf-name": name,
            "x-imssf-privacyPolicyUrl": privacy,
            "x-imssf-termsOfServiceUrl": terms.clone().unwrap_or_else(|| own("terms")),
            "x-imssf-registrationUrl": address(house, "register"),
            "x-imssf-revocationUrl": address(house, "revoke"),
            "flows": { "authorizationCode": {
                "authorizationUrl": address(house, "authorize"),
                "tokenUrl": address(house, "token"),
                "refreshUrl": address(house, "token"),
                "scopes": scopes,
            } },
        } } },
    })
}

fn paths() -> Value {
    let operation = |id: &str, scope: Option<ClientScope>, done: &[&str]| {
        let answers = done.iter().map(|status| ((*status).to_owned(), json!({ "description": "Done" })));
        let refused = [("default".to_owned(), json!({ "description": "An Imsx_StatusInfo that says what to change" }))];
        let answers: Map<String, Value> = answers.chain(refused).collect();
        let security = scope.map(|scope| json!({ "OAuth2ACG": [scope.as_str()] }));
        json!({ "operationId": id, "responses": answers, "security": security.into_iter().collect::<Vec<_>>() })
    };
    let parameter = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let mut list = operation("getCredentials", Some(ClientScope::CredentialReadonly), &["200"]);
    list["parameters"] = json!([
        parameter("limit", json!({ "type": "integer", "minimum": 1 })),
        parameter("offset", json!({ "type": "integer", "minimum": 0 })),
        parameter("since", json!({ "type": "string", "format": "date-time" })),
    ]);
    let mut upsert = operation("upsertCredential", Some(ClientScope::CredentialUpsert), &["200", "201"]);
    upsert["requestBody"] =
        json!({ "content": { "application/vc+ld+json": {}, "application/json": {}, "text/plain": {} } });
    let mut change = operation("putProfile", Some(ClientScope::ProfileUpdate), &["200"]);
    change["requestBody"] = json!({ "content": { "application/json": {} } });
    json!({
        "/credentials": { "get": list, "post": upsert },
        "/profile": { "get": operation("getProfile", Some(ClientScope::ProfileReadonly), &["200"]), "put": change },
        "/discovery": { "get": operation("getServiceDescription", None, &["200"]) },
    })
}
