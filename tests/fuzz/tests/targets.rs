//! Every target holds over its seeds and over some thousand changes of them; libFuzzer goes on from there.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use laurel_fuzz::{TARGETS, mutations, target};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn holds(name: &str) {
    let target = target(name).unwrap();
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{name} has no seeds");
    for input in seeds.into_iter().chain(mutations(target)) {
        if catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err() {
            panic!("{name} breaks over {:?}", String::from_utf8_lossy(&input));
        }
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test] fn $name() { holds(stringify!($name)); })*

        #[test]
        fn none_is_left_out() {
            let tested = [$(stringify!($name)),*];
            let all: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(all, tested);
        }
    };
}

targets! { verify signed tokens canonical keys names bitstring baked picture events settings clients plugin signer }
