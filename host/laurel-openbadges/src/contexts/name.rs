//! Names of terms, as they are looked up.

/// A name with a mark by which most others differ from it. One lookup asks several contexts: the mark is made once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'n> {
    text: &'n str,
    mark: u32,
}

impl<'n> Name<'n> {
    /// The mark is read from five places and no hash of the whole: who makes names of one mark gains nothing, as they are then told
    /// apart by their text.
    pub(crate) fn new(text: &'n str) -> Self {
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let length = bytes.len();
        let first = byte(0) ^ byte(2).rotate_left(3);
        let size = u8::try_from(length).unwrap_or(u8::MAX);
        let read = u32::from_be_bytes([size, first, byte(length / 2), byte(length.wrapping_sub(1))]);
        // Spreads what was read over the upper bits (Fibonacci hashing); no two become one.
        Self { text, mark: read.wrapping_mul(0x9e37_79b9) }
    }

    pub(crate) fn text(self) -> &'n str {
        self.text
    }

    /// The mark; its upper bits differ most.
    pub(crate) fn mark(self) -> u32 {
        self.mark
    }
}
