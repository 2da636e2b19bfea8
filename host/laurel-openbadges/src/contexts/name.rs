//! Names of terms, as they are looked up.

/// A name with a mark by which most others differ from it. One lookup asks several contexts: the mark is made once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'n> {
    text: &'n str,
    mark: u32,
}

impl<'n> Name<'n> {
    /// The mark is read from four places and no hash of the whole: who makes names of one mark gains nothing, as they are then told
    /// apart by their text.
    pub(crate) fn new(text: &'n str) -> Self {
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let length = bytes.len();
        let first = byte(0) ^ byte(2).rotate_left(3);
        let size = u8::try_from(length).unwrap_or(u8::MAX);
        Self { text, mark: u32::from_be_bytes([size, first, byte(length / 2), byte(length.wrapping_sub(1))]) }
    }

    pub(crate) fn text(self) -> &'n str {
        self.text
    }

    pub(crate) fn mark(self) -> u32 {
        self.mark
    }

    /// The mark in sixteen bits, the upper ones being the better mixed (Fibonacci hashing).
    pub(crate) fn spread(self) -> u16 {
        let [high, low, ..] = self.mark.wrapping_mul(0x9e37_79b9).to_be_bytes();
        u16::from_be_bytes([high, low])
    }
}
