//! Criteria as a recipe in JSON: so many events of these kinds.

use laurel_plugin::criteria::{Problem, Progress, Requirement, Verdict};
use laurel_plugin::{Event, Fold, register};
use serde::Deserialize;

/// The criteria plugin.
#[derive(Debug)]
pub struct Recipe;

register!(Recipe: criteria);

/// The rule's settings.
#[derive(Debug, Deserialize)]
pub struct Settings {
    requirement: Leaf,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Leaf {
    events: Match,
    at_least: u32,
}

#[derive(Debug, Deserialize)]
struct Match {
    kinds: Vec<String>,
}

impl Fold for Recipe {
    type Settings = Settings;
    type State = u32;

    fn requirements(settings: &Settings) -> Result<Vec<Requirement>, Vec<Problem>> {
        let leaf = &settings.requirement;
        if leaf.at_least == 0 {
            return Err(vec![Problem::at("/requirement/at-least", "must be at least 1")]);
        }
        Ok(vec![Requirement::new("1", format!("{} times: {}", leaf.at_least, leaf.events.kinds.join(" or ")))])
    }

    fn fold(settings: &Settings, count: &mut u32, event: &Event, verdict: &mut Verdict) -> Result<(), String> {
        if settings.requirement.events.kinds.contains(&event.kind) {
            *count += 1;
            if *count == settings.requirement.at_least {
                verdict.award("once");
            }
        }
        Ok(())
    }

    fn progress(settings: &Settings, count: &u32) -> Vec<Progress> {
        let target = f64::from(settings.requirement.at_least);
        vec![Progress { requirement: "1".into(), current: f64::from(*count), target }]
    }
}
