//! Guests from text, and a runtime to put them in.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use laurel_core::plugins::{CriteriaEvent, Outbound, OutboundError, OutboundRequest, OutboundResponse};
use laurel_core::time::Timestamp;
use laurel_plugins::{Plugin, Runtime, Settings};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Answers every request with what it was told to, and remembers the requests.
#[derive(Debug, Default)]
pub(crate) struct Partner {
    pub(crate) answer: Option<OutboundResponse>,
    pub(crate) requests: Mutex<Vec<OutboundRequest>>,
}

#[async_trait]
impl Outbound for Partner {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        self.requests.lock().unwrap().push(request);
        self.answer.clone().ok_or_else(|| OutboundError::Failed("nobody there".to_owned()))
    }
}

pub(crate) fn runtime() -> Runtime {
    runtime_with(Settings::default())
}

pub(crate) fn runtime_with(settings: Settings) -> Runtime {
    Runtime::new(settings, Arc::new(Partner::default())).unwrap()
}

/// The text of a WIT file of `wit/v0.1`.
pub(crate) fn wit(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/v0.1").join(file)).unwrap()
}

/// What a guest is made of.
pub(crate) struct Guest {
    pub(crate) wat: String,
    /// Interfaces it exports, then those it may import.
    pub(crate) exports: &'static [&'static str],
    pub(crate) imports: &'static [&'static str],
    pub(crate) manifest: String,
    /// A change to the WIT that the guest is built against.
    pub(crate) wit: fn(String) -> String,
}

impl Guest {
    /// The core module with what `wit-component` has to know.
    pub(crate) fn module(&self) -> Vec<u8> {
        let mut resolve = Resolve::default();
        let files = ["types", "imports", "criteria", "hook", "delivery", "sync", "identity"];
        let package: String = files.iter().map(|file| wit(&format!("{file}.wit"))).collect();
        let package = (self.wit)(package);
        let version = package.split_once("laurel:plugin@").unwrap().1.split_once(';').unwrap().0;
        let worlds: String = [("export", self.exports), ("import", self.imports)]
            .iter()
            .flat_map(|(verb, names)| names.iter().map(move |name| format!("{verb} {name};")))
            .collect();
        let id = resolve.push_str("plugin.wit", &format!("{package}\nworld guest {{ {worlds} }}")).unwrap();
        let world = resolve.select_world(&[id], Some("guest")).unwrap();
        let mut module = wat::parse_str(self.wat.replace("VERSION", version)).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        module
    }

    /// The finished plugin.
    pub(crate) fn component(&self) -> Vec<u8> {
        laurel_pack::pack(&self.module(), &self.manifest).unwrap()
    }

    pub(crate) async fn load(&self, runtime: &Runtime) -> Arc<Plugin> {
        runtime.load(&self.component()).await.unwrap()
    }
}

pub(crate) fn manifest(interface: &str, capabilities: &[&str]) -> String {
    format!(
        r#"
name = "guest"
version = "0.1.0"
publisher = "test"
description = "a guest of the tests"
interfaces = ["{interface}"]
capabilities = {capabilities:?}
kinds = ["test.happened"]
hosts = {hosts}
[[secrets]]
name = "token"
description = "any"
"#,
        hosts = if capabilities.contains(&"http") { r#"["api.example.org"]"# } else { "[]" }
    )
}

/// Memory, an allocator that never frees, and a place for answers at 1024 (all zero: an empty success of every interface).
const FRAME: &str = r#"
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 65536))
  (func (export "cabi_realloc") (param i32 i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536)))
      (then (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get $size) (i32.const 65536)))))))
    (local.get $at))
"#;

/// A criteria plugin. `declarations` come first, `body` is the code of `evaluate` before it answers that it consumed `$events`.
pub(crate) fn criteria(declarations: &str, body: &str) -> Guest {
    let wat = format!(
        r#"(module
  (import "laurel:plugin/log@VERSION" "write" (func $log (param i32 i32 i32)))
  {FRAME} {declarations}
  (func (export "laurel:plugin/criteria@VERSION#check") (param i32 i32) (result i32) (i32.const 1024))
  (func (export "laurel:plugin/criteria@VERSION#evaluate")
    (param $settings i32) (param $settings-length i32) (param $has-state i32) (param $state i32) (param $state-length i32)
    (param $list i32) (param $events i32) (result i32)
    (local $i i32)
    {body}
    (i32.store (i32.const 1040) (local.get $events))
    (i32.const 1024)))"#
    );
    Guest { wat, exports: &["criteria"], imports: &["log"], manifest: manifest("criteria", &["log"]), wit: |wit| wit }
}

/// A connector: `import` is the host function it has as `$ask`, `function` the exported one with its parameters, `body` its code.
pub(crate) fn connector(
    (interface, capability): (&'static str, &'static str),
    import: &str,
    function: &str,
    (declarations, body): (&str, &str),
) -> Guest {
    let (exports, imports): (&[&str], &[&str]) = match (interface, capability) {
        ("hook", "keys") => (&["hook"], &["keys"]),
        ("hook", _) => (&["hook"], &["settings"]),
        ("delivery", _) => (&["delivery"], &["http"]),
        ("sync", _) => (&["sync"], &["settings"]),
        _ => (&["identity"], &["settings"]),
    };
    let wat = format!(
        r#"(module
  (import "laurel:plugin/{capability}@VERSION" {import})
  {FRAME} {declarations}
  (func (export "laurel:plugin/{interface}@VERSION#{function} (result i32)
    {body}
    (i32.const 1024)))"#
    );
    Guest { wat, exports, imports, manifest: manifest(interface, &[capability]), wit: |wit| wit }
}

pub(crate) fn events(count: u32) -> Vec<CriteriaEvent> {
    let event = |n: u32| CriteriaEvent {
        id: format!("e{n}").into(),
        source: "laurel:test".into(),
        kind: "test.happened".into(),
        time: Timestamp(i64::from(n)),
        received: Timestamp(i64::from(n)),
        seq: i64::from(n) + 1,
        data: r#"{"score":{"scaled":0.9}}"#.into(),
    };
    (0..count).map(event).collect()
}

/// Resident memory of this process, in MiB.
pub(crate) fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    (statm.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096) >> 20
}
