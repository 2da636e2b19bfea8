//! How a guest is compiled: said once, for `cargo xtask plugins` and for `laurel plugin build`.

use std::path::Path;

/// The compilation target of Rust guests. It has no system interface, so a guest imports nothing but what `wit/` declares.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Linker arguments of every guest.
///
/// A 64 KiB stack at the start of memory: the default of 1 MiB is touched, hence copied and cleared, for every fresh
/// instance, and an overflow of a stack that lies below the data traps instead of overwriting it.
pub const LINK_ARGS: [&str; 2] = ["-zstack-size=65536", "--stack-first"];

/// The value of `CARGO_ENCODED_RUSTFLAGS` for a guest build: [`LINK_ARGS`], and each path of `remap` written as its short name
/// in panic messages, so that a plugin neither names the machine it was built on nor differs because of it.
pub fn encoded_rustflags(remap: &[(&Path, &str)]) -> String {
    let linker = LINK_ARGS.iter().map(|arg| format!("-Clink-arg={arg}"));
    let paths = remap.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    linker.chain(paths).collect::<Vec<_>>().join("\x1f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_joined_the_way_cargo_splits_them() {
        let flags = encoded_rustflags(&[(Path::new("/home of/me"), "me")]);
        let parts: Vec<_> = flags.split('\x1f').collect();
        assert_eq!(
            parts,
            ["-Clink-arg=-zstack-size=65536", "-Clink-arg=--stack-first", "--remap-path-prefix=/home of/me=me"]
        );
    }
}
