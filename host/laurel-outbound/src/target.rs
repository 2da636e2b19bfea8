//! Where a request wants to go, judged before any name is looked up.

use std::net::IpAddr;

use laurel_core::plugins::OutboundError;
use url::{Host, Url};

use crate::client::Settings;

/// A destination that may be looked up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// A DNS name, or an address in plain.
    pub(crate) host: Host<String>,
    pub(crate) port: u16,
    pub(crate) tls: bool,
    /// Path and query, as they go on the wire.
    pub(crate) path: String,
    /// The host is this machine, and the settings allow that.
    pub(crate) loopback: bool,
}

/// The ports that are open, beside 443.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ports {
    /// None.
    Https,
    /// Those from 1,024 on. Those below belong to other protocols, whose servers are not to be spoken to in TLS.
    Unprivileged,
}

impl Ports {
    fn open(self, port: u16) -> bool {
        port == 443 || (self == Self::Unprivileged && port >= 1_024)
    }

    fn named(self) -> &'static str {
        match self {
            Self::Https => "only 443 is open",
            Self::Unprivileged => "only 443 and those from 1024 on are open",
        }
    }
}

impl Target {
    /// Parses once, as browsers do, so that nothing later can read the URL differently.
    pub(crate) fn parse(
        url: &str,
        allowed_hosts: &[String],
        ports: Ports,
        settings: &Settings,
    ) -> Result<Self, OutboundError> {
        let url = Url::parse(url).map_err(|error| refuse(format!("the URL cannot be read: {error}")))?;
        let host = url.host().ok_or_else(|| refuse("the URL names no host"))?.to_owned();
        let name = host.to_string();
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("the URL names a user: send an authorization header instead"));
        }
        if !allowed_hosts.contains(&name) {
            return Err(refuse(format!("the host {name:?} is not on the list of this request")));
        }
        let loopback = settings.allow_loopback && is_loopback(&host);
        let port = url.port_or_known_default().unwrap_or(0);
        match url.scheme() {
            "https" if ports.open(port) || loopback => {}
            "http" if loopback => {}
            "https" => return Err(refuse(format!("port {port}: {}", ports.named()))),
            scheme => return Err(refuse(format!("scheme {scheme:?}: only https leaves the house"))),
        }
        if let Host::Domain(name) = &host
            && !loopback
            && (!name.contains('.') || name.ends_with('.'))
        {
            return Err(refuse(format!("the host {name:?} is no full name")));
        }
        let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        Ok(Self { host, port, tls: url.scheme() == "https", path, loopback })
    }
}

fn refuse(why: impl Into<String>) -> OutboundError {
    OutboundError::NotAllowed(why.into())
}

fn is_loopback(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str, allow_loopback: bool) -> Result<Target, OutboundError> {
        parse_for(url, Ports::Https, allow_loopback)
    }

    fn parse_for(url: &str, ports: Ports, allow_loopback: bool) -> Result<Target, OutboundError> {
        let hosts = ["api.example.org", "localhost", "127.0.0.1", "intranet", "example.org."].map(str::to_owned);
        Target::parse(url, &hosts, ports, &Settings { allow_loopback, ..Settings::default() })
    }

    #[test]
    fn documents_may_lie_behind_a_port_that_is_no_other_protocols() {
        let port =
            |port: u16| parse_for(&format!("https://api.example.org:{port}/did.json"), Ports::Unprivileged, false);
        for open in [443, 1_024, 8_443, 65_535] {
            assert_eq!(port(open).unwrap().port, open);
        }
        for closed in [0, 22, 25, 80, 1_023] {
            let refused = port(closed).unwrap_err().to_string();
            assert!(refused.contains("only 443 and those from 1024 on"), "{refused}");
        }
        assert!(parse_for("http://api.example.org:8443/", Ports::Unprivileged, false).is_err());
    }

    #[test]
    fn https_to_a_listed_host() {
        let target = parse("https://API.example.org/a?b=c#d", false).unwrap();
        assert_eq!((target.path.as_str(), target.port, target.tls), ("/a?b=c", 443, true));
    }

    #[test]
    fn nothing_else() {
        for url in [
            "http://api.example.org/",
            "https://api.example.org:8443/",
            "https://api.example.org:22/",
            "https://user@api.example.org/",
            "https://:pass@api.example.org/",
            "https://api.example.org.evil.example/",
            "https://evil.example/api.example.org",
            "https://intranet/",
            "https://example.org./",
            "http://localhost/",
            "ftp://api.example.org/",
            "data:text/plain,x",
            "//api.example.org/",
        ] {
            assert!(matches!(parse(url, false), Err(OutboundError::NotAllowed(_))), "{url}");
        }
    }

    #[test]
    fn this_machine_only_when_the_settings_say_so() {
        for url in ["http://localhost:8080/", "http://127.0.0.1:1/x", "https://localhost:8443/", "http://2130706433:9/"]
        {
            assert!(parse(url, true).unwrap().loopback, "{url}");
            assert!(parse(url, false).is_err(), "{url}");
        }
        assert!(parse("http://api.example.org/", true).is_err());
    }
}
