//! Days and times of day as text, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970; `SOURCE_DATE_EPOCH` (reproducible-builds.org) fixes it.
pub fn now() -> u64 {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    fixed.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

/// `2026-11-22`.
pub fn date(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-11-22T20:40:00`, without a zone, as GitLab wants it.
pub fn date_time(seconds: u64) -> String {
    let rest = seconds % 86_400;
    format!("{}T{:02}:{:02}:{:02}", date(seconds), rest / 3600, rest / 60 % 60, rest % 60)
}

/// Year, month and day of a day number since 1970, by counting whole 400-year cycles of the Gregorian calendar and years
/// that begin in March, so that the leap day is the last.
fn civil(days: u64) -> (u64, u64, u64) {
    const CYCLE: u64 = 146_097;
    let shifted = days + 719_468;
    let (cycle, in_cycle) = (shifted / CYCLE, shifted % CYCLE);
    let year = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let in_year = in_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (cycle * 400 + year + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(951_782_400), "2000-02-29");
        assert_eq!(date(1_709_164_800), "2024-02-29");
        assert_eq!(date(4_107_542_400), "2100-03-01");
        assert_eq!(date_time(1_767_225_599), "2025-12-31T23:59:59");
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut last = civil(0);
        for day in 1..60_000 {
            let next = civil(day);
            assert!(next > last && next.2 <= 31 && (1..=12).contains(&next.1), "{day}");
            last = next;
        }
    }
}
