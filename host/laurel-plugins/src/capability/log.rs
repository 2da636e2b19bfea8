//! `log`: lines of a plugin, bounded and made harmless.

use std::fmt::Write;

use crate::limits::{Limits, MAX_LOG_LINE};

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For the plugin's author.
    Debug,
    /// Worth knowing.
    Info,
    /// Somebody should look.
    Warn,
    /// Something failed; the message of a panic is such a line.
    Error,
}

/// One line, with control characters escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How grave.
    pub level: Level,
    /// The text.
    pub message: String,
}

/// What a plugin wrote during one call.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The lines, in order.
    pub lines: Vec<LogLine>,
    /// How many more there were beyond the limit.
    pub dropped: u64,
}

/// Takes lines until the limit, then counts.
#[derive(Debug)]
pub(crate) struct LogBook {
    log: Log,
    /// The last error, even if it was dropped: the reason of a trap, if one follows.
    last_error: Option<String>,
    lines_left: u32,
    bytes_left: usize,
}

impl LogBook {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { log: Log::default(), last_error: None, lines_left: limits.log_lines, bytes_left: limits.log_bytes }
    }

    pub(crate) fn write(&mut self, level: Level, message: &str) {
        let keeps = self.lines_left > 0 && self.bytes_left > 0;
        if !keeps && level != Level::Error {
            self.log.dropped += 1;
            return;
        }
        let message = harmless(message, MAX_LOG_LINE);
        if level == Level::Error {
            self.last_error = Some(message.clone());
        }
        if keeps && message.len() <= self.bytes_left {
            self.lines_left -= 1;
            self.bytes_left -= message.len();
            self.log.lines.push(LogLine { level, message });
        } else {
            self.log.dropped += 1;
        }
    }

    pub(crate) fn last_error(&self) -> Option<&str> {
        self.last_error.as_deref()
    }

    pub(crate) fn into_log(self) -> Log {
        self.log
    }
}

/// The text on one line: control characters and those that turn the direction of writing are escaped, and what is beyond `limit`
/// bytes is cut off.
pub(crate) fn harmless(text: &str, limit: usize) -> String {
    let mut safe = String::with_capacity(text.len().min(limit));
    for character in text.chars() {
        if safe.len() + character.len_utf8() > limit {
            safe.push('…');
            break;
        }
        if is_harmful(character) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "{}", character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use laurel_core::plugins::Interface;

    fn book() -> LogBook {
        LogBook::new(&Limits::of(Interface::Criteria))
    }

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        let mut book = book();
        book.write(Level::Info, "a\x1b[31mred\r\nnext\u{202e}\u{9b}1m");
        assert_eq!(book.into_log().lines[0].message, r"a\u{1b}[31mred\r\nnext\u{202e}\u{9b}1m");
    }

    #[test]
    fn a_flood_is_counted_not_kept() {
        let mut book = book();
        (0..1_000_000).for_each(|_| book.write(Level::Info, "again and again"));
        let log = book.into_log();
        assert_eq!((log.lines.len(), log.dropped), (256, 999_744));
    }

    #[test]
    fn long_lines_are_cut_and_use_up_the_bytes() {
        let mut book = book();
        let long = "x".repeat(1 << 20);
        (0..100).for_each(|_| book.write(Level::Info, &long));
        let log = book.into_log();
        let bytes: usize = log.lines.iter().map(|line| line.message.len()).sum();
        assert!(bytes <= 64 << 10 && log.lines.len() >= 15, "{bytes} bytes in {} lines", log.lines.len());
    }

    #[test]
    fn the_reason_of_a_panic_survives_a_flood() {
        let mut book = book();
        (0..300).for_each(|_| book.write(Level::Info, "noise"));
        book.write(Level::Error, "panicked: no such course");
        assert_eq!(book.last_error(), Some("panicked: no such course"));
    }
}
