//! Points in time, as OSV writes them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00Z. Prints as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Now, by the machine's clock.
    pub fn now() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
        Self(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// An RFC 3339 date and time (section 5.6), or a date alone (midnight UTC). Fractions of a second are dropped, a leap second
    /// counts as the one before it.
    ///
    /// `None` for anything else, and for years before 1970: some databases write the year 1 for "not known".
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = |from: usize, to: usize| -> Option<i64> {
            let digits = text.get(from..to)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let byte = |at: usize| text.as_bytes().get(at).copied();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        if byte(4)? != b'-' || byte(7)? != b'-' || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let mut seconds = days_from_civil(year, month, day) * 86_400;
        if text.len() > 10 {
            if !matches!(byte(10)?, b'T' | b't' | b' ') || byte(13)? != b':' || byte(16)? != b':' {
                return None;
            }
            let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
            if hour > 23 || minute > 59 || second > 60 {
                return None;
            }
            seconds += hour * 3_600 + minute * 60 + second.min(59);
            let rest = text.get(19..)?;
            let zone =
                rest.strip_prefix('.').map_or(rest, |r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
            seconds -= offset(zone)?;
        }
        (seconds >= 0).then_some(Self(seconds))
    }
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then(|| sign * (i64::from(hours) * 3_600 + i64::from(minutes) * 60))
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. The year starts in March here, so that the leap day is its last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(86_400));
        let second = self.0.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;
    use proptest::prelude::*;

    #[test]
    fn reads_what_databases_write() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2024-02-29T12:30:15Z", Some(1_709_209_815)),
            ("2024-02-16T13:47:54.655573Z", Some(1_708_091_274)),
            ("2025-08-25", Some(1_756_080_000)),
            ("2024-01-01T01:00:00+01:00", Some(1_704_067_200)),
            ("2016-12-31T23:59:60Z", Some(1_483_228_799)),
            ("0001-01-01T00:00:00Z", None),
            ("2024-13-01", None),
            ("2024-01-01T00:00:00", None),
            ("2024-01-01T0é:00:00Z", None),
            ("", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(Timestamp::parse(text).map(|t| t.0), seconds, "{text}");
        }
    }

    proptest! {
        #[test]
        fn prints_what_it_reads(seconds in 0_i64..253_402_300_799) {
            let time = Timestamp(seconds);
            prop_assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
        }

        #[test]
        fn arbitrary_text_does_no_harm(text in "\\PC{0,40}", seconds in any::<i64>()) {
            let _ = Timestamp::parse(&text);
            let _ = Timestamp(seconds).to_string();
        }
    }
}
