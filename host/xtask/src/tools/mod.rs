//! What tests and checks need from outside the repository.
//!
//! Each file brings one thing: found if the machine has it, installed if we may, and otherwise [`Need::Missing`] with the
//! reason. With `CI=true` a missing thing is an error; elsewhere it is told at the end of the run, never passed over.

pub(crate) mod apt;
pub(crate) mod cargo_deny;
pub(crate) mod chromium;
pub(crate) mod oracles;
pub(crate) mod postgres;
pub(crate) mod shell;

use std::ffi::OsString;

use anyhow::{Result, bail};

use crate::process::in_ci;

/// One thing that tests find through an environment variable.
#[derive(Debug)]
pub(crate) enum Need {
    Ready { variable: &'static str, value: OsString, note: String },
    Missing { reason: String },
}

impl Need {
    /// Turns an error into a [`Need::Missing`] where that is allowed.
    pub(crate) fn unless_ci(outcome: Result<Self>) -> Result<Self> {
        match outcome {
            Err(error) if !in_ci() => Ok(Self::Missing { reason: format!("{error:#}") }),
            Ok(Self::Missing { reason }) if in_ci() => bail!("{reason}"),
            outcome => outcome,
        }
    }
}
