//! What an organisation says of itself beside its name: how to reach it, where it is, where it is registered.

use laurel_openbadges::documents::{Address as OpenAddress, Image, Profile};
use serde::{Deserialize, Serialize};

use super::OtherIdentifier;
use crate::error::{Faults, Problem};
use crate::id::ImageId;
use crate::text::one_line;

/// Particulars of an issuer, all optional (Open Badges 3.0, `Profile`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Particulars {
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Name of the official who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub official: Option<String>,
    /// Its logo: a picture that the organisation uploaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "uuid"))]
    pub image: Option<ImageId>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Its identifiers in registers and other systems.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_identifiers: Vec<OtherIdentifier>,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Post code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// Region within the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Country by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Country by ISO 3166-1 alpha-2 code (`AT`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
}

impl Particulars {
    /// What is wrong with them, but for whether the picture is there.
    pub(super) fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        faults.optional("/phone", self.phone.as_ref(), |phone| one_line(phone, 40));
        faults.optional("/official", self.official.as_ref(), |name| one_line(name, 200));
        faults.0.extend(self.address.iter().flat_map(Address::check).map(|problem| problem.below("/address")));
        faults.each("/other_identifiers", &self.other_identifiers, 20, OtherIdentifier::check);
        faults.0
    }

    /// Adds them to a profile.
    pub(super) fn fill(&self, profile: &mut Profile, base_url: &str) {
        profile.phone.clone_from(&self.phone);
        profile.official.clone_from(&self.official);
        profile.image = self.image.map(|id| Image::new(format!("{base_url}/images/{id}")));
        profile.address = self.address.as_ref().map(Address::open_badge);
        profile.other_identifier = self.other_identifiers.iter().map(OtherIdentifier::entry).collect();
    }
}

impl Address {
    fn check(&self) -> Vec<Problem> {
        let mut faults = Faults::default();
        for (place, line) in [
            ("/street", &self.street),
            ("/postal_code", &self.postal_code),
            ("/locality", &self.locality),
            ("/region", &self.region),
            ("/country", &self.country),
        ] {
            faults.optional(place, line.as_ref(), |line| one_line(line, 200));
        }
        faults.optional("/country_code", self.country_code.as_ref(), |code| {
            let good = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
            good.then_some(()).ok_or_else(|| "a country code has two capital letters, such as AT".to_owned())
        });
        faults.0
    }

    fn open_badge(&self) -> OpenAddress {
        OpenAddress {
            address_country: self.country.clone(),
            address_country_code: self.country_code.clone(),
            address_region: self.region.clone(),
            address_locality: self.locality.clone(),
            street_address: self.street.clone(),
            postal_code: self.postal_code.clone(),
            ..OpenAddress::default()
        }
    }
}
