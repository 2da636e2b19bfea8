//! One file per task.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod fuzz;
pub(crate) mod plugins;
pub(crate) mod test;
mod test_output;
