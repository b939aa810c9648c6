use super::*;

fn range<'a>(kind: RangeKind, events: &[(EventKind, &'a str)]) -> Range<'a> {
    let events = events.iter().map(|(kind, version)| Event { kind: *kind, version }).collect();
    Range { kind, repository: None, events }
}

fn advisory<'a>(ranges: Vec<Range<'a>>) -> Advisory<'a> {
    Advisory { ranges, ..Advisory::new("X-1") }
}

fn judge(ecosystem: Ecosystem, advisory: &Advisory<'_>, version: &str) -> Verdict {
    Subject::release(ecosystem, version).judge(advisory)
}

fn affected(verdict: Verdict) -> Option<(String, Vec<String>)> {
    match verdict {
        Verdict::Affected(found) => Some((found.range, found.fixed)),
        _ => None,
    }
}

use EventKind::{Fixed, Introduced, LastAffected, Limit};

#[test]
fn the_range_and_the_fixes_are_named() {
    let two = advisory(vec![
        range(
            RangeKind::Semver,
            &[(Introduced, "0"), (Fixed, "1.5.0"), (Introduced, "2.0.0"), (Fixed, "2.3.1")],
        ),
        range(RangeKind::Semver, &[(Introduced, "3.0.0"), (LastAffected, "3.2.0")]),
    ]);
    let ask = |version| affected(judge(Ecosystem::Npm, &two, version));
    let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(ask("1.4.9"), Some(("< 1.5.0".into(), strings(&["1.5.0", "2.3.1"]))));
    assert_eq!(ask("2.0.0"), Some((">= 2.0.0, < 2.3.1".into(), strings(&["2.3.1"]))));
    assert_eq!(ask("3.2.0"), Some((">= 3.0.0, <= 3.2.0".into(), Vec::new())));
    assert_eq!(judge(Ecosystem::Npm, &two, "1.5.0"), Verdict::NotAffected);
    assert_eq!(judge(Ecosystem::Npm, &two, "3.2.1"), Verdict::NotAffected);
    assert!(
        affected(judge(Ecosystem::Npm, &two, "1.5.0-rc.1")).is_some(),
        "before the release that mends it"
    );
}

#[test]
fn versions_are_ordered_by_the_ecosystem() {
    let python = advisory(vec![range(RangeKind::Ecosystem, &[(Introduced, "1.7a0"), (Fixed, "1.10")])]);
    assert!(affected(judge(Ecosystem::PyPi, &python, "1.9.post1")).is_some());
    assert!(affected(judge(Ecosystem::PyPi, &python, "1.10.dev1")).is_some());
    assert_eq!(judge(Ecosystem::PyPi, &python, "1.10.0"), Verdict::NotAffected);
    let go = advisory(vec![range(RangeKind::Semver, &[(Introduced, "0"), (Fixed, "1.21.3")])]);
    assert!(affected(judge(Ecosystem::Go, &go, "v0.0.0-20200101000000-abcdefabcdef")).is_some());
    assert!(affected(judge(Ecosystem::Go, &go, "go1.21.2")).is_some());
    assert!(affected(judge(Ecosystem::Go, &go, "v1.21.2+incompatible")).is_some());
    assert_eq!(judge(Ecosystem::Go, &go, "v1.21.3"), Verdict::NotAffected);
    let debian =
        advisory(vec![range(RangeKind::Ecosystem, &[(Introduced, "0"), (Fixed, "1:2.0-1~deb12u1")])]);
    assert!(affected(judge(Ecosystem::Debian, &debian, "3.0-1")).is_some());
}

#[test]
fn limits_bound_a_range() {
    let limited = advisory(vec![range(RangeKind::Semver, &[(Introduced, "0"), (Limit, "2.0.0")])]);
    assert_eq!(affected(judge(Ecosystem::Npm, &limited, "1.0.0")), Some(("< 2.0.0".into(), Vec::new())));
    assert_eq!(judge(Ecosystem::Npm, &limited, "2.0.0"), Verdict::NotAffected);
    let unlimited = advisory(vec![range(RangeKind::Semver, &[(Introduced, "0"), (Limit, "*")])]);
    assert_eq!(
        affected(judge(Ecosystem::Npm, &unlimited, "9.0.0")),
        Some(("all versions".into(), Vec::new()))
    );
}

#[test]
fn the_least_semantic_version_is_the_start() {
    let all = |kind| advisory(vec![range(kind, &[(Introduced, "0.0.0-0")])]);
    let semver = all(RangeKind::Semver);
    assert_eq!(
        affected(judge(Ecosystem::CratesIo, &semver, "0.0.0-0")),
        Some(("all versions".into(), Vec::new()))
    );
    assert!(affected(judge(Ecosystem::CratesIo, &semver, "no version")).is_some());
    // In Python it is the post-release 0.
    assert_eq!(judge(Ecosystem::PyPi, &all(RangeKind::Ecosystem), "0.0.0"), Verdict::NotAffected);
}

#[test]
fn what_cannot_be_decided_is_unknown() {
    let doubt = |advisory: &Advisory<'_>, version| match judge(Ecosystem::PyPi, advisory, version) {
        Verdict::Unknown(doubt) => doubt,
        other => panic!("{other:?}"),
    };
    let good = advisory(vec![range(RangeKind::Ecosystem, &[(Introduced, "1.0"), (Fixed, "2.0")])]);
    let bad = advisory(vec![range(RangeKind::Ecosystem, &[(Introduced, "0"), (Fixed, "??")])]);
    assert_eq!(doubt(&good, "not a version"), Doubt::Version("not a version".into()));
    assert_eq!(doubt(&bad, "1.0"), Doubt::Event("??".into()));
    assert_eq!(doubt(&advisory(Vec::new()), "1.0"), Doubt::NoRange);
    let commit = "a".repeat(40);
    let commits = advisory(vec![range(RangeKind::Git, &[(Introduced, "0"), (Fixed, &commit)])]);
    assert_eq!(doubt(&commits, "1.0"), Doubt::CommitsOnly);
    // One range that can be decided is enough.
    let both = advisory(vec![bad.ranges[0].clone(), good.ranges[0].clone()]);
    assert!(affected(judge(Ecosystem::PyPi, &both, "1.5")).is_some());
    assert_eq!(doubt(&both, "2.5"), Doubt::Event("??".into()));
}

#[test]
fn listed_versions_are_affected_however_they_are_spelt() {
    let listed = Advisory { versions: vec!["1.0", "legacy-7"], listed: 2, ..Advisory::new("X-1") };
    assert_eq!(affected(judge(Ecosystem::PyPi, &listed, "1.0")).unwrap().0, "listed: 1.0");
    assert_eq!(affected(judge(Ecosystem::PyPi, &listed, "1.0.0")).unwrap().0, "listed: 1.0");
    assert_eq!(affected(judge(Ecosystem::PyPi, &listed, "legacy-7")).unwrap().0, "listed: legacy-7");
    assert_eq!(judge(Ecosystem::PyPi, &listed, "1.1"), Verdict::NotAffected);
    assert!(matches!(judge(Ecosystem::PyPi, &listed, "legacy-8"), Verdict::Unknown(Doubt::Version(_))));
}

#[test]
fn commits_decide_where_the_advisory_names_them() {
    let (first, mended) = ("a".repeat(40), "b".repeat(40));
    let mut advisory = advisory(vec![range(RangeKind::Git, &[(Introduced, &first), (Fixed, &mended)])]);
    let ask = |advisory: &Advisory<'_>, version, revision: &str| {
        let source =
            SourceKind::Git { url: "https://git.example/x".into(), revision: Some(revision.to_owned()) };
        Subject::new(Ecosystem::CratesIo, version, &source).judge(advisory)
    };
    assert!(affected(ask(&advisory, None, &first)).is_some());
    assert_eq!(ask(&advisory, None, &mended.to_uppercase()), Verdict::NotAffected);
    assert_eq!(ask(&advisory, None, &"c".repeat(40)), Verdict::Unknown(Doubt::Commit));
    assert_eq!(ask(&advisory, None, "main"), Verdict::Unknown(Doubt::Commit));
    advisory.ranges.push(range(RangeKind::Semver, &[(Introduced, "0"), (Fixed, "1.0.0")]));
    assert_eq!(
        ask(&advisory, Some("0.9.0"), &mended),
        Verdict::NotAffected,
        "the commit is surer than the number"
    );
    assert!(affected(ask(&advisory, Some("0.9.0"), &"c".repeat(40))).is_some());
    assert!(affected(ask(&advisory, Some("1.0.0"), &first)).is_some());
    assert_eq!(ask(&advisory, Some("1.0.0"), &"c".repeat(40)), Verdict::NotAffected);
}

#[test]
fn own_code_and_withdrawn_advisories_match_nothing() {
    let mut all = advisory(vec![range(RangeKind::Semver, &[(Introduced, "0")])]);
    assert_eq!(
        Subject::new(Ecosystem::Npm, Some("1.0.0"), &SourceKind::Path).judge(&all),
        Verdict::NotAffected
    );
    all.withdrawn = Some(crate::database::Timestamp(0));
    assert_eq!(judge(Ecosystem::Npm, &all, "1.0.0"), Verdict::NotAffected);
}

#[test]
fn only_versions_outside_the_ranges_are_kept() {
    let ranges =
        [range(RangeKind::Ecosystem, &[(Introduced, "1.0"), (Fixed, "2.0")]), range(RangeKind::Git, &[])];
    let versions = ["0.9", "1.0", "1.9.9", "2.0", "strange"];
    assert_eq!(uncovered(Ecosystem::PyPi, &ranges, versions.into_iter()), ["0.9", "2.0", "strange"]);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    fn event() -> impl Strategy<Value = (EventKind, String)> {
        let kind = prop::sample::select(vec![Introduced, Fixed, LastAffected, Limit]);
        (
            kind,
            prop_oneof![
                "[0-9]{1,2}(\\.[0-9]{1,2}){0,2}(-rc\\.[0-9])?",
                Just("0".to_owned()),
                Just("*".to_owned()),
                "\\PC{0,6}"
            ],
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        /// Dropping listed versions that ranges cover changes no answer.
        #[test]
        fn covered_versions_need_not_be_listed(
            events in proptest::collection::vec(event(), 0..6),
            listed in proptest::collection::vec("[0-9]{1,2}(\\.[0-9]{1,2}){1,2}", 0..8),
            asked in "[0-9]{1,2}(\\.[0-9]{1,2}){1,2}",
            python in any::<bool>(),
        ) {
            let ecosystem = if python { Ecosystem::PyPi } else { Ecosystem::Npm };
            let events: Vec<_> = events.iter().map(|(kind, version)| (*kind, version.as_str())).collect();
            let mut full = advisory(vec![range(RangeKind::Ecosystem, &events)]);
            full.listed = listed.len() as u32;
            let mut short = full.clone();
            full.versions = listed.iter().map(String::as_str).collect();
            short.versions = uncovered(ecosystem, &short.ranges, listed.iter().map(String::as_str));
            for version in listed.iter().chain([&asked]) {
                let of = |advisory: &Advisory<'_>| std::mem::discriminant(&judge(ecosystem, advisory, version));
                prop_assert_eq!(of(&full), of(&short));
            }
        }

        #[test]
        fn arbitrary_events_and_versions_do_no_harm(
            events in proptest::collection::vec(event(), 0..8),
            version in "\\PC{0,12}",
            ecosystem in prop::sample::select(Ecosystem::ALL.to_vec()),
        ) {
            let events: Vec<_> = events.iter().map(|(kind, version)| (*kind, version.as_str())).collect();
            let _ = judge(ecosystem, &advisory(vec![range(RangeKind::Ecosystem, &events)]), &version);
        }
    }
}
