//! Who: profiles of issuers and creators (Open Badges 3.0, section B.3).

use serde::Serialize;

use super::type_member;

type_member!(ProfileTypes, "Profile");
type_member!(AddressTypes, "Address");

/// An organisation or person (section B.3).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Identifier: a DID or URL.
    pub id: String,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: ProfileTypes,
    /// Name to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Phone number in E.164 form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A short description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Logo or portrait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Identifiers in other systems.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_identifier: Vec<IdentifierEntry>,
    /// The name of the official responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub official: Option<String>,
    /// The organisation this one is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_org: Option<Box<Profile>>,
    /// The parts of a person's name.
    #[serde(flatten)]
    pub person: PersonName,
    /// What others say of it: signed [`EndorsementCredential`](super::EndorsementCredential)s.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endorsement: Vec<serde_json::Value>,
}

/// The parts of a person's name, and the day of birth, for profiles of persons (section B.3).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonName {
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Further given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_name: Option<String>,
    /// Patronymic name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic_name: Option<String>,
    /// What precedes the name, such as "Dr".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_prefix: Option<String>,
    /// What follows the name, such as "M.D.".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_suffix: Option<String>,
    /// A prefix of the family name, such as "van".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name_prefix: Option<String>,
    /// Day of birth, as `2000-12-31`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
}

impl Profile {
    /// A profile with nothing but its identifier.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            types: ProfileTypes,
            name: None,
            url: None,
            phone: None,
            description: None,
            image: None,
            email: None,
            address: None,
            other_identifier: Vec::new(),
            official: None,
            parent_org: None,
            person: PersonName::default(),
            endorsement: Vec::new(),
        }
    }

    /// A profile with identifier and name.
    pub fn named(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::new(id) }
    }
}

/// An image by URL (section B.4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// URL of the image; a `data:` URL is allowed.
    pub id: String,
    /// Text for those who do not see it.
    pub caption: Option<String>,
}

impl Image {
    /// An image without a caption.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), caption: None }
    }
}

impl Serialize for Image {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'i> {
            id: &'i str,
            r#type: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            caption: Option<&'i str>,
        }
        Written { id: &self.id, r#type: "Image", caption: self.caption.as_deref() }.serialize(serializer)
    }
}

/// A postal address (section B.3.2).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: AddressTypes,
    /// Country by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country: Option<String>,
    /// Country by ISO 3166-1 alpha-2 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country_code: Option<String>,
    /// Region within the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_region: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_locality: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// Post code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Number of a post office box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_office_box_number: Option<String>,
    /// Where on Earth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<GeoCoordinates>,
}

/// A place on Earth (section B.3.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoCoordinates {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Serialize for GeoCoordinates {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Members {
            r#type: &'static str,
            latitude: f64,
            longitude: f64,
        }
        Members { r#type: "GeoCoordinates", latitude: self.latitude, longitude: self.longitude }.serialize(serializer)
    }
}

/// An identifier in another system (section B.3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierEntry {
    /// The identifier.
    pub identifier: String,
    /// Its kind, from the list of section B.6.3 (for example `systemId`), or `ext:…`.
    pub identifier_type: String,
}

impl IdentifierEntry {
    /// The kinds of identifier the specification names (section B.6.3).
    pub const TYPES: [&str; 19] = [
        "name",
        "sourcedId",
        "systemId",
        "productId",
        "userName",
        "accountId",
        "emailAddress",
        "nationalIdentityNumber",
        "isbn",
        "issn",
        "lisSourcedId",
        "oneRosterSourcedId",
        "sisSourcedId",
        "ltiContextId",
        "ltiDeploymentId",
        "ltiToolId",
        "ltiPlatformId",
        "ltiUserId",
        "identifier",
    ];
}

impl Serialize for IdentifierEntry {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Written<'i> {
            r#type: &'static str,
            identifier: &'i str,
            identifier_type: &'i str,
        }
        let Self { identifier, identifier_type } = self;
        Written { r#type: "IdentifierEntry", identifier, identifier_type }.serialize(serializer)
    }
}
