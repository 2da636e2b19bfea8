//! Signs awards that wait for it, and stores the credentials.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::{Credential, Key, KeyState, SignError, SigningJob};
use crate::awards::{IssuerIdentity, UnsignedAward};
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::{AwardId, KeyId, Partitions};
use crate::organisations::Issuer;
use crate::time::Timestamp;

/// How long the awards of a key that cannot be used are left alone, in milliseconds.
const ASIDE: i64 = 10_000;

/// Signs in the background. It remembers what cannot be signed, so that one bad award or key does not hold up the others. What a document's
/// own fault keeps from being signed stays unsigned; a key is tried again, because its signer may have been given another master key.
#[derive(Debug)]
pub struct SigningWorker {
    house: House,
    unsignable: HashSet<AwardId>,
    aside: HashSet<AwardId>,
    aside_until: Timestamp,
    max: usize,
}

impl SigningWorker {
    /// A worker that takes at most `max` awards a step.
    pub fn new(house: House, max: usize) -> Self {
        Self { house, unsignable: HashSet::new(), aside: HashSet::new(), aside_until: Timestamp(0), max }
    }

    /// Signs what lies in the tray; returns how many awards it took out. What it could not sign waits in the store, for whoever has the
    /// subject's partition.
    pub async fn clear_tray(&mut self) -> Result<usize, Error> {
        let tray = Arc::clone(&self.house.tray);
        let (waiting, under_way) = tray.take(self.max);
        let taken = waiting.len();
        let signed = self.sign_all(waiting).await;
        drop(under_way);
        if signed.as_ref().map_or(true, |signed| *signed < taken) {
            self.house.bell.ring(Work::Awards);
        }
        signed.map(|_| taken)
    }

    /// Signs awards in the store, of subjects in these partitions; says whether there may be more. Done twice, it stores the same bytes
    /// once.
    pub async fn step(&mut self, partitions: Partitions) -> Result<bool, Error> {
        if !self.aside.is_empty() && self.house.clock.now() >= self.aside_until {
            self.aside.clear();
        }
        let under_way = self.house.tray.under_way();
        let max = self.max + self.unsignable.len() + self.aside.len() + under_way.len();
        let mut waiting = self.house.store.unsigned_awards(partitions, max).await?;
        let is_full = waiting.len() == max;
        waiting.retain(|award| !under_way.contains(&award.id));
        self.sign_all(waiting).await?;
        Ok(is_full)
    }

    async fn sign_all(&mut self, waiting: Vec<UnsignedAward>) -> Result<usize, Error> {
        let mut by_key: BTreeMap<KeyId, Vec<UnsignedAward>> = BTreeMap::new();
        let passed_over = |id: &AwardId| self.unsignable.contains(id) || self.aside.contains(id);
        for award in waiting.into_iter().filter(|award| !passed_over(&award.id)) {
            by_key.entry(award.document.key).or_default().push(award);
        }
        let mut credentials = Vec::new();
        for (key, awards) in by_key {
            self.sign_with(key, &awards, &mut credentials).await?;
        }
        if !credentials.is_empty() {
            self.house.store.insert_credentials(&credentials).await?;
        }
        Ok(credentials.len())
    }

    async fn sign_with(
        &mut self,
        id: KeyId,
        awards: &[UnsignedAward],
        credentials: &mut Vec<Credential>,
    ) -> Result<(), Error> {
        let key = self.house.store.key(id).await?.ok_or_else(|| Error::Internal(format!("key {id} is missing")))?;
        if matches!(key.state, KeyState::Retired | KeyState::Compromised) {
            return self.hand_over(&key, awards).await;
        }
        let jobs: Vec<SigningJob<'_>> = awards.iter().map(job).collect();
        let signed = match self.house.signer.sign(&key, &jobs).await {
            Err(SignError::Key(key, why)) => {
                self.set_aside(key, awards, &why);
                return Ok(());
            }
            other => other?,
        };
        for (award, document) in awards.iter().zip(signed) {
            match document {
                Ok(document) => {
                    credentials.push(Credential { award: award.id, document });
                }
                Err(why) => {
                    tracing::error!(award = %award.id, %why, "an award cannot be signed");
                    self.unsignable.insert(award.id);
                }
            }
        }
        Ok(())
    }

    /// What a key that signs no more had still to sign, the organisation's active key signs, if it is a key of the same issuer.
    async fn hand_over(&mut self, from: &Key, awards: &[UnsignedAward]) -> Result<(), Error> {
        let store = &self.house.store;
        let organisation = store.organisation(from.organisation).await?.ok_or(Error::NotFound("organisation"))?;
        let heir = store.active_key(organisation.id).await?.filter(|_| organisation.issuer != Issuer::DidKey);
        let Some(heir) = heir else {
            self.set_aside(from.id, awards, "it signs no more, and the issuer has no other key");
            return Ok(());
        };
        let identity =
            IssuerIdentity::of(&organisation, &heir.public).map_err(|why| Error::Internal(why.to_string()))?;
        store.reassign_unsigned(from.id, heir.id, &identity.verification_method).await?;
        self.house.bell.ring(Work::Awards);
        Ok(())
    }

    fn set_aside(&mut self, key: KeyId, awards: &[UnsignedAward], why: &str) {
        tracing::error!(%key, %why, awards = awards.len(), "a key cannot be used; what it should sign waits");
        self.aside.extend(awards.iter().map(|award| award.id));
        self.aside_until = Timestamp(self.house.clock.now().0 + ASIDE);
    }
}

/// Signs one document: what its own fault keeps from being signed is the inner error.
pub(crate) async fn sign_one(
    house: &House,
    key: &Key,
    job: SigningJob<'_>,
) -> Result<Result<Vec<u8>, SignError>, Error> {
    let answers = house.signer.sign(key, &[job]).await?;
    answers.into_iter().next().ok_or_else(|| Error::Internal("the signer gave no answer".into()))
}

fn job(award: &UnsignedAward) -> SigningJob<'_> {
    SigningJob {
        document: &award.document.bytes,
        suite: award.document.suite,
        verification_method: &award.document.verification_method,
        created: award.document.created,
    }
}
