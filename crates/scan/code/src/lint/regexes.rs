//! Regular expressions that are slow, or hold for everything.

use super::{Kind, Level, Linter};
use crate::rule::comparison::Expr;
use crate::rule::regex::Regex;
use crate::rule::{And, Condition, Formula, Span};
use crate::search::redos;

/// What no expression that means something matches.
const NOTHING_MEANT: &[u8] = b"\x01";

pub(super) fn check(linter: &mut Linter<'_>, formula: &Formula) {
    match formula {
        Formula::Leaf(_) => {}
        Formula::Regex(leaf) => {
            slow(linter, &leaf.regex, leaf.span);
            if holds_everywhere(&leaf.regex) {
                let reason = "the regular expression matches the empty text, which is everywhere";
                linter.say(leaf.span, Level::Error, Kind::EmptyRegex, reason);
            }
        }
        Formula::Or(several) => several.iter().for_each(|one| check(linter, one)),
        Formula::Inside(inner) | Formula::Not(inner) | Formula::Anywhere(inner) => check(linter, inner),
        Formula::And(and) => of_and(linter, and),
    }
}

fn of_and(linter: &mut Linter<'_>, and: &And) {
    for list in [&and.positives, &and.insides, &and.negatives, &and.not_insides] {
        list.iter().for_each(|one| check(linter, one));
    }
    for condition in &and.conditions {
        match condition {
            Condition::Regex(one) => {
                slow(linter, &one.regex, one.span);
                if holds_everywhere(&one.regex) {
                    let reason = format!("the condition holds whatever `{}` is", one.metavariable);
                    linter.say(one.span, Level::Warning, Kind::EmptyRegex, reason);
                }
            }
            Condition::Pattern(one) => check(linter, &one.formula),
            Condition::Comparison(one) => of_expression(linter, &one.expression, one.span),
            Condition::Analysis(_) | Condition::Type(_) | Condition::Name(_) => {}
        }
    }
}

fn of_expression(linter: &mut Linter<'_>, expression: &Expr, span: Span) {
    let mut todo = vec![expression];
    while let Some(next) = todo.pop() {
        match next {
            Expr::Literal(_) | Expr::Metavariable(_) => {}
            Expr::Match(regex, one) => {
                slow(linter, regex, span);
                todo.push(one);
            }
            Expr::Unary(_, one) => todo.push(one),
            Expr::Binary(_, left, right) => todo.extend([&**left, &**right]),
            Expr::Compare(first, rest) => {
                todo.push(first);
                todo.extend(rest.iter().map(|(_, operand)| operand));
            }
            Expr::List(several) | Expr::And(several) | Expr::Or(several) | Expr::Call(_, several) => {
                todo.extend(several);
            }
        }
    }
}

fn slow(linter: &mut Linter<'_>, regex: &Regex, span: Span) {
    if !redos::is_vulnerable(regex.as_str()) {
        return;
    }
    let reason = if regex.is_linear() {
        "a backtracking engine can take exponential time on the regular expression"
    } else {
        "the regular expression can take exponential time: matching is given up after a number of steps"
    };
    linter.say(span, Level::Warning, Kind::SlowRegex, reason);
}

fn holds_everywhere(regex: &Regex) -> bool {
    // One that says what must not be there is meant to hold for most.
    if ["(?!", "(?<!"].iter().any(|negation| regex.as_str().contains(negation)) {
        return false;
    }
    let holds = |text| regex.is_match(text) == Ok(true);
    holds(b"") && holds(NOTHING_MEANT)
}
