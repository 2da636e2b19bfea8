//! What is remembered of a subject, and its compact form: variable-length integers, times as differences, whole numbers short.

use crate::sample::{Memory, Sample};
use crate::settings::Plan;

/// The form's version; another one is refused. The host folds again from the log when an installation's plugin is replaced.
const VERSION: u8 = 1;

/// How the subject stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Never,
    Held,
    Suspended,
    /// Revoked or expired: it has to be earned anew.
    Lapsed,
}

/// The state of one rule for one subject.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    pub(crate) standing: Standing,
    /// How many awards there were.
    pub(crate) awards: u32,
    pub(crate) valid_until: Option<i64>,
    /// The latest time of an event that counted, or of a wake-up.
    pub(crate) as_of: i64,
    pub(crate) wake: Option<i64>,
    /// Calendar years awarded, the latest few.
    pub(crate) years: Vec<i64>,
    pub(crate) leaves: Vec<Memory>,
}

impl State {
    pub(crate) fn new(plan: &Plan<'_>) -> Self {
        Self {
            standing: Standing::Never,
            awards: 0,
            valid_until: None,
            as_of: i64::MIN,
            wake: None,
            years: Vec::new(),
            leaves: vec![Memory::default(); plan.leaves.len()],
        }
    }

    /// Reads the compact form.
    pub(crate) fn decode(plan: &Plan<'_>, bytes: &[u8]) -> Result<Self, String> {
        let mut input = Input(bytes);
        if input.byte() != Some(VERSION) {
            return Err("the state is of another version of this plugin: refold it from the log".into());
        }
        if input.fixed() != Some(plan.fingerprint) {
            return Err("the state belongs to other settings: refold it from the log".into());
        }
        input
            .state(plan)
            .filter(|_| input.0.is_empty())
            .ok_or_else(|| "the state is damaged: refold it from the log".into())
    }

    /// Writes the compact form.
    pub(crate) fn encode(&self, plan: &Plan<'_>) -> Vec<u8> {
        let mut out = Output(Vec::with_capacity(64));
        out.0.push(VERSION);
        out.fixed(plan.fingerprint);
        out.0.push(match self.standing {
            Standing::Never => 0,
            Standing::Held => 1,
            Standing::Suspended => 2,
            Standing::Lapsed => 3,
        });
        out.unsigned(u64::from(self.awards));
        out.signed(self.as_of);
        out.optional(self.valid_until);
        out.optional(self.wake);
        out.unsigned(self.years.len() as u64);
        self.years.iter().for_each(|year| out.signed(*year));
        for leaf in &self.leaves {
            out.memory(leaf);
        }
        out.0
    }
}

const LIVE: u8 = 1;
const WHOLE: u8 = 2;
const GROUP: u8 = 4;
const MEMBER: u8 = 8;

struct Output(Vec<u8>);

impl Output {
    #[expect(clippy::cast_possible_truncation, reason = "the lowest seven bits are taken")]
    fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn signed(&mut self, value: i64) {
        self.unsigned(((value << 1) ^ (value >> 63)).cast_unsigned());
    }

    fn optional(&mut self, value: Option<i64>) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            self.signed(value);
        }
    }

    fn fixed(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    fn memory(&mut self, memory: &Memory) {
        self.optional(Some(memory.since).filter(|since| *since != i64::MIN));
        self.fixed(memory.last.to_bits());
        self.unsigned(memory.samples.len() as u64);
        let mut before = 0_i64;
        for sample in &memory.samples {
            self.sample(sample, before);
            before = sample.time;
        }
    }

    fn sample(&mut self, sample: &Sample, before: i64) {
        let whole = whole(sample.value);
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        self.0.push(
            flag(sample.live, LIVE)
                | flag(whole.is_some(), WHOLE)
                | flag(sample.group != 0, GROUP)
                | flag(sample.member != 0, MEMBER),
        );
        self.signed(sample.time.wrapping_sub(before));
        match whole {
            Some(whole) => self.signed(whole),
            None => self.fixed(sample.value.to_bits()),
        }
        for hash in [sample.group, sample.member] {
            if hash != 0 {
                self.fixed(hash);
            }
        }
    }
}

/// The number as an integer, where that is exact.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "compared with the original")]
fn whole(value: f64) -> Option<i64> {
    let whole = value as i64;
    (whole.unsigned_abs() < 1 << 53 && (whole as f64).to_bits() == value.to_bits()).then_some(whole)
}

struct Input<'b>(&'b [u8]);

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }

    #[expect(clippy::option_option, reason = "outer: is the input long enough; inner: is there a value")]
    fn optional(&mut self) -> Option<Option<i64>> {
        if self.byte()? == 0 { Some(None) } else { self.signed().map(Some) }
    }

    fn fixed(&mut self) -> Option<u64> {
        let (first, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*first))
    }

    fn length(&mut self) -> Option<usize> {
        // Every item takes a byte at least: a damaged length cannot ask for more memory than the state has bytes.
        self.unsigned().and_then(|length| usize::try_from(length).ok()).filter(|length| *length <= self.0.len())
    }

    fn state(&mut self, plan: &Plan<'_>) -> Option<State> {
        let standing = match self.byte()? {
            0 => Standing::Never,
            1 => Standing::Held,
            2 => Standing::Suspended,
            3 => Standing::Lapsed,
            _ => return None,
        };
        let awards = u32::try_from(self.unsigned()?).ok()?;
        let as_of = self.signed()?;
        let (valid_until, wake) = (self.optional()?, self.optional()?);
        let years = (0..self.length()?).map(|_| self.signed()).collect::<Option<_>>()?;
        let leaves = (0..plan.leaves.len()).map(|_| self.memory()).collect::<Option<_>>()?;
        Some(State { standing, awards, valid_until, as_of, wake, years, leaves })
    }

    fn memory(&mut self) -> Option<Memory> {
        let since = self.optional()?.unwrap_or(i64::MIN);
        let last = f64::from_bits(self.fixed()?);
        let mut samples = Vec::with_capacity(self.length()?);
        let mut before = 0_i64;
        for _ in 0..samples.capacity() {
            let sample = self.sample(before)?;
            before = sample.time;
            samples.push(sample);
        }
        Some(Memory { since, samples, last })
    }

    #[expect(clippy::cast_precision_loss, reason = "written only where it is exact")]
    fn sample(&mut self, before: i64) -> Option<Sample> {
        let flags = self.byte()?;
        let time = before.wrapping_add(self.signed()?);
        let value = if flags & WHOLE != 0 { self.signed()? as f64 } else { f64::from_bits(self.fixed()?) };
        let group = if flags & GROUP != 0 { self.fixed()? } else { 0 };
        let member = if flags & MEMBER != 0 { self.fixed()? } else { 0 };
        Some(Sample { time, value, group, member, live: flags & LIVE != 0 })
    }
}
