//! CVE numbers as keys of sorted tables.

/// The year in the upper 16 bits, the sequence number in the lower 48: sorted as people count them.
///
/// `None` for what is no CVE id (CVE Record Format, `cveId`: `CVE-YYYY-` and 4 to 19 digits; more than 14 do not occur and do not fit).
pub(crate) fn key(id: &str) -> Option<u64> {
    let rest = id.get(..4).filter(|prefix| prefix.eq_ignore_ascii_case("CVE-")).and(id.get(4..))?;
    let (year, number) = rest.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !(4..=14).contains(&number.len()) || !digits(year) || !digits(number) {
        return None;
    }
    let number: u64 = number.parse().ok()?;
    Some((year.parse::<u64>().ok()? << 48) | number)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn keys_sort_by_year_then_number() {
        assert!(key("CVE-2021-44228") > key("CVE-2021-0001"));
        assert!(key("CVE-2022-0001") > key("CVE-2021-99999999"));
        assert_eq!(key("cve-2021-44228"), key("CVE-2021-44228"));
        for bad in [
            "",
            "CVE",
            "CVE-2021",
            "CVE-2021-12",
            "CVE-21-12345",
            "CVE-2021-1234x",
            "ÄCVE-2021-1234",
            "GHSA-aaaa",
        ] {
            assert_eq!(key(bad), None, "{bad}");
        }
    }
}
