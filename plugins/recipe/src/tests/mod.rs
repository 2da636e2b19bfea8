//! Recipes played through by a small host.

mod cases;
mod fixtures;
mod host;
mod problems;
mod properties;
