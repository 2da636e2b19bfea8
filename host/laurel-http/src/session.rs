//! Who is looking at a page: the session cookie of an earner, and the cookie that remembers where somebody wanted to go before signing in.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use laurel_core::sign_in::{self, Earner, LINK_LIFE, SESSION_LIFE};
use laurel_core::{Error, House};

/// The longest cookie that is looked at, or set.
const MAX: usize = 3500;

/// An earner who is signed in, in this browser.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) earner: Earner,
    secret: String,
}

impl SignedIn {
    /// Who sent this request, if somebody signed in.
    pub(crate) async fn find(house: &House, headers: &HeaderMap) -> Result<Option<Self>, Error> {
        let Some(secret) = cookie(headers, &name(house, "session")) else { return Ok(None) };
        let earner = sign_in::earner(house, secret).await?;
        Ok(earner.map(|earner| Self { earner, secret: secret.to_owned() }))
    }

    /// What a form of this session carries.
    pub(crate) fn form_token(&self) -> String {
        sign_in::form_token(&self.secret)
    }

    /// Whether a form is one of this session.
    pub(crate) fn is_own(&self, headers: &HeaderMap, token: &str) -> bool {
        is_same_site(headers) && token == self.form_token()
    }

    /// Ends the session.
    pub(crate) async fn end(&self, house: &House) -> Result<(), Error> {
        sign_in::sign_out(house, &self.secret).await
    }
}

/// Whether a form was sent from one of our own pages, as far as the browser says.
pub(crate) fn is_same_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}

/// Begins a session in this browser.
pub(crate) fn begin(house: &House, secret: &str) -> Option<HeaderValue> {
    set(house, "session", secret, SESSION_LIFE / 1000)
}

/// Takes the session out of this browser.
pub(crate) fn forget(house: &House) -> Option<HeaderValue> {
    set(house, "session", "", 0)
}

/// Remembers where somebody wanted to go; none when the address is too long to be remembered.
pub(crate) fn remember_way(house: &House, way: &str) -> Option<HeaderValue> {
    set(house, "way", way, LINK_LIFE / 1000)
}

/// Where somebody wanted to go, if it is a place to which one may be sent.
pub(crate) fn way<'h>(house: &House, headers: &'h HeaderMap, allowed: &str) -> Option<&'h str> {
    cookie(headers, &name(house, "way")).filter(|way| way.starts_with(allowed))
}

/// Forgets where somebody wanted to go.
pub(crate) fn forget_way(house: &House) -> Option<HeaderValue> {
    set(house, "way", "", 0)
}

fn is_secure(house: &House) -> bool {
    house.base_url.starts_with("https://")
}

/// Over TLS the name itself keeps other hosts of the domain from setting the cookie.
fn name(house: &House, what: &str) -> String {
    let prefix = if is_secure(house) { "__Host-" } else { "" };
    format!("{prefix}laurel-{what}")
}

fn set(house: &House, what: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
    if value.len() > MAX || !value.bytes().all(plain) {
        return None;
    }
    let secure = if is_secure(house) { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(house, what));
    HeaderValue::try_from(cookie).ok()
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, value)| *known == name && !value.is_empty() && value.len() <= MAX).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; laurel-session=x=y;b"));
        headers.append(COOKIE, HeaderValue::from_static("c=3"));
        assert_eq!(cookie(&headers, "laurel-session"), Some("x=y"));
        assert_eq!(cookie(&headers, "c"), Some("3"));
        assert_eq!(cookie(&headers, "b"), None);
    }

    #[test]
    fn forms_of_other_sites_are_known() {
        let from = |site: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            is_same_site(&headers)
        };
        assert!(from("same-origin") && from("none") && is_same_site(&HeaderMap::new()));
        assert!(!from("cross-site") && !from("same-site"));
    }
}
