//! Addresses of clients. What is taken is spelled so plainly that a browser cannot read another host in it.

use std::net::Ipv4Addr;

/// The longest address.
const MAX: usize = 1000;

/// Host of an https address, in lower case.
///
/// # Errors
/// What to change.
pub(super) fn https_host(url: &str) -> Result<String, String> {
    let (host, _) = parts(url, "https://")?;
    Ok(host)
}

/// Whether an address leads to the very machine it is opened on, as native programs listen there (RFC 8252, section 7.3).
pub(super) fn is_loopback(url: &str) -> bool {
    parts(url, "http://").is_ok_and(|(host, _)| matches!(host.as_str(), "127.0.0.1" | "localhost"))
}

/// Scheme, host and port: what a content security policy names.
pub(super) fn origin(url: &str) -> Option<String> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let (host, port) = parts(url, scheme).ok()?;
        Some(port.map_or_else(|| format!("{scheme}{host}"), |port| format!("{scheme}{host}:{port}")))
    })
}

fn parts(url: &str, scheme: &str) -> Result<(String, Option<u16>), String> {
    let rest = url.strip_prefix(scheme).ok_or_else(|| format!("it must begin with {scheme}"))?;
    if url.len() > MAX {
        return Err(format!("it has more than {MAX} characters"));
    }
    // The characters of RFC 3986 but the number sign: a fragment would stay with the browser.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%".contains(&byte);
    if !url.bytes().all(plain) {
        return Err("it must be an address without a fragment, in plain characters".to_owned());
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.split_once(':') {
        None => (authority, None),
        Some((host, port)) => {
            let port: u16 = port.parse().map_err(|_| "its port must be a number".to_owned())?;
            (host, Some(port))
        }
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if host.is_empty() || host.starts_with(['.', '-']) || !host.bytes().all(is_name) {
        return Err("it must name a host by letters, digits, hyphens and points".to_owned());
    }
    let host = host.to_ascii_lowercase();
    if ends_in_number(&host) && !is_address(&host) {
        return Err("an address in numbers must be four of them, without zeros in front".to_owned());
    }
    Ok((host, port))
}

/// Whether a browser takes a host for an IPv4 address (WHATWG URL, "ends in a number"): also `0x7f` and `127.1`.
fn ends_in_number(host: &str) -> bool {
    let last = host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hexadecimal || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether it is an IPv4 address, written as every browser writes it.
fn is_address(host: &str) -> bool {
    host.parse::<Ipv4Addr>().is_ok_and(|address| address.to_string() == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (url, host) in [
            ("https://App.example", "app.example"),
            ("https://app.example:8443/cb?x=1&y=%20", "app.example"),
            ("https://app.example?x=@evil.example", "app.example"),
            ("https://192.0.2.1/", "192.0.2.1"),
            ("https://app.0xg/", "app.0xg"),
        ] {
            assert_eq!(https_host(url).as_deref(), Ok(host), "{url}");
        }
        for bad in [
            "http://app.example/cb",
            "https://app.example/cb#part",
            "https://good.example@evil.example/",
            "https://evil.example\\@good.example/",
            "https://good.example\r\nlocation: x",
            "https://[::1]/",
            "https://é.example/",
            "https:///cb",
            "https://-x/",
            "https://a b/",
            "https://a:b/",
            "javascript:alert(1)",
            "",
            // Found by fuzzing: browsers read an address in these.
            "https://0x7f",
            "https://127.1/",
            "https://a.0X7f./",
            "https://0127.0.0.1/",
        ] {
            assert!(https_host(bad).is_err(), "{bad:?}");
        }
        assert!(https_host(&format!("https://a.example/{}", "x".repeat(MAX))).is_err());
    }

    #[test]
    fn loopback_and_origins() {
        assert!(is_loopback("http://127.0.0.1:49152/cb") && is_loopback("http://localhost/cb"));
        assert!(!is_loopback("http://127.0.0.1.evil.example/") && !is_loopback("https://127.0.0.1/"));
        assert_eq!(origin("http://127.0.0.1:49152/cb").as_deref(), Some("http://127.0.0.1:49152"));
        assert_eq!(origin("https://App.example/cb?x").as_deref(), Some("https://app.example"));
    }
}
