//! Flows of data as findings of taint rules.

use crate::analyze::{FileResult, Names, RuleMatch, metavariables};
use crate::dataflow::{self, Depth, Input, Step, StepKind, TaintFinding};
use crate::language::Spec;
use crate::matching::Bindings;
use crate::nosem::Suppressions;
use crate::rule::interpolate::interpolate;
use crate::ruleset::RuleSet;
use crate::ruleset::taint::Matched;
use crate::search::{Search, bound_range};
use bartizan_model::{Conclusion, Confidence, Note, Noted};
use std::ops::Range;

/// What a file tells other files of its flows.
pub(crate) type Summary = ();

impl RuleSet {
    /// Flows within a file.
    pub(crate) fn flows(
        &self,
        spec: &'static Spec,
        search: &Search<'_>,
        taint: &[Matched],
        proceed: &dyn Fn() -> bool,
        result: &mut FileResult,
    ) {
        let file = search.file();
        let matches: Vec<_> = taint.iter().map(|matched| matched.matches.clone()).collect();
        let input = Input { tree: file.tree, symbols: file.symbols, facts: file.facts, spec };
        let flow = dataflow::analyse(input, &matches, proceed);
        for finding in &flow.findings {
            let Some(matched) = taint.iter().find(|matched| matched.matches.rule == finding.rule) else {
                continue;
            };
            if let Some(found) = self.flow_match(search, matched, finding) {
                result.matches.push(found);
            }
        }
        result.disproved += flow.disproved.len();
        result.flow_counts = flow.counts;
    }

    fn flow_match(
        &self,
        search: &Search<'_>,
        matched: &Matched,
        finding: &TaintFinding,
    ) -> Option<RuleMatch> {
        let sink = matched.sinks.get(finding.sink as usize)?;
        let source = matched.sources.get(finding.source as usize)?;
        let rule = &self.rules.get(finding.rule as usize)?.rule;
        let mut bindings: Bindings = sink.bindings.clone();
        for (name, bound) in source.bindings.iter() {
            if bindings.get(name).is_none() {
                bindings.push(name, bound.clone());
            }
        }
        let names = Names { search, bindings: &bindings };
        let range =
            if rule.options.taint_match_on_source { &finding.source_range } else { &finding.sink_range };
        let fix = match (
            &rule.fix,
            bindings.iter().any(|(_, bound)| bound_range(search.file(), bound).is_none()),
        ) {
            (Some(fix), false) => vec![(bytes(range), interpolate(fix.trim_end_matches('\n'), &names))],
            _ => Vec::new(),
        };
        Some(RuleMatch {
            rule: finding.rule as usize,
            range: bytes(range),
            message: interpolate(&rule.message, &names),
            metavariables: metavariables(search, &bindings),
            fix,
            flow: steps(finding),
            deep: finding.depth == Depth::Deep,
        })
    }

    /// Flows over several files, by number of the file in which they arrive.
    pub(crate) fn conclude(&self, summaries: &[(usize, Summary)]) -> Vec<(usize, RuleMatch)> {
        let _ = summaries;
        Vec::new()
    }

    /// What is kept of a file until all were seen.
    pub(crate) fn note(
        &self,
        result: FileResult,
        source: &[u8],
        suppressions: &Suppressions,
    ) -> Option<Note> {
        let _ = (result, source, suppressions);
        None
    }

    /// Flows over several files, as the engine wants them.
    pub(crate) fn conclude_notes(&self, noted: &[Noted<'_>], confidences: &[Confidence]) -> Conclusion {
        let _ = (noted, confidences);
        Conclusion::default()
    }
}

fn bytes(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Source, what is passed, sink.
fn steps(finding: &TaintFinding) -> Vec<(Range<usize>, String)> {
    let mut out = vec![(bytes(&finding.source_range), "the value comes from here".to_owned())];
    for Step { kind, range } in &finding.steps {
        let step = (bytes(range), words(*kind).to_owned());
        // The same place twice in a row tells nothing new.
        if out.last().is_none_or(|(last, _)| *last != step.0) && *range != finding.sink_range {
            out.push(step);
        }
    }
    out.push((bytes(&finding.sink_range), "and arrives here".to_owned()));
    out
}

fn words(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Assign => "is kept here",
        StepKind::Through => "passes this call",
        StepKind::Enter => "is handed to this function",
        StepKind::Leave => "comes back from this call",
    }
}
