//! Ports: where plugins run, and the way out they may be given.

use async_trait::async_trait;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;
use zeroize::Zeroizing;

use super::calls::Checked;
use super::{
    Capability, CriteriaEvent, Evaluated, Grant, Header, HookRequest, Interface, Manifest, PluginDigest, Reception,
    Refusal,
};
use crate::id::InstallationId;

/// What a call may see: settings, granted secrets (each with all its values), the grant.
#[derive(Clone, Default)]
pub struct CallContext {
    /// Whose call it is, for logs.
    pub installation: Option<InstallationId>,
    /// The installation's settings, JSON.
    pub settings: String,
    /// Values by name; several while a secret rotates. Never shown to the plugin.
    pub secrets: BTreeMap<String, Vec<Zeroizing<String>>>,
    /// The operator's yes.
    pub grant: Grant,
}

impl fmt::Debug for CallContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallContext").field("installation", &self.installation).finish_non_exhaustive()
    }
}

/// Where plugins run.
#[async_trait]
pub trait Sandbox: Send + Sync {
    /// Reads the manifest, compares it with what the component really imports and exports, compiles, and tries an instance. What
    /// was loaded can be called by its digest until the process ends.
    async fn load(&self, component: &[u8]) -> Result<(PluginDigest, Manifest), LoadError>;

    /// Whether this digest is loaded.
    fn is_loaded(&self, plugin: PluginDigest) -> bool;

    /// Asks a criteria plugin what it makes of settings.
    fn check(&self, plugin: PluginDigest, settings: &str) -> Result<Checked, CallError>;

    /// Folds events of one subject. Blocks for up to the deadline: call it from a worker thread.
    fn evaluate(
        &self,
        plugin: PluginDigest,
        settings: &str,
        state: Option<&[u8]>,
        events: &[CriteriaEvent],
    ) -> Result<Evaluated, CallError>;

    /// Hands a partner's request to a connector.
    async fn receive(
        &self,
        plugin: PluginDigest,
        context: &CallContext,
        request: &HookRequest,
    ) -> Result<Result<Reception, Refusal>, CallError>;
}

/// Why a plugin cannot be loaded. The text tells its author or the operator what to change.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Larger than is taken.
    #[error("the file has {size} bytes; a plugin has at most {limit}")]
    TooLarge {
        /// Bytes given.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Not a component.
    #[error("this is not a WebAssembly component: {0}")]
    NotAComponent(String),
    /// No `laurel:manifest` section at the component's own level.
    #[error("the component carries no manifest; build it with `laurel plugin build`")]
    NoManifest,
    /// The manifest cannot be used.
    #[error("manifest: {0}")]
    Manifest(String),
    /// It imports what its manifest does not name, or what no host offers.
    #[error("the component imports {import}, which {why}")]
    Import {
        /// As in the component.
        import: String,
        /// What is wrong with it.
        why: String,
    },
    /// The manifest names an interface that the component does not export (or exports in a version nobody speaks).
    #[error("the manifest promises {interface:?}, but the component {why}")]
    Export {
        /// Which.
        interface: Interface,
        /// What it does instead.
        why: String,
    },
    /// It does not compile within the limits.
    #[error("the component does not compile: {0}")]
    Compile(String),
    /// It compiles but cannot be instantiated.
    #[error("a trial instance failed: {0}")]
    Trial(String),
}

/// How a call ended other than by an answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody loaded it.
    #[error("plugin {0} is not loaded")]
    NotLoaded(PluginDigest),
    /// It does not export that.
    #[error("the plugin does not export {0:?}")]
    NoInterface(Interface),
    /// The operator did not grant what the plugin imports.
    #[error("the plugin imports {0:?}, which is not granted")]
    NotGranted(Capability),
    /// Out of fuel: deterministic.
    #[error("the plugin used up its fuel ({limit})")]
    Fuel {
        /// The limit.
        limit: u64,
    },
    /// Out of time.
    #[error("the plugin did not answer within {limit:?}")]
    Deadline {
        /// The limit.
        limit: Duration,
    },
    /// It asked for more memory or table than it may have.
    #[error("the plugin asked for more memory than {limit} bytes")]
    Memory {
        /// The limit.
        limit: u64,
    },
    /// It recursed too deeply.
    #[error("the plugin exhausted its stack")]
    Stack,
    /// It returned more than it may.
    #[error("the plugin's answer is larger than {limit} bytes")]
    Output {
        /// The limit.
        limit: u64,
    },
    /// It trapped; the text is its panic message where it left one.
    #[error("the plugin trapped: {0}")]
    Trap(String),
    /// It answered with an error of its own.
    #[error("the plugin says: {0}")]
    Plugin(String),
}

/// A request that a plugin (or the host) wants to make.
#[derive(Clone, Debug)]
pub struct OutboundRequest {
    /// `GET`, …
    pub method: String,
    /// Absolute.
    pub url: String,
    /// Headers.
    pub headers: Vec<Header>,
    /// Body.
    pub body: Vec<u8>,
    /// Hosts that may be reached; none of them, no request.
    pub allowed_hosts: Vec<String>,
    /// Bytes of the answer's body.
    pub max_body: usize,
    /// For everything.
    pub timeout: Duration,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct OutboundResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<Header>,
    /// Body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Scheme, host, port or address is not allowed.
    #[error("not allowed: {0}")]
    NotAllowed(String),
    /// Too slow.
    #[error("no answer in time")]
    Timeout,
    /// Too long.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// Port: the only way out.
#[async_trait]
pub trait Outbound: Send + Sync + fmt::Debug {
    /// Makes one request; follows no redirect.
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError>;

    /// Fetches a public document whose place somebody else chose. More leads there than to a plugin's partner: ports from 1,024 on, which
    /// `did:web` may name, and up to three redirects to hosts of the request's list, each judged like an address that was asked for.
    /// What follows none (a double) just sends.
    async fn fetch(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        self.send(request).await
    }
}
