//! Who is asked whether a credential holds: our own command, and verifiers that others wrote.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::client::Client;
use crate::process;

/// One verifier's answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) verifier: &'static str,
    /// Every proof, the dates and the form hold; none where the verifier does not know the suite.
    pub(super) proof: Option<bool>,
    pub(super) revoked: bool,
    pub(super) detail: String,
}

/// The verifiers that are there.
#[derive(Debug)]
pub(super) struct Verifiers {
    laurel: PathBuf,
    oracles: Vec<(&'static str, Vec<PathBuf>)>,
    /// Those that are not installed.
    pub(super) missing: Vec<&'static str>,
}

impl Verifiers {
    pub(super) fn find(laurel: &Path, oracles: &Path) -> Self {
        let (npm, modules) = (oracles.join("verify.mjs"), oracles.join("node_modules"));
        let (pypi, python) = (oracles.join("verify.py"), oracles.join("venv/bin/python"));
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for (name, installed, command) in [
            ("npm", npm.is_file() && modules.is_dir(), vec![PathBuf::from("node"), npm]),
            ("PyPI", pypi.is_file() && python.is_file(), vec![python, pypi]),
        ] {
            if installed { found.push((name, command)) } else { missing.push(name) }
        }
        Self { laurel: laurel.to_owned(), oracles: found, missing }
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        std::iter::once("laurel").chain(self.oracles.iter().map(|(name, _)| *name)).collect()
    }

    /// Asks all of them about the credential at a URL; `document` is its text.
    pub(super) fn ask(&self, client: &Client, url: &str, document: &str) -> Result<Vec<Answer>> {
        let mut answers = vec![self.ask_laurel(url.as_ref())?];
        answers.extend(self.ask_others(client, document)?);
        Ok(answers)
    }

    /// The same about a document that stands at no URL.
    pub(super) fn ask_about(&self, client: &Client, document: &str) -> Result<Vec<Answer>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("credential.json");
        std::fs::write(&file, document)?;
        let mut answers = vec![self.ask_laurel(file.as_os_str())?];
        answers.extend(self.ask_others(client, document)?);
        Ok(answers)
    }

    fn ask_others(&self, client: &Client, document: &str) -> Result<Vec<Answer>> {
        let job =
            json!({ "credentials": [{ "name": "demo", "document": document }], "documents": lists(client, document)? });
        self.oracles.iter().map(|(name, command)| ask_oracle(name, command, &job.to_string())).collect()
    }

    fn ask_laurel(&self, source: &OsStr) -> Result<Answer> {
        let mut command = Command::new(&self.laurel);
        command.args(["credential", "verify", "--json", "--allow-loopback"]).arg(source);
        let output = process::capture(&mut command)?;
        let report: Value =
            serde_json::from_slice(&output.stdout).context("`laurel credential verify` wrote no JSON")?;
        let failed = |check: &&Value| check["outcome"] != "pass" && check["id"] != "status";
        let faults: Vec<&Value> = report["checks"].as_array().into_iter().flatten().filter(failed).collect();
        let detail = faults.iter().filter_map(|check| check["message"].as_str()).collect::<Vec<_>>().join(" ");
        let agrees = output.status.success() == (report["verdict"] == "valid");
        let (proof, revoked) = (Some(faults.is_empty() && agrees), report["revoked"] == true);
        Ok(Answer { verifier: "laurel", proof, revoked, detail })
    }
}

fn ask_oracle(name: &'static str, command: &[PathBuf], job: &str) -> Result<Answer> {
    let (program, args) = command.split_first().context("a verifier without a command")?;
    let mut child = Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().context("the verifier takes no input")?.write_all(job.as_bytes())?;
    let output = child.wait_with_output()?;
    let line: Value = serde_json::from_slice(&output.stdout).with_context(|| format!("{name} wrote no JSON"))?;
    let detail = line["error"].as_str().or(line["skipped"].as_str()).unwrap_or_default().to_owned();
    Ok(Answer { verifier: name, proof: line["verified"].as_bool(), revoked: line["revoked"] == true, detail })
}

/// The status lists that a credential names, as the host publishes them now.
fn lists(client: &Client, document: &str) -> Result<BTreeMap<String, String>> {
    let document: Value = serde_json::from_str(document)?;
    let status = &document["credentialStatus"];
    let entries = status.as_array().map_or(std::slice::from_ref(status), Vec::as_slice);
    let mut lists = BTreeMap::new();
    for url in entries.iter().filter_map(|entry| entry["statusListCredential"].as_str()) {
        let path = url.splitn(4, '/').nth(3).with_context(|| format!("{url} has no path"))?;
        let answer = client.send("GET", &format!("/{path}"), &[("accept", "application/vc")], b"")?;
        lists.insert(url.to_owned(), String::from_utf8(answer.body)?);
    }
    Ok(lists)
}

/// The same credential with one character of a name changed.
pub(super) fn tampered(document: &str) -> String {
    document.replacen("Acme Academy", "Acne Academy", 1)
}
