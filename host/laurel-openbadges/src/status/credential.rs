//! Entries in credentials and the list credential (Bitstring Status List 1.0, sections 2.1 and 2.2).

use serde::Serialize;

use super::Bitstring;
use crate::Timestamp;
use crate::contexts::CREDENTIALS_V2;

/// What a set bit means (Bitstring Status List 1.0, section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusPurpose {
    /// The credential is withdrawn for good.
    Revocation,
    /// The credential is withdrawn for the time being.
    Suspension,
    /// A newer version of the credential is to be had from its refresh service.
    Refresh,
    /// Something else, that the entry's messages say in words. Nothing about whether the credential counts.
    Message,
}

impl StatusPurpose {
    /// The word used in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
            Self::Refresh => "refresh",
            Self::Message => "message",
        }
    }
}

/// A credential's place in a status list: its `credentialStatus` (Bitstring Status List 1.0, section 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// URL of the status list credential.
    pub list: String,
    /// What the bits mean.
    pub purpose: StatusPurpose,
    /// Index of the entry, counted in entries of its size.
    pub index: u64,
    /// What each value means, the first for zero. None for an entry of one bit whose purpose says it all; four for one of two
    /// bits, and so on.
    pub messages: Vec<String>,
    /// Where more is said about the messages.
    pub reference: Option<String>,
}

impl StatusEntry {
    /// An entry of one bit.
    pub fn new(list: impl Into<String>, purpose: StatusPurpose, index: u64) -> Self {
        Self { list: list.into(), purpose, index, messages: Vec::new(), reference: None }
    }

    /// How many bits it takes to tell its messages apart (`statusSize`).
    pub fn size(&self) -> u32 {
        let values = self.messages.len().max(2) - 1;
        usize::BITS - values.leading_zeros()
    }
}

impl Serialize for StatusEntry {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Message<'e> {
            status: String,
            message: &'e str,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Entry<'e> {
            id: String,
            r#type: &'static str,
            status_purpose: StatusPurpose,
            status_list_index: String,
            status_list_credential: &'e str,
            #[serde(skip_serializing_if = "Option::is_none")]
            status_size: Option<u32>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            status_message: Vec<Message<'e>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            status_reference: Option<&'e str>,
        }
        let messages = self.messages.iter().enumerate();
        let entry = Entry {
            id: format!("{}#{}", self.list, self.index),
            r#type: "BitstringStatusListEntry",
            status_purpose: self.purpose,
            status_list_index: self.index.to_string(),
            status_list_credential: &self.list,
            status_size: Some(self.size()).filter(|size| *size > 1),
            status_message: messages
                .map(|(value, message)| Message { status: format!("0x{value:x}"), message })
                .collect(),
            status_reference: self.reference.as_deref(),
        };
        entry.serialize(serializer)
    }
}

/// The credential that carries a list (Bitstring Status List 1.0, section 2.2). Build it, sign it, serve it at its `id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusListCredential {
    /// The URL it is served at (https).
    pub id: String,
    /// Identifier of the issuer: a DID or URL.
    pub issuer: String,
    /// What a set bit means.
    pub purpose: StatusPurpose,
    /// When this state of the list was made.
    pub valid_from: Timestamp,
    /// Until when it may be relied upon, if bounded.
    pub valid_until: Option<Timestamp>,
    /// For how many milliseconds it may be cached (`ttl`), if said.
    pub ttl_millis: Option<u64>,
}

impl StatusListCredential {
    /// The unsigned document carrying `list`.
    pub fn to_bytes(&self, list: &Bitstring) -> Vec<u8> {
        let mut subject = serde_json::json!({
            "id": format!("{}#list", self.id),
            "type": "BitstringStatusList",
            "statusPurpose": self.purpose.as_str(),
            "encodedList": list.encode(),
        });
        if let Some(ttl) = self.ttl_millis {
            subject["ttl"] = ttl.into();
        }
        let mut document = serde_json::json!({
            "@context": [CREDENTIALS_V2],
            "id": self.id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.issuer,
            "validFrom": self.valid_from,
            "credentialSubject": subject,
        });
        if let Some(until) = self.valid_until {
            document["validUntil"] = until.to_string().into();
        }
        document.to_string().into_bytes()
    }
}
