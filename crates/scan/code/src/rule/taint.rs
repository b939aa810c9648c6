//! What a taint rule is made of.

use super::{Formula, LabelExpr, Span};

/// Sources, sinks and what lies between.
#[derive(Clone, Debug, Default)]
pub struct TaintSpec {
    /// Where taint begins; at least one.
    pub sources: Vec<Source>,
    /// Where it must not arrive; at least one.
    pub sinks: Vec<Sink>,
    /// Where it ends.
    pub sanitizers: Vec<Sanitizer>,
    /// Where it goes that the analysis would not see.
    pub propagators: Vec<Propagator>,
}

/// Whether what is matched keeps the effect afterwards: the variable, not only the expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideEffect {
    /// The expression alone.
    #[default]
    No,
    /// The expression, and the variable from then on.
    Yes,
    /// The variable from then on, the expression not.
    Only,
}

/// Where taint begins.
#[derive(Clone, Debug)]
pub struct Source {
    /// What is tainted.
    pub formula: Formula,
    /// Whether a variable so matched stays tainted.
    pub by_side_effect: SideEffect,
    /// Only the range itself, not every expression within. Semgrep's default for sources is false.
    pub exact: bool,
    /// Control flow through the source taints, rather than data.
    pub control: bool,
    /// Its label; `__SOURCE__` unless given.
    pub label: String,
    /// Labels that the input of the source must carry.
    pub requires: LabelExpr,
    /// Where it stands.
    pub span: Span,
}

/// Where taint must not arrive.
#[derive(Clone, Debug)]
pub struct Sink {
    /// What must not be tainted.
    pub formula: Formula,
    /// Labels that make it a finding.
    pub requires: SinkRequires,
    /// The range itself must be tainted, not just an expression within. Semgrep's default for sinks is true, and whoever
    /// writes a metavariable focus gets what is in focus.
    pub exact: bool,
    /// Only as the last thing that a function does.
    pub at_exit: bool,
    /// Where it stands.
    pub span: Span,
}

/// What taint makes a sink a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SinkRequires {
    /// That of the sink as a whole.
    Labels(LabelExpr),
    /// That of each metavariable named; all have to hold.
    Metavariables(Vec<(String, LabelExpr)>),
}

/// Where taint ends.
#[derive(Clone, Debug)]
pub struct Sanitizer {
    /// What is clean.
    pub formula: Formula,
    /// Whether a variable so matched stays clean.
    pub by_side_effect: SideEffect,
    /// Only the range itself, not every expression within.
    pub exact: bool,
    /// Does not count where it matches exactly what a source or sink matches.
    pub not_conflicting: bool,
    /// Where it stands.
    pub span: Span,
}

/// How taint goes from one place of a match to another.
#[derive(Clone, Debug)]
pub struct Propagator {
    /// Where it happens.
    pub formula: Formula,
    /// The metavariable that taint comes from.
    pub from: String,
    /// The metavariable that it goes to.
    pub to: String,
    /// Whether a variable so matched stays tainted. Semgrep's default for propagators is true.
    pub by_side_effect: SideEffect,
    /// The label of what comes out; none: that of what goes in.
    pub label: Option<String>,
    /// Labels that what goes in must carry.
    pub requires: LabelExpr,
    /// Labels that the new one replaces; none: all stay.
    pub replace_labels: Option<Vec<String>>,
    /// Where it stands.
    pub span: Span,
}

impl TaintSpec {
    /// Every formula: sources, sinks, sanitizers, propagators.
    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let sources = self.sources.iter().map(|one| &one.formula);
        let sinks = self.sinks.iter().map(|one| &one.formula);
        let sanitizers = self.sanitizers.iter().map(|one| &one.formula);
        sources.chain(sinks).chain(sanitizers).chain(self.propagators.iter().map(|one| &one.formula))
    }
}
