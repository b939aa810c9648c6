//! Parts of formulas that can do nothing.

use super::subsume::Comparison;
use super::{Kind, Level, Linter};
use crate::language::Spec;
use crate::rule::{And, Condition, Formula, Mode, PatternText, Rule};

/// Alternatives of one list that are compared with each other.
const MAX_COMPARED: usize = 200;

pub(super) fn check(linter: &mut Linter<'_>, formula: &Formula, spec: Option<&'static Spec>) {
    match formula {
        Formula::Leaf(_) | Formula::Regex(_) => {}
        Formula::Or(several) => {
            alternatives(linter, several, spec);
            several.iter().for_each(|one| check(linter, one, spec));
        }
        Formula::Inside(inner) | Formula::Not(inner) | Formula::Anywhere(inner) => check(linter, inner, spec),
        Formula::And(and) => {
            contradictions(linter, and, spec);
            for list in [&and.positives, &and.insides, &and.negatives, &and.not_insides] {
                list.iter().for_each(|one| check(linter, one, spec));
            }
            for condition in &and.conditions {
                if let Condition::Pattern(condition) = condition {
                    let own = condition.language.map(|language| language.specs().first().copied());
                    check(linter, &condition.formula, own.unwrap_or(spec));
                }
            }
        }
    }
}

/// A taint rule whose sources are its sinks.
pub(super) fn check_flow(linter: &mut Linter<'_>, rule: &Rule) {
    let Mode::Taint(taint) = &rule.mode else { return };
    for sink in &taint.sinks {
        if taint.sources.iter().any(|source| same(&source.formula, &sink.formula)) {
            let reason = "the sink is a source too: whatever it matches is a finding, without any flow";
            linter.say(sink.span, Level::Warning, Kind::SourceIsSink, reason);
        }
    }
    for sanitizer in &taint.sanitizers {
        let ends = taint.sinks.iter().map(|sink| &sink.formula);
        let conflicts = |end: &Formula| same(end, &sanitizer.formula);
        if !sanitizer.not_conflicting && ends.clone().any(conflicts) {
            let reason = "the sanitizer is a sink too: nothing can reach it";
            linter.say(sanitizer.span, Level::Error, Kind::NeverMatches, reason);
        }
    }
}

fn leaf(formula: &Formula) -> Option<&PatternText> {
    match formula {
        Formula::Leaf(text) => Some(text),
        _ => None,
    }
}

fn trimmed(text: &PatternText) -> &str {
    text.text.trim()
}

fn alternatives(linter: &mut Linter<'_>, several: &[Formula], spec: Option<&'static Spec>) {
    let leaves: Vec<&PatternText> = several.iter().filter_map(leaf).collect();
    if let [only] = several {
        let what = leaf(only).map_or(String::new(), |text| format!(": `{}`", short(trimmed(text))));
        let span = leaf(only).map(|text| text.span).or_else(|| span_of(only));
        let reason = format!("the list of alternatives has one entry{what}");
        return linter.say(span.unwrap_or_default(), Level::Note, Kind::SingleAlternative, reason);
    }
    let mut first: Vec<&PatternText> = Vec::new();
    for text in &leaves {
        match first.iter().find(|known| trimmed(known) == trimmed(text)) {
            Some(known) => {
                let reason = format!("`{}` stands in line {} already", short(trimmed(text)), known.span.line);
                linter.say(text.span, Level::Warning, Kind::DeadPattern, reason);
            }
            None => first.push(text),
        }
    }
    let Some(spec) = spec else { return };
    if first.len() > MAX_COMPARED {
        let reason = format!("of {} alternatives, {MAX_COMPARED} were compared with each other", first.len());
        linter.say(first[MAX_COMPARED].span, Level::Note, Kind::NotCompared, reason);
        first.truncate(MAX_COMPARED);
    }
    let texts: Vec<&str> = first.iter().map(|text| trimmed(text)).collect();
    let comparison = Comparison::new(&texts, spec);
    for (narrow, text) in first.iter().enumerate() {
        let bound = comparison.metavariables(narrow);
        let wide = comparison.covering(trimmed(text)).into_iter().find(|wide| {
            let others = comparison.metavariables(*wide);
            // Who binds more tells conditions, focus and message more.
            *wide != narrow && bound.iter().all(|name| others.contains(name))
        });
        // Of two that cover each other, the first stays.
        let Some(wide) = wide else { continue };
        let both = comparison.covering(trimmed(first[wide])).contains(&narrow);
        if both && narrow < wide && comparison.metavariables(wide).iter().all(|name| bound.contains(name)) {
            continue;
        }
        let reason = format!(
            "`{}` matches nothing that `{}` in line {} does not",
            short(trimmed(text)),
            short(trimmed(first[wide])),
            first[wide].span.line
        );
        // Our equivalences make it dead; an engine that has fewer may need it.
        linter.say(text.span, Level::Note, Kind::DeadPattern, reason);
    }
}

/// Negations that take everything away.
fn contradictions(linter: &mut Linter<'_>, and: &And, spec: Option<&'static Spec>) {
    for negative in &and.not_insides {
        if let Some(inside) = and.insides.iter().find(|inside| same(inside, negative)) {
            let line = span_of(inside).map(|span| span.line).unwrap_or_default();
            let reason =
                format!("what has to be around in line {line} must not be around here: nothing matches");
            let span = span_of(negative).unwrap_or(and.span);
            linter.say(span, Level::Error, Kind::NeverMatches, reason);
        }
    }
    // With several positives, a narrower one may give the range, which the negation then is not about.
    let [positive] = and.positives.as_slice() else { return };
    let alternatives: Vec<&PatternText> = match positive {
        Formula::Or(several) => several.iter().filter_map(leaf).collect(),
        other => leaf(other).into_iter().collect(),
    };
    let whole = match positive {
        Formula::Or(several) => several.len() == alternatives.len(),
        _ => true,
    };
    let negatives: Vec<&PatternText> = and
        .negatives
        .iter()
        .chain(&and.not_insides)
        .flat_map(|negative| match negative {
            Formula::Or(several) => several.iter().filter_map(leaf).collect(),
            other => leaf(other).into_iter().collect::<Vec<_>>(),
        })
        .collect();
    let texts: Vec<&str> = negatives.iter().map(|text| trimmed(text)).collect();
    let comparison = spec.map(|spec| Comparison::new(&texts, spec));
    let mut gone = Vec::new();
    for text in &alternatives {
        let equal = negatives.iter().find(|negative| trimmed(negative) == trimmed(text)).copied();
        let covering = comparison.as_ref().and_then(|comparison| {
            comparison.covering(trimmed(text)).first().and_then(|number| negatives.get(*number)).copied()
        });
        if let Some(negative) = equal.or(covering) {
            gone.push((*text, negative));
        }
    }
    let never = whole && !alternatives.is_empty() && gone.len() == alternatives.len();
    for (text, negative) in gone {
        let taken = format!(
            "`{}` in line {} takes away all that `{}` matches",
            short(trimmed(negative)),
            negative.span.line,
            short(trimmed(text))
        );
        if never {
            linter.say(text.span, Level::Error, Kind::NeverMatches, format!("{taken}: nothing is left"));
        } else {
            linter.say(text.span, Level::Warning, Kind::DeadPattern, taken);
        }
    }
}

/// Whether two formulas say the same, wherever they stand.
fn same(a: &Formula, b: &Formula) -> bool {
    let all = |a: &[Formula], b: &[Formula]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (a, b) {
        (Formula::Leaf(a), Formula::Leaf(b)) => trimmed(a) == trimmed(b),
        (Formula::Regex(a), Formula::Regex(b)) => a.regex == b.regex,
        (Formula::Or(a), Formula::Or(b)) => all(a, b),
        (Formula::Inside(a), Formula::Inside(b))
        | (Formula::Not(a), Formula::Not(b))
        | (Formula::Anywhere(a), Formula::Anywhere(b)) => same(a, b),
        (Formula::And(a), Formula::And(b)) => {
            // Conditions have places in them, so that only formulas without are compared.
            a.conditions.is_empty()
                && b.conditions.is_empty()
                && a.focus == b.focus
                && all(&a.positives, &b.positives)
                && all(&a.insides, &b.insides)
                && all(&a.negatives, &b.negatives)
                && all(&a.not_insides, &b.not_insides)
        }
        _ => false,
    }
}

fn span_of(formula: &Formula) -> Option<crate::rule::Span> {
    match formula {
        Formula::Leaf(text) => Some(text.span),
        Formula::Regex(leaf) => Some(leaf.span),
        Formula::And(and) => Some(and.span),
        Formula::Or(several) => several.first().and_then(span_of),
        Formula::Inside(inner) | Formula::Not(inner) | Formula::Anywhere(inner) => span_of(inner),
    }
}

/// The first line, cut to what fits a remark.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut out: String = line.chars().take(60).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
