//! An operator's word about a rule that stopped for a subject.

use serde_json::json;

use super::{NewEvent, OPERATOR_SOURCE, RETRY, SKIP};
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, OutboxId, RuleId, SubjectId};
use crate::subjects::SubjectReference;
use crate::{rules, subjects};

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpark {
    /// Fold again from the beginning.
    Retry,
    /// Leave out the event at which it stopped, and fold on.
    Skip,
}

/// Tells the pipeline, through the log: it acts in order, under its lease. Where the rule is not parked, nothing happens.
pub async fn unpark(
    house: &House,
    organisation: OrganisationId,
    rule: RuleId,
    subject: SubjectId,
    what: Unpark,
) -> Result<(), Error> {
    let rule = rules::find(house, organisation, rule).await?;
    let subject = subjects::find(house, organisation, subject).await?;
    let now = house.clock.now();
    let kind = match what {
        Unpark::Retry => RETRY,
        Unpark::Skip => SKIP,
    };
    let event = NewEvent {
        organisation,
        source: OPERATOR_SOURCE.into(),
        id: OutboxId::new(now, &*house.random).to_string(),
        kind: kind.to_owned(),
        time: now,
        subject: SubjectReference::Known(subject.id),
        data: json!({ "rule": rule.id }).to_string(),
        depth: 0,
    };
    house.store.append(vec![event]).await?;
    house.bell.ring(Work::Events);
    Ok(())
}
