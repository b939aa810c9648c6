use super::*;
use crate::advisory::{Event, EventKind, Range, RangeKind};
use proptest::prelude::*;

fn hole<'a>(id: &'a str, borders: &[(&'a str, Option<&'a str>)]) -> Advisory<'a> {
    let events = borders.iter().flat_map(|(from, to)| {
        let from = Event { kind: EventKind::Introduced, version: from };
        std::iter::once(from).chain(to.map(|to| Event { kind: EventKind::Fixed, version: to }))
    });
    let range = Range { kind: RangeKind::Semver, repository: None, events: events.collect() };
    Advisory { ranges: vec![range], ..Advisory::new(id) }
}

fn step(version: &str, breaking: bool, left: &[&str]) -> Option<Step> {
    let left = left.iter().map(|id| (*id).to_owned()).collect();
    Some(Step { version: version.to_owned(), breaking, prerelease: false, left })
}

#[test]
fn the_smallest_version_out_of_all_holes() {
    let holes = [
        hole("A", &[("0", Some("1.2.5"))]),
        hole("B", &[("1.0.0", Some("1.3.0")), ("2.0.0", Some("2.0.4"))]),
    ];
    let upgrade = advise(Ecosystem::Npm, "1.2.0", &holes, &[]);
    assert_eq!(upgrade.smallest, step("1.3.0", false, &[]));
    assert_eq!(upgrade.compatible, upgrade.smallest);
    assert_eq!(advise(Ecosystem::Npm, "2.0.0", &holes, &[]).smallest, step("2.0.4", false, &[]));
    assert_eq!(advise(Ecosystem::Npm, "1.3.0", &holes, &[]), Upgrade::default(), "nothing to flee from");
    let known = ["1.2.9", "1.2.6", "not a version"];
    assert_eq!(advise(Ecosystem::Npm, "1.2.0", &holes[..1], &known).smallest, step("1.2.5", false, &[]));
}

#[test]
fn a_breaking_step_comes_with_the_best_that_is_none() {
    let holes = [hole("A", &[("0", Some("1.2.5"))]), hole("B", &[("1.0.0", Some("3.0.0"))])];
    let upgrade = advise(Ecosystem::Npm, "1.2.0", &holes, &[]);
    assert_eq!(upgrade.smallest, step("3.0.0", true, &[]));
    assert_eq!(upgrade.compatible, step("1.2.5", false, &["B"]));
}

#[test]
fn no_step_leads_into_another_hole() {
    let holes = [hole("A", &[("0", Some("1.5.0"))]), hole("NEW", &[("1.5.0", Some("1.6.0"))])];
    assert_eq!(advise(Ecosystem::Npm, "1.0.0", &holes, &[]).smallest, step("1.6.0", false, &[]));
}

#[test]
fn what_nobody_mends_is_left() {
    let holes = [hole("A", &[("0", Some("1.5.0"))]), hole("DEAD", &[("0", None)])];
    assert_eq!(advise(Ecosystem::Npm, "1.0.0", &holes, &[]).smallest, step("1.5.0", false, &["DEAD"]));
    assert_eq!(advise(Ecosystem::Npm, "1.5.0", &holes, &[]), Upgrade::default(), "no version is better");
    assert_eq!(advise(Ecosystem::Npm, "?", &holes, &[]), Upgrade::default());
}

#[test]
fn releases_go_before_prereleases() {
    let holes = [hole("A", &[("0", Some("2.0.0-beta.1"))])];
    assert!(advise(Ecosystem::Npm, "1.0.0", &holes, &[]).smallest.is_some_and(|step| step.prerelease));
    assert_eq!(advise(Ecosystem::Npm, "1.0.0", &holes, &["2.0.0"]).smallest, step("2.0.0", true, &[]));
    let same_line = advise(Ecosystem::Npm, "2.0.0-alpha.1", &holes, &["2.0.0"]).smallest;
    assert_eq!(same_line.map(|step| step.version), Some("2.0.0-beta.1".to_owned()));
}

#[test]
fn below_one_minor_versions_break() {
    let holes = [hole("A", &[("0", Some("0.5.0"))]), hole("B", &[("0", Some("0.4.7"))])];
    let upgrade = advise(Ecosystem::CratesIo, "0.4.1", &holes, &[]);
    assert_eq!(upgrade.smallest, step("0.5.0", true, &[]));
    assert_eq!(upgrade.compatible, step("0.4.7", false, &["A"]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]
    /// No candidate between the version and the step is as good as the step.
    #[test]
    fn the_step_is_the_best_and_the_smallest(
        borders in proptest::collection::vec((0_u8..12, 0_u8..12), 1..5),
        known in proptest::collection::vec(0_u8..14, 0..5),
        current in 0_u8..12,
    ) {
        let text = |number: u8| format!("1.{number}.0");
        let borders: Vec<_> = borders.iter().map(|(from, to)| (text(*from), text(*to))).collect();
        let ids: Vec<_> = (0..borders.len()).map(|n| format!("A{n}")).collect();
        let holes: Vec<_> = borders.iter().zip(&ids).map(|((from, to), id)| hole(id, &[(from, Some(to))])).collect();
        let known_text: Vec<_> = known.iter().map(|number| text(*number)).collect();
        let known: Vec<&str> = known_text.iter().map(String::as_str).collect();
        let upgrade = advise(Ecosystem::Npm, &text(current), &holes, &known);
        let open = |number: u8| open_at(Ecosystem::Npm, &text(number), &holes).len();
        let candidates = (current + 1..14).filter(|n| known_text.contains(&text(*n)) || borders.iter().any(|(_, to)| *to == text(*n)));
        let best = candidates.filter(|n| open(*n) < open(current)).min_by_key(|n| (open(*n), *n));
        prop_assert_eq!(upgrade.smallest.map(|step| step.version), best.map(text));
    }
}
