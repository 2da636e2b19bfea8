//! Whom documents name beside their issuer, and identifiers in other systems.

use laurel_openbadges::documents::{IdentifierEntry, Image, Profile};
use serde::{Deserialize, Serialize};

use crate::error::{Faults, Problem};
use crate::text::{identifier, one_line, open_word, prose, web_address};

/// A person or organisation: who designed an achievement, who assessed an earner (Open Badges 3.0, `Profile`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Identifier: a URL, URN or DID.
    pub id: String,
    /// Name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A short description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// URL of a logo or portrait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

impl Party {
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.check("/id", identifier(&self.id));
        faults.optional("/name", self.name.as_ref(), |name| one_line(name, 200));
        faults.optional("/url", self.url.as_ref(), web_address);
        faults.optional("/description", self.description.as_ref(), |text| prose(text, 2000));
        faults.optional("/email", self.email.as_ref(), |email| one_line(email, 254));
        faults.optional("/phone", self.phone.as_ref(), |phone| one_line(phone, 40));
        faults.optional("/image", self.image.as_ref(), web_address);
        faults.0
    }

    /// In the words of Open Badges 3.0.
    pub(crate) fn profile(&self) -> Profile {
        let mut profile = Profile::new(&self.id);
        profile.name.clone_from(&self.name);
        profile.url.clone_from(&self.url);
        profile.description.clone_from(&self.description);
        profile.email.clone_from(&self.email);
        profile.phone.clone_from(&self.phone);
        profile.image = self.image.as_ref().map(Image::new);
        profile
    }
}

/// An identifier in another system, such as a registry (Open Badges 3.0, `IdentifierEntry`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OtherIdentifier {
    /// The identifier.
    pub identifier: String,
    /// Its kind: `sourcedId`, `systemId`, `isbn`, `identifier`, … or one of one's own, `ext:…`.
    pub identifier_type: String,
}

impl OtherIdentifier {
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.check("/identifier", one_line(&self.identifier, 500));
        faults.check("/identifier_type", open_word(&self.identifier_type, &IdentifierEntry::TYPES));
        faults.0
    }

    /// In the words of Open Badges 3.0.
    pub(crate) fn entry(&self) -> IdentifierEntry {
        IdentifierEntry { identifier: self.identifier.clone(), identifier_type: self.identifier_type.clone() }
    }
}
