//! The rule's settings: what a recipe says, read strictly. `plugins/recipe/README.md` describes the language.

mod leaf;
mod model;
mod parse;
mod problems;

pub(crate) use model::{Extends, Leaf, Maintain, Measure, Node, Plan, Points, RenewalRule};
