//! One file for each target.

mod baked;
mod bitstring;
mod canonical;
mod clients;
mod events;
mod keys;
mod names;
mod picture;
mod plugin;
mod settings;
mod signed;
mod signer;
mod tokens;
mod verify;

use crate::Target;

/// All of them.
pub const TARGETS: [&Target; 14] = [
    &verify::TARGET,
    &signed::TARGET,
    &tokens::TARGET,
    &canonical::TARGET,
    &keys::TARGET,
    &names::TARGET,
    &bitstring::TARGET,
    &baked::TARGET,
    &picture::TARGET,
    &events::TARGET,
    &settings::TARGET,
    &clients::TARGET,
    &plugin::TARGET,
    &signer::TARGET,
];

/// Words of JSON documents.
const JSON: &[&str] =
    &["{", "}", "[", "]", ",", ":", "\"\"", "null", "true", "-0", "1e999", "0.1", "\\u0000", "\\ud800", "{}", "[]"];

/// A line that stands between the parts of an input that has several.
const SEPARATOR: &[u8] = b"\n---\n";

/// The parts of an input.
fn parts(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let Some(at) = bytes.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) else {
            ended = true;
            return Some(bytes);
        };
        let part = &bytes[..at];
        bytes = &bytes[at + SEPARATOR.len()..];
        Some(part)
    })
}
