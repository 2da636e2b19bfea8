//! Time as plugins meet it: RFC 3339 text, milliseconds since the epoch, and the proleptic Gregorian calendar in UTC.
//!
//! There is no clock here. Now is the event's `received`, or the request's.

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;

/// Milliseconds since the epoch of an RFC 3339 date and time. Digits beyond the millisecond are cut off, a leap second is the
/// first moment of the next minute. `None` for anything else, and for a time without a zone.
///
/// ```
/// use laurel_plugin::time::parse_rfc3339;
/// assert_eq!(parse_rfc3339("1970-01-01T00:00:01.5Z"), Some(1_500));
/// assert_eq!(parse_rfc3339("1970-01-01T02:00:00+02:00"), Some(0));
/// assert_eq!(parse_rfc3339("1970-01-01 00:00:00"), None);
/// ```
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let date = parse_date(bytes.get(..10)?)?;
    let separator = *bytes.get(10)?;
    let clock = bytes.get(11..19)?;
    if !matches!(separator, b'T' | b't' | b' ') || clock[2] != b':' || clock[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (digits(&clock[..2])?, digits(&clock[3..5])?, digits(&clock[6..8])?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (fraction, zone) = parse_fraction(&bytes[19..])?;
    let local = date.days() * DAY + (hour * 3600 + minute * 60 + second) * 1000 + fraction;
    Some(local - parse_zone(zone)?)
}

fn parse_date(bytes: &[u8]) -> Option<Date> {
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    Date::new(digits(&bytes[..4])?, digits(&bytes[5..7])?, digits(&bytes[8..10])?)
}

/// The milliseconds of `.123456`, and what follows.
fn parse_fraction(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let Some(rest) = bytes.strip_prefix(b".") else { return Some((0, bytes)) };
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let millis = match length {
        0 => return None,
        1 => digits(&rest[..1])? * 100,
        2 => digits(&rest[..2])? * 10,
        _ => digits(&rest[..3])?,
    };
    Some((millis, &rest[length..]))
}

/// The milliseconds by which a zone is ahead of UTC.
fn parse_zone(bytes: &[u8]) -> Option<i64> {
    match bytes {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            let ahead = (hours * 60 + minutes) * 60_000;
            (hours < 24 && minutes < 60).then_some(if *sign == b'-' { -ahead } else { ahead })
        }
        _ => None,
    }
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// RFC 3339 text in UTC with milliseconds.
pub fn rfc3339(millis: i64) -> String {
    let date = Date::of(millis);
    let rest = millis.rem_euclid(DAY);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{date}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1000)
}

/// A day of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year, astronomical.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

impl Date {
    /// A day that exists.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let exists = (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The day on which a moment lies.
    pub fn of(millis: i64) -> Self {
        Self::from_days(millis.div_euclid(DAY))
    }

    /// From days since 1970-01-01. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, eras of 400.
    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
        }
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let march_month = if self.month > 2 { self.month - 3 } else { self.month + 9 };
        let day_of_year = (153 * march_month + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day's first moment, in milliseconds.
    pub fn start(self) -> i64 {
        self.days() * DAY
    }

    /// The same day so many months on, or the month's last day if it is shorter.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let index = self.year * 12 + self.month - 1 + months;
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        Self { year, month, day: self.day.min(days_of_month(year, month)) }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_of_month(year: i64, month: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A moment so many calendar months on, at the same time of day.
pub fn plus_months(millis: i64, months: i64) -> i64 {
    Date::of(millis).plus_months(months).start() + millis.rem_euclid(DAY)
}

/// The first moment of a calendar year.
pub fn year_start(year: i64) -> i64 {
    Date { year, month: 1, day: 1 }.start()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc3339_is_read() {
        assert_eq!(parse_rfc3339("2019-11-05T13:38:00.218Z"), Some(1_572_961_080_218));
        assert_eq!(parse_rfc3339("2021-03-30T19:17:18.000-04:00"), Some(1_617_146_238_000));
        assert_eq!(parse_rfc3339("2026-01-31t20:24:32.598387z"), Some(1_769_891_072_598));
        assert_eq!(parse_rfc3339("1969-12-31T23:59:59Z"), Some(-1_000));
        assert_eq!(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2017-01-01T00:00:00Z"));
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "",
            "2019",
            "2019-02-29T00:00:00Z",
            "2019-13-01T00:00:00Z",
            "2019-01-01T24:00:00Z",
            "2019-01-01T00:00:00",
            "2019-01-01T00:00:00.Z",
            "2019-01-01T00:00:00+0200",
            "2019-01-01T00:00:00+25:00",
            "2019-01-01T00:00:00Zx",
            "２019-01-01T00:00:00Z",
            "2019-01-0éT00:00:00Z",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn months_end_where_they_end() {
        let date = |text: &str| Date::of(parse_rfc3339(&format!("{text}T00:00:00Z")).unwrap());
        assert_eq!(date("2024-01-31").plus_months(1).to_string(), "2024-02-29");
        assert_eq!(date("2023-12-31").plus_months(2).to_string(), "2024-02-29");
        assert_eq!(date("2024-03-31").plus_months(-1).to_string(), "2024-02-29");
    }

    proptest! {
        #[test]
        fn text_and_back(millis in -62_167_219_200_000_i64..253_402_300_800_000) {
            prop_assert_eq!(parse_rfc3339(&rfc3339(millis)), Some(millis));
        }

        #[test]
        fn days_and_back(days in -1_000_000_i64..1_000_000) {
            prop_assert_eq!(Date::from_days(days).days(), days);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = parse_rfc3339(&text);
        }
    }
}
