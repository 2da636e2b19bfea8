//! The answer of a verifier, in the form of the VC-API.

use axum::http::StatusCode;
use laurel_openbadges::verify::{Check, CheckId, Outcome};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Json;

/// Which questions the caller wants answered, as `options.checks` names them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// Whether a status that could not be looked up is a fault.
    status: bool,
    /// Whether a key of somebody else's is a fault.
    issuer: bool,
}

impl Asked {
    /// All of them, unless some are named; `proof_alone` as in [`crate::Config`].
    pub(super) fn of(checks: Option<&[String]>, proof_alone: bool) -> Self {
        let checks = checks.unwrap_or_default();
        let names = |name: &str| checks.iter().any(|check| check.eq_ignore_ascii_case(name));
        Self {
            status: checks.is_empty() || names("credentialStatus") || names("status"),
            issuer: !(proof_alone && names("proof")),
        }
    }

    /// What is not known is a fault only where it was asked for; what is known to be wrong always is.
    fn is_fault(self, check: &Check) -> bool {
        match (check.outcome, check.id) {
            (Outcome::Pass, _) | (Outcome::NotChecked, CheckId::Resources | CheckId::Recipient) => false,
            (Outcome::NotChecked, CheckId::Status) => self.status,
            (_, CheckId::Issuer) => self.issuer,
            _ => true,
        }
    }
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Verification {
    verified: bool,
    /// Every check that was made.
    checks: Vec<Finding>,
    /// What could not be checked and was not asked for.
    warnings: Vec<Finding>,
    /// Why it is not verified; empty if it is.
    errors: Vec<Finding>,
}

/// One check.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Finding {
    /// Which question: `parse`, `schema`, `proof`, `dates`, `status`, `issuer`, `holder`, `resources`,
    /// `endorsements`, `recipient`.
    #[schema(value_type = String)]
    check: CheckId,
    #[schema(value_type = String)]
    outcome: Outcome,
    /// The answer in plain words.
    message: String,
}

/// 200 if nothing is wrong, else 400.
pub(super) fn answer<'c>(
    checks: impl Iterator<Item = &'c Check> + Clone,
    asked: Asked,
) -> (StatusCode, Json<Verification>) {
    let found = |wanted: &dyn Fn(&Check) -> bool| {
        let chosen = checks.clone().filter(|check| wanted(check));
        chosen
            .map(|Check { id, outcome, message }| Finding { check: *id, outcome: *outcome, message: message.clone() })
            .collect()
    };
    let errors: Vec<Finding> = found(&|check| asked.is_fault(check));
    let verified = errors.is_empty();
    let verification = Verification {
        verified,
        checks: found(&|_| true),
        warnings: found(&|check| check.outcome != Outcome::Pass && !asked.is_fault(check)),
        errors,
    };
    (if verified { StatusCode::OK } else { StatusCode::BAD_REQUEST }, Json(verification))
}
