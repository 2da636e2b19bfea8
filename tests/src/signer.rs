//! The signer as a process of its own, with the master key in a folder of its own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

use crate::host::program;

/// A signer process; it comes and goes on the same folder.
#[derive(Debug)]
pub struct Signer {
    folder: TempDir,
    process: Option<Child>,
}

impl Signer {
    /// Starts one with a fresh master key.
    pub fn start() -> Self {
        let mut signer = Self { folder: TempDir::new().unwrap(), process: None };
        signer.resume_life();
        signer
    }

    /// Starts the process again after [`Signer::kill`]; returns when it listens.
    pub fn resume_life(&mut self) {
        assert!(self.process.is_none(), "it is alive");
        let mut command = Command::new(program());
        command.args(["signer", "--make-master-key", "--socket"]).arg(self.socket());
        command.arg("--data-dir").arg(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped());
        if std::env::var_os("LAUREL_TEST_LOG").is_none() {
            command.stderr(Stdio::null());
        }
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        self.process = Some(process);
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.starts_with("signing on "), "the signer ended; LAUREL_TEST_LOG=1 shows why: {line}");
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Forgets the master key, and with it every key there is: the process that starts next makes another.
    pub fn lose_master_key(&self) {
        assert!(self.process.is_none(), "it is alive");
        std::fs::remove_file(self.folder.path().join("master.key")).unwrap();
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("signer.socket")
    }

    /// Its process.
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("it is alive").id()
    }

    /// The master key, as only its folder has it.
    pub fn master_key(&self) -> Vec<u8> {
        let text = std::fs::read_to_string(self.folder.path().join("master.key")).unwrap();
        hex::decode(text.trim()).unwrap()
    }
}

impl Drop for Signer {
    fn drop(&mut self) {
        self.kill();
    }
}
