//! Rules: achievement + criteria plugin + settings + mode.

mod at_work;
mod change_mode;
mod create;
mod progress;
mod requirements;
mod store;

pub use at_work::at_work;
pub use change_mode::{change_mode, find};
pub use create::{NewRule, create};
pub use progress::{RuleProgress, Step, progress};
pub use requirements::requirements;
pub use store::{ActiveRule, ActiveRules, RuleStore};

use serde::{Deserialize, Serialize};

use crate::id::{AchievementId, InstallationId, OrganisationId, RuleId};
use crate::time::Timestamp;

/// When the criteria plugin says so, the achievement is awarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Whose.
    pub organisation: OrganisationId,
    /// What is awarded (its latest version at the moment of the award).
    pub achievement: AchievementId,
    /// The criteria plugin's installation.
    pub installation: InstallationId,
    /// The plugin's settings for this rule, a JSON document.
    pub settings: String,
    /// What an earner must do, as the plugin put it: a JSON list of `{id, text}`.
    pub requirements: String,
    /// Event kinds it folds: exact, `course.*`, or `*`.
    pub kinds: Vec<String>,
    /// Whether it works.
    pub mode: RuleMode,
    /// When it was made.
    pub created: Timestamp,
}

/// Whether a rule works. `shadow` belongs to the field's words and comes with simulation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RuleMode {
    /// Not yet.
    Draft,
    /// Folds and awards.
    Active,
    /// Stopped; its events wait in the log.
    Paused,
}

/// Whether an event kind is among those named: exact, `course.*`, or `*`. Kinds of the host (`laurel:…`) match no pattern.
pub fn kind_matches(patterns: &[String], kind: &str) -> bool {
    !kind.starts_with("laurel:")
        && patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => kind.starts_with(prefix),
            None => pattern == kind,
        })
}

#[cfg(test)]
mod tests {
    use super::kind_matches;

    #[test]
    fn patterns() {
        let of = |p: &str, kind| kind_matches(&[p.to_owned()], kind);
        assert!(of("course.completed", "course.completed") && of("course.*", "course.completed") && of("*", "x.y"));
        assert!(!of("course.completed", "course.completed.late") && !of("course.*", "exam.passed"));
        assert!(!of("*", "laurel:wake"));
    }
}
