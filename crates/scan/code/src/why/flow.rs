//! Where data flows, and where it stops.
//!
//! What stops a flow is found by asking again: without a sanitizer, and with every name of the file as a sink.

use super::{Place, Reader};
use crate::dataflow::{self, FileFlow, Input, SinkMatch, StepKind, TaintFinding, TaintMatches};
use crate::language::Spec;
use crate::tree::Kind;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Range;

/// Names of a file that are asked whether they are tainted.
const MAX_NAMES: usize = 5000;
/// Sanitizers that are left out one by one.
const MAX_SANITIZERS: usize = 50;
/// Flows and stops that are listed.
const MAX_LISTED: usize = 50;

/// The flows of a taint rule in a file.
#[derive(Debug, Default, Serialize)]
pub struct FlowStory {
    /// How many sources were found.
    pub sources: usize,
    /// How many sanitizers.
    pub sanitizers: usize,
    /// How many propagators.
    pub propagators: usize,
    /// How many sinks.
    pub sinks: usize,
    /// Flows from a source into a sink.
    pub ways: Vec<Way>,
    /// Flows that one function shows and its callees prove impossible.
    pub disproved: Vec<Way>,
    /// Why other sources reach no sink.
    pub stops: Vec<Stop>,
    /// Calls to what is not known.
    pub unresolved: u32,
    /// Constructs that have no meaning for the analysis.
    pub skipped: u32,
    /// Whether steps or time ran out.
    pub cut: bool,
}

/// A flow.
#[derive(Debug, Serialize)]
pub struct Way {
    /// Source, what is passed, sink: each with what happens there.
    pub places: Vec<Place>,
    /// Of a disproved one: why it is impossible.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A source that reaches no sink.
#[derive(Debug, Serialize)]
pub struct Stop {
    /// The source.
    pub source: Place,
    /// Sanitizers without which it would reach the sink in their note.
    pub sanitized: Vec<Place>,
    /// Where its value still is, in order of place; of each line once.
    pub reached: Vec<Place>,
}

impl Reader<'_> {
    pub(super) fn flows(
        &self,
        spec: &'static Spec,
        matches: &TaintMatches,
        proceed: &dyn Fn() -> bool,
    ) -> FlowStory {
        let file = self.search.file();
        let input = Input { tree: file.tree, symbols: file.symbols, facts: file.facts, spec };
        let analyse = |matches: &TaintMatches| -> FileFlow {
            dataflow::analyse(input, std::slice::from_ref(matches), proceed)
        };
        // The same place may be matched with several bindings.
        let mut matches = matches.clone();
        let mut seen = BTreeSet::new();
        matches.sources.retain(|one| {
            seen.insert((one.range.start, one.range.end, one.label.clone(), one.by_side_effect, one.control))
        });
        let matches = &matches;
        let flow = analyse(matches);
        let way = |finding: &TaintFinding, reason: &str| Way {
            places: self.way(finding),
            reason: reason.to_owned(),
        };
        let mut story = FlowStory {
            sources: matches.sources.len(),
            sanitizers: matches.sanitizers.len(),
            propagators: matches.propagators.len(),
            sinks: matches.sinks.len(),
            ways: flow.findings.iter().take(MAX_LISTED).map(|finding| way(finding, "")).collect(),
            disproved: flow
                .disproved
                .iter()
                .take(MAX_LISTED)
                .map(|one| way(&one.finding, &one.reason))
                .collect(),
            stops: Vec::new(),
            unresolved: flow.counts.unresolved,
            skipped: flow.counts.skipped,
            cut: flow.counts.out_of_steps || flow.counts.out_of_time,
        };
        let arrives: BTreeSet<u32> = flow.findings.iter().map(|finding| finding.source).collect();
        let lost: Vec<u32> = (0..matches.sources.len() as u32).filter(|at| !arrives.contains(at)).collect();
        if lost.is_empty() {
            return story;
        }
        let sanitizers = self.sanitizers(matches, &lost, &analyse);
        let everywhere = TaintMatches { sinks: self.names(), ..matches.clone() };
        let reached = analyse(&everywhere).findings;
        for number in lost.into_iter().take(MAX_LISTED) {
            let Some(source) = matches.sources.get(number as usize) else { continue };
            let mut lines = BTreeSet::new();
            let mut ranges: Vec<&Range<u32>> = reached
                .iter()
                .filter(|found| found.source == number)
                .map(|found| &found.sink_range)
                .collect();
            ranges.sort_by_key(|range| (range.start, range.end));
            let reached = ranges.into_iter().map(|range| self.place(range));
            story.stops.push(Stop {
                source: self.place(&source.range),
                sanitized: sanitizers
                    .iter()
                    .filter(|(of, ..)| *of == number)
                    .map(|(_, range, sink)| Place { note: sink.clone(), ..self.place(range) })
                    .collect(),
                reached: reached.filter(|place| lines.insert(place.line)).take(MAX_LISTED).collect(),
            });
        }
        story
    }

    /// For each source, the sanitizers that stop it alone, and the sink that it would reach without them.
    fn sanitizers(
        &self,
        matches: &TaintMatches,
        lost: &[u32],
        analyse: &dyn Fn(&TaintMatches) -> FileFlow,
    ) -> Vec<(u32, Range<u32>, String)> {
        let mut out = Vec::new();
        if matches.sanitizers.is_empty() || matches.sinks.is_empty() {
            return out;
        }
        let without = |keep: &dyn Fn(&Range<u32>) -> bool| {
            let sanitizers = matches.sanitizers.iter().filter(|one| keep(&one.range)).cloned().collect();
            let found = analyse(&TaintMatches { sanitizers, ..matches.clone() }).findings;
            found.into_iter().filter(|found| lost.contains(&found.source)).collect::<Vec<_>>()
        };
        let all = without(&|_| false);
        if all.is_empty() {
            return out;
        }
        let ranges: BTreeSet<(u32, u32)> =
            matches.sanitizers.iter().map(|one| (one.range.start, one.range.end)).collect();
        for (start, end) in ranges.into_iter().take(MAX_SANITIZERS) {
            for found in without(&|range| (range.start, range.end) != (start, end)) {
                let sink = self.place(&found.sink_range);
                let note = format!("without it, line {} is reached: `{}`", sink.line, sink.text);
                out.push((found.source, start..end, note));
            }
        }
        // Where several stop a flow each, none does alone.
        for found in all {
            if out.iter().all(|(source, ..)| *source != found.source) {
                let sink = self.place(&found.sink_range);
                let first = found.steps.last().map_or(&found.source_range, |step| &step.range);
                let note = format!("without all sanitizers, line {} is reached: `{}`", sink.line, sink.text);
                out.push((found.source, first.clone(), note));
            }
        }
        out
    }

    /// Every name of the file as a sink.
    fn names(&self) -> Vec<SinkMatch> {
        let tree = self.search.file().tree;
        let names = tree.ids().filter(|id| matches!(tree.kind(*id), Kind::Name | Kind::Field | Kind::Index));
        let mut seen = BTreeSet::new();
        names
            .map(|id| tree.node(id))
            .filter(|node| node.start < node.end && seen.insert((node.start, node.end)))
            .take(MAX_NAMES)
            .map(|node| SinkMatch { range: node.start..node.end, exact: true, ..SinkMatch::default() })
            .collect()
    }

    fn way(&self, finding: &TaintFinding) -> Vec<Place> {
        let noted = |range: &Range<u32>, note: &str| Place { note: note.to_owned(), ..self.place(range) };
        let mut out = vec![noted(&finding.source_range, "the value comes from here")];
        for step in &finding.steps {
            let note = match step.kind {
                StepKind::Assign => "is kept here",
                StepKind::Through => "passes this call",
                StepKind::Enter => "is handed to this function",
                StepKind::Leave => "comes back from this call",
            };
            out.push(noted(&step.range, note));
        }
        out.push(noted(&finding.sink_range, "and arrives here"));
        out
    }
}
