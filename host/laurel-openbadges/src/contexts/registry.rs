//! The contexts a processor knows, by URL.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::compile::{ContextError, compile};
use super::model::Context;
use super::table;

/// The contexts documents may name (JSON-LD 1.1 API, section 4.1).
///
/// [`Contexts::bundled`] holds what Open Badges need. A clone is cheap enough to make once per process;
/// add an operator's own contexts to it and pass it wherever this crate asks for one.
#[derive(Debug, Clone)]
pub struct Contexts {
    by_url: HashMap<Box<str>, Arc<Context>>,
}

static TABLES: &[(&str, &str)] = &[
    ("https://www.w3.org/ns/credentials/v2", include_str!("tables/credentials-v2.terms")),
    ("https://www.w3.org/2018/credentials/v1", include_str!("tables/credentials-v1.terms")),
    ("https://www.w3.org/ns/credentials/examples/v2", "vocab https://www.w3.org/ns/credentials/examples#"),
    ("https://www.w3.org/ns/credentials/undefined-terms/v2", "vocab https://www.w3.org/ns/credentials/undefined-term#"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", include_str!("tables/open-badges-3.0.3.terms")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", include_str!("tables/open-badges-3.0.2.terms")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", include_str!("tables/open-badges-3.0.1.terms")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context.json", include_str!("tables/open-badges-3.0.terms")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", include_str!("tables/open-badges-extensions.terms")),
    ("https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", include_str!("tables/clr-2.0.1.terms")),
    ("https://purl.imsglobal.org/spec/clr/v2p0/context.json", include_str!("tables/clr-2.0.terms")),
    ("https://w3id.org/security/data-integrity/v1", include_str!("tables/data-integrity-v1.terms")),
    ("https://w3id.org/security/data-integrity/v2", include_str!("tables/data-integrity-v2.terms")),
    ("https://w3id.org/security/multikey/v1", include_str!("tables/multikey-v1.terms")),
    ("https://w3id.org/security/suites/ed25519-2020/v1", include_str!("tables/ed25519-2020-v1.terms")),
    ("https://www.w3.org/ns/did/v1", include_str!("tables/did-v1.terms")),
];

static BUNDLED: LazyLock<Contexts> = LazyLock::new(|| Contexts {
    by_url: TABLES.iter().map(|(url, text)| ((*url).into(), Arc::new(table::read(text)))).collect(),
});

impl Contexts {
    /// The contexts that are part of this crate: Verifiable Credentials 1.1 and 2.0, Open Badges 3.0.0 to
    /// 3.0.3 and its extensions, CLR 2.0, Data Integrity 1 and 2, Multikey, Ed25519-2020, DID 1.0.
    pub fn bundled() -> &'static Self {
        &BUNDLED
    }

    /// Adds, or replaces, the context at `url` by the file `json` (`{"@context": {…}}`) (JSON-LD 1.1 API, section 4.1.2).
    ///
    /// # Errors
    /// If the file is not JSON or uses a feature no credential context uses (`@import`, `@reverse`,
    /// `@nest`, containers other than set, list, graph and language).
    pub fn add(&mut self, url: &str, json: &[u8]) -> Result<(), ContextError> {
        self.by_url.insert(url.into(), Arc::new(compile(json)?));
        Ok(())
    }

    /// The URLs of all known contexts, sorted.
    pub fn urls(&self) -> Vec<&str> {
        let mut urls: Vec<&str> = self.by_url.keys().map(AsRef::as_ref).collect();
        urls.sort_unstable();
        urls
    }

    /// Whether the context at `url` says exactly what the file `json` says.
    ///
    /// This is how the bundled tables are proven equal to the contexts their publishers serve.
    ///
    /// # Errors
    /// As for [`Contexts::add`].
    pub fn matches(&self, url: &str, json: &[u8]) -> Result<bool, ContextError> {
        let published = compile(json)?;
        Ok(self.get(url).is_some_and(|known| **known == published))
    }

    pub(crate) fn get(&self, url: &str) -> Option<&Arc<Context>> {
        self.by_url.get(url)
    }
}
