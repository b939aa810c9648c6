//! Metavariables that are used where nothing binds them.

use super::{Kind, Level, Linter};
use crate::rule::{And, Condition, Formula, Mode, Rule, Span};
use std::collections::BTreeSet;

/// What a formula binds.
#[derive(Clone, Debug, Default)]
struct Bound {
    /// In some match.
    may: BTreeSet<String>,
    /// In each match.
    must: BTreeSet<String>,
}

impl Bound {
    fn all(mut self, other: Self) -> Self {
        self.may.extend(other.may);
        self.must.extend(other.must);
        self
    }

    fn of_text(text: &str) -> Self {
        let may = names(text);
        Self { must: may.clone(), may }
    }
}

/// Each `$X` and `$...X` of a text, with its `$`.
pub(super) fn names(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let from = rest.get(at..).unwrap_or_default();
        let mark = if from.starts_with("$...") { 4 } else { 1 };
        let body = from.get(mark..).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
        let length = body.bytes().take_while(|byte| is_part(byte)).count();
        let follows = body.as_bytes().get(length);
        if length > 0 && follows.is_none_or(|byte| !byte.is_ascii_lowercase()) {
            out.insert(from.get(..mark + length).unwrap_or_default().to_owned());
        }
        rest = from.get(mark + length..).unwrap_or_default();
    }
    out
}

fn bound(formula: &Formula) -> Bound {
    match formula {
        Formula::Leaf(text) => Bound::of_text(&text.text),
        Formula::Regex(leaf) => {
            let mut may = BTreeSet::new();
            for (number, name) in leaf.regex.group_names().iter().enumerate().skip(1) {
                may.insert(format!("${number}"));
                may.extend(name.as_ref().map(|name| format!("${name}")));
            }
            Bound { must: may.clone(), may }
        }
        Formula::Or(several) => {
            let mut out: Option<Bound> = None;
            for one in several.iter().map(bound) {
                out = Some(match out {
                    None => one,
                    Some(mut all) => {
                        all.may.extend(one.may);
                        all.must.retain(|name| one.must.contains(name));
                        all
                    }
                });
            }
            out.unwrap_or_default()
        }
        Formula::And(and) => and
            .conditions
            .iter()
            .filter_map(|condition| match condition {
                Condition::Pattern(condition) => Some(bound(&condition.formula)),
                _ => None,
            })
            .fold(positive(and), Bound::all),
        Formula::Inside(inner) | Formula::Anywhere(inner) => bound(inner),
        Formula::Not(_) => Bound::default(),
    }
}

/// What the parts bind that have to match.
fn positive(and: &And) -> Bound {
    and.positives.iter().chain(&and.insides).map(bound).fold(Bound::default(), Bound::all)
}

pub(super) fn check(linter: &mut Linter<'_>, rule: &Rule) {
    let bound = match &rule.mode {
        Mode::Search(formula) => {
            walk(linter, formula, &BTreeSet::new());
            bound(formula)
        }
        Mode::Extract(extract) => {
            walk(linter, &extract.formula, &BTreeSet::new());
            let bound = bound(&extract.formula);
            unbound(linter, rule.span, "extract", &extract.metavariable, &bound, &BTreeSet::new());
            return;
        }
        Mode::Taint(taint) => {
            taint.formulas().for_each(|formula| walk(linter, formula, &BTreeSet::new()));
            for propagator in &taint.propagators {
                let of = bound(&propagator.formula);
                for (key, name) in [("from", &propagator.from), ("to", &propagator.to)] {
                    unbound(linter, propagator.span, key, name, &of, &BTreeSet::new());
                }
            }
            let ends = taint.sources.iter().map(|one| &one.formula);
            ends.chain(taint.sinks.iter().map(|one| &one.formula))
                .map(bound)
                .fold(Bound::default(), Bound::all)
        }
        // What its parts bind meets in conditions of its own.
        Mode::Join(join) => {
            join.rules.iter().for_each(|rule| check(linter, rule));
            return;
        }
    };
    for (level, what, text) in
        [(Level::Warning, "message", Some(rule.message.as_str())), (Level::Error, "fix", rule.fix.as_deref())]
    {
        for name in text.map(names).unwrap_or_default() {
            if !bound.may.iter().any(|known| name.starts_with(known.as_str())) {
                let reason = format!("the {what} uses `{name}`, which no pattern binds");
                linter.say(rule.span, level, Kind::UnboundMetavariable, reason);
            }
        }
    }
}

/// `outer`: what is bound around, where that can be seen.
fn walk(linter: &mut Linter<'_>, formula: &Formula, outer: &BTreeSet<String>) {
    match formula {
        Formula::Leaf(_) | Formula::Regex(_) => {}
        Formula::Or(several) => several.iter().for_each(|one| walk(linter, one, outer)),
        Formula::Inside(inner) | Formula::Not(inner) | Formula::Anywhere(inner) => walk(linter, inner, outer),
        Formula::And(and) => {
            for list in [&and.positives, &and.insides, &and.negatives, &and.not_insides] {
                list.iter().for_each(|one| walk(linter, one, outer));
            }
            conditions(linter, and, outer);
        }
    }
}

fn conditions(linter: &mut Linter<'_>, and: &And, outer: &BTreeSet<String>) {
    let mut known = positive(and);
    known.may.extend(outer.iter().cloned());
    known.must.extend(outer.iter().cloned());
    let negated: BTreeSet<String> =
        and.negatives.iter().chain(&and.not_insides).flat_map(|one| bound(one).may).collect();
    for condition in &and.conditions {
        let mut need = |span, key: &str, name: &str, known: &Bound| {
            unbound(linter, span, key, name, known, &negated);
        };
        match condition {
            Condition::Regex(one) => need(one.span, "metavariable-regex", &one.metavariable, &known),
            Condition::Analysis(one) => need(one.span, "metavariable-analysis", &one.metavariable, &known),
            Condition::Type(one) => need(one.span, "metavariable-type", &one.metavariable, &known),
            Condition::Name(one) => need(one.span, "metavariable-name", &one.metavariable, &known),
            Condition::Comparison(one) => {
                for name in one.expression.metavariables() {
                    need(one.span, "metavariable-comparison", name, &known);
                }
            }
            Condition::Pattern(one) => {
                need(one.span, "metavariable-pattern", &one.metavariable, &known);
                walk(linter, &one.formula, &known.may);
                known = known.all(bound(&one.formula));
            }
        }
    }
    for names in &and.focus {
        let bound = names.iter().filter(|name| known.may.contains(*name)).count();
        for name in names.iter().filter(|name| !known.may.contains(*name)) {
            // Entries of a list are alternatives.
            if bound > 0 {
                let reason = format!("focus-metavariable names `{name}`, which no pattern binds");
                linter.say(and.span, Level::Warning, Kind::UnboundMetavariable, reason);
            } else {
                unbound(linter, and.span, "focus-metavariable", name, &known, &negated);
            }
        }
    }
}

fn unbound(
    linter: &mut Linter<'_>,
    span: Span,
    key: &str,
    name: &str,
    bound: &Bound,
    negated: &BTreeSet<String>,
) {
    if bound.must.contains(name) {
        return;
    }
    if bound.may.contains(name) {
        let reason =
            format!("{key} asks for `{name}`, which not every alternative binds: the others never match");
        return linter.say(span, Level::Warning, Kind::UnboundMetavariable, reason);
    }
    let reason = if negated.contains(name) {
        format!("{key} asks for `{name}`, which is bound under a negation alone: it can never hold")
    } else {
        format!("{key} asks for `{name}`, which no pattern binds: it can never hold")
    };
    linter.say(span, Level::Error, Kind::UnboundMetavariable, reason);
}
