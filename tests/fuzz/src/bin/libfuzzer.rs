//! libFuzzer's main for every target: the one that `LAUREL_FUZZ` names. `cargo xtask fuzz` builds and starts it.
//!
//! With `LAUREL_FUZZ_SEEDS` it first writes the target's seeds into that folder, and its words into the file `words` beside it.

#![no_main]
#![allow(unsafe_code, reason = "the macro exports the function that libFuzzer calls")]
#![allow(clippy::print_stderr, reason = "a command line tool")]
#![allow(clippy::unwrap_used, reason = "what fails here ends the run")]

use laurel_fuzz::{TARGETS, Target, target};
use std::path::PathBuf;
use std::sync::LazyLock;

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("LAUREL_FUZZ").unwrap_or_default();
    target(&name).unwrap_or_else(|| {
        for target in TARGETS {
            eprintln!("{:10} {}", target.name, target.reads);
        }
        std::process::exit(2);
    })
});

libfuzzer_sys::fuzz_target!(init: {
    let chosen = *CHOSEN;
    if let Some(folder) = std::env::var_os("LAUREL_FUZZ_SEEDS").map(PathBuf::from) {
        std::fs::create_dir_all(&folder).unwrap();
        for (number, seed) in (chosen.seeds)().iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), seed).unwrap();
        }
        let words: String = chosen.words.iter().map(|word| format!("\"{}\"\n", quoted(word))).collect();
        std::fs::write(folder.with_file_name("words"), words).unwrap();
    }
}, |bytes: &[u8]| (CHOSEN.run)(bytes));

/// As libFuzzer's dictionaries have it.
fn quoted(word: &str) -> String {
    let byte = |byte: u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    word.bytes().map(byte).collect()
}
