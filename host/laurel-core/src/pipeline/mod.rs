//! From events to effects: reads a batch under leases, folds it rule by rule and subject by subject through the criteria plugins,
//! and commits what follows in one transaction.

mod effects;

pub use effects::{AwardRef, Effects, NewPoints, ParkedWrite, StandingChange, StateWrite};
