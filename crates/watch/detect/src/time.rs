//! Points in time, as sources write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A point in time in the calendar, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// With the century.
    pub year: i32,
    /// From 1.
    pub month: i32,
    /// From 1.
    pub day: i32,
    /// 0 to 23.
    pub hour: i32,
    /// 0 to 59.
    pub minute: i32,
    /// 0 to 59.
    pub second: i32,
    /// 0 to 999.
    pub millisecond: i32,
}

impl Timestamp {
    /// Reads RFC 3339 and its relatives (`T` or a space, fraction of any length, `Z`, an offset or nothing, which is UTC), and
    /// seconds, milliseconds, microseconds or nanoseconds since 1970 by their size.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = text.as_bytes();
        if bytes.get(4) != Some(&b'-') {
            return Self::from_number(text.parse().ok()?);
        }
        let number = |range: std::ops::Range<usize>| -> Option<i64> {
            let digits = bytes.get(range)?;
            digits.iter().try_fold(0_i64, |sum, digit| {
                digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
            })
        };
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        if bytes.get(7) != Some(&b'-') {
            return None;
        }
        let date = date(year, month, day)?;
        if bytes.len() == 10 {
            return Some(Self(date));
        }
        if !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) || bytes.get(13) != Some(&b':') {
            return None;
        }
        let (hour, minute) = (number(11..13)?, number(14..16)?);
        let (mut second, mut at) = (0, 16);
        if bytes.get(16) == Some(&b':') {
            second = number(17..19)?;
            at = 19;
        }
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut millisecond = 0;
        if let Some(b'.' | b',') = bytes.get(at) {
            at += 1;
            let mut scale = 100;
            while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
                millisecond += i64::from(digit - b'0') * scale;
                scale /= 10;
                at += 1;
            }
        }
        let rest = text.get(at..)?.trim();
        let offset = match rest.as_bytes() {
            [] | [b'Z' | b'z'] | [b'U', b'T', b'C'] => 0,
            [sign @ (b'+' | b'-'), digits @ ..] => {
                let digits: Vec<i64> = digits
                    .iter()
                    .filter(|byte| byte.is_ascii_digit())
                    .map(|byte| i64::from(byte - b'0'))
                    .collect();
                let minutes = match digits.as_slice() {
                    [a, b] => (a * 10 + b) * 60,
                    [a, b, c, d] => (a * 10 + b) * 60 + c * 10 + d,
                    _ => return None,
                };
                if *sign == b'-' { -minutes } else { minutes }
            }
            _ => return None,
        };
        Some(Self(date + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond))
    }

    fn from_number(number: f64) -> Option<Self> {
        let size = number.abs();
        let milliseconds = match size {
            _ if size < 1e11 => number * 1e3,
            _ if size < 1e14 => number,
            _ if size < 1e17 => number / 1e3,
            _ if size < 1e20 => number / 1e6,
            _ => return None,
        };
        milliseconds.is_finite().then_some(Self(milliseconds as i64))
    }

    /// In the calendar. Years beyond 9999 are shown as their last day.
    pub fn fields(self) -> Fields {
        let time = self.civil();
        Fields {
            year: i32::from(time.year()),
            month: i32::from(time.month()),
            day: i32::from(time.day()),
            hour: i32::from(time.hour()),
            minute: i32::from(time.minute()),
            second: i32::from(time.second()),
            millisecond: i32::from(time.millisecond()),
        }
    }

    fn civil(self) -> DateTime {
        let (least, most) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
        let time = jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 { least } else { most });
        TimeZone::UTC.to_datetime(time)
    }

    /// Week of the year by ISO 8601.
    pub fn iso_week(self) -> i32 {
        i32::from(self.civil().date().iso_week_date().week())
    }

    /// RFC 3339 in UTC with milliseconds.
    pub fn to_rfc3339(self) -> String {
        format!("{:.3}Z", self.civil())
    }
}

/// Milliseconds since 1970 of a date.
fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some(TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_one_point_in_time_agree() {
        let expected = Some(Timestamp(1_767_323_045_678));
        for text in [
            "2026-01-02T03:04:05.678Z",
            "2026-01-02 03:04:05.678",
            "2026-01-02T03:04:05.678901234Z",
            "2026-01-02T05:34:05.678+02:30",
            "1767323045.678",
            "1767323045678",
            "1767323045678000",
            "1767323045678000000",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
        for wrong in [
            "",
            "x",
            "2026-13-01",
            "2026-02-30",
            "2026-01-02X",
            "2026-01-02T25:00:00Z",
            "2026-01-02T03:04:05+1",
            "é026-01-01",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn weeks_begin_on_monday() {
        let week = |text: &str| Timestamp::parse(text).unwrap().iso_week();
        assert_eq!(
            (week("2026-01-01"), week("2027-01-01"), week("2024-12-30"), week("2021-01-03")),
            (1, 53, 1, 53)
        );
    }

    proptest! {
        #[test]
        fn written_times_are_read_back(milliseconds in -60_000_000_000_000_i64..250_000_000_000_000) {
            let time = Timestamp(milliseconds);
            prop_assert_eq!(Timestamp::parse(&time.to_rfc3339()), Some(time));
        }

        #[test]
        fn arbitrary_text_ends(text in ".{0,40}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
