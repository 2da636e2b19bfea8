//! Content negotiation: a page for people, the exact bytes for machines.

use axum::http::{HeaderMap, header};

/// Media types a credential is served as; the first is the default.
const JSON_TYPES: [&str; 4] = ["application/vc+ld+json", "application/vc", "application/ld+json", "application/json"];

/// What asks for the document as well. Which one it gets was decided when the credential was signed.
const TOKEN_TYPES: [&str; 2] = ["application/vc+jwt", "application/jwt"];

/// What the client would rather have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preferred {
    /// A page.
    Html,
    /// The document, as this media type.
    Json(&'static str),
}

/// Reads `Accept`. Whoever does not ask for JSON by name gets the page: link previews send `*/*` and need its meta tags.
pub(crate) fn preferred(headers: &HeaderMap) -> Preferred {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<(String, f32)> = values.flat_map(|value| value.split(',')).filter_map(range).collect();
    let quality = |wanted: &str| ranges.iter().find(|(name, _)| name == wanted).map(|(_, quality)| *quality);
    let tokens = TOKEN_TYPES.into_iter().map(|name| (name, JSON_TYPES[0]));
    let names = JSON_TYPES.into_iter().map(|name| (name, name)).chain(tokens);
    let named = names.filter_map(|(name, media)| Some((media, quality(name).filter(|q| *q > 0.0)?)));
    // The first of the best: max_by would take the last.
    let best = named.fold(None, |best: Option<(&str, f32)>, each| match best {
        Some(best) if best.1 >= each.1 => Some(best),
        _ => Some(each),
    });
    match (best, quality("text/html").or_else(|| quality("application/xhtml+xml"))) {
        (Some((_, json)), Some(html)) if html >= json => Preferred::Html,
        (Some((name, _)), _) => Preferred::Json(name),
        (None, _) => Preferred::Html,
    }
}

/// One media range and its quality. Parameters other than `q` do not matter here.
fn range(text: &str) -> Option<(String, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| name.contains('/'))?.to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
    Some((name, quality))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Preferred {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        preferred(&headers)
    }

    #[test]
    fn browsers_and_previews_get_the_page() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            "*/*",
            "text/html, application/json",
            "application/json;q=0.5, text/html;q=0.9",
            "application/json;q=0",
            "nonsense",
        ] {
            assert_eq!(of(accept), Preferred::Html, "{accept}");
        }
        assert_eq!(preferred(&HeaderMap::new()), Preferred::Html);
    }

    #[test]
    fn machines_get_what_they_name() {
        assert_eq!(of("application/json, text/plain, */*"), Preferred::Json("application/json"));
        assert_eq!(of("application/vc+ld+json"), Preferred::Json("application/vc+ld+json"));
        assert_eq!(of("application/ld+json;q=0.9, application/json;q=0.5"), Preferred::Json("application/ld+json"));
        assert_eq!(of("application/vc+jwt"), Preferred::Json("application/vc+ld+json"));
        assert_eq!(of("Application/VC, application/json"), Preferred::Json("application/vc"));
        assert_eq!(of("text/html;q=0.2, application/json"), Preferred::Json("application/json"));
        let profiled = r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;
        assert_eq!(of(profiled), Preferred::Json("application/ld+json"));
    }
}
