//! A PostgreSQL of our own: fresh, in a temporary folder, on a free port, and gone when the tests are.

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::{Need, apt};
use crate::process;

/// The version that Laurel is tested with; a newer one will do where Debian no longer has it.
const VERSION: u32 = 15;
const DEBIAN_BINARIES: &str = "/usr/lib/postgresql";
const USER: &str = "laurel";
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server. Dropping it stops it; if this process dies without dropping, the kernel stops it.
#[derive(Debug)]
pub(crate) struct Cluster {
    server: Child,
    binaries: PathBuf,
    account: Account,
    folder: TempDir,
    password: String,
    port: u16,
}

/// Who the server runs as: it refuses to run as root.
#[derive(Clone, Copy, Debug)]
enum Account {
    Ourselves,
    Other(&'static str),
}

/// Makes sure that the server's programs are on this machine.
pub(crate) fn ensure_installed() -> Result<PathBuf> {
    if let Some(binaries) = find_binaries() {
        return Ok(binaries);
    }
    let versioned = format!("postgresql-{VERSION}");
    apt::install(&[&versioned]).or_else(|_| apt::install(&["postgresql"]))?;
    find_binaries().context("Debian's postgresql package brought no server")
}

/// The wanted version if it is there, else the newest one above it.
fn find_binaries() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN_BINARIES).ok()?.flatten();
    let mut versions: Vec<u32> = versions.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable_by_key(|&version| (version != VERSION, std::cmp::Reverse(version)));
    let folders = versions.into_iter().filter(|&version| version >= VERSION);
    folders
        .map(|version| Path::new(DEBIAN_BINARIES).join(version.to_string()).join("bin"))
        .find(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
}

impl Cluster {
    /// Creates and starts a cluster. Call from the main thread: the server dies with the thread that started it.
    pub(crate) fn start() -> Result<Self> {
        let binaries = ensure_installed()?;
        let account = Account::choose();
        // Nobody else on this machine has business in it: the password lies there too.
        let private = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("laurel-postgres-").permissions(private).tempdir()?;
        account.give(folder.path())?;
        let password = random_word()?;
        initdb(&binaries, account, folder.path(), &password)?;
        let port = free_port()?;
        let server = launch(&binaries, account, folder.path(), port)?;
        let mut cluster = Self { server, binaries, account, folder, password, port };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// A superuser on the database `postgres`; tests create databases of their own.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    pub(crate) fn need(&self) -> Need {
        let version = self.binaries.parent().and_then(Path::file_name).unwrap_or_default().display().to_string();
        let note = format!("PostgreSQL {version} on port {}", self.port);
        Need::Ready { variable: "LAUREL_TEST_POSTGRES", value: self.url().into(), note }
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        let port = self.port.to_string();
        let probe = ["--quiet", "--host=127.0.0.1", "--port", &port];
        while !process::capture(Command::new(self.binaries.join("pg_isready")).args(probe))?.status.success() {
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL ended at once ({status}):\n{}", self.log());
            }
            if begun.elapsed() > PATIENCE {
                bail!("PostgreSQL is not ready after {} s:\n{}", PATIENCE.as_secs(), self.log());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: open connections are ended, the files are left consistent.
        let pid = self.server.id().to_string();
        let asked =
            process::capture(self.account.command("kill").args(["-INT", &pid])).is_ok_and(|done| done.status.success());
        let begun = Instant::now();
        while asked && begun.elapsed() < PATIENCE {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Not stopped, or not stoppable politely; nothing in the folder is worth keeping.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Account {
    fn choose() -> Self {
        if !apt::is_root() {
            return Self::Ourselves;
        }
        let known = process::capture(Command::new("id").args(["-u", "postgres"])).is_ok_and(|id| id.status.success());
        Self::Other(if known { "postgres" } else { "nobody" })
    }

    /// A command that runs as this account and gets SIGINT when the thread that started it ends, however that comes about.
    fn command(self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "INT"]);
        if let Self::Other(user) = self {
            command.args(["--reuid", user, "--regid", user_group(user), "--clear-groups"]);
        }
        command.arg("--").arg(program);
        command.current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C.UTF-8");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command
    }

    fn give(self, path: &Path) -> Result<()> {
        let Self::Other(user) = self else { return Ok(()) };
        let number =
            |flag| -> Result<u32> { Ok(process::output(Command::new("id").args([flag, user]))?.trim().parse()?) };
        chown(path, Some(number("-u")?), Some(number("-g")?))
            .with_context(|| format!("giving {} to {user}", path.display()))
    }
}

/// Debian's group of the account.
fn user_group(user: &'static str) -> &'static str {
    if user == "nobody" { "nogroup" } else { user }
}

fn initdb(binaries: &Path, account: Account, folder: &Path, password: &str) -> Result<()> {
    let secret = folder.join("password");
    fs::write(&secret, password)?;
    account.give(&secret)?;
    let mut command = account.command(binaries.join("initdb"));
    command.args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--username", USER]);
    command.arg("--pwfile").arg(&secret).arg("--pgdata").arg(folder.join("data"));
    process::quietly(&mut command)
}

fn launch(binaries: &Path, account: Account, folder: &Path, port: u16) -> Result<Child> {
    let log = File::create(folder.join("log"))?;
    let mut command = account.command(binaries.join("postgres"));
    command.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    // Durability as in production, because tests of it are among those that run here; many tests at once need connections.
    command.args(["-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "max_connections=300"]);
    command.stdout(log.try_clone()?).stderr(log);
    command.spawn().context("cannot run setpriv (from util-linux)")
}

/// A port that was free a moment ago; if somebody takes it first, the server says so and ends.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// 128 random bits in hexadecimal: other users of the machine must not get into the cluster.
fn random_word() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_is_gone_afterwards() {
        let cluster = match Cluster::start() {
            Ok(cluster) => cluster,
            Err(error) if !process::in_ci() => {
                println!("not run: {error:#}");
                return;
            }
            Err(error) => panic!("{error:#}"),
        };
        let query = |cluster: &Cluster| {
            let sql = "select rolsuper from pg_roles where rolname = current_user";
            process::output(Command::new(cluster.binaries.join("psql")).args([&cluster.url(), "-tAc", sql]))
        };
        assert_eq!(query(&cluster).unwrap().trim(), "t");
        let (folder, pid) = (cluster.folder.path().to_owned(), cluster.server.id());
        drop(cluster);
        assert!(!folder.exists());
        assert!(!Path::new("/proc").join(pid.to_string()).exists());
    }
}
