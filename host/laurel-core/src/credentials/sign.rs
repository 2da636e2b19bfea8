//! Signs awards that wait for it, and stores the credentials.

use std::collections::{BTreeMap, HashSet};

use super::{Credential, SigningJob};
use crate::awards::UnsignedAward;
use crate::error::Error;
use crate::house::House;
use crate::id::{AwardId, KeyId, Partition};

/// Signs in the background. It remembers what cannot be signed, so that one bad award does not hold up the others.
#[derive(Debug)]
pub struct SigningWorker {
    house: House,
    unsignable: HashSet<AwardId>,
    max: usize,
}

impl SigningWorker {
    /// A worker that takes at most `max` awards a step.
    pub fn new(house: House, max: usize) -> Self {
        Self { house, unsignable: HashSet::new(), max }
    }

    /// Signs awards of subjects in these partitions; returns how many credentials it stored. Done twice, it stores the same bytes
    /// once.
    pub async fn step(&mut self, partitions: &[Partition]) -> Result<usize, Error> {
        let waiting = self.house.store.unsigned_awards(partitions, self.max + self.unsignable.len()).await?;
        let mut by_key: BTreeMap<KeyId, Vec<UnsignedAward>> = BTreeMap::new();
        for award in waiting.into_iter().filter(|award| !self.unsignable.contains(&award.id)) {
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
        let jobs: Vec<SigningJob<'_>> = awards.iter().map(job).collect();
        let signed = self.house.signer.sign(&key, &jobs).await.map_err(|why| Error::Internal(why.to_string()))?;
        for (award, document) in awards.iter().zip(signed) {
            match document {
                Ok(document) => {
                    credentials.push(Credential { award: award.id, public_id: award.public_id, document });
                }
                Err(why) => {
                    tracing::error!(award = %award.id, %why, "an award cannot be signed");
                    self.unsignable.insert(award.id);
                }
            }
        }
        Ok(())
    }
}

fn job(award: &UnsignedAward) -> SigningJob<'_> {
    SigningJob {
        document: &award.document.bytes,
        suite: award.document.suite,
        verification_method: &award.document.verification_method,
        created: award.document.created,
    }
}
