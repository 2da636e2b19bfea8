//! An achievement in the words of Open Badges 3.0.

use laurel_openbadges::documents::{
    Achievement as Badge, AchievementType, Alignment as Target, Criteria, Image, Related,
};

use super::{Alignment, RelatedAchievement, Text, Version};
use crate::id::AchievementId;
use crate::issued::by_form;
use crate::organisations::{OtherIdentifier, Party};

/// One version of an achievement as others read it (Open Badges 3.0, `Achievement`). Its id is the address of its page; its picture is
/// the organisation's own, if it brought one.
pub fn open_badge(id: AchievementId, version: &Version, base_url: &str) -> Badge {
    let text = &version.text;
    let url = achievement_url(id, base_url);
    let criteria = Criteria { id: Some(url.clone()), narrative: Some(text.criteria.clone()) };
    let mut badge = Badge::new(url, text.name.clone(), text.description.clone(), criteria);
    badge.achievement_type = text.achievement_type.as_deref().and_then(AchievementType::named);
    badge.tag.clone_from(&text.tags);
    badge.alignment = text.alignments.iter().map(target).collect();
    badge.version = Some(version.number.to_string());
    badge.image = text.image.map(|id| Image::new(format!("{base_url}/images/{id}")));
    badge.result_description = text.result_descriptions.iter().map(|scale| scale.open_badge(&badge.id)).collect();
    (badge.endorsement, badge.endorsement_jwt) = by_form(&text.endorsements);
    academic(text, &mut badge);
    badge
}

/// Its identifier in documents: the address of its page.
pub fn achievement_url(id: AchievementId, base_url: &str) -> String {
    format!("{base_url}/achievements/{id}")
}

/// What schools and registers say of it.
fn academic(text: &Text, badge: &mut Badge) {
    badge.creator = text.creator.as_ref().map(Party::profile);
    badge.credits_available = text.credits_available.as_ref().and_then(serde_json::Number::as_f64);
    badge.field_of_study.clone_from(&text.field_of_study);
    badge.human_code.clone_from(&text.human_code);
    badge.in_language.clone_from(&text.in_language);
    badge.other_identifier = text.other_identifiers.iter().map(OtherIdentifier::entry).collect();
    badge.related = text.related.iter().map(related).collect();
    badge.specialization.clone_from(&text.specialization);
}

fn related(other: &RelatedAchievement) -> Related {
    Related { in_language: other.in_language.clone(), version: other.version.clone(), ..Related::new(&other.id) }
}

/// Where the picture of a version is shown, be it the organisation's own or the drawn emblem.
pub fn emblem_url(id: AchievementId, version: &Version, base_url: &str) -> String {
    format!("{base_url}/achievements/{id}/emblem.svg?version={}", version.number)
}

/// An alignment in the words of Open Badges 3.0.
pub(crate) fn target(alignment: &Alignment) -> Target {
    let mut target = Target::new(alignment.name.clone(), alignment.url.clone());
    target.target_description.clone_from(&alignment.description);
    target.target_type.clone_from(&alignment.target_type);
    target.target_framework.clone_from(&alignment.framework);
    target.target_code.clone_from(&alignment.code);
    target
}
