//! Details in the words of Open Badges 3.0.

use laurel_openbadges::documents::{AchievementResult, AchievementSubject, Evidence, Image};
use serde_json::Number;

use super::{Details, EvidenceDetail, ResultDetail};
use crate::achievements::{Text, target};
use crate::organisations::Party;
use crate::time::Timestamp;

/// Puts them into the subject of a credential whose achievement has this text.
pub(in crate::awards) fn fill(subject: &mut AchievementSubject, details: &Details, achievement: &Text) {
    subject.result = details.results.iter().map(|each| result(each, achievement, &subject.achievement.id)).collect();
    subject.narrative.clone_from(&details.narrative);
    subject.credits_earned = details.credits_earned.as_ref().and_then(Number::as_f64);
    subject.role.clone_from(&details.role);
    subject.term.clone_from(&details.term);
    subject.license_number.clone_from(&details.license_number);
    subject.activity_start_date = details.activity_start_date.map(Timestamp::to_second);
    subject.activity_end_date = details.activity_end_date.map(Timestamp::to_second);
    let image = details.image.as_ref();
    subject.image = image.map(|image| Image { id: image.id.clone(), caption: image.caption.clone() });
    subject.source = details.source.as_ref().map(Party::profile);
}

fn result(detail: &ResultDetail, achievement: &Text, url: &str) -> AchievementResult {
    let scale = detail.scale(achievement).ok().flatten().map(|scale| scale.url(url));
    AchievementResult {
        achieved_level: scale.as_ref().zip(detail.achieved_level.as_ref()).map(|(scale, id)| format!("{scale}/{id}")),
        result_description: scale,
        value: detail.value.clone(),
        status: detail.status,
        alignment: detail.alignment.iter().map(target).collect(),
        ..AchievementResult::default()
    }
}

pub(in crate::awards) fn evidence(detail: &EvidenceDetail) -> Evidence {
    Evidence {
        id: detail.id.clone(),
        name: detail.name.clone(),
        narrative: detail.narrative.clone(),
        description: detail.description.clone(),
        genre: detail.genre.clone(),
        audience: detail.audience.clone(),
        ..Evidence::default()
    }
}
