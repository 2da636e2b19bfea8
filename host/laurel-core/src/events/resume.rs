//! Rules that work again fold what they missed.

use super::unpark::AboutRule;
use super::{Resumable, take};
use crate::error::Error;
use crate::house::House;

/// So many pairs at once. Told again before they have folded, they are told nothing new.
const AT_ONCE: usize = 1000;

/// Tells the pipeline to fold again what is parked only because its rule was paused. Returns how many it was told of: with none, there
/// is nothing left to tell. Doing it twice, or on two hosts, is harmless: each pair's word has an id of its own in the log.
pub async fn resume(house: &House) -> Result<usize, Error> {
    let (mut after, mut told) = (None, 0);
    loop {
        // All of them, however many: those of one organisation, told already, must not stand before another's.
        let waiting = house.store.resumable(after, AT_ONCE).await?;
        let Some(last) = waiting.last() else { break };
        after = Some((last.rule, last.subject));
        let events = waiting.iter().map(|Resumable { organisation, rule, subject, since }| {
            let id = format!("resume:{rule}:{subject}:{}", since.0);
            AboutRule { rule: *rule, trigger: None }.event(*organisation, *subject, id, *since)
        });
        let appended = take(house, events.collect::<Result<_, _>>()?).await?;
        told += appended.iter().filter(|each| each.if_new().is_some()).count();
    }
    Ok(told)
}
