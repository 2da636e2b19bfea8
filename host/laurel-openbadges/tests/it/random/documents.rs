//! Documents of every class, with every member that its builder has.

use laurel_openbadges::Limits;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::documents::{
    Achievement, AchievementResult, AchievementSubject, AchievementType, Address, Alignment, Association,
    AssociationType, ClrCredential, CredentialSchema, Criteria, DataModel, EndorsementCredential, Evidence,
    GeoCoordinates, IdentifierEntry, IdentityObject, IdentityType, Image, OpenBadgeCredential, PersonName, Profile,
    RefreshService, Related, ResultDescription, ResultStatus, ResultType, RubricCriterionLevel, TermsOfUse,
};
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, ProofPurpose, add_proof, sign};
use laurel_openbadges::status::{StatusEntry, StatusPurpose};
use serde_json::Value;

use super::change::change;
use super::dice::Dice;

const IDENTITIES: [IdentityType; 10] = [
    IdentityType::Name,
    IdentityType::SourcedId,
    IdentityType::SystemId,
    IdentityType::ProductId,
    IdentityType::UserName,
    IdentityType::AccountId,
    IdentityType::EmailAddress,
    IdentityType::NationalIdentityNumber,
    IdentityType::LtiUserId,
    IdentityType::Identifier,
];
const ASSOCIATIONS: [AssociationType; 8] = [
    AssociationType::ExactMatchOf,
    AssociationType::IsChildOf,
    AssociationType::IsParentOf,
    AssociationType::IsPartOf,
    AssociationType::IsPeerOf,
    AssociationType::IsRelatedTo,
    AssociationType::Precedes,
    AssociationType::ReplacedBy,
];
const STATUSES: [ResultStatus; 7] = [
    ResultStatus::Completed,
    ResultStatus::Enrolled,
    ResultStatus::Failed,
    ResultStatus::InProgress,
    ResultStatus::OnHold,
    ResultStatus::Provisional,
    ResultStatus::Withdrew,
];
const RESULTS: [ResultType; 12] = [
    ResultType::GradePointAverage,
    ResultType::LetterGrade,
    ResultType::Percent,
    ResultType::PerformanceLevel,
    ResultType::PredictedScore,
    ResultType::RawScore,
    ResultType::Result,
    ResultType::RubricCriterion,
    ResultType::RubricCriterionLevel,
    ResultType::RubricScore,
    ResultType::ScaledScore,
    ResultType::Status,
];
const PURPOSES: [StatusPurpose; 4] =
    [StatusPurpose::Revocation, StatusPurpose::Suspension, StatusPurpose::Refresh, StatusPurpose::Message];
const TARGETS: [&str; 13] = [
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
    "ext:a.b-c_d",
    "CFItem",
    "CFRubric",
    "CTDL",
    "ext:1",
    "CFItem",
];
const IDENTIFIERS: [&str; 18] = [
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
];

/// A document of any class: as it is built, or changed; unsigned, or with one or two proofs.
pub(super) fn any(dice: &mut Dice) -> String {
    let mut document = match dice.roll(5) {
        0 | 1 => badge(dice, DataModel::V2).to_value().unwrap(),
        2 => badge(dice, DataModel::V1).to_value().unwrap(),
        3 => value(&endorsement(dice).to_bytes().unwrap()),
        _ => record(dice),
    };
    not_built(&mut document, dice);
    if dice.once_in(2) {
        change(&mut document, dice);
    }
    let text = document.to_string();
    if dice.once_in(2) { signed(text.as_bytes(), dice).unwrap_or(text) } else { text }
}

/// What the schemas know and the builders do not write: endorsements as tokens, the other name of the class.
fn not_built(document: &mut Value, dice: &mut Dice) {
    let is_badge = document["type"][1] == "OpenBadgeCredential";
    if is_badge && dice.once_in(4) {
        document["type"][1] = "AchievementCredential".into();
    }
    if is_badge && dice.once_in(3) {
        document["endorsementJwt"] = (0..=dice.roll(2)).map(|_| Value::from("e30.e30.AAAA")).collect();
    }
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// With every option that a proof has. None if a change left something that cannot be signed.
fn signed(unsigned: &[u8], dice: &mut Dice) -> Option<String> {
    let key = SigningKey::from_seed(&[u8::try_from(dice.roll(256)).unwrap(); 32]);
    let first = options(&key, dice);
    let mut signed = sign(unsigned, &key, &first).ok()?;
    if dice.once_in(3) {
        let previous_proof = first.id.iter().filter(|_| dice.once_in(2)).cloned().collect();
        let second = ProofOptions { previous_proof, ..options(&key, dice) };
        signed = add_proof(&signed, &key, &second, Contexts::bundled(), &Limits::default()).ok()?;
    }
    if dice.once_in(4) {
        // Not an option of ours; nobody verifies these.
        let mut document = value(&signed);
        let proof = if document["proof"].is_array() { &mut document["proof"][0] } else { &mut document["proof"] };
        proof["nonce"] = dice.name().into();
        return Some(document.to_string());
    }
    String::from_utf8(signed).ok()
}

fn options(key: &SigningKey, dice: &mut Dice) -> ProofOptions {
    ProofOptions {
        cryptosuite: dice.pick(&[Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022]),
        verification_method: key.did_key().verification_method(),
        created: dice.maybe(Dice::time),
        purpose: dice.pick(&[ProofPurpose::AssertionMethod, ProofPurpose::Authentication]),
        expires: dice.maybe(Dice::time),
        domain: dice.maybe(Dice::name),
        challenge: dice.maybe(Dice::name),
        id: dice.maybe(Dice::iri),
        previous_proof: Vec::new(),
    }
}

fn badge(dice: &mut Dice, data_model: DataModel) -> OpenBadgeCredential {
    // What is embedded is written in the words of the newer data model, which the older one cannot hold.
    let newer = data_model == DataModel::V2;
    let mut badge =
        OpenBadgeCredential::new(dice.iri(), dice.name(), profile(dice, newer, 0), dice.time(), subject(dice, newer));
    badge.data_model = data_model;
    badge.description = dice.maybe(Dice::text);
    badge.image = dice.maybe(image);
    badge.valid_until = dice.maybe(|_| "9999-12-31T23:59:59Z".parse().unwrap());
    badge.awarded_date = dice.maybe(Dice::time);
    badge.evidence = dice.several(3, evidence);
    badge.status = if newer { dice.several(3, status) } else { Vec::new() };
    badge.schema = dice.several(3, schema);
    badge.refresh_service = dice.maybe(|dice| RefreshService::one_ed_tech(dice.iri()));
    badge.terms_of_use = dice.several(2, terms);
    badge.endorsement = endorsements(dice, newer);
    badge
}

fn endorsement(dice: &mut Dice) -> EndorsementCredential {
    let mut endorsement =
        EndorsementCredential::new(dice.iri(), dice.name(), profile(dice, false, 1), dice.time(), dice.iri());
    endorsement.description = dice.maybe(Dice::text);
    endorsement.awarded_date = dice.maybe(Dice::time);
    endorsement.subject.endorsement_comment = dice.maybe(Dice::text);
    endorsement.status = dice.several(2, status);
    endorsement.schema = dice.several(2, schema);
    endorsement.refresh_service = dice.maybe(|dice| RefreshService::one_ed_tech(dice.iri()));
    endorsement.terms_of_use = dice.several(2, terms);
    endorsement
}

fn record(dice: &mut Dice) -> Value {
    let badges = (0..=dice.roll(2)).map(|_| embedded(&badge(dice, DataModel::V2).to_bytes().unwrap(), dice)).collect();
    let mut record =
        ClrCredential::new(dice.iri(), dice.name(), profile(dice, true, 0), dice.time(), dice.iri(), badges);
    record.description = dice.maybe(Dice::text);
    record.image = dice.maybe(image);
    record.partial = dice.maybe(|dice| dice.once_in(2));
    record.awarded_date = dice.maybe(Dice::time);
    record.subject.identifier = dice.several(2, identity);
    record.subject.achievement = dice.several(2, |dice| achievement(dice, true));
    record.subject.association =
        dice.several(4, |dice| Association { kind: dice.pick(&ASSOCIATIONS), source: dice.iri(), target: dice.iri() });
    record.endorsement = endorsements(dice, true);
    record.evidence = dice.several(2, evidence);
    record.status = dice.several(2, status);
    record.schema = dice.several(2, schema);
    record.refresh_service = dice.maybe(|dice| RefreshService::one_ed_tech(dice.iri()));
    record.terms_of_use = dice.several(2, terms);
    value(&record.to_bytes().unwrap())
}

fn embedded(unsigned: &[u8], dice: &mut Dice) -> Value {
    serde_json::from_str(&signed(unsigned, dice).unwrap()).unwrap()
}

fn endorsements(dice: &mut Dice, any: bool) -> Vec<Value> {
    if !any || !dice.once_in(3) {
        return Vec::new();
    }
    vec![embedded(&endorsement(dice).to_bytes().unwrap(), dice)]
}

fn subject(dice: &mut Dice, newer: bool) -> AchievementSubject {
    let achievement = achievement(dice, newer);
    let mut subject = AchievementSubject::anonymous(achievement);
    subject.id = dice.maybe(Dice::iri);
    subject.identifier = vec![identity(dice)];
    subject.identifier.extend(dice.several(2, identity));
    subject.activity_start_date = dice.maybe(Dice::time);
    subject.activity_end_date = dice.maybe(Dice::time);
    subject.credits_earned = dice.maybe(Dice::double);
    subject.image = dice.maybe(image);
    subject.license_number = dice.maybe(Dice::text);
    subject.narrative = dice.maybe(Dice::text);
    subject.result = dice.several(3, result);
    subject.role = dice.maybe(Dice::text);
    subject.source = dice.maybe(|dice| profile(dice, newer, 1));
    subject.term = dice.maybe(Dice::text);
    subject
}

fn achievement(dice: &mut Dice, newer: bool) -> Achievement {
    let criteria = Criteria { id: dice.maybe(Dice::iri), narrative: Some(dice.name()) };
    let mut achievement = Achievement::new(dice.iri(), dice.name(), dice.name(), criteria);
    achievement.achievement_type = match dice.roll(16) {
        0 => None,
        1 => Some(AchievementType::Other("Own.Kind-1_a".into())),
        _ => Some(dice.pick(&AchievementType::KNOWN)),
    };
    achievement.alignment = dice.several(2, alignment);
    achievement.creator = dice.maybe(|dice| profile(dice, newer, 1));
    achievement.credits_available = dice.maybe(Dice::double);
    achievement.field_of_study = dice.maybe(Dice::text);
    achievement.human_code = dice.maybe(Dice::text);
    achievement.image = dice.maybe(image);
    achievement.in_language = dice.maybe(language);
    achievement.other_identifier = dice.several(2, identifier);
    achievement.related = dice.several(2, |dice| Related {
        in_language: dice.maybe(language),
        version: dice.maybe(Dice::text),
        ..Related::new(dice.iri())
    });
    achievement.result_description = dice.several(2, result_description);
    achievement.specialization = dice.maybe(Dice::text);
    achievement.tag = dice.several(4, Dice::text);
    achievement.version = dice.maybe(Dice::text);
    achievement.endorsement = endorsements(dice, newer);
    achievement
}

fn result_description(dice: &mut Dice) -> ResultDescription {
    let kind = dice.pick(&RESULTS);
    ResultDescription {
        allowed_value: dice.several(4, Dice::text),
        value_min: dice.maybe(Dice::text),
        value_max: dice.maybe(Dice::text),
        required_value: dice.maybe(Dice::text),
        required_level: dice.maybe(Dice::iri),
        rubric_criterion_level: dice.several(2, level),
        alignment: dice.several(2, alignment),
        ..ResultDescription::new(dice.iri(), dice.name(), kind)
    }
}

fn level(dice: &mut Dice) -> RubricCriterionLevel {
    RubricCriterionLevel {
        description: dice.maybe(Dice::text),
        level: dice.maybe(Dice::text),
        points: dice.maybe(Dice::text),
        alignment: dice.several(1, alignment),
        ..RubricCriterionLevel::new(dice.iri(), dice.name())
    }
}

fn result(dice: &mut Dice) -> AchievementResult {
    AchievementResult {
        result_description: dice.maybe(Dice::iri),
        value: Some(dice.name()),
        achieved_level: dice.maybe(Dice::iri),
        status: dice.maybe(|dice| dice.pick(&STATUSES)),
        alignment: dice.several(2, alignment),
        ..AchievementResult::default()
    }
}

fn alignment(dice: &mut Dice) -> Alignment {
    Alignment {
        target_description: dice.maybe(Dice::text),
        target_framework: dice.maybe(Dice::text),
        target_code: dice.maybe(Dice::text),
        target_type: dice.maybe(|dice| dice.pick(&TARGETS).to_owned()),
        ..Alignment::new(dice.name(), dice.iri())
    }
}

fn profile(dice: &mut Dice, newer: bool, depth: usize) -> Profile {
    Profile {
        name: dice.maybe(Dice::text),
        url: dice.maybe(Dice::iri),
        phone: dice.maybe(Dice::text),
        description: dice.maybe(Dice::text),
        image: dice.maybe(image),
        email: dice.maybe(Dice::text),
        address: dice.maybe(address),
        other_identifier: dice.several(2, identifier),
        official: dice.maybe(Dice::text),
        parent_org: if depth < 2 && dice.once_in(3) { Some(Box::new(profile(dice, newer, depth + 1))) } else { None },
        person: person(dice),
        endorsement: endorsements(dice, newer && depth == 0),
        ..Profile::new(dice.iri())
    }
}

fn person(dice: &mut Dice) -> PersonName {
    PersonName {
        family_name: dice.maybe(Dice::text),
        given_name: dice.maybe(Dice::text),
        additional_name: dice.maybe(Dice::text),
        patronymic_name: dice.maybe(Dice::text),
        honorific_prefix: dice.maybe(Dice::text),
        honorific_suffix: dice.maybe(Dice::text),
        family_name_prefix: dice.maybe(Dice::text),
        date_of_birth: dice.maybe(|_| "1815-12-10".to_owned()),
    }
}

fn address(dice: &mut Dice) -> Address {
    Address {
        address_country: dice.maybe(Dice::text),
        address_country_code: dice.maybe(|dice| dice.pick(&["DE", "GB", "JP"]).to_owned()),
        address_region: dice.maybe(Dice::text),
        address_locality: dice.maybe(Dice::text),
        street_address: Some(dice.name()),
        postal_code: dice.maybe(Dice::text),
        post_office_box_number: dice.maybe(Dice::text),
        geo: dice.maybe(|dice| GeoCoordinates { latitude: dice.double(), longitude: dice.double() }),
        ..Address::default()
    }
}

fn identifier(dice: &mut Dice) -> IdentifierEntry {
    IdentifierEntry { identifier: dice.name(), identifier_type: dice.pick(&IDENTIFIERS).to_owned() }
}

fn identity(dice: &mut Dice) -> IdentityObject {
    let (kind, name) = (dice.pick(&IDENTITIES), dice.name());
    if dice.once_in(2) { IdentityObject::plain(kind, name) } else { IdentityObject::hashed(kind, &name, dice.text()) }
}

fn evidence(dice: &mut Dice) -> Evidence {
    Evidence {
        id: dice.maybe(Dice::iri),
        narrative: dice.maybe(Dice::text),
        name: Some(dice.name()),
        description: dice.maybe(Dice::text),
        genre: dice.maybe(Dice::text),
        audience: dice.maybe(Dice::text),
        ..Evidence::default()
    }
}

fn status(dice: &mut Dice) -> StatusEntry {
    let (list, purpose, index) = (dice.iri(), dice.pick(&PURPOSES), dice.roll(131_072) as u64);
    let messages = if purpose == StatusPurpose::Message { 2 + dice.roll(4) } else { 0 };
    StatusEntry {
        messages: (0..messages).map(|_| dice.name()).collect(),
        reference: dice.maybe(Dice::iri),
        ..StatusEntry::new(list, purpose, index)
    }
}

fn schema(dice: &mut Dice) -> CredentialSchema {
    let known = [CredentialSchema::open_badges(), CredentialSchema::endorsement(), CredentialSchema::learner_record()];
    let known = dice.pick(&known);
    CredentialSchema { id: if dice.once_in(2) { known.id } else { dice.iri() }, r#type: known.r#type }
}

fn terms(dice: &mut Dice) -> TermsOfUse {
    TermsOfUse { id: dice.maybe(Dice::iri), r#type: dice.iri() }
}

fn image(dice: &mut Dice) -> Image {
    Image { id: dice.iri(), caption: dice.maybe(Dice::text) }
}

fn language(dice: &mut Dice) -> String {
    dice.pick(&["en", "de-DE", "zh-Hant-TW", "sr-Latn", "es-419"]).to_owned()
}
