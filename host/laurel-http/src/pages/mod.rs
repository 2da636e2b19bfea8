//! Pages for people, rendered on the server; they work without scripts. One page sends one: the verify page, whose script runs the
//! verifier on the visitor's own machine.
//!
//! One file a page: its handlers and the plain data it shows (`…_view.rs` where that is longer). The words and the markup are in
//! `templates/`, the look is in `assets/laurel.css`.
//!
//! To add a page: a template that extends `layout.html`, a struct that derives [`askama::Template`] and holds plain data with a
//! [`frame::Frame`], one function that builds it, a handler that calls one use case and answers with [`frame::page`], and a line in
//! [`routes`]. Then add it to the samples in `samples.rs` and look at it.

mod account;
mod achievement;
mod address;
pub(crate) mod assets;
mod authorize;
mod baked;
mod card;
mod credential;
mod credential_view;
mod dates;
mod earner;
mod emblem;
mod endorsers;
mod frame;
mod front;
mod hosted;
mod issued;
mod markdown;
mod negotiate;
pub(crate) mod png;
mod policy;
mod results;
mod sign_in;
mod status;
mod under_way;
mod verify;
mod verify_view;

#[cfg(test)]
mod samples;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};
use std::sync::Arc;

use crate::state::AppState;

/// Bytes of the form on which an earner answers a client.
const MAX_ANSWER: usize = 64 * 1024;

/// Where clients send earners: a page, at a place of the Badge Connect API.
fn authorize_place() -> String {
    crate::badge_connect::place("authorize")
}

/// The pages' places.
pub(crate) fn routes() -> Router<AppState> {
    let verify = get(verify::form).post(verify::check).layer(DefaultBodyLimit::max(verify::MAX_FORM));
    Router::new()
        .route("/", get(front::show))
        .route("/assets/{file}", get(assets::serve))
        .route("/credentials/{id}", get(credential::show))
        .route("/credentials/{id}/credential.json", get(credential::download))
        .route("/credentials/{id}/credential.jwt", get(credential::download))
        .route("/credentials/{id}/refresh", get(credential::refresh))
        .route("/credentials/{id}/emblem.svg", get(credential::emblem_svg))
        .route("/credentials/{id}/badge.png", get(baked::png))
        .route("/credentials/{id}/badge.svg", get(baked::svg))
        .route("/credentials/{id}/og.png", get(credential::card_png))
        .route("/credentials/{id}/assertion.json", get(hosted::assertion))
        .route("/verify", verify)
        .route("/earners/{id}", get(earner::show))
        .route("/sign-in/{secret}", get(sign_in::ask).post(sign_in::redeem))
        .route("/account", get(account::show))
        .route("/account/disconnect", post(account::disconnect))
        .route("/account/sign-out", post(account::sign_out))
        .route(&authorize_place(), get(authorize::ask).post(authorize::answer).layer(DefaultBodyLimit::max(MAX_ANSWER)))
        .route("/policy", get(policy::show))
        .route("/achievements/{id}", get(achievement::show))
        .route("/achievements/{id}/emblem.svg", get(achievement::emblem_svg))
        .route("/achievements/{id}/badge-class.json", get(hosted::badge_class))
        .route("/issuers/{id}", get(hosted::issuer))
        .layer(Extension(Arc::new(png::Painter::default())))
}
