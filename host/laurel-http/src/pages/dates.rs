//! Dates for people.

use laurel_core::time::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day, for machines and for people. UTC, as the credential itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// `2026-03-01T09:30:00Z`
    pub(crate) iso: String,
    /// `1 March 2026`
    pub(crate) words: String,
    /// `2026`
    pub(crate) year: String,
    /// `3`
    pub(crate) month: usize,
}

impl Day {
    /// Of a moment.
    pub(crate) fn of(time: Timestamp) -> Self {
        let iso = time.to_seconds_text();
        let part = |from, to| iso.get(from..to).unwrap_or_default();
        let month: usize = part(5, 7).parse().unwrap_or(1);
        let name = MONTHS[(month.clamp(1, 12)) - 1];
        let words = format!("{} {name} {}", part(8, 10).trim_start_matches('0'), part(0, 4));
        let year = part(0, 4).to_owned();
        Self { iso, words, year, month }
    }

    /// `March 2026`
    pub(crate) fn month_words(&self) -> String {
        format!("{} {}", MONTHS[self.month.clamp(1, 12) - 1], self.year)
    }
}

/// A text that may be a date, for people: the day if it is one, else the text.
pub(crate) fn readable(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |time| Day::of(time).words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let day = Day::of("2026-03-01T23:30:00Z".parse().unwrap());
        assert_eq!((day.words.as_str(), day.month_words().as_str()), ("1 March 2026", "March 2026"));
        assert_eq!(readable("2026-12-24T00:00:00+01:00"), "23 December 2026");
        assert_eq!(readable("soon"), "soon");
    }
}
