use super::*;
use crate::advisory::{Score, ScoreKind};
use crate::matching::Doubt;

fn one<'a>(id: &'a str, aliases: &[&'a str], verdict: Verdict) -> (Advisory<'a>, Verdict) {
    (Advisory { aliases: aliases.to_vec(), ..Advisory::new(id) }, verdict)
}

fn yes(range: &str, fixed: &[&str]) -> Verdict {
    Verdict::Affected(Affected {
        range: range.to_owned(),
        fixed: fixed.iter().map(|text| (*text).to_owned()).collect(),
    })
}

#[test]
fn aliases_over_any_number_of_steps_are_one() {
    let judged = vec![
        one("GHSA-1", &["CVE-1"], yes("< 2", &["2"])),
        one("OTHER-1", &[], yes("< 9", &[])),
        one("PYSEC-1", &["CVE-2"], yes("< 3", &["3"])),
        one("BIT-1", &["CVE-1", "CVE-2"], yes("< 2", &["2", "4"])),
    ];
    let merged = merge(Ecosystem::PyPi, judged).unwrap();
    let names: Vec<_> = merged.iter().map(|one| (one.id.as_str(), one.ids.join(" "))).collect();
    assert_eq!(
        names,
        [("OTHER-1", "OTHER-1".to_owned()), ("PYSEC-1", "BIT-1 CVE-1 CVE-2 GHSA-1 PYSEC-1".to_owned())]
    );
    assert_eq!(merged[1].verdict, yes("< 3", &["3", "2", "4"]));
    assert_eq!(merged[1].cves().collect::<Vec<_>>(), ["CVE-1", "CVE-2"]);
}

#[test]
fn names_are_chosen_for_good() {
    let ids = ["CVE-2024-1", "GHSA-x", "RUSTSEC-2024-1", "SNYK-1"];
    assert_eq!(preferred(Ecosystem::CratesIo, ids), Some("RUSTSEC-2024-1"));
    assert_eq!(preferred(Ecosystem::Npm, ids), Some("GHSA-x"));
    assert_eq!(preferred(Ecosystem::Go, ["CVE-2024-1", "CVE-2023-1"]), Some("CVE-2023-1"));
    assert_eq!(preferred(Ecosystem::Npm, ["GHSA-x", "MAL-1"]), Some("MAL-1"));
    assert_eq!(preferred(Ecosystem::Npm, []), None);
}

#[test]
fn the_worst_and_the_earliest_are_kept() {
    let mut judged = vec![
        one("GHSA-1", &["CVE-1"], yes("", &[])),
        one("CVE-1", &[], yes("", &[])),
        one("Z-1", &[], yes("", &[])),
    ];
    judged[0].0.rating = Some(Severity::Low);
    judged[0].0.published = Some(Timestamp(50));
    judged[0].0.modified = Some(Timestamp(60));
    judged[0].0.cwes = vec![79];
    judged[1].0.scores = vec![
        Score { kind: ScoreKind::V2, vector: "a", score: Some(10.0) },
        Score { kind: ScoreKind::V3, vector: "b", score: Some(7.5) },
        Score { kind: ScoreKind::V4, vector: "c", score: None },
    ];
    judged[1].0.published = Some(Timestamp(40));
    judged[1].0.modified = Some(Timestamp(55));
    judged[1].0.cwes = vec![20, 79];
    let merged = merge(Ecosystem::Npm, judged).unwrap();
    assert_eq!(merged[0].id, "GHSA-1", "rated ones before unrated");
    assert_eq!(
        merged[0].severity,
        Some(Severity::High),
        "version 2 does not count where there is a score of version 3"
    );
    assert_eq!(merged[0].cvss.as_ref().map(|cvss| cvss.vector.as_str()), Some("b"));
    assert_eq!((merged[0].published, merged[0].modified), (Some(Timestamp(40)), Some(Timestamp(60))));
    assert_eq!(merged[0].cwes, [20, 79]);
    assert_eq!(merged[1].severity, None);
}

#[test]
fn disagreement_is_shown() {
    let doubt = || Verdict::Unknown(Doubt::NoRange);
    let merged = merge(
        Ecosystem::Npm,
        vec![
            one("GHSA-1", &["CVE-1"], Verdict::NotAffected),
            one("CVE-1", &[], yes("< 2", &[])),
            one("GHSA-2", &[], Verdict::NotAffected),
            one("GHSA-3", &["CVE-3"], doubt()),
            one("CVE-3", &[], Verdict::NotAffected),
        ],
    )
    .unwrap();
    assert_eq!(merged.len(), 2);
    assert_eq!(
        (merged[0].id.as_str(), merged[0].disputed_by.as_slice()),
        ("CVE-1", ["GHSA-1".to_owned()].as_slice())
    );
    assert_eq!((merged[1].id.as_str(), &merged[1].verdict), ("GHSA-3", &doubt()));
}

#[test]
fn a_withdrawn_record_disputes_nothing() {
    let mut judged =
        vec![one("GHSA-1", &["CVE-1"], Verdict::NotAffected), one("CVE-1", &[], yes("< 2", &[]))];
    judged[0].0.withdrawn = Some(Timestamp(1));
    judged[0].0.rating = Some(Severity::Critical);
    let merged = merge(Ecosystem::Npm, judged).unwrap();
    assert_eq!((merged[0].disputed_by.len(), merged[0].severity), (0, None));
}
