//! Flows of data as findings of taint rules.

use crate::analyze::{FileResult, Limits, Names, RuleMatch, metavariables};
use crate::dataflow::{
    self, CrossFinding, Depth, FileStep, FileSummary, FlowOrigin, Input, RulePlace, Step, StepKind,
    TaintFinding,
};
use crate::join::{FileRow, Joined, Row};
use crate::language::Spec;
use crate::matching::Bindings;
use crate::nosem::Suppressions;
use crate::rule::interpolate::interpolate;
use crate::ruleset::RuleSet;
use crate::ruleset::taint::Matched;
use crate::search::{Search, bound_range};
use bartizan_model::{Anchor, Concluded, Conclusion, Confidence, NotDone, NotDoneKind, Note, Noted, Region};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a file tells other files of its flows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// As dataflow has it, with rules by their number in the set.
    flow: FileSummary,
    /// By rule and number of the sink: the message, and whether a comment covers the place.
    sinks: Vec<(u32, u32, String, bool)>,
}

impl RuleSet {
    /// Flows within a file.
    pub(crate) fn flows(
        &self,
        spec: &'static Spec,
        search: &Search<'_>,
        taint: &[Matched],
        limits: &Limits,
        proceed: &dyn Fn() -> bool,
        result: &mut FileResult,
    ) {
        let file = search.file();
        let matches: Vec<_> = taint.iter().map(|matched| matched.matches.clone()).collect();
        let input = Input { tree: file.tree, symbols: file.symbols, facts: file.facts, spec };
        let flow = match limits.depth {
            Depth::Shallow => dataflow::analyse_functions(input, &matches, proceed),
            Depth::Deep => dataflow::summarize(input, &matches, proceed),
        };
        for finding in &flow.findings {
            let Some(matched) = taint.iter().find(|matched| matched.matches.rule == finding.rule) else {
                continue;
            };
            if let Some(found) = self.flow_match(search, matched, finding) {
                result.matches.push(found);
            }
        }
        result.disproved.extend(
            flow.disproved
                .iter()
                .map(|disproved| (disproved.finding.rule as usize, bytes(&disproved.finding.sink_range))),
        );
        result.flow_counts.add(flow.counts);
        if let Some(summary) = flow.summary {
            result.summary = Some(self.summary(search, taint, summary));
        }
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

    /// What other files need to know, as dataflow gave it.
    fn summary(&self, search: &Search<'_>, taint: &[Matched], flow: FileSummary) -> Summary {
        let mut sinks = Vec::new();
        for place in &flow.sinks {
            let RulePlace { rule, number, .. } = place.place;
            let matched = taint.iter().find(|matched| matched.matches.rule == rule);
            let hit = matched.and_then(|matched| matched.sinks.get(number as usize));
            if let (Some(hit), Some(loaded)) = (hit, self.rules.get(rule as usize)) {
                let names = Names { search, bindings: &hit.bindings };
                sinks.push((rule, number, interpolate(&loaded.rule.message, &names), false));
            }
        }
        Summary { flow, sinks }
    }

    /// Flows over several files, by number of the file in which they arrive.
    pub(crate) fn conclude(&self, summaries: &[(usize, &str, Summary)]) -> Vec<(usize, RuleMatch)> {
        let files: Vec<(&str, &FileSummary)> =
            summaries.iter().map(|(_, path, summary)| (*path, &summary.flow)).collect();
        let conclusion = dataflow::conclude(&files, &|| true);
        let found = |finding: &CrossFinding| {
            let (file, _, summary) = summaries.get(finding.sink_file as usize)?;
            let message = summary.message(&finding.sink)?;
            Some((
                *file,
                RuleMatch {
                    rule: finding.sink.rule as usize,
                    range: bytes(&finding.sink.range),
                    message: message.to_owned(),
                    metavariables: Vec::new(),
                    fix: Vec::new(),
                    flow: Vec::new(),
                    deep: true,
                },
            ))
        };
        let given = |finding: &&CrossFinding| (finding.sink.rule as usize) < self.given;
        conclusion.findings.iter().filter(given).filter_map(found).collect()
    }

    /// What joins make of the rows of one program, and the joins that hit a bound.
    pub(crate) fn joined(&self, rows: &[FileRow<'_>]) -> (Vec<Joined>, Vec<usize>) {
        let (mut all, mut cut) = (Vec::new(), Vec::new());
        for join in &self.joins {
            let Some(loaded) = self.rules.get(join.rule) else { continue };
            let (found, was_cut) = join.conclude(rows, &loaded.rule.message);
            all.extend(found);
            if was_cut {
                cut.push(join.rule);
            }
        }
        (all, cut)
    }

    /// What is kept of a file until all were seen.
    pub(crate) fn note(&self, result: FileResult, suppressions: &Suppressions) -> Option<Note> {
        if result.summary.is_none() && result.rows.is_empty() {
            return None;
        }
        let mut kept = Kept { summary: result.summary, rows: result.rows };
        for row in &mut kept.rows {
            let range = row.range.0 as usize..row.range.1 as usize;
            // A part is named as its join, and that is what a comment names.
            row.covered =
                self.rules.get(row.rule as usize).is_some_and(|rule| suppressions.covers(rule, &range));
        }
        if let Some(summary) = &mut kept.summary {
            for (rule, number, _, covered) in &mut summary.sinks {
                let place = summary
                    .flow
                    .sinks
                    .iter()
                    .find(|sink| (sink.place.rule, sink.place.number) == (*rule, *number));
                *covered = place.is_some_and(|sink| {
                    suppressions.covers(&self.rules[*rule as usize], &bytes(&sink.place.range))
                });
            }
        }
        let anchors = kept.places();
        let bytes = kept.encode()?;
        Some(Note { bytes, anchors })
    }

    /// Flows over several files, as the engine wants them.
    pub(crate) fn conclude_notes(&self, noted: &[Noted<'_>], confidences: &[Confidence]) -> Conclusion {
        let mut out = Conclusion::default();
        // Summaries are large: those of one program and language are read at a time.
        let mut programs: BTreeMap<(usize, &str), Program<'_>> = BTreeMap::new();
        let mut rows: Vec<(usize, String, Vec<Row>)> = Vec::new();
        let broken = |number: usize| {
            let path = noted.get(number).map(|noted| noted.origin.display_path()).unwrap_or_default();
            let reason = "what was kept of it could not be read again".to_owned();
            NotDone { kind: NotDoneKind::Broken, path, reason }
        };
        for (number, noted) in noted.iter().enumerate() {
            let Ok((kept, summary)) = postcard::take_from_bytes::<Head<'_>>(noted.bytes) else {
                out.not_done.push(broken(number));
                continue;
            };
            if !kept.rows.is_empty() {
                rows.push((number, noted.origin.display_path(), kept.rows));
            }
            if !summary.is_empty() {
                let program = programs.entry((noted.target, kept.language)).or_default();
                program.files.push((number, summary));
                program.has_sources |= kept.has_sources;
                program.has_sinks |= kept.has_sinks;
            }
        }
        let mut targets: Vec<usize> = rows.iter().map(|(number, ..)| noted[*number].target).collect();
        targets.dedup();
        for target in targets {
            let rows: Vec<FileRow<'_>> = rows
                .iter()
                .filter(|(number, ..)| noted[*number].target == target)
                .flat_map(|(file, path, rows)| rows.iter().map(|row| FileRow { file: *file, path, row }))
                .collect();
            self.conclude_rows(&rows, noted, confidences, &mut out);
        }
        for program in programs.into_values() {
            if program.files.len() < 2 || !program.has_sources || !program.has_sinks {
                continue;
            }
            let mut summaries: Vec<(usize, String, Summary)> = Vec::new();
            for (number, bytes) in program.files {
                match postcard::from_bytes(bytes) {
                    Ok(summary) => summaries.push((number, noted[number].origin.display_path(), summary)),
                    Err(_) => out.not_done.push(broken(number)),
                }
            }
            let files: Vec<(&str, &FileSummary)> =
                summaries.iter().map(|(_, path, summary)| (path.as_str(), &summary.flow)).collect();
            let conclusion = dataflow::conclude(&files, &|| true);
            let summaries: Vec<&(usize, String, Summary)> = summaries.iter().collect();
            for finding in &conclusion.findings {
                out.detections.extend(self.concluded(finding, &summaries, noted, confidences));
            }
            if conclusion.cut {
                let reason = "flows over several files: a limit was reached, there may be more".to_owned();
                out.not_done.push(NotDone { kind: NotDoneKind::AnalysisLimit, path: String::new(), reason });
            }
        }
        out
    }

    fn conclude_rows(
        &self,
        rows: &[FileRow<'_>],
        noted: &[Noted<'_>],
        confidences: &[Confidence],
        out: &mut Conclusion,
    ) {
        let (joined, cut) = self.joined(rows);
        for Joined { rule, file, range, message } in joined {
            let place = noted.get(file).and_then(|noted| {
                let is_place = |region: &Region| (region.start_byte, region.end_byte) == range;
                Some(Anchor { noted: file, anchor: noted.anchors.iter().position(is_place)? })
            });
            let (Some(loaded), Some(place), Some(noted)) = (self.rules.get(rule), place, noted.get(file))
            else {
                continue;
            };
            let group = format!("{}\0{}\0{}", noted.origin.display_path(), range.0, range.1);
            out.detections.push(Concluded {
                places: vec![place],
                rule: loaded.name.clone(),
                group: group.into_bytes(),
                severity: loaded.rule.severity,
                confidence: confidences.get(rule).copied().unwrap_or(Confidence::new(0.5)),
                reason: message.split_whitespace().collect::<Vec<_>>().join(" "),
                remediation: None,
                flow: Vec::new(),
                properties: Vec::new(),
                excused: None,
            });
        }
        for rule in cut {
            let name = self.rules.get(rule).map_or("", |rule| rule.name.as_str());
            let reason = format!("rule {name} reached a limit; there may be more");
            out.not_done.push(NotDone { kind: NotDoneKind::AnalysisLimit, path: String::new(), reason });
        }
    }

    fn concluded(
        &self,
        finding: &CrossFinding,
        files: &[&(usize, String, Summary)],
        noted: &[Noted<'_>],
        confidences: &[Confidence],
    ) -> Option<Concluded> {
        let anchor = |file: u32, range: &Range<u32>| {
            let (number, ..) = files.get(file as usize)?;
            let (start, end) = (u64::from(range.start), u64::from(range.end));
            let anchors = noted.get(*number)?.anchors;
            let anchor =
                anchors.iter().position(|region| (region.start_byte, region.end_byte) == (start, end))?;
            Some(Anchor { noted: *number, anchor })
        };
        let (_, path, summary) = files.get(finding.sink_file as usize)?;
        let message = summary.message(&finding.sink)?;
        // What a part of a join finds over several files is no finding.
        let loaded = self.given().get(finding.sink.rule as usize)?;
        let sink = anchor(finding.sink_file, &finding.sink.range)?;
        let source = anchor(finding.source_file, &finding.source.range)?;
        let mut flow = vec![(source, "the value comes from here".to_owned())];
        for FileStep { file, step } in &finding.steps {
            if let Some(place) = anchor(*file, &step.range)
                && flow.last().is_none_or(|(last, _)| *last != place)
            {
                flow.push((place, words(step.kind).to_owned()));
            }
        }
        flow.push((sink, "and arrives here".to_owned()));
        let group = format!("{path}\0{}\0{}", finding.sink.range.start, finding.sink.range.end);
        Some(Concluded {
            places: vec![sink],
            rule: loaded.name.clone(),
            group: group.into_bytes(),
            severity: loaded.rule.severity,
            confidence: confidences.get(finding.sink.rule as usize).copied().unwrap_or(Confidence::new(0.5)),
            reason: message.split_whitespace().collect::<Vec<_>>().join(" "),
            remediation: None,
            flow,
            properties: Vec::new(),
            excused: None,
        })
    }
}

/// The files of one target in one language: files of different targets are different programs.
#[derive(Default)]
struct Program<'n> {
    /// Number of the note, and the summary's bytes.
    files: Vec<(usize, &'n [u8])>,
    has_sources: bool,
    has_sinks: bool,
}

/// What stands before a file's summary: it tells whether that has to be read.
#[derive(Debug, Serialize, Deserialize)]
struct Head<'n> {
    language: &'n str,
    has_sources: bool,
    has_sinks: bool,
    rows: Vec<Row>,
}

/// What is kept of a file until all were seen.
#[derive(Debug)]
struct Kept {
    summary: Option<Summary>,
    rows: Vec<Row>,
}

impl Kept {
    /// A [`Head`], and behind it the summary, if there is one.
    fn encode(self) -> Option<Vec<u8>> {
        let flow = self.summary.as_ref().map(|summary| &summary.flow);
        let head = Head {
            language: flow.map_or("", |flow| &flow.language),
            has_sources: flow.is_some_and(|flow| !flow.sources.is_empty()),
            has_sinks: flow.is_some_and(|flow| !flow.sinks.is_empty()),
            rows: self.rows,
        };
        let bytes = postcard::to_stdvec(&head).ok()?;
        match &self.summary {
            Some(summary) => postcard::to_extend(summary, bytes).ok(),
            None => Some(bytes),
        }
    }

    /// All places that a conclusion may point at, sorted, each once; those of joins first where there are too many.
    fn places(&self) -> Vec<Range<usize>> {
        let rows = self.rows.iter().map(|row| row.range.0 as usize..row.range.1 as usize);
        let flows = self.summary.iter().flat_map(Summary::places);
        let mut out: Vec<Range<usize>> = rows.chain(flows).take(MAX_PLACES).collect();
        out.sort_by_key(|range| (range.start, range.end));
        out.dedup();
        out
    }
}

impl Summary {
    /// The message for a sink; `None` where a comment covers it.
    fn message(&self, sink: &RulePlace) -> Option<&str> {
        let known =
            self.sinks.iter().find(|(rule, number, ..)| (*rule, *number) == (sink.rule, sink.number))?;
        (!known.3).then_some(known.2.as_str())
    }

    /// All places that a flow over files may point at, sorted, each once.
    fn places(&self) -> Vec<Range<usize>> {
        let mut out = BTreeSet::new();
        let mut add = |range: &Range<u32>| out.insert((range.start as usize, range.end as usize));
        self.flow.sources.iter().flatten().for_each(|place| {
            add(&place.range);
        });
        self.flow.sinks.iter().for_each(|sink| {
            add(&sink.place.range);
        });
        for function in &self.flow.functions {
            let returns = function.returns.iter().flat_map(|(_, flows)| flows);
            let effects = function.effects.iter().flat_map(|(_, _, flows)| flows);
            let sinks = function.sinks.iter().flat_map(|(_, flows)| flows);
            let calls = function.calls.iter().flat_map(|(.., flows)| flows);
            // A call that passes on what only comes through is left out of what findings point at: there are too many.
            let from_sources = function
                .calls
                .iter()
                .filter(|(.., flows)| flows.iter().any(|flow| matches!(flow.origin, FlowOrigin::Source(_))));
            let to_sinks =
                function.sinks.iter().flat_map(|(_, flows)| flows).filter_map(|flow| match flow.origin {
                    FlowOrigin::Call(call) | FlowOrigin::Written(call, _) => Some(call),
                    _ => None,
                });
            for number in from_sources.map(|(call, ..)| *call).chain(to_sinks) {
                if let Some(call) = self.flow.calls.get(number as usize) {
                    add(&call.range);
                }
            }
            for flow in returns.chain(effects).chain(sinks).chain(calls) {
                for step in &flow.steps {
                    add(&step.range);
                }
            }
        }
        out.into_iter().take(MAX_PLACES).map(|(start, end)| start..end).collect()
    }
}

/// Places of one file that flows over files may point at.
const MAX_PLACES: usize = 5000;

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
