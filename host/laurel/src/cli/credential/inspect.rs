//! `laurel credential inspect`

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clap::Args;
use serde_json::{Value, json};

use super::source::Source;
use crate::cli::block_on;

/// Show what a credential says of itself, without verifying any of it
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    source: Source,
    /// Print the whole document (and the header of a token) as one JSON document
    #[arg(long)]
    json: bool,
}

/// What a credential consists of.
struct Parts {
    form: &'static str,
    /// Of a token.
    header: Option<Value>,
    document: Value,
}

impl Inspect {
    pub(crate) fn run(self) -> Result<()> {
        let found = block_on(self.source.credential())?;
        let parts = read(&found.text, found.form)?;
        if self.json {
            println!("{}", json!({ "form": parts.form, "header": parts.header, "document": parts.document }));
        } else {
            for (name, value) in lines(&parts) {
                println!("{name:>12}  {value}");
            }
        }
        Ok(())
    }
}

fn read(text: &[u8], form: &'static str) -> Result<Parts> {
    if let Ok(document) = serde_json::from_slice(text) {
        return Ok(Parts { form, header: None, document });
    }
    let text = std::str::from_utf8(text).context("this is neither a document nor a token")?.trim();
    let mut parts = text.split('.').map(|part| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok()
    });
    let header = parts.next().flatten().filter(Value::is_object).context("this is neither a document nor a token")?;
    let document = parts.next().flatten().context("the token's payload is no JSON")?;
    Ok(Parts { form, header: Some(header), document })
}

fn lines(parts: &Parts) -> Vec<(&'static str, String)> {
    let mut lines = vec![("form", parts.form.to_owned())];
    if let Some(header) = &parts.header {
        lines.push(("token", header.to_string()));
    }
    // The older data model wraps the credential in the claim `vc`.
    let document = parts.document.get("vc").filter(|vc| vc.is_object()).unwrap_or(&parts.document);
    let mut add = |name, pointer: &str| {
        if let Some(value) = document.pointer(pointer) {
            lines.push((name, shown(value)));
        }
    };
    for (name, pointer) in [
        ("id", "/id"),
        ("type", "/type"),
        ("name", "/name"),
        ("issuer", "/issuer"),
        ("subject", "/credentialSubject/id"),
        ("achievement", "/credentialSubject/achievement/name"),
        ("valid from", "/validFrom"),
        ("issued", "/issuanceDate"),
        ("valid until", "/validUntil"),
        ("expires", "/expirationDate"),
    ] {
        add(name, pointer);
    }
    for (name, member) in [("status", "credentialStatus"), ("proof", "proof")] {
        let value = document.get(member).unwrap_or(&Value::Null);
        let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        lines.extend(all.iter().filter(|each| !each.is_null()).map(|each| (name, shown(each))));
    }
    lines.push(("", "not verified: see laurel credential verify".to_owned()));
    lines
}

/// A value on one line.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.escape_debug().to_string(),
        other => other.to_string(),
    }
}
