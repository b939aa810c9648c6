//! One construct of a pattern against one of the file.

use super::{Bindings, Bound, File, Matcher, Rest};
use crate::facts::Constant;
use crate::language::Language;
use crate::pattern::TextPattern;
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};

impl Matcher<'_> {
    /// Calls `rest` for each way in which pattern node `p` matches node `t`; `true` when `rest` ended the search.
    pub(crate) fn node(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        if !self.step() {
            return true;
        }
        let pattern = self.pattern.tree.node(p);
        match pattern.kind {
            Kind::Metavariable => {
                // A named argument and a slice are no expressions.
                let whole = !matches!(self.file.tree.kind(t), Kind::KeywordArgument | Kind::Slice);
                return whole && self.bind(pattern.symbol, Bound::Node(t), bindings, rest);
            }
            Kind::Ellipsis => return rest(bindings),
            Kind::MetavariableEllipsis => {
                return self.bind(pattern.symbol, Bound::Nodes(vec![t]), bindings, rest);
            }
            Kind::TypedMetavariable => {
                return self.has_type(p, t, bindings)
                    && self.bind(pattern.symbol, Bound::Node(t), bindings, rest);
            }
            Kind::Deep => return self.deep(p, t, bindings, rest),
            Kind::Error => return false,
            _ => {}
        }
        self.by_meaning(p, t, bindings, rest) || self.structure(p, t, bindings, rest)
    }

    /// A metavariable takes `bound`, or what it took before is the same.
    pub(crate) fn bind(&self, name: Symbol, bound: Bound, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        if self.text(name) == "$_" {
            return rest(bindings);
        }
        if let Some(known) = bindings.get(name) {
            return self.same_bound(known, &bound) && rest(bindings);
        }
        bindings.push(name, bound);
        let ended = rest(bindings);
        bindings.pop();
        ended
    }

    /// What imports, constants and definitions make of a node.
    fn by_meaning(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let (pattern, target) = (self.pattern.tree.node(p), self.file.tree.node(t));
        if matches!(target.kind, Kind::Name | Kind::Field)
            && matches!(pattern.kind, Kind::Name | Kind::Field)
            && let Some(qualified) = self.file.facts.qualified.get(&t)
        {
            match self.pattern.paths.get(&p) {
                Some(path) if path == qualified || self.file.facts.short.get(&t) == Some(path) => {
                    // The same text would match by structure too: once is enough.
                    if !(pattern.kind == target.kind && self.plainly(p, t)) {
                        return rest(bindings);
                    }
                }
                Some(_) => {}
                None => {
                    if pattern.kind == Kind::Field && self.qualified_field(p, t, *qualified, bindings, rest) {
                        return true;
                    }
                }
            }
        }
        if matches!(target.kind, Kind::Name)
            && pattern.kind == Kind::Field
            && !self.file.facts.wildcards.is_empty()
            && !self.file.facts.qualified.contains_key(&t)
            && !self.file.facts.definitions.contains_key(&t)
            && let Some(path) = self.pattern.paths.get(&p)
            && let Some((module, last)) = self.text(*path).rsplit_once('.')
            && last == self.text(target.symbol)
            && self.file.facts.wildcards.iter().any(|wildcard| self.text(*wildcard) == module)
        {
            return rest(bindings);
        }
        if self.options.constant_propagation
            && !target.kind.is_literal()
            && let Some(constant) = self.file.facts.constants.get(&t)
        {
            return self.constant(p, t, *constant, bindings, rest);
        }
        if self.options.constant_propagation
            && pattern.kind == Kind::Regex
            && let Some(literal) = self.file.facts.expressions.get(&t)
        {
            return self.structure(p, *literal, bindings, rest);
        }
        false
    }

    /// Whether a constant path of the pattern stands in the file as it is.
    fn plainly(&self, p: NodeId, t: NodeId) -> bool {
        let (pattern, target) = (self.pattern.tree.node(p), self.file.tree.node(t));
        match (pattern.kind, target.kind) {
            (Kind::Name, Kind::Name) => pattern.symbol == target.symbol,
            (Kind::Field, Kind::Field) => {
                let parts =
                    [0, 1].map(|slot| (self.pattern.tree.child(p, slot), self.file.tree.child(t, slot)));
                parts.iter().all(|part| matches!(part, (Some(p), Some(t)) if self.plainly(*p, *t)))
            }
            _ => false,
        }
    }

    /// `os.$F` against a name that stands for `os.system`.
    fn qualified_field(
        &self,
        p: NodeId,
        t: NodeId,
        qualified: Symbol,
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let (Some(object), Some(name)) = (self.pattern.tree.child(p, 0), self.pattern.tree.child(p, 1))
        else {
            return false;
        };
        let tree = &self.pattern.tree;
        let Some((front, last)) = self.text(qualified).rsplit_once('.') else { return false };
        // `$M.md5` of `from hashlib import md5`.
        if tree.kind(object) == Kind::Metavariable
            && tree.kind(name) == Kind::Name
            && self.file.tree.kind(t) == Kind::Name
            && self.text(tree.symbol(name)) == last
            && let Some(front) = self.file.symbols.get(front)
        {
            return self.bind(tree.symbol(object), Bound::Qualified(front, t), bindings, rest);
        }
        let Some(path) = self.pattern.paths.get(&object) else { return false };
        if self.text(*path) != front || self.file.tree.kind(t) == Kind::Field && self.shows(object, t) {
            return false;
        }
        match (tree.kind(name), self.file.symbols.get(last)) {
            (Kind::Metavariable, Some(last)) => {
                self.bind(tree.symbol(name), Bound::Qualified(last, t), bindings, rest)
            }
            (Kind::Ellipsis, _) => rest(bindings),
            _ => false,
        }
    }

    fn shows(&self, object: NodeId, t: NodeId) -> bool {
        self.file.tree.child(t, 0).is_some_and(|target| self.plainly(object, target))
    }

    /// A literal of the pattern against a value that is known.
    fn constant(
        &self,
        p: NodeId,
        t: NodeId,
        constant: Constant,
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let pattern = self.pattern.tree.node(p);
        match (pattern.kind, constant) {
            (Kind::String, Constant::SomeString) => {
                matches!(self.pattern.texts.get(&p), Some(TextPattern::Any)) && rest(bindings)
            }
            (Kind::String, Constant::String(symbol)) => match self.pattern.texts.get(&p) {
                None => pattern.symbol == symbol && rest(bindings),
                Some(TextPattern::Whole(name)) => {
                    self.bind(*name, Bound::Qualified(symbol, t), bindings, rest)
                }
                Some(text) => text.find(self.text(symbol)).is_some() && rest(bindings),
            },
            (Kind::Number, Constant::Number(symbol)) => pattern.symbol == symbol && rest(bindings),
            (Kind::Bool, Constant::Bool(value)) => {
                (pattern.symbol == Symbol::TRUE) == value && rest(bindings)
            }
            (Kind::Null, Constant::Null) => rest(bindings),
            _ => false,
        }
    }

    /// Node against node.
    fn structure(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let (pattern, target) = (self.pattern.tree.node(p), self.file.tree.node(t));
        let (ps, ts) = (self.pattern.tree.children(p), self.file.tree.children(t));
        if let Some(text) = self.pattern.texts.get(&p) {
            return self.text_with_holes(text, p, t, bindings, rest);
        }
        match (pattern.kind, target.kind) {
            (Kind::Name, Kind::Name) => self.same_name(pattern.symbol, target.symbol) && rest(bindings),
            // A callee with type arguments, of which the pattern says nothing.
            (Kind::Name | Kind::Field, Kind::GenericType) if self.is_callee(t) => {
                ts.first().is_some_and(|base| self.node(p, *base, bindings, rest))
            }
            (Kind::Field, _) if self.is_chain(p) => self.chain(ps[0], t, bindings, rest),
            (Kind::Call, Kind::Call) | (Kind::New, Kind::New) | (Kind::Macro, Kind::Macro) => {
                self.slots(ps, ts, bindings, rest)
            }
            (Kind::Arguments, Kind::Arguments) => self.arguments(ps, ts, bindings, rest),
            // An object of JavaScript may have more than the pattern names.
            (Kind::Dict, Kind::Dict)
                if !ps.is_empty()
                    && matches!(self.pattern.language, Language::JavaScript | Language::TypeScript) =>
            {
                self.subset(ps, ts, bindings, rest)
            }
            // Blocks and objects of Terraform hold more, in any order.
            (Kind::Block | Kind::Dict, Kind::Block | Kind::Dict)
                if self.pattern.language == Language::Hcl
                    && (pattern.kind == target.kind || pattern.kind == Kind::Dict) =>
            {
                self.subset(ps, ts, bindings, rest)
            }
            (Kind::VariableDefinition, Kind::Pair) if self.pattern.language == Language::Hcl => {
                matches!(ps, [_, _, name, value] if self.slots(&[*name, *value], ts, bindings, rest))
            }
            (Kind::Pair, Kind::VariableDefinition) if self.pattern.language == Language::Hcl => {
                matches!(ts, [_, _, name, value] if self.slots(ps, &[*name, *value], bindings, rest))
            }
            (Kind::Element, Kind::Element) => self.element(ps, ts, bindings, rest),
            // Go has one word for all loops.
            (Kind::While, Kind::For | Kind::ForEach) if pattern.raw == target.raw => {
                let any = ps.first().is_some_and(|head| self.pattern.tree.kind(*head) == Kind::Ellipsis);
                let body = ts.get(if target.kind == Kind::For { 3 } else { 2 });
                matches!((ps.get(1), body), (Some(p), Some(t)) if any && self.node(*p, *t, bindings, rest))
            }
            (Kind::While, Kind::While)
                if ps.first().is_some_and(|head| self.pattern.tree.kind(*head) == Kind::Missing)
                    && ts.first().is_some_and(|head| self.file.tree.kind(*head) != Kind::Missing) =>
            {
                false
            }
            (Kind::Number, Kind::Number) => {
                (pattern.symbol == target.symbol || self.same_number(pattern.symbol, target.symbol))
                    && rest(bindings)
            }
            (Kind::Dict | Kind::Set, Kind::Dict | Kind::Set) if pattern.kind == target.kind => {
                self.unordered(ps, ts, bindings, rest)
            }
            (Kind::Modifiers, Kind::Modifiers) => self.subset(ps, ts, bindings, rest),
            (Kind::Supers, Kind::Supers) => self.subset(ps, ts, bindings, rest),
            // What a class inherits from, with what it is made of, of which the pattern says nothing.
            (Kind::Name | Kind::Field | Kind::GenericType, Kind::Call) if self.is_inherited(t) => {
                ts.first().is_some_and(|type_| self.node(p, *type_, bindings, rest))
            }
            (Kind::Block | Kind::Program, Kind::Block | Kind::Program) => {
                self.whole_block(ps, &self.statements_of(t), bindings, rest)
            }
            // A body may be one statement without braces, and an arrow function's an expression.
            (Kind::Block, _) if ps.len() == 1 && self.pattern.tree.kind(ps[0]) == Kind::Ellipsis => {
                target.kind != Kind::Missing && rest(bindings)
            }
            (Kind::Block, _) if target.kind != Kind::Missing => self.whole_block(ps, &[t], bindings, rest),
            // One statement in braces is that statement.
            (Kind::ExpressionStatement | Kind::Return | Kind::Throw, Kind::Block) => {
                matches!(ts, [only] if self.node(p, *only, bindings, rest))
            }
            (Kind::ExpressionStatement, _) => self.expression_statement(p, t, bindings, rest),
            (_, Kind::ExpressionStatement) if is_statement_like(pattern.kind) => {
                ts.first().is_some_and(|inner| self.node(p, *inner, bindings, rest))
            }
            // A body behind `=` is told from a block.
            (Kind::Function, Kind::Function) => {
                let bodiless = ps.get(4).is_none_or(|body| self.pattern.tree.kind(*body) == Kind::Missing);
                (bodiless || pattern.symbol == target.symbol) && self.function(ps, ts, bindings, rest)
            }
            (Kind::Class, Kind::Class) => {
                pattern.symbol == target.symbol && self.slots(ps, ts, bindings, rest)
            }
            (Kind::Parameter, Kind::Parameter) => {
                pattern.symbol == target.symbol && self.slots(ps, ts, bindings, rest)
            }
            (Kind::VariableDefinition, Kind::VariableDefinition | Kind::Assign)
                if self.pattern.language == Language::Go
                    && pattern.raw != target.raw
                    && ps.first().is_some_and(|words| self.pattern.tree.children(*words).is_empty()) =>
            {
                false
            }
            // What a condition of Swift binds is no definition by itself.
            (Kind::VariableDefinition, Kind::VariableDefinition)
                if self.pattern.language == Language::Swift
                    && is_asked(self.file.tree, t) != is_asked(&self.pattern.tree, p) =>
            {
                false
            }
            (Kind::VariableDefinition, Kind::VariableDefinition) => self.definition(ps, ts, bindings, rest),
            (Kind::Assign, Kind::VariableDefinition) if self.options.vardef_assign && self.is_said(t) => {
                matches!((ts.get(2), ts.get(3)), (Some(target), Some(value)) if self.slots(ps, &[*target, *value], bindings, rest))
            }
            (Kind::VariableDefinition, Kind::Assign) => {
                // Only `$X : T = v` of a language in which that is no statement of its own lacks all words.
                let bare = ps.len() == 4
                    && self.pattern.tree.kind(ps[1]) == Kind::Missing
                    && self.pattern.tree.children(ps[0]).is_empty();
                bare && self.slots(&ps[2..], ts, bindings, rest)
            }
            (Kind::Assign, Kind::AugmentedAssign) => self.assign_as_compound(ps, t, bindings, rest),
            (Kind::AugmentedAssign, Kind::Assign) => self.compound_as_assign(p, ts, bindings, rest),
            (Kind::Binary, Kind::Binary) => self.binary(p, t, bindings, rest),
            // Some branches of a `match` are enough.
            (Kind::Switch, Kind::Switch) if self.pattern.language == Language::Scala => {
                let (Some((subject, cases)), Some((value, branches))) = (ps.split_first(), ts.split_first())
                else {
                    return false;
                };
                self.node(*subject, *value, bindings, &mut |bindings| {
                    self.subset(cases, branches, bindings, rest)
                })
            }
            (Kind::If, Kind::If) => self.slots(ps, ts, bindings, rest),
            (Kind::Template, Kind::Template) if pattern.symbol != target.symbol => false,
            (Kind::Template, Kind::Template) => self.ordered(ps, ts, bindings, rest),
            (Kind::Import | Kind::ImportFrom, Kind::Import | Kind::ImportFrom) => {
                self.import(p, t, bindings, rest)
            }
            (Kind::Break, Kind::Break) | (Kind::Continue, Kind::Continue) => {
                self.strict_slots(ps, ts, bindings, rest)
            }
            // A `select` is no `switch`, `synchronized` no `try`, and `:=` no `=`.
            (Kind::Switch, Kind::Switch) | (Kind::With, Kind::With)
                if matches!(self.pattern.language, Language::Go | Language::Java)
                    && pattern.raw != target.raw =>
            {
                false
            }
            // What a closure of Swift returns without saying so.
            (Kind::Return, Kind::Return)
                if self.pattern.language == Language::Swift && pattern.raw != 0 && target.raw == 0 =>
            {
                false
            }
            (Kind::Return, Kind::Return) | (Kind::Throw, Kind::Throw) => match ps.first() {
                Some(value) if self.pattern.tree.kind(*value) == Kind::Ellipsis => rest(bindings),
                _ => self.strict_slots(ps, ts, bindings, rest),
            },
            (Kind::Try, Kind::Try) => self.try_statement(ps, ts, bindings, rest),
            // `@A(...)` is also `@A`, where annotations are not expressions.
            (Kind::Decorator, Kind::Decorator) => match (ps, ts) {
                ([call], [plain])
                    if self.pattern.tree.kind(*call) == Kind::Call
                        && [0, pattern.raw].contains(&self.pattern.tree.node(*call).raw)
                        && self.file.tree.kind(*plain) != Kind::Call
                        && self.takes_any_arguments(*call) =>
                {
                    let callee = self.pattern.tree.children(*call)[0];
                    self.node(callee, *plain, bindings, rest)
                }
                _ => self.ordered(ps, ts, bindings, rest),
            },
            (Kind::Dict | Kind::List, Kind::Dict | Kind::List)
                if pattern.kind != target.kind && self.is_initializer(t) =>
            {
                matches!(ps, [only] if self.pattern.tree.kind(*only) == Kind::Ellipsis) && rest(bindings)
            }
            (Kind::Dict, Kind::Set) => {
                matches!(ps, [only] if self.pattern.tree.kind(*only) == Kind::Ellipsis) && rest(bindings)
            }
            (Kind::List | Kind::Dict | Kind::Set, Kind::Comprehension) => {
                let brackets = if pattern.kind == Kind::List { "[" } else { "{" };
                let any = matches!(ps, [only] if self.pattern.tree.kind(*only) == Kind::Ellipsis);
                any && self.text(target.symbol) == brackets && rest(bindings)
            }
            (Kind::Missing, Kind::Missing) => rest(bindings),
            // `a.b` of a pattern is a field however it is reached.
            (Kind::Field, Kind::Field) => {
                (pattern.symbol == target.symbol || pattern.symbol == Symbol::EMPTY)
                    && self.ordered(ps, ts, bindings, rest)
            }
            // `for (x in y)` is `for (x of y)` too, but not the other way.
            (Kind::ForEach, Kind::ForEach) => {
                (pattern.symbol == target.symbol || self.text(pattern.symbol) == "in")
                    && self.ordered(ps, ts, bindings, rest)
            }
            // `for (...)` is any loop over something.
            (Kind::For, Kind::ForEach) => match (ps, ts) {
                ([head, condition, update, p_body], [_, _, t_body, ..])
                    if self.pattern.tree.kind(*head) == Kind::Ellipsis
                        && [condition, update]
                            .iter()
                            .all(|part| self.pattern.tree.kind(**part) == Kind::Missing) =>
                {
                    self.node(*p_body, *t_body, bindings, rest)
                }
                _ => false,
            },
            (Kind::Other, Kind::Other) => pattern.raw == target.raw && self.other(p, t, bindings, rest),
            (a, b) if a == b => pattern.symbol == target.symbol && self.ordered(ps, ts, bindings, rest),
            _ => false,
        }
    }

    /// Attributes in any order, more than the pattern names; content begins with the pattern's.
    fn element(&self, ps: &[NodeId], ts: &[NodeId], bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let (Some((p_name, ps)), Some((t_name, ts))) = (ps.split_first(), ts.split_first()) else {
            return false;
        };
        let content = |tree: &Tree, list: &[NodeId]| {
            list.last().copied().filter(|last| tree.kind(*last) == Kind::Block)
        };
        let (p_content, t_content) = (content(&self.pattern.tree, ps), content(self.file.tree, ts));
        let ps = &ps[..ps.len() - usize::from(p_content.is_some())];
        let ts = &ts[..ts.len() - usize::from(t_content.is_some())];
        self.node(*p_name, *t_name, bindings, &mut |bindings| {
            self.subset(ps, ts, bindings, &mut |bindings| {
                let wanted = p_content.map_or(&[][..], |p| self.pattern.tree.children(p));
                let held = t_content.map_or(&[][..], |t| self.file.tree.children(t));
                self.beginning(wanted, held, bindings, rest)
            })
        })
    }

    /// All of `ps` in order from the first of `ts` on; what follows does not matter.
    fn beginning(&self, ps: &[NodeId], ts: &[NodeId], bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let kind = |p: &NodeId| self.pattern.tree.kind(*p);
        let hole = |p: &NodeId| matches!(kind(p), Kind::Ellipsis | Kind::MetavariableEllipsis);
        if !ps.iter().any(hole) {
            return ts.get(..ps.len()).is_some_and(|ts| self.ordered(ps, ts, bindings, rest));
        }
        if ps.last().is_some_and(hole) {
            return self.ordered(ps, ts, bindings, rest);
        }
        (0..=ts.len()).any(|taken| self.step() && self.ordered(ps, &ts[..taken], bindings, rest))
    }

    /// Whether two spellings are one whole number.
    fn same_number(&self, a: Symbol, b: Symbol) -> bool {
        let value = whole_number(self.text(a));
        value.is_some() && value == whole_number(self.text(b))
    }

    fn takes_any_arguments(&self, call: NodeId) -> bool {
        let tree = &self.pattern.tree;
        let list = tree.child(call, 1).map_or(&[][..], |arguments| tree.children(arguments));
        matches!(list, [only] if tree.kind(*only) == Kind::Ellipsis)
    }

    /// Whether a node is what stands in braces behind `new T`.
    fn is_initializer(&self, t: NodeId) -> bool {
        let tree = &self.file.tree;
        tree.parent(t)
            .is_some_and(|parent| tree.kind(parent) == Kind::New && tree.child(parent, 2) == Some(t))
    }

    /// Whether a definition is a statement: not a parameter of a class, nor an entry of an enumeration.
    fn is_said(&self, t: NodeId) -> bool {
        let tree = self.file.tree;
        if self.pattern.language == Language::Swift && is_asked(tree, t) {
            return false;
        }
        !matches!(self.pattern.language, Language::Kotlin | Language::Scala | Language::Swift)
            || tree.child(t, 0).is_some_and(|words| {
                let words = tree.children(words).iter().filter(|word| tree.kind(**word) == Kind::Token);
                words.into_iter().any(|word| matches!(self.text(tree.symbol(*word)), "val" | "var" | "let"))
            })
    }

    fn is_inherited(&self, t: NodeId) -> bool {
        self.file.tree.parent(t).is_some_and(|parent| self.file.tree.kind(parent) == Kind::Supers)
    }

    fn is_callee(&self, t: NodeId) -> bool {
        let call = self.file.tree.parent(t).filter(|parent| self.file.tree.kind(*parent) == Kind::Call);
        call.is_some_and(|call| self.file.tree.child(call, 0) == Some(t))
    }

    fn same_name(&self, a: Symbol, b: Symbol) -> bool {
        a == b
    }

    fn other(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let (ps, ts) = (self.pattern.tree.children(p), self.file.tree.children(t));
        if ps.is_empty() && ts.is_empty() {
            return self.pattern.tree.symbol(p) == self.file.tree.symbol(t) && rest(bindings);
        }
        self.ordered(ps, ts, bindings, rest)
    }

    fn text_with_holes(
        &self,
        text: &TextPattern,
        p: NodeId,
        t: NodeId,
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let (pattern, target) = (self.pattern.tree.node(p), self.file.tree.node(t));
        let string = |kind: Kind| matches!(kind, Kind::String | Kind::StringPart | Kind::Text);
        if string(pattern.kind) && target.kind == Kind::Template {
            // An interpolated string is still a string, though its value is not known.
            let told = matches!(self.pattern.language, Language::Kotlin | Language::Scala | Language::Swift);
            return matches!(text, TextPattern::Any)
                && pattern.kind == Kind::String
                && !told
                && rest(bindings);
        }
        if !(string(pattern.kind) && string(target.kind) || pattern.kind == target.kind) {
            return false;
        }
        let content = self.text(target.symbol);
        if content.is_empty() && !string(target.kind) {
            return false;
        }
        let Some(taken) = text.find(content) else { return false };
        // Where the content lies within the literal.
        let raw = self.file.source.get(target.start as usize..target.end as usize).unwrap_or_default();
        let offset = memchr::memmem::find(raw, content.as_bytes()).unwrap_or_default() as u32;
        let mark = bindings.len();
        for (name, range) in taken {
            if self.text(name) == "$_" {
                continue;
            }
            let start = target.start + offset + range.start as u32;
            let bound = Bound::Text(start..start + (range.end - range.start) as u32);
            match bindings.get(name) {
                Some(known) if self.same_bound(known, &bound) => {}
                Some(_) => {
                    bindings.truncate(mark);
                    return false;
                }
                None => bindings.push(name, bound),
            }
        }
        let ended = rest(bindings);
        bindings.truncate(mark);
        ended
    }

    /// Slots one by one. A slot that the pattern leaves out is not asked for.
    pub(crate) fn slots(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let Some((p, ps)) = ps.split_first() else { return rest(bindings) };
        let (t, ts) = match ts.split_first() {
            Some((t, ts)) => (Some(*t), ts),
            None => (None, ts),
        };
        if self.pattern.tree.kind(*p) == Kind::Missing {
            return self.slots(ps, ts, bindings, rest);
        }
        let Some(t) = t else { return false };
        if self.file.tree.kind(t) == Kind::Missing {
            let optional = self.pattern.tree.kind(*p) == Kind::Ellipsis;
            return optional && self.slots(ps, ts, bindings, rest);
        }
        self.node(*p, t, bindings, &mut |bindings| self.slots(ps, ts, bindings, rest))
    }

    /// Slots one by one; what the pattern leaves out must be left out.
    fn strict_slots(&self, ps: &[NodeId], ts: &[NodeId], bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        match (ps.split_first(), ts.split_first()) {
            (None, None) => rest(bindings),
            (Some((p, ps)), Some((t, ts))) => {
                let missing =
                    (self.pattern.tree.kind(*p) == Kind::Missing, self.file.tree.kind(*t) == Kind::Missing);
                match missing {
                    (true, true) => self.strict_slots(ps, ts, bindings, rest),
                    (false, false) => {
                        self.node(*p, *t, bindings, &mut |bindings| self.strict_slots(ps, ts, bindings, rest))
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// `$O. ...`: a pattern for whatever a chain of calls starts with.
    fn is_chain(&self, p: NodeId) -> bool {
        self.pattern.tree.child(p, 1).is_some_and(|name| self.pattern.tree.kind(name) == Kind::Ellipsis)
    }

    fn chain(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let tree = self.file.tree;
        let mut at = Some(t);
        while let Some(id) = at {
            if self.node(p, id, bindings, rest) {
                return true;
            }
            at = match tree.kind(id) {
                Kind::Call | Kind::Field | Kind::Index | Kind::Await | Kind::Postfix => tree.child(id, 0),
                _ => None,
            };
        }
        false
    }

    /// `<... p ...>`: within `t`, at any depth.
    fn deep(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let Some(inner) = self.pattern.tree.child(p, 0) else { return false };
        self.file
            .tree
            .descendants(t)
            .any(|id| self.file.tree.kind(id) != Kind::Missing && self.node(inner, id, bindings, rest))
    }

    /// Whether a node's type is what a typed metavariable asks for.
    fn has_type(&self, p: NodeId, t: NodeId, _bindings: &Bindings) -> bool {
        let Some(wanted) = self.pattern.tree.child(p, 0) else { return false };
        if self.pattern.tree.kind(wanted) == Kind::Metavariable {
            return self.file.facts.types.contains_key(&t);
        }
        is_type(self.file, t, self.text(self.pattern.tree.symbol(wanted)))
    }

    fn binary(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let (pattern, target) = (self.pattern.tree.node(p), self.file.tree.node(t));
        if pattern.symbol != target.symbol {
            return false;
        }
        let (ps, ts) = (self.pattern.tree.children(p), self.file.tree.children(t));
        let bool_operator = matches!(pattern.symbol, Symbol::AND | Symbol::OR);
        let associative =
            bool_operator || matches!(pattern.symbol, Symbol::BIT_AND | Symbol::BIT_OR | Symbol::BIT_XOR);
        let commutative = self.options.commutative_boolop && bool_operator
            || matches!(pattern.symbol, Symbol::BIT_AND | Symbol::BIT_OR | Symbol::BIT_XOR);
        let has_ellipsis = ps.iter().any(|p| self.pattern.tree.kind(*p) == Kind::Ellipsis);
        let long_chain = has_ellipsis && matches!(pattern.symbol, Symbol::ADD | Symbol::CONCAT);
        if !(self.options.ac_matching && associative || long_chain) {
            return self.slots(ps, ts, bindings, rest);
        }
        let left = flatten(&self.pattern.tree, p, pattern.symbol);
        let right = flatten(self.file.tree, t, target.symbol);
        if commutative && !has_ellipsis && left.len() == right.len() {
            return self.unordered(&left, &right, bindings, rest);
        }
        if commutative && has_ellipsis {
            return self.unordered(&left, &right, bindings, rest);
        }
        // Each operand of the pattern may stand for several of the file, in order.
        self.slots(ps, ts, bindings, rest)
            || left.len() > 2 && self.ordered(&left, &right, bindings, rest)
            || has_ellipsis && left.len() == 2 && self.ordered(&left, &right, bindings, rest)
    }

    /// `x = x + y` of the pattern against `x += y`.
    fn assign_as_compound(&self, ps: &[NodeId], t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let tree = &self.pattern.tree;
        let (Some(target), Some(value)) = (ps.first(), ps.get(1)) else { return false };
        if tree.kind(*value) != Kind::Binary || tree.symbol(*value) != self.file.tree.symbol(t) {
            return false;
        }
        let (Some(left), Some(right)) = (tree.child(*value, 0), tree.child(*value, 1)) else { return false };
        let ts = self.file.tree.children(t);
        let (Some(variable), Some(operand)) = (ts.first(), ts.get(1)) else { return false };
        self.node(*target, *variable, bindings, &mut |bindings| {
            self.node(left, *variable, bindings, &mut |bindings| self.node(right, *operand, bindings, rest))
        })
    }

    /// `x += y` of the pattern against `x = x + y`.
    fn compound_as_assign(&self, p: NodeId, ts: &[NodeId], bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let tree = self.file.tree;
        let (Some(variable), Some(value)) = (ts.first(), ts.get(1)) else { return false };
        if tree.kind(*value) != Kind::Binary || tree.symbol(*value) != self.pattern.tree.symbol(p) {
            return false;
        }
        let (Some(left), Some(right)) = (tree.child(*value, 0), tree.child(*value, 1)) else { return false };
        let ps = self.pattern.tree.children(p);
        let (Some(target), Some(operand)) = (ps.first(), ps.get(1)) else { return false };
        super::same(self.file, *variable, left)
            && self.node(*target, *variable, bindings, &mut |bindings| {
                self.node(*operand, right, bindings, rest)
            })
    }

    /// Functions: the body of a pattern is asked for in any function, with or without a name.
    fn function(&self, ps: &[NodeId], ts: &[NodeId], bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        self.slots(ps, ts, bindings, rest)
    }

    /// `var x = v` against `let x = v`; a type that the pattern leaves out is not asked for.
    fn definition(&self, ps: &[NodeId], ts: &[NodeId], bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let words = |tree: &Tree, id: Option<&NodeId>| -> Vec<Symbol> {
            let Some(id) = id else { return Vec::new() };
            tree.children(*id)
                .iter()
                .filter(|child| tree.kind(**child) == Kind::Token)
                .map(|child| tree.symbol(*child))
                .collect()
        };
        let is = |symbol: &Symbol, text: &str| self.text(*symbol) == text;
        let wanted = words(&self.pattern.tree, ps.first());
        let given = words(self.file.tree, ts.first());
        let lets = self.options.let_is_var
            && self.pattern.language != Language::Swift
            && wanted.len() == 1
            && wanted.iter().all(|word| is(word, "var"))
            && given.iter().any(|word| is(word, "let"));
        // `let x` is no `let x = 1`.
        let empty =
            |tree: &Tree, list: &[NodeId]| list.get(3).is_none_or(|value| tree.kind(*value) == Kind::Missing);
        if empty(&self.pattern.tree, ps) && !empty(self.file.tree, ts) && !wanted.is_empty() {
            return false;
        }
        if lets {
            return self.slots(
                ps.get(1..).unwrap_or_default(),
                ts.get(1..).unwrap_or_default(),
                bindings,
                rest,
            );
        }
        self.slots(ps, ts, bindings, rest)
    }

    /// Handlers of the pattern each match one of the file, in order.
    fn try_statement(&self, ps: &[NodeId], ts: &[NodeId], bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        if ps.len() < 3 || ts.len() < 3 {
            return self.slots(ps, ts, bindings, rest);
        }
        let (p_body, p_catch, p_end) = (&ps[..1], &ps[1..ps.len() - 2], &ps[ps.len() - 2..]);
        let (t_body, t_catch, t_end) = (&ts[..1], &ts[1..ts.len() - 2], &ts[ts.len() - 2..]);
        self.slots(p_body, t_body, bindings, &mut |bindings| {
            self.subset(p_catch, t_catch, bindings, &mut |bindings| {
                self.strict_slots(p_end, t_end, bindings, rest)
            })
        })
    }

    /// The path that an import of the pattern asks for, where it is written without holes and without an alias.
    fn imported_path(&self, p: NodeId) -> Option<String> {
        let tree = &self.pattern.tree;
        let module = dotted(tree, self.file.symbols, tree.child(p, 0)?)?;
        let plain = |id: NodeId| tree.present(id, 1).is_none();
        match tree.kind(p) {
            Kind::Import => plain(p).then_some(module),
            Kind::ImportFrom => match tree.children(p).get(1..)? {
                [only] if plain(*only) && tree.kind(tree.child(*only, 0)?) == Kind::Name => {
                    Some(format!("{module}.{}", self.text(tree.symbol(tree.child(*only, 0)?))))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Imports: one name of the pattern among several of the file; a whole module also where only a part of it is imported.
    fn import(&self, p: NodeId, t: NodeId, bindings: &mut Bindings, rest: Rest<'_>) -> bool {
        let (pattern, target) = (self.pattern.tree.kind(p), self.file.tree.kind(t));
        let (ps, ts) = (self.pattern.tree.children(p), self.file.tree.children(t));
        if let Some(wanted) = self.imported_path(p)
            && imported_paths(self.file, t).iter().any(|path| {
                path.strip_prefix(wanted.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        {
            return rest(bindings);
        }
        match (pattern, target) {
            (Kind::Import, Kind::Import) => self.slots(ps, ts, bindings, rest),
            // `import $X` is any import of a module, also of names out of it.
            (Kind::Import, Kind::ImportFrom) => {
                self.slots(&ps[..1.min(ps.len())], &ts[..1.min(ts.len())], bindings, rest)
            }
            (Kind::ImportFrom, Kind::ImportFrom) => {
                let (Some((p_module, p_names)), Some((t_module, t_names))) =
                    (ps.split_first(), ts.split_first())
                else {
                    return false;
                };
                self.node(*p_module, *t_module, bindings, &mut |bindings| {
                    self.subset(p_names, t_names, bindings, rest)
                })
            }
            _ => false,
        }
    }
}

/// Whether a definition is what a condition binds.
fn is_asked(tree: &Tree, id: NodeId) -> bool {
    tree.parent(id).is_some_and(|parent| {
        matches!(tree.kind(parent), Kind::If | Kind::While | Kind::DoWhile | Kind::Unary | Kind::Binary)
    })
}

/// The dotted paths that an import of the file brings in.
fn imported_paths(file: &File<'_>, id: NodeId) -> Vec<String> {
    let tree = file.tree;
    let Some(module) = tree.child(id, 0).and_then(|module| dotted(tree, file.symbols, module)) else {
        return Vec::new();
    };
    let names = tree.children(id).get(1..).unwrap_or_default();
    let mut paths: Vec<String> = names
        .iter()
        .filter(|name| tree.kind(**name) == Kind::ImportedName)
        .filter_map(|name| tree.child(*name, 0))
        .map(|name| format!("{module}.{}", file.symbols.text(tree.symbol(name))))
        .collect();
    paths.push(module);
    paths
}

/// `a.b.c` of nested fields.
fn dotted(tree: &Tree, symbols: &Symbols, id: NodeId) -> Option<String> {
    match tree.kind(id) {
        Kind::Name => Some(symbols.text(tree.symbol(id)).to_owned()),
        Kind::Field => {
            let object = dotted(tree, symbols, tree.child(id, 0)?)?;
            Some(format!("{object}.{}", symbols.text(tree.symbol(tree.child(id, 1)?))))
        }
        _ => None,
    }
}

fn flatten(tree: &Tree, id: NodeId, operator: Symbol) -> Vec<NodeId> {
    let mut out = Vec::new();
    let mut stack = vec![id];
    while let Some(id) = stack.pop() {
        if tree.kind(id) == Kind::Binary && tree.symbol(id) == operator {
            stack.extend(tree.children(id).iter().rev());
        } else {
            out.push(id);
        }
    }
    out
}

/// The value of a whole number in any base that the languages know.
fn whole_number(text: &str) -> Option<u128> {
    let plain: String = text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    let digits = |text: &str, base: u32| u128::from_str_radix(text, base).ok();
    match plain.get(..2) {
        Some("0x") => digits(&plain[2..], 16),
        Some("0o") => digits(&plain[2..], 8),
        Some("0b") => digits(&plain[2..], 2),
        _ => digits(&plain, 10),
    }
}

/// Kinds that a language may have as a statement or as an expression.
fn is_statement_like(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Assign
            | Kind::AugmentedAssign
            | Kind::VariableDefinition
            | Kind::Call
            | Kind::Yield
            | Kind::Await
            | Kind::Element
            | Kind::Postfix
            | Kind::Unary
            | Kind::If
            | Kind::Switch
            | Kind::Throw
            | Kind::Return
            | Kind::Macro
            | Kind::Function
            | Kind::String
    )
}

const STRING_TYPES: &[&str] = &["string", "String", "str", "java.lang.String", "System.String", "&str"];

fn literal_type(kind: Kind) -> Option<&'static [&'static str]> {
    Some(match kind {
        Kind::String | Kind::Template => STRING_TYPES,
        Kind::Number => &[
            "int", "Integer", "long", "float", "double", "number", "Int", "i32", "u32", "i64", "usize", "f64",
        ],
        Kind::Bool => &["bool", "boolean", "Boolean", "Bool"],
        Kind::Char => &["char", "Character", "Char"],
        _ => return None,
    })
}

/// Whether an expression is known to have a type.
pub fn is_type(file: &File<'_>, id: NodeId, wanted: &str) -> bool {
    if literal_type(file.tree.kind(id)).is_some_and(|literal| literal.contains(&wanted)) {
        return true;
    }
    let constant = file.facts.constants.get(&id);
    if let Some(Constant::String(_) | Constant::SomeString) = constant
        && STRING_TYPES.contains(&wanted)
    {
        return true;
    }
    file.facts.types.get(&id).is_some_and(|known| same_type(file.symbols.text(*known), wanted))
}

/// Whether a type is the one asked for: the same text, or the same last part where one of them is not qualified. Pointers,
/// references and type arguments that are not asked for do not tell.
fn same_type(known: &str, wanted: &str) -> bool {
    let strip = |text: &str| -> String {
        text.trim_start_matches(['*', '&']).trim_end_matches(['*', '&', '?', ' ']).trim().to_owned()
    };
    if known == wanted {
        return true;
    }
    let (mut known, wanted_bare) = (strip(known), strip(wanted));
    if wanted.starts_with('*') && wanted_bare == known {
        return true;
    }
    if !wanted.contains('<')
        && let Some(at) = known.find('<')
    {
        known.truncate(at);
    }
    if known == wanted_bare {
        return true;
    }
    let last = |text: &str| text.rsplit(['.', '/', ':', '\\']).next().unwrap_or(text).to_owned();
    let qualified = |text: &str| text.contains(['.', '/', '\\']) || text.contains("::");
    match (qualified(&known), qualified(&wanted_bare)) {
        (true, false) => last(&known) == wanted_bare,
        // `example.com/echo/v4.Context` is `echo.Context`.
        (true, true) => {
            known.ends_with(&format!("/{wanted_bare}"))
                || crate::facts::short_name(&known).is_some_and(|short| short == wanted_bare)
        }
        _ => false,
    }
}
