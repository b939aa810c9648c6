//! Severities: CVSS vectors are computed, words are understood.

use crate::advisory::{Score, ScoreKind};
use bartizan_model::Severity;

/// Reads a `type` and `score` of the OSV schema (section "severity[]").
///
/// A vector that does not parse is kept without a score, so that a person can still see it. `None`: neither vector nor number.
pub(crate) fn read<'a>(kind: &str, text: &'a str) -> Option<Score<'a>> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let kind = match kind {
        "CVSS_V2" => ScoreKind::V2,
        "CVSS_V3" => ScoreKind::V3,
        "CVSS_V4" => ScoreKind::V4,
        _ => return None,
    };
    of_vector(kind, text)
}

/// Reads a vector that says itself of which version it is.
pub(crate) fn of_vector(kind: ScoreKind, text: &str) -> Option<Score<'_>> {
    if text.is_empty() || text.len() > 300 {
        return None;
    }
    if let Ok(number) = text.parse::<f32>() {
        return (0.0..=10.0).contains(&number).then_some(Score { kind, vector: "", score: Some(number) });
    }
    let parsed = text.parse::<cvss::Cvss>().ok();
    // The prefix knows better than a type that was filled in carelessly.
    let kind = match parsed {
        Some(cvss::Cvss::CvssV20(_)) => ScoreKind::V2,
        Some(cvss::Cvss::CvssV30(_) | cvss::Cvss::CvssV31(_)) => ScoreKind::V3,
        Some(cvss::Cvss::CvssV40(_)) => ScoreKind::V4,
        _ => kind,
    };
    Some(Score { kind, vector: text, score: parsed.map(|vector| vector.score() as f32) })
}

/// A word of GitHub, Debian, Ubuntu or Red Hat.
pub(crate) fn word(text: &str) -> Option<Severity> {
    Some(match text.trim().trim_end_matches('*').to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" => Severity::High,
        "medium" | "moderate" => Severity::Medium,
        "low" => Severity::Low,
        "negligible" | "unimportant" | "none" => Severity::Info,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(kind: &str, vector: &str) -> Option<(ScoreKind, Option<f32>)> {
        read(kind, vector).map(|score| (score.kind, score.score))
    }

    /// Scores from the examples documents of the three specifications (FIRST: CVSS v2 guide section 3.3, CVSS v3.1 examples,
    /// CVSS v4.0 examples).
    #[test]
    fn scores_are_those_of_the_published_examples() {
        let cases = [
            ("CVSS_V2", "AV:N/AC:L/Au:N/C:N/I:N/A:C", ScoreKind::V2, 7.8),
            ("CVSS_V2", "(AV:N/AC:L/Au:N/C:C/I:C/A:C)", ScoreKind::V2, 10.0),
            ("CVSS_V2", "AV:L/AC:H/Au:N/C:C/I:C/A:C", ScoreKind::V2, 6.2),
            ("CVSS_V3", "CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", ScoreKind::V3, 6.4),
            ("CVSS_V3", "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", ScoreKind::V3, 3.1),
            ("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", ScoreKind::V3, 7.5),
            (
                "CVSS_V4",
                "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
                ScoreKind::V4,
                7.3,
            ),
            (
                "CVSS_V4",
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N",
                ScoreKind::V4,
                8.8,
            ),
            (
                "CVSS_V3",
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N",
                ScoreKind::V4,
                8.8,
            ),
        ];
        for (kind, vector, expected_kind, expected) in cases {
            assert_eq!(score(kind, vector), Some((expected_kind, Some(expected))), "{vector}");
        }
    }

    #[test]
    fn what_does_not_parse_is_kept_without_a_score() {
        assert_eq!(score("CVSS_V3", "CVSS:3.1/nonsense"), Some((ScoreKind::V3, None)));
        assert_eq!(score("CVSS_V3", "7.5"), Some((ScoreKind::V3, Some(7.5))));
        assert_eq!(score("CVSS_V3", "75"), None);
        assert_eq!(score("CVSS_V3", "NaN"), None);
        assert_eq!(score("Ubuntu", "medium"), None);
        assert_eq!(word("MODERATE"), Some(Severity::Medium));
        assert_eq!(word("low**"), Some(Severity::Low));
        assert_eq!(word("not yet assigned"), None);
    }
}
