//! One rule, one subject: folds events through the criteria plugin, waking it where it asked to be woken.

use std::sync::Arc;

use super::contract;
use super::stop::{Stopped, Trigger};
use crate::events::{LogEvent, WAKE};
use crate::id::Partition;
use crate::plugins::{CallError, CriteriaEvent, Decision, Evaluated, Outcome, PluginDigest, Progress, Sandbox};
use crate::time::Timestamp;

/// A fold makes at most so many calls beyond one for each event: a rule that asks to be woken without end is stopped.
const EXTRA_CALLS: usize = 4096;

/// How often an evaluation that ran out of wall-clock time is tried: a loaded machine is not the plugin's fault.
const DEADLINE_TRIES: u32 = 3;

/// Which criteria to fold with.
#[derive(Clone, Copy)]
pub(crate) struct Criteria<'a> {
    /// Where plugins run.
    pub(crate) sandbox: &'a dyn Sandbox,
    /// The plugin.
    pub(crate) plugin: PluginDigest,
    /// The rule's settings.
    pub(crate) settings: &'a str,
}

/// An event to fold, with the depth of the cascade it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct FoldEvent {
    /// Where it lies in the log.
    pub(crate) partition: Partition,
    /// As the plugin sees it.
    pub(crate) event: CriteriaEvent,
    /// 0 from outside.
    pub(crate) depth: i16,
}

impl FoldEvent {
    /// From the log. An erased payload folds as `null`.
    pub(crate) fn from_log(event: &LogEvent) -> Self {
        let data = event.data.clone().unwrap_or_else(|| Arc::from("null"));
        Self {
            partition: event.partition,
            event: CriteriaEvent {
                id: event.id.clone(),
                source: event.source.clone(),
                kind: event.kind.clone(),
                time: event.time,
                received: event.received,
                seq: event.seq,
                data,
            },
            depth: event.depth,
        }
    }

    fn trigger(&self) -> Trigger {
        Trigger::Event { partition: self.partition, seq: self.event.seq }
    }
}

/// A decision and the event that led to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decided {
    /// What was decided.
    pub(crate) decision: Decision,
    /// `received` of the event: the moment of the decision.
    pub(crate) at: Timestamp,
    /// Sequence number of the event.
    pub(crate) seq: i64,
    /// The event, or the wake-up.
    pub(crate) trigger: Trigger,
    /// Depth of the event.
    pub(crate) depth: i16,
    /// Fuel the call burnt.
    pub(crate) fuel: u64,
}

/// Where a fold stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Folded {
    /// The plugin's state; none before the first call.
    pub(crate) state: Option<Vec<u8>>,
    /// Highest sequence number folded.
    pub(crate) seq: i64,
    /// `received` of the last event folded.
    pub(crate) received: Timestamp,
    /// The next wake-up.
    pub(crate) wake: Option<Timestamp>,
    /// Wake-ups that do not fire, because the operator has skipped them.
    pub(crate) silenced: Vec<Timestamp>,
    /// The latest progress; none if no call was made.
    pub(crate) progress: Option<Vec<Progress>>,
    /// Decisions, in order.
    pub(crate) decisions: Vec<Decided>,
}

/// Folds `events` (in order) onto `folded`, then fires wake-ups due by `until`. When it stops, everything before what it stopped at is
/// in `folded`.
pub(crate) fn fold(
    criteria: Criteria<'_>,
    folded: &mut Folded,
    events: &[FoldEvent],
    until: Option<Timestamp>,
) -> Result<(), Stopped> {
    let mut next = 0;
    let mut calls = 0;
    let mut at_once = usize::MAX;
    loop {
        let upcoming = Upcoming::after(folded, &events[next..], until, at_once);
        if upcoming.events.is_empty() {
            return Ok(());
        }
        if upcoming.wake.is_some_and(|wake| folded.silenced.contains(&wake)) {
            folded.wake = None;
            continue;
        }
        calls += 1;
        let result = if calls > events.len() + EXTRA_CALLS {
            Err(CallError::Plugin("the rule asks to be woken without end".into()))
        } else {
            call(criteria, folded.state.as_deref(), &upcoming.events)
        };
        match result.and_then(|evaluated| accept(folded, &upcoming, events, next, evaluated)) {
            Ok(consumed) => next += consumed,
            // Find the very event: the one parked on must be the one that fails.
            Err(_) if upcoming.events.len() > 1 => at_once = 1,
            Err(error) => return Err(Stopped::at(upcoming.trigger(events, next), folded.seq, error.to_string())),
        }
    }
}

/// What the next call is given: the events before the pending wake-up; or, when it is due first, the wake-up and what follows. It is
/// never in the midst of a call, because an event before it may ask for another.
struct Upcoming {
    events: Vec<CriteriaEvent>,
    /// The first of them is this wake-up.
    wake: Option<Timestamp>,
}

impl Upcoming {
    fn after(folded: &Folded, events: &[FoldEvent], until: Option<Timestamp>, at_once: usize) -> Self {
        let before = |wake: Timestamp| events.iter().take_while(|event| event.event.received < wake).count();
        let due = |wake: Timestamp| !events.is_empty() || until.is_some_and(|until| wake <= until);
        let wake = folded.wake.filter(|wake| before(*wake) == 0 && due(*wake));
        let end = if wake.is_some() { events.len() } else { folded.wake.map_or(events.len(), before) };
        let (mut seq, mut received) = (folded.seq, folded.received);
        let mut upcoming = Vec::with_capacity(end.min(at_once) + 1);
        if let Some(wake) = wake {
            received = received.max(wake);
            upcoming.push(wake_event(wake, received, seq));
        }
        for event in &events[..end.min(at_once.saturating_sub(upcoming.len()))] {
            // Histories of merged subjects come from two partitions: what a plugin sees never goes back.
            seq = seq.max(event.event.seq);
            received = received.max(event.event.received);
            upcoming.push(CriteriaEvent { received, seq, ..event.event.clone() });
        }
        Self { events: upcoming, wake }
    }

    /// What a single event of these is about; `next` is the first real one.
    fn trigger(&self, events: &[FoldEvent], next: usize) -> Trigger {
        let wake = self.wake.map(|at| Trigger::Wake { at });
        wake.or_else(|| events.get(next).map(FoldEvent::trigger)).unwrap_or(Trigger::Wake { at: Timestamp::default() })
    }
}

fn wake_event(wake: Timestamp, received: Timestamp, seq: i64) -> CriteriaEvent {
    CriteriaEvent {
        id: Arc::from(wake.0.to_string()),
        source: Arc::from(WAKE),
        kind: Arc::from(WAKE),
        time: wake,
        received,
        seq,
        data: Arc::from("{}"),
    }
}

fn call(criteria: Criteria<'_>, state: Option<&[u8]>, events: &[CriteriaEvent]) -> Result<Evaluated, CallError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match criteria.sandbox.evaluate(criteria.plugin, criteria.settings, state, events) {
            Err(CallError::Deadline { .. }) if tries < DEADLINE_TRIES => {}
            other => return other,
        }
    }
}

/// Takes an outcome over; returns how many real events it consumed.
fn accept(
    folded: &mut Folded,
    upcoming: &Upcoming,
    events: &[FoldEvent],
    next: usize,
    evaluated: Evaluated,
) -> Result<usize, CallError> {
    let Evaluated { outcome, fuel } = evaluated;
    let last = last(&outcome, upcoming)?;
    let outcome = contract::hold(outcome, last.received).map_err(CallError::Plugin)?;
    let consumed = outcome.consumed - usize::from(upcoming.wake.is_some());
    let event = consumed.checked_sub(1).and_then(|index| events.get(next + index));
    let trigger = event.map_or_else(|| upcoming.trigger(events, next), FoldEvent::trigger);
    let depth = event.map_or(0, |event| event.depth);
    let (at, seq) = (last.received, last.seq);
    let decided = |decision| Decided { decision, at, seq, trigger, depth, fuel };
    folded.decisions.extend(outcome.decisions.into_iter().map(decided));
    folded.state = Some(outcome.state);
    folded.wake = outcome.wake;
    folded.progress = Some(outcome.progress);
    folded.seq = seq;
    folded.received = at;
    Ok(consumed)
}

/// The last event it consumed.
fn last<'a>(outcome: &Outcome, upcoming: &'a Upcoming) -> Result<&'a CriteriaEvent, CallError> {
    let last = outcome.consumed.checked_sub(1).and_then(|index| upcoming.events.get(index));
    last.ok_or_else(|| {
        let (consumed, given) = (outcome.consumed, upcoming.events.len());
        CallError::Plugin(format!("it consumed {consumed} of {given} events; at least one is due"))
    })
}
