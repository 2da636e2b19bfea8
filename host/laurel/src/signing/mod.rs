//! Who signs: this process, or a process of its own that alone can open the keys.
//!
//! | file | what it does |
//! |---|---|
//! | `keyring.rs` | makes keys and opens sealed ones; signs with them |
//! | `ed25519.rs`, `rsa.rs` | keys that AWS-LC signs with |
//! | `scrutiny.rs` | what a signer process checks before it lets a document out |
//! | `in_process.rs` | the signer that needs no other process, for trying things out and for small houses |
//! | `wire.rs` | what host and signer process say to each other over the socket |
//! | `server.rs` | the signer process: `laurel signer` |
//! | `remote.rs` | the host's side of the socket |
//!
//! *Architecture invariant*: with a signer process, neither the master key nor any signing key is ever in the memory of the host, which
//! runs plugins. The host asks for signatures, and gets two keys derived from the master key for what is its own: secrets of
//! installations, and compiled code.

mod ed25519;
mod in_process;
mod keyring;
mod remote;
mod rsa;
mod scrutiny;
mod server;
mod wire;

use std::num::NonZero;
use std::thread::available_parallelism;

use zeroize::Zeroizing;

use crate::adapters::MasterKey;

pub(crate) use in_process::InProcessSigner;
pub(crate) use keyring::KeyRing;
pub(crate) use remote::RemoteSigner;
pub(crate) use server::Server;

/// Signatures that can be made at once.
fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// What the host itself needs of the master key, and nothing more: from these, neither the master key nor a signing key can be found.
#[derive(Clone)]
pub(crate) struct HostKeys {
    /// Seals the secrets of installations.
    pub(crate) vault: Zeroizing<[u8; 32]>,
    /// Authenticates compiled plugins.
    pub(crate) compiled: Zeroizing<[u8; 32]>,
}

impl HostKeys {
    pub(crate) fn of(master: &MasterKey) -> Self {
        Self {
            vault: master.derive("laurel vault, version 1"),
            compiled: master.derive("laurel compiled plugins, version 1"),
        }
    }
}

impl std::fmt::Debug for HostKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostKeys(…)")
    }
}
