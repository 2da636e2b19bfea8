//! The earner as clients see them (Open Badges 3.0, class Profile): what the house knows, and what the earner's clients added.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Problem};
use crate::house::House;
use crate::subjects::{Identifier, Subject};
use crate::text::{one_line, prose};

/// A profile as clients write it. What this host could not answer for (a postal address, a day of birth, identifiers elsewhere) is not
/// among its members: other clients would believe it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EarnerProfile {
    /// Not kept: this host writes its own.
    #[serde(default, rename = "@context", skip_serializing)]
    pub context: Value,
    /// Not kept: this host gives it.
    #[serde(default, skip_serializing)]
    pub id: Option<String>,
    /// `Profile`; not kept.
    #[serde(default, rename = "type", skip_serializing)]
    pub types: Value,
    /// The name to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Further given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_name: Option<String>,
    /// Patronymic name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic_name: Option<String>,
    /// What precedes the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_prefix: Option<String>,
    /// What follows the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_suffix: Option<String>,
    /// What precedes the family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name_prefix: Option<String>,
    /// A few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// One of the e-mail addresses that are known here to be the earner's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A profile as clients read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileView {
    /// The address of the earner's page, which is the profile's `id`.
    pub id: String,
    /// The rest.
    pub profile: EarnerProfile,
}

/// The profile of an earner. Without a name of its own it has the one that the organisation gave.
pub async fn profile(house: &House, earner: &Subject) -> Result<ProfileView, Error> {
    let family = house.store.subject_family(earner.id).await?;
    let written = house.store.earner_profile(&family).await?;
    let mut profile: EarnerProfile = match written {
        Some(text) => serde_json::from_str(&text).map_err(|why| Error::Internal(format!("profile: {why}")))?,
        None => EarnerProfile::default(),
    };
    profile.name = profile.name.or_else(|| earner.name.clone());
    Ok(ProfileView { id: id(house, earner), profile })
}

/// Replaces the profile of an earner. What the organisation calls the earner stays as it is.
pub async fn change_profile(house: &House, earner: &Subject, new: EarnerProfile) -> Result<ProfileView, Error> {
    let mut problems = check(&new, &id(house, earner));
    if let Some(address) = &new.email
        && !is_known(house, earner, address).await?
    {
        problems.push(Problem::at("/email", "only an e-mail address that is known here to be the earner's is taken"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let text = serde_json::to_string(&new).map_err(|why| Error::Internal(why.to_string()))?;
    house.store.set_earner_profile(earner.id, &text, house.clock.now()).await?;
    profile(house, earner).await
}

fn id(house: &House, earner: &Subject) -> String {
    format!("{}/earners/{}", house.base_url, earner.public_id)
}

async fn is_known(house: &House, earner: &Subject, address: &str) -> Result<bool, Error> {
    let Ok(wanted) = (Identifier::Email { address: address.to_owned() }).normalised() else { return Ok(false) };
    // A merge hands the identifiers over: these are all of the family's.
    let known = house.store.identifiers(earner.id).await?;
    Ok(known.iter().any(|each| each.verified && each.identifier == wanted))
}

fn check(new: &EarnerProfile, id: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut fault = |pointer: &str, message: String| problems.push(Problem::at(pointer, message));
    let is_profile = match &new.types {
        Value::Array(types) => types.iter().any(|each| each == "Profile"),
        other => other == "Profile",
    };
    if !is_profile {
        fault("/type", "it must be Profile".to_owned());
    }
    if new.id.as_deref() != Some(id) {
        fault("/id", format!("it must be {id}, which this host gave"));
    }
    let lines = [
        ("/name", &new.name),
        ("/givenName", &new.given_name),
        ("/familyName", &new.family_name),
        ("/additionalName", &new.additional_name),
        ("/patronymicName", &new.patronymic_name),
        ("/honorificPrefix", &new.honorific_prefix),
        ("/honorificSuffix", &new.honorific_suffix),
        ("/familyNamePrefix", &new.family_name_prefix),
        ("/url", &new.url),
    ];
    for (pointer, text) in lines {
        if let Some(Err(message)) = text.as_deref().map(|text| one_line(text, 200)) {
            fault(pointer, message);
        }
    }
    if let Some(Err(message)) = new.description.as_deref().map(|text| prose(text, 2000)) {
        fault("/description", message);
    }
    if new.url.as_deref().is_some_and(|url| !url.starts_with("https://") || url.contains(char::is_whitespace)) {
        fault("/url", "it must begin with https://".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "https://badges.example.org/earners/1";

    fn faults(text: &str) -> Vec<String> {
        match serde_json::from_str::<EarnerProfile>(text) {
            Ok(profile) => check(&profile, ID).into_iter().map(|problem| problem.pointer).collect(),
            Err(why) => vec![why.to_string()],
        }
    }

    #[test]
    fn what_nobody_here_can_answer_for_is_not_taken() {
        let good =
            format!(r#"{{"@context":["x"],"type":["Profile"],"id":"{ID}","name":"Ada","url":"https://ada.example"}}"#);
        assert_eq!(faults(&good), Vec::<String>::new());
        assert!(faults(&good.replace("\"name\"", "\"phone\""))[0].contains("phone"));
        assert_eq!(faults(&good.replace(ID, "https://elsewhere.example/1")), ["/id"]);
        assert_eq!(faults(&good.replace("https://ada", "javascript:ada")), ["/url"]);
        assert_eq!(faults(&good.replace("Ada", "A\\u202Eda")), ["/name"]);
        assert_eq!(faults("{}"), ["/type", "/id"]);
    }

    #[test]
    fn what_is_kept_can_be_read_again() {
        let text = format!(r#"{{"type":"Profile","id":"{ID}","givenName":"Ada"}}"#);
        let stored = serde_json::to_string(&serde_json::from_str::<EarnerProfile>(&text).unwrap()).unwrap();
        assert_eq!(stored, r#"{"givenName":"Ada"}"#);
        assert_eq!(serde_json::from_str::<EarnerProfile>(&stored).unwrap().given_name.as_deref(), Some("Ada"));
    }
}
