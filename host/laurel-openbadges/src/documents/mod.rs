//! Open Badges 3.0 documents, built field by field.
//!
//! The types follow the information model of Open Badges 3.0 (sections B.1 to B.7). Every `new` takes what the
//! specification requires; everything else is a public field, left empty to leave it out. Members are
//! written in a fixed order, so that equal values give equal bytes.

mod achievement;
mod credential;
mod profile;
mod result;
mod subject;

pub use achievement::{Achievement, AchievementType, Alignment, Criteria, Related};
pub use credential::{CredentialSchema, DocumentError, OpenBadgeCredential, RefreshService, TermsOfUse};
pub use profile::{Address, IdentifierEntry, Image, Profile};
pub use result::{AchievementResult, ResultDescription, ResultStatus, ResultType, RubricCriterionLevel};
pub use subject::{AchievementSubject, Evidence, IdentityObject, IdentityType};

// The markers of the `type` member are public so that struct update syntax works; they hold no choice.
#[doc(hidden)]
pub use {
    achievement::{AchievementTypes, AlignmentTypes, RelatedTypes},
    profile::{AddressTypes, ProfileTypes},
    result::{DescriptionTypes, LevelTypes, ResultTypes},
    subject::{EvidenceTypes, SubjectTypes},
};

/// Writes the `type` member that never varies for a class.
macro_rules! type_member {
    ($name:ident, $text:literal) => {
        #[doc(hidden)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $name;

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&[$text], serializer)
            }
        }
    };
}
pub(crate) use type_member;
