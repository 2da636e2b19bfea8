//! What pages need beside themselves, embedded in the binary. The address carries a digest of the content, so that it can be kept
//! for ever.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

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

static FILES: [Asset; 2] = [
    Asset {
        name: "laurel",
        extension: "css",
        media: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/laurel.css"),
    },
    Asset { name: "mark", extension: "svg", media: "image/svg+xml", bytes: include_bytes!("../../assets/mark.svg") },
];

static ADDRESSES: LazyLock<[String; 2]> = LazyLock::new(|| [FILES[0].address(), FILES[1].address()]);

/// Where the style sheet is.
pub(crate) fn style() -> &'static str {
    &ADDRESSES[0]
}

/// Where the mark is, for browser tabs.
pub(crate) fn mark() -> &'static str {
    &ADDRESSES[1]
}

/// `GET /assets/{file}`
pub(crate) async fn serve(Path(file): Path<String>) -> Response {
    let wanted = format!("/assets/{file}");
    let Some(index) = ADDRESSES.iter().position(|address| *address == wanted) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, FILES[index].media),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (headers, FILES[index].bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn immutable_by_content() {
        let file = style().strip_prefix("/assets/").unwrap().to_owned();
        let response = serve(Path(file)).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        assert_eq!(serve(Path("laurel-0000000000000000.css".into())).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(serve(Path("../Cargo.toml".into())).await.status(), StatusCode::NOT_FOUND);
    }
}
