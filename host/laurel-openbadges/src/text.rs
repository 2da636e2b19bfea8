//! Runs of characters that stand for themselves: what most of every text is.

/// Length of the longest beginning of `text` in which no byte is `special`.
pub(crate) fn run_without(text: &[u8], special: impl Fn(u8) -> bool) -> usize {
    // A block is looked at as a whole, without a way out inside it, so that the compiler may take its bytes at once.
    const BLOCK: usize = 16;
    let is_plain = |block: &&[u8]| !block.iter().fold(false, |any, byte| any | special(*byte));
    let whole = text.chunks_exact(BLOCK).take_while(is_plain).count() * BLOCK;
    let rest = &text[whole..];
    whole + rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::run_without;

    #[test]
    fn the_first_special_byte_ends_the_run() {
        for length in 0..70 {
            let mut text = vec![b'a'; length];
            assert_eq!(run_without(&text, |byte| byte == b'!'), length);
            for at in (0..length).rev() {
                text[at] = b'!';
                assert_eq!(run_without(&text, |byte| byte == b'!'), at);
            }
        }
    }
}
