//! Which keys a tier of runs may have: a Bloom filter whose bits for one key are all in one line of the processor's cache.

use uuid::Uuid;

/// Bits for each key, so that one of about a hundred keys that are not there is looked for in vain.
const BITS: usize = 12;
/// Bits set for a key.
const PROBES: usize = 6;
/// Bits of a line.
const LINE: usize = 512;

/// Eight words: 64 bytes, which the processor fetches together.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line([u64; LINE / 64]);

#[derive(Debug)]
pub(super) struct Filter {
    lines: Vec<Line>,
}

impl Filter {
    /// A filter for about so many keys. More only make it say "maybe" more often.
    pub(super) fn new(keys: usize) -> Self {
        Self { lines: vec![Line([0; LINE / 64]); (keys * BITS).div_ceil(LINE)] }
    }

    pub(super) fn add(&mut self, key: Uuid) {
        let line = self.line(key);
        for (word, bit) in probes(key) {
            self.lines[line].0[word] |= bit;
        }
    }

    /// Whether the key may have been added; a key that was added always may.
    pub(super) fn may_have(&self, key: Uuid) -> bool {
        let line = &self.lines[self.line(key)].0;
        probes(key).all(|(word, bit)| line[word] & bit != 0)
    }

    /// Keys are hashes already: their bits are as good as random.
    fn line(&self, key: Uuid) -> usize {
        let (_, low) = key.as_u64_pair();
        let scaled = (u128::from(low) * self.lines.len() as u128) >> 64;
        usize::try_from(scaled).unwrap_or(0)
    }
}

/// Word and bit of each probe, nine bits of the key's first half each.
fn probes(key: Uuid) -> impl Iterator<Item = (usize, u64)> {
    let (high, _) = key.as_u64_pair();
    (0..PROBES).map(move |probe| {
        let at = usize::try_from(high >> (9 * probe)).unwrap_or(0) % LINE;
        (at / 64, 1 << (at % 64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::event_key;
    use laurel_core::id::OrganisationId;

    fn key(number: usize) -> Uuid {
        event_key(OrganisationId(Uuid::nil()), "https://lms.example.org", &number.to_string())
    }

    #[test]
    fn what_was_added_may_be_there_and_little_else() {
        const KEYS: usize = 20_000;
        let mut filter = Filter::new(KEYS);
        (0..KEYS).for_each(|number| filter.add(key(number)));
        assert!((0..KEYS).all(|number| filter.may_have(key(number))));
        let in_vain = (KEYS..2 * KEYS).filter(|number| filter.may_have(key(*number))).count();
        assert!(in_vain < KEYS / 50, "{in_vain} of {KEYS}");
    }

    #[test]
    fn more_keys_than_it_was_made_for_are_not_forgotten() {
        let mut filter = Filter::new(10);
        (0..1_000).for_each(|number| filter.add(key(number)));
        assert!((0..1_000).all(|number| filter.may_have(key(number))));
    }
}
