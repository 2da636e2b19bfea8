//! Time: milliseconds since the Unix epoch, UTC. RFC 3339 at the edges.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// A moment, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(pub i64);

/// The text is not an RFC 3339 date and time, or it lies outside the years 1 to 9999.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an RFC 3339 time such as 2026-03-01T09:30:00Z")]
pub struct NotATime(String);

impl Timestamp {
    /// The first moment that RFC 3339 cannot write: the beginning of the year 10000.
    pub const YEAR_10000: Self = Self(253_402_300_800_000);

    /// The moment so many milliseconds later (earlier when negative), saturating.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The same day and time so many calendar months later; the last day of a month that is too short.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let start = self.to_date_time();
        let count = i64::from(start.year()) * 12 + i64::from(u8::from(start.month())) - 1 + i64::from(months);
        let year = i32::try_from(count.div_euclid(12)).unwrap_or(9999).min(9999);
        let month = u8::try_from(count.rem_euclid(12) + 1).ok().and_then(|number| time::Month::try_from(number).ok());
        let month = month.unwrap_or(time::Month::December);
        let day = start.day().min(month.length(year));
        let date = time::Date::from_calendar_date(year, month, day).unwrap_or(time::Date::MAX);
        let later = date.with_time(start.time()).assume_utc();
        Self(i64::try_from(later.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX))
    }

    fn to_date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// To the second, for documents.
    pub(crate) fn to_second(self) -> laurel_openbadges::Timestamp {
        laurel_openbadges::Timestamp::from_unix_seconds(self.0.div_euclid(1000))
    }

    /// To the second, as credentials and proofs carry it (`2026-03-01T09:30:00Z`).
    pub fn to_seconds_text(self) -> String {
        let seconds = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        self.to_date_time().format(&seconds).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        f.write_str(&self.to_date_time().format(&millis).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotATime(text.chars().take(40).collect()))?;
        let millis = parsed.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(millis).map(Self).map_err(|_| NotATime(text.to_owned()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Port: what time it is.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn rfc_3339_round_trip() {
        let time: Timestamp = "2026-03-01T10:30:00.5+01:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-03-01T09:30:00.500Z");
        assert_eq!(time.to_seconds_text(), "2026-03-01T09:30:00Z");
        assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
    }

    #[test]
    fn the_last_moment_that_can_be_written() {
        let last = Timestamp(Timestamp::YEAR_10000.0 - 1);
        assert_eq!(last.to_string(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn before_the_epoch_rounds_down() {
        assert_eq!("1969-12-31T23:59:59.9995Z".parse::<Timestamp>().unwrap(), Timestamp(-1));
    }

    #[test]
    fn months_end_where_the_month_ends() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(time("2026-01-31T10:00:00Z").plus_months(1), time("2026-02-28T10:00:00Z"));
        assert_eq!(time("2024-02-29T10:00:00Z").plus_months(12), time("2025-02-28T10:00:00Z"));
        assert_eq!(time("2026-12-01T00:00:00Z").plus_months(60), time("2031-12-01T00:00:00Z"));
    }

    #[test]
    fn nonsense_is_named() {
        assert!("yesterday".parse::<Timestamp>().unwrap_err().to_string().contains("yesterday"));
    }
}
