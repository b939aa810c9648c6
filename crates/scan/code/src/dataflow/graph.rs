//! The functions of a file, which node belongs to which, and in what order to analyse them.

use crate::facts::{Facts, Map};
use crate::language::Spec;
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};

/// A parameter.
pub(super) struct Parameter {
    /// The `Parameter` node.
    pub(super) node: NodeId,
    /// What it binds.
    pub(super) target: NodeId,
    /// Its name, where it binds just one.
    pub(super) name: Symbol,
    /// What callers name it by, where that is another name.
    pub(super) label: Option<Symbol>,
    /// Takes all further arguments: `*`, `**`, `...`.
    pub(super) rest: bool,
}

/// A function, method, lambda, or the module as a whole.
pub(super) struct Function {
    pub(super) node: NodeId,
    /// Its name; [`Symbol::EMPTY`] for lambdas and the module.
    pub(super) name: Symbol,
    /// The class that it is a method of.
    pub(super) class: Option<u32>,
    /// Without the receiver.
    pub(super) parameters: Vec<Parameter>,
    /// The parameter that is the receiver.
    pub(super) receiver: Option<NodeId>,
    pub(super) body: NodeId,
    /// The function around it.
    pub(super) outer: u32,
}

/// All functions of a file; the first is the module.
pub(super) struct Graph {
    pub(super) functions: Vec<Function>,
    pub(super) by_node: Map<NodeId, u32>,
    /// What each function may call, by name.
    pub(super) calls: Vec<Vec<u32>>,
    by_name: Map<Symbol, Vec<u32>>,
    /// Per node: the function that it belongs to.
    owners: Vec<u32>,
    /// Groups of functions that call each other, callees before callers.
    pub(super) order: Vec<Vec<u32>>,
    /// Classes that inherit from a class directly.
    pub(super) subclasses: Vec<Vec<u32>>,
    /// Classes that a class inherits from directly.
    pub(super) superclasses: Vec<Vec<u32>>,
}

impl Graph {
    pub(super) fn new(tree: &Tree, symbols: &Symbols, facts: &Facts, spec: &Spec) -> Self {
        let module = Function {
            node: tree.root,
            name: Symbol::EMPTY,
            class: None,
            parameters: Vec::new(),
            receiver: None,
            body: tree.root,
            outer: 0,
        };
        let mut graph = Self {
            functions: vec![module],
            by_node: Map::default(),
            calls: Vec::new(),
            by_name: Map::default(),
            owners: vec![0; tree.len()],
            order: Vec::new(),
            subclasses: vec![Vec::new(); facts.classes.len()],
            superclasses: vec![Vec::new(); facts.classes.len()],
        };
        graph.by_node.insert(tree.root, 0);
        let mut classes: Map<NodeId, u32> = Map::default();
        for (index, class) in facts.classes.iter().enumerate() {
            for (_, method) in &class.methods {
                classes.insert(*method, index as u32);
            }
            for parent in &class.supers {
                if let Some(parent) =
                    facts.class_named(symbols, *parent).filter(|parent| *parent != index as u32)
                {
                    graph.subclasses[parent as usize].push(index as u32);
                    graph.superclasses[index].push(parent);
                }
            }
        }
        graph.find(tree, symbols, spec, &classes);
        for index in 0..graph.functions.len() {
            // Making an object calls the constructor by the name of the class.
            let function = &graph.functions[index];
            let Some(class) = function.class.and_then(|class| facts.classes.get(class as usize)) else {
                continue;
            };
            if class.name != function.name && is_constructor_name(symbols.text(function.name)) {
                graph.by_name.entry(class.name).or_default().push(index as u32);
                for child in graph.heirs(function.class.unwrap_or(0)) {
                    let name = facts.classes[child as usize].name;
                    graph.by_name.entry(name).or_default().push(index as u32);
                }
            }
        }
        graph.sort(tree);
        graph
    }

    /// Classes that inherit from a class.
    fn heirs(&self, class: u32) -> Vec<u32> {
        let mut out: Vec<u32> = Vec::new();
        let mut queue = vec![class];
        while let Some(at) = queue.pop() {
            for next in self.subclasses.get(at as usize).into_iter().flatten() {
                if *next != class && !out.contains(next) && out.len() < 64 {
                    out.push(*next);
                    queue.push(*next);
                }
            }
        }
        out
    }

    /// The function that a node belongs to.
    pub(super) fn owner(&self, id: NodeId) -> u32 {
        self.owners.get(id.0 as usize).copied().unwrap_or(0)
    }

    /// Functions of this name.
    pub(super) fn named(&self, name: Symbol) -> &[u32] {
        self.by_name.get(&name).map_or(&[], Vec::as_slice)
    }

    fn find(&mut self, tree: &Tree, symbols: &Symbols, spec: &Spec, classes: &Map<NodeId, u32>) {
        let mut stack = vec![(tree.root, 0u32)];
        while let Some((id, owner)) = stack.pop() {
            self.owners[id.0 as usize] = owner;
            let mut inner = owner;
            if tree.kind(id).is_function() {
                inner = self.functions.len() as u32;
                let function = function(tree, symbols, spec, id, owner, classes.get(&id).copied());
                self.by_node.insert(id, inner);
                if function.name != Symbol::EMPTY {
                    self.by_name.entry(function.name).or_default().push(inner);
                }
                self.functions.push(function);
            }
            for (slot, child) in tree.children(id).iter().enumerate().rev() {
                // The name and the modifiers belong to what is around.
                let outside = tree.kind(id) == Kind::Function && slot < 3;
                // What a function takes from the module is the module's.
                let of_module = tree.kind(id) == Kind::Global;
                stack.push((
                    *child,
                    if of_module {
                        0
                    } else if outside {
                        owner
                    } else {
                        inner
                    },
                ));
            }
        }
    }

    /// Tarjan's algorithm over calls by name, with a stack of its own.
    fn sort(&mut self, tree: &Tree) {
        let count = self.functions.len();
        let mut calls: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut nested: Vec<Vec<u32>> = vec![Vec::new(); count];
        for id in tree.ids() {
            let owner = self.owner(id) as usize;
            match tree.kind(id) {
                Kind::Call | Kind::New => {
                    let callee = tree.child(id, 0);
                    let name = callee.and_then(|callee| match tree.kind(callee) {
                        Kind::Name => Some(callee),
                        Kind::Field => tree.child(callee, 1),
                        Kind::GenericType => tree.child(callee, 0),
                        _ => None,
                    });
                    let Some(name) = name.map(|name| tree.symbol(name)) else { continue };
                    // A name shared by very many says little.
                    calls[owner].extend(self.named(name).iter().take(16));
                }
                Kind::Function | Kind::Lambda => {
                    if let Some(inner) = self.by_node.get(&id) {
                        nested[owner].push(*inner);
                    }
                }
                _ => {}
            }
        }
        let tidy = |list: &mut Vec<u32>| {
            list.sort_unstable();
            list.dedup();
        };
        calls.iter_mut().for_each(tidy);
        for (list, calls) in nested.iter_mut().zip(&calls) {
            list.extend(calls);
            tidy(list);
        }
        self.order = components(&nested);
        self.calls = calls;
    }
}

/// Names of methods that make an object, beside that of the class.
pub(super) fn is_constructor_name(name: &str) -> bool {
    matches!(name, "__init__" | "constructor" | "initialize" | "__construct" | "<init>" | "init" | "new")
}

fn function(
    tree: &Tree,
    symbols: &Symbols,
    spec: &Spec,
    id: NodeId,
    outer: u32,
    class: Option<u32>,
) -> Function {
    let is_lambda = tree.kind(id) == Kind::Lambda;
    let (name, list, body) = if is_lambda {
        (Symbol::EMPTY, tree.child(id, 0), tree.child(id, 1))
    } else {
        let name = tree.present(id, 2).map_or(Symbol::EMPTY, |name| tree.symbol(name));
        (name, tree.child(id, 3), tree.child(id, 4))
    };
    let modifiers = if is_lambda { &[][..] } else { tree.child(id, 0).map_or(&[][..], |m| tree.children(m)) };
    let word = |id: NodeId| match tree.kind(id) {
        Kind::Decorator => tree.child(id, 0).map_or("", |name| symbols.text(tree.symbol(name))),
        _ => symbols.text(tree.symbol(id)),
    };
    let is_static = modifiers.iter().any(|modifier| matches!(word(*modifier), "static" | "staticmethod"));
    let mut parameters = Vec::new();
    for node in list.map_or(&[][..], |list| tree.children(list)) {
        let (target, rest) = match tree.kind(*node) {
            Kind::Parameter => {
                let sign = symbols.text(tree.symbol(*node));
                (tree.child(*node, 2).unwrap_or(*node), matches!(sign, "*" | "**" | "..."))
            }
            Kind::Name => (*node, false),
            _ => continue,
        };
        let name = if tree.kind(target) == Kind::Name { tree.symbol(target) } else { Symbol::EMPTY };
        // The label of Swift stands among the modifiers.
        let label = match tree.kind(*node) {
            Kind::Parameter => tree
                .child(*node, 0)
                .and_then(|words| tree.children(words).iter().find(|word| tree.kind(**word) == Kind::Name))
                .map(|label| tree.symbol(*label)),
            _ => None,
        };
        parameters.push(Parameter { node: *node, target, name, label, rest });
    }
    // The receiver of a Go method stands in its modifiers.
    let mut receiver = modifiers
        .iter()
        .find(|modifier| tree.kind(**modifier) == Kind::Parameters)
        .and_then(|parameters| tree.child(*parameters, 0))
        .and_then(|parameter| tree.present(parameter, 2));
    let first_is_receiver = spec.traits.explicit_receiver
        && class.is_some()
        && !is_static
        && parameters.first().is_some_and(|first| {
            spec.language == crate::language::Language::Python
                || spec.traits.receivers.contains(&symbols.text(first.name))
        });
    if first_is_receiver {
        receiver = Some(parameters.remove(0).target);
    }
    Function { node: id, name, class, parameters, receiver, body: body.unwrap_or(id), outer }
}

fn components(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    const NEW: u32 = u32::MAX;
    let count = edges.len();
    let (mut index, mut low, mut on_stack) = (vec![NEW; count], vec![0u32; count], vec![false; count]);
    let (mut stack, mut out, mut next) = (Vec::new(), Vec::new(), 0u32);
    for root in 0..count {
        if index[root] != NEW {
            continue;
        }
        let mut work: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((at, edge)) = work.pop() {
            if edge == 0 {
                index[at] = next;
                low[at] = next;
                next += 1;
                stack.push(at);
                on_stack[at] = true;
            } else {
                let child = edges[at][edge - 1] as usize;
                low[at] = low[at].min(low[child]);
            }
            let mut edge = edge;
            let mut descended = false;
            while let Some(child) = edges[at].get(edge).map(|child| *child as usize) {
                edge += 1;
                if index[child] == NEW {
                    work.push((at, edge));
                    work.push((child, 0));
                    descended = true;
                    break;
                }
                if on_stack[child] {
                    low[at] = low[at].min(index[child]);
                }
            }
            if descended {
                continue;
            }
            if low[at] == index[at] {
                let mut group = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    group.push(member as u32);
                    if member == at {
                        break;
                    }
                }
                group.sort_unstable();
                out.push(group);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callees_come_before_callers() {
        assert_eq!(components(&[vec![1], vec![2, 3], vec![1], vec![]]), vec![vec![3], vec![1, 2], vec![0]]);
    }
}
