//! Plays a fixture of a criteria plugin in the sandbox: the events one by one, the wake-ups where the plugin asked for them.
//!
//! A fixture is a JSON document with `title`, `settings`, `events` (`at` = received, `kind`, `data`; `happened` and `source` where they
//! matter), `until` (how long time goes on), and what must come of it: `decisions`, one line each (`2026-02-01 award 1 until
//! 2028-02-01`), and `progress` (requirement: [current, target]). A date alone is midnight UTC.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use laurel_core::events::WAKE;
use laurel_core::plugins::{CriteriaEvent, Decision, Outcome, Progress};
use laurel_core::time::Timestamp;
use laurel_plugins::Plugin;
use serde::Deserialize;
use serde_json::Value;

/// So many wake-ups follow the last event at most.
const WAKES: usize = 10_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fixture {
    pub(super) title: String,
    settings: Value,
    events: Vec<FixtureEvent>,
    until: String,
    decisions: Vec<String>,
    #[serde(default)]
    progress: BTreeMap<String, [f64; 2]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FixtureEvent {
    at: String,
    kind: String,
    #[serde(default)]
    happened: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    data: Value,
}

impl Fixture {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is no fixture", file.display()))
    }

    /// What is otherwise than the fixture says; nothing if all is well.
    pub(super) fn play(&self, plugin: &Plugin) -> Result<Vec<String>> {
        let mut played = Played {
            plugin,
            settings: self.settings.to_string(),
            state: None,
            wake: None,
            now: Timestamp(i64::MIN),
            lines: Vec::new(),
            progress: Vec::new(),
        };
        for (index, event) in self.events.iter().enumerate() {
            let event = event.read(index)?;
            played.sleep_until(event.received)?;
            played.call(event)?;
        }
        played.sleep_until(moment(&self.until)?)?;
        Ok(self.differences(&played))
    }

    fn differences(&self, played: &Played<'_>) -> Vec<String> {
        let mut differences = Vec::new();
        if played.lines != self.decisions {
            differences.push(format!("decided {:?}, not {:?}", played.lines, self.decisions));
        }
        for (requirement, expected) in &self.progress {
            let found = played.progress.iter().find(|progress| progress.requirement == *requirement);
            let found = found.map(|progress| [progress.current, progress.target]);
            if found != Some(*expected) {
                differences.push(format!("the progress of {requirement} is {found:?}, not {expected:?}"));
            }
        }
        differences
    }
}

impl FixtureEvent {
    fn read(&self, index: usize) -> Result<CriteriaEvent> {
        let received = moment(&self.at)?;
        let data = if self.data.is_null() { "{}".to_owned() } else { self.data.to_string() };
        Ok(CriteriaEvent {
            id: format!("event-{index}").into(),
            source: self.source.as_deref().unwrap_or("connector").into(),
            kind: self.kind.as_str().into(),
            time: self.happened.as_deref().map_or(Ok(received), moment)?,
            received,
            seq: i64::try_from(index)? + 1,
            data: data.into(),
        })
    }
}

/// A rule while its fixture is played.
struct Played<'p> {
    plugin: &'p Plugin,
    settings: String,
    state: Option<Vec<u8>>,
    wake: Option<Timestamp>,
    now: Timestamp,
    lines: Vec<String>,
    progress: Vec<Progress>,
}

impl Played<'_> {
    /// Fires the wake-ups that are due by then.
    fn sleep_until(&mut self, then: Timestamp) -> Result<()> {
        for _ in 0..WAKES {
            let Some(wake) = self.wake.filter(|wake| *wake <= then) else { return Ok(()) };
            let received = wake.max(self.now);
            let (id, source) = (WAKE.into(), "laurel:clock".into());
            self.call(CriteriaEvent {
                id,
                source,
                kind: WAKE.into(),
                time: received,
                received,
                seq: 0,
                data: "null".into(),
            })?;
        }
        Err(anyhow!("it asks to be woken without end"))
    }

    fn call(&mut self, event: CriteriaEvent) -> Result<()> {
        self.now = event.received;
        let called = self.plugin.evaluate(&self.settings, self.state.as_deref(), std::slice::from_ref(&event));
        let outcome = called.answer.with_context(|| format!("at {} {}", event.received, event.kind))?;
        let Outcome { state, consumed, decisions, progress, wake } = outcome;
        anyhow::ensure!(consumed == 1, "it consumed {consumed} events of one");
        self.lines.extend(decisions.iter().map(|decision| format!("{} {}", date(event.received), words(decision))));
        (self.state, self.progress, self.wake) = (Some(state), progress, wake);
        Ok(())
    }
}

fn words(decision: &Decision) -> String {
    match decision {
        Decision::Award(award) => match award.valid_until {
            Some(until) => format!("award {} until {}", award.key, date(until)),
            None => format!("award {}", award.key),
        },
        Decision::Revoke(change) => format!("revoke {}", change.key),
        Decision::Suspend(change) => format!("suspend {}", change.key),
        Decision::Reinstate(change) => format!("reinstate {}", change.key),
        Decision::Points(points) => format!("points {} {}", points.key, points.amount),
    }
}

fn moment(text: &str) -> Result<Timestamp> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    Ok(whole.parse()?)
}

fn date(at: Timestamp) -> String {
    at.to_string().replace("T00:00:00.000Z", "")
}
