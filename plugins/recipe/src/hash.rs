//! A 64-bit hash without a random seed: the same facts give the same state on every machine.

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Eight bytes at a time, because the settings are hashed at every call; each part is followed by its length, so that parts cannot run
/// into each other; then a finaliser that spreads short inputs. Never 0, which means "none".
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |word: u64| {
        state = (state ^ word).wrapping_mul(FACTOR);
        state ^= state >> 29;
    };
    for part in parts {
        let (words, rest) = part.as_chunks::<8>();
        for word in words {
            mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        mix(u64::from_le_bytes(last));
        mix(part.len() as u64);
    }
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (state ^ (state >> 31)).max(1)
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let parts: [&[&[u8]]; 7] = [
            &[b"ab", b"c"],
            &[b"a", b"bc"],
            &[b"abc"],
            &[b"abc", b""],
            &[b"", b"abc"],
            &[b"abc\0"],
            &[b"abcdefgh", b"i"],
        ];
        for (index, one) in parts.iter().enumerate() {
            assert!(parts[..index].iter().all(|other| hash(other) != hash(one)), "{one:?}");
        }
    }
}
