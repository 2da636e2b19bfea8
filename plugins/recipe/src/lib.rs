//! Criteria as a recipe in JSON: *measures over matched events compared with targets*, combined by all, any, not and
//! at-least-so-many-of. The language is described in this crate's `README.md`.
//!
//! | file | what is there |
//! |---|---|
//! | `settings/` | reading the recipe, with every problem and its place |
//! | `facts.rs` | what an event says |
//! | `matcher.rs` | which events count |
//! | `sample.rs` | what a leaf remembers, bounded |
//! | `measure.rs` | from memory to numbers, from numbers to a verdict on the trees |
//! | `fold.rs` | one event into the state |
//! | `decide.rs` | award, renew, suspend, reinstate, revoke |
//! | `wake.rs` | when time alone will change something |
//! | `state.rs` | the state's compact form |
//! | `progress.rs`, `explain.rs` | numbers and words for people |

mod decide;
mod explain;
mod facts;
mod fold;
mod hash;
mod matcher;
mod measure;
mod progress;
mod sample;
mod settings;
mod state;
mod wake;
mod window;

use laurel_plugin::criteria::{Outcome, Problem, Requirement};
use laurel_plugin::json::Value;
use laurel_plugin::{Criteria, Event, register};

use crate::settings::Plan;

/// The criteria plugin.
#[derive(Debug)]
pub struct Recipe;

register!(silent Recipe: criteria);

impl Criteria for Recipe {
    fn check(settings: &str) -> Result<Vec<Requirement>, Vec<Problem>> {
        let value = Value::parse(settings).map_err(|error| vec![Problem::at("", error.to_string())])?;
        Plan::read(&value, settings).map(|plan| explain::requirements(&plan))
    }

    fn evaluate(settings: &str, state: Option<&[u8]>, events: &[Event]) -> Result<Outcome, String> {
        let value = Value::parse(settings).map_err(|error| format!("settings: {error}"))?;
        let plan = Plan::read(&value, settings).map_err(|problems| {
            let first = problems.first().map(|problem| format!("{} {}", problem.pointer, problem.message));
            format!("settings: {}", first.unwrap_or_default())
        })?;
        fold::evaluate(&plan, state, events)
    }
}

#[cfg(test)]
mod tests;
