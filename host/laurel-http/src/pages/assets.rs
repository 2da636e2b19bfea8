//! What pages need beside themselves, embedded in the binary. The address carries a digest of the content, so that it can be kept
//! for ever.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use crate::state::AppState;

/// One file.
struct Asset {
    name: &'static str,
    extension: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn address(&self) -> String {
        let digest = Sha256::digest(self.bytes);
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("/assets/{}-{short}.{}", self.name, self.extension)
    }
}

static FILES: [Asset; 3] = [
    Asset {
        name: "laurel",
        extension: "css",
        media: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/laurel.css"),
    },
    Asset { name: "mark", extension: "svg", media: "image/svg+xml", bytes: include_bytes!("../../assets/mark.svg") },
    Asset {
        name: "verify",
        extension: "js",
        media: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/verify.js"),
    },
];

static ADDRESSES: LazyLock<[String; 3]> = LazyLock::new(|| FILES.each_ref().map(Asset::address));

/// Where the style sheet is.
pub(crate) fn style() -> &'static str {
    &ADDRESSES[0]
}

/// Where the mark is, for browser tabs.
pub(crate) fn mark() -> &'static str {
    &ADDRESSES[1]
}

/// Where the script of the verify page is.
pub(crate) fn verify_script() -> &'static str {
    &ADDRESSES[2]
}

/// `GET /assets/{file}`
pub(crate) async fn serve(State(state): State<AppState>, Path(file): Path<String>) -> Response {
    let wanted = format!("/assets/{file}");
    match &state.config.browser_verifier {
        Some(module) if *module.address() == wanted => kept("application/wasm", module.bytes().clone()),
        _ => own(&wanted),
    }
}

fn own(wanted: &str) -> Response {
    let Some(index) = ADDRESSES.iter().position(|address| address == wanted) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    kept(FILES[index].media, Bytes::from_static(FILES[index].bytes))
}

fn kept(media: &'static str, bytes: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}

/// The verifier that runs in the visitor's browser: `laurel-verifier`, compiled to WebAssembly.
#[derive(Clone, Debug)]
pub struct BrowserVerifier {
    address: String,
    bytes: Bytes,
}

impl BrowserVerifier {
    /// Of a module's bytes.
    pub fn new(module: Vec<u8>) -> Self {
        let digest = Sha256::digest(&module);
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { address: format!("/assets/verifier-{short}.wasm"), bytes: module.into() }
    }

    /// Where it is served.
    pub(crate) fn address(&self) -> &String {
        &self.address
    }

    fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn immutable_by_content() {
        let response = own(style());
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        assert_eq!(own("/assets/laurel-0000000000000000.css").status(), StatusCode::NOT_FOUND);
        assert_eq!(own("/assets/../Cargo.toml").status(), StatusCode::NOT_FOUND);
    }
}
