//! An organisation in the words of Open Badges.

use laurel_openbadges::documents::Profile;

use super::Organisation;

/// What an organisation says of itself as an issuer with this identifier (Open Badges 3.0, `Profile`). `base_url` is where its picture is.
pub fn issuer_profile(organisation: &Organisation, id: &str, base_url: &str) -> Profile {
    let mut profile = Profile::named(id, organisation.name.clone());
    profile.url.clone_from(&organisation.url);
    profile.description.clone_from(&organisation.description);
    profile.email.clone_from(&organisation.email);
    organisation.particulars.fill(&mut profile, base_url);
    profile
}
