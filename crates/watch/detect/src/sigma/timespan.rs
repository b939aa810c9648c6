//! Lengths of time as rules write them: a number and one of `s`, `m`, `h`, `d`, `w`, `M`, `y`.

/// What is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no length of time: write a whole number and one of s, m, h, d, w, M (30 days), y (365 days)"
)]
pub struct TimespanError(String);

/// Milliseconds of a length of time such as `15m`.
///
/// # Errors
/// What is no whole number above nought with a known unit, or is longer than 100 years.
pub fn parse_timespan(text: &str) -> Result<i64, TimespanError> {
    let wrong = || TimespanError(text.to_owned());
    let trimmed = text.trim();
    let unit = trimmed.chars().last().ok_or_else(wrong)?;
    let seconds: i64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        'M' => 30 * 86_400,
        'y' => 365 * 86_400,
        _ => return Err(wrong()),
    };
    let digits = trimmed.get(..trimmed.len() - unit.len_utf8()).ok_or_else(wrong)?.trim();
    let count: i64 = digits.parse().map_err(|_| wrong())?;
    let total = count.checked_mul(seconds).ok_or_else(wrong)?;
    if total <= 0 || total > 100 * 365 * 86_400 {
        return Err(wrong());
    }
    Ok(total * 1000)
}

#[cfg(test)]
mod tests {
    use super::parse_timespan;

    #[test]
    fn units_are_told_apart() {
        assert_eq!(parse_timespan("90s"), Ok(90_000));
        assert_eq!(parse_timespan("5m"), Ok(300_000));
        assert_eq!(parse_timespan("1M"), Ok(2_592_000_000));
        for wrong in ["", "5", "m", "-5m", "0s", "5 minutes", "99999999y", "5µ"] {
            assert!(parse_timespan(wrong).is_err(), "{wrong}");
        }
    }
}
