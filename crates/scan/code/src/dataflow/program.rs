//! Flows over several files, from the summaries of each.
//!
//! The summary of a function speaks of its own inputs and of calls to other files. In rounds, each call is replaced by what
//! the summary of its target says, as it stood before the round: so after `n` rounds chains of `n` calls are seen. What
//! arrives at a sink from a source is a finding; what arrives from an input is handed on to callers.

use super::Step;
use super::export::{ArgumentName, FileSummary, Flow, FlowOrigin, PartName, RulePlace, Rules};
use super::resolve::{FunctionId, Index, Target, parameter};
use crate::facts::Map;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How many files a flow may cross.
const ROUNDS: u32 = 8;
/// Calls within calls of one function that are followed.
const DEPTH: u32 = 12;
/// The most flows in one list.
const MOST: usize = 48;
/// The most steps of one flow.
const LONGEST: usize = 64;
/// The most flows that are put together in all.
const STEPS: u64 = 30_000_000;
/// Rules looked at together.
const RULES: usize = 256;

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

/// Rules of one pass, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bits([u64; RULES / 64]);

impl Bits {
    fn of(rules: &Rules, pass: &[u32]) -> Self {
        let mut out = Self::default();
        for (index, rule) in pass.iter().enumerate() {
            let has = match rules {
                Rules::Only(list) => list.binary_search(rule).is_ok(),
                Rules::Except(list) => list.binary_search(rule).is_err(),
            };
            if has {
                out.0[index / 64] |= 1 << (index % 64);
            }
        }
        out
    }

    fn one(index: usize) -> Self {
        let mut out = Self::default();
        if let Some(word) = out.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
        out
    }

    fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|index| self.0[index] & other.0[index]))
    }

    fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|index| self.0[index] | other.0[index]))
    }

    fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn is_empty(self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

/// Parts of parts by number; [`ANY`] for any element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Path {
    length: u8,
    parts: [u32; 4],
}

const ANY: u32 = 0;

impl Path {
    fn as_slice(&self) -> &[u32] {
        &self.parts[..usize::from(self.length)]
    }

    fn push(&mut self, part: u32) {
        if let Some(slot) = self.parts.get_mut(usize::from(self.length)) {
            *slot = part;
            self.length += 1;
        }
    }
}

/// Steps, put together without copying.
#[derive(Debug)]
enum Steps {
    Some(Vec<FileStep>),
    Both(Rc<Steps>, Rc<Steps>),
}

fn flatten(steps: &Steps) -> Vec<FileStep> {
    let mut out = Vec::new();
    let mut stack = vec![steps];
    while let Some(steps) = stack.pop() {
        match steps {
            Steps::Some(list) => out.extend(list.iter().take(LONGEST - out.len().min(LONGEST)).cloned()),
            Steps::Both(first, second) => stack.extend([second.as_ref(), first.as_ref()]),
        }
        if out.len() >= LONGEST {
            break;
        }
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Input(Option<u16>),
    Call(u32),
    Written(u32, u16),
    Source(u32, u32),
}

/// A flow in terms of one function.
#[derive(Clone, Debug)]
struct Arrow {
    origin: Origin,
    path: Path,
    deep: bool,
    rules: Bits,
    label: u32,
    steps: Rc<Steps>,
}

type Arrows = Rc<Vec<Arrow>>;

/// All flows of a function.
#[derive(Clone, Debug, Default)]
struct Solved {
    returns: BTreeMap<Path, Arrows>,
    effects: BTreeMap<(Option<u16>, Path), Arrows>,
    sinks: BTreeMap<(u32, u32), Arrows>,
    /// What is handed to calls, by call, parameter by name or position, and part.
    calls: BTreeMap<(u32, ArgumentName, Path), Arrows>,
}

/// Puts the summaries of files together. Files are pairs of path (with `/`, relative to the root of the program) and
/// summary; the order decides the order of findings. `proceed` is asked now and then.
pub fn conclude(files: &[(&str, &FileSummary)], proceed: &dyn Fn() -> bool) -> Conclusion {
    let mut out = Conclusion::default();
    // Only rules with both ends somewhere can have a flow.
    let places = || files.iter().map(|(_, file)| file);
    let sources: BTreeSet<u32> =
        places().flat_map(|file| file.sources.iter().flatten().map(|s| s.rule)).collect();
    let sinks: BTreeSet<u32> = places().flat_map(|file| file.sinks.iter().map(|s| s.place.rule)).collect();
    let rules: Vec<u32> = sources.intersection(&sinks).copied().collect();
    if rules.is_empty() {
        return out;
    }
    let index = Index::new(files);
    let mut targets = BTreeMap::new();
    for (number, (_, file)) in files.iter().enumerate() {
        for call in 0..file.calls.len() as u32 {
            let found = index.targets(number as u32, call);
            if found.is_empty() {
                out.unresolved += 1;
            } else {
                targets.insert((number as u32, call), found);
            }
        }
    }
    for pass in rules.chunks(RULES) {
        let mut program = Program {
            files,
            index: &index,
            pass,
            targets: &targets,
            base: BTreeMap::new(),
            solved: BTreeMap::new(),
            names: Names::default(),
            left: Cell::new(STEPS),
            proceed,
        };
        program.start();
        program.solve(&mut out);
        program.findings(&mut out);
    }
    let place = |finding: &CrossFinding| {
        (
            finding.sink_file,
            finding.sink.range.start,
            finding.rule,
            finding.source_file,
            finding.source.range.start,
        )
    };
    out.findings.sort_by_key(place);
    out
}

/// Texts of labels and parts by number. The first is [`ANY`], and no label.
#[derive(Default)]
struct Names {
    parts: BTreeMap<PartName, u32>,
    labels: BTreeMap<String, u32>,
}

impl Names {
    fn path(&mut self, path: &[PartName]) -> Path {
        let mut out = Path::default();
        for part in path {
            let next = self.parts.len() as u32 + 1;
            out.push(match part {
                PartName::Any => ANY,
                part => *self.parts.entry(part.clone()).or_insert(next),
            });
        }
        out
    }

    fn label(&mut self, label: &str) -> u32 {
        if label.is_empty() {
            return 0;
        }
        let next = self.labels.len() as u32 + 1;
        *self.labels.entry(label.to_owned()).or_insert(next)
    }
}

struct Program<'p> {
    files: &'p [(&'p str, &'p FileSummary)],
    index: &'p Index<'p>,
    pass: &'p [u32],
    targets: &'p BTreeMap<(u32, u32), Vec<Target>>,
    base: BTreeMap<FunctionId, Rc<Solved>>,
    solved: BTreeMap<FunctionId, Rc<Solved>>,
    names: Names,
    left: Cell<u64>,
    proceed: &'p dyn Fn() -> bool,
}

impl Program<'_> {
    fn start(&mut self) {
        for (number, (_, file)) in self.files.iter().enumerate() {
            let number = number as u32;
            for (index, function) in file.functions.iter().enumerate() {
                let mut solved = Solved::default();
                for (path, flows) in &function.returns {
                    let path = self.names.path(path);
                    let arrows = self.arrows(number, flows);
                    extend(solved.returns.entry(path).or_default(), arrows);
                }
                for (argument, path, flows) in &function.effects {
                    let at = (parameter(function, argument), self.names.path(path));
                    let arrows = self.arrows(number, flows);
                    extend(solved.effects.entry(at).or_default(), arrows);
                }
                for (sink, flows) in &function.sinks {
                    let arrows = self.arrows(number, flows);
                    extend(solved.sinks.entry((number, *sink)).or_default(), arrows);
                }
                for (call, argument, path, flows) in &function.calls {
                    if self.targets.contains_key(&(number, *call)) {
                        let at = (*call, argument.clone(), self.names.path(path));
                        let arrows = self.arrows(number, flows);
                        extend(solved.calls.entry(at).or_default(), arrows);
                    }
                }
                let solved = Rc::new(solved);
                self.base.insert((number, index as u32), Rc::clone(&solved));
                self.solved.insert((number, index as u32), solved);
            }
        }
    }

    fn arrows(&mut self, file: u32, flows: &[Flow]) -> Vec<Arrow> {
        flows.iter().filter_map(|flow| self.arrow(file, flow)).collect()
    }

    /// A flow of a summary; `None` for one out of a call that names nothing of the program, or of other rules.
    fn arrow(&mut self, file: u32, flow: &Flow) -> Option<Arrow> {
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
        let rules = Bits::of(&flow.rules, self.pass);
        if rules.is_empty() {
            return None;
        }
        let steps = flow.steps.iter().map(|step| FileStep { file, step: step.clone() });
        Some(Arrow {
            origin,
            path: self.names.path(&flow.path),
            deep: flow.deep,
            rules,
            label: self.names.label(&flow.label),
            steps: Rc::new(Steps::Some(steps.collect())),
        })
    }

    fn solve(&mut self, out: &mut Conclusion) {
        // A function is read again when something that it calls has changed.
        let mut callers: BTreeMap<FunctionId, BTreeSet<FunctionId>> = BTreeMap::new();
        let mut dirty: BTreeSet<FunctionId> = BTreeSet::new();
        for (id, base) in &self.base {
            for (call, _, _) in base.calls.keys() {
                for target in self.targets.get(&(id.0, *call)).into_iter().flatten() {
                    callers.entry(target.function).or_default().insert(*id);
                }
            }
            let origins = base.lists().flat_map(|list| list.iter().map(|arrow| arrow.origin));
            for origin in origins {
                if let Origin::Call(call) | Origin::Written(call, _) = origin {
                    for target in self.targets.get(&(id.0, call)).into_iter().flatten() {
                        callers.entry(target.function).or_default().insert(*id);
                    }
                }
            }
        }
        dirty.extend(callers.values().flatten());
        for round in 0..ROUNDS {
            let mut changed = BTreeMap::new();
            for id in &dirty {
                if self.left.get() == 0 || !(self.proceed)() {
                    out.cut = true;
                    return;
                }
                let Some(base) = self.base.get(id) else { continue };
                let solved = Expand { program: self, id: *id, base, known: Map::default() }.run();
                // The first answer replaces calls by what is known of them; from then on answers only grow.
                if round == 0 || self.solved.get(id).is_none_or(|before| before.size() != solved.size()) {
                    changed.insert(*id, Rc::new(solved));
                }
            }
            dirty = changed.keys().filter_map(|id| callers.get(id)).flatten().copied().collect();
            self.solved.extend(changed);
            if dirty.is_empty() {
                return;
            }
            out.cut |= round + 1 == ROUNDS;
        }
    }

    fn findings(&self, out: &mut Conclusion) {
        let mut found: BTreeMap<(u32, u32, u32, u32), CrossFinding> = BTreeMap::new();
        for solved in self.solved.values() {
            for ((sink_file, sink), arrows) in &solved.sinks {
                let Some((_, file)) = self.files.get(*sink_file as usize) else { continue };
                let Some(place) = file.sinks.get(*sink as usize) else { continue };
                let rule = place.place.rule;
                let Ok(bit) = self.pass.binary_search(&rule) else { continue };
                let bit = Bits::one(bit);
                let live: Vec<&Arrow> =
                    arrows.iter().filter(|arrow| !arrow.rules.and(bit).is_empty()).collect();
                if let Some(requires) = &place.requires {
                    let has = |label: &str| {
                        self.names
                            .labels
                            .get(label)
                            .is_some_and(|label| live.iter().any(|a| a.label == *label))
                    };
                    if !requires.holds(&has) {
                        continue;
                    }
                }
                for arrow in live {
                    let Origin::Source(source_file, source) = arrow.origin else { continue };
                    let Some((_, own)) = self.files.get(source_file as usize) else { continue };
                    let mut places = own.sources.get(source as usize).into_iter().flatten();
                    let Some(start) = places.find(|start| start.rule == rule) else { continue };
                    let local = source_file == *sink_file
                        && own.known.binary_search(&(rule, place.place.number, start.number)).is_ok();
                    if local {
                        continue;
                    }
                    let steps = flatten(&arrow.steps);
                    let at = (*sink_file, *sink, source_file, source);
                    if found.get(&at).is_some_and(|known| known.steps.len() <= steps.len()) {
                        continue;
                    }
                    let finding = CrossFinding {
                        rule,
                        sink_file: *sink_file,
                        sink: place.place.clone(),
                        source_file,
                        source: start.clone(),
                        steps,
                    };
                    found.insert(at, finding);
                }
            }
        }
        out.findings.extend(found.into_values());
    }
}

impl Solved {
    fn lists(&self) -> impl Iterator<Item = &Arrows> {
        self.returns
            .values()
            .chain(self.effects.values())
            .chain(self.sinks.values())
            .chain(self.calls.values())
    }

    /// Grows whenever a flow is added, or holds for one more rule.
    fn size(&self) -> u64 {
        let lists = self.returns.values().chain(self.effects.values()).chain(self.sinks.values());
        lists.flat_map(|list| list.iter()).map(|arrow| 1 + u64::from(arrow.rules.count())).sum()
    }
}

/// What comes out of a call: by call, what was written into if not what is returned, part, and whether with all in it.
type Question = (u32, Option<u16>, Path, bool);

/// The flows of one function with its calls replaced.
struct Expand<'e, 'p> {
    program: &'e Program<'p>,
    id: FunctionId,
    base: &'e Solved,
    /// Answers; `None` while one is being found, so that circles end.
    known: Map<Question, Option<Arrows>>,
}

impl<'e> Expand<'e, '_> {
    fn run(mut self) -> Solved {
        let base = self.base;
        let mut out = Solved::default();
        for (path, arrows) in &base.returns {
            out.returns.insert(*path, self.whole(arrows));
        }
        for (at, arrows) in &base.effects {
            out.effects.insert(*at, self.whole(arrows));
        }
        for (at, arrows) in &base.sinks {
            out.sinks.insert(*at, self.whole(arrows));
        }
        // What the targets of calls do with sinks.
        let mut calls: Vec<u32> = base.calls.keys().map(|(call, _, _)| *call).collect();
        calls.dedup();
        for call in calls {
            for target in self.targets(call) {
                let Some(solved) = self.program.solved.get(&target.function) else { continue };
                for (sink, arrows) in &solved.sinks {
                    let mut arrived = Vec::new();
                    for arrow in arrows.iter().filter(|arrow| matches!(arrow.origin, Origin::Input(_))) {
                        add(&mut arrived, self.enter(call, target, arrow, DEPTH));
                    }
                    if !arrived.is_empty() {
                        extend(out.sinks.entry(*sink).or_default(), arrived);
                    }
                }
            }
        }
        out
    }

    fn targets(&self, call: u32) -> &'e [Target] {
        self.program.targets.get(&(self.id.0, call)).map_or(&[], Vec::as_slice)
    }

    fn whole(&mut self, arrows: &[Arrow]) -> Arrows {
        let mut list = Vec::new();
        for arrow in arrows {
            add(&mut list, self.follow(arrow, DEPTH));
        }
        Rc::new(list)
    }

    fn spend(&self) -> bool {
        let left = self.program.left.get();
        self.program.left.set(left.saturating_sub(1));
        left > 0
    }

    /// A flow with its origin, if that is a call, replaced by what comes out of the call.
    fn follow(&mut self, arrow: &Arrow, depth: u32) -> Vec<Arrow> {
        let question = match arrow.origin {
            Origin::Call(call) => (call, None, arrow.path, arrow.deep),
            Origin::Written(call, slot) => (call, Some(slot), arrow.path, true),
            _ => return vec![arrow.clone()],
        };
        let answer = self.answer(question, depth);
        answer.iter().filter_map(|start| self.join(start, arrow)).collect()
    }

    fn answer(&mut self, question: Question, depth: u32) -> Arrows {
        if let Some(known) = self.known.get(&question) {
            return known.clone().unwrap_or_default();
        }
        if depth == 0 {
            return Arrows::default();
        }
        self.known.insert(question, None);
        let (call, written, path, deep) = question;
        let mut out = Vec::new();
        for target in self.targets(call) {
            let Some(solved) = self.program.solved.get(&target.function) else { continue };
            let mut inner: Vec<Arrow> = Vec::new();
            if written.is_none() {
                for (own, arrows) in &solved.returns {
                    select(own, arrows, &path, deep, &mut inner);
                }
            }
            for ((own, at), arrows) in &solved.effects {
                let wanted = match written {
                    None => target.makes && own.is_none(),
                    Some(slot) => own.map_or(0, |index| index.saturating_add(1)) == slot,
                };
                if wanted {
                    select(at, arrows, &path, deep, &mut inner);
                }
            }
            for flow in inner {
                match flow.origin {
                    Origin::Source(..) => add(&mut out, vec![flow]),
                    Origin::Input(_) => add(&mut out, self.enter(call, target, &flow, depth)),
                    // Calls of the target's file mean nothing here; the target's own expansion follows them.
                    _ => {}
                }
            }
        }
        let out = Rc::new(out);
        self.known.insert(question, Some(Rc::clone(&out)));
        out
    }

    /// A flow from an input of a call's target, as flows of the caller.
    fn enter(&mut self, call: u32, target: &Target, arrow: &Arrow, depth: u32) -> Vec<Arrow> {
        let mut out = Vec::new();
        let (Origin::Input(slot), Some(function)) =
            (arrow.origin, self.program.index.function(target.function))
        else {
            return out;
        };
        let base = self.base;
        for ((own, argument, path), arrows) in base.calls.range((call, ArgumentName::This, Path::default())..)
        {
            if *own != call {
                break;
            }
            if parameter(function, argument) != slot || slot.is_none() != (*argument == ArgumentName::This) {
                continue;
            }
            let mut inner = Vec::new();
            select(path, arrows, &arrow.path, arrow.deep, &mut inner);
            for start in inner {
                let starts = self.follow(&start, depth.saturating_sub(1));
                let entered = starts.iter().filter_map(|start| self.join(&self.entered(call, start), arrow));
                let entered = entered.collect();
                add(&mut out, entered);
            }
        }
        out
    }

    fn entered(&self, call: u32, arrow: &Arrow) -> Arrow {
        let file = self.id.0;
        let summary =
            self.program.files.get(file as usize).and_then(|(_, summary)| summary.calls.get(call as usize));
        let range = summary.map(|call| call.range.clone()).unwrap_or_default();
        let step = FileStep { file, step: Step { kind: super::StepKind::Enter, range } };
        let steps = Steps::Both(Rc::clone(&arrow.steps), Rc::new(Steps::Some(vec![step])));
        Arrow { steps: Rc::new(steps), ..arrow.clone() }
    }

    /// The flow along `start` and then `rest`.
    fn join(&self, start: &Arrow, rest: &Arrow) -> Option<Arrow> {
        let rules = start.rules.and(rest.rules);
        if rules.is_empty() || !self.spend() {
            return None;
        }
        let steps = Rc::new(Steps::Both(Rc::clone(&start.steps), Rc::clone(&rest.steps)));
        let label = if rest.label == 0 { start.label } else { rest.label };
        Some(Arrow { rules, steps, label, ..start.clone() })
    }
}

/// Of what is at `path`, what is wanted at `wanted`: its part where that is below, and (`deep`) all of it where that is above.
fn select(path: &Path, arrows: &[Arrow], wanted: &Path, deep: bool, out: &mut Vec<Arrow>) {
    let (path, wanted) = (path.as_slice(), wanted.as_slice());
    if let Some(rest) = wanted.strip_prefix(path) {
        for arrow in arrows {
            let mut arrow = arrow.clone();
            if !matches!(arrow.origin, Origin::Source(..)) && !arrow.deep {
                for part in rest {
                    arrow.path.push(*part);
                }
            }
            arrow.deep |= deep;
            out.push(arrow);
        }
    } else if deep && path.starts_with(wanted) {
        out.extend(arrows.iter().cloned());
    } else if path.len() == wanted.len() {
        // An element at an unknown index may be the one.
        let same = |(a, b): (&u32, &u32)| a == b || *a == ANY || *b == ANY;
        if path.iter().zip(wanted).all(same) {
            out.extend(arrows.iter().cloned());
        }
    }
}

fn extend(list: &mut Arrows, more: Vec<Arrow>) {
    add(Rc::make_mut(list), more);
}

/// Adds flows; those of the same origin, part and label become one.
fn add(list: &mut Vec<Arrow>, more: Vec<Arrow>) {
    for arrow in more {
        let same = |known: &Arrow| {
            (known.origin, known.path, known.deep, known.label)
                == (arrow.origin, arrow.path, arrow.deep, arrow.label)
        };
        match list.iter().position(same) {
            Some(index) => list[index].rules = list[index].rules.or(arrow.rules),
            // What has arrived from a source is what it is all for.
            None if list.len() < MOST
                || matches!(arrow.origin, Origin::Source(..)) && list.len() < 4 * MOST =>
            {
                list.push(arrow);
            }
            None => {}
        }
    }
}
