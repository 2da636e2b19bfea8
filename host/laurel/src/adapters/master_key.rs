//! The key that everything sealed in the database rests upon. It lives outside the database.
//!
//! Looked for in this order: the environment (`LAUREL_MASTER_KEY`), the file that the configuration names (`master-key-file`), a
//! systemd credential (`laurel-master-key`), and `master.key` in the data folder, which is made at the first start.

use std::env;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use hmac::{Hmac, KeyInit, Mac};
use laurel_core::random::Random;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Holds the key itself, as 64 hexadecimal digits.
const VARIABLE: &str = "LAUREL_MASTER_KEY";
/// Name of the credential for systemd's `LoadCredential=`.
const CREDENTIAL: &str = "laurel-master-key";

/// 256 secret bits. Overwritten in memory when dropped, never printed.
#[derive(Clone)]
pub(crate) struct MasterKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    #[cfg(test)]
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Finds the key, making it in the data folder if there is none anywhere.
    pub(crate) fn find_or_make(configured: Option<&Path>, data: &Path, random: &dyn Random) -> Result<Self> {
        match Self::find(configured, data)? {
            Some(key) => Ok(key),
            None => Self::make(&in_data_folder(data), random),
        }
    }

    /// Finds the key; none if there is none yet.
    pub(crate) fn find(configured: Option<&Path>, data: &Path) -> Result<Option<Self>> {
        if let Some(text) = env::var_os(VARIABLE) {
            let text = Zeroizing::new(text.into_string().unwrap_or_default());
            return Self::parse(&text).with_context(|| format!("the environment variable {VARIABLE}")).map(Some);
        }
        if let Some(file) = configured {
            let found = Self::read(file)?;
            return found.map(Some).with_context(|| format!("there is no master key file {}", file.display()));
        }
        if let Some(folder) = env::var_os("CREDENTIALS_DIRECTORY") {
            let found = Self::read(&Path::new(&folder).join(CREDENTIAL))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Self::read(&in_data_folder(data))
    }

    fn read(file: &Path) -> Result<Option<Self>> {
        let mut open = match File::open(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            other => other.with_context(|| format!("cannot read the master key {}", file.display()))?,
        };
        if open.metadata()?.mode() & 0o077 != 0 {
            tracing::warn!(file = %file.display(), "others than its owner can read the master key: chmod 600");
        }
        let mut text = Zeroizing::new(String::with_capacity(128));
        (&mut open).take(1024).read_to_string(&mut text).with_context(|| format!("{}", file.display()))?;
        Self::parse(&text).with_context(|| format!("the master key {}", file.display())).map(Some)
    }

    fn make(file: &Path, random: &dyn Random) -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(&mut *bytes);
        let mut text = Zeroizing::new(hex::encode(*bytes));
        text.push('\n');
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        let mut open = opened.with_context(|| format!("cannot make the master key {}", file.display()))?;
        open.write_all(text.as_bytes())?;
        // The database will hold what only this key opens: it must not be lost where the database is not.
        open.sync_all()?;
        tracing::info!(file = %file.display(), "made a master key: keep a copy, apart from the database's");
        Ok(Self(bytes))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        if hex::decode_to_slice(text.trim(), &mut *bytes).is_err() {
            bail!("a master key is 64 hexadecimal digits (as `openssl rand -hex 32` prints them)");
        }
        Ok(Self(bytes))
    }

    /// A key for one purpose, from which neither the master key nor another purpose's can be found out.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.0).expect("HMAC takes keys of every length");
        mac.update(purpose.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

fn in_data_folder(data: &Path) -> PathBuf {
    data.join("master.key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::OsRandom;

    #[test]
    fn made_once_and_for_its_owner_only() {
        let data = tempfile::tempdir().unwrap();
        assert!(MasterKey::find(None, data.path()).unwrap().is_none());
        let made = MasterKey::find_or_make(None, data.path(), &OsRandom).unwrap();
        let found = MasterKey::find_or_make(None, data.path(), &OsRandom).unwrap();
        assert_eq!(made.0, found.0);
        assert_eq!(std::fs::metadata(data.path().join("master.key")).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_named_must_be_there_and_hold_a_key() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("key");
        assert!(MasterKey::find(Some(&file), data.path()).unwrap_err().to_string().contains("no master key file"));
        std::fs::write(&file, "secret").unwrap();
        assert!(format!("{:#}", MasterKey::find(Some(&file), data.path()).unwrap_err()).contains("64 hexadecimal"));
    }

    #[test]
    fn purposes_have_different_keys() {
        let key = MasterKey::from_bytes([1; 32]);
        assert_ne!(key.derive("a"), key.derive("b"));
        assert_eq!(key.derive("a"), key.derive("a"));
    }
}
