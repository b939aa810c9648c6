//! Why a rule matches a file, or does not.
//!
//! [`explain`] goes the way that a scan goes, for one rule and one file, and keeps what the scan forgets: which literals
//! preselected the rule, what each part of its formula matched, what took what away, and where a flow of data stopped.

mod flow;

use crate::analyze::{Limits, reads};
use crate::facts::Facts;
use crate::language::{Language, Spec, parse};
use crate::matching::{ByKind, File};
use crate::nosem::Suppressions;
use crate::rule::Mode;
use crate::ruleset::{Body, Grammar, GrammarRule, RuleSet};
use crate::search::trace::{Traced, cut};
use crate::search::{Hit, Search};
use crate::tree::{Symbol, Symbols, Tree};
use serde::Serialize;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

pub use flow::{FlowStory, Stop, Way};

/// Places that are listed of one part; the count is of all.
const MAX_PLACES: usize = 50;

/// Bytes of stack that the deepest tree allowed needs, with room to spare.
const STACK: usize = 64 << 20;

/// Why the rules of a set match a file, or do not.
#[derive(Debug, Default, Serialize)]
pub struct Explanation {
    /// The languages that the file is read as.
    pub languages: Vec<&'static str>,
    /// Once for each rule and grammar that reads the file; a join has its parts.
    pub readings: Vec<Reading>,
    /// What the scan of the file alone finds, in order.
    pub findings: Vec<Place>,
    /// How many of the findings a comment suppresses.
    pub suppressed: usize,
    /// What else has a say.
    pub notes: Vec<String>,
}

/// One rule in one grammar.
#[derive(Debug, Serialize)]
pub struct Reading {
    /// The rule.
    pub rule: String,
    /// The language that the patterns were read in.
    pub language: &'static str,
    /// Whether `paths` of the rule admit the file.
    pub admitted: bool,
    /// Names and literals that preselect the rule.
    pub literals: Vec<Literal>,
    /// Whether those that are there suffice. Where not, a scan does not look further; this explanation does.
    pub preselected: bool,
    /// Bytes that the grammar could not read.
    pub unread: usize,
    /// The formulas: one of a search rule; of a taint rule its sources, sanitizers, propagators and sinks.
    pub formulas: Vec<Part>,
    /// Of a taint rule: the flows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowStory>,
    /// Whether time or steps ran out, so that something may be missing.
    pub cut: bool,
}

/// A name or literal that the prefilter looks for.
#[derive(Debug, Serialize)]
pub struct Literal {
    /// The text.
    pub text: String,
    /// Whether the file has it.
    pub present: bool,
}

/// A part of a rule.
#[derive(Debug, Serialize)]
pub struct Part {
    /// What it is: the key, and the first line of its pattern.
    pub what: String,
    /// The line of the rule file; 0 where none is known.
    pub line: u32,
    /// How often it matches, whatever stands beside it.
    pub count: usize,
    /// The first of these.
    pub places: Vec<Place>,
    /// Names and literals that its pattern needs and the file has not.
    pub missing: Vec<String>,
    /// What it is made of.
    pub parts: Vec<Self>,
    /// Where several must hold together: what each left, one after the other.
    pub steps: Vec<Step>,
}

/// What one of several left of what was there before it.
#[derive(Debug, Serialize)]
pub struct Step {
    /// What it is.
    pub what: String,
    /// The line of the rule file.
    pub line: u32,
    /// How much was left.
    pub left: usize,
    /// The first of these, of conditions with what the metavariables took.
    pub kept: Vec<Place>,
    /// How much it took away.
    pub gone: usize,
    /// The first of these, and why.
    pub removed: Vec<Place>,
}

/// A place in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// The line of the end.
    pub end_line: u32,
    /// The first line of what stands there.
    pub text: String,
    /// Metavariables and the first lines of what they took.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<(String, String)>,
    /// What is to be said of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Explains what the rules of `set` do in a file. It is meant for a set of one rule.
pub fn explain(set: &RuleSet, path: &str, source: &[u8], limits: &Limits) -> Explanation {
    let first_line = source.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let languages = Language::all_of_file(path, first_line.get(..256).unwrap_or(first_line));
    let lines = Lines::of(source);
    let mut out = Explanation {
        languages: languages.iter().map(|language| language.title()).collect(),
        ..Explanation::default()
    };
    let grammars = set.grammars(reads(path, source));
    if grammars.iter().all(|grammar| grammar.rules.is_empty()) {
        let wanted: Vec<&str> =
            set.rules.iter().flat_map(|rule| &rule.rule.languages).map(|language| language.title()).collect();
        out.notes
            .push(format!("no grammar of the rule reads the file: the rule is for {}", wanted.join(", ")));
    }
    let started = Instant::now();
    let proceed = || started.elapsed() < limits.file_time;
    for grammar in grammars {
        stacker::maybe_grow(STACK / 2, STACK, || {
            read(set, grammar, path, source, &lines, &proceed, &mut out);
        });
    }
    let result = set.scan(path, source, limits);
    let suppressions = Suppressions::of(source);
    for found in &result.matches {
        let mut place = lines.place(source, &(found.range.start as u32..found.range.end as u32));
        place.bindings = found.metavariables.iter().map(|(name, text)| (name.clone(), cut(text))).collect();
        if set.rules.get(found.rule).is_some_and(|rule| suppressions.covers(rule, &found.range)) {
            "suppressed by a comment".clone_into(&mut place.note);
            out.suppressed += 1;
        }
        out.findings.push(place);
    }
    let has = |wanted: fn(&Mode) -> bool| set.rules.iter().any(|rule| wanted(&rule.rule.mode));
    if has(|mode| matches!(mode, Mode::Taint(_))) {
        out.notes.push("flows that pass other files are not in this explanation".to_owned());
    }
    if has(|mode| matches!(mode, Mode::Join(_))) {
        out.notes.push("what is joined may be in other files: each part is explained here alone".to_owned());
    }
    if has(|mode| matches!(mode, Mode::Extract(_))) {
        out.notes.push("code that is extracted is searched by the rules of its language".to_owned());
    }
    if let Some(reason) = crate::written::written_by_program(path, source) {
        out.notes.push(format!("a scan skips the file: {reason}"));
    }
    if let Some(reason) = result.failed {
        out.notes.push(format!("the file cannot be parsed: {reason}"));
    }
    out
}

fn read(
    set: &RuleSet,
    grammar: &Grammar,
    path: &str,
    source: &[u8],
    lines: &Lines,
    proceed: &dyn Fn() -> bool,
    out: &mut Explanation,
) {
    let present = grammar.present(source);
    let mut symbols = Symbols::over(Arc::clone(&grammar.frozen));
    let (tree, facts) = match grammar.spec {
        None => (Tree::default(), Facts::default()),
        Some(spec) => match parse(spec, source, &mut symbols, proceed) {
            Ok(tree) => {
                let facts = Facts::of(&tree, &mut symbols, spec);
                (tree, facts)
            }
            // The scan says why.
            Err(_) => return,
        },
    };
    let by_kind = ByKind::new(&tree);
    let file = File { source, tree: &tree, symbols: &symbols, facts: &facts, by_kind: &by_kind };
    let search = Search::new(&file, &grammar.patterns, proceed);
    let reader = Reader { search: &search, source, lines };
    for rule in &grammar.rules {
        let Some(loaded) = set.rules.get(rule.rule) else { continue };
        let has = |symbol: Symbol| present.get(symbol.0 as usize).copied().unwrap_or(false);
        let mut literals: Vec<Literal> = Vec::new();
        rule.requirement.symbols(&mut |symbol| {
            let text = symbols.text(symbol);
            if literals.iter().all(|known| known.text != text) {
                literals.push(Literal { text: text.to_owned(), present: has(symbol) });
            }
        });
        let (formulas, flow) = reader.body(&loaded.rule.mode, rule, grammar.spec, proceed);
        out.readings.push(Reading {
            rule: loaded.name.clone(),
            language: grammar.spec.map_or("text", |spec| spec.language.title()),
            admitted: rule.paths.admits(path),
            preselected: rule.requirement.holds(&has),
            literals,
            unread: crate::analyze::covered(&tree.errors),
            formulas,
            flow,
            cut: search.take_cut() || !proceed(),
        });
    }
}

/// Turns what was traced into places.
struct Reader<'a> {
    search: &'a Search<'a>,
    source: &'a [u8],
    lines: &'a Lines,
}

impl Reader<'_> {
    fn body(
        &self,
        mode: &Mode,
        rule: &GrammarRule,
        spec: Option<&'static Spec>,
        proceed: &dyn Fn() -> bool,
    ) -> (Vec<Part>, Option<FlowStory>) {
        let trace = |written, compiled| self.part(self.search.traced(written, compiled, rule.options));
        match (mode, &rule.body) {
            (Mode::Search(written), Body::Search(compiled)) => (vec![trace(written, compiled)], None),
            (Mode::Extract(written), Body::Extract(compiled, _)) => {
                (vec![trace(&written.formula, compiled)], None)
            }
            (Mode::Taint(written), Body::Taint(compiled)) => {
                let groups = [
                    ("source", written.sources.iter().map(|one| &one.formula).collect::<Vec<_>>()),
                    ("sanitizer", written.sanitizers.iter().map(|one| &one.formula).collect()),
                    ("propagator", written.propagators.iter().map(|one| &one.formula).collect()),
                    ("sink", written.sinks.iter().map(|one| &one.formula).collect()),
                ];
                let compiled_groups = [
                    compiled.sources.iter().map(|one| &one.formula).collect::<Vec<_>>(),
                    compiled.sanitizers.iter().map(|(formula, _)| formula).collect(),
                    compiled.propagators.iter().map(|one| &one.formula).collect(),
                    compiled.sinks.iter().map(|one| &one.formula).collect(),
                ];
                let mut parts = Vec::new();
                for ((what, written), compiled) in groups.into_iter().zip(compiled_groups) {
                    for (written, compiled) in written.into_iter().zip(compiled) {
                        let mut part = trace(written, compiled);
                        part.what = format!("{what}: {}", part.what);
                        parts.push(part);
                    }
                }
                let matched = compiled.matched(0, self.search, rule.options);
                (parts, spec.map(|spec| self.flows(spec, &matched.matches, proceed)))
            }
            _ => (Vec::new(), None),
        }
    }

    fn part(&self, traced: Traced) -> Part {
        let mut places: Vec<Place> = traced.hits.iter().map(|hit| self.hit(hit)).collect();
        // The same text may be bound as a name and as what an import makes of it.
        places.dedup();
        Part {
            what: traced.what,
            line: traced.line,
            count: places.len(),
            places: places.into_iter().take(MAX_PLACES).collect(),
            missing: traced.missing,
            parts: traced.parts.into_iter().map(|part| self.part(part)).collect(),
            steps: traced
                .steps
                .into_iter()
                .map(|step| {
                    let (mut kept, mut removed) = (self.places(&step.kept), self.places(&step.removed));
                    let (left, gone) = (kept.len(), removed.len());
                    kept.truncate(MAX_PLACES);
                    removed.truncate(MAX_PLACES);
                    Step { what: step.what, line: step.line, left, kept, gone, removed }
                })
                .collect(),
        }
    }

    fn hit(&self, hit: &Hit) -> Place {
        Place { bindings: self.search.shown_bindings(&hit.bindings), ..self.place(&hit.range) }
    }

    fn places(&self, list: &[(Range<u32>, String)]) -> Vec<Place> {
        let place = |(range, note): &(Range<u32>, String)| Place { note: note.clone(), ..self.place(range) };
        let mut places: Vec<Place> = list.iter().map(place).collect();
        places.dedup();
        places
    }

    fn place(&self, range: &Range<u32>) -> Place {
        self.lines.place(self.source, range)
    }
}

/// Where lines start.
struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', source).map(|at| at + 1));
        Self(starts)
    }

    fn at(&self, byte: usize) -> (u32, u32) {
        let line = self.0.partition_point(|start| *start <= byte);
        let start = self.0.get(line.saturating_sub(1)).copied().unwrap_or_default();
        (line as u32, (byte - start) as u32 + 1)
    }

    fn place(&self, source: &[u8], range: &Range<u32>) -> Place {
        let (line, column) = self.at(range.start as usize);
        let last = (range.end as usize).saturating_sub(1).max(range.start as usize);
        let text = source.get(range.start as usize..range.end as usize).unwrap_or_default();
        Place {
            line,
            column,
            end_line: self.at(last).0,
            text: cut(&String::from_utf8_lossy(text)),
            bindings: Vec::new(),
            note: String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
