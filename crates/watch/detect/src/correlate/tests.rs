use super::*;
use crate::sigma::load;

const BASE: &str = "title: A\nname: a\nlogsource: {product: x}\ndetection: {s: {f: 1}, condition: s}\n---\ntitle: B\nname: \
    b\nlogsource: {product: x}\ndetection: {s: {f: 2}, condition: s}\n---\n";

struct Bench {
    correlator: Correlator,
    raised: Vec<Raised>,
    events: u64,
}

impl Bench {
    fn new(text: &str, limits: Limits) -> Self {
        let loaded = load(&format!("{BASE}{text}"), "t.yml");
        assert_eq!(loaded.errors, []);
        let (correlator, errors) = Correlator::new(loaded.correlations, &loaded.rules, limits);
        assert_eq!(errors, []);
        Self { correlator, raised: Vec::new(), events: 0 }
    }

    fn see(&mut self, rule: u32, seconds: i64, values: &[&str]) -> &mut Self {
        self.events += 1;
        let values = values.iter().map(|value| (!value.is_empty()).then(|| Box::from(*value))).collect();
        let event = self.events;
        self.correlator.observe(Observation { rule, time: Timestamp(seconds * 1000), event, values });
        self.correlator.advance(&mut self.raised);
        self
    }

    fn finish(&mut self) -> &[Raised] {
        self.correlator.finish(&mut self.raised);
        &self.raised
    }
}

fn correlation(body: &str) -> String {
    format!("title: C\ncorrelation:\n  timespan: 1m\n  group-by: [user]\n{body}")
}

#[test]
fn counts_are_per_group_and_raised_once() {
    let mut bench = Bench::new(
        &correlation("  type: event_count\n  rules: a\n  condition: {gte: 3}\n"),
        Limits::default(),
    );
    for second in 0..6 {
        bench.see(0, second, &["u"]).see(0, second * 100, &["v"]).see(0, second, &[""]);
    }
    assert_eq!(bench.finish().len(), 1);
    let one = &bench.raised[0];
    assert_eq!((one.value, one.since, one.time), (3.0, Timestamp(0), Timestamp(2000)));
    assert_eq!(one.group, [("user".to_owned(), "u".to_owned())]);
    assert_eq!(one.events.len(), 3);
    assert_eq!(bench.correlator.counts().ungrouped, 6);
    assert!(!bench.correlator.is_alert(0) && bench.correlator.is_alert(1));
}

#[test]
fn the_order_of_arrival_does_not_matter_within_the_lateness() {
    let text = correlation("  type: temporal_ordered\n  rules: [a, b]\n");
    let mut orders = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let mut bench = Bench::new(&text, Limits::default());
        let events = [(0, 10), (1, 20), (1, 25), (0, 30)];
        for at in order {
            let (rule, second) = events[at];
            bench.see(rule, second, &["u"]);
        }
        let raised: Vec<_> = bench.finish().iter().map(|one| (one.since, one.time)).collect();
        orders.push(raised);
    }
    assert_eq!(orders[0], [(Timestamp(10_000), Timestamp(20_000))]);
    assert!(orders.iter().all(|one| *one == orders[0]), "{orders:?}");
}

#[test]
fn ordered_chains_need_their_order_and_their_time() {
    let text = correlation("  type: temporal_ordered\n  rules: [a, b]\n");
    let raised = |events: &[(u32, i64)]| {
        let mut bench = Bench::new(&text, Limits::default());
        events.iter().for_each(|&(rule, second)| {
            bench.see(rule, second, &["u"]);
        });
        bench.finish().len()
    };
    assert_eq!(raised(&[(1, 0), (0, 10)]), 0);
    assert_eq!(raised(&[(0, 0), (1, 61)]), 0);
    assert_eq!(raised(&[(0, 0), (0, 50), (1, 61)]), 1);
    assert_eq!(raised(&[(0, 0), (1, 1), (0, 2), (1, 3)]), 2);
}

#[test]
fn temporal_takes_any_order_and_conditions() {
    let both = correlation("  type: temporal\n  rules: [a, b]\n");
    let mut bench = Bench::new(&both, Limits::default());
    assert_eq!(bench.see(1, 0, &["u"]).see(0, 30, &["u"]).finish().len(), 1);
    let without = correlation("  type: temporal\n  rules: [a, b]\n  condition: b and not a\n");
    let mut bench = Bench::new(&without, Limits::default());
    assert_eq!(bench.see(1, 0, &["u"]).see(0, 30, &["v"]).see(1, 31, &["v"]).finish().len(), 1);
}

#[test]
fn values_are_counted_summed_and_ranked() {
    let of = |kind: &str, condition: &str, values: &[&str]| {
        let text = correlation(&format!("  type: {kind}\n  rules: a\n  condition: {condition}\n"));
        let mut bench = Bench::new(&text, Limits::default());
        for (value, second) in values.iter().zip(0..) {
            bench.see(0, second, &["u", value]);
        }
        bench.finish().first().map(|one| one.value)
    };
    assert_eq!(of("value_count", "{field: h, gte: 2}", &["x", "x", "y"]), Some(2.0));
    assert_eq!(of("value_count", "{field: h, gte: 2}", &["x", "x", "x"]), None);
    assert_eq!(of("value_sum", "{field: h, gt: 10}", &["4", "4", "none", "4"]), Some(12.0));
    assert_eq!(of("value_avg", "{field: h, gt: 3}", &["1", "2", "9"]), Some(4.0));
    assert_eq!(of("value_median", "{field: h, gte: 5}", &["1", "9"]), Some(5.0));
    assert_eq!(of("value_percentile", "{field: h, percentile: 90, gt: 8}", &["0", "10"]), Some(9.0));
}

#[test]
fn correlations_listen_to_correlations() {
    let text = "title: C\nname: c\ncorrelation:\n  type: event_count\n  rules: a\n  group-by: [user]\n  timespan: 1m\n  \
        condition: {gte: 2}\n---\ntitle: D\ncorrelation:\n  type: temporal\n  rules: [c, b]\n  group-by: [user]\n  timespan: 5m\n";
    let mut bench = Bench::new(text, Limits::default());
    bench.see(0, 0, &["u"]).see(0, 1, &["u"]).see(1, 5, &["v"]).see(1, 6, &["u"]);
    let titles: Vec<_> = bench.finish().iter().map(|one| one.correlation).collect();
    assert_eq!(titles, [1], "a correlation that feeds another is silent");
    let mut bench = Bench::new(&format!("{text}generate: true\n"), Limits::default());
    bench.see(0, 0, &["u"]).see(0, 1, &["u"]).see(1, 6, &["u"]);
    assert_eq!(bench.finish().len(), 2);
}

#[test]
fn names_that_lead_nowhere_are_errors() {
    let text = "title: C\nname: c\ncorrelation: {type: temporal, rules: [nowhere], timespan: 1m}\n---\ntitle: D\nname: d\n\
        correlation: {type: temporal, rules: [e], timespan: 1m}\n---\ntitle: E\nname: e\ncorrelation: {type: temporal, \
        rules: [d], timespan: 1m}\n";
    let loaded = load(text, "t.yml");
    let (_, errors) = Correlator::new(loaded.correlations, &[], Limits::default());
    assert_eq!(errors.len(), 3);
}

#[test]
fn aliases_name_the_field_of_each_rule() {
    let text = correlation("  type: temporal\n  rules: [a, b]\n  aliases: {user: {a: left, b: right}}\n");
    let mut bench = Bench::new(&text, Limits::default());
    assert_eq!(bench.correlator.fields_of(0), Some(["left".to_owned()].as_slice()));
    assert_eq!(bench.correlator.fields_of(1), Some(["right".to_owned()].as_slice()));
    assert_eq!(bench.see(0, 0, &["u"]).see(1, 1, &["u"]).finish().len(), 1);
}

#[test]
fn memory_is_bounded_and_what_gives_way_is_counted() {
    let text = correlation("  type: event_count\n  rules: a\n  condition: {gte: 1000}\n");
    let limits = Limits { groups: 100, entries: 10, waiting: 50, lateness: 1_000_000_000 };
    let mut bench = Bench::new(&text, limits);
    for second in 0..1000 {
        bench.see(0, second / 100, &[&second.to_string()]).see(0, second / 100, &["same"]);
    }
    bench.finish();
    let counts = bench.correlator.counts();
    assert!(counts.groups_dropped > 0 && counts.entries_dropped > 0, "{counts:?}");
    assert!(bench.correlator.states[0].len() <= 100);
}

#[test]
fn old_rules_that_count_are_correlations() {
    let text = "title: O\nid: o\nlogsource: {product: x}\ndetection:\n  s: {f: 1}\n  timeframe: 10s\n  condition: s | \
        count(host) by user > 1\n";
    let loaded = load(text, "t.yml");
    let (mut correlator, errors) = Correlator::new(loaded.correlations, &loaded.rules, Limits::default());
    assert_eq!((errors.len(), correlator.is_alert(0)), (0, false));
    assert_eq!(correlator.fields_of(0), Some(["user".to_owned(), "host".to_owned()].as_slice()));
    let mut raised = Vec::new();
    for (event, host) in ["x", "x", "y"].into_iter().enumerate() {
        let values = vec![Some("u".into()), Some(host.into())];
        correlator.observe(Observation { rule: 0, time: Timestamp(0), event: event as u64, values });
    }
    correlator.finish(&mut raised);
    assert_eq!(raised.len(), 1);
}
