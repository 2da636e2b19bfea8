//! Periods, windows over time, and the units of streaks. All in UTC, on the events' own times.

use laurel_plugin::json::Value;
use laurel_plugin::time::{self, DAY, Date};

/// A length of time: days, or calendar months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    Days(i64),
    Months(i64),
}

/// A hundred years: longer periods are typing errors.
const MOST_DAYS: i64 = 36_525;

impl Span {
    /// `P90D`, `P2W`, `P6M`, `P2Y` (ISO 8601, one unit), or `{"days": 90}`, `{"months": 6}`, `{"years": 2}`.
    pub(crate) fn read(value: &Value<'_>) -> Option<Self> {
        let (number, unit) = match value {
            Value::String(text) => {
                let text = text.strip_prefix('P')?;
                let unit = text.chars().last()?;
                (text.strip_suffix(unit)?.parse().ok()?, unit)
            }
            Value::Object(members) => match members.as_slice() {
                [(key, number)] => {
                    let unit = match &**key {
                        "days" => 'D',
                        "months" => 'M',
                        "years" => 'Y',
                        _ => return None,
                    };
                    (number.integer()?, unit)
                }
                _ => return None,
            },
            _ => return None,
        };
        let span = match (unit, number) {
            (_, ..=0 | 100_000..) => return None,
            ('D', days) => Self::Days(days),
            ('W', weeks) => Self::Days(weeks * 7),
            ('M', months) => Self::Months(months),
            ('Y', years) => Self::Months(years * 12),
            _ => return None,
        };
        let days = match span {
            Self::Days(days) => days,
            Self::Months(months) => months * 30,
        };
        (days <= MOST_DAYS).then_some(span)
    }

    /// Whether this is never longer than the other, whenever both begin.
    pub(crate) fn is_within(self, other: Self) -> bool {
        match (self, other) {
            (Self::Days(days), Self::Days(most)) => days <= most,
            (Self::Months(months), Self::Months(most)) => months <= most,
            (Self::Days(days), Self::Months(most)) => days <= 365 * (most / 12) + 28 * (most % 12),
            (Self::Months(months), Self::Days(most)) => 366 * (months / 12) + 31 * (months % 12) <= most,
        }
    }

    /// The moment so much later.
    pub(crate) fn after(self, moment: i64) -> i64 {
        match self {
            Self::Days(days) => moment.saturating_add(days * DAY),
            Self::Months(months) => time::plus_months(moment, months),
        }
    }

    /// The moment so much earlier.
    pub(crate) fn before(self, moment: i64) -> i64 {
        match self {
            Self::Days(days) => moment.saturating_sub(days * DAY),
            Self::Months(months) => time::plus_months(moment, -months),
        }
    }
}

/// Which events are still looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    Sliding(Span),
    /// This calendar year and so many before it, less one.
    CalendarYears(i64),
}

impl Window {
    pub(crate) fn read(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::String(text) if text == "calendar-year" => Some(Self::CalendarYears(1)),
            Value::Object(members) if members.len() == 1 && members[0].0 == "calendar-years" => {
                members[0].1.integer().filter(|years| (1..=100).contains(years)).map(Self::CalendarYears)
            }
            value => Span::read(value).map(Self::Sliding),
        }
    }

    /// The moment at which an event of this time is not looked at any more.
    pub(crate) fn leaves(self, time: i64) -> i64 {
        match self {
            Self::Sliding(span) => span.after(time),
            Self::CalendarYears(years) => time::year_start(Date::of(time).year + years),
        }
    }

    /// Whole years of a sliding window.
    pub(crate) fn years(self) -> Option<i64> {
        match self {
            Self::Sliding(Span::Months(months)) if months % 12 == 0 => Some(months / 12),
            _ => None,
        }
    }
}

/// What a streak consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Day,
    /// Monday to Sunday.
    Week,
    Month,
}

impl Unit {
    /// A number for the unit in which a moment lies; the next unit has the next number.
    pub(crate) fn index(self, moment: i64) -> i64 {
        let days = moment.div_euclid(DAY);
        match self {
            Self::Day => days,
            // 1970-01-01 was a Thursday.
            Self::Week => (days + 3).div_euclid(7),
            Self::Month => {
                let date = Date::from_days(days);
                date.year * 12 + date.month
            }
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}
