//! Changes of seeds, the same in every run.

use crate::Target;

/// Reproducible, and good enough to change bytes with (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below.max(1) as u64).unwrap_or(0)
    }

    /// A stretch of at most `most` bytes.
    fn stretch(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.roll(length + 1);
        start..(start + self.roll(most + 1)).min(length)
    }
}

/// Bytes on which parsers turn.
const EDGES: [u8; 20] = *b"\0\n\"\\/#:.%&<>[]{}-=\x7f\xff";

/// As many changed inputs as the target wants tried. Each seed is changed alike often, in one to four places.
pub fn mutations(target: &Target) -> impl Iterator<Item = Vec<u8>> {
    let seeds = (target.seeds)();
    let words = target.words;
    (0..target.tries).map(move |number| {
        let mut dice = Dice(u64::from(number));
        let mut input = seeds[number as usize % seeds.len()].clone();
        for _ in 0..=dice.roll(4) {
            let other = &seeds[dice.roll(seeds.len())];
            change(&mut input, other, words, &mut dice);
        }
        input
    })
}

fn change(input: &mut Vec<u8>, other: &[u8], words: &[&str], dice: &mut Dice) {
    let at = dice.roll(input.len() + 1);
    let here = dice.stretch(input.len(), 40);
    match dice.roll(8) {
        0 => input.truncate(at),
        1 => drop(input.drain(here)),
        2 => input.insert(at, EDGES[dice.roll(EDGES.len())]),
        3 => {
            let copied = input[here].to_vec();
            input.splice(at..at, copied);
        }
        4 => {
            let theirs = dice.stretch(other.len(), 200);
            input.splice(here, other[theirs].iter().copied());
        }
        5 | 6 if !words.is_empty() => {
            let word = words[dice.roll(words.len())];
            input.splice(here, word.bytes());
        }
        _ => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << dice.roll(8);
            }
        }
    }
}
