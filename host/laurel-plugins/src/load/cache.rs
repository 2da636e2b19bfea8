//! Compiled code on disk, so that a start does not compile again.
//!
//! A file is named by the component's SHA-256, the pool and the engine's compatibility hash, belongs to this user alone, and begins
//! with an HMAC over its name and its content. The key is the installation's own: a file that somebody else put there is compiled
//! anew, never loaded.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::hmac;
use laurel_core::plugins::PluginDigest;
use wasmtime::Engine;

use super::native::Native;
use crate::engine::Size;
use crate::limits::MAX_NATIVE;

const TAG: usize = 32;

/// A directory of compiled code.
#[derive(Debug)]
pub(super) struct CodeCache {
    directory: PathBuf,
    key: hmac::Key,
    /// Names of files that are being written.
    writes: AtomicU64,
}

impl CodeCache {
    /// Opens the directory, making it (mode 0700) where needed.
    pub(super) fn open(directory: &Path, key: &[u8; 32]) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        Ok(Self { directory: directory.to_owned(), key, writes: AtomicU64::new(0) })
    }

    /// The code of a component, if it was compiled here by this version with these settings.
    pub(super) fn get(&self, digest: PluginDigest, size: Size, engine: &Engine) -> Option<Native> {
        let name = name(digest, size, engine);
        let mut file = File::open(self.directory.join(&name)).ok()?;
        let mut content = Vec::new();
        (&mut file).take((MAX_NATIVE + TAG) as u64).read_to_end(&mut content).ok()?;
        let (tag, code) = content.split_at_checked(TAG)?;
        if hmac::verify(&self.key, &covered(&name, code), tag).is_err() {
            tracing::warn!(file = %name, "a file in the code cache was not made here; compiling anew");
            return None;
        }
        content.drain(..TAG);
        Some(Native::cached(content))
    }

    /// Keeps the code: written under another name, then renamed, so that a crash leaves no half of a file.
    pub(super) fn put(&self, digest: PluginDigest, size: Size, engine: &Engine, code: &Native) -> io::Result<()> {
        let name = name(digest, size, engine);
        let number = self.writes.fetch_add(1, Ordering::Relaxed);
        let draft = self.directory.join(format!("{name}.{}-{number}.new", std::process::id()));
        let written = self.write(&draft, &name, code).and_then(|()| fs::rename(&draft, self.directory.join(&name)));
        if written.is_err() {
            // The error that counts is the one above.
            let _ = fs::remove_file(&draft);
        }
        written
    }

    fn write(&self, draft: &Path, name: &str, code: &Native) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
        file.write_all(hmac::sign(&self.key, &covered(name, code.bytes())).as_ref())?;
        file.write_all(code.bytes())?;
        file.sync_all()
    }
}

/// What the MAC covers: a file cannot be passed off as another component's.
fn covered(name: &str, code: &[u8]) -> Vec<u8> {
    [name.as_bytes(), &[0], code].concat()
}

fn name(digest: PluginDigest, size: Size, engine: &Engine) -> String {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{digest}-{}-{:016x}.cwasm", size.as_str(), hasher.finish())
}
