//! What an app says of itself when it registers (Badge Connect), above all where codes are to be sent: the host that we read in an
//! address is the one that a browser goes to.

use laurel_core::clients::{ClientScope, Metadata};
use url::Url;

use crate::Target;

/// Private to its crate, so compiled in here.
#[path = "../../../../host/laurel-core/src/clients/redirect.rs"]
mod redirect;

pub(super) const TARGET: Target = Target {
    name: "clients",
    reads: "an app's metadata, one of its addresses, or scopes",
    run,
    seeds,
    words: &[
        "https://",
        "http://",
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0x7f",
        "@",
        ":443",
        ":",
        "/",
        "?",
        "//",
        "..",
        "%2e",
        "%40",
        "xn--",
        "\"redirect_uris\":",
        "\"scope\":",
        "\"contacts\":",
        "offline_access",
        "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly",
        "null",
    ],
    tries: 6000,
};

fn run(bytes: &[u8]) {
    if let Ok(metadata) = serde_json::from_slice::<Metadata>(bytes) {
        metadata.redirect_uris.iter().for_each(|address| check(address));
        scopes(&metadata.scope);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(text);
        scopes(text);
    }
}

fn check(address: &str) {
    let browser = Url::parse(address);
    if let (Ok(host), Ok(browser)) = (redirect::https_host(address), &browser) {
        assert_eq!(browser.scheme(), "https");
        assert_eq!(browser.host_str(), Some(host.as_str()), "{address}");
    }
    if redirect::is_loopback(address) {
        let host = browser.as_ref().ok().and_then(Url::host_str);
        assert!(browser.is_err() || matches!(host, Some("127.0.0.1" | "localhost")), "{address}");
    }
    if let (Some(origin), Ok(browser)) = (redirect::origin(address), &browser) {
        let read = Url::parse(&origin).map(|origin| origin.origin());
        assert_eq!(read, Ok(browser.origin()), "{address}");
    }
}

fn scopes(text: &str) {
    if let Ok(scopes) = ClientScope::parse_list(text) {
        assert_eq!(ClientScope::parse_list(&ClientScope::write_list(&scopes)), Ok(scopes));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let metadata = r#"{"client_name":"Wallet","client_uri":"https://wallet.example","redirect_uris":["https://wallet.example/back?x=1","http://127.0.0.1:8123/"],"contacts":["a@wallet.example"],"grant_types":["authorization_code"],"response_types":["code"],"scope":"offline_access","application_type":"native"}"#;
    let texts = [
        metadata.to_owned(),
        "https://App.Example:8443/back".to_owned(),
        "http://localhost:1/".to_owned(),
        ClientScope::write_list(&ClientScope::ALL),
    ];
    texts.map(String::into_bytes).to_vec()
}
