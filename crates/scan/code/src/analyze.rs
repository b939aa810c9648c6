//! One file under all rules.

use crate::dataflow::{self, Depth};
use crate::extract::{Extract, MAX_EXTRACTS};
use crate::facts::Facts;
use crate::join::{Row, kept};
use crate::language::{Language, Spec, parse};
use crate::matching::{Bindings, ByKind, File};
use crate::rule::interpolate::{Lookup, interpolate};
use crate::rule::{FixRegex, Rule};
use crate::ruleset::{Body, Grammar, GrammarRule, RuleSet};
use crate::search::{Hit, Search, bound_range};
use crate::tree::{Symbol, Symbols, Tree};
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bounds on the work on one file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for one file with all rules.
    pub file_time: Duration,
    /// Time for the patterns of one rule in one file. It is asked between the parts of a rule; each part has a bound on its steps.
    pub rule_time: Duration,
    /// Bytes of memory for one file. What a file takes is about [`MEMORY_PER_BYTE`] times its size; a larger one is not analysed.
    pub file_memory: u64,
    /// Whether flows of data are followed through calls.
    pub depth: Depth,
    /// Matches of one rule in one file; what is beyond is left out and said.
    pub matches_per_rule: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_time: Duration::from_secs(30),
            rule_time: Duration::from_secs(10),
            file_memory: 1 << 30,
            depth: Depth::Deep,
            matches_per_rule: 1000,
        }
    }
}

/// Bytes of memory that trees, facts and matches of one byte of source take: 20 to 40 were measured on Python and JavaScript.
pub const MEMORY_PER_BYTE: u64 = 64;

/// Bytes of stack that the deepest tree allowed needs, with room to spare.
const STACK: usize = 64 << 20;

/// What a rule found at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleMatch {
    /// Number in [`RuleSet::rules`].
    pub rule: usize,
    /// Bytes of the source.
    pub range: Range<usize>,
    /// The rule's message with metavariables filled in.
    pub message: String,
    /// Metavariables and the source that they took, sorted.
    pub metavariables: Vec<(String, String)>,
    /// What would stand there instead, where the rule has a fix.
    pub fix: Vec<(Range<usize>, String)>,
    /// For a flow of data: where it comes from, what it passes, where it arrives.
    pub flow: Vec<(Range<usize>, String)>,
    /// Whether it took more than one function to see it.
    pub deep: bool,
}

/// What became of one file.
#[derive(Debug, Default)]
pub struct FileResult {
    /// In order of place, then rule.
    pub matches: Vec<RuleMatch>,
    /// For flows over several files: see the dataflow.
    pub(crate) summary: Option<crate::flows::Summary>,
    /// What parts of joins found.
    pub(crate) rows: Vec<Row>,
    /// Code of other languages that is to be searched.
    pub(crate) extracts: Vec<Extract>,
    /// Bytes that the grammar could not read.
    pub unread: usize,
    /// Where the first of them are.
    pub first_unread: Option<usize>,
    /// Constructs left out for being nested too deeply.
    pub too_deep: u32,
    /// Flows that looking through calls proved impossible: number of the rule and bytes of the sink.
    pub disproved: Vec<(usize, Range<usize>)>,
    /// What the dataflow could not see.
    pub flow_counts: dataflow::Counts,
    /// Rules that hit a bound, by number.
    pub cut: Vec<usize>,
    /// It would have taken more memory than allowed: nothing was looked for.
    pub too_large: bool,
    /// The file's time was up; rules may be missing.
    pub out_of_time: bool,
    /// No grammar could be used on it at all.
    pub failed: Option<String>,
}

impl RuleSet {
    /// Whether any rule is for a file of this name and first line.
    pub fn wants(&self, path: &str, head: &[u8]) -> bool {
        self.any(reads(path, head))
    }

    /// Runs all rules on a file. `path` tells the language and is held against the rules' `paths`.
    pub fn scan(&self, path: &str, source: &[u8], limits: &Limits) -> FileResult {
        let started = Instant::now();
        let proceed = || started.elapsed() < limits.file_time;
        let mut result = FileResult::default();
        let memory = (source.len() as u64).saturating_mul(MEMORY_PER_BYTE);
        if memory > limits.file_memory {
            result.too_large = true;
            return result;
        }
        for grammar in self.grammars(reads(path, source)) {
            let present = grammar.present(source);
            let has = |symbol: Symbol| present.get(symbol.0 as usize).copied().unwrap_or(false);
            let chosen: Vec<&GrammarRule> = grammar
                .rules
                .iter()
                .filter(|rule| rule.requirement.holds(&has) && rule.paths.admits(path))
                .collect();
            // A file without source and sink may still hand on what comes from one file to another.
            if chosen.is_empty() && !(limits.depth == Depth::Deep && grammar.has_flows()) {
                continue;
            }
            // Trees are walked by recursion, whose depth is bounded, but not by what the stack of any caller holds.
            stacker::maybe_grow(STACK / 2, STACK, || {
                self.run(grammar, &chosen, source, limits, &proceed, &mut result);
            });
        }
        if !result.extracts.is_empty() {
            stacker::maybe_grow(STACK / 2, STACK, || {
                self.search_extracts(path, source, limits, &proceed, &mut result);
            });
        }
        result.out_of_time = !proceed();
        let order = |found: &RuleMatch| (found.range.start, found.range.end, found.rule);
        result.matches.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.message.cmp(&b.message)));
        // The same place with other bindings is the same finding.
        result.matches.dedup_by(|later, earlier| order(later) == order(earlier));
        self.bound(&mut result, limits);
        if !self.joins.is_empty() {
            let is_part = |found: &mut RuleMatch| found.rule >= self.given;
            let row = |found: RuleMatch| Row {
                rule: found.rule as u32,
                range: (found.range.start as u64, found.range.end as u64),
                values: found.metavariables.into_iter().map(|(name, value)| (name, kept(value))).collect(),
                covered: false,
            };
            result.rows = result.matches.extract_if(.., is_part).map(row).collect();
        }
        result
    }

    fn bound(&self, result: &mut FileResult, limits: &Limits) {
        let mut counts = vec![0usize; self.rules.len()];
        let cut = &mut result.cut;
        result.matches.retain(|found| {
            counts[found.rule] += 1;
            let fits = counts[found.rule] <= limits.matches_per_rule;
            if !fits {
                cut.push(found.rule);
            }
            fits
        });
        cut.sort_unstable();
        cut.dedup();
    }

    pub(crate) fn run(
        &self,
        grammar: &Grammar,
        chosen: &[&GrammarRule],
        source: &[u8],
        limits: &Limits,
        proceed: &dyn Fn() -> bool,
        result: &mut FileResult,
    ) {
        let mut symbols = Symbols::over(Arc::clone(&grammar.frozen));
        let (tree, facts) = match grammar.spec {
            None => (Tree::default(), Facts::default()),
            Some(spec) => {
                let tree = match parse(spec, source, &mut symbols, proceed) {
                    Ok(tree) => tree,
                    Err(error) => {
                        result.failed = Some(error.to_string());
                        return;
                    }
                };
                // Grammars that read the same file fail on the same bytes.
                result.unread = result.unread.max(covered(&tree.errors));
                result.first_unread =
                    tree.errors.first().map(|range| range.start as usize).or(result.first_unread);
                result.too_deep += tree.too_deep;
                let facts = Facts::of(&tree, &mut symbols, spec);
                (tree, facts)
            }
        };
        let by_kind = ByKind::new(&tree);
        let file = File { source, tree: &tree, symbols: &symbols, facts: &facts, by_kind: &by_kind };
        let rule_started = Cell::new(Instant::now());
        let rule_proceed = || proceed() && rule_started.get().elapsed() < limits.rule_time;
        let search = Search::new(&file, &grammar.patterns, &rule_proceed);
        let mut taint = Vec::new();
        for rule in chosen {
            rule_started.set(Instant::now());
            match &rule.body {
                Body::Search(formula) => {
                    let hits = search.evaluate(formula, rule.options);
                    let loaded = &self.rules[rule.rule].rule;
                    for hit in hits.into_iter().take(limits.matches_per_rule * 4) {
                        result.matches.push(found(&search, rule.rule, loaded, &hit));
                    }
                }
                Body::Extract(formula, metavariable) => {
                    let hits = search.evaluate(formula, rule.options);
                    // One more than allowed tells that there were more.
                    for hit in hits.iter().take(MAX_EXTRACTS + 1) {
                        let bound = hit.bindings.get(*metavariable);
                        if let Some(range) = bound.and_then(|bound| bound_range(search.file(), bound)) {
                            let range = (range.start, range.end);
                            result.extracts.push(Extract { rule: rule.rule, range });
                        }
                    }
                }
                Body::Taint(compiled) => {
                    let matched = compiled.matched(rule.rule as u32, &search, rule.options);
                    let matches = &matched.matches;
                    if !matches.sources.is_empty()
                        || !matches.sinks.is_empty()
                        || limits.depth == Depth::Deep && !matches.sanitizers.is_empty()
                    {
                        taint.push(matched);
                    }
                }
            }
            if search.take_cut() {
                result.cut.push(rule.rule);
            }
        }
        let hands_on = limits.depth == Depth::Deep && grammar.has_flows();
        if let (Some(spec), true) = (grammar.spec, hands_on || !taint.is_empty()) {
            self.flows(spec, &search, &taint, limits, proceed, result);
        }
    }
}

/// How many bytes lie in any of the ranges: those of parse errors lie within each other.
pub(crate) fn covered(ranges: &[Range<u32>]) -> usize {
    let mut sorted: Vec<(u32, u32)> = ranges.iter().map(|range| (range.start, range.end)).collect();
    sorted.sort_unstable();
    let (mut all, mut end) = (0, 0);
    for (from, to) in sorted {
        all += to.saturating_sub(from.max(end)) as usize;
        end = end.max(to);
    }
    all
}

/// Which grammars read a file, by its name and first line.
pub(crate) fn reads(path: &str, source: &[u8]) -> impl Fn(Language, Option<&'static Spec>) -> bool {
    let first_line = source.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let languages = Language::all_of_file(path, &first_line[..first_line.len().min(256)]);
    let specs: Vec<&'static Spec> = languages.iter().filter_map(|language| language.spec_for(path)).collect();
    move |language, spec| match spec {
        None => matches!(language, Language::Generic | Language::Regex),
        Some(spec) => specs.iter().any(|own| std::ptr::eq(*own, spec)),
    }
}

fn found(search: &Search<'_>, number: usize, rule: &Rule, hit: &Hit) -> RuleMatch {
    let names = Names { search, bindings: &hit.bindings };
    RuleMatch {
        rule: number,
        range: hit.range.start as usize..hit.range.end as usize,
        message: interpolate(&rule.message, &names),
        metavariables: metavariables(search, &hit.bindings),
        fix: fix(search, rule, hit, &names),
        flow: Vec::new(),
        deep: false,
    }
}

pub(crate) fn metavariables(search: &Search<'_>, bindings: &Bindings) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = bindings
        .iter()
        .map(|(name, bound)| {
            (search.file().symbols.text(name).to_owned(), search.source_text(bound).into_owned())
        })
        .collect();
    out.sort();
    out
}

/// What bindings put into messages and fixes.
pub(crate) struct Names<'a> {
    pub(crate) search: &'a Search<'a>,
    pub(crate) bindings: &'a Bindings,
}

impl Lookup for Names<'_> {
    fn text(&self, metavariable: &str) -> Option<Cow<'_, str>> {
        let bound = self.bindings.get(self.search.file().symbols.get(metavariable)?)?;
        Some(self.search.source_text(bound))
    }

    fn value(&self, metavariable: &str) -> Option<Cow<'_, str>> {
        let bound = self.bindings.get(self.search.file().symbols.get(metavariable)?)?;
        self.search.content(bound).map(Cow::Owned)
    }
}

/// What the rule's `fix` or `fix-regex` makes of a hit.
fn fix(search: &Search<'_>, rule: &Rule, hit: &Hit, names: &Names<'_>) -> Vec<(Range<usize>, String)> {
    let range = hit.range.start as usize..hit.range.end as usize;
    if let Some(fix) = &rule.fix {
        return vec![(range, interpolate(fix.trim_end_matches('\n'), names))];
    }
    let Some(FixRegex { regex, replacement, count }) = &rule.fix_regex else { return Vec::new() };
    let text = search.slice(&hit.range);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let limit = count.map_or(usize::MAX, |count| count as usize);
    for groups in regex.captures_iter(text.as_bytes()).take(limit) {
        // Beyond the bound of backtracking there is no certain fix.
        let Ok(groups) = groups else { return Vec::new() };
        let whole = groups.range();
        let (Some(before), Some(_)) = (text.get(at..whole.start), text.get(whole.clone())) else {
            return Vec::new();
        };
        out.push_str(before);
        let group = |number: usize| groups.get(number).and_then(|range| text.get(range)).unwrap_or_default();
        push_replacement(replacement, &group, &mut out);
        at = whole.end;
    }
    if at == 0 {
        return Vec::new();
    }
    out.push_str(text.get(at..).unwrap_or_default());
    vec![(range, out)]
}

/// `\1` and `\g<1>` stand for groups.
fn push_replacement<'t>(replacement: &str, group: &dyn Fn(usize) -> &'t str, out: &mut String) {
    let mut rest = replacement;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let long = tail.strip_prefix("g<").and_then(|tail| tail.split_once('>'));
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count().min(2);
        if let Some((Ok(number), after)) = long.map(|(number, after)| (number.parse::<usize>(), after)) {
            out.push_str(group(number));
            rest = after;
        } else if digits > 0 {
            out.push_str(group(tail[..digits].parse().unwrap_or_default()));
            rest = &tail[digits..];
        } else if let Some(escaped) = tail.chars().next() {
            match escaped {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                other => out.push(other),
            }
            rest = &tail[escaped.len_utf8()..];
        } else {
            out.push('\\');
            rest = tail;
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beyond_the_memory_allowed_is_left_out_and_said() {
        let rule = "rules:\n- {id: a, message: m, severity: ERROR, languages: [python], pattern: f()}\n";
        let rule = crate::rule::load(rule, "r.yaml").rules.remove(0);
        let loaded = crate::ruleset::LoadedRule { name: "a".to_owned(), file: "r.yaml".to_owned(), rule };
        let (set, _) = RuleSet::compile(vec![loaded]);
        let source = b"f()\n".repeat(100);
        let scan = |file_memory| {
            let result = set.scan("a.py", &source, &Limits { file_memory, ..Limits::default() });
            (result.too_large, result.matches.len())
        };
        assert_eq!(scan(400 * MEMORY_PER_BYTE), (false, 100));
        assert_eq!(scan(400 * MEMORY_PER_BYTE - 1), (true, 0));
    }

    #[test]
    fn bytes_of_nested_errors_count_once() {
        assert_eq!(covered(&[]), 0);
        assert_eq!(covered(&[0..10, 2..4, 8..12, 20..21]), 13);
        assert_eq!(covered(&[20..21, 0..10, 0..10]), 11);
    }
}
