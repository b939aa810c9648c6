//! What a condition shows about values, where it holds and where it does not.
//!
//! Only what leaves nothing to choose for an attacker cleans: equality with a constant, membership in a collection of
//! constants, a regular expression that is matched from start to end and admits no character of any syntax, a check for
//! digits or for a type that is no text.

use super::walk::Walk;
use crate::facts::Constant;
use crate::tree::{Kind, NodeId, Symbol};

/// How many variables that hold checks are looked through on the way to what they check.
const MAX_CHECKS: u32 = 4;

impl Walk<'_, '_> {
    /// Takes into account that a condition holds, or that it does not.
    pub(super) fn refine(&mut self, condition: NodeId, holds: bool) {
        let tree = self.a.tree;
        let children = tree.children(condition);
        if !self.a.spend(1) {
            return;
        }
        match tree.kind(condition) {
            Kind::Unary if tree.symbol(condition) == Symbol::NOT => {
                if let Some(inner) = children.first() {
                    self.refine(*inner, !holds);
                }
            }
            Kind::Binary => {
                let [left, right] = children else { return };
                self.refine_binary(tree.symbol(condition), *left, *right, holds);
            }
            Kind::Call => self.refine_call(condition, holds),
            // `if (m = re.match(...))`, `if allowed[x]`, `if _, ok := allowed[x]; ok`
            Kind::Assign | Kind::VariableDefinition => {
                let slot = if tree.kind(condition) == Kind::Assign { 1 } else { 3 };
                if let Some(value) = tree.present(condition, slot) {
                    self.refine(value, holds);
                }
            }
            Kind::Index if holds => {
                if let [object, index] = children
                    && self.a.facts.collections.contains(object)
                {
                    self.clean(*index);
                }
            }
            Kind::Name => {
                // A check may name itself: `x = x || y`.
                if self.checks < MAX_CHECKS
                    && let Some(value) = self.defining_check(condition)
                {
                    self.checks += 1;
                    self.refine(value, holds);
                    self.checks -= 1;
                }
            }
            Kind::TypeTest if holds => {
                if let [value, type_] = children
                    && self.a.is_number_type(*type_)
                {
                    self.clean(*value);
                }
            }
            _ => {}
        }
    }

    /// The check that a variable holds the outcome of: `ok = x in ALLOWED` right before.
    fn defining_check(&self, name: NodeId) -> Option<NodeId> {
        let tree = self.a.tree;
        let definition = *self.a.facts.definitions.get(&name)?;
        if definition == name || self.a.assigned.get(&definition) != Some(&1) {
            return None;
        }
        let mut at = definition;
        for above in tree.ancestors(definition).take(3) {
            let value = match tree.kind(above) {
                Kind::Assign => tree.child(above, 1),
                Kind::VariableDefinition => tree.present(above, 3),
                Kind::Tuple | Kind::List => {
                    at = above;
                    continue;
                }
                _ => return None,
            };
            let value = value?;
            if at != definition {
                // `_, ok := allowed[x]`: the last of two says whether it is there.
                let last = tree.children(at).last() == Some(&definition);
                return (last && tree.kind(value) == Kind::Index).then_some(value);
            }
            let is_check = matches!(tree.kind(value), Kind::Call | Kind::Binary | Kind::Unary | Kind::Index);
            return is_check.then_some(value);
        }
        None
    }

    fn refine_binary(&mut self, operator: Symbol, left: NodeId, right: NodeId, holds: bool) {
        let text = self.a.symbols.text(operator);
        let (equal, unequal) =
            (matches!(text, "==" | "===" | "is"), matches!(text, "!=" | "!==" | "is not" | "<>"));
        match operator {
            Symbol::AND if holds => {
                self.refine(left, true);
                self.refine(right, true);
            }
            Symbol::OR if !holds => {
                self.refine(left, false);
                self.refine(right, false);
            }
            Symbol::AND | Symbol::OR => {
                // One of the two: what either shows alone is kept where both show it.
                let before = self.state.clone();
                self.refine(left, holds);
                let first = std::mem::replace(&mut self.state, before);
                self.refine(right, holds);
                self.merge(Some(first));
            }
            Symbol::IN if holds => self.refine_member(left, right),
            Symbol::NOT_IN if !holds => self.refine_member(left, right),
            _ if equal && holds || unequal && !holds => self.refine_equal(left, right),
            // `list.indexOf(x) >= 0`, `!= -1`
            _ => self.refine_index_of(text, left, right, holds),
        }
    }

    fn refine_equal(&mut self, left: NodeId, right: NodeId) {
        let constant = |walk: &Self, id: NodeId| walk.a.facts.constant(walk.a.tree, id);
        match (constant(self, left), constant(self, right)) {
            (None, Some(Constant::Bool(value))) => self.refine(left, value),
            (Some(Constant::Bool(value)), None) => self.refine(right, value),
            (None, Some(_)) => self.refine_known(left),
            (Some(_), None) => self.refine_known(right),
            _ => {}
        }
    }

    /// A value equals a constant: also `typeof x == "number"`.
    fn refine_known(&mut self, id: NodeId) {
        let tree = self.a.tree;
        if tree.kind(id) == Kind::Unary {
            let number = tree.parent(id).is_some_and(|parent| {
                tree.children(parent).iter().any(|side| {
                    matches!(
                        self.a.facts.constant(tree, *side),
                        Some(Constant::String(text)) if matches!(self.a.symbols.text(text), "number" | "boolean" | "bigint")
                    )
                })
            });
            if number && let Some(operand) = tree.child(id, 0) {
                self.clean(operand);
            }
            return;
        }
        self.clean(id);
    }

    fn refine_index_of(&mut self, operator: &str, left: NodeId, right: NodeId, holds: bool) {
        let tree = self.a.tree;
        let minus_one = tree.kind(right) == Kind::Unary;
        let found = match operator {
            ">=" if !minus_one => holds,
            ">" if minus_one => holds,
            "!=" | "!==" if minus_one => holds,
            "==" | "===" if minus_one => !holds,
            "<" if !minus_one => !holds,
            _ => return,
        };
        if !found || tree.kind(left) != Kind::Call {
            return;
        }
        let Some(callee) = tree.child(left, 0).filter(|callee| tree.kind(*callee) == Kind::Field) else {
            return;
        };
        let (Some(object), Some(name)) = (tree.child(callee, 0), tree.child(callee, 1)) else { return };
        if matches!(self.a.text(name), "indexOf" | "IndexOf" | "index")
            && let Some([argument]) = tree.child(left, 1).map(|arguments| tree.children(arguments))
        {
            self.refine_member(*argument, object);
        }
    }

    fn refine_member(&mut self, item: NodeId, collection: NodeId) {
        if self.a.facts.collections.contains(&collection) {
            self.clean(item);
        }
    }

    fn refine_call(&mut self, call: NodeId, holds: bool) {
        let tree = self.a.tree;
        let (Some(callee), Some(arguments)) = (tree.child(call, 0), tree.child(call, 1)) else { return };
        let arguments = tree.children(arguments);
        if holds {
            self.refine_own(call, callee, arguments);
        }
        if !holds {
            return;
        }
        match tree.kind(callee) {
            Kind::Field => {
                let (Some(object), Some(name)) = (tree.child(callee, 0), tree.child(callee, 1)) else {
                    return;
                };
                self.refine_method(object, name, arguments);
            }
            Kind::Name => self.refine_function(self.a.text(callee), arguments),
            _ => {}
        }
    }

    fn refine_method(&mut self, object: NodeId, name: NodeId, arguments: &[NodeId]) {
        let constant = |walk: &Self, id: NodeId| walk.a.facts.constant(walk.a.tree, id).is_some();
        match (self.a.text(name), arguments) {
            (
                "contains" | "includes" | "has" | "containsKey" | "Contains" | "ContainsKey" | "include?"
                | "key?" | "has_key" | "member?" | "hasOwnProperty",
                [item],
            ) => self.refine_member(*item, object),
            ("contains" | "Contains" | "Index", [collection, item])
                if self.a.facts.collections.contains(collection) =>
            {
                self.clean(*item);
            }
            ("equals" | "equalsIgnoreCase" | "Equals" | "contentEquals" | "eql?", [other]) => {
                match (constant(self, object), constant(self, *other)) {
                    (true, false) => self.clean(*other),
                    (false, true) => self.clean(object),
                    _ => {}
                }
            }
            ("isdigit" | "isdecimal" | "isnumeric" | "isalnum" | "isalpha" | "isidentifier", []) => {
                self.clean(object)
            }
            (
                "isNumeric" | "isAlphanumeric" | "isAlpha" | "isDigits" | "isInteger" | "isSafeInteger"
                | "isFinite" | "isCreatable" | "isParsable",
                [item],
            ) => self.clean(*item),
            // The whole of `x` by Java's definition.
            ("matches", [pattern]) if self.is_strict(*pattern, true) => self.clean(object),
            ("matches" | "MatchString" | "IsMatch", [pattern, item]) => {
                let whole = self.a.text(name) == "matches";
                if self.is_strict(*pattern, whole) {
                    self.clean(*item);
                } else if self.is_strict(*item, whole) {
                    self.clean(*pattern);
                }
            }
            ("fullmatch" | "match" | "search", [pattern, item, ..])
                if self.is_strict(*pattern, self.a.text(name) == "fullmatch") =>
            {
                self.clean(*item);
            }
            ("fullmatch" | "match" | "test" | "search" | "MatchString" | "match?" | "IsMatch", [item]) => {
                if let Some(pattern) = self.compiled(object)
                    && self.is_strict(pattern, self.a.text(name) == "fullmatch")
                {
                    self.clean(*item);
                } else if self.is_strict(*item, false) {
                    self.clean(object);
                }
            }
            // `PATTERN.matcher(x).matches()`
            ("matches", []) if self.kind(object) == Kind::Call => {
                let tree = self.a.tree;
                let Some(callee) = tree.child(object, 0).filter(|callee| tree.kind(*callee) == Kind::Field)
                else {
                    return;
                };
                let (Some(pattern), Some(list)) = (tree.child(callee, 0), tree.child(object, 1)) else {
                    return;
                };
                if let Some(pattern) = self.compiled(pattern)
                    && self.is_strict(pattern, true)
                    && let [item] = tree.children(list)
                {
                    self.clean(*item);
                }
            }
            _ => {}
        }
    }

    fn refine_function(&mut self, name: &str, arguments: &[NodeId]) {
        match (name, arguments) {
            ("in_array" | "array_key_exists", [item, collection, ..]) => {
                // Without the strict comparison, `0` equals many strings; the value itself is still one of the list's.
                self.refine_member(*item, *collection);
            }
            ("isset", [item]) if self.kind(*item) == Kind::Index => self.refine(*item, true),
            (
                "is_numeric" | "is_int" | "is_bool" | "is_float" | "ctype_digit" | "ctype_alnum"
                | "ctype_alpha",
                [item],
            ) => {
                self.clean(*item);
            }
            ("preg_match", [pattern, item, ..]) if self.is_strict(*pattern, false) => self.clean(*item),
            ("isinstance", [item, type_]) if self.a.is_number_type(*type_) => self.clean(*item),
            _ => {}
        }
    }

    /// A function of this file that says yes only to what is clean.
    fn refine_own(&mut self, call: NodeId, callee: NodeId, arguments: &[NodeId]) {
        let Some((function, _)) = self.only_target(call, callee) else { return };
        let Some(summary) = self.a.summary(function) else { return };
        for index in &summary.cleans_if_true {
            if let Some(argument) = arguments.get(usize::from(*index)) {
                self.clean(*argument);
            }
        }
    }

    /// The pattern of a compiled regular expression: the literal, or the argument of what made it.
    fn compiled(&self, id: NodeId) -> Option<NodeId> {
        let tree = self.a.tree;
        match tree.kind(id) {
            Kind::Regex => Some(id),
            Kind::Call | Kind::New => tree.children(tree.child(id, 1)?).first().copied(),
            Kind::Name | Kind::Field => {
                let definition = match tree.kind(id) {
                    Kind::Name => *self.a.facts.definitions.get(&id)?,
                    _ => self.static_member(tree.child(id, 0)?, tree.child(id, 1)?)?,
                };
                if self.a.assigned.get(&definition) != Some(&1) {
                    return None;
                }
                let owner = tree.parent(definition)?;
                let value = match tree.kind(owner) {
                    Kind::Assign => tree.child(owner, 1)?,
                    Kind::VariableDefinition => tree.present(owner, 3)?,
                    _ => return None,
                };
                matches!(tree.kind(value), Kind::Regex | Kind::Call | Kind::New)
                    .then(|| self.compiled(value))?
            }
            _ => None,
        }
    }

    /// Whether a regular expression admits only words, numbers and a few marks without meaning in any syntax. `whole`: it is
    /// matched against the whole text by the call.
    fn is_strict(&self, id: NodeId, whole: bool) -> bool {
        let text = match self.kind(id) {
            Kind::Regex => self.a.text(id),
            _ => match self.a.facts.constant(self.a.tree, id) {
                Some(Constant::String(text)) => self.a.symbols.text(text),
                _ => return false,
            },
        };
        strict(text, whole)
    }
}

/// See [`Walk::is_strict`].
fn strict(pattern: &str, whole: bool) -> bool {
    let mut text = pattern.replace("\\\\", "\\");
    // PHP writes delimiters into the string.
    for delimiter in ['/', '#', '~'] {
        if let Some(inner) = text.strip_prefix(delimiter)
            && let Some((inner, flags)) = inner.rsplit_once(delimiter)
            && flags.chars().all(|c| c.is_ascii_alphabetic() && c != 'm')
        {
            text = inner.to_owned();
            break;
        }
    }
    let starts = ["^", "\\A"].iter().find_map(|start| text.strip_prefix(start)).map(str::to_owned);
    let anchored_start = starts.is_some();
    let text = starts.unwrap_or(text);
    let ends = ["$", "\\z", "\\Z"].iter().find_map(|end| text.strip_suffix(end)).map(str::to_owned);
    let anchored_end = ends.is_some();
    let text = ends.unwrap_or(text);
    if !(whole || anchored_start && anchored_end) {
        return false;
    }
    // An alternative at the top is bound by one anchor only.
    let mut depth = 0i32;
    let mut chars = text.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('w' | 'd' | '-' | '_' | '.' | '@' | ':' | '+') => {}
                _ => return false,
            },
            '[' if !in_class => {
                in_class = true;
                if chars.peek() == Some(&'^') {
                    return false;
                }
            }
            ']' if in_class => in_class = false,
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@' | ':' | ',') => {}
            '.' | '+' if in_class => {}
            '+' | '*' | '?' | '{' | '}' if !in_class => {}
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth -= 1,
            '|' if !in_class && (depth > 0 || whole && !anchored_start && !anchored_end) => {}
            _ => return false,
        }
    }
    !text.is_empty() && !in_class
}

#[cfg(test)]
mod tests {
    use super::strict;

    #[test]
    fn only_closed_patterns_of_words_are_strict() {
        for (pattern, whole, expected) in [
            ("^[a-z0-9_]+$", false, true),
            ("[a-z0-9_]+", false, false),
            ("[a-z0-9_]+", true, true),
            ("^[a-z]+", false, false),
            ("^.*$", false, false),
            ("^[^']+$", false, false),
            ("^\\w{1,20}$", false, true),
            ("^a|b$", false, false),
            ("^(asc|desc)$", false, true),
            ("/^\\d+$/", false, true),
            ("^[a-z ;]+$", false, false),
            ("\\S+", true, false),
        ] {
            assert_eq!(strict(pattern, whole), expected, "{pattern}");
        }
    }
}
