//! Why a client did not get what it asked for, in the words of OAuth 2.0 (RFC 6749, section 5.2; RFC 7591, section 3.2.2).

use crate::error::Error;
use crate::store::StoreError;

/// The word for machines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefusalCode {
    /// A parameter is missing or malformed.
    InvalidRequest,
    /// Nobody knows this client, or its secret is another one.
    InvalidClient,
    /// The code or refresh token is not good, or not this client's.
    InvalidGrant,
    /// The scope is unknown, or more than was allowed.
    InvalidScope,
    /// Only `authorization_code` and `refresh_token` are there.
    UnsupportedGrantType,
    /// Only `code` is there.
    UnsupportedResponseType,
    /// The earner said no.
    AccessDenied,
    /// A redirect URI cannot be used.
    InvalidRedirectUri,
    /// Something else in a registration cannot be used.
    InvalidClientMetadata,
}

impl RefusalCode {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::AccessDenied => "access_denied",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
        }
    }
}

/// Why a client did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum OauthError {
    /// The client has to change something.
    #[error("{why}")]
    Refused {
        /// For machines.
        code: RefusalCode,
        /// What to change.
        why: String,
    },
    /// The house failed.
    #[error(transparent)]
    House(#[from] Error),
}

impl OauthError {
    /// A refusal.
    pub fn refused(code: RefusalCode, why: impl Into<String>) -> Self {
        Self::Refused { code, why: why.into() }
    }
}

impl From<StoreError> for OauthError {
    fn from(error: StoreError) -> Self {
        Self::House(error.into())
    }
}
