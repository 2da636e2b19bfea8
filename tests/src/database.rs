//! Databases of a test's own.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which engine a host is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in the host's data folder.
    Sqlite,
    /// A fresh database in the cluster at `LAUREL_TEST_POSTGRES`.
    Postgres,
}

impl Database {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// What `laurel serve --database` is given: none for SQLite's own place. `Err` says why the test cannot run here.
    pub fn make(self) -> Result<Option<String>, &'static str> {
        match self {
            Self::Sqlite => Ok(None),
            Self::Postgres => fresh_postgres().map(Some),
        }
    }

    /// Lets the server do at once what it would do at some time: clean tables, count rows, write pages.
    pub fn tidy(url: &str) {
        psql(url, &["VACUUM (ANALYZE)", "CHECKPOINT"]);
    }
}

fn psql(url: &str, commands: &[&str]) {
    let mut psql = Command::new("psql");
    psql.args([url, "--no-psqlrc", "--quiet"]);
    for command in commands {
        psql.args(["-c", command]);
    }
    let status = psql.status().expect("psql comes with PostgreSQL");
    assert!(status.success(), "{commands:?} failed");
}

fn fresh_postgres() -> Result<String, &'static str> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let Ok(cluster) = std::env::var("LAUREL_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "LAUREL_TEST_POSTGRES must be set in CI");
        return Err("LAUREL_TEST_POSTGRES is not set");
    };
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    psql(&cluster, &[&format!("CREATE DATABASE {name}")]);
    let (server, query) =
        cluster.split_once('?').map_or((cluster.as_str(), None), |(server, query)| (server, Some(query)));
    let server = server.rsplit_once('/').map_or(server, |(server, _)| server);
    Ok(format!("{server}/{name}{}", query.map(|query| format!("?{query}")).unwrap_or_default()))
}
