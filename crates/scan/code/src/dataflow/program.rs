//! Flows over several files, from the summaries of each.
//!
//! The summary of a function speaks of its own inputs and of calls to other files. In rounds, each call is replaced by what
//! the summary of its target says, as it stood before the round: so after `n` rounds chains of `n` calls are seen. What
//! arrives at a sink from a source is a finding; what arrives from an input is handed on to callers.

use super::Step;
use super::export::{ArgumentName, FileSummary, Flow, FlowOrigin, PartName, Path, RulePlace, Rules};
use super::resolve::{FunctionId, Index, Target, parameter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// How many files a flow may cross.
const ROUNDS: u32 = 8;
/// Calls within calls that are followed at once.
const DEPTH: u32 = 5;
/// The most flows in one list.
const MOST: usize = 128;
/// The most steps of one flow.
const LONGEST: usize = 64;
/// The most flows that are put together in all.
const STEPS: u64 = 20_000_000;

/// A step in one of several files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStep {
    /// The file, as index into what [`conclude`] was given.
    pub file: u32,
    /// What happened there.
    pub step: Step,
}

/// A flow from a source of one file into a sink, through at least one call to another file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossFinding {
    /// The rule.
    pub rule: u32,
    /// The sink's file, as index into what [`conclude`] was given.
    pub sink_file: u32,
    /// The sink.
    pub sink: RulePlace,
    /// The source's file.
    pub source_file: u32,
    /// The source.
    pub source: RulePlace,
    /// What happens between, in order; at most 64 steps.
    pub steps: Vec<FileStep>,
}

/// What several files come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conclusion {
    /// In order of file, sink and source.
    pub findings: Vec<CrossFinding>,
    /// Calls that name nothing of the program.
    pub unresolved: u32,
    /// Whether not all could be looked at.
    pub cut: bool,
}

/// A flow in terms of one function, with the files of its steps.
#[derive(Clone, Debug)]
struct Arrow {
    origin: Origin,
    path: Path,
    deep: bool,
    rules: Rules,
    label: Rc<str>,
    steps: Rc<[FileStep]>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Input(Option<u16>),
    Call(u32),
    Written(u32, u16),
    Source(u32, u32),
}

/// All flows of a function.
#[derive(Clone, Debug, Default)]
struct Solved {
    returns: BTreeMap<Path, Vec<Arrow>>,
    effects: BTreeMap<(Option<u16>, Path), Vec<Arrow>>,
    sinks: BTreeMap<(u32, u32), Vec<Arrow>>,
    calls: BTreeMap<(u32, ArgumentName, Path), Vec<Arrow>>,
}

/// Puts the summaries of files together. Files are pairs of path (with `/`, relative to the root of the program) and
/// summary; the order decides the order of findings. `proceed` is asked now and then.
pub fn conclude(files: &[(&str, &FileSummary)], proceed: &dyn Fn() -> bool) -> Conclusion {
    let index = Index::new(files);
    let mut program = Program {
        files,
        index,
        solved: BTreeMap::new(),
        base: BTreeMap::new(),
        targets: BTreeMap::new(),
        left: STEPS,
        proceed,
    };
    let mut out = Conclusion::default();
    program.start(&mut out);
    for round in 0..ROUNDS {
        let mut next = BTreeMap::new();
        let mut changed = false;
        for (id, base) in &program.base {
            if base.calls.is_empty() && !base.mentions_calls() {
                continue;
            }
            if program.left == 0 || !(program.proceed)() {
                out.cut = true;
                break;
            }
            let solved = program.expand(*id, base);
            let before = program.solved.get(id).map_or(0, |before| before.size());
            changed |= solved.size() != before;
            next.insert(*id, Rc::new(solved));
        }
        program.left = program.left.saturating_sub(1 + next.len() as u64);
        program.solved.extend(next);
        if !changed || out.cut {
            break;
        }
        out.cut |= round + 1 == ROUNDS;
    }
    program.findings(&mut out);
    out
}

impl Solved {
    fn size(&self) -> usize {
        let count = |lists: &mut dyn Iterator<Item = &Vec<Arrow>>| lists.map(Vec::len).sum::<usize>();
        count(&mut self.returns.values())
            + count(&mut self.effects.values())
            + count(&mut self.sinks.values())
            + count(&mut self.calls.values())
    }

    fn mentions_calls(&self) -> bool {
        let lists = self.returns.values().chain(self.effects.values()).chain(self.sinks.values());
        lists.flatten().any(|arrow| matches!(arrow.origin, Origin::Call(_) | Origin::Written(..)))
    }
}

impl Rules {
    fn has(&self, rule: u32) -> bool {
        match self {
            Self::Only(rules) => rules.binary_search(&rule).is_ok(),
            Self::Except(rules) => rules.binary_search(&rule).is_err(),
        }
    }

    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(rules), other) | (other, Self::Only(rules)) => {
                Self::Only(rules.iter().copied().filter(|rule| other.has(*rule)).collect())
            }
            (Self::Except(a), Self::Except(b)) => {
                let mut all: Vec<u32> = a.iter().chain(b).copied().collect();
                all.sort_unstable();
                all.dedup();
                Self::Except(all)
            }
        }
    }

    fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Except(a), other) | (other, Self::Except(a)) => {
                Self::Except(a.iter().copied().filter(|rule| !other.has(*rule)).collect())
            }
            (Self::Only(a), Self::Only(b)) => {
                let mut all: Vec<u32> = a.iter().chain(b).copied().collect();
                all.sort_unstable();
                all.dedup();
                Self::Only(all)
            }
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Only(rules) if rules.is_empty())
    }
}

struct Program<'p> {
    files: &'p [(&'p str, &'p FileSummary)],
    index: Index<'p>,
    base: BTreeMap<FunctionId, Rc<Solved>>,
    solved: BTreeMap<FunctionId, Rc<Solved>>,
    targets: BTreeMap<(u32, u32), Vec<Target>>,
    left: u64,
    proceed: &'p dyn Fn() -> bool,
}

/// The part of `path` below `prefix`.
fn below<'p>(path: &'p [PartName], prefix: &[PartName]) -> Option<&'p [PartName]> {
    path.strip_prefix(prefix)
}

impl Program<'_> {
    fn start(&mut self, out: &mut Conclusion) {
        for (number, (_, file)) in self.files.iter().enumerate() {
            let number = number as u32;
            for call in 0..file.calls.len() as u32 {
                let targets = self.index.targets(number, call);
                if targets.is_empty() {
                    out.unresolved += 1;
                } else {
                    self.targets.insert((number, call), targets);
                }
            }
            for (index, function) in file.functions.iter().enumerate() {
                let mut solved = Solved::default();
                let arrows = |flows: &[Flow]| -> Vec<Arrow> {
                    flows.iter().filter_map(|flow| self.arrow(number, flow)).collect()
                };
                for (path, flows) in &function.returns {
                    add(solved.returns.entry(path.clone()).or_default(), arrows(flows));
                }
                for (argument, path, flows) in &function.effects {
                    let slot = parameter(function, argument);
                    add(solved.effects.entry((slot, path.clone())).or_default(), arrows(flows));
                }
                for (sink, flows) in &function.sinks {
                    add(solved.sinks.entry((number, *sink)).or_default(), arrows(flows));
                }
                for (call, argument, path, flows) in &function.calls {
                    if self.targets.contains_key(&(number, *call)) {
                        let at = (*call, argument.clone(), path.clone());
                        add(solved.calls.entry(at).or_default(), arrows(flows));
                    }
                }
                let solved = Rc::new(solved);
                self.base.insert((number, index as u32), Rc::clone(&solved));
                self.solved.insert((number, index as u32), solved);
            }
        }
    }

    /// A flow of a summary; `None` for one out of a call that names nothing of the program.
    fn arrow(&self, file: u32, flow: &Flow) -> Option<Arrow> {
        let origin = match flow.origin {
            FlowOrigin::This => Origin::Input(None),
            FlowOrigin::Parameter(index) => Origin::Input(Some(index)),
            FlowOrigin::Call(call) | FlowOrigin::Written(call, _)
                if !self.targets.contains_key(&(file, call)) =>
            {
                return None;
            }
            FlowOrigin::Call(call) => Origin::Call(call),
            FlowOrigin::Written(call, slot) => Origin::Written(call, slot),
            FlowOrigin::Source(source) => Origin::Source(file, source),
        };
        let steps = flow.steps.iter().map(|step| FileStep { file, step: step.clone() });
        Some(Arrow {
            origin,
            path: flow.path.clone(),
            deep: flow.deep,
            rules: flow.rules.clone(),
            label: flow.label.as_str().into(),
            steps: steps.collect(),
        })
    }

    /// The flows of a function with its calls replaced.
    fn expand(&self, id: FunctionId, base: &Solved) -> Solved {
        let mut out = Solved::default();
        let whole = |arrows: &[Arrow]| {
            let mut list = Vec::new();
            for arrow in arrows {
                add(&mut list, self.follow(id, base, arrow, DEPTH));
            }
            list
        };
        for (path, arrows) in &base.returns {
            out.returns.insert(path.clone(), whole(arrows));
        }
        for (at, arrows) in &base.effects {
            out.effects.insert(at.clone(), whole(arrows));
        }
        for (at, arrows) in &base.sinks {
            out.sinks.insert(*at, whole(arrows));
        }
        for (at, arrows) in &base.calls {
            out.calls.insert(at.clone(), whole(arrows));
        }
        // What the targets of calls do with sinks.
        let mut calls: Vec<u32> = base.calls.keys().map(|(call, _, _)| *call).collect();
        calls.dedup();
        for call in calls {
            for target in self.targets.get(&(id.0, call)).into_iter().flatten() {
                let Some(solved) = self.solved.get(&target.function) else { continue };
                for (sink, arrows) in &solved.sinks {
                    let mut arrived = Vec::new();
                    for arrow in arrows.iter().filter(|arrow| matches!(arrow.origin, Origin::Input(_))) {
                        let inner = self.enter(id, base, call, target, arrow, DEPTH);
                        add(&mut arrived, inner);
                    }
                    if !arrived.is_empty() {
                        add(out.sinks.entry(*sink).or_default(), arrived);
                    }
                }
            }
        }
        out
    }

    /// A flow with its origin, if that is a call, replaced by what flows out of the call.
    fn follow(&self, id: FunctionId, base: &Solved, arrow: &Arrow, depth: u32) -> Vec<Arrow> {
        let (call, written) = match arrow.origin {
            Origin::Call(call) => (call, None),
            Origin::Written(call, slot) => (call, Some(slot)),
            _ => return vec![arrow.clone()],
        };
        let mut out = Vec::new();
        if depth == 0 {
            return out;
        }
        for target in self.targets.get(&(id.0, call)).into_iter().flatten() {
            let Some(solved) = self.solved.get(&target.function) else { continue };
            let mut inner: Vec<Arrow> = Vec::new();
            match written {
                None => {
                    for (path, arrows) in &solved.returns {
                        select(path, arrows, &arrow.path, arrow.deep, &mut inner);
                    }
                    if target.makes {
                        for ((slot, path), arrows) in &solved.effects {
                            if slot.is_none() {
                                select(path, arrows, &arrow.path, arrow.deep, &mut inner);
                            }
                        }
                    }
                }
                Some(slot) => {
                    for ((own, path), arrows) in &solved.effects {
                        if own.map_or(0, |index| index.saturating_add(1)) == slot {
                            select(path, arrows, &arrow.path, true, &mut inner);
                        }
                    }
                }
            }
            for flow in inner {
                let whole = match flow.origin {
                    Origin::Source(..) => vec![flow],
                    Origin::Input(_) => self.enter(id, base, call, target, &flow, depth),
                    // Calls of the target's file mean nothing here; the target's own expansion follows them.
                    _ => continue,
                };
                let joined = whole.into_iter().filter_map(|start| join(&start, arrow));
                add(&mut out, joined.collect());
            }
        }
        out
    }

    /// A flow from an input of a call's target, as flows of the caller.
    fn enter(
        &self,
        id: FunctionId,
        base: &Solved,
        call: u32,
        target: &Target,
        arrow: &Arrow,
        depth: u32,
    ) -> Vec<Arrow> {
        let Origin::Input(slot) = arrow.origin else { return Vec::new() };
        let Some(function) = self.index.function(target.function) else { return Vec::new() };
        let mut out = Vec::new();
        let from = (call, ArgumentName::This, Vec::new());
        for ((own, argument, path), arrows) in base.calls.range(from..) {
            if *own != call {
                break;
            }
            if parameter(function, argument) != slot || (slot.is_none() != (*argument == ArgumentName::This))
            {
                continue;
            }
            let mut inner = Vec::new();
            select(path, arrows, &arrow.path, arrow.deep, &mut inner);
            for start in inner {
                let whole = self.follow(id, base, &start, depth - 1);
                let joined =
                    whole.into_iter().filter_map(|start| join(&self.entered(id.0, call, start), arrow));
                add(&mut out, joined.collect());
            }
        }
        out
    }

    fn entered(&self, file: u32, call: u32, mut arrow: Arrow) -> Arrow {
        let range = self.files.get(file as usize).and_then(|(_, summary)| summary.calls.get(call as usize));
        let range: Range<u32> = range.map(|call| call.range.clone()).unwrap_or_default();
        let step = FileStep { file, step: Step { kind: super::StepKind::Enter, range } };
        if arrow.steps.len() < LONGEST {
            arrow.steps = arrow.steps.iter().cloned().chain([step]).collect();
        }
        arrow
    }

    fn findings(&self, out: &mut Conclusion) {
        let mut found: BTreeMap<(u32, u32, u32, u32, u32), CrossFinding> = BTreeMap::new();
        for solved in self.solved.values() {
            for ((sink_file, sink), arrows) in &solved.sinks {
                let Some((_, file)) = self.files.get(*sink_file as usize) else { continue };
                let Some(place) = file.sinks.get(*sink as usize) else { continue };
                let rule = place.place.rule;
                let live: Vec<&Arrow> = arrows.iter().filter(|arrow| arrow.rules.has(rule)).collect();
                if let Some(requires) = &place.requires {
                    let has = |label: &str| live.iter().any(|arrow| &*arrow.label == label);
                    if !requires.holds(&has) {
                        continue;
                    }
                }
                for arrow in live {
                    let Origin::Source(source_file, source) = arrow.origin else { continue };
                    let Some((_, own)) = self.files.get(source_file as usize) else { continue };
                    let places = own.sources.get(source as usize).into_iter().flatten();
                    let Some(start) = places.into_iter().find(|start| start.rule == rule) else { continue };
                    let local = source_file == *sink_file
                        && own.known.binary_search(&(rule, place.place.number, start.number)).is_ok();
                    if local {
                        continue;
                    }
                    let at = (*sink_file, *sink, rule, source_file, source);
                    let finding = CrossFinding {
                        rule,
                        sink_file: *sink_file,
                        sink: place.place.clone(),
                        source_file,
                        source: start.clone(),
                        steps: arrow.steps.to_vec(),
                    };
                    let known = found.entry(at).or_insert_with(|| finding.clone());
                    if finding.steps.len() < known.steps.len() {
                        *known = finding;
                    }
                }
            }
        }
        out.findings = found.into_values().collect();
    }
}

/// Of what is at `path`, what is wanted at `wanted`: all of it where that is above (and `deep`), and its part where that is
/// below.
fn select(path: &Path, arrows: &[Arrow], wanted: &Path, deep: bool, out: &mut Vec<Arrow>) {
    if let Some(rest) = below(wanted, path) {
        for arrow in arrows {
            let mut arrow = arrow.clone();
            if !matches!(arrow.origin, Origin::Source(..)) && !arrow.deep {
                arrow.path.extend_from_slice(rest);
                arrow.path.truncate(6);
            }
            arrow.deep |= deep;
            out.push(arrow);
        }
    } else if below(path, wanted).is_some() && deep {
        out.extend(arrows.iter().cloned());
    } else if path.len() == wanted.len() {
        // An element at an unknown index may be the one.
        let same = |(a, b): (&PartName, &PartName)| a == b || *a == PartName::Any || *b == PartName::Any;
        if path.iter().zip(wanted).all(same) {
            out.extend(arrows.iter().cloned());
        }
    }
}

/// The flow along `start` and then `rest`.
fn join(start: &Arrow, rest: &Arrow) -> Option<Arrow> {
    let rules = start.rules.and(&rest.rules);
    if rules.is_empty() {
        return None;
    }
    let room = LONGEST.saturating_sub(start.steps.len());
    let steps = start.steps.iter().cloned().chain(rest.steps.iter().take(room).cloned()).collect();
    let label = if rest.label.is_empty() { Rc::clone(&start.label) } else { Rc::clone(&rest.label) };
    Some(Arrow { rules, steps, label, ..start.clone() })
}

/// Adds flows; those of the same origin, part and label become one.
fn add(list: &mut Vec<Arrow>, more: Vec<Arrow>) {
    for arrow in more {
        let same = |known: &Arrow| {
            (&known.origin, &known.path, known.deep, &known.label)
                == (&arrow.origin, &arrow.path, arrow.deep, &arrow.label)
        };
        match list.iter().position(same) {
            Some(index) => list[index].rules = list[index].rules.or(&arrow.rules),
            None if list.len() < MOST => list.push(arrow),
            None => {}
        }
    }
}
