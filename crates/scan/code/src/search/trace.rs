//! How a formula comes to its hits: what each part matches alone, and which part takes what away.
//!
//! The slow twin of [`Search::evaluate`], with the rule's own words beside the compiled formula. Its last hits are those of
//! the evaluation.

use super::{And, Formula, Hit, Search, bound_range};
use crate::matching::{Bindings, Options};
use crate::rule;
use std::ops::Range;

/// What is shown of a pattern.
const MAX_SHOWN: usize = 100;

/// A part of a formula, and what it matches.
#[derive(Debug)]
pub(crate) struct Traced {
    /// The key, such as `pattern-not`, and the first line of the pattern.
    pub(crate) what: String,
    /// The line of the rule file.
    pub(crate) line: u32,
    /// What it matches, whatever stands beside it.
    pub(crate) hits: Vec<Hit>,
    /// Names and literals that its pattern asks for and the file has not.
    pub(crate) missing: Vec<String>,
    /// What it is made of.
    pub(crate) parts: Vec<Self>,
    /// Of what must hold together: how it came to the hits.
    pub(crate) steps: Vec<Step>,
}

/// A part of what must hold together, applied to what was left before it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) what: String,
    pub(crate) line: u32,
    /// What it left, and with conditions what metavariables took.
    pub(crate) kept: Vec<(Range<u32>, String)>,
    /// What it took away, and why.
    pub(crate) removed: Vec<(Range<u32>, String)>,
}

/// Where a formula stands among others.
#[derive(Clone, Copy)]
enum Role {
    Plain,
    Inside,
    Not,
    NotInside,
}

impl Search<'_> {
    /// Evaluates `compiled`, which was made of `written`, and keeps what each part does.
    pub(crate) fn traced(&self, written: &rule::Formula, compiled: &Formula, options: Options) -> Traced {
        self.trace(written, compiled, options, Role::Plain)
    }

    fn trace(&self, written: &rule::Formula, compiled: &Formula, options: Options, role: Role) -> Traced {
        let mut hits = self.hits_of(compiled, options, None);
        self.sort(&mut hits);
        let what = match (key(written, role), text(written)) {
            (key, Some(text)) => format!("{key}: {text}"),
            (key, None) => key,
        };
        let mut out = Traced {
            what,
            line: line(written),
            hits,
            missing: Vec::new(),
            parts: Vec::new(),
            steps: Vec::new(),
        };
        match (written, compiled) {
            (rule::Formula::Leaf(_), Formula::Pattern(number)) => out.missing = self.missing(*number),
            // In a list of its own, what has to be around is marked once more.
            (rule::Formula::Leaf(_), Formula::Inside(inner)) => {
                if let Formula::Pattern(number) = &**inner {
                    out.missing = self.missing(*number);
                }
            }
            (rule::Formula::Or(written), Formula::Or(compiled)) => {
                let both = written.iter().zip(compiled);
                out.parts = both.map(|(a, b)| self.trace(a, b, options, Role::Plain)).collect();
            }
            (rule::Formula::Inside(a), Formula::Inside(b))
            | (rule::Formula::Anywhere(a), Formula::Anywhere(b)) => {
                out.parts = vec![self.trace(a, b, options, Role::Plain)];
            }
            (rule::Formula::Not(a), Formula::And(and)) => {
                let both = std::iter::once(&**a).zip(&and.not);
                out.parts = both.map(|(a, b)| self.trace(a, b, options, Role::Not)).collect();
            }
            (rule::Formula::And(written), Formula::And(compiled)) => {
                let (parts, steps) = self.trace_and(written, compiled, options);
                (out.parts, out.steps) = (parts, steps);
            }
            (written, Formula::Inside(compiled)) => {
                let inner = self.trace(written, compiled, options, Role::Plain);
                (out.parts, out.steps, out.missing) = (inner.parts, inner.steps, inner.missing);
            }
            _ => {}
        }
        out
    }

    fn missing(&self, number: u32) -> Vec<String> {
        let Some(pattern) = self.patterns.patterns.get(number as usize) else { return Vec::new() };
        let symbols = self.file.symbols;
        let gone = pattern.required.iter().filter(|symbol| !symbols.has(**symbol));
        gone.map(|symbol| symbols.text(*symbol).to_owned()).collect()
    }

    fn trace_and(&self, written: &rule::And, compiled: &And, options: Options) -> (Vec<Traced>, Vec<Step>) {
        let plain = written.positives.iter().map(|one| (one, Role::Plain));
        let inside = written.insides.iter().map(|one| (one, Role::Inside));
        let positive: Vec<Traced> = plain
            .chain(inside)
            .zip(&compiled.all)
            .map(|((written, role), compiled)| self.trace(written, compiled, options, role))
            .collect();
        let not = written.negatives.iter().map(|one| (one, Role::Not));
        let not_inside = written.not_insides.iter().map(|one| (one, Role::NotInside));
        let negative: Vec<Traced> = not
            .chain(not_inside)
            .zip(&compiled.not)
            .map(|((written, role), compiled)| self.trace(written, compiled, options, role))
            .collect();
        let mut steps = Vec::new();
        let mut hits: Option<Vec<Hit>> = None;
        for index in self.order(compiled) {
            let (what, line, next) = match positive.get(index) {
                Some(part) => (part.what.clone(), part.line, part.hits.clone()),
                // Nothing positive is said: the whole is meant.
                None => ("the whole".to_owned(), written.span.line, self.whole(compiled, options)),
            };
            let (left, removed) = match hits {
                None => (next, Vec::new()),
                Some(before) => self.conjoin(&before, &next),
            };
            steps.push(step(what, line, &left, removed));
            hits = Some(left);
        }
        let mut hits = hits.unwrap_or_default();
        for (part, formula) in negative.iter().zip(&compiled.not) {
            let away = self.hits_of(formula, options, None);
            let (mut left, mut removed) = (Vec::new(), Vec::new());
            for hit in hits {
                match away.iter().find(|away| self.takes_away(away, &hit)) {
                    Some(by) => removed.push((hit.range, format!("{} matches", self.place(&by.range)))),
                    None => left.push(hit),
                }
            }
            steps.push(step(part.what.clone(), part.line, &left, removed));
            hits = left;
        }
        for (condition, compiled) in written.conditions.iter().zip(&compiled.conditions) {
            let (what, line, names) = describe(condition);
            let (mut left, mut kept, mut removed) = (Vec::new(), Vec::new(), Vec::new());
            for hit in hits {
                let taken = self.taken(&hit.bindings, &names);
                let satisfying = self.satisfying(vec![hit.clone()], compiled, options);
                let to = if satisfying.is_empty() { &mut removed } else { &mut kept };
                to.push((hit.range, taken));
                left.extend(satisfying);
            }
            steps.push(Step { what, line, kept, removed });
            hits = left;
        }
        for (names, compiled) in written.focus.iter().zip(&compiled.focus) {
            let (mut left, mut removed) = (Vec::new(), Vec::new());
            for hit in hits {
                let range = hit.range.clone();
                let narrowed = self.focused(hit, compiled);
                if narrowed.is_empty() {
                    removed.push((range, "not bound, or bound to nothing".to_owned()));
                }
                left.extend(narrowed);
            }
            steps.push(step(
                format!("focus-metavariable: {}", names.join(", ")),
                written.span.line,
                &left,
                removed,
            ));
            hits = left;
        }
        if compiled.focus.len() > 1 {
            let before = hits.clone();
            let left = self.shared_focus(hits, compiled);
            let gone = before.iter().filter(|hit| !left.iter().any(|kept| kept.range == hit.range));
            let why = "not what all of them name";
            let removed = gone.map(|hit| (hit.range.clone(), why.to_owned())).collect();
            steps.push(step("focus-metavariable, all of them".to_owned(), written.span.line, &left, removed));
        }
        (positive.into_iter().chain(negative).collect(), steps)
    }

    fn whole(&self, and: &And, options: Options) -> Vec<Hit> {
        and.all.first().map(|formula| self.hits_of(formula, options, None)).unwrap_or_default()
    }

    /// What is left of `before` beside `next`, and why the rest is not.
    fn conjoin(&self, before: &[Hit], next: &[Hit]) -> (Vec<Hit>, Vec<(Range<u32>, String)>) {
        let mut removed = Vec::new();
        for hit in before {
            if !self.intersect(std::slice::from_ref(hit), next).is_empty() {
                continue;
            }
            let touches =
                |other: &&Hit| other.range.start < hit.range.end && hit.range.start < other.range.end;
            let why = match next.iter().find(touches) {
                None if next.is_empty() => "it matches nowhere".to_owned(),
                None => "it matches elsewhere only".to_owned(),
                Some(other) => match self.disagreement(&hit.bindings, &other.bindings) {
                    Some(why) => format!("at {} {why}", self.place(&other.range)),
                    None => format!("{} does not enclose it, nor stands within", self.place(&other.range)),
                },
            };
            removed.push((hit.range.clone(), why));
        }
        (self.intersect(before, next), removed)
    }

    /// The first metavariable that took two things.
    fn disagreement(&self, a: &Bindings, b: &Bindings) -> Option<String> {
        b.iter().find_map(|(name, other)| {
            let known = a.get(name)?;
            if crate::matching::same_bound(self.file, known, other) {
                return None;
            }
            let shown = |bound| cut(&self.source_text(bound));
            Some(format!("{} is `{}`, not `{}`", self.file.symbols.text(name), shown(other), shown(known)))
        })
    }

    fn taken(&self, bindings: &Bindings, names: &[String]) -> String {
        let one = |name: &String| {
            let bound = self.file.symbols.get(name).and_then(|symbol| bindings.get(symbol));
            match bound {
                Some(bound) => format!("{name} is `{}`", cut(&self.source_text(bound))),
                None => format!("{name} is not bound"),
            }
        };
        names.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Metavariables and the source that they took, sorted.
    pub(crate) fn shown_bindings(&self, bindings: &Bindings) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> = bindings
            .iter()
            .filter(|(_, bound)| bound_range(self.file, bound).is_some())
            .map(|(name, bound)| (self.file.symbols.text(name).to_owned(), cut(&self.source_text(bound))))
            .collect();
        out.sort();
        out
    }

    fn place(&self, range: &Range<u32>) -> String {
        let before = self.file.source.get(..range.start as usize).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        format!("line {line}: `{}`", cut(&self.slice(range)))
    }
}

fn step(what: String, line: u32, left: &[Hit], removed: Vec<(Range<u32>, String)>) -> Step {
    let kept = left.iter().map(|hit| (hit.range.clone(), String::new())).collect();
    Step { what, line, kept, removed }
}

fn key(written: &rule::Formula, role: Role) -> String {
    let kind = match written {
        rule::Formula::Leaf(_) => "pattern",
        rule::Formula::Regex(_) => "pattern-regex",
        rule::Formula::And(_) => "patterns",
        rule::Formula::Or(_) => "pattern-either",
        rule::Formula::Inside(_) => "pattern-inside",
        rule::Formula::Not(_) => "pattern-not",
        rule::Formula::Anywhere(_) => "anywhere",
    };
    let role = match role {
        Role::Plain => return kind.to_owned(),
        Role::Inside => "pattern-inside",
        Role::Not => "pattern-not",
        Role::NotInside => "pattern-not-inside",
    };
    match written {
        rule::Formula::Leaf(_) => role.to_owned(),
        rule::Formula::Regex(_) if role == "pattern-not" => "pattern-not-regex".to_owned(),
        _ => format!("{role} {kind}"),
    }
}

fn text(written: &rule::Formula) -> Option<String> {
    match written {
        rule::Formula::Leaf(text) => Some(cut(text.text.trim())),
        rule::Formula::Regex(leaf) => Some(cut(leaf.regex.as_str())),
        _ => None,
    }
}

fn line(written: &rule::Formula) -> u32 {
    match written {
        rule::Formula::Leaf(text) => text.span.line,
        rule::Formula::Regex(leaf) => leaf.span.line,
        rule::Formula::And(and) => and.span.line,
        rule::Formula::Or(list) => list.first().map_or(0, line),
        rule::Formula::Inside(inner) | rule::Formula::Not(inner) | rule::Formula::Anywhere(inner) => {
            line(inner)
        }
    }
}

/// A condition in words, its line, and the metavariables that it asks for.
fn describe(condition: &rule::Condition) -> (String, u32, Vec<String>) {
    use rule::Condition as C;
    let (what, span, names) = match condition {
        C::Regex(one) => (
            format!("metavariable-regex: {}", cut(one.regex.as_str())),
            one.span,
            vec![one.metavariable.clone()],
        ),
        C::Pattern(one) => {
            let text = text(&one.formula).unwrap_or_else(|| key(&one.formula, Role::Plain));
            (format!("metavariable-pattern: {text}"), one.span, vec![one.metavariable.clone()])
        }
        C::Comparison(one) => {
            let names = one.expression.metavariables().into_iter().map(str::to_owned).collect();
            ("metavariable-comparison".to_owned(), one.span, names)
        }
        C::Analysis(one) => {
            (format!("metavariable-analysis: {:?}", one.analyzer), one.span, vec![one.metavariable.clone()])
        }
        C::Type(one) => {
            let types: Vec<&str> = one.types.iter().map(|text| text.text.trim()).collect();
            (format!("metavariable-type: {}", types.join(", ")), one.span, vec![one.metavariable.clone()])
        }
        C::Name(one) => {
            let names: Vec<&str> = one.modules.iter().chain(&one.names).map(String::as_str).collect();
            (format!("metavariable-name: {}", names.join(", ")), one.span, vec![one.metavariable.clone()])
        }
    };
    (what, span.line, names)
}

/// The first line, as far as it fits.
pub(crate) fn cut(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end();
    let mut out: String = line.chars().take(MAX_SHOWN).collect();
    if out.len() < text.trim_end().len() {
        out.push('…');
    }
    out
}
