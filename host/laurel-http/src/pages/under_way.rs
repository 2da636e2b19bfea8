//! What an earner is on the way to, for the earner's own eyes.

use laurel_core::Error;
use laurel_core::achievements::BadgeKind;
use laurel_core::house::House;
use laurel_core::plugins::Progress;
use laurel_core::rules::{self, RuleProgress, Step};
use laurel_core::sign_in::Earner;

use super::emblem::clean;

/// What is begun and not reached: credentials, and apart from them engagement badges.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay {
    pub(crate) credentials: Vec<Way>,
    pub(crate) engagement: Vec<Way>,
}

/// The way to one achievement.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) title: String,
    /// The achievement's page.
    pub(crate) url: String,
    pub(crate) steps: Vec<StepOfWay>,
}

/// A requirement, and how far it is.
#[derive(Clone, Debug)]
pub(crate) struct StepOfWay {
    pub(crate) text: String,
    pub(crate) measured: Option<Measured>,
}

/// Reached and wanted, as people write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) current: String,
    pub(crate) target: String,
    /// Of a hundred.
    pub(crate) percent: u8,
}

impl UnderWay {
    /// Of an earner, in the order in which the rules were made.
    pub(crate) async fn of(house: &House, earner: &Earner) -> Result<Self, Error> {
        let mut all = Self::default();
        let progress = rules::progress(house, earner.organisation.id, earner.subject.id).await?;
        for progress in progress.into_iter().filter(RuleProgress::is_under_way) {
            let achievement = house.store.achievement(progress.rule.achievement).await?;
            let Some(achievement) = achievement.filter(|achievement| achievement.archived.is_none()) else { continue };
            let way = Way {
                title: clean(&achievement.version.text.name),
                url: format!("/achievements/{}", achievement.id),
                steps: progress.steps.into_iter().map(StepOfWay::from).collect(),
            };
            match achievement.kind {
                BadgeKind::Credential => all.credentials.push(way),
                BadgeKind::Engagement => all.engagement.push(way),
            }
        }
        Ok(all)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.credentials.is_empty() && self.engagement.is_empty()
    }
}

impl From<Step> for StepOfWay {
    fn from(step: Step) -> Self {
        Self { text: clean(&step.requirement.text), measured: step.measured.as_ref().and_then(Measured::of) }
    }
}

impl Measured {
    /// None where there is nothing to measure against.
    fn of(progress: &Progress) -> Option<Self> {
        let share = progress.current / progress.target;
        (share.is_finite() && progress.target > 0.0).then(|| Self {
            current: number(progress.current),
            target: number(progress.target),
            percent: percent(share),
        })
    }
}

/// A hundred only when it is reached.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
fn percent(share: f64) -> u8 {
    (share * 100.0).floor().clamp(0.0, 100.0) as u8
}

/// At most two digits behind the point, and none that are zero.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(current: f64, target: f64) -> Option<(String, String, u8)> {
        let progress = Progress { requirement: String::new(), current, target };
        Measured::of(&progress).map(|measured| (measured.current, measured.target, measured.percent))
    }

    #[test]
    fn numbers_as_people_write_them() {
        let words = |current: &str, target: &str, percent| Some((current.to_owned(), target.to_owned(), percent));
        assert_eq!(measured(2.0, 3.0), words("2", "3", 66));
        assert_eq!(measured(1.256, 100.0), words("1.26", "100", 1));
        assert_eq!(measured(0.999, 1.0), words("1", "1", 99));
        assert_eq!(measured(7.0, 5.0), words("7", "5", 100));
        assert_eq!(measured(-4.0, 5.0), words("-4", "5", 0));
        assert_eq!(measured(1.0, 0.0), None);
        assert_eq!(measured(f64::NAN, 1.0), None);
    }
}
