//! One file per task.

pub(crate) mod check;
pub(crate) mod plugins;
pub(crate) mod test;
mod test_output;
