//! Sizes, durations and fractions as users write them.

use std::time::Duration;

/// Reads `10MiB`, `512k`, `1 GB`, `4096`. Binary units (`KiB`) count by 1024, as does a bare letter (`k`, `M`, `G`);
/// decimal ones (`kB`, `MB`) by 1000.
///
/// # Errors
/// A sentence that ends in an example.
pub fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text);
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return Err(format!("`{text}` is no size: expected one such as `10MiB`")),
    };
    scaled(number, factor).ok_or_else(|| format!("`{text}` is no size: expected one such as `10MiB`"))
}

/// Reads `30s`, `1500ms`, `5m`, `2h`, `90` (seconds).
///
/// # Errors
/// A sentence that ends in an example.
pub fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let millis = match unit.to_ascii_lowercase().as_str() {
        "ms" => 1,
        "" | "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(format!("`{text}` is no duration: expected one such as `30s`")),
    };
    let millis = scaled(number, millis).filter(|millis| *millis > 0);
    millis
        .map(Duration::from_millis)
        .ok_or_else(|| format!("`{text}` is no duration: expected one such as `30s`"))
}

/// Reads a number from 0 to 1.
///
/// # Errors
/// A sentence that says what is expected.
pub fn fraction(text: &str) -> Result<f64, String> {
    text.trim()
        .parse()
        .ok()
        .filter(|value| (0.0..=1.0).contains(value))
        .ok_or_else(|| format!("`{text}` is no number from 0 to 1"))
}

/// Reads a whole number.
///
/// # Errors
/// A sentence that says what is expected.
pub fn count(text: &str) -> Result<u64, String> {
    text.trim().replace('_', "").parse().map_err(|_| format!("`{text}` is no whole number"))
}

/// Reads `true`, `yes`, `on`, `1` and their opposites; nothing is `false`.
///
/// # Errors
/// A sentence that says what is expected.
pub fn boolean(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" | "" => Ok(false),
        _ => Err(format!("`{text}` is neither `true` nor `false`")),
    }
}

/// Bytes for people: `4.5 MiB`.
pub fn show_size(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") }
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(text.len());
    (&text[..end], text[end..].trim())
}

fn scaled(number: &str, factor: u64) -> Option<u64> {
    let number = number.replace('_', "");
    match number.parse::<u64>() {
        Ok(whole) => whole.checked_mul(factor),
        Err(_) if number.contains('.') => {
            let value: f64 = number.parse().ok()?;
            let scaled = value * factor as f64;
            (scaled.is_finite() && scaled < 1e18).then_some(scaled.round() as u64)
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("10MiB", 10 << 20),
            ("512 k", 512 << 10),
            ("1GB", 1_000_000_000),
            ("4096", 4096),
            ("1.5KiB", 1536),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MiB", "-1", "1.2.3M", "10 parsecs", "99999999999999999999", "18446744073709551615k"]
        {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, millis) in
            [("30s", 30_000), ("1500ms", 1500), ("5m", 300_000), ("90", 90_000), ("0.5s", 500)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "0", "1 fortnight", "-3s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_for_people() {
        assert_eq!(show_size(0), "0 B");
        assert_eq!(show_size(1023), "1023 B");
        assert_eq!(show_size(4_718_592), "4.5 MiB");
    }
}
