//! What the plugin calls: `wit/v0.1/imports.wit`, handed to the capability modules.

use std::time::Instant;

use laurel_core::plugins::{Header, Interface};

use super::bindings::laurel::plugin::{http, keys, log, settings, types};
use crate::call::{CallState, Connector};
use crate::capability::http::{Gate, HttpError, Request};
use crate::capability::keys::{Digest, KeyError, Keyring};
use crate::capability::log::Level;
use crate::capability::secrets::Denied;

/// Said when a capability is linked, because another interface of the same component may use it, but not in this call.
const NOT_HERE: &str = "this interface may not use it";

impl types::Host for CallState {}

impl log::Host for CallState {
    fn write(&mut self, level: log::Level, message: String) {
        let level = match level {
            log::Level::Debug => Level::Debug,
            log::Level::Info => Level::Info,
            log::Level::Warn => Level::Warn,
            log::Level::Error => Level::Error,
        };
        self.log.write(level, &message);
    }
}

impl settings::Host for CallState {
    fn get(&mut self) -> String {
        // Linked for connectors only.
        self.connector.as_ref().map_or_else(|| "{}".to_owned(), |connector| connector.context.settings.clone())
    }
}

impl CallState {
    fn keyring(&self) -> Result<Keyring<'_>, keys::KeyError> {
        let hook = self.connector.as_ref().filter(|connector| connector.interface == Interface::Hook);
        let connector = hook.ok_or_else(|| keys::KeyError::NotGranted(NOT_HERE.to_owned()))?;
        Ok(Keyring { manifest: &connector.manifest, context: &connector.context })
    }

    fn way_out(&mut self) -> Result<&Connector, http::HttpError> {
        let connector = self.connector.as_mut().filter(|connector| connector.interface != Interface::Hook);
        let connector = connector.ok_or_else(|| http::HttpError::NotGranted(NOT_HERE.to_owned()))?;
        if connector.take_request() {
            Ok(connector)
        } else {
            Err(http::HttpError::Failed("too many requests in one call".to_owned()))
        }
    }
}

impl keys::Host for CallState {
    fn verify_hmac(
        &mut self,
        secret: String,
        digest: keys::Digest,
        message: Vec<u8>,
        mac: Vec<u8>,
    ) -> Result<bool, keys::KeyError> {
        let digest = match digest {
            keys::Digest::Sha1 => Digest::Sha1,
            keys::Digest::Sha256 => Digest::Sha256,
            keys::Digest::Sha512 => Digest::Sha512,
        };
        Ok(self.keyring()?.verify_hmac(&secret, digest, &message, &mac)?)
    }

    fn verify_ed25519(&mut self, secret: String, message: Vec<u8>, signature: Vec<u8>) -> Result<bool, keys::KeyError> {
        Ok(self.keyring()?.verify_ed25519(&secret, &message, &signature)?)
    }

    async fn verify_jws(&mut self, secret: String, token: String) -> Result<Option<Vec<u8>>, keys::KeyError> {
        let keyring = self.keyring()?;
        let Some(connector) = &self.connector else { return Ok(None) };
        Ok(keyring.verify_jws(&connector.services.key_sets, &secret, &token).await?)
    }

    fn matches(&mut self, secret: String, candidate: String) -> Result<bool, keys::KeyError> {
        Ok(self.keyring()?.matches(&secret, &candidate)?)
    }
}

impl http::Host for CallState {
    async fn send(&mut self, request: http::Request) -> Result<http::Response, http::HttpError> {
        let connector = self.way_out()?;
        let gate = Gate {
            manifest: &connector.manifest,
            context: &connector.context,
            outbound: &*connector.services.outbound,
            time: connector.until.saturating_duration_since(Instant::now()),
        };
        let headers =
            request.headers.into_iter().map(|header| Header { name: header.name, value: header.value }).collect();
        let request = Request { method: request.method, url: request.url, headers, body: request.body };
        let response = gate.send(request).await?;
        let headers =
            response.headers.into_iter().map(|header| types::HeaderResult { name: header.name, value: header.value });
        Ok(http::Response { status: response.status, headers: headers.collect(), body: response.body })
    }
}

impl From<KeyError> for keys::KeyError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Denied(Denied::NotGranted(why)) => Self::NotGranted(why),
            KeyError::Denied(Denied::NotSet(why)) => Self::NotSet(why),
            KeyError::Unusable(why) => Self::Unusable(why),
        }
    }
}

impl From<HttpError> for http::HttpError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NotGranted(why) => Self::NotGranted(why),
            HttpError::Timeout => Self::Timeout,
            HttpError::TooLarge => Self::TooLarge,
            HttpError::Failed(why) => Self::Failed(why),
        }
    }
}
