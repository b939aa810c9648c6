//! Times of text logs as RFC 3339 in UTC.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

fn number(digits: &[u8]) -> Option<i16> {
    let digits = digits.strip_prefix(b" ").unwrap_or(digits);
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits
        .iter()
        .try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
}

fn small(digits: &[u8]) -> Option<i8> {
    number(digits)?.try_into().ok()
}

fn month(name: &[u8]) -> Option<i8> {
    let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    i8::try_from(at + 1).ok()
}

fn of_day(text: &[u8]) -> Option<Time> {
    if text.len() < 8 || text.get(2) != Some(&b':') || text.get(5) != Some(&b':') {
        return None;
    }
    // A leap second is the second before it.
    let second = small(text.get(6..8)?)?.min(59);
    Time::new(small(text.get(..2)?)?, small(text.get(3..5)?)?, second, 0).ok()
}

fn written(time: DateTime, seconds_east: i32) -> Option<String> {
    let offset = Offset::from_seconds(seconds_east).ok()?;
    let utc = TimeZone::UTC.to_datetime(offset.to_timestamp(time).ok()?);
    Some(format!("{utc}Z"))
}

/// `10/Oct/2000:13:55:36 -0700` of access logs.
pub(crate) fn common_log(text: &[u8]) -> Option<String> {
    let date = Date::new(number(text.get(7..11)?)?, month(text.get(3..6)?)?, small(text.get(..2)?)?).ok()?;
    let time = of_day(text.get(12..20)?)?;
    let zone = text.get(21..26).unwrap_or(b"+0000");
    let minutes = i32::from(number(zone.get(1..3)?)?) * 60 + i32::from(number(zone.get(3..5)?)?);
    let east = if zone.first() == Some(&b'-') { -minutes } else { minutes };
    written(date.to_datetime(time), east * 60)
}

/// `Oct  9 13:55:36` of RFC 3164, which tells neither year nor zone: the year that brings it nearest before `now`, the zone `seconds_east`.
pub(crate) fn without_year(text: &[u8], now: jiff::Timestamp, seconds_east: i32) -> Option<String> {
    let (month, day) = (month(text.get(..3)?)?, small(text.get(4..6)?)?);
    let time = of_day(text.get(7..15)?)?;
    let today = Offset::from_seconds(seconds_east).ok()?.to_datetime(now);
    let in_year = |year: i16| Date::new(year, month, day).ok().map(|date| date.to_datetime(time));
    // A day of slack: clocks differ.
    let limit = today.checked_add(jiff::SignedDuration::from_hours(24)).ok()?;
    let this = in_year(today.year()).filter(|one| *one <= limit);
    let found = this.or_else(|| in_year(today.year() - 1)).or_else(|| in_year(today.year()))?;
    written(found, seconds_east)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_the_nearest_before_now() {
        let now = "2026-01-02T00:00:00Z".parse().unwrap();
        let of = |text: &str| without_year(text.as_bytes(), now, 0);
        assert_eq!(of("Jan  1 10:00:00").as_deref(), Some("2026-01-01T10:00:00Z"));
        assert_eq!(of("Dec 31 10:00:00").as_deref(), Some("2025-12-31T10:00:00Z"));
        assert_eq!(of("Jan  2 10:00:00").as_deref(), Some("2026-01-02T10:00:00Z"));
        assert_eq!(without_year(b"Jan  1 10:00:00", now, 3600).as_deref(), Some("2026-01-01T09:00:00Z"));
        for wrong in ["", "Jan", "Xan  1 10:00:00", "Jan 40 10:00:00", "Jan  1 99:00:00"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn zones_are_taken_off() {
        assert_eq!(common_log(b"10/Oct/2025:13:55:36 -0730").as_deref(), Some("2025-10-10T21:25:36Z"));
        assert_eq!(common_log(b"31/Feb/2025:13:55:36 +0000"), None);
        assert_eq!(common_log(b"nonsense"), None);
    }
}
