//! What a credential refers to: schemas, refresh services, terms (Open Badges 3.0, section B.5).

use serde::Serialize;

/// A schema the credential keeps to (section B.5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CredentialSchema {
    /// URL of the schema.
    pub id: String,
    /// Kind of validator.
    pub r#type: String,
}

impl CredentialSchema {
    /// 1EdTech's JSON schema for Open Badges 3.0.
    pub fn open_badges() -> Self {
        Self::one_ed_tech("ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json")
    }

    /// 1EdTech's JSON schema for endorsements.
    pub fn endorsement() -> Self {
        Self::one_ed_tech("ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json")
    }

    /// 1EdTech's JSON schema for Comprehensive Learner Records 2.0.
    pub fn learner_record() -> Self {
        Self::one_ed_tech("clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json")
    }

    fn one_ed_tech(path: &str) -> Self {
        Self { id: format!("https://purl.imsglobal.org/spec/{path}"), r#type: "1EdTechJsonSchemaValidator2019".into() }
    }
}

/// Where a successor of the credential can be had (section B.5.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefreshService {
    /// URL of the service.
    pub id: String,
    /// Kind of service: `1EdTechCredentialRefresh`.
    pub r#type: String,
}

impl RefreshService {
    /// 1EdTech's refresh service at a URL.
    pub fn one_ed_tech(url: impl Into<String>) -> Self {
        Self { id: url.into(), r#type: "1EdTechCredentialRefresh".into() }
    }
}

/// Terms under which the credential is issued (section B.5.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermsOfUse {
    /// URL of the terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Kind of terms; a context must define it.
    pub r#type: String,
}
