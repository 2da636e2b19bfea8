//! The host as a process: started, killed, paused and started again on the same data.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

use crate::Client;

/// A place to live and how to live there; the process comes and goes.
#[derive(Debug)]
pub struct Host {
    folder: Arc<TempDir>,
    name: String,
    database: Option<String>,
    address: SocketAddr,
    base_url: String,
    settings: Vec<(String, String)>,
    token: Option<String>,
    process: Option<Child>,
    /// What all its lives have logged.
    log: Arc<Mutex<String>>,
}

impl Host {
    /// Starts a host on a fresh data folder. `database` as for `laurel serve --database`.
    pub fn start(database: Option<String>) -> Self {
        Self::start_with(database, &[])
    }

    /// The same with other settings (`leases.ttl-millis`, `2000`).
    pub fn start_with(database: Option<String>, settings: &[(&str, &str)]) -> Self {
        let address = free_address();
        let mut host = Self {
            folder: Arc::new(TempDir::new().unwrap()),
            name: "one".to_owned(),
            database,
            address,
            base_url: format!("http://{address}"),
            settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            token: None,
            process: None,
            log: Arc::default(),
        };
        host.resume_life();
        host
    }

    /// A second host on the same database, with the same master key and tokens, reached by the first one's name.
    #[must_use]
    pub fn second(&self) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        std::fs::copy(self.folder.path().join("master.key"), folder.path().join("master.key")).unwrap();
        let mut host = Self {
            folder,
            name: "two".to_owned(),
            database: self.database.clone(),
            address: free_address(),
            base_url: self.base_url.clone(),
            settings: self.settings.clone(),
            token: self.token.clone(),
            process: None,
            log: Arc::default(),
        };
        host.resume_life();
        host
    }

    /// Starts the process again after [`Host::kill`]; returns when it listens.
    pub fn resume_life(&mut self) {
        assert!(self.process.is_none(), "it is alive");
        let mut command = Command::new(program());
        command
            .args(["serve", "--listen", &self.address.to_string(), "--base-url", &self.base_url])
            .args(["--set", &format!("node={}", self.name), "--status-tick", "0"])
            .arg("--data-dir")
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        for (key, value) in &self.settings {
            command.args(["--set", &format!("{key}={value}")]);
        }
        let mut process = command.spawn().unwrap();
        keep(process.stderr.take().unwrap(), self.log.clone());
        let output = BufReader::new(process.stdout.take().unwrap());
        self.process = Some(process);
        for line in output.lines() {
            let line = line.unwrap();
            if let Some(token) = line.strip_prefix("admin token (shown this once): ") {
                self.token = Some(token.to_owned());
            }
            if line.starts_with("listening on ") {
                return;
            }
        }
        panic!("the host ended before it listened; LAUREL_TEST_LOG=1 shows why");
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// SIGSTOP: alive, but doing nothing.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// SIGCONT.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Its process.
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("it is alive").id()
    }

    fn signal(&self, name: &str) {
        let process = self.process.as_ref().expect("it is alive").id().to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status().unwrap();
        assert!(sent.success());
    }

    /// A client that shows the platform operator's token.
    pub fn client(&self) -> Client {
        Client::new(self.address, self.token.as_deref())
    }

    /// A client that shows nothing, as the public does.
    pub fn visitor(&self) -> Client {
        Client::new(self.address, None)
    }

    /// The platform operator's token.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("it has started")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How it is reached, as its credentials say.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Its data folder.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Keeps what a process logs as long as it lives; `LAUREL_TEST_LOG` shows it, too.
fn keep(output: ChildStderr, log: Arc<Mutex<String>>) {
    let shown = std::env::var_os("LAUREL_TEST_LOG").is_some();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if shown {
                eprintln!("{line}");
            }
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap()
}

/// The `laurel` program: `LAUREL_BIN`, or what stands beside the tests.
pub fn program() -> PathBuf {
    std::env::var_os("LAUREL_BIN").map_or_else(
        || {
            let own = std::env::current_exe().unwrap();
            let beside = own.parent().and_then(|folder| folder.parent()).unwrap().join("laurel");
            assert!(beside.is_file(), "build the host first: cargo build -p laurel, or run cargo xtask test");
            beside
        },
        PathBuf::from,
    )
}

/// Where `cargo xtask plugins` left the components.
pub fn plugins() -> PathBuf {
    std::env::var_os("LAUREL_PLUGINS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/plugins"), PathBuf::from)
}

/// A plugin's component.
pub fn plugin(name: &str) -> Vec<u8> {
    let file = plugins().join(format!("{name}.wasm"));
    std::fs::read(&file).unwrap_or_else(|why| panic!("{}: {why}; run cargo xtask plugins", file.display()))
}
