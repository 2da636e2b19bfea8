//! A criteria plugin that fails when it is told to, written in WebAssembly's text.
//!
//! It folds one event a call, and what it does follows from the sixth letter of the event's kind:
//!
//! | kind | what it does |
//! |---|---|
//! | `test.fine` | awards, the event's id being the key |
//! | `test.poison` | answers with an error that holds a NUL; the healed version awards |
//! | `test.trap` | traps |
//! | `test.past` … `test.void` | decides what no database and no credential can hold: see [`BAD_DECISIONS`] |
//! | `test.sleep` | asks to be woken at once; being woken it traps, and the healed version awards `woken` |

use std::path::Path;

use bytes::Bytes;
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Kinds of events that lead to decisions that nobody can carry out: an award that has ended, one that ends after the year 9999, a key
/// of 3,000 bytes, a key with a NUL, no key, a billion and one points.
pub const BAD_DECISIONS: [&str; 6] = ["test.ended", "test.ages", "test.long", "test.nul", "test.void", "test.rich"];

/// Where an answer is written: a result, then the outcome. The decision stands at 2048, texts from 4096.
const CODE: &str = r#"(module
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 65536))
  (func (export "cabi_realloc") (param i32 i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536)))
      (then (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get $size) (i32.const 65536)))))))
    (local.get $at))
  (data (i32.const 4096) "{}")
  (data (i32.const 4100) "poison\00!")
  (data (i32.const 4110) "nul\00")
  (data (i32.const 4120) "woken")
  (global $healed i32 (i32.const HEALED))
  (func $award (param $key i32) (param $length i32)
    (i32.store (i32.const 1044) (i32.const 2048)) (i32.store (i32.const 1048) (i32.const 1))
    (i32.store (i32.const 2056) (local.get $key)) (i32.store (i32.const 2060) (local.get $length))
    (i32.store (i32.const 2080) (i32.const 4096)) (i32.store (i32.const 2084) (i32.const 2)))
  (func $until (param $moment i64)
    (i32.store8 (i32.const 2064) (i32.const 1)) (i64.store (i32.const 2072) (local.get $moment)))
  (func $fail
    (i32.store8 (i32.const 1024) (i32.const 1))
    (i32.store (i32.const 1032) (i32.const 4100)) (i32.store (i32.const 1036) (i32.const 8)))
  (func (export "laurel:plugin/criteria@VERSION#check") (param i32 i32) (result i32) (i32.const 1024))
  (func (export "laurel:plugin/criteria@VERSION#evaluate")
    (param i32 i32 i32 i32 i32) (param $event i32) (param $events i32) (result i32)
    (local $what i32) (local $first i32)
    (i32.store (i32.const 1040) (i32.const 1))
    (local.set $first (i32.load8_u (i32.load offset=16 (local.get $event))))
    ;; The sixth and the seventh letter of the kind.
    (local.set $what (i32.load16_u offset=5 (i32.load offset=16 (local.get $event))))
    (if (i32.eq (local.get $first) (i32.const 108)) ;; laurel:wake
      (then
        (if (i32.eqz (global.get $healed)) (then (unreachable)))
        (call $award (i32.const 4120) (i32.const 5))
        (return (i32.const 1024))))
    (if (i32.and (i32.eq (local.get $what) (i32.const 0x6f70)) (i32.eqz (global.get $healed))) ;; po
      (then (call $fail) (return (i32.const 1024))))
    (if (i32.eq (local.get $what) (i32.const 0x7274)) (then (unreachable))) ;; tr
    (if (i32.eq (local.get $what) (i32.const 0x6c73)) ;; sl
      (then
        (i32.store8 (i32.const 1064) (i32.const 1))
        (i64.store (i32.const 1072) (i64.load offset=32 (local.get $event)))
        (return (i32.const 1024))))
    (call $award (i32.load (local.get $event)) (i32.load offset=4 (local.get $event)))
    (if (i32.eq (local.get $what) (i32.const 0x6e65)) ;; en
      (then (call $until (i64.sub (i64.load offset=32 (local.get $event)) (i64.const 100000)))))
    (if (i32.eq (local.get $what) (i32.const 0x6761)) (then (call $until (i64.const 253402300800000)))) ;; ag
    (if (i32.eq (local.get $what) (i32.const 0x6f6c)) ;; lo
      (then (memory.fill (i32.const 8192) (i32.const 120) (i32.const 3000)) (call $award (i32.const 8192) (i32.const 3000))))
    (if (i32.eq (local.get $what) (i32.const 0x756e)) (then (call $award (i32.const 4110) (i32.const 4)))) ;; nu
    (if (i32.eq (local.get $what) (i32.const 0x6f76)) (then (call $award (i32.const 4110) (i32.const 0)))) ;; vo
    (if (i32.eq (local.get $what) (i32.const 0x6972)) ;; ri
      (then
        (i32.store8 (i32.const 2048) (i32.const 4))
        (i64.store (i32.const 2064) (i64.const 1000000001))
        (i32.store (i32.const 2072) (i32.const 4096)) (i32.store (i32.const 2076) (i32.const 2))))
    (i32.const 1024)))"#;

/// The plugin, as it is uploaded. The healed version is another version of the same plugin.
pub fn moody(healed: bool) -> Bytes {
    let mut resolve = Resolve::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/v0.1");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let package = read("types.wit") + &read("criteria.wit");
    let version = package.split_once("laurel:plugin@").unwrap().1.split_once(';').unwrap().0.to_owned();
    let text = format!("{package}\nworld guest {{ export criteria; }}");
    let id = resolve.push_str("plugin.wit", &text).unwrap();
    let world = resolve.select_world(&[id], Some("guest")).unwrap();
    let code = CODE.replace("VERSION", &version).replace("HEALED", if healed { "1" } else { "0" });
    let mut module = wat::parse_str(code).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    let manifest = format!(
        "name = \"moody\"\nversion = \"0.{}.0\"\npublisher = \"test\"\ndescription = \"Fails when it is told to.\"\n\
         interfaces = [\"criteria\"]\ncapabilities = []\nkinds = [\"*\"]\nhosts = []\n",
        if healed { 2 } else { 1 }
    );
    Bytes::from(laurel_pack::pack(&module, &manifest).unwrap())
}
