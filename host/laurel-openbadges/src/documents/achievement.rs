//! What can be earned (Open Badges 3.0, section B.1.4).

use serde::Serialize;

use super::{IdentifierEntry, Image, Profile, ResultDescription, type_member};

type_member!(AchievementTypes, "Achievement");
type_member!(AlignmentTypes, "Alignment");
type_member!(RelatedTypes, "Related");

/// An achievement (section B.1.4).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Achievement {
    /// Identifier: a URL or URN.
    pub id: String,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: AchievementTypes,
    /// Kind of achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement_type: Option<AchievementType>,
    /// What must be done to earn it.
    pub criteria: Criteria,
    /// What it means.
    pub description: String,
    /// Name to show.
    pub name: String,
    /// What of it corresponds to nodes of competency frameworks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
    /// Who designed it, if not the issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<Profile>,
    /// Credit hours that come with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_available: Option<f64>,
    /// Academic field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_of_study: Option<String>,
    /// A code for people, such as a course number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human_code: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Language of the texts, a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// Identifiers in other systems.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_identifier: Vec<IdentifierEntry>,
    /// Other editions of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// Results that may be reported with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub result_description: Vec<ResultDescription>,
    /// Specialisation within the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialization: Option<String>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    /// Version of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What others say of it: signed [`EndorsementCredential`](super::EndorsementCredential)s.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endorsement: Vec<serde_json::Value>,
    /// The same as tokens. For credentials that are tokens themselves: of the two published contexts that call themselves 3.0.3, one does
    /// not know this member, and strict readers of proofs refuse what is not defined.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endorsement_jwt: Vec<String>,
}

impl Achievement {
    /// An achievement with what the specification requires.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        description: impl Into<String>,
        criteria: Criteria,
    ) -> Self {
        Self {
            id: id.into(),
            types: AchievementTypes,
            achievement_type: None,
            criteria,
            description: description.into(),
            name: name.into(),
            alignment: Vec::new(),
            creator: None,
            credits_available: None,
            field_of_study: None,
            human_code: None,
            image: None,
            in_language: None,
            other_identifier: Vec::new(),
            related: Vec::new(),
            result_description: Vec::new(),
            specialization: None,
            tag: Vec::new(),
            version: None,
            endorsement: Vec::new(),
            endorsement_jwt: Vec::new(),
        }
    }
}

/// What must be done: a page, a text, or both (section B.1.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Criteria {
    /// URL of a page that describes the criteria.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The criteria in words; Markdown is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
}

impl Criteria {
    /// Criteria in words.
    pub fn narrative(text: impl Into<String>) -> Self {
        Self { id: None, narrative: Some(text.into()) }
    }
}

/// A correspondence to a node of a framework, such as ESCO or O*NET (section B.1.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alignment {
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: AlignmentTypes,
    /// Name of the node.
    pub target_name: String,
    /// URL of the node.
    pub target_url: String,
    /// What the node means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_description: Option<String>,
    /// Name of the framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_framework: Option<String>,
    /// Code of the node within the framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_code: Option<String>,
    /// Kind of node: `CFItem`, `CTDL`, `ceasn:Competency`, `ceterms:Credential`, …, or `ext:…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_type: Option<String>,
}

impl Alignment {
    /// The kinds of node the specification names (section B.6.2).
    pub const TARGET_TYPES: [&str; 7] = [
        "ceasn:Competency",
        "ceterms:Credential",
        "CFItem",
        "CFRubric",
        "CFRubricCriterion",
        "CFRubricCriterionLevel",
        "CTDL",
    ];

    /// An alignment with what the specification requires.
    pub fn new(target_name: impl Into<String>, target_url: impl Into<String>) -> Self {
        Self {
            types: AlignmentTypes,
            target_name: target_name.into(),
            target_url: target_url.into(),
            target_description: None,
            target_framework: None,
            target_code: None,
            target_type: None,
        }
    }
}

/// Another edition of an achievement (section B.1.16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// Identifier of the other edition.
    pub id: String,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: RelatedTypes,
    /// Its language, a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Related {
    /// Another edition by its identifier.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), types: RelatedTypes, in_language: None, version: None }
    }
}

/// The kinds of achievement the specification knows (section B.6.1), and others as `ext:…`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the specification's own")]
pub enum AchievementType {
    Achievement,
    ApprenticeshipCertificate,
    Assessment,
    Assignment,
    AssociateDegree,
    Award,
    Badge,
    BachelorDegree,
    Certificate,
    CertificateOfCompletion,
    Certification,
    CommunityService,
    Competency,
    Course,
    CoCurricular,
    Degree,
    Diploma,
    DoctoralDegree,
    Fieldwork,
    GeneralEducationDevelopment,
    JourneymanCertificate,
    LearningProgram,
    License,
    Membership,
    ProfessionalDoctorate,
    QualityAssuranceCredential,
    MasterCertificate,
    MasterDegree,
    MicroCredential,
    ResearchDoctorate,
    SecondarySchoolDiploma,
    /// A kind of one's own, written `ext:` and this name (letters, digits, `.`, `-`, `_`).
    Other(String),
}

impl Serialize for AchievementType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Other(name) => serializer.collect_str(&format_args!("ext:{name}")),
            // The names of the variants are the specification's words.
            known => serializer.collect_str(&format_args!("{known:?}")),
        }
    }
}

impl AchievementType {
    /// Every kind the specification names (section B.6.1).
    pub const KNOWN: [Self; 31] = [
        Self::Achievement,
        Self::ApprenticeshipCertificate,
        Self::Assessment,
        Self::Assignment,
        Self::AssociateDegree,
        Self::Award,
        Self::Badge,
        Self::BachelorDegree,
        Self::Certificate,
        Self::CertificateOfCompletion,
        Self::Certification,
        Self::CommunityService,
        Self::Competency,
        Self::Course,
        Self::CoCurricular,
        Self::Degree,
        Self::Diploma,
        Self::DoctoralDegree,
        Self::Fieldwork,
        Self::GeneralEducationDevelopment,
        Self::JourneymanCertificate,
        Self::LearningProgram,
        Self::License,
        Self::Membership,
        Self::ProfessionalDoctorate,
        Self::QualityAssuranceCredential,
        Self::MasterCertificate,
        Self::MasterDegree,
        Self::MicroCredential,
        Self::ResearchDoctorate,
        Self::SecondarySchoolDiploma,
    ];

    /// The kind with this name, or one's own as `ext:…`; none if it is neither (section B.6.1).
    pub fn named(name: &str) -> Option<Self> {
        if let Some(own) = name.strip_prefix("ext:") {
            let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
            return (!own.is_empty() && own.chars().all(fits)).then(|| Self::Other(own.to_owned()));
        }
        Self::KNOWN.into_iter().find(|known| format!("{known:?}") == name)
    }
}
