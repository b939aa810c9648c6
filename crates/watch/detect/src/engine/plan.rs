//! The rules that events of one kind can meet, ready to be run.

use super::compile::{Compiled, Node, Program};
use super::index::FieldIndex;
use foldhash::{HashMap, HashMapExt, HashSet};

/// The rules of some log sources together.
#[derive(Debug)]
pub(super) struct Plan {
    /// Fields with an index, those first that have anchors.
    pub(super) fields: Vec<(u32, FieldIndex)>,
    /// How many of [`Plan::fields`] have anchors.
    pub(super) eager: usize,
    /// Where in [`Plan::fields`] a field is.
    pub(super) positions: HashMap<u32, u32>,
    /// For each predicate that is an anchor the rules to look at.
    pub(super) anchored: HashMap<u32, Box<[u32]>>,
    /// Rules that are looked at for each event.
    pub(super) always: Vec<u32>,
}

impl Plan {
    pub(super) fn new(rules: &[u32], compiled: &[Compiled], program: &Program) -> Self {
        let mut predicates: HashSet<u32> = HashSet::default();
        let mut anchored: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut always = Vec::new();
        let mut seen = HashSet::default();
        for &rule in rules {
            let Some(one) = compiled.get(rule as usize) else { continue };
            collect(program, one.root, &mut seen, &mut predicates);
            match &one.anchors {
                Some(anchors) => {
                    anchors.iter().for_each(|&anchor| anchored.entry(anchor).or_default().push(rule));
                }
                None => always.push(rule),
            }
        }
        let mut by_field: HashMap<u32, Vec<u32>> = HashMap::new();
        for &number in &predicates {
            if let Some(predicate) = program.predicates.get(number as usize).filter(|one| one.indexed) {
                by_field.entry(predicate.field).or_default().push(number);
            }
        }
        let has_anchor = |numbers: &[u32]| numbers.iter().any(|number| anchored.contains_key(number));
        let mut lists: Vec<(bool, u32, Vec<u32>)> = by_field
            .into_iter()
            .map(|(field, mut numbers)| {
                numbers.sort_unstable();
                (!has_anchor(&numbers), field, numbers)
            })
            .collect();
        lists.sort_unstable();
        let eager = lists.iter().filter(|(is_lazy, ..)| !is_lazy).count();
        let mut fields = Vec::with_capacity(lists.len());
        for (_, field, numbers) in &lists {
            fields.push((*field, FieldIndex::new(numbers, &program.predicates)));
        }
        let positions = lists.iter().zip(0..).map(|((_, field, _), position)| (*field, position)).collect();
        let anchored =
            anchored.into_iter().map(|(anchor, rules)| (anchor, rules.into_boxed_slice())).collect();
        Self { fields, eager, positions, anchored, always }
    }
}

fn collect(program: &Program, node: u32, seen: &mut HashSet<u32>, predicates: &mut HashSet<u32>) {
    if !seen.insert(node) {
        return;
    }
    match program.nodes.get(node as usize) {
        Some(Node::Predicate(number)) => {
            predicates.insert(*number);
        }
        Some(Node::Not(inner)) => collect(program, *inner, seen, predicates),
        Some(&(Node::And(start, end) | Node::Or(start, end) | Node::AtLeast(_, start, end))) => {
            for &child in program.children.get(start as usize..end as usize).unwrap_or_default() {
                collect(program, child, seen, predicates);
            }
        }
        None => {}
    }
}
