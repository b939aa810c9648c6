//! What other files need to know of a file: its functions by name with their flows, and its calls of others.
//!
//! Text instead of symbols, so that it can be stored and put beside the summaries of other files: see
//! [`program`](super::program).

use super::analysis::Analysis;
use super::graph::Graph;
use super::spec::Requires;
use super::summary::{Slot, Summary};
use super::value::{Key, Origin, PathId, Root, RuleSet, TaintSet};
use super::{Input, Step, TaintMatches};
use crate::facts::{Facts, Map};
use crate::language::{Language, Spec};
use crate::tree::{Kind, NodeId, Symbols, Tree};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// One part of an object, as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PartName {
    /// A field or constant string key.
    Name(String),
    /// A constant index.
    Index(u32),
    /// Any element.
    Any,
}

/// Parts of parts, from the outside in.
pub type Path = Vec<PartName>;

/// Which argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ArgumentName {
    /// The receiver.
    This,
    /// By position, the receiver not counted.
    Position(u16),
    /// By name.
    Keyword(String),
}

/// Where a flow of a function starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FlowOrigin {
    /// The receiver.
    This,
    /// A parameter, by position.
    Parameter(u16),
    /// What a call of another file returns: index into [`FileSummary::calls`].
    Call(u32),
    /// What such a call has written into what it was given: 0 the receiver, then arguments by position.
    Written(u32, u16),
    /// A source: index into [`FileSummary::sources`].
    Source(u32),
}

/// The rules for which a flow holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rules {
    /// Just these, sorted.
    Only(Vec<u32>),
    /// All but these, sorted.
    Except(Vec<u32>),
}

/// A flow from somewhere to somewhere within a function and what it calls in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Where it starts.
    pub origin: FlowOrigin,
    /// The part of it.
    pub path: Path,
    /// Whether all that it contains flows too.
    pub deep: bool,
    /// The rules that see it.
    pub rules: Rules,
    /// The label that it has got, if any.
    pub label: String,
    /// What it passes.
    pub steps: Vec<Step>,
}

/// A function, by its flows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionSummary {
    /// Its name; empty for a function that no other file can name.
    pub name: String,
    /// The class that it is a method of; empty for none.
    pub class: String,
    /// Whether making an object of its class calls it.
    pub is_constructor: bool,
    /// Whether it is what importing the file as a whole gives.
    pub is_default: bool,
    /// Names of its parameters, without the receiver.
    pub parameters: Vec<String>,
    /// What its result carries.
    pub returns: Vec<(Path, Vec<Flow>)>,
    /// What it writes into what it is given.
    pub effects: Vec<(ArgumentName, Path, Vec<Flow>)>,
    /// Which sinks are reached: index into [`FileSummary::sinks`].
    pub sinks: Vec<(u32, Vec<Flow>)>,
    /// What it hands to calls of other files: index into [`FileSummary::calls`].
    pub calls: Vec<(u32, ArgumentName, Path, Vec<Flow>)>,
}

/// A call to something that the file does not define.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalCall {
    /// The qualified names that it may mean.
    pub candidates: Vec<String>,
    /// Its bytes.
    pub range: Range<u32>,
    /// Whether it makes an object.
    pub is_new: bool,
}

/// A source or sink of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePlace {
    /// The rule.
    pub rule: u32,
    /// Index into the rule's matches in its file.
    pub number: u32,
    /// Its bytes.
    pub range: Range<u32>,
}

/// A sink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinkPlace {
    /// Where it is.
    pub place: RulePlace,
    /// What labels must reach it.
    pub requires: Option<Requires>,
}

/// A class, for calls that go to whatever overrides a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSummary {
    /// Its simple name.
    pub name: String,
    /// What it inherits from, as written or as imports explain it.
    pub supers: Vec<String>,
}

/// What other files need to know of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    /// The language's name: calls stay within it.
    pub language: String,
    /// The package or namespace that the file names; empty for none.
    pub package: String,
    /// Its classes.
    pub classes: Vec<ClassSummary>,
    /// Its functions.
    pub functions: Vec<FunctionSummary>,
    /// Its calls of others.
    pub calls: Vec<ExternalCall>,
    /// Its sources: for each, the rules that it is one of.
    pub sources: Vec<Vec<RulePlace>>,
    /// Its sinks.
    pub sinks: Vec<SinkPlace>,
    /// Flows found within the file, as rule, sink and source numbers: not to be told again.
    pub known: Vec<(u32, u32, u32)>,
}

/// The most flows from inputs that are kept of one list.
const MOST: usize = 16;
/// The most steps that are kept of one flow: the first and the last.
const STEPS: usize = 6;

impl Flow {
    /// Whether another flow says nothing beyond this one.
    fn covers(&self, other: &Self) -> bool {
        self.origin == other.origin
            && self.deep
            && (self.path.len() < other.path.len() || !other.deep)
            && other.path.starts_with(&self.path)
            && self.rules == other.rules
            && self.label == other.label
    }
}

impl FileSummary {
    /// Starts the summary of a file.
    pub(super) fn of(input: Input<'_>) -> Self {
        let Input { tree, symbols, facts, spec } = input;
        let package = tree.children(tree.root).iter().find(|id| tree.kind(**id) == Kind::Package);
        let package =
            package.and_then(|package| crate::facts::dotted(tree, symbols, tree.child(*package, 0)?));
        let text = |symbol| symbols.text(symbol).to_owned();
        let class = |class: &crate::facts::Class| ClassSummary {
            name: text(class.name),
            supers: class.supers.iter().map(|parent| text(*parent)).collect(),
        };
        Self {
            language: spec.language.name().to_owned(),
            package: package.unwrap_or_default(),
            classes: facts.classes.iter().map(class).collect(),
            ..Self::default()
        }
    }

    /// Adds what one round found out. `first`: whether it speaks for rules that have no match in the file; `others`: rules
    /// of other rounds.
    pub(super) fn add(
        &mut self,
        analysis: &Analysis<'_>,
        matches: &[TaintMatches],
        first: bool,
        others: &[u32],
    ) {
        let mut round = Round {
            analysis,
            first,
            others,
            sources: self.sources.len() as u32,
            sinks: self.sinks.len() as u32,
            default: default_function(analysis),
            calls: self
                .calls
                .iter()
                .zip(0..)
                .map(|(call, number)| ((call.range.start, call.range.end), number))
                .collect(),
            out: self,
        };
        round.places(matches);
        for (index, summary) in analysis.summaries.iter().enumerate() {
            if let Some(summary) = summary {
                round.function(index, summary);
            }
        }
    }
}

impl FunctionSummary {
    /// Drops what depends on inputs: nobody can name the function to give it any.
    fn forget_inputs(&mut self) {
        let own = |flow: &Flow| !matches!(flow.origin, FlowOrigin::This | FlowOrigin::Parameter(_));
        self.returns.clear();
        self.effects.clear();
        self.sinks.iter_mut().for_each(|(_, flows)| flows.retain(own));
        self.sinks.retain(|(_, flows)| !flows.is_empty());
        self.calls.iter_mut().for_each(|(.., flows)| flows.retain(own));
        self.calls.retain(|(.., flows)| !flows.is_empty());
    }
}

struct Round<'r, 'a> {
    analysis: &'r Analysis<'a>,
    first: bool,
    others: &'r [u32],
    sources: u32,
    sinks: u32,
    default: Option<NodeId>,
    /// Numbers of calls by their bytes.
    calls: Map<(u32, u32), u32>,
    out: &'r mut FileSummary,
}

impl Round<'_, '_> {
    fn places(&mut self, matches: &[TaintMatches]) {
        for source in &self.analysis.matches.sources {
            let place = |(local, number): &(u8, u32)| {
                let rule = matches.get(usize::from(*local))?;
                let range = rule.sources.get(*number as usize)?.range.clone();
                Some(RulePlace { rule: rule.rule, number: *number, range })
            };
            self.out.sources.push(source.numbers.iter().filter_map(place).collect());
        }
        for sink in &self.analysis.matches.sinks {
            let rule = matches.get(usize::from(sink.rule));
            let range =
                rule.and_then(|rule| rule.sinks.get(sink.number as usize)).map(|sink| sink.range.clone());
            let place = RulePlace {
                rule: rule.map_or(u32::MAX, |rule| rule.rule),
                number: sink.number,
                range: range.unwrap_or_default(),
            };
            self.out.sinks.push(SinkPlace { place, requires: sink.requires.clone() });
        }
    }

    fn function(&mut self, index: usize, summary: &Summary) {
        let analysis = self.analysis;
        let Some(function) = analysis.graph.functions.get(index) else { return };
        let name = exported_name(analysis.tree, analysis.symbols, &analysis.graph, index);
        let mut out = FunctionSummary {
            parameters: function
                .parameters
                .iter()
                .map(|parameter| analysis.symbols.text(parameter.label.unwrap_or(parameter.name)).to_owned())
                .collect(),
            ..FunctionSummary::default()
        };
        if let Some((name, is_default)) = name {
            out.name = name;
            out.is_default = is_default || self.default == Some(function.node);
        }
        if let Some(class) = function.class.and_then(|class| analysis.facts.classes.get(class as usize)) {
            out.class = analysis.symbols.text(class.name).to_owned();
            out.is_constructor = out.name == out.class
                || matches!(out.name.as_str(), "__init__" | "constructor" | "initialize" | "__construct");
        }
        for (path, taint) in &summary.returns {
            let flows = self.flows(taint, false);
            out.returns.push((self.path(*path), flows));
        }
        for object in &summary.returned_objects {
            // A returned input is its parts too.
            if let super::value::Object::Input { root, path } = *object
                && let Some(origin) = self.origin(root)
            {
                let flow = Flow {
                    origin,
                    path: self.path(path),
                    deep: false,
                    rules: self.rules(RuleSet::ALL, true),
                    label: String::new(),
                    steps: Vec::new(),
                };
                out.returns.push((Vec::new(), vec![flow]));
            }
        }
        for ((root, path, key), effect) in &summary.effects {
            let argument = match root {
                Root::This => ArgumentName::This,
                Root::Parameter(index) => ArgumentName::Position(*index),
                _ => continue,
            };
            let flows = self.flows(&effect.taint, false);
            let mut path = self.path(*path);
            path.extend(key.map(|key| self.part(key)));
            if !flows.is_empty() {
                out.effects.push((argument, path, flows));
            }
        }
        for (sink, taint) in &summary.sinks {
            let flows = self.flows(taint, true);
            if !flows.is_empty() {
                out.sinks.push((self.sinks + sink, flows));
            }
        }
        for ((node, slot, path), taint) in &summary.external {
            let flows = self.flows(taint, false);
            if flows.is_empty() {
                continue;
            }
            let slot = match slot {
                Slot::This => ArgumentName::This,
                Slot::Position(index) => ArgumentName::Position(*index),
                Slot::Keyword(name) => ArgumentName::Keyword(analysis.symbols.text(*name).to_owned()),
            };
            let call = self.call(*node);
            out.calls.push((call, slot, self.path(*path), flows));
        }
        if out.name.is_empty() && !out.is_default {
            out.forget_inputs();
        }
        let empty = out.returns.iter().all(|(_, flows)| flows.is_empty())
            && out.effects.is_empty()
            && out.sinks.is_empty()
            && out.calls.is_empty();
        if !empty || !out.name.is_empty() {
            self.out.functions.push(out);
        }
    }

    fn call(&mut self, node: NodeId) -> u32 {
        let analysis = self.analysis;
        let at = analysis.tree.node(node);
        let range = at.start..at.end;
        if let Some(known) = self.calls.get(&(range.start, range.end)) {
            return *known;
        }
        let candidates = candidates(analysis.tree, analysis.symbols, analysis.facts, analysis.spec, node);
        let number = self.out.calls.len() as u32;
        self.calls.insert((range.start, range.end), number);
        self.out.calls.push(ExternalCall { candidates, range, is_new: at.kind == Kind::New });
        number
    }

    fn origin(&mut self, root: Root) -> Option<FlowOrigin> {
        Some(match root {
            Root::This => FlowOrigin::This,
            Root::Parameter(index) => FlowOrigin::Parameter(index),
            Root::Call(node) => FlowOrigin::Call(self.call(node)),
            Root::Written(node, slot) => FlowOrigin::Written(self.call(node), slot),
            Root::Variable(_) => return None,
        })
    }

    /// `to_sink`: whether they arrive there. Ways from inputs to anything else are not told step by step: there are many, and
    /// few are part of a finding.
    fn flows(&mut self, taint: &TaintSet, to_sink: bool) -> Vec<Flow> {
        let mut out = Vec::new();
        for taint in taint.iter() {
            let (origin, path, deep) = match taint.origin() {
                Origin::Source(source) => (FlowOrigin::Source(self.sources + source), Vec::new(), false),
                Origin::Input { root, path, deep } => match self.origin(root) {
                    Some(origin) => (origin, self.path(path), deep),
                    None => continue,
                },
            };
            let is_input = !matches!(origin, FlowOrigin::Source(_));
            let rules = self.rules(taint.live, is_input);
            if rules == Rules::Only(Vec::new()) || is_input && out.len() >= MOST {
                continue;
            }
            let tree = self.analysis.tree;
            let told = to_sink || !is_input;
            let all = if told { self.analysis.traces.steps(taint.trace) } else { Vec::new() };
            let count = all.len();
            let kept =
                all.into_iter().enumerate().filter(|(at, _)| *at < STEPS / 2 || at + STEPS / 2 >= count);
            let steps = kept.map(|(_, (node, kind))| {
                let node = tree.node(node);
                Step { kind, range: node.start..node.end }
            });
            out.push(Flow {
                origin,
                path,
                deep,
                rules,
                label: self.analysis.matches.labels.get(taint.label() as usize).cloned().unwrap_or_default(),
                steps: steps.collect(),
            });
        }
        let covered = |flow: &Flow| out.iter().any(|other| other.covers(flow));
        let keep: Vec<bool> = out.iter().map(|flow| !covered(flow)).collect();
        let mut keep = keep.into_iter();
        out.retain(|_| keep.next().unwrap_or(true));
        out
    }

    fn rules(&self, live: RuleSet, is_input: bool) -> Rules {
        let rules = &self.analysis.matches.rules;
        let with = |wanted: bool| {
            let mut list: Vec<u32> = rules
                .iter()
                .enumerate()
                .filter(|(local, _)| live.has(*local as u8) == wanted)
                .map(|(_, rule)| *rule)
                .collect();
            list.sort_unstable();
            list
        };
        if is_input && self.first {
            let mut list = with(false);
            list.extend(self.others);
            list.sort_unstable();
            Rules::Except(list)
        } else {
            Rules::Only(with(true))
        }
    }

    fn part(&self, key: Key) -> PartName {
        match key {
            Key::Name(name) => PartName::Name(self.analysis.symbols.text(name).to_owned()),
            Key::Index(index) => PartName::Index(index),
            Key::Any => PartName::Any,
        }
    }

    fn path(&self, path: PathId) -> Path {
        self.analysis.paths.keys(path).into_iter().map(|key| self.part(key)).collect()
    }
}

/// The name by which other files know a function, and whether it is what importing the file gives.
fn exported_name(tree: &Tree, symbols: &Symbols, graph: &Graph, index: usize) -> Option<(String, bool)> {
    let function = graph.functions.get(index)?;
    if index == 0 || function.outer != 0 {
        return None;
    }
    let own = symbols.text(function.name).to_owned();
    let parent = tree.parent(function.node)?;
    let text = |id: NodeId| symbols.text(tree.symbol(id)).to_owned();
    match tree.kind(parent) {
        // `exports.name = function …`, `module.exports = function …`
        Kind::Assign => {
            let target = tree.child(parent, 0)?;
            let name = match tree.kind(target) {
                Kind::Field => text(tree.child(target, 1)?),
                _ => text(target),
            };
            let whole = name == "exports";
            Some((if whole { own } else { name }, whole))
        }
        Kind::VariableDefinition => Some((text(tree.present(parent, 2)?), false)),
        Kind::Pair => Some((text(tree.child(parent, 0)?), false)),
        _ if own.is_empty() => None,
        _ => Some((own, false)),
    }
}

/// The function that `export default` or `module.exports` gives.
///
/// The tree leaves out the words `export default` before a declaration. So that is the only function of the file before which
/// there is room for them, and that is no more than a guess where others have comments before them: then there is none.
fn default_function(analysis: &Analysis<'_>) -> Option<NodeId> {
    const WORDS: u32 = "export default ".len() as u32;
    let Analysis { tree, facts, graph, .. } = analysis;
    if !matches!(analysis.spec.language, Language::JavaScript | Language::TypeScript) {
        return None;
    }
    let named = |id: NodeId| -> Option<NodeId> {
        let definition = *facts.definitions.get(&id)?;
        let owner = tree.parent(definition)?;
        match tree.kind(owner) {
            Kind::Function => Some(owner),
            Kind::VariableDefinition => {
                tree.present(owner, 3).filter(|value| graph.by_node.contains_key(value))
            }
            _ => None,
        }
    };
    let (mut roomy, mut all) = (Vec::new(), Vec::new());
    let mut end = 0;
    for statement in tree.children(tree.root) {
        let node = tree.node(*statement);
        match node.kind {
            Kind::Function => {
                all.push(*statement);
                if node.start >= end + WORDS {
                    roomy.push(*statement);
                }
            }
            Kind::ExpressionStatement => {
                let inner = tree.child(*statement, 0)?;
                let value = match tree.kind(inner) {
                    Kind::Name if tree.node(inner).start >= node.start + WORDS => Some(inner),
                    Kind::Assign if analysis.text_of_field(tree.child(inner, 0)?) == "exports" => {
                        tree.child(inner, 1)
                    }
                    _ => None,
                };
                if let Some(value) = value {
                    return if graph.by_node.contains_key(&value) { Some(value) } else { named(value) };
                }
            }
            _ => {}
        }
        end = node.end;
    }
    match (roomy.as_slice(), all.as_slice()) {
        ([only], _) | ([], [only]) => Some(*only),
        _ => None,
    }
}

/// Modules that are no part of a project: what comes with the language, and what nearly every project takes.
const LIBRARIES: &[&str] = &[
    "java",
    "javax",
    "jakarta",
    "kotlin",
    "kotlinx",
    "scala",
    "android",
    "androidx",
    "org.springframework",
    "org.apache",
    "org.slf4j",
    "org.hibernate",
    "org.junit",
    "com.google",
    "com.fasterxml",
    "lombok",
    "System",
    "Microsoft",
    "Newtonsoft",
    "os",
    "sys",
    "re",
    "json",
    "subprocess",
    "logging",
    "time",
    "datetime",
    "random",
    "math",
    "hashlib",
    "base64",
    "urllib",
    "http",
    "socket",
    "shutil",
    "pathlib",
    "typing",
    "collections",
    "itertools",
    "functools",
    "io",
    "sqlite3",
    "pickle",
    "tempfile",
    "threading",
    "asyncio",
    "uuid",
    "string",
    "copy",
    "csv",
    "struct",
    "flask",
    "django",
    "requests",
    "sqlalchemy",
    "numpy",
    "pandas",
    "yaml",
    "jinja2",
    "werkzeug",
    "fastapi",
    "pydantic",
    "pytest",
    "boto3",
    "lxml",
    "xml",
    "html",
    "ast",
    "inspect",
    "enum",
    "dataclasses",
    "abc",
    "contextlib",
    "secrets",
    "glob",
    "platform",
    "str",
    "int",
    "list",
    "dict",
    "string[]",
    "String",
    "Integer",
    "number",
];

fn is_library(name: &str, language: Language) -> bool {
    match language {
        // Packages are named bare; files of the project by path.
        Language::JavaScript | Language::TypeScript => {
            !(name.starts_with('.')
                || name.starts_with('/')
                || name.starts_with("@/")
                || name.starts_with("~/"))
        }
        // The standard library has no host in its paths.
        Language::Go => {
            let first = name.split(['/', '.']).next().unwrap_or(name);
            name.contains('/') && !name.split('/').next().unwrap_or(name).contains('.')
                || matches!(
                    first,
                    "fmt" | "os" | "io" | "log" | "strings" | "strconv" | "errors" | "bytes" | "time"
                )
        }
        _ => LIBRARIES.iter().any(|library| {
            name.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
    }
}

/// The qualified names of other files that a call may mean, most specific first; empty where it can mean none.
pub(super) fn candidates(
    tree: &Tree,
    symbols: &Symbols,
    facts: &Facts,
    spec: &Spec,
    call: NodeId,
) -> Vec<String> {
    let Some(callee) = tree.child(call, 0) else { return Vec::new() };
    let language = spec.language;
    let one = |name: String| if is_library(&name, language) { Vec::new() } else { vec![name] };
    if let Some(path) = facts.qualified.get(&callee) {
        return one(symbols.text(*path).to_owned());
    }
    if facts.definitions.contains_key(&callee) {
        return Vec::new();
    }
    // Names of the same package or program need no import.
    let shares_names =
        !matches!(language, Language::Python | Language::JavaScript | Language::TypeScript | Language::Rust);
    let upper = |name: &str| name.starts_with(char::is_uppercase);
    match tree.kind(callee) {
        Kind::Field => {
            let (Some(object), Some(name)) = (tree.child(callee, 0), tree.child(callee, 1)) else {
                return Vec::new();
            };
            let name = symbols.text(tree.symbol(name));
            if let Some(type_) = facts.types.get(&object) {
                let type_ = symbols.text(*type_);
                let usable = shares_names || type_.contains(['.', '/']);
                return if usable { one(format!("{type_}.{name}")) } else { Vec::new() };
            }
            let is_class = shares_names
                && tree.kind(object) == Kind::Name
                && !facts.definitions.contains_key(&object)
                && upper(symbols.text(tree.symbol(object)));
            if is_class { one(format!("{}.{name}", symbols.text(tree.symbol(object)))) } else { Vec::new() }
        }
        Kind::Name if tree.kind(call) == Kind::New => one(symbols.text(tree.symbol(callee)).to_owned()),
        Kind::Name if shares_names && language != Language::Java => {
            one(symbols.text(tree.symbol(callee)).to_owned())
        }
        Kind::GenericType => match facts.types.get(&call) {
            Some(type_) => one(symbols.text(*type_).to_owned()),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}
