//! Which index a new credential gets: a keyed permutation of the list.

use sha2::{Digest, Sha256};

const ROUNDS: u8 = 6;

/// The index of the `counter`-th entry of a list of `size` entries: a permutation of `0..size` that only the
/// holder of `seed` can predict.
///
/// Indexes handed out in order would show which credentials were issued together (Bitstring Status List
/// 1.0, section 5.2). A Feistel network over the next even power of two, walked until it lands inside the list,
/// gives every index exactly once and needs no memory of those given.
///
/// Counters wrap around at `size`; a `size` of zero gives zero.
///
/// ```
/// use laurel_openbadges::status::permute;
/// let mut all: Vec<u64> = (0..1000).map(|counter| permute(&[1; 32], counter, 1000)).collect();
/// all.sort_unstable();
/// assert!(all.into_iter().eq(0..1000));
/// ```
pub fn permute(seed: &[u8; 32], counter: u64, size: u64) -> u64 {
    if size <= 1 {
        return 0;
    }
    let bits = 64 - (size - 1).leading_zeros();
    let half = bits.div_ceil(2);
    let mut index = counter % size;
    loop {
        index = feistel(seed, index, half);
        if index < size {
            return index;
        }
    }
}

fn feistel(seed: &[u8; 32], index: u64, half: u32) -> u64 {
    let mask = (1_u64 << half) - 1;
    let (mut left, mut right) = (index >> half, index & mask);
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ (round_function(seed, round, right) & mask));
    }
    left << half | right
}

fn round_function(seed: &[u8; 32], round: u8, half: u64) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update(b"laurel status index");
    hasher.update(seed);
    hasher.update([round]);
    hasher.update(half.to_be_bytes());
    let digest = hasher.finalize();
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::permute;

    #[test]
    fn every_index_once_for_many_sizes() {
        for size in [1, 2, 3, 7, 8, 100, 1023, 1024, 1025, 5000] {
            let mut seen = vec![false; usize::try_from(size).unwrap()];
            for counter in 0..size {
                let index = usize::try_from(permute(&[9; 32], counter, size)).unwrap();
                assert!(!std::mem::replace(&mut seen[index], true), "{size}: {index} twice");
            }
        }
    }

    #[test]
    fn neighbours_are_scattered_and_seeds_differ() {
        let first: Vec<u64> = (0..8).map(|counter| permute(&[1; 32], counter, 131_072)).collect();
        let other: Vec<u64> = (0..8).map(|counter| permute(&[2; 32], counter, 131_072)).collect();
        assert_ne!(first, other);
        assert!(first.windows(2).all(|pair| pair[0].abs_diff(pair[1]) > 1));
    }
}
