//! Awards of credentials. Everything that will be signed is fixed when the award is written.

mod change_standing;
mod compose;
mod details;
mod give;
mod issuer;
mod messages;
mod places;
mod store;
mod successor;

pub use change_standing::{change_engagement, change_standing, find};
pub(crate) use compose::{Composed, compose};
pub(crate) use details::read as read_details;
pub use details::{Details, EvidenceDetail, ImageDetail, ResultDetail};
pub use give::{DirectAward, give};
pub(crate) use issuer::Desk;
pub use issuer::{IssuerIdentity, NoIssuer};
pub use messages::{Messages, messages, say};
pub(crate) use messages::{check as check_messages, says};
pub(crate) use places::Places;
pub use store::AwardStore;
pub(crate) use successor::successor;

use serde::{Deserialize, Serialize};

use crate::id::{
    AchievementId, AwardId, KeyId, OrganisationId, OutboxId, PublicId, RuleId, StatusListId, SubjectId, VersionId,
};
use crate::organisations::Suite;
use crate::time::Timestamp;

/// Whether an award counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It counts.
    Active,
    /// It does not count for now.
    Suspended,
    /// It does not count any more. Irreversible.
    Revoked,
    /// Another award took its place (after a merge). Its credential counts as before, and says that there is a newer one.
    Superseded,
}

impl Standing {
    /// The word stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
        }
    }

    /// The kind of event that tells of a change to this standing from the one before.
    pub fn event_kind(self) -> &'static str {
        match self {
            Self::Active => "badge.reinstated",
            Self::Suspended => "badge.suspended",
            Self::Revoked => "badge.revoked",
            Self::Superseded => "badge.superseded",
        }
    }
}

/// On whose word an award has its standing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// Its rule decided so.
    Rule,
    /// The subject's history was folded again, and its rule would not have awarded it: it counts again as soon as the rule does.
    Refold,
    /// Somebody said so over the API. No refold changes that, and no rule lifts that suspension.
    Operator,
}

/// Why an award that a refold suspended counts again.
pub const AWARDED_AGAIN: &str = "the rule awards it again";

/// An award to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAward {
    /// Its id.
    pub id: AwardId,
    /// Id in its URLs.
    pub public_id: PublicId,
    /// Who awards.
    pub organisation: OrganisationId,
    /// Who earned it.
    pub subject: SubjectId,
    /// What.
    pub achievement: AchievementId,
    /// Which text of it.
    pub version: VersionId,
    /// By which rule; none for a direct award.
    pub rule: Option<RuleId>,
    /// Unique per (organisation, rule, subject) — for direct awards per organisation.
    pub key: String,
    /// When.
    pub awarded: Timestamp,
    /// Until when.
    pub valid_until: Option<Timestamp>,
    /// Why, recomputably: a JSON object (`rule`, `plugin` digest, `settings` digest, `seq` and `at` of the event it was decided at, `fuel`, or
    /// `by` for a direct award; `left_out`, what of the plugin's details could not be taken).
    pub explanation: String,
    /// What is to be signed, and how.
    pub document: UnsignedDocument,
    /// Id of its outbox row `badge.awarded`.
    pub outbox: OutboxId,
    /// Depth of the cascade after it.
    pub depth: i16,
}

/// Fixed before signing; every suite signs deterministically, so a retry gives the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedDocument {
    /// The credential without its proof, JSON.
    pub bytes: Vec<u8>,
    /// How it is signed.
    pub suite: Suite,
    /// By which key.
    pub key: KeyId,
    /// What the proof names: `did:…#…`.
    pub verification_method: String,
    /// The proof's `created`.
    pub created: Timestamp,
    /// Its status list.
    pub status_list: StatusListId,
    /// Its place there.
    pub status_index: u32,
}

/// An award as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// Its id.
    pub id: AwardId,
    /// Id in its URLs.
    pub public_id: PublicId,
    /// Who awards.
    pub organisation: OrganisationId,
    /// Who earned it (as attributed at the award; ask the family of a merged subject).
    pub subject: SubjectId,
    /// What.
    pub achievement: AchievementId,
    /// Which text of it.
    pub version: VersionId,
    /// By which rule.
    pub rule: Option<RuleId>,
    /// Key.
    pub key: String,
    /// When.
    pub awarded: Timestamp,
    /// Until when.
    pub valid_until: Option<Timestamp>,
    /// Whether it counts.
    pub standing: Standing,
    /// Why the standing changed.
    pub reason: Option<String>,
    /// When the standing changed.
    pub changed: Option<Timestamp>,
    /// On whose word; none while it stands as it was awarded.
    pub changed_by: Option<Authority>,
    /// Why it was awarded, JSON.
    pub explanation: String,
    /// Its status list.
    pub status_list: StatusListId,
    /// Its place there.
    pub status_index: u32,
    /// The award that took its place, if one did.
    pub successor: Option<AwardId>,
    /// Whether the credential is signed and stored.
    pub signed: bool,
}

/// An award that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedAward {
    /// Its id.
    pub id: AwardId,
    /// Id in its URLs.
    pub public_id: PublicId,
    /// Who issues.
    pub organisation: OrganisationId,
    /// What to sign.
    pub document: UnsignedDocument,
}

impl UnsignedAward {
    /// What of a new award waits for its signature.
    pub(crate) fn of(award: &NewAward) -> Self {
        Self {
            id: award.id,
            public_id: award.public_id,
            organisation: award.organisation,
            document: award.document.clone(),
        }
    }
}
