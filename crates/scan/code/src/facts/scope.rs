//! From names to what they are bound to.
//!
//! A scope's declarations are collected when it is entered, then its statements are read; nested scopes are left to their
//! own turn. So each node is looked at twice, whatever the nesting. A name that is declared twice in one scope is one
//! variable with the first declaration as its definition.

use super::{Facts, Map, import};
use crate::language::{Language, Spec};
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};

pub(super) fn resolve(tree: &Tree, symbols: &mut Symbols, spec: &Spec, facts: &mut Facts) {
    let mut resolver = Resolver { tree, symbols, spec, facts, scopes: Vec::new(), globals: Vec::new() };
    resolver.open(ScopeKind::Function, &[tree.root]);
    for child in tree.children(tree.root) {
        resolver.visit(*child);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScopeKind {
    Function,
    Lambda,
    Block,
    Class,
}

#[derive(Clone, Copy)]
enum Binding {
    Definition(NodeId),
    Import(Symbol),
}

struct Scope {
    kind: ScopeKind,
    names: Map<Symbol, Binding>,
}

struct Resolver<'a> {
    tree: &'a Tree,
    symbols: &'a mut Symbols,
    spec: &'a Spec,
    facts: &'a mut Facts,
    scopes: Vec<Scope>,
    /// Per function: names that it takes from the module.
    globals: Vec<(usize, Symbol)>,
}

/// The names that a pattern of a declaration or assignment binds.
pub(crate) fn pattern_names(tree: &Tree, id: NodeId, out: &mut Vec<NodeId>) {
    match tree.kind(id) {
        Kind::Name => out.push(id),
        Kind::Pair | Kind::KeywordArgument => {
            if let Some(value) = tree.child(id, 1) {
                pattern_names(tree, value, out);
            }
        }
        Kind::Assign => {
            if let Some(target) = tree.child(id, 0) {
                pattern_names(tree, target, out);
            }
        }
        Kind::VariableDefinition | Kind::Parameter => {
            if let Some(target) = tree.child(id, 2) {
                pattern_names(tree, target, out);
            }
        }
        Kind::Call | Kind::Construct => {
            for part in tree.children(id).iter().skip(1) {
                pattern_names(tree, *part, out);
            }
        }
        Kind::Tuple
        | Kind::List
        | Kind::Dict
        | Kind::Set
        | Kind::Spread
        | Kind::Arguments
        | Kind::Other
        | Kind::WrappedType => {
            for part in tree.children(id) {
                pattern_names(tree, *part, out);
            }
        }
        _ => {}
    }
}

impl Resolver<'_> {
    fn language(&self) -> Language {
        self.spec.language
    }

    fn blocks_are_scopes(&self) -> bool {
        !matches!(self.language(), Language::Python | Language::Ruby | Language::Php | Language::Bash)
    }

    /// Whether methods see members of their class by bare name.
    fn members_are_visible(&self) -> bool {
        matches!(
            self.language(),
            Language::Java
                | Language::CSharp
                | Language::Kotlin
                | Language::Scala
                | Language::Swift
                | Language::Cpp
                | Language::Ruby
                | Language::Solidity
        )
    }

    fn opens_block(&self, kind: Kind) -> bool {
        self.blocks_are_scopes()
            && matches!(
                kind,
                Kind::Block
                    | Kind::For
                    | Kind::ForEach
                    | Kind::Catch
                    | Kind::Case
                    | Kind::With
                    | Kind::If
                    | Kind::While
                    | Kind::Switch
            )
    }

    fn open(&mut self, kind: ScopeKind, roots: &[NodeId]) {
        self.scopes.push(Scope { kind, names: Map::default() });
        for root in roots {
            for child in self.tree.children(*root) {
                self.declare(*child);
            }
        }
    }

    /// Collects what a statement or expression declares in the innermost scope.
    fn declare(&mut self, id: NodeId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Function => {
                if let Some(name) = tree.present(id, 2) {
                    self.bind_pattern(name);
                }
                return;
            }
            Kind::Class => {
                if let Some(name) = tree.present(id, 1) {
                    self.bind_pattern(name);
                }
                return;
            }
            Kind::Lambda | Kind::Comprehension => return,
            Kind::Import | Kind::ImportFrom => {
                for bound in import::bindings(tree, self.symbols, self.spec, id, self.facts) {
                    self.bind(bound.name, Binding::Import(bound.path));
                }
                return;
            }
            Kind::Global => {
                let scope = self.scopes.len();
                for name in tree.children(id) {
                    self.globals.push((scope, tree.symbol(*name)));
                    // Makes the name the module's, also where only this function assigns it.
                    if let Some(module) = self.scopes.first_mut() {
                        module.names.entry(tree.symbol(*name)).or_insert(Binding::Definition(*name));
                    }
                }
                return;
            }
            Kind::VariableDefinition => {
                if let Some(target) = tree.present(id, 2) {
                    let value = tree.present(id, 3);
                    if !value.is_some_and(|value| self.bind_required(target, value)) {
                        match self.hoisted(id) {
                            true => self.bind_hoisted(target),
                            false => self.bind_pattern(target),
                        }
                    }
                }
            }
            Kind::Assign => {
                if let (Some(target), Some(value)) = (tree.child(id, 0), tree.child(id, 1))
                    && (self.spec.traits.assignment_declares || self.in_with(id))
                    && !self.bind_required(target, value)
                {
                    self.bind_assigned(target);
                }
            }
            Kind::AugmentedAssign if self.language() == Language::Python => {
                if let Some(target) = tree.child(id, 0) {
                    self.bind_assigned(target);
                }
            }
            Kind::ForEach | Kind::Generator => {
                if let Some(target) = tree.child(id, 0) {
                    self.bind_assigned(target);
                }
            }
            Kind::Catch => {
                if let Some(target) = tree.present(id, 1) {
                    self.bind_pattern(target);
                }
            }
            Kind::Case if matches!(self.language(), Language::Python | Language::Scala | Language::Swift) => {
                let children = tree.children(id);
                for pattern in children.iter().take(children.len().saturating_sub(1)) {
                    self.bind_case(*pattern);
                }
            }
            _ => {}
        }
        for child in tree.children(id) {
            if self.opens_block(tree.kind(*child)) {
                // What `guard` of Swift binds is there behind it.
                if let Some(guarded) = self.guarded(*child) {
                    self.declare(guarded);
                }
                continue;
            }
            self.declare(*child);
        }
    }

    /// What a `guard` of Swift asks: the operand of the negation that it is lowered to.
    fn guarded(&self, id: NodeId) -> Option<NodeId> {
        let condition = self.tree.child(id, 0).filter(|_| self.tree.kind(id) == Kind::If)?;
        (self.language() == Language::Swift && self.tree.kind(condition) == Kind::Unary).then_some(condition)
    }

    /// A condition of Swift: what it binds is known to what is asked after it, and not to its own value.
    fn condition(&mut self, id: NodeId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Unary => {
                for child in tree.children(id) {
                    self.condition(*child);
                }
            }
            Kind::Binary if tree.symbol(id) == Symbol::AND => {
                for child in tree.children(id) {
                    self.condition(*child);
                }
            }
            Kind::VariableDefinition => {
                self.visit_slots(id, &[0, 1, 3]);
                self.declare(id);
                self.visit_slots(id, &[2]);
            }
            _ => {
                self.declare(id);
                self.visit(id);
            }
        }
    }

    fn in_with(&self, id: NodeId) -> bool {
        self.tree.parent(id).is_some_and(|parent| self.tree.kind(parent) == Kind::With)
    }

    fn bind(&mut self, name: Symbol, binding: Binding) {
        let depth = self.scopes.len();
        if self.globals.iter().any(|(scope, global)| *scope == depth && *global == name) {
            return;
        }
        let Some(scope) = self.scopes.last_mut() else { return };
        match binding {
            // An import explains more than a fallback assigned beside it.
            Binding::Import(_) => {
                scope.names.insert(name, binding);
            }
            Binding::Definition(_) => {
                scope.names.entry(name).or_insert(binding);
            }
        }
    }

    fn bind_pattern(&mut self, target: NodeId) {
        let mut names = Vec::new();
        pattern_names(self.tree, target, &mut names);
        for name in names {
            self.bind(self.tree.symbol(name), Binding::Definition(name));
        }
    }

    /// The names that a branch's pattern binds: in Scala a capital letter begins a constant, in Swift `let` binds.
    fn bind_case(&mut self, pattern: NodeId) {
        let mut names = Vec::new();
        if self.language() == Language::Swift && self.tree.kind(pattern) != Kind::VariableDefinition {
            for child in self.tree.children(pattern) {
                self.bind_case(*child);
            }
            return;
        }
        pattern_names(self.tree, pattern, &mut names);
        for name in names {
            let symbol = self.tree.symbol(name);
            let constant = self.language() == Language::Scala
                && self.symbols.text(symbol).starts_with(|c: char| c.is_uppercase());
            if !constant {
                self.bind(symbol, Binding::Definition(name));
            }
        }
    }

    /// Whether a declaration belongs to the function rather than to its block (`var`).
    fn hoisted(&self, id: NodeId) -> bool {
        let modifiers = self.tree.child(id, 0).map_or(&[][..], |modifiers| self.tree.children(modifiers));
        matches!(self.language(), Language::JavaScript | Language::TypeScript)
            && modifiers.iter().any(|token| self.symbols.text(self.tree.symbol(*token)) == "var")
    }

    fn bind_hoisted(&mut self, target: NodeId) {
        let mut names = Vec::new();
        pattern_names(self.tree, target, &mut names);
        let scope = self.scopes.iter_mut().rev().find(|scope| scope.kind != ScopeKind::Block);
        let Some(scope) = scope else { return };
        for name in names {
            scope.names.entry(self.tree.symbol(name)).or_insert(Binding::Definition(name));
        }
    }

    /// Binds the names of an assignment's target. Blocks of Ruby and closures assign what is outside where it exists.
    fn bind_assigned(&mut self, target: NodeId) {
        let mut names = Vec::new();
        pattern_names(self.tree, target, &mut names);
        let in_lambda = self.scopes.last().is_some_and(|scope| scope.kind == ScopeKind::Lambda);
        for name in names {
            let symbol = self.tree.symbol(name);
            if in_lambda && self.language() != Language::Python && self.find(symbol).is_some() {
                continue;
            }
            self.bind(symbol, Binding::Definition(name));
        }
    }

    /// `x = require('m')`, `{a: b} = require('m')`, `{a} = module`: binds to the module's names.
    fn bind_required(&mut self, target: NodeId, value: NodeId) -> bool {
        if !matches!(self.language(), Language::JavaScript | Language::TypeScript) {
            return false;
        }
        let tree = self.tree;
        let known = match import::required(tree, self.symbols, value) {
            Some(path) => path,
            None if tree.kind(target) == Kind::Dict && tree.kind(value) == Kind::Name => {
                match self.find(tree.symbol(value)) {
                    Some(Binding::Import(path)) => self.symbols.text(path).to_owned(),
                    _ => return false,
                }
            }
            None => return false,
        };
        match tree.kind(target) {
            Kind::Name => {
                let path = self.symbols.intern(&known);
                self.bind(tree.symbol(target), Binding::Import(path));
                true
            }
            Kind::Dict => {
                for entry in tree.children(target) {
                    let (key, name) = match tree.kind(*entry) {
                        Kind::Name => (*entry, *entry),
                        Kind::Pair => match (tree.child(*entry, 0), tree.child(*entry, 1)) {
                            (Some(key), Some(name)) if tree.kind(name) == Kind::Name => (key, name),
                            _ => continue,
                        },
                        _ => continue,
                    };
                    let path = import::join(&known, self.symbols.text(tree.symbol(key)));
                    let path = self.symbols.intern(&path);
                    self.bind(tree.symbol(name), Binding::Import(path));
                }
                true
            }
            _ => false,
        }
    }

    fn find(&self, name: Symbol) -> Option<Binding> {
        let innermost = self.scopes.len().saturating_sub(1);
        let variable = self.is_variable(name);
        for (index, scope) in self.scopes.iter().enumerate().rev() {
            let hidden = scope.kind == ScopeKind::Class && index != innermost && !self.members_are_visible();
            if !hidden && let Some(binding) = scope.names.get(&name) {
                return Some(*binding);
            }
            // Functions of PHP see no variables of what is around them.
            let wall = scope.kind == ScopeKind::Function && index > 0;
            if self.language() == Language::Php && wall && variable && !self.is_global(index + 1, name) {
                return None;
            }
        }
        None
    }

    fn is_global(&self, depth: usize, name: Symbol) -> bool {
        self.globals.iter().any(|(scope, global)| *scope == depth && *global == name)
    }

    fn is_variable(&self, name: Symbol) -> bool {
        self.symbols.text(name).starts_with('$')
    }

    fn close(&mut self) {
        let depth = self.scopes.len();
        self.globals.retain(|(scope, _)| *scope < depth);
        self.scopes.pop();
    }

    fn visit(&mut self, id: NodeId) {
        let tree = self.tree;
        let children = tree.children(id);
        match tree.kind(id) {
            Kind::Name => self.reference(id),
            Kind::Field => {
                self.visit_slots(id, &[0]);
                if tree.child(id, 1).is_some_and(|name| tree.kind(name) != Kind::Name) {
                    self.visit_slots(id, &[1]);
                }
                self.qualify(id);
            }
            Kind::KeywordArgument | Kind::Attribute => self.visit_slots(id, &[1]),
            Kind::Pair => {
                let key_is_name = tree.child(id, 0).is_some_and(|key| tree.kind(key) == Kind::Name);
                let is_member = matches!(self.language(), Language::JavaScript | Language::TypeScript)
                    || tree.parent(id).is_some_and(|parent| tree.kind(parent) == Kind::Construct);
                if !(key_is_name && is_member) {
                    self.visit_slots(id, &[0]);
                }
                self.visit_slots(id, &[1]);
            }
            Kind::Import | Kind::ImportFrom | Kind::Package | Kind::Goto | Kind::Break | Kind::Continue => {}
            Kind::Labeled => self.visit_slots(id, &[1]),
            Kind::Function => self.function(id),
            Kind::Lambda => {
                self.parameters(tree.child(id, 0), ScopeKind::Lambda, tree.child(id, 1));
            }
            Kind::Class => self.class(id),
            Kind::Comprehension => {
                self.open(ScopeKind::Lambda, &[id]);
                for child in children {
                    self.visit(*child);
                }
                self.close();
            }
            Kind::If | Kind::While if self.language() == Language::Swift => {
                self.open(ScopeKind::Block, &[]);
                for (slot, child) in children.iter().enumerate() {
                    if slot == 0 { self.condition(*child) } else { self.visit(*child) }
                }
                self.close();
            }
            kind if self.opens_block(kind) => {
                self.open(ScopeKind::Block, &[]);
                self.declare(id);
                for child in children {
                    self.visit(*child);
                }
                self.close();
            }
            _ => {
                for child in children {
                    self.visit(*child);
                }
            }
        }
    }

    fn visit_slots(&mut self, id: NodeId, slots: &[usize]) {
        for slot in slots {
            if let Some(child) = self.tree.child(id, *slot) {
                self.visit(child);
            }
        }
    }

    fn function(&mut self, id: NodeId) {
        let tree = self.tree;
        self.visit_slots(id, &[0, 1]);
        if let Some(name) = tree.present(id, 2) {
            // A name that is qualified (`Foo::bar` outside of its class) is bound nowhere.
            if tree.kind(name) == Kind::Name {
                self.reference(name);
            } else {
                self.visit(name);
            }
        }
        self.parameters(tree.child(id, 3), ScopeKind::Function, tree.child(id, 4));
    }

    fn parameters(&mut self, parameters: Option<NodeId>, kind: ScopeKind, body: Option<NodeId>) {
        let tree = self.tree;
        let list: &[NodeId] = parameters.map_or(&[], |parameters| tree.children(parameters));
        // Types and defaults are read outside.
        for parameter in list.iter().filter(|parameter| tree.kind(**parameter) == Kind::Parameter) {
            self.visit_slots(*parameter, &[0, 1, 3]);
        }
        self.scopes.push(Scope { kind, names: Map::default() });
        for parameter in list {
            self.bind_pattern(*parameter);
        }
        if let Some(body) = body {
            for parameter in list {
                match tree.kind(*parameter) {
                    Kind::Parameter => self.visit_slots(*parameter, &[2]),
                    _ => self.visit(*parameter),
                }
            }
            if self.opens_block(tree.kind(body)) {
                // The body's block shares the scope of the parameters, as redeclaring them is an error or means them.
                for child in tree.children(body) {
                    self.declare(*child);
                }
                for child in tree.children(body) {
                    self.visit(*child);
                }
            } else {
                self.declare(body);
                self.visit(body);
            }
        }
        self.close();
    }

    fn class(&mut self, id: NodeId) {
        let tree = self.tree;
        self.visit_slots(id, &[0, 2]);
        if let Some(name) = tree.present(id, 1) {
            self.visit(name);
        }
        let Some(body) = tree.present(id, 3) else { return };
        self.open(ScopeKind::Class, &[body]);
        for child in tree.children(body) {
            self.visit(*child);
        }
        self.close();
    }

    fn reference(&mut self, id: NodeId) {
        match self.find(self.tree.symbol(id)) {
            Some(Binding::Definition(definition)) => {
                self.facts.definitions.insert(id, definition);
            }
            Some(Binding::Import(path)) => self.set_qualified(id, path),
            None => {}
        }
    }

    fn qualify(&mut self, id: NodeId) {
        let tree = self.tree;
        let (Some(object), Some(name)) = (tree.child(id, 0), tree.child(id, 1)) else { return };
        if tree.kind(name) != Kind::Name {
            return;
        }
        let Some(module) = self.facts.qualified.get(&object).copied() else { return };
        let path = import::join(self.symbols.text(module), self.symbols.text(tree.symbol(name)));
        // What grows without end is no name of a module.
        if path.len() <= 512 {
            let path = self.symbols.intern(&path);
            self.set_qualified(id, path);
        }
    }

    fn set_qualified(&mut self, id: NodeId, path: Symbol) {
        self.facts.qualified.insert(id, path);
        if let Some(short) = import::short(self.symbols.text(path)) {
            let short = self.symbols.intern(&short);
            self.facts.short.insert(id, short);
        }
    }
}
