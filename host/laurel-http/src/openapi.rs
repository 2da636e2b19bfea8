//! `/openapi.json`: the description of the API, made from the code, completed by what holds for every endpoint alike.

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::OpenApi;

use crate::state::AppState;

#[derive(OpenApi)]
#[openapi(info(
    title = "Laurel",
    description = "Badges and credentials. Lists are paged by `after` and `limit`; times are RFC 3339 in UTC; every error is a \
                   problem document (RFC 9457) whose `type` leads to its description. What is not the caller's own looks like what \
                   does not exist. A mutating request with an `Idempotency-Key` that is repeated gets the first answer, marked \
                   `Idempotency-Replayed: true`."
))]
pub(crate) struct Description;

/// The route that serves a description.
pub(crate) fn routes(description: &Value) -> Router<AppState> {
    let text: Arc<str> = description.to_string().into();
    Router::new().route("/openapi.json", get(move || serve(Arc::clone(&text))))
}

async fn serve(text: Arc<str>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text.to_string()).into_response()
}

/// Adds what is the same everywhere: the token, the parameters of the path, the `Idempotency-Key`, and the problem document.
pub(crate) fn complete(description: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(description).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
    document["components"]["schemas"]["ProblemDocument"] = problem_schema();
    document["security"] = json!([{ "token": [] }]);
    for (path, operations) in members(&mut document["paths"]) {
        for (method, operation) in members(operations) {
            complete_operation(path, method, operation);
        }
    }
    document
}

fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let problem =
        json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemDocument" } } });
    operation["responses"]["default"] = json!({ "description": "A problem", "content": problem });
    let Some(operation) = operation.as_object_mut() else { return };
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else { return };
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut added: Vec<Value> = named.map(path_parameter).collect();
    added.append(parameters);
    if matches!(method, "post" | "put" | "patch" | "delete")
        && !matches!(path, "/v1/events" | "/v1/verify")
        && !path.starts_with("/vc/")
        && !path.ends_with("/images")
    {
        let needed = (path.ends_with("/awards"), "the same request again gets the first answer");
        added.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": needed.0, "description": needed.1,
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        }));
    }
    *parameters = added;
}

fn path_parameter(name: &str) -> Value {
    let description = match name {
        "organisation" => "Id or slug of the organisation",
        "name" => "Name of the secret",
        _ => "The id",
    };
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } })
}

fn problem_schema() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let mut properties = Map::new();
    properties.insert("type".into(), text("`/problems/…`, where this kind is described"));
    properties.insert("title".into(), text("The kind, in words"));
    properties.insert("status".into(), json!({ "type": "integer" }));
    properties.insert("detail".into(), text("What to change"));
    properties.insert("reason".into(), text("Of a delivery that a connector refused"));
    properties.insert("trace".into(), text("Of a failure of ours: what the operator finds it by"));
    let fault = json!({
        "type": "object", "required": ["pointer", "detail"],
        "properties": { "pointer": text("JSON pointer into the input"), "detail": text("What to change there") },
    });
    properties.insert("errors".into(), json!({ "type": "array", "items": fault }));
    json!({ "type": "object", "required": ["type", "title", "status"], "properties": properties })
}
