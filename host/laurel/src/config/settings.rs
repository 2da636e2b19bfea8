//! The settings as the program uses them. What each one does stands in `laurel.default.toml`.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

use laurel_core::plugins::Limits;
use laurel_core::status::SIZES;
use serde::Deserialize;

use super::ConfigError;

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    base_url: String,
    pub(crate) data_dir: PathBuf,
    database: String,
    pub(crate) node: String,
    master_key_file: PathBuf,
    signer: PathBuf,
    pub(crate) leases: Leases,
    pub(crate) workers: Workers,
    pub(crate) status: Status,
    pub(crate) http: Http,
    pub(crate) earners: Earners,
    pub(crate) outbound: Outbound,
    pub(crate) plugins: Plugins,
    /// Files by the URL of their context.
    pub(crate) contexts: HashMap<String, PathBuf>,
    /// No setting but a flag of `laurel serve`: stand up what the conformance suites need.
    #[serde(skip)]
    pub(crate) conformance: bool,
    pub(crate) log: Log,
}

/// `[leases]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Leases {
    pub(crate) ttl_millis: u64,
}

/// `[workers]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Workers {
    pipeline: usize,
    signing: usize,
    pub(crate) batch: usize,
    poll_millis: u64,
}

/// `[status]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Status {
    pub(crate) tick_millis: u64,
    pub(crate) list_size: u32,
}

/// `[http]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) max_request: usize,
    pub(crate) max_component: usize,
    pub(crate) token_memory_millis: u64,
    pub(crate) connections: usize,
    pub(crate) first_byte_millis: u64,
    pub(crate) headers_millis: u64,
    pub(crate) header_count: usize,
    pub(crate) head_bytes: usize,
    pub(crate) body_idle_millis: u64,
    pub(crate) request_millis: u64,
    pub(crate) farewell_millis: u64,
    tls_certificate: PathBuf,
    tls_key: PathBuf,
    browser_verifier: PathBuf,
}

impl Http {
    /// The file of the verifier for browsers, if there is one.
    pub(crate) fn browser_verifier(&self) -> Option<&Path> {
        (!self.browser_verifier.as_os_str().is_empty()).then_some(&*self.browser_verifier)
    }

    /// The files of the certificate and its key, if the host speaks TLS itself.
    pub(crate) fn tls(&self) -> Option<(&Path, &Path)> {
        (!self.tls_certificate.as_os_str().is_empty()).then_some((&*self.tls_certificate, &*self.tls_key))
    }
}

/// `[earners]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Earners {
    privacy_policy: String,
    terms: String,
}

impl Earners {
    /// The address of the operator's privacy policy, if there is one.
    pub(crate) fn privacy_policy(&self) -> Option<String> {
        Some(self.privacy_policy.clone()).filter(|address| !address.is_empty())
    }

    /// The address of the operator's terms, if there are any.
    pub(crate) fn terms(&self) -> Option<String> {
        Some(self.terms.clone()).filter(|address| !address.is_empty())
    }
}

/// `[outbound]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Outbound {
    pub(crate) allow_loopback: bool,
}

/// `[plugins]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Plugins {
    pub(crate) compile: Compile,
    pub(crate) large: bool,
    pub(crate) ceiling_fuel: u64,
    pub(crate) ceiling_running_millis: u64,
    pub(crate) ceiling_memory: usize,
    pub(crate) ceiling_output: usize,
    pub(crate) ceiling_log_lines: u32,
    /// By plugin name.
    pub(crate) limits: HashMap<String, Limits>,
}

/// `plugins.compile`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Compile {
    Child,
    InProcess,
}

/// `[log]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

/// `log.format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Which engine holds the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Config {
    /// The base URL for partners and verifiers, without a slash at the end. `bound` is where the host really listens.
    pub(crate) fn base_url(&self, bound: SocketAddr) -> String {
        match self.base_url.as_str() {
            "" if self.http.tls().is_some() || self.conformance => format!("https://{bound}"),
            "" => format!("http://{bound}"),
            url => url.to_owned(),
        }
    }

    /// Which database.
    pub(crate) fn database(&self) -> Database {
        match self.database.as_str() {
            "" => Database::Sqlite(self.data_dir.join("laurel.db")),
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Database::Postgres(url.to_owned())
            }
            path => Database::Sqlite(path.strip_prefix("sqlite:").unwrap_or(path).into()),
        }
    }

    /// Where the master key is, if the operator named a place.
    pub(crate) fn master_key_file(&self) -> Option<&Path> {
        (!self.master_key_file.as_os_str().is_empty()).then_some(&*self.master_key_file)
    }

    /// The socket of the signer process, if there is one.
    pub(crate) fn signer(&self) -> Option<&Path> {
        (!self.signer.as_os_str().is_empty()).then_some(&*self.signer)
    }

    pub(super) fn checked(self) -> Result<Self, ConfigError> {
        let fault = |text: &str| Err(ConfigError::Value(text.to_owned()));
        let is_web = self.base_url.starts_with("http://") || self.base_url.starts_with("https://");
        if !self.base_url.is_empty() && (!is_web || self.base_url.ends_with('/')) {
            return fault("base-url must begin with http:// or https:// and not end with a slash");
        }
        if self.http.tls_certificate.as_os_str().is_empty() != self.http.tls_key.as_os_str().is_empty() {
            return fault("http.tls-certificate and http.tls-key go together: set both or neither");
        }
        let is_address = |text: &str| text.is_empty() || text.starts_with("https://") || text.starts_with("http://");
        if !is_address(&self.earners.privacy_policy) || !is_address(&self.earners.terms) {
            return fault("earners.privacy-policy and earners.terms must be whole addresses, with https://");
        }
        if self.leases.ttl_millis < 100 {
            return fault("leases.ttl-millis must be 100 or more");
        }
        if !SIZES.contains(&self.status.list_size) || !self.status.list_size.is_multiple_of(8) {
            let (least, most) = (SIZES.start(), SIZES.end());
            return fault(&format!("status.list-size must be a multiple of 8 from {least} to {most}"));
        }
        if self.workers.batch == 0 {
            return fault("workers.batch must be 1 or more");
        }
        Ok(self)
    }
}

impl Leases {
    pub(crate) fn ttl(&self) -> Duration {
        Duration::from_millis(self.ttl_millis)
    }
}

impl Workers {
    /// Threads that fold events.
    pub(crate) fn pipeline(&self) -> usize {
        or_cores(self.pipeline)
    }

    /// Tasks that sign.
    pub(crate) fn signing(&self) -> usize {
        or_cores(self.signing)
    }

    /// How long an idle worker sleeps when nobody rings. A host that is alone rings itself for whatever is written.
    pub(crate) fn poll(&self, is_alone: bool) -> Duration {
        Duration::from_millis(match self.poll_millis {
            0 if is_alone => 250,
            0 => 25,
            millis => millis,
        })
    }
}

fn or_cores(number: usize) -> usize {
    if number > 0 { number } else { available_parallelism().map_or(1, std::num::NonZero::get) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Layers;

    #[test]
    fn the_document_says_what_the_code_does() {
        let config = Layers::defaults().unwrap().finish().unwrap();
        let http = laurel_http::Config::default();
        assert_eq!((config.http.max_request, config.http.max_component), (http.max_request, http.max_component));
        assert_eq!(Duration::from_millis(config.http.token_memory_millis), http.token_memory);
        let (ours, theirs) = (crate::http::limits(&config.http), laurel_http::ServeLimits::default());
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        assert_eq!(config.http.max_component, laurel_plugins::MAX_COMPONENT);
        assert_eq!(crate::sandbox::ceiling(&config.plugins), laurel_plugins::Ceiling::default());
        assert_eq!(config.outbound.allow_loopback, laurel_outbound::Settings::default().allow_loopback);
    }

    #[test]
    fn status_lists_have_a_size_that_hides_and_fits() {
        let with = |value: &str| Layers::defaults().unwrap().set("", "status.list-size", value).unwrap().finish();
        assert_eq!(with("131072").unwrap().status.list_size, *SIZES.start());
        assert_eq!(with("4194304").unwrap().status.list_size, *SIZES.end());
        for bad in ["131064", "131073", "4194312", "0"] {
            assert!(with(bad).unwrap_err().to_string().contains("multiple of 8 from 131072 to 4194304"), "{bad}");
        }
    }

    #[test]
    fn databases() {
        let with = |value: &str| {
            let layers = Layers::defaults().unwrap().set("--database", "database", value).unwrap();
            layers.finish().unwrap().database()
        };
        assert_eq!(with(""), Database::Sqlite("laurel-data/laurel.db".into()));
        assert_eq!(with("sqlite:/x/y.db"), Database::Sqlite("/x/y.db".into()));
        assert_eq!(with("postgres://h/d"), Database::Postgres("postgres://h/d".into()));
    }

    #[test]
    fn a_base_url_has_no_slash_at_the_end() {
        let with = |value: &str| Layers::defaults().unwrap().set("--base-url", "base-url", value).unwrap().finish();
        assert_eq!(with("https://b.example").unwrap().base_url("127.0.0.1:1".parse().unwrap()), "https://b.example");
        assert_eq!(with("").unwrap().base_url("127.0.0.1:1".parse().unwrap()), "http://127.0.0.1:1");
        assert!(with("https://b.example/").is_err() && with("b.example").is_err());
    }
}
