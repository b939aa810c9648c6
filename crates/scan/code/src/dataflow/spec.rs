//! What the analysis is told: where the rules' sources, sinks, sanitizers and propagators are in a file.

use std::ops::Range;

/// Whether a match changes the variable that it is, beyond the place where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SideEffect {
    /// Only this place.
    #[default]
    No,
    /// This place, and the variable from here on.
    Yes,
    /// The variable from here on, but not this place.
    Only,
}

/// A condition on the labels that reach a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Requires {
    /// This label does.
    Label(String),
    /// The other condition does not hold.
    Not(Box<Requires>),
    /// All hold.
    And(Vec<Requires>),
    /// One holds.
    Or(Vec<Requires>),
}

impl Requires {
    /// Whether the condition holds for a set of labels. Recursion is bounded by the condition's own depth.
    pub fn holds(&self, has: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Label(label) => has(label),
            Self::Not(inner) => !inner.holds(has),
            Self::And(all) => all.iter().all(|inner| inner.holds(has)),
            Self::Or(any) => any.iter().any(|inner| inner.holds(has)),
        }
    }

    /// Whether a label stands in the condition other than under a negation.
    pub fn wants(&self, label: &str) -> bool {
        match self {
            Self::Label(own) => own == label,
            Self::Not(_) => false,
            Self::And(all) | Self::Or(all) => all.iter().any(|inner| inner.wants(label)),
        }
    }
}

/// A rule's `taint_…` options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaintOptions {
    /// Results of unknown functions are clean.
    pub assume_safe_functions: bool,
    /// A tainted index does not taint what is read.
    pub assume_safe_indexes: bool,
    /// Results of comparisons are clean.
    pub assume_safe_comparisons: bool,
    /// What is known to be a truth value is clean.
    pub assume_safe_booleans: bool,
    /// What is known to be a number is clean.
    pub assume_safe_numbers: bool,
    /// Only assignments carry taint on; operators, calls and literals do not.
    pub only_propagate_through_assignments: bool,
}

/// A match of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMatch {
    /// Its bytes: those of a node, or of some statements.
    pub range: Range<u32>,
    /// The label that it gives.
    pub label: Option<String>,
    /// What labels the value must have already.
    pub requires: Option<Requires>,
    /// Whether the variable is tainted from here on.
    pub by_side_effect: SideEffect,
    /// Whether only the whole is tainted, not what stands within it.
    pub exact: bool,
    /// Whether it taints what runs after it rather than its value.
    pub control: bool,
}

/// A match of a sink.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinkMatch {
    /// Its bytes.
    pub range: Range<u32>,
    /// What labels must reach it; any taint where there is no condition.
    pub requires: Option<Requires>,
    /// Whether it applies only where a function within it ends, to whatever variable is tainted there.
    pub at_exit: bool,
    /// Whether only the whole counts (of a call: its arguments), not what stands within it.
    pub exact: bool,
    /// Whether of a call its result counts: the rule points at a value that is handed over, not at a call that is made.
    pub value: bool,
}

/// A match of a sanitizer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SanitizerMatch {
    /// Its bytes.
    pub range: Range<u32>,
    /// Whether the variable is clean from here on.
    pub by_side_effect: SideEffect,
    /// Whether only the whole is clean, not what stands within it.
    pub exact: bool,
    /// Whether it does not apply where a source or sink of the rule is the same place.
    pub not_conflicting: bool,
}

/// A match of a propagator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropagatorMatch {
    /// The bytes of the whole.
    pub range: Range<u32>,
    /// The bytes of what taint is taken from.
    pub from: Range<u32>,
    /// The bytes of what it is given to.
    pub to: Range<u32>,
    /// Whether the variable is tainted from here on; otherwise just the place.
    pub by_side_effect: bool,
    /// What labels taint must have to pass.
    pub requires: Option<Requires>,
    /// The label that passed taint gets.
    pub label: Option<String>,
    /// The labels that are replaced by it; all where not given.
    pub replace_labels: Option<Vec<String>>,
}

/// The matches of one rule in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaintMatches {
    /// The rule, by whatever number the caller gives it: the same in all files.
    pub rule: u32,
    /// Its options.
    pub options: TaintOptions,
    /// Where taint starts.
    pub sources: Vec<SourceMatch>,
    /// Where it must not arrive.
    pub sinks: Vec<SinkMatch>,
    /// Where it ends.
    pub sanitizers: Vec<SanitizerMatch>,
    /// Where it passes in ways that the language does not show.
    pub propagators: Vec<PropagatorMatch>,
}
