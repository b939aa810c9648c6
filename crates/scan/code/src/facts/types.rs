//! Classes of the file, and types of expressions.
//!
//! A type is what is declared or follows from one constructor call; there is no solving of constraints. Two variables of
//! different types under one name have none.

use super::{Facts, Map, import};
use crate::language::{Language, Spec};
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};

/// A class, interface or other type with members.
#[derive(Debug)]
pub struct Class {
    /// Its `Class` node.
    pub node: NodeId,
    /// The `Name` node of its definition; [`NodeId::NONE`] for one without name.
    pub definition: NodeId,
    /// Its simple name.
    pub name: Symbol,
    /// What it inherits from, as dotted text, qualified where an import explains it.
    pub supers: Vec<Symbol>,
    /// Its fields by name: the `Name` node of the definition.
    pub fields: Map<Symbol, NodeId>,
    /// Its methods in order of the source: name and `Function` node.
    pub methods: Vec<(Symbol, NodeId)>,
    /// Types of fields, declared or assigned in a method.
    pub types: Map<Symbol, Symbol>,
}

/// The type that a type expression names.
fn type_name(tree: &Tree, symbols: &mut Symbols, facts: &Facts, id: NodeId) -> Option<Symbol> {
    match tree.kind(id) {
        Kind::Name | Kind::Field => match facts.qualified.get(&id) {
            Some(path) => Some(*path),
            None => {
                let text = import::dotted(tree, symbols, id)?;
                Some(symbols.intern(&text))
            }
        },
        Kind::String => Some(tree.symbol(id)),
        Kind::GenericType => type_name(tree, symbols, facts, tree.child(id, 0)?),
        Kind::WrappedType => {
            let inner = type_name(tree, symbols, facts, tree.child(id, 0)?)?;
            let sign = symbols.text(tree.symbol(id)).to_owned();
            let text = match sign.as_str() {
                "[]" => format!("{}[]", symbols.text(inner)),
                // A pointer or reference is used like what it points to.
                _ => return Some(inner),
            };
            Some(symbols.intern(&text))
        }
        Kind::Token => Some(tree.symbol(id)),
        Kind::Other => match tree.children(id) {
            [] => Some(tree.symbol(id)).filter(|symbol| *symbol != Symbol::EMPTY),
            [only] => type_name(tree, symbols, facts, *only),
            _ => None,
        },
        _ => None,
    }
}

/// Finds the classes and their members.
pub(super) fn classes(tree: &Tree, symbols: &mut Symbols, spec: &Spec, facts: &mut Facts) {
    let mut nodes: Vec<NodeId> = tree.ids().filter(|id| tree.kind(*id) == Kind::Class).collect();
    // What an `impl` of Rust holds belongs to the type, which may stand behind it.
    let adds = |symbols: &Symbols, id: NodeId| {
        spec.language == Language::Rust && symbols.text(tree.symbol(id)) == "impl"
    };
    nodes.sort_by_key(|id| (adds(symbols, *id), tree.node(*id).start, std::cmp::Reverse(tree.node(*id).end)));
    for node in nodes {
        let definition = tree.present(node, 1).unwrap_or(NodeId::NONE);
        let name = if definition == NodeId::NONE { Symbol::EMPTY } else { tree.symbol(definition) };
        let mut class = Class {
            node,
            definition,
            name,
            supers: Vec::new(),
            fields: Map::default(),
            methods: Vec::new(),
            types: Map::default(),
        };
        for parent in tree.child(node, 2).map_or(&[][..], |supers| tree.children(supers)) {
            // With what it is made of.
            let parent = match tree.kind(*parent) {
                Kind::Call => tree.child(*parent, 0).unwrap_or(*parent),
                _ => *parent,
            };
            class.supers.extend(type_name(tree, symbols, facts, parent));
        }
        if let Some(body) = tree.present(node, 3) {
            members(tree, symbols, facts, body, &mut class);
        }
        let known = facts.by_name.get(&name).copied().filter(|_| adds(symbols, node));
        if let Some(index) = known
            && let Some(known) = facts.classes.get_mut(index as usize)
        {
            for (_, method) in &class.methods {
                if let Some(name) = tree.present(*method, 2) {
                    facts.members.insert(name, index);
                }
            }
            known.supers.extend(class.supers);
            known.methods.extend(class.methods);
            continue;
        }
        let index = facts.classes.len() as u32;
        if name != Symbol::EMPTY {
            facts.by_name.entry(name).or_insert(index);
            facts.by_definition.insert(definition, index);
        }
        for field in class.fields.values() {
            facts.members.insert(*field, index);
        }
        for (_, method) in &class.methods {
            if let Some(name) = tree.present(*method, 2) {
                facts.members.insert(name, index);
            }
        }
        facts.classes.push(class);
    }
    if spec.language == Language::Go || spec.language == Language::Rust {
        outside_methods(tree, symbols, facts);
    }
}

fn members(tree: &Tree, symbols: &mut Symbols, facts: &Facts, body: NodeId, class: &mut Class) {
    for member in tree.children(body) {
        let member = match tree.kind(*member) {
            Kind::ExpressionStatement => tree.child(*member, 0).unwrap_or(*member),
            _ => *member,
        };
        match tree.kind(member) {
            Kind::Function => {
                if let Some(name) = tree.present(member, 2) {
                    class.methods.push((tree.symbol(name), member));
                }
            }
            Kind::VariableDefinition => field(tree, symbols, facts, member, class),
            Kind::Definitions | Kind::Block => members(tree, symbols, facts, member, class),
            Kind::Assign => {
                if let Some(target) = tree.child(member, 0).filter(|target| tree.kind(*target) == Kind::Name)
                {
                    class.fields.entry(tree.symbol(target)).or_insert(target);
                }
            }
            _ => {}
        }
    }
}

fn field(tree: &Tree, symbols: &mut Symbols, facts: &Facts, id: NodeId, class: &mut Class) {
    let Some(target) = tree.present(id, 2).filter(|target| tree.kind(*target) == Kind::Name) else { return };
    class.fields.entry(tree.symbol(target)).or_insert(target);
    if let Some(declared) = tree.present(id, 1).and_then(|type_| type_name(tree, symbols, facts, type_)) {
        class.types.entry(tree.symbol(target)).or_insert(declared);
    }
}

/// Methods that stand outside of their type: by the receiver in their modifiers (Go), or in blocks that name it again, which
/// are classes of that name already.
fn outside_methods(tree: &Tree, symbols: &mut Symbols, facts: &mut Facts) {
    let functions: Vec<NodeId> = tree.ids().filter(|id| tree.kind(*id) == Kind::Function).collect();
    for function in functions {
        let receiver = tree
            .child(function, 0)
            .and_then(|modifiers| {
                tree.children(modifiers).iter().find(|child| tree.kind(**child) == Kind::Parameters)
            })
            .and_then(|parameters| tree.child(*parameters, 0));
        let type_ = receiver.and_then(|receiver| tree.present(receiver, 1));
        let Some(type_) = type_.and_then(|type_| type_name(tree, symbols, facts, type_)) else { continue };
        let (Some(class), Some(name)) = (facts.class_named(symbols, type_), tree.present(function, 2)) else {
            continue;
        };
        facts.members.insert(name, class);
        facts.classes[class as usize].methods.push((tree.symbol(name), function));
    }
}

/// Finds the types of expressions.
pub(super) fn infer(tree: &Tree, symbols: &mut Symbols, spec: &Spec, facts: &mut Facts) {
    let mut pass = Pass { tree, language: spec.language, variables: Map::default(), enclosing: Vec::new() };
    // Children have smaller numbers than parents, so values are typed before what they are assigned to; a second round
    // sees what the first found out about variables.
    pass.enclose(facts);
    for _ in 0..2 {
        for id in tree.ids() {
            pass.visit(symbols, facts, id);
        }
    }
}

struct Pass<'a> {
    tree: &'a Tree,
    language: Language,
    /// Types of variables; [`Symbol::EMPTY`] for those of several types.
    variables: Map<NodeId, Symbol>,
    /// By node number: the class around it, as index plus one.
    enclosing: Vec<u32>,
}

impl Pass<'_> {
    fn enclose(&mut self, facts: &Facts) {
        self.enclosing = vec![0; self.tree.len()];
        for (index, class) in facts.classes.iter().enumerate() {
            let number = index as u32 + 1;
            // Classes are in order from outer to inner, so each node is written once per class around it.
            let roots = class.methods.iter().map(|(_, method)| *method).chain([class.node]);
            for root in roots {
                for id in self.tree.descendants(root) {
                    self.enclosing[id.0 as usize] = number;
                }
            }
        }
    }

    fn class_around<'f>(&self, facts: &'f Facts, id: NodeId) -> Option<&'f Class> {
        let number = self.enclosing.get(id.0 as usize).copied()?.checked_sub(1)?;
        facts.classes.get(number as usize)
    }

    fn declare(&mut self, facts: &Facts, target: NodeId, type_: Symbol) {
        if let Some(variable) = facts.definitions.get(&target) {
            let known = self.variables.entry(*variable).or_insert(type_);
            if *known != type_ {
                *known = Symbol::EMPTY;
            }
        }
    }

    fn visit(&mut self, symbols: &mut Symbols, facts: &mut Facts, id: NodeId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Parameter | Kind::VariableDefinition => {
                let declared = tree.present(id, 1).and_then(|type_| type_name(tree, symbols, facts, type_));
                let declared =
                    declared.filter(|type_| !matches!(symbols.text(*type_), "var" | "val" | "auto" | "let"));
                let value = tree.present(id, 3).and_then(|value| facts.types.get(&value).copied());
                if let (Some(target), Some(type_)) = (tree.present(id, 2), declared.or(value)) {
                    self.declare(facts, target, type_);
                }
            }
            Kind::Catch => {
                let declared = tree.present(id, 0).and_then(|type_| type_name(tree, symbols, facts, type_));
                if let (Some(target), Some(type_)) = (tree.present(id, 1), declared) {
                    self.declare(facts, target, type_);
                }
            }
            Kind::Assign => self.assign(symbols, facts, id),
            _ => {
                if let Some(type_) = self.type_of(symbols, facts, id) {
                    facts.types.insert(id, type_);
                }
            }
        }
    }

    fn assign(&mut self, symbols: &mut Symbols, facts: &mut Facts, id: NodeId) {
        let tree = self.tree;
        let (Some(target), Some(value)) = (tree.child(id, 0), tree.child(id, 1)) else { return };
        let type_ = facts.types.get(&value).copied();
        match tree.kind(target) {
            // An assignment of unknown type makes the variable's unknown, unless it was declared.
            Kind::Name if self.language == Language::Python || type_.is_some() => {
                let declared = facts.definitions.get(&target).is_some_and(|variable| *variable != target);
                match type_ {
                    Some(type_) if !declared || self.variables.contains_key(&target) => {
                        self.declare(facts, target, type_);
                    }
                    Some(type_) => {
                        if let Some(variable) = facts.definitions.get(&target) {
                            self.variables.entry(*variable).or_insert(type_);
                        }
                    }
                    None => {}
                }
            }
            Kind::Field => {
                let (Some(object), Some(name), Some(type_)) =
                    (tree.child(target, 0), tree.child(target, 1), type_)
                else {
                    return;
                };
                if self.is_this(symbols, object)
                    && let Some(number) = self.enclosing.get(id.0 as usize).and_then(|n| n.checked_sub(1))
                    && let Some(class) = facts.classes.get_mut(number as usize)
                {
                    class.types.entry(tree.symbol(name)).or_insert(type_);
                }
            }
            _ => {}
        }
        if let Some(type_) = type_ {
            facts.types.insert(id, type_);
        }
    }

    fn is_this(&self, symbols: &Symbols, id: NodeId) -> bool {
        self.tree.kind(id) == Kind::Name
            && matches!(symbols.text(self.tree.symbol(id)), "this" | "self" | "$this")
    }

    fn literal(&self, kind: Kind) -> Option<&'static str> {
        let (text, number) = match self.language {
            Language::Python => ("str", "int"),
            Language::Java | Language::Kotlin | Language::Scala => ("String", "int"),
            Language::Swift => ("String", "Int"),
            Language::Go => ("string", "int"),
            Language::CSharp | Language::Php | Language::JavaScript | Language::TypeScript => {
                ("string", "number")
            }
            Language::Ruby => ("String", "Integer"),
            _ => return None,
        };
        match kind {
            Kind::String | Kind::Template => Some(text),
            Kind::Number => Some(number),
            Kind::Bool => Some(match self.language {
                Language::Python => "bool",
                Language::Swift => "Bool",
                _ => "boolean",
            }),
            _ => None,
        }
    }

    fn type_of(&self, symbols: &mut Symbols, facts: &Facts, id: NodeId) -> Option<Symbol> {
        let tree = self.tree;
        let of = |slot: usize| facts.types.get(&tree.child(id, slot)?).copied();
        match tree.kind(id) {
            kind @ (Kind::String | Kind::Template | Kind::Number | Kind::Bool) => {
                // `1.5` is no whole number.
                let float = kind == Kind::Number && symbols.text(tree.symbol(id)).contains('.');
                let name = if float { "float" } else { self.literal(kind)? };
                Some(symbols.intern(name))
            }
            Kind::Name => {
                if let Some(variable) = facts.definitions.get(&id) {
                    if let Some(type_) = self.variables.get(variable) {
                        return Some(*type_).filter(|type_| *type_ != Symbol::EMPTY);
                    }
                    let class = *facts.members.get(variable)?;
                    return facts.classes.get(class as usize)?.types.get(&tree.symbol(id)).copied();
                }
                let class = self.class_around(facts, id).filter(|_| self.is_this(symbols, id))?;
                Some(class.name).filter(|name| *name != Symbol::EMPTY)
            }
            Kind::Field => {
                let (object, name) = (tree.child(id, 0)?, tree.child(id, 1)?);
                let class = if self.is_this(symbols, object) {
                    self.class_around(facts, id)?
                } else {
                    let type_ = facts.types.get(&object)?;
                    facts.classes.get(facts.class_named(symbols, *type_)? as usize)?
                };
                class.types.get(&tree.symbol(name)).copied()
            }
            Kind::New | Kind::Construct | Kind::Cast => {
                let type_ = type_name(tree, symbols, facts, tree.child(id, 0)?)?;
                match self.class_around(facts, id) {
                    Some(class) if symbols.text(type_) == "Self" => Some(class.name),
                    _ => Some(type_),
                }
            }
            Kind::Call => self.call(symbols, facts, id),
            Kind::Ternary => of(1).filter(|type_| Some(*type_) == of(2)),
            Kind::Binary => {
                let operator = tree.symbol(id);
                let (left, right) = (of(0), of(1));
                match operator {
                    Symbol::EQ | Symbol::NE | Symbol::LT | Symbol::GT | Symbol::LE | Symbol::GE => {
                        self.literal(Kind::Bool).map(|name| symbols.intern(name))
                    }
                    Symbol::ADD => {
                        let text = self.literal(Kind::String).map(|name| symbols.intern(name));
                        if left.is_some() && left == right {
                            left
                        } else {
                            text.filter(|_| left == text || right == text)
                        }
                    }
                    _ => left.filter(|_| left == right),
                }
            }
            Kind::Unary
                if matches!(
                    tree.symbol(id),
                    Symbol::ADDRESS | Symbol::DEREFERENCE | Symbol::BIT_AND | Symbol::MUL
                ) =>
            {
                of(0)
            }
            Kind::Await => of(0),
            _ => None,
        }
    }

    /// What a call makes: an object where the callee is a class, or what the method of this file declares to return.
    fn call(&self, symbols: &mut Symbols, facts: &Facts, id: NodeId) -> Option<Symbol> {
        let tree = self.tree;
        let callee = tree.child(id, 0)?;
        if let Some(definition) = facts.definitions.get(&callee) {
            let owner = tree.parent(*definition)?;
            return match tree.kind(owner) {
                Kind::Class => Some(tree.symbol(*definition)),
                Kind::Function => type_name(tree, symbols, facts, tree.present(owner, 1)?),
                _ => None,
            };
        }
        if let Some(path) = facts.qualified.get(&callee) {
            let text = symbols.text(*path);
            let last = text.rsplit(['.', '/', ':']).next()?;
            // Classes are written with a capital first letter where calls make objects without `new`.
            let is_class = self.language != Language::Go && last.starts_with(|c: char| c.is_uppercase());
            return is_class.then_some(*path);
        }
        if tree.kind(callee) != Kind::Field {
            return None;
        }
        let (object, name) = (tree.child(callee, 0)?, tree.child(callee, 1)?);
        let class = match facts.types.get(&object) {
            Some(type_) => facts.class_named(symbols, *type_)?,
            None => {
                facts.class_named(symbols, tree.symbol(object)).filter(|_| tree.kind(object) == Kind::Name)?
            }
        };
        let class = facts.classes.get(class as usize)?;
        let (_, method) = class.methods.iter().find(|(method, _)| *method == tree.symbol(name))?;
        let type_ = type_name(tree, symbols, facts, tree.present(*method, 1)?)?;
        Some(if symbols.text(type_) == "Self" { class.name } else { type_ })
    }
}
