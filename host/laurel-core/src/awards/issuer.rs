//! Who issues, under which identifier and with which key; and what awards of one organisation have in common.

use laurel_openbadges::keys::{DidWeb, DidWebError, MultikeyError, PublicKey};
use std::collections::HashMap;
use std::sync::Arc;

use crate::achievements::Achievement;
use crate::credentials::Key;
use crate::error::Error;
use crate::id::{AchievementId, OrganisationId};
use crate::organisations::{Issuer, Organisation};
use crate::store::Store;

/// An organisation's identity as an issuer, with one of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerIdentity {
    /// `did:key:…` or `did:web:…`.
    pub id: String,
    /// What proofs by this key name.
    pub verification_method: String,
}

/// Why an organisation cannot issue under its identifier.
#[derive(Debug, thiserror::Error)]
pub enum NoIssuer {
    /// The stored public key is not one.
    #[error(transparent)]
    Key(#[from] MultikeyError),
    /// The domain or path is not one.
    #[error(transparent)]
    Domain(#[from] DidWebError),
}

impl IssuerIdentity {
    /// The identity of `organisation` when it signs with `public` (a Multikey).
    pub fn of(organisation: &Organisation, public: &str) -> Result<Self, NoIssuer> {
        let key: PublicKey = public.parse()?;
        match &organisation.issuer {
            Issuer::DidKey => {
                let did = key.did_key();
                Ok(Self { verification_method: format!("{did}#{key}"), id: did })
            }
            Issuer::DidWeb { domain, path } => {
                let did = DidWeb::new(domain, path.iter().map(String::as_str))?;
                Ok(Self { id: did.to_string(), verification_method: did.verification_method(&key) })
            }
        }
    }
}

/// An organisation ready to issue.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) organisation: Organisation,
    pub(crate) key: Key,
    pub(crate) identity: IssuerIdentity,
}

/// What awards need of organisations and achievements, kept until the rules' generation changes.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    benches: HashMap<OrganisationId, Arc<Bench>>,
    achievements: HashMap<AchievementId, Arc<Achievement>>,
}

impl Desk {
    /// The organisation, its active key and identity.
    pub(crate) async fn bench(&mut self, store: &dyn Store, id: OrganisationId) -> Result<Arc<Bench>, Error> {
        if let Some(bench) = self.benches.get(&id) {
            return Ok(bench.clone());
        }
        let organisation = store.organisation(id).await?.ok_or(Error::NotFound("organisation"))?;
        let key = store.active_key(id).await?;
        let key = key.ok_or_else(|| Error::Conflict("the organisation has no active key; make one first".into()))?;
        let identity =
            IssuerIdentity::of(&organisation, &key.public).map_err(|why| Error::Internal(why.to_string()))?;
        let bench = Arc::new(Bench { organisation, key, identity });
        self.benches.insert(id, bench.clone());
        Ok(bench)
    }

    /// The achievement with its latest version.
    pub(crate) async fn achievement(
        &mut self,
        store: &dyn Store,
        id: AchievementId,
    ) -> Result<Arc<Achievement>, Error> {
        if let Some(achievement) = self.achievements.get(&id) {
            return Ok(achievement.clone());
        }
        let achievement = Arc::new(store.achievement(id).await?.ok_or(Error::NotFound("achievement"))?);
        self.achievements.insert(id, achievement.clone());
        Ok(achievement)
    }
}
