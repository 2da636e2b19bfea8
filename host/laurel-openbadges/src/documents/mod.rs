//! Open Badges 3.0 documents, built field by field; endorsements, learner records, and the Open Badges 2.0 form of an award.
//!
//! The types follow the information model of Open Badges 3.0 (sections B.1 to B.7). Every `new` takes what the
//! specification requires; everything else is a public field, left empty to leave it out. Members are
//! written in a fixed order, so that equal values give equal bytes.

mod achievement;
mod credential;
mod endorsement;
pub mod hosted;
mod learner_record;
mod profile;
mod result;
mod services;
mod subject;
mod written;

pub use achievement::{Achievement, AchievementType, Alignment, Criteria, Related};
pub use credential::{DataModel, DocumentError, OpenBadgeCredential};
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub use learner_record::{Association, AssociationType, ClrCredential, ClrSubject};
pub use profile::{Address, GeoCoordinates, IdentifierEntry, Image, PersonName, Profile};
pub use result::{AchievementResult, ResultDescription, ResultStatus, ResultType, RubricCriterionLevel};
pub use services::{CredentialSchema, RefreshService, TermsOfUse};
pub(crate) use subject::identity_hash;
pub use subject::{AchievementSubject, Evidence, IdentityObject, IdentityType};

// The markers of the `type` member are public so that struct update syntax works; they hold no choice.
#[doc(hidden)]
pub use {
    achievement::{AchievementTypes, AlignmentTypes, RelatedTypes},
    endorsement::EndorsementTypes,
    learner_record::ClrTypes,
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
