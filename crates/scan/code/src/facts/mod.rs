//! What a tree alone does not say: what names mean.
//!
//! [`Facts`] are computed once per file, from its tree, and asked by matching and dataflow alike. Four passes, each linear
//! in the size of the tree: names to definitions and imports (`scope`, `import`), values known without running
//! (`constant`), classes and types of expressions (`types`).

mod constant;
mod fold;
mod import;
mod scope;
mod types;

pub(crate) use import::dotted;
pub(crate) use scope::pattern_names;
pub use types::Class;

pub(crate) use import::short as short_name;

use crate::language::Spec;
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};
use std::collections::{HashMap, HashSet};

pub(crate) type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
pub(crate) type Set<K> = HashSet<K, foldhash::fast::RandomState>;

/// A value known without running the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// A string, by its content as a literal would have it.
    String(Symbol),
    /// A number, as written or in decimal.
    Number(Symbol),
    /// A truth value.
    Bool(bool),
    /// `None`, `null`, `nil`.
    Null,
    /// Some string that is not computed but holds nothing that comes from outside (`"a" + CONST * n`).
    SomeString,
}

/// What names of one file mean.
#[derive(Debug, Default)]
pub struct Facts {
    /// Of a `Name` or `Field` node that an import explains: the qualified name as its dotted text (`os.system`). Modules
    /// that are paths stay paths (`net/http.Get`, `./util.run`).
    pub qualified: Map<NodeId, Symbol>,
    /// Of the same nodes, where the module is a path: the qualified name by the path's last part (`http.Get`).
    pub short: Map<NodeId, Symbol>,
    /// Modules of which all names are imported (`java.util` of `import java.util.*`), in order.
    pub wildcards: Vec<Symbol>,
    /// Of an expression that is no literal: its constant value.
    pub constants: Map<NodeId, Constant>,
    /// Expressions that are collections of nothing but constants: literals, copies of them, names that hold one.
    pub collections: Set<NodeId>,
    /// Those of them that hold nothing else under their keys either.
    pub tables: Set<NodeId>,
    /// Of a use of a variable that is assigned once, to a regular expression literal: that literal.
    pub expressions: Map<NodeId, NodeId>,
    /// Of an expression: its type as dotted text, qualified where an import explains it.
    pub types: Map<NodeId, Symbol>,
    /// Of a use of a local variable, parameter or function of this file: the `Name` node of its definition. A definition
    /// has itself.
    pub definitions: Map<NodeId, NodeId>,
    /// Of a definition that is a member of a class: the class, as index into `classes`.
    pub members: Map<NodeId, u32>,
    /// The classes of the file, outer before inner.
    pub classes: Vec<Class>,
    /// The first class of each name.
    by_name: Map<Symbol, u32>,
    /// Classes by the `Name` node of their definition.
    by_definition: Map<NodeId, u32>,
}

impl Facts {
    /// The facts of a tree. Linear in its size; recursion is bounded by the depth of the tree.
    pub fn of(tree: &Tree, symbols: &mut Symbols, spec: &Spec) -> Self {
        let mut facts = Self::default();
        if tree.root == NodeId::NONE {
            return facts;
        }
        scope::resolve(tree, symbols, spec, &mut facts);
        types::classes(tree, symbols, spec, &mut facts);
        constant::propagate(tree, symbols, spec, &mut facts);
        types::infer(tree, symbols, spec, &mut facts);
        facts
    }

    /// The constant value of an expression, also of a literal.
    pub fn constant(&self, tree: &Tree, id: NodeId) -> Option<Constant> {
        let node = tree.node(id);
        match node.kind {
            Kind::String | Kind::Char => Some(Constant::String(node.symbol)),
            Kind::Number => Some(Constant::Number(node.symbol)),
            Kind::Bool => Some(Constant::Bool(node.symbol == Symbol::TRUE)),
            Kind::Null => Some(Constant::Null),
            _ => self.constants.get(&id).copied(),
        }
    }

    /// The class of that simple or qualified name, where the file defines it.
    pub fn class_named(&self, symbols: &Symbols, name: Symbol) -> Option<u32> {
        let find = |name: Symbol| self.by_name.get(&name).copied();
        let simple = || symbols.text(name).rsplit(['.', ':', '\\']).next().and_then(|last| symbols.get(last));
        find(name).or_else(|| find(simple()?))
    }

    /// The class that a `Name` node defines.
    pub fn class_defined(&self, definition: NodeId) -> Option<u32> {
        self.by_definition.get(&definition).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, parse};

    struct Read {
        tree: Tree,
        symbols: Symbols,
        facts: Facts,
        source: String,
    }

    fn read(source: &str) -> Read {
        let mut symbols = Symbols::default();
        let spec = Language::Python.spec_for("a.py").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        let facts = Facts::of(&tree, &mut symbols, spec);
        Read { tree, symbols, facts, source: source.to_owned() }
    }

    impl Read {
        /// The node of exactly that text, the last in order of the source and the outermost of its range.
        fn node(&self, text: &str) -> NodeId {
            let at = self.source.rfind(text).unwrap();
            let range = at..at + text.len();
            self.tree
                .ids()
                .rev()
                .find(|id| self.tree.range(*id) == range && self.tree.kind(*id) != Kind::ExpressionStatement)
                .unwrap()
        }

        fn qualified(&self, text: &str) -> Option<&str> {
            self.facts.qualified.get(&self.node(text)).map(|symbol| self.symbols.text(*symbol))
        }

        fn constant(&self, text: &str) -> Option<String> {
            self.facts.constant(&self.tree, self.node(text)).map(|constant| match constant {
                Constant::String(s) => format!("'{}'", self.symbols.text(s)),
                Constant::Number(s) => self.symbols.text(s).to_owned(),
                other => format!("{other:?}"),
            })
        }

        fn type_of(&self, text: &str) -> Option<&str> {
            self.facts.types.get(&self.node(text)).map(|symbol| self.symbols.text(*symbol))
        }
    }

    #[test]
    fn imports_qualify_names_and_fields_unless_shadowed() {
        let read = read(
            "import os.path, sys as y\nfrom a.b import c as d, e\nfrom . import z\nimport subprocess\nos.path.join(x)\ny.exit()\nd(1)\ne.f\nz.q\n\
             def f(d, subprocess):\n  d(2)\n  subprocess.run(3)\n",
        );
        assert_eq!(read.qualified("os.path.join"), Some("os.path.join"));
        assert_eq!(read.qualified("y.exit"), Some("sys.exit"));
        assert_eq!(read.qualified("e.f"), Some("a.b.e.f"));
        assert_eq!(read.qualified("z.q"), Some(".z.q"));
        assert_eq!(read.qualified("subprocess.run"), None);
        let first = read
            .tree
            .ids()
            .find(|id| read.tree.kind(*id) == Kind::Call && read.source[read.tree.range(*id)] == *"d(1)");
        let callee = read.tree.child(first.unwrap(), 0).unwrap();
        assert_eq!(read.symbols.text(read.facts.qualified[&callee]), "a.b.c");
    }

    #[test]
    fn uses_have_definitions() {
        let read = read("def g(a):\n  b = a\n  def h():\n    return b + a\n  return [a for a in b]\n");
        let name = |line: usize, text: &str| {
            let start: usize = read.source.lines().take(line).map(|line| line.len() + 1).sum();
            let at = start + read.source.lines().nth(line).unwrap().find(text).unwrap();
            read.tree
                .ids()
                .find(|id| read.tree.kind(*id) == Kind::Name && read.tree.range(*id) == (at..at + text.len()))
                .unwrap()
        };
        assert_eq!(read.facts.definitions[&name(3, "b")], name(1, "b"));
        assert_eq!(read.facts.definitions[&name(1, "a")], read.facts.definitions[&name(3, "a")]);
        assert_ne!(read.facts.definitions[&name(4, "a")], read.facts.definitions[&name(1, "a")]);
    }

    #[test]
    fn constants_flow_along_lines_and_through_module_names() {
        let read = read(
            "A = 'x'\nB = 'y'\nB = 'z'\ndef f(c):\n  s = A + 'b'\n  k1(s)\n  s = s + c\n  k2(s)\n  n = 7 * 6 - 2\n  k3(n > 30)\n  k4(B)\n  if c:\n    t = 1\n  \
             else:\n    t = 2\n  k5(t)\n  u = 1\n  while c:\n    k6(u)\n    u = 2\n  q = 'ABC'[1]\n  k7(q)\n  k8(f'{A}-{n}')\n  k9('a' if n > 30 else c)\n",
        );
        let argument = |call: &str| {
            let at = read.source.find(&format!("{call}(")).unwrap();
            let call = read
                .tree
                .ids()
                .find(|id| read.tree.kind(*id) == Kind::Call && read.tree.range(*id).start == at)
                .unwrap();
            let node = read.tree.children(read.tree.child(call, 1).unwrap())[0];
            read.facts.constant(&read.tree, node).map(|constant| match constant {
                Constant::String(s) => format!("'{}'", read.symbols.text(s)),
                Constant::Number(s) => read.symbols.text(s).to_owned(),
                other => format!("{other:?}"),
            })
        };
        for (call, value) in [
            ("k1", Some("'xb'")),
            ("k2", None),
            ("k3", Some("Bool(true)")),
            ("k4", None),
            ("k5", None),
            ("k6", None),
            ("k7", Some("'B'")),
            ("k8", Some("'x-40'")),
            ("k9", Some("'a'")),
        ] {
            assert_eq!(argument(call).as_deref(), value, "{call}");
        }
        assert_eq!(read.constant("7 * 6 - 2").as_deref(), Some("40"));
    }

    #[test]
    fn collections_of_constants_are_known() {
        let read = read(
            "ALLOWED = {'a', 'b'}\nOPEN = ['a', x]\nM = frozenset(['q'])\ndef f(v):\n  p(ALLOWED)\n  p(OPEN)\n  p(M)\n",
        );
        let has = |text: &str| read.facts.collections.contains(&read.node(text));
        assert_eq!((has("ALLOWED"), has("OPEN"), has("M")), (true, false, true));
    }

    #[test]
    fn types_come_from_annotations_and_constructors() {
        let read = read(
            "from db import Pool\nclass A:\n  def __init__(self):\n    self.pool = Pool()\n  def m(self):\n    return self.pool\n\
             def f(p: Pool):\n  a = A()\n  g(p)\n  h(a)\n  k('s')\n",
        );
        assert_eq!(read.type_of("self.pool"), Some("db.Pool"));
        assert_eq!(read.type_of("Pool()"), Some("db.Pool"));
        let h = read.node("h(a)");
        let argument = read.tree.children(read.tree.child(h, 1).unwrap())[0];
        assert_eq!(read.symbols.text(read.facts.types[&argument]), "A");
        let g = read.node("g(p)");
        let argument = read.tree.children(read.tree.child(g, 1).unwrap())[0];
        assert_eq!(read.symbols.text(read.facts.types[&argument]), "db.Pool");
    }
}
