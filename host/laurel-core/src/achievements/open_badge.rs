//! An achievement in the words of Open Badges 3.0.

use laurel_openbadges::documents::{Achievement as Badge, AchievementType, Alignment as Target, Criteria, Image};

use super::{Alignment, Version};
use crate::id::AchievementId;

/// One version of an achievement as others read it (Open Badges 3.0, `Achievement`). Its id is the address of its page; its picture is
/// the organisation's own, if it brought one.
pub fn open_badge(id: AchievementId, version: &Version, base_url: &str) -> Badge {
    let text = &version.text;
    let url = format!("{base_url}/achievements/{id}");
    let criteria = Criteria { id: Some(url.clone()), narrative: Some(text.criteria.clone()) };
    let mut badge = Badge::new(url, text.name.clone(), text.description.clone(), criteria);
    badge.achievement_type = text.achievement_type.as_deref().and_then(AchievementType::named);
    badge.tag.clone_from(&text.tags);
    badge.alignment = text.alignments.iter().map(target).collect();
    badge.version = Some(version.number.to_string());
    badge.image = text.image.map(|id| Image::new(format!("{base_url}/images/{id}")));
    badge
}

/// Where the picture of a version is shown, be it the organisation's own or the drawn emblem.
pub fn emblem_url(id: AchievementId, version: &Version, base_url: &str) -> String {
    format!("{base_url}/achievements/{id}/emblem.svg?version={}", version.number)
}

fn target(alignment: &Alignment) -> Target {
    let mut target = Target::new(alignment.name.clone(), alignment.url.clone());
    target.target_framework.clone_from(&alignment.framework);
    target.target_code.clone_from(&alignment.code);
    target
}
