//! An operator's word about a rule that stopped for a subject.

use serde::{Deserialize, Serialize};

use super::{LogEvent, NewEvent, OPERATOR_SOURCE, RETRY, SKIP, take};
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, OutboxId, RuleId, SubjectId};
use crate::pipeline::Trigger;
use crate::subjects::SubjectReference;
use crate::time::Timestamp;
use crate::{rules, subjects};

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpark {
    /// Fold again from the beginning.
    Retry,
    /// Leave out the event or the wake-up at which it stopped, for good, and fold again.
    Skip,
}

/// What a retry and a skip say.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AboutRule {
    /// The rule that is to fold again.
    pub(crate) rule: RuleId,
    /// What it leaves out from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trigger: Option<Trigger>,
}

impl AboutRule {
    /// From the log.
    pub(crate) fn read(event: &LogEvent) -> Result<Self, Error> {
        event.body()
    }

    /// For the log.
    pub(super) fn event(
        &self,
        organisation: OrganisationId,
        subject: SubjectId,
        id: String,
        time: Timestamp,
    ) -> Result<NewEvent, Error> {
        let data = serde_json::to_string(self).map_err(|why| Error::Internal(why.to_string()))?;
        let kind = if self.trigger.is_some() { SKIP } else { RETRY };
        let (source, subject) = (OPERATOR_SOURCE.into(), SubjectReference::Known(subject));
        Ok(NewEvent { organisation, source, id, kind: kind.to_owned(), time, subject, data, depth: 0 })
    }
}

/// Tells the pipeline, through the log: it acts in order, under its lease. Retrying where the rule is not parked changes nothing.
///
/// # Errors
/// [`Error::Conflict`] for a skip where there is nothing to leave out.
pub async fn unpark(
    house: &House,
    organisation: OrganisationId,
    rule: RuleId,
    subject: SubjectId,
    what: Unpark,
) -> Result<(), Error> {
    let rule = rules::find(house, organisation, rule).await?.id;
    subjects::find(house, organisation, subject).await?;
    let subject = subjects::current(house, subject).await?.ok_or(Error::NotFound("subject"))?.id;
    let trigger = match what {
        Unpark::Retry => None,
        Unpark::Skip => Some(stopped_by(house, rule, subject).await?),
    };
    let now = house.clock.now();
    let id = OutboxId::new(now, &*house.random).to_string();
    let event = AboutRule { rule, trigger }.event(organisation, subject, id, now)?;
    take(house, vec![event]).await?;
    Ok(())
}

async fn stopped_by(house: &House, rule: RuleId, subject: SubjectId) -> Result<Trigger, Error> {
    let stored = house.store.states(&[rule], &[subject]).await?;
    let parked = stored.into_iter().find(|stored| stored.blocked_from.is_some());
    let parked = parked.ok_or_else(|| Error::Conflict("the rule is not parked for this subject".to_owned()))?;
    parked.trigger.ok_or_else(|| {
        let why = "there is no event to leave out: the rule is paused, and goes on by itself once it is active";
        Error::Conflict(why.to_owned())
    })
}
