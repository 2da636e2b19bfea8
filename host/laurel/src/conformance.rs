//! `laurel serve --conformance`: stands up what the suites of the W3C and its Credentials Community Group test against, over TLS.
//!
//! An organisation with a `did:key` for each cryptosuite, a token that may issue for them, the context of the specifications' examples,
//! and a file that a suite reads as its `localConfig.cjs`. `tests/conformance/README.md` says how to run the suites.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use laurel_core::House;
use laurel_core::awards::IssuerIdentity;
use laurel_core::organisations::{
    self, Issuer, NewOrganisation, Organisation, Particulars, Profile, StatusEntries, Suite,
};
use laurel_core::tokens::{self, NewToken, Scope};
use laurel_http::Tls;
use laurel_openbadges::contexts::Contexts;
use serde_json::{Value, json};

use crate::host::explain;

/// Defines every term there is, so it belongs to no other host.
const EXAMPLES: (&str, &str) = (
    "https://www.w3.org/ns/credentials/examples/v2",
    r#"{"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}"#,
);

/// The issuer instances: slug and suite.
const INSTANCES: [(&str, Suite); 2] =
    [("eddsa-rdfc-2022", Suite::EddsaRdfc2022), ("eddsa-jcs-2022", Suite::EddsaJcs2022)];

/// The contexts of the host, and that of the examples.
pub(crate) fn contexts(contexts: &Contexts) -> Result<Contexts> {
    let mut contexts = contexts.clone();
    contexts.add(EXAMPLES.0, EXAMPLES.1.as_bytes()).context("the context of the examples")?;
    Ok(contexts)
}

/// A certificate that nobody vouches for, made anew at each start.
pub(crate) fn certificate() -> Result<Tls> {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).context("cannot make a certificate")?;
    Ok(Tls::new(made.cert.pem().as_bytes(), made.signing_key.serialize_pem().as_bytes())?)
}

/// Makes the instances that are not there yet, and writes the file for the suites; returns where it is.
pub(crate) async fn prepare(house: &House, data: &Path) -> Result<PathBuf> {
    let new = NewToken {
        organisation: None,
        name: "conformance".to_owned(),
        scopes: vec![Scope::Platform, Scope::Award],
        assertions: None,
    };
    let (_, token) = tokens::issue(house, new).await.map_err(explain)?;
    let mut instances = Vec::new();
    for (slug, suite) in INSTANCES {
        let organisation = instance(house, slug, suite).await?;
        instances.push((slug, issuer(house, &organisation).await?));
    }
    let file = data.join("localConfig.cjs");
    let text = format!("module.exports = {};\n", local_config(&house.base_url, &instances, &token));
    std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

async fn instance(house: &House, slug: &str, suite: Suite) -> Result<Organisation> {
    if let Some(found) = house.store.organisation_by_slug(slug).await? {
        return Ok(found);
    }
    let profile = Profile {
        name: format!("Conformance, {slug}"),
        url: None,
        description: None,
        email: None,
        particulars: Particulars::default(),
        status_entries: StatusEntries::One,
        status_messages: Vec::new(),
    };
    let new = NewOrganisation { slug: slug.to_owned(), profile, issuer: Issuer::DidKey, suite };
    organisations::create(house, new).await.map_err(explain)
}

async fn issuer(house: &House, organisation: &Organisation) -> Result<String> {
    let key = house.store.active_key(organisation.id).await?.context("a conformance instance has no key")?;
    Ok(IssuerIdentity::of(organisation, &key.public)?.id)
}

fn local_config(base_url: &str, instances: &[(&str, String)], token: &str) -> Value {
    let headers = json!({ "authorization": format!("Bearer {token}") });
    let endpoint = |slug: &str, place: &str| format!("{base_url}/vc/{slug}/{place}");
    let (mut issuers, mut verifiers, mut presentations) = (Vec::new(), Vec::new(), Vec::new());
    for (slug, id) in instances {
        let tags: &[&str] = match *slug {
            "eddsa-rdfc-2022" => &["eddsa-rdfc-2022", "vc2.0", "vc-api"],
            other => &[other],
        };
        let supports = json!({ "vc": ["1.1", "2.0"] });
        issuers.push(json!({ "id": id, "endpoint": endpoint(slug, "credentials/issue"), "headers": headers,
            "supports": supports, "tags": tags }));
        let mut verifier_tags = tags.to_vec();
        verifier_tags.push("BitstringStatusList");
        verifiers.push(json!({ "id": id, "endpoint": endpoint(slug, "credentials/verify"), "supports": supports,
            "tags": verifier_tags }));
        presentations
            .push(json!({ "id": id, "endpoint": endpoint(slug, "presentations/verify"), "tags": verifier_tags }));
    }
    let status = json!({ "credentialStatus": { "statusPurpose": "revocation" } });
    let (slug, id) = &instances[0];
    issuers.push(json!({ "id": id, "endpoint": endpoint(slug, "credentials/issue"), "headers": headers,
        "options": status, "tags": ["BitstringStatusList"] }));
    json!({
        "settings": { "enableInteropTests": false, "testAllImplementations": false },
        "implementations": [{
            "name": "Laurel", "implementation": "Laurel",
            "issuers": issuers, "verifiers": verifiers, "vpVerifiers": presentations,
        }],
    })
}
