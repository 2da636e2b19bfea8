//! From events to effects: reads a batch under leases, folds it rule by rule and subject by subject through the criteria plugins,
//! and commits what follows in one transaction.
//!
//! | file | what it does |
//! |---|---|
//! | `step.rs` | one step of a worker: read, fold, commit |
//! | `gather.rs` | sorts a batch by rule and subject |
//! | `fold.rs` | **the award decision**: folds events through the criteria plugin, wakes it on time |
//! | `contract.rs` | what a plugin's answer is held to, beyond its types |
//! | `decide.rs` | writes decisions down as effects |
//! | `settle.rs` | where folds ended, and what merged subjects inherit |
//! | `kept.rs` | states, marked with the plugin that made them |
//! | `effects.rs` | what a step commits: plain data |
//! | `wake.rs` | wake-ups that are due while no event arrives |
//! | `control.rs` | the host's own events: merges, retry, skip |
//! | `stop.rs` | what a rule stops at, and why |
//! | `skipped.rs` | what the operator has told a rule to leave out |
//! | `refold.rs` | folds a subject's whole history again and reconciles its awards |
//! | `book.rs` | the rules in effect |

mod book;
mod contract;
mod control;
mod decide;
mod effects;
mod fold;
#[cfg(test)]
mod fold_tests;
mod gather;
mod kept;
mod refold;
mod settle;
mod skipped;
mod step;
mod stop;
mod wake;

pub use effects::{AwardRef, Effects, NewPoints, ParkedWrite, StandingChange, StateWrite};
pub use step::{StepError, Stepped, Worker};
pub use stop::Trigger;
