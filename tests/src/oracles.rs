//! Other people's verifiers, as `tests/oracles/README.md` describes them.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An oracle: what to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// Digital Bazaar's stack, from npm.
    Npm,
    /// `openbadgeslib`, from `PyPI`.
    Pypi,
    /// `jose`, from npm: tokens, each under the key that the job gives.
    Jose,
}

/// What an oracle says of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// None when its library lacks the suite.
    pub verified: Option<bool>,
    /// What the status list says.
    pub revoked: bool,
    /// Why not.
    pub error: String,
}

/// Where the oracles are installed; none (outside of CI) means that what needs them cannot run.
pub fn installed() -> Option<PathBuf> {
    let folder = std::env::var_os("LAUREL_ORACLES").map(PathBuf::from);
    assert!(folder.is_some() || std::env::var_os("CI").is_none(), "LAUREL_ORACLES must be set in CI");
    folder
}

impl Oracle {
    /// Those that know credentials with their proof inside.
    pub const ALL: [Self; 2] = [Self::Npm, Self::Pypi];

    /// Asks about credentials (exact texts), with what a verifier would fetch by URL.
    pub fn ask(self, folder: &Path, credentials: &[String], documents: &BTreeMap<String, String>) -> Vec<Verdict> {
        self.ask_under(folder, credentials, documents, &Value::Null)
    }

    /// The same about tokens that were signed with one key (Ed25519, P-256 or RSA), given as a JSON Web Key. Only [`Oracle::Jose`] looks at it.
    pub fn ask_under(
        self,
        folder: &Path,
        credentials: &[String],
        documents: &BTreeMap<String, String>,
        jwk: &Value,
    ) -> Vec<Verdict> {
        let alg = match jwk["kty"].as_str() {
            Some("EC") => "ES256",
            Some("RSA") => "RS256",
            _ => "EdDSA",
        };
        let named = credentials
            .iter()
            .enumerate()
            .map(|(number, text)| json!({ "name": number.to_string(), "document": text, "jwk": jwk, "alg": alg }));
        let job = json!({ "credentials": named.collect::<Vec<_>>(), "documents": documents });
        let script = match self {
            Self::Npm => "verify.mjs",
            Self::Pypi => "verify.py",
            Self::Jose => "token.mjs",
        };
        run(folder, script, &job).iter().map(verdict).collect()
    }
}

/// What one of the scripts answers to a job: a line for each credential in it.
pub fn run(folder: &Path, script: &str, job: &Value) -> Vec<Value> {
    let is_python = Path::new(script).extension().is_some_and(|extension| extension == "py");
    let program = if is_python { folder.join("venv/bin/python") } else { PathBuf::from("node") };
    let mut command = Command::new(program);
    let mut process = command.arg(folder.join(script)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(job.to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert_ne!(output.status.code(), Some(2), "the job could not be read");
    let lines = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), job["credentials"].as_array().unwrap().len(), "{lines}");
    answers
}

fn verdict(line: &Value) -> Verdict {
    Verdict {
        verified: line["verified"].as_bool(),
        revoked: line["revoked"].as_bool().unwrap_or(false),
        error: line["error"].to_string(),
    }
}
