//! What is wrong with details that could be read.

use super::{EvidenceDetail, ImageDetail, ResultDetail};
use crate::achievements::{Alignment, ResultDescription, Text};
use crate::error::{Faults, Problem};
use crate::text::{one_line, prose, web_address};

/// The longest text of an award.
pub(super) const LONGEST: usize = 20_000;

impl EvidenceDetail {
    /// What is wrong with it, but for its identifier.
    pub(super) fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        for (place, line) in [("/name", &self.name), ("/genre", &self.genre), ("/audience", &self.audience)] {
            faults.optional(place, line.as_ref(), |line| one_line(line, 500));
        }
        for (place, text) in [("/narrative", &self.narrative), ("/description", &self.description)] {
            faults.optional(place, text.as_ref(), |text| prose(text, LONGEST));
        }
        faults.0
    }
}

impl ResultDetail {
    /// What is wrong with it as a result of an achievement with this text.
    pub(super) fn check(&self, achievement: &Text) -> Vec<Problem> {
        let mut faults = Faults::default();
        if self.value.is_none() && self.achieved_level.is_none() && self.status.is_none() {
            faults.0.push(Problem::at("", "a result has a value, an achievedLevel or a status"));
        }
        faults.optional("/value", self.value.as_ref(), |value| one_line(value, 500));
        faults.each("/alignment", &self.alignment, 50, Alignment::check);
        match self.scale(achievement) {
            Ok(Some(scale)) => {
                faults.optional("/value", self.value.as_ref(), |value| scale.allows(value));
                faults.optional("/achievedLevel", self.achieved_level.as_ref(), |level| scale.level(level).map(drop));
            }
            Ok(None) => faults.optional("/achievedLevel", self.achieved_level.as_ref(), |_| {
                Err("a level belongs to a resultDescription: name it".to_owned())
            }),
            Err(why) => faults.check("/resultDescription", Err(why)),
        }
        faults.0
    }

    /// Its scale, if it names one.
    pub(super) fn scale<'t>(&self, achievement: &'t Text) -> Result<Option<&'t ResultDescription>, String> {
        let Some(id) = &self.result_description else { return Ok(None) };
        let scales = &achievement.result_descriptions;
        let found = scales.iter().find(|scale| scale.id == *id);
        let known = || scales.iter().map(|scale| &*scale.id).collect::<Vec<_>>().join(", ");
        found.map(Some).ok_or_else(|| match known() {
            none if none.is_empty() => "the achievement's text has no result_descriptions".to_owned(),
            known => format!("the achievement's text has the result_descriptions: {known}"),
        })
    }
}

impl ImageDetail {
    pub(super) fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.check("/id", web_address(&self.id));
        faults.optional("/caption", self.caption.as_ref(), |caption| one_line(caption, 500));
        faults.0
    }
}
