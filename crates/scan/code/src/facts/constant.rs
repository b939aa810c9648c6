//! Values known without running the program.
//!
//! One walk in order of execution with the known value of each variable. Branches are read one after the other and joined:
//! what they leave different is unknown. Before a loop all that its body assigns is unknown. Functions see of the outside
//! only what is assigned once. So every statement is read once.

use super::fold::Folder;
use super::scope::pattern_names;
use super::{Constant, Facts, Map};
use crate::language::{Language, Spec};
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};

pub(super) fn propagate(tree: &Tree, symbols: &mut Symbols, spec: &Spec, facts: &mut Facts) {
    let mut pass = Pass {
        tree,
        language: spec.language,
        symbols,
        facts,
        assignments: Vec::new(),
        singles: Map::default(),
        counts: Map::default(),
        state: Map::default(),
        lists: Map::default(),
        expressions: Map::default(),
        deferred: Vec::new(),
        dead: false,
    };
    pass.count_assignments();
    pass.visit(tree.root);
    while let Some(function) = pass.deferred.pop() {
        pass.state.clear();
        pass.dead = false;
        pass.function(function);
    }
}

struct Pass<'a> {
    tree: &'a Tree,
    language: Language,
    symbols: &'a mut Symbols,
    facts: &'a mut Facts,
    /// Where variables are assigned, in order of the source.
    assignments: Vec<(u32, NodeId)>,
    counts: Map<NodeId, u32>,
    /// Values of variables that are assigned once and not in a function's parameters.
    singles: Map<NodeId, Constant>,
    /// Values of variables at this point.
    state: Map<NodeId, Constant>,
    /// Variables that are assigned once, to a collection of constants.
    lists: Map<NodeId, bool>,
    /// Variables that are assigned once, to a regular expression literal.
    expressions: Map<NodeId, NodeId>,
    deferred: Vec<NodeId>,
    dead: bool,
}

/// Methods that change what a collection holds.
const CHANGERS: &[&str] = &[
    "add",
    "addAll",
    "addFirst",
    "addLast",
    "append",
    "appendleft",
    "clear",
    "compute",
    "computeIfAbsent",
    "delete",
    "extend",
    "insert",
    "merge",
    "offer",
    "pop",
    "popitem",
    "prepend",
    "push",
    "put",
    "putAll",
    "putIfAbsent",
    "remove",
    "replace",
    "reverse",
    "set",
    "setdefault",
    "shift",
    "sort",
    "splice",
    "store",
    "unshift",
    "update",
    "Add",
    "AddRange",
    "Insert",
    "Remove",
    "Clear",
];

impl Pass<'_> {
    fn count_assignments(&mut self) {
        let tree = self.tree;
        let mut members: Map<Symbol, u32> = Map::default();
        for id in tree.ids() {
            if let Some(place) = self.changed_within(id) {
                match tree.kind(place) {
                    Kind::Name => {
                        if let Some(variable) = self.variable(place) {
                            *self.counts.entry(variable).or_default() += 1;
                        }
                    }
                    Kind::Field => {
                        if let Some(name) = tree.child(place, 1) {
                            *members.entry(tree.symbol(name)).or_default() += 1;
                        }
                    }
                    _ => {}
                }
            }
            let (target, value) = match tree.kind(id) {
                Kind::Assign | Kind::AugmentedAssign => (tree.child(id, 0), true),
                Kind::VariableDefinition => (tree.present(id, 2), tree.present(id, 3).is_some()),
                Kind::ForEach | Kind::Generator => (tree.child(id, 0), true),
                Kind::Parameter => (tree.child(id, 2), true),
                Kind::Catch => (tree.present(id, 1), true),
                Kind::Unary | Kind::Postfix if self.changes(id) => (tree.child(id, 0), true),
                Kind::Delete => {
                    for target in tree.children(id) {
                        self.count_target(*target, tree.node(id).start);
                    }
                    continue;
                }
                _ => continue,
            };
            let Some(target) = target else { continue };
            if tree.kind(target) == Kind::Field
                && let Some(name) = tree.child(target, 1)
            {
                *members.entry(tree.symbol(name)).or_default() += 1;
            }
            if value {
                self.count_target(target, tree.node(id).start);
            }
        }
        self.assignments.sort_unstable();
        // `object.name = …` may mean any member of that name; constructors of frozen classes included.
        for definition in self.facts.members.keys() {
            if let Some(more) = members.get(&tree.symbol(*definition)) {
                *self.counts.entry(*definition).or_default() += more;
            }
        }
    }

    /// The place whose contents a node changes: `place[k] = v`, `place.add(v)`.
    fn changed_within(&self, id: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        let target = tree.child(id, 0)?;
        match tree.kind(id) {
            Kind::Assign | Kind::AugmentedAssign | Kind::Delete if tree.kind(target) == Kind::Index => {
                tree.child(target, 0)
            }
            Kind::Call if tree.kind(target) == Kind::Field => {
                let name = self.symbols.text(tree.symbol(tree.child(target, 1)?));
                CHANGERS.contains(&name).then(|| tree.child(target, 0)).flatten()
            }
            _ => None,
        }
    }

    fn changes(&self, id: NodeId) -> bool {
        matches!(self.tree.symbol(id), Symbol::INCREMENT | Symbol::DECREMENT)
    }

    fn count_target(&mut self, target: NodeId, at: u32) {
        let mut names = Vec::new();
        pattern_names(self.tree, target, &mut names);
        for name in names {
            if let Some(variable) = self.variable(name) {
                *self.counts.entry(variable).or_default() += 1;
                self.assignments.push((at, variable));
            }
        }
    }

    fn variable(&self, name: NodeId) -> Option<NodeId> {
        self.facts.definitions.get(&name).copied()
    }

    /// The variables assigned within a node, each once.
    fn assigned_in(&self, id: NodeId) -> Vec<NodeId> {
        let node = self.tree.node(id);
        let from = self.assignments.partition_point(|(at, _)| *at < node.start);
        let to = self.assignments.partition_point(|(at, _)| *at < node.end);
        let mut out: Vec<NodeId> = self.assignments[from..to].iter().map(|(_, variable)| *variable).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    fn forget(&mut self, id: NodeId) {
        for variable in self.assigned_in(id) {
            self.state.remove(&variable);
        }
    }

    fn folder(&mut self) -> Folder<'_> {
        Folder { symbols: self.symbols, language: self.language }
    }

    fn function(&mut self, id: NodeId) {
        let (parameters, body) = if self.tree.kind(id) == Kind::Function { (3, 4) } else { (0, 1) };
        for slot in [parameters, body] {
            if let Some(child) = self.tree.child(id, slot) {
                self.visit(child);
            }
        }
    }

    fn visit_all(&mut self, id: NodeId) {
        for child in self.tree.children(id) {
            self.visit(*child);
        }
    }

    fn visit_slot(&mut self, id: NodeId, slot: usize) {
        if let Some(child) = self.tree.child(id, slot) {
            self.visit(child);
        }
    }

    fn visit(&mut self, id: NodeId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Function | Kind::Lambda => {
                self.deferred.push(id);
                if tree.kind(id) == Kind::Function {
                    self.visit_slot(id, 0);
                }
            }
            Kind::If => self.branches(id, &[1, 2]),
            Kind::Ternary => {
                self.branches(id, &[1, 2]);
                self.fold(id);
            }
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach | Kind::Comprehension => {
                let dead = self.dead;
                // The iterated expression is read before anything is assigned in the loop.
                if tree.kind(id) == Kind::ForEach {
                    self.visit_slot(id, 1);
                } else if tree.kind(id) == Kind::For {
                    self.visit_slot(id, 0);
                }
                self.forget(id);
                match tree.kind(id) {
                    Kind::ForEach => {
                        for slot in [0, 2, 3] {
                            self.visit_slot(id, slot);
                        }
                    }
                    Kind::For => {
                        for slot in [1, 3, 2] {
                            self.visit_slot(id, slot);
                        }
                    }
                    _ => self.visit_all(id),
                }
                self.forget(id);
                self.dead = dead;
            }
            Kind::Switch => self.switch(id),
            Kind::Try | Kind::Labeled => {
                let dead = self.dead;
                for child in tree.children(id) {
                    self.visit(*child);
                    self.forget(*child);
                    self.dead = dead;
                }
            }
            Kind::Return | Kind::Throw | Kind::Break | Kind::Continue | Kind::Goto => {
                self.visit_all(id);
                self.dead = true;
            }
            Kind::Assign => {
                self.visit_slot(id, 1);
                let (target, value) = (tree.child(id, 0), tree.child(id, 1));
                self.assign(target, value);
            }
            Kind::VariableDefinition => {
                self.visit_slot(id, 0);
                self.visit_slot(id, 3);
                if let Some(value) = tree.present(id, 3) {
                    self.assign(tree.present(id, 2), Some(value));
                }
            }
            Kind::AugmentedAssign => {
                self.visit_slot(id, 1);
                self.visit_slot(id, 0);
                self.augmented(id);
            }
            Kind::Unary | Kind::Postfix if self.changes(id) => {
                self.visit_all(id);
                self.forget(id);
            }
            Kind::Delete => {
                self.visit_all(id);
                self.forget(id);
            }
            Kind::Binary if matches!(tree.symbol(id), Symbol::AND | Symbol::OR | Symbol::COALESCE) => {
                self.visit_slot(id, 0);
                self.visit_slot(id, 1);
                if let Some(right) = tree.child(id, 1) {
                    self.forget(right);
                }
                self.fold(id);
            }
            Kind::Name => self.name(id),
            Kind::Field => {
                self.visit_slot(id, 0);
                self.member(id);
                self.fold(id);
            }
            Kind::KeywordArgument => self.visit_slot(id, 1),
            Kind::Import | Kind::ImportFrom | Kind::Package => {}
            _ => {
                self.visit_all(id);
                self.fold(id);
            }
        }
    }

    /// Reads branches from the same state and keeps what all that end leave equal.
    fn branches(&mut self, id: NodeId, slots: &[usize]) {
        let tree = self.tree;
        self.visit_slot(id, 0);
        let truth = tree.child(id, 0).and_then(|condition| self.truth(condition));
        let parts: Vec<NodeId> = slots.iter().filter_map(|slot| tree.child(id, *slot)).collect();
        let never = |index: usize| truth.is_some_and(|truth| truth == (index == 1));
        self.join(id, &parts, never);
    }

    fn truth(&mut self, id: NodeId) -> Option<bool> {
        let value = self.facts.constant(self.tree, id)?;
        self.folder().truth(value)
    }

    fn join(&mut self, whole: NodeId, parts: &[NodeId], never: impl Fn(usize) -> bool) {
        let variables = self.assigned_in(whole);
        let before: Vec<Option<Constant>> = variables.iter().map(|v| self.state.get(v).copied()).collect();
        let was_dead = self.dead;
        let mut joined: Option<Vec<Option<Constant>>> = None;
        for (index, part) in parts.iter().enumerate() {
            self.restore(&variables, &before);
            self.dead = was_dead;
            self.visit(*part);
            if self.dead && !was_dead || never(index) {
                continue;
            }
            let after: Vec<Option<Constant>> = variables.iter().map(|v| self.state.get(v).copied()).collect();
            joined = Some(match joined {
                None => after,
                Some(other) => {
                    other.into_iter().zip(after).map(|(a, b)| if a == b { a } else { None }).collect()
                }
            });
        }
        self.dead = was_dead || joined.is_none() && !parts.is_empty();
        self.restore(&variables, &joined.unwrap_or_else(|| vec![None; variables.len()]));
    }

    fn restore(&mut self, variables: &[NodeId], values: &[Option<Constant>]) {
        for (variable, value) in variables.iter().zip(values) {
            match value {
                Some(value) => self.state.insert(*variable, *value),
                None => self.state.remove(variable),
            };
        }
    }

    /// Cases may fall through or leave early: what any of them assigns is unknown in the next and afterwards.
    fn switch(&mut self, id: NodeId) {
        let dead = self.dead;
        self.visit_slot(id, 0);
        for case in self.tree.children(id).iter().skip(1) {
            self.visit_all(*case);
            self.forget(*case);
            self.dead = dead;
        }
        self.forget(id);
    }

    fn assign(&mut self, target: Option<NodeId>, value: Option<NodeId>) {
        let (Some(target), Some(value)) = (target, value) else { return };
        if self.tree.kind(target) != Kind::Name {
            self.visit(target);
            let mut names = Vec::new();
            pattern_names(self.tree, target, &mut names);
            for name in names {
                if let Some(variable) = self.variable(name) {
                    self.state.remove(&variable);
                }
            }
            return;
        }
        let Some(variable) = self.variable(target) else { return };
        let once = self.counts.get(&variable) == Some(&1);
        match self.facts.constant(self.tree, value) {
            Some(constant) => {
                self.state.insert(variable, constant);
                if once && (!self.facts.members.contains_key(&variable) || self.is_fixed(variable)) {
                    self.singles.insert(variable, constant);
                }
            }
            None => {
                self.state.remove(&variable);
                if once && self.tree.kind(value) == Kind::Regex {
                    self.expressions.insert(variable, value);
                }
                if once && self.facts.collections.contains(&value) {
                    self.lists.insert(variable, self.facts.tables.contains(&value));
                }
            }
        }
    }

    /// Whether a member that this file assigns once is assigned nowhere else.
    fn is_fixed(&self, definition: NodeId) -> bool {
        if self.language == Language::Python {
            return true;
        }
        let Some(owner) =
            self.tree.ancestors(definition).find(|id| self.tree.kind(*id) == Kind::VariableDefinition)
        else {
            return false;
        };
        let modifiers = self.tree.child(owner, 0).map_or(&[][..], |modifiers| self.tree.children(modifiers));
        modifiers.iter().any(|token| {
            matches!(
                self.symbols.text(self.tree.symbol(*token)),
                "final" | "const" | "readonly" | "private" | "val" | "let" | "static const"
            )
        })
    }

    fn augmented(&mut self, id: NodeId) {
        let tree = self.tree;
        let (Some(target), Some(value)) = (tree.child(id, 0), tree.child(id, 1)) else { return };
        let Some(variable) = self.variable(target).filter(|_| tree.kind(target) == Kind::Name) else {
            return;
        };
        let operands = (self.state.get(&variable).copied(), self.facts.constant(tree, value));
        let result = match operands {
            (Some(left), Some(right)) => self.folder().binary(tree.symbol(id), left, right),
            _ => None,
        };
        match result {
            Some(result) => self.state.insert(variable, result),
            None => self.state.remove(&variable),
        };
    }

    fn name(&mut self, id: NodeId) {
        let Some(variable) = self.variable(id) else { return };
        if id == variable {
            return;
        }
        let known = self.state.get(&variable).or_else(|| self.singles.get(&variable)).copied();
        if let Some(constant) = known {
            self.facts.constants.insert(id, constant);
        }
        if let Some(literal) = self.expressions.get(&variable) {
            self.facts.expressions.insert(id, *literal);
        }
        self.list(id, variable);
    }

    /// `Class.NAME`, `self.NAME`: a member that is assigned once.
    fn member(&mut self, id: NodeId) {
        let tree = self.tree;
        let (Some(object), Some(name)) = (tree.child(id, 0), tree.child(id, 1)) else { return };
        if tree.kind(object) != Kind::Name {
            return;
        }
        let named =
            self.facts.definitions.get(&object).and_then(|definition| self.facts.class_defined(*definition));
        let class = named.and_then(|class| self.facts.classes.get(class as usize));
        let class = class.or_else(|| {
            let text = self.symbols.text(tree.symbol(object));
            let enclosing = || tree.ancestors(id).find(|above| tree.kind(*above) == Kind::Class);
            matches!(text, "this" | "self" | "cls")
                .then(enclosing)
                .flatten()
                .and_then(|node| self.facts.class_defined(self.tree.present(node, 1)?))
                .and_then(|class| self.facts.classes.get(class as usize))
        });
        let Some(member) = class.and_then(|class| class.fields.get(&tree.symbol(name))).copied() else {
            return;
        };
        if let Some(constant) = self.singles.get(&member) {
            self.facts.constants.insert(id, *constant);
        }
        self.list(id, member);
    }

    fn list(&mut self, id: NodeId, variable: NodeId) {
        if let Some(is_table) = self.lists.get(&variable) {
            self.facts.collections.insert(id);
            if *is_table {
                self.facts.tables.insert(id);
            }
        }
    }

    fn fold(&mut self, id: NodeId) {
        if let Some(constant) = self.folded(id) {
            self.facts.constants.insert(id, constant);
        } else if self.is_collection(id) {
            self.facts.collections.insert(id);
            if self.is_table(id) {
                self.facts.tables.insert(id);
            }
        }
    }

    fn folded(&mut self, id: NodeId) -> Option<Constant> {
        let tree = self.tree;
        let value = |pass: &Self, slot: usize| pass.facts.constant(tree, tree.child(id, slot)?);
        match tree.kind(id) {
            Kind::Binary if matches!(tree.symbol(id), Symbol::AND | Symbol::OR) => {
                let left = value(self, 0)?;
                let truth = self.folder().truth(left)?;
                if truth == (tree.symbol(id) == Symbol::AND) { value(self, 1) } else { Some(left) }
            }
            Kind::Binary => {
                let (left, right) = (value(self, 0)?, value(self, 1)?);
                self.folder().binary(tree.symbol(id), left, right)
            }
            Kind::Unary => {
                let operand = value(self, 0)?;
                self.folder().unary(tree.symbol(id), operand)
            }
            Kind::Ternary => {
                let condition = tree.child(id, 0)?;
                match self.truth(condition) {
                    Some(truth) => value(self, if truth { 1 } else { 2 }),
                    None => {
                        let (then, other) = (value(self, 1)?, value(self, 2)?);
                        let is_string = |c| matches!(c, Constant::String(_) | Constant::SomeString);
                        if then == other {
                            Some(then)
                        } else if is_string(then) && is_string(other) {
                            Some(Constant::SomeString)
                        } else {
                            None
                        }
                    }
                }
            }
            Kind::Template => {
                let mut pieces = Vec::new();
                for part in tree.children(id) {
                    pieces.push(match tree.kind(*part) {
                        Kind::StringPart => Constant::String(tree.symbol(*part)),
                        _ => self.facts.constant(tree, *part)?,
                    });
                }
                Some(self.folder().concatenate(&pieces))
            }
            Kind::Index => {
                let [object, index] = tree.children(id) else { return None };
                let object = self.facts.constant(tree, *object)?;
                let index = self.facts.constant(tree, *index)?;
                self.folder().at(object, index)
            }
            Kind::Cast => value(self, 1),
            Kind::Call => self.call(id),
            _ => None,
        }
    }

    fn call(&mut self, id: NodeId) -> Option<Constant> {
        let tree = self.tree;
        let callee = tree.child(id, 0)?;
        let list = tree.children(tree.child(id, 1)?);
        let mut arguments = Vec::with_capacity(list.len().min(4));
        for argument in list.iter().take(5) {
            arguments.push(self.facts.constant(tree, *argument)?);
        }
        let (object, name) = match tree.kind(callee) {
            Kind::Field => (self.facts.constant(tree, tree.child(callee, 0)?)?, tree.child(callee, 1)?),
            Kind::Name if arguments.len() == 1 && self.variable(callee).is_none() => {
                (arguments.pop()?, callee)
            }
            _ => return None,
        };
        let name = self.symbols.text(tree.symbol(name)).to_owned();
        let is_function = tree.kind(callee) == Kind::Name;
        if is_function && !matches!(name.as_str(), "len" | "strlen" | "str") {
            return None;
        }
        let name = match name.as_str() {
            "strlen" => "len",
            "str" => "toString",
            name => name,
        };
        if !matches!(object, Constant::String(_) | Constant::SomeString)
            && name != "toString"
            && name != "equals"
        {
            return None;
        }
        self.folder().method(name, object, &arguments)
    }

    /// Whether what a collection of constants has under its keys is constant too.
    fn is_table(&self, id: NodeId) -> bool {
        let tree = self.tree;
        let value = |entry: &NodeId| {
            let value = match tree.kind(*entry) {
                Kind::Pair => tree.child(*entry, 1),
                _ => Some(*entry),
            };
            value.is_some_and(|value| {
                self.facts.constant(tree, value).is_some() || self.facts.tables.contains(&value)
            })
        };
        match tree.kind(id) {
            Kind::Dict => tree.children(id).iter().all(value),
            Kind::Construct => tree.children(id).iter().skip(1).all(value),
            Kind::New | Kind::Call => {
                tree.child(id, 1).is_some_and(|arguments| tree.children(arguments).iter().all(value))
            }
            Kind::Field => tree.child(id, 0).is_some_and(|object| self.facts.tables.contains(&object)),
            _ => true,
        }
    }

    /// Whether an expression is a collection of nothing but constants.
    fn is_collection(&self, id: NodeId) -> bool {
        let tree = self.tree;
        let constant =
            |id: &NodeId| self.facts.constant(tree, *id).is_some() || self.facts.collections.contains(id);
        match tree.kind(id) {
            Kind::List | Kind::Tuple | Kind::Set => {
                !tree.children(id).is_empty() && tree.children(id).iter().all(constant)
            }
            Kind::Dict => {
                let key = |entry: &NodeId| {
                    tree.kind(*entry) == Kind::Pair
                        && tree.child(*entry, 0).is_some_and(|key| {
                            constant(&key) || tree.kind(key) == Kind::Name && self.variable(key).is_none()
                        })
                };
                !tree.children(id).is_empty() && tree.children(id).iter().all(key)
            }
            Kind::Construct => {
                let entries = tree.children(id).get(1..).unwrap_or_default();
                let key = |entry: &NodeId| match tree.kind(*entry) {
                    Kind::Pair => tree.child(*entry, 0).is_some_and(|key| constant(&key)),
                    _ => constant(entry),
                };
                !entries.is_empty() && entries.iter().all(key)
            }
            Kind::New | Kind::Call => {
                let Some(arguments) = tree.child(id, 1) else { return false };
                let arguments = tree.children(arguments);
                let callee = tree.child(id, 0);
                let name = callee.and_then(|callee| match tree.kind(callee) {
                    Kind::Name => Some(callee),
                    Kind::Field => tree.child(callee, 1),
                    Kind::GenericType => tree.child(callee, 0),
                    _ => None,
                });
                let copies = name.is_some_and(|name| {
                    matches!(
                        self.symbols.text(tree.symbol(name)),
                        "frozenset"
                            | "set"
                            | "list"
                            | "tuple"
                            | "dict"
                            | "Set"
                            | "Map"
                            | "HashSet"
                            | "ArrayList"
                            | "LinkedHashSet"
                            | "TreeSet"
                            | "of"
                            | "asList"
                            | "unmodifiableSet"
                            | "unmodifiableList"
                            | "copyOf"
                            | "freeze"
                            | "listOf"
                            | "setOf"
                            | "List"
                            | "Vector"
                            | "array"
                            | "entry"
                            | "ofEntries"
                            | "keys"
                            | "values"
                            | "emptyList"
                            | "singleton"
                            | "singletonList"
                            | "to_set"
                    )
                });
                let receiver = callee
                    .filter(|callee| tree.kind(*callee) == Kind::Field)
                    .and_then(|callee| tree.child(callee, 0))
                    .is_some_and(|object| self.facts.collections.contains(&object));
                copies
                    && (!arguments.is_empty() && arguments.iter().all(constant)
                        || arguments.is_empty() && receiver)
            }
            Kind::Field => {
                // `CONSTANTS.freeze`
                tree.child(id, 0).is_some_and(|object| self.facts.collections.contains(&object))
                    && tree.child(id, 1).is_some_and(|name| self.symbols.text(tree.symbol(name)) == "freeze")
            }
            _ => false,
        }
    }
}
