//! What was reached, and on which scales, in words.

use laurel_core::achievements::{ResultDescription, Text};
use laurel_openbadges::documents::ResultType;
use serde_json::Value;

use super::dates::Day;
use super::emblem::clean;

/// A name and what stands beside it.
pub(crate) type Line = (String, String);

/// The results of a credential's subject, as its document says them.
pub(super) fn results(subject: &Value) -> Vec<Line> {
    let scales = list(&subject["achievement"]["resultDescription"]);
    list(&subject["result"]).iter().filter_map(|result| line(result, scales)).collect()
}

fn line(result: &Value, scales: &[Value]) -> Option<Line> {
    let scale = named(scales, &result["resultDescription"]).unwrap_or(&Value::Null);
    let level = named(list(&scale["rubricCriterionLevel"]), &result["achievedLevel"]);
    let value = result["value"].as_str().map(|value| measured(value, scale["resultType"] == "Percent"));
    let level = level.and_then(|level| level["name"].as_str()).map(str::to_owned);
    let status = result["status"].as_str().map(status_words);
    let reached: Vec<String> = [value, level, status].into_iter().flatten().collect();
    let name = scale["name"].as_str().unwrap_or("Result");
    let needed = scale["requiredValue"].as_str().map(|needed| format!(" ({needed} needed)")).unwrap_or_default();
    (!reached.is_empty()).then(|| (clean(name), clean(&format!("{}{needed}", reached.join(", ")))))
}

fn named<'v>(list: &'v [Value], id: &Value) -> Option<&'v Value> {
    list.iter().find(|each| each["id"] == *id)
}

/// The scales of an achievement.
pub(super) fn scales(text: &Text) -> Vec<Line> {
    text.result_descriptions.iter().map(|scale| (clean(&scale.name), clean(&scale_words(scale)))).collect()
}

fn scale_words(scale: &ResultDescription) -> String {
    let is_percent = scale.result_type == ResultType::Percent;
    let mut words = Vec::new();
    match (&scale.value_min, &scale.value_max) {
        (Some(least), Some(most)) => words.push(format!("{least} to {}", measured(most, is_percent))),
        (Some(least), None) => words.push(format!("from {}", measured(least, is_percent))),
        (None, Some(most)) => words.push(format!("up to {}", measured(most, is_percent))),
        (None, None) => {}
    }
    if !scale.allowed_values.is_empty() {
        words.push(scale.allowed_values.join(", "));
    }
    if !scale.levels.is_empty() {
        words.push(scale.levels.iter().map(|level| &*level.name).collect::<Vec<_>>().join(", "));
    }
    words.extend(scale.required_value.as_deref().map(|needed| format!("{} needed", measured(needed, is_percent))));
    let needed = scale.levels.iter().find(|level| scale.required_level.as_ref() == Some(&level.id));
    words.extend(needed.map(|level| format!("{} needed", level.name)));
    if words.is_empty() { "reported with the award".to_owned() } else { words.join("; ") }
}

fn measured(value: &str, is_percent: bool) -> String {
    if is_percent && !value.ends_with('%') { format!("{value} %") } else { value.to_owned() }
}

fn status_words(status: &str) -> String {
    match status {
        "InProgress" => "in progress".to_owned(),
        "OnHold" => "on hold".to_owned(),
        other => other.to_lowercase(),
    }
}

/// What else a credential says of its award.
pub(super) fn award_facts(subject: &Value) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().map(clean).filter(|text| !text.is_empty());
    let day = |value: &Value| Some(Day::of(value.as_str()?.parse().ok()?).words);
    let credits = subject["creditsEarned"].as_number().map(ToString::to_string);
    let named = [
        ("Credits earned", credits),
        ("Earner's role", text(&subject["role"])),
        ("Term", text(&subject["term"])),
        ("License number", text(&subject["licenseNumber"])),
        ("Began", day(&subject["activityStartDate"])),
        ("Ended", day(&subject["activityEndDate"])),
        ("Assessed by", text(&subject["source"]["name"]).or_else(|| text(&subject["source"]["id"]))),
    ];
    named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// What schools and registers say of an achievement.
pub(super) fn academic_facts(text: &Text) -> Vec<(&'static str, String)> {
    let creator = text.creator.as_ref().map(|creator| creator.name.clone().unwrap_or_else(|| creator.id.clone()));
    let named = [
        ("Code", text.human_code.clone()),
        ("Credits", text.credits_available.as_ref().map(ToString::to_string)),
        ("Field of study", text.field_of_study.clone()),
        ("Specialization", text.specialization.clone()),
        ("Language", text.in_language.clone()),
        ("Designed by", creator),
    ];
    named.into_iter().filter_map(|(name, value)| Some((name, clean(&value?)))).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn results_in_words() {
        let scale = json!({
            "id": "a#score", "name": "Score", "resultType": "Percent", "requiredValue": "80",
            "rubricCriterionLevel": [{ "id": "a#score/gold", "name": "Gold" }],
        });
        let subject = json!({
            "achievement": { "resultDescription": [scale] },
            "result": [
                { "resultDescription": "a#score", "value": "92", "achievedLevel": "a#score/gold" },
                { "status": "InProgress" },
                { "alignment": [] },
            ],
        });
        let expected = [("Score", "92 %, Gold (80 needed)"), ("Result", "in progress")];
        assert_eq!(results(&subject), expected.map(|(name, words)| (name.to_owned(), words.to_owned())));
        assert!(results(&Value::Null).is_empty());
    }
}
