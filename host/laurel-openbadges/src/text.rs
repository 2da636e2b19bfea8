//! Runs of characters that stand for themselves: what most of every text is.

use std::ops::RangeInclusive;

/// Length of the longest beginning of `text` whose bytes lie in `range` and are none of `special`.
///
/// A block of bytes is looked at as a whole, and without branches, so that the compiler may take them all at once.
#[inline]
pub(crate) fn plain_run<const N: usize>(text: &[u8], range: RangeInclusive<u8>, special: [u8; N]) -> usize {
    const BLOCK: usize = 16;
    let (first, last) = range.into_inner();
    let is_special = |byte: &u8| {
        let outside = u8::from(*byte < first) | u8::from(*byte > last);
        special.iter().fold(outside, |any, other| any | u8::from(byte == other))
    };
    let (blocks, _) = text.as_chunks::<BLOCK>();
    let is_mixed = |block: &[u8; BLOCK]| block.iter().fold(0, |any, byte| any | is_special(byte)) != 0;
    let whole = blocks.iter().position(is_mixed).unwrap_or(blocks.len()) * BLOCK;
    let rest = &text[whole..];
    whole + rest.iter().position(|byte| is_special(byte) != 0).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::plain_run;

    #[test]
    fn the_first_special_byte_ends_the_run() {
        for special in [b'!', b'?', 0x1f, 0x80] {
            let run = |text: &[u8]| plain_run(text, 0x20..=0x7f, *b"!?");
            for length in 0..70 {
                let mut text = vec![b'a'; length];
                assert_eq!(run(&text), length);
                for at in (0..length).rev() {
                    text[at] = special;
                    assert_eq!(run(&text), at);
                }
            }
        }
    }
}
