//! A taint rule's formulas, compiled, and what they match in a file, as dataflow wants to be told.

use crate::dataflow::{
    PropagatorMatch, Requires, SanitizerMatch, SideEffect, SinkMatch, SourceMatch, TaintMatches, TaintOptions,
};
use crate::matching::{Bindings, Options};
use crate::rule::{self, LabelExpr, Rule, SinkRequires, TaintSpec};
use crate::search::{CompileError, Compiler, Formula, Hit, Search, bound_range};
use crate::tree::Symbol;

/// A taint rule, compiled.
pub(crate) struct CompiledTaint {
    pub(crate) sources: Vec<CompiledSource>,
    pub(crate) sinks: Vec<CompiledSink>,
    pub(crate) sanitizers: Vec<(Formula, SanitizerMatch)>,
    pub(crate) propagators: Vec<CompiledPropagator>,
    options: TaintOptions,
}

pub(crate) struct CompiledSource {
    pub(crate) formula: Formula,
    like: SourceMatch,
}

pub(crate) struct CompiledSink {
    pub(crate) formula: Formula,
    like: SinkMatch,
    /// Each of these metavariables with what must reach it.
    each: Vec<(Symbol, Option<Requires>)>,
}

pub(crate) struct CompiledPropagator {
    pub(crate) formula: Formula,
    from: Symbol,
    to: Symbol,
    like: PropagatorMatch,
}

/// What a taint rule matched in a file: for dataflow, and the hits in the same order, for messages.
pub(crate) struct Matched {
    pub(crate) matches: TaintMatches,
    pub(crate) sources: Vec<Hit>,
    pub(crate) sinks: Vec<Hit>,
}

impl CompiledTaint {
    pub(crate) fn new(
        spec: &TaintSpec,
        rule: &Rule,
        compiler: &mut Compiler<'_>,
    ) -> Result<Self, CompileError> {
        let mut compiled = Self {
            sources: Vec::new(),
            sinks: Vec::new(),
            sanitizers: Vec::new(),
            propagators: Vec::new(),
            options: taint_options(rule),
        };
        for source in &spec.sources {
            let like = SourceMatch {
                label: (source.label != DEFAULT_LABEL).then(|| source.label.clone()),
                requires: requires(&source.requires),
                by_side_effect: side_effect(source.by_side_effect),
                exact: source.exact,
                control: source.control,
                ..SourceMatch::default()
            };
            compiled.sources.push(CompiledSource { formula: compiler.formula(&source.formula)?, like });
        }
        for sink in &spec.sinks {
            let (wanted, each) = match &sink.requires {
                SinkRequires::Labels(labels) => (requires(labels), Vec::new()),
                SinkRequires::Metavariables(list) => {
                    let each = list.iter().map(|(name, labels)| (compiler.symbol(name), requires(labels)));
                    (None, each.collect())
                }
            };
            let like = SinkMatch {
                requires: wanted,
                at_exit: sink.at_exit,
                exact: sink.exact,
                value: is_focused(&sink.formula),
                ..SinkMatch::default()
            };
            compiled.sinks.push(CompiledSink { formula: compiler.formula(&sink.formula)?, like, each });
        }
        for sanitizer in &spec.sanitizers {
            let like = SanitizerMatch {
                by_side_effect: side_effect(sanitizer.by_side_effect),
                exact: sanitizer.exact,
                not_conflicting: sanitizer.not_conflicting,
                ..SanitizerMatch::default()
            };
            compiled.sanitizers.push((compiler.formula(&sanitizer.formula)?, like));
        }
        for propagator in &spec.propagators {
            let like = PropagatorMatch {
                by_side_effect: propagator.by_side_effect != rule::SideEffect::No,
                requires: requires(&propagator.requires),
                label: propagator.label.clone(),
                replace_labels: propagator.replace_labels.clone(),
                ..PropagatorMatch::default()
            };
            compiled.propagators.push(CompiledPropagator {
                formula: compiler.formula(&propagator.formula)?,
                from: compiler.symbol(&propagator.from),
                to: compiler.symbol(&propagator.to),
                like,
            });
        }
        Ok(compiled)
    }

    /// What the rule matches in a file.
    pub(crate) fn matched(&self, rule: u32, search: &Search<'_>, options: Options) -> Matched {
        let mut matched = Matched {
            matches: TaintMatches { rule, options: self.options, ..TaintMatches::default() },
            sources: Vec::new(),
            sinks: Vec::new(),
        };
        for source in &self.sources {
            for hit in search.evaluate(&source.formula, options) {
                matched.matches.sources.push(SourceMatch { range: hit.range.clone(), ..source.like.clone() });
                matched.sources.push(hit);
            }
        }
        for sink in &self.sinks {
            for hit in search.evaluate(&sink.formula, options) {
                if sink.each.is_empty() {
                    matched.matches.sinks.push(SinkMatch { range: hit.range.clone(), ..sink.like.clone() });
                    matched.sinks.push(hit);
                    continue;
                }
                for (name, wanted) in &sink.each {
                    let bound = hit.bindings.get(*name).and_then(|bound| bound_range(search.file(), bound));
                    let Some(range) = bound else { continue };
                    let like = SinkMatch { range, requires: wanted.clone(), ..sink.like.clone() };
                    matched.matches.sinks.push(like);
                    matched.sinks.push(hit.clone());
                }
            }
        }
        if matched.matches.sources.is_empty() && matched.matches.sinks.is_empty() {
            return matched;
        }
        for (formula, like) in &self.sanitizers {
            let hits = search.evaluate(formula, options);
            let of = |hit: Hit| SanitizerMatch { range: hit.range, ..like.clone() };
            matched.matches.sanitizers.extend(hits.into_iter().map(of));
        }
        for propagator in &self.propagators {
            for hit in search.evaluate(&propagator.formula, options) {
                let range_of = |bindings: &Bindings, name: Symbol| {
                    bindings.get(name).and_then(|bound| bound_range(search.file(), bound))
                };
                let (from, to) =
                    (range_of(&hit.bindings, propagator.from), range_of(&hit.bindings, propagator.to));
                if let (Some(from), Some(to)) = (from, to) {
                    let range = hit.range;
                    matched.matches.propagators.push(PropagatorMatch {
                        range,
                        from,
                        to,
                        ..propagator.like.clone()
                    });
                }
            }
        }
        matched
    }
}

/// The label of sources that name none.
const DEFAULT_LABEL: &str = "__SOURCE__";

/// A condition as dataflow takes it; `None` for one that any taint meets.
fn requires(labels: &LabelExpr) -> Option<Requires> {
    fn convert(labels: &LabelExpr) -> Requires {
        match labels {
            LabelExpr::Constant(true) => Requires::And(Vec::new()),
            LabelExpr::Constant(false) => Requires::Or(Vec::new()),
            LabelExpr::Label(label) if label == DEFAULT_LABEL => Requires::Label(String::new()),
            LabelExpr::Label(label) => Requires::Label(label.clone()),
            LabelExpr::Not(inner) => Requires::Not(Box::new(convert(inner))),
            LabelExpr::And(list) => Requires::And(list.iter().map(convert).collect()),
            LabelExpr::Or(list) => Requires::Or(list.iter().map(convert).collect()),
        }
    }
    match labels {
        LabelExpr::Constant(true) => None,
        // What a sink asks for that says nothing of labels.
        LabelExpr::Label(label) if label == DEFAULT_LABEL => None,
        labels => Some(convert(labels)),
    }
}

fn side_effect(effect: rule::SideEffect) -> SideEffect {
    match effect {
        rule::SideEffect::No => SideEffect::No,
        rule::SideEffect::Yes => SideEffect::Yes,
        rule::SideEffect::Only => SideEffect::Only,
    }
}

fn taint_options(rule: &Rule) -> TaintOptions {
    let options = &rule.options;
    TaintOptions {
        assume_safe_functions: options.taint_assume_safe_functions,
        assume_safe_indexes: options.taint_assume_safe_indexes,
        assume_safe_comparisons: options.taint_assume_safe_comparisons,
        assume_safe_booleans: options.taint_assume_safe_booleans,
        assume_safe_numbers: options.taint_assume_safe_numbers,
        only_propagate_through_assignments: options.taint_only_propagate_through_assignments,
    }
}

/// Whether a formula's range is that of a metavariable.
fn is_focused(formula: &rule::Formula) -> bool {
    match formula {
        rule::Formula::And(and) => {
            !and.focus.is_empty() || matches!(and.positives.as_slice(), [only] if is_focused(only))
        }
        rule::Formula::Or(all) => !all.is_empty() && all.iter().all(is_focused),
        _ => false,
    }
}
