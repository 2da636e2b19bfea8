//! Credentials of every kind, in every standing, and the lists that say so: what verifiers of others are asked about.

use laurel_openbadges::Timestamp;
use laurel_openbadges::documents::{AchievementResult, OpenBadgeCredential, ResultStatus, TermsOfUse};
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::status::{Bitstring, StatusEntry, StatusListCredential, StatusPurpose};

use crate::badges::{complete, endorsement, learner_record, minimal, older};

/// The entry that is set in every list, and one that is not.
const SET: u64 = 94_567;
const UNSET: u64 = 7;

/// An unsigned credential, and what is known about it.
pub(crate) struct Kind {
    /// Those that are badges have "badge" in their name, and so on.
    pub(crate) name: &'static str,
    pub(crate) document: Vec<u8>,
    pub(crate) revoked: bool,
    pub(crate) suspended: bool,
}

/// One of each kind. Their status lists are below the address `lists`.
pub(crate) fn all(issuer: &str, lists: &str) -> Vec<Kind> {
    let mut all = with_status(issuer, lists);
    for (name, document) in [
        ("minimal badge", minimal(issuer).to_bytes()),
        ("complete badge", complete(issuer).to_bytes()),
        ("badge with terms", with_terms(issuer).to_bytes()),
        ("badge with results", with_results(issuer).to_bytes()),
        ("older badge", older(issuer).to_bytes()),
        ("endorsement", endorsement(issuer, "https://badges.example/achievements/1").to_bytes()),
        ("record", learner_record(issuer).to_bytes()),
    ] {
        all.push(Kind { name, document: document.unwrap(), revoked: false, suspended: false });
    }
    all
}

fn with_status(issuer: &str, lists: &str) -> Vec<Kind> {
    use StatusPurpose::{Message, Refresh, Revocation, Suspension};
    let entry = |list: &str, purpose, index| StatusEntry::new(format!("{lists}/{list}"), purpose, index);
    let saying = |list: &str, index, messages: &[&str]| StatusEntry {
        messages: messages.iter().map(|text| (*text).to_owned()).collect(),
        ..entry(list, Message, index)
    };
    let badge = |status: Vec<StatusEntry>| OpenBadgeCredential { status, ..minimal(issuer) }.to_bytes().unwrap();
    let kind = |name, document, revoked, suspended| Kind { name, document, revoked, suspended };
    let mut suspended_endorsement = endorsement(issuer, "https://badges.example/achievements/1");
    suspended_endorsement.status = vec![entry("suspension", Suspension, SET)];
    let mut revoked_record = learner_record(issuer);
    revoked_record.status = vec![entry("revocation", Revocation, SET)];
    let both = || vec![entry("revocation", Revocation, SET), entry("suspension", Suspension, SET)];
    let revoked = OpenBadgeCredential { status: vec![entry("revocation", Revocation, SET)], ..complete(issuer) };
    vec![
        kind("badge with status", badge(vec![entry("revocation", Revocation, UNSET)]), false, false),
        kind("revoked badge", revoked.to_bytes().unwrap(), true, false),
        kind("suspended badge", badge(vec![entry("suspension", Suspension, SET)]), false, true),
        kind("badge to refresh", badge(vec![entry("refresh", Refresh, SET)]), false, false),
        kind("badge with a message", badge(vec![saying("message", SET, &["as it was", "renamed"])]), false, false),
        kind(
            "badge with messages",
            badge(vec![saying("messages", SET / 2, &["none", "renamed", "moved", "both"])]),
            false,
            false,
        ),
        kind("badge with a list as a token", badge(vec![entry("token", Revocation, UNSET)]), false, false),
        kind("badge revoked by a token", badge(vec![entry("token", Revocation, SET)]), true, false),
        // 1EdTech's schema knows one status only.
        kind("two standings", badge(both()), true, true),
        kind("suspended endorsement", suspended_endorsement.to_bytes().unwrap(), false, true),
        kind("revoked record", revoked_record.to_bytes().unwrap(), true, false),
    ]
}

fn with_terms(issuer: &str) -> OpenBadgeCredential {
    let terms = |id: Option<&str>| TermsOfUse {
        id: id.map(str::to_owned),
        r#type: "https://badges.example/terms#Policy".into(),
    };
    let terms_of_use = vec![terms(Some("https://badges.example/terms/1")), terms(None)];
    OpenBadgeCredential { terms_of_use, ..minimal(issuer) }
}

/// Every way of saying a result.
fn with_results(issuer: &str) -> OpenBadgeCredential {
    let mut badge = complete(issuer);
    let status = |status| AchievementResult { status: Some(status), ..AchievementResult::default() };
    badge.subject.result.extend([
        status(ResultStatus::InProgress),
        status(ResultStatus::OnHold),
        AchievementResult { value: Some("A+".into()), ..AchievementResult::default() },
        AchievementResult { achieved_level: Some("urn:level:1".into()), ..AchievementResult::default() },
    ]);
    badge
}

/// The lists below `lists`, signed: their addresses and texts.
pub(crate) fn lists(
    issuer: &str,
    lists: &str,
    key: &SigningKey,
    method: &str,
    from: Timestamp,
) -> Vec<(String, String)> {
    use StatusPurpose::{Message, Refresh, Revocation, Suspension};
    let mut bits = Bitstring::new(131_072).unwrap();
    bits.set(SET, true).unwrap();
    let mut pairs = Bitstring::new(131_072).unwrap();
    pairs.set_value(SET / 2, 2, 2).unwrap();
    let unsigned = |name: &str, purpose, bits| {
        let id = format!("{lists}/{name}");
        let issuer = issuer.to_owned();
        let list = StatusListCredential { id, issuer, purpose, valid_from: from, valid_until: None, ttl_millis: None };
        (list.id.clone(), list.to_bytes(bits))
    };
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, from);
    let mut signed: Vec<(String, String)> = [
        unsigned("revocation", Revocation, &bits),
        unsigned("suspension", Suspension, &bits),
        unsigned("refresh", Refresh, &bits),
        unsigned("message", Message, &bits),
        unsigned("messages", Message, &pairs),
    ]
    .map(|(id, list)| (id, String::from_utf8(sign(&list, key, &options).unwrap()).unwrap()))
    .to_vec();
    let (id, list) = unsigned("token", Revocation, &bits);
    let options = JwtOptions::new(JwtProfile::JoseCose, KeyReference::Kid(method.to_owned()));
    signed.push((id, sign_credential(&list, key, &options).unwrap()));
    signed
}
