use super::Rule;
use crate::error::Error;
use crate::house::House;
use crate::id::AchievementId;
use crate::plugins::Requirement;

/// What a rule demands, as people read it: a plugin knows achievements by their ids alone, and so names them; here they have names.
pub async fn requirements(house: &House, rule: &Rule) -> Result<Vec<Requirement>, Error> {
    let mut requirements: Vec<Requirement> = serde_json::from_str(&rule.requirements)
        .map_err(|why| Error::Internal(format!("requirements of rule {}: {why}", rule.id)))?;
    for requirement in &mut requirements {
        for id in ids(&requirement.text) {
            let achievement = house.store.achievement(id).await?;
            if let Some(known) = achievement.filter(|achievement| achievement.organisation == rule.organisation) {
                let name = format!("“{}”", known.version.text.name);
                requirement.text = requirement.text.replace(&id.to_string(), &name);
            }
        }
    }
    Ok(requirements)
}

/// Everything in a text that has the form of an id.
fn ids(text: &str) -> Vec<AchievementId> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words.filter(|word| word.len() == 36).filter_map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn ids_are_found_among_words() {
        let id = "01a2058a-a187-7f89-9ba6-eb1954a1d1ed";
        let found = |text: String| ids(&text).into_iter().map(|id| id.to_string()).collect::<Vec<_>>();
        assert_eq!(found(format!("hold the badge {id}, or ({id})")), [id, id]);
        assert_eq!(found(format!("„{id}“")), [id]);
        assert!(found(format!("x{id}0, 5 × solution accepted, {}", &id[1..])).is_empty());
    }
}
