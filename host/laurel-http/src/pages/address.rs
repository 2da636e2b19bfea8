//! Addresses built from words.

use std::fmt::Write;

/// Percent-encodes everything but unreserved characters (RFC 3986), for a value in a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// An address with a query, which comes behind one that is there already.
pub(crate) fn with_query(base: &str, query: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let separator = if base.contains('?') { '&' } else { '?' };
    format!("{base}{separator}{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::with_query;

    #[test]
    fn queries() {
        assert_eq!(
            with_query("/verify", &[("url", "https://a/b?c&d=é")]),
            "/verify?url=https%3A%2F%2Fa%2Fb%3Fc%26d%3D%C3%A9"
        );
        assert_eq!(with_query("https://a/?b=c", &[("d", "e"), ("f", "g")]), "https://a/?b=c&d=e&f=g");
    }
}
