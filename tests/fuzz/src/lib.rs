//! Every parser of bytes that we did not write, as a function that must hold whatever it is given.
//!
//! Two things call them: libFuzzer (`cargo xtask fuzz`, which steers by coverage and runs as long as it is let), and an ordinary test
//! with the seeds and some changes of each, so that a target neither rots nor breaks unseen.
//!
//! To add one: a file in `targets/` with its [`Target`], and a line in [`TARGETS`].

mod mutate;
mod seeds;
mod targets;

pub use mutate::mutations;
pub use targets::TARGETS;

/// A parser, and what is known about its inputs.
#[derive(Debug)]
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it reads, in a few words.
    pub reads: &'static str,
    /// Reads an input. Panics if what must hold does not.
    pub run: fn(&[u8]),
    /// Good inputs, made by our own code.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// What inputs are made of: libFuzzer's dictionary.
    pub words: &'static [&'static str],
    /// How many changes of its seeds the ordinary test tries.
    pub tries: u32,
}

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
