//! Names and literals as small numbers.
//!
//! All text that patterns mention is numbered once, when rules compile; that table is then frozen and shared by all
//! threads. A file numbers the rest of its text from there on. So the same text in a pattern and in a file has the same
//! number, and nothing is locked while files are read.

use std::collections::HashMap;
use std::sync::Arc;

/// A piece of text. Equal symbols of one [`Symbols`], or of two that share their frozen part, are equal text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

macro_rules! known {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => { known!(@ 0u32, $($(#[$doc])* $name = $text,)*); const KNOWN: &[&str] = &[$($text),*]; };
    (@ $at:expr, $(#[$doc:meta])* $name:ident = $text:literal, $($rest:tt)*) => {
        impl Symbol { #[doc = concat!("`", $text, "`")] pub const $name: Self = Self($at); }
        known!(@ $at + 1, $($rest)*);
    };
    (@ $at:expr,) => {};
}

known! {
    EMPTY = "",
    ELLIPSIS = "...",
    ADD = "+",
    SUB = "-",
    MUL = "*",
    DIV = "/",
    REM = "%",
    AND = "&&",
    OR = "||",
    NOT = "!",
    EQ = "==",
    NE = "!=",
    LT = "<",
    GT = ">",
    LE = "<=",
    GE = ">=",
    IS = "is",
    IS_NOT = "is not",
    IN = "in",
    NOT_IN = "not in",
    BIT_AND = "&",
    BIT_OR = "|",
    BIT_XOR = "^",
    COALESCE = "??",
    CONCAT = ".",
    SHL = "<<",
    SHR = ">>",
    INCREMENT = "++",
    DECREMENT = "--",
    THIS = "this",
    SELF = "self",
    SUPER = "super",
    TRUE = "true",
    FALSE = "false",
    NULL = "null",
    UNDERSCORE = "_",
    POWER = "**",
    FLOOR_DIV = "//",
    SEND = "<-",
    INIT = "__init__",
    CONSTRUCTOR = "constructor",
    DEREFERENCE = "deref",
    ADDRESS = "addressof",
}

/// Text known before a file is read: that of patterns.
#[derive(Debug, Default)]
pub struct Frozen {
    texts: Vec<Box<str>>,
    by_text: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
}

impl Frozen {
    /// How many texts are numbered.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// Numbers text.
#[derive(Debug)]
pub struct Symbols {
    frozen: Arc<Frozen>,
    texts: Vec<Box<str>>,
    by_text: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
    /// Which numbers of the frozen part were asked for since.
    seen: Vec<bool>,
}

impl Default for Symbols {
    fn default() -> Self {
        let mut symbols =
            Self { frozen: Arc::default(), texts: Vec::new(), by_text: HashMap::default(), seen: Vec::new() };
        for text in KNOWN {
            symbols.intern(text);
        }
        symbols
    }
}

impl Symbols {
    /// A table that continues a frozen one.
    pub fn over(frozen: Arc<Frozen>) -> Self {
        let seen = vec![false; frozen.texts.len()];
        Self { frozen, texts: Vec::new(), by_text: HashMap::default(), seen }
    }

    /// The frozen part, to continue it elsewhere.
    pub fn frozen(&self) -> Arc<Frozen> {
        Arc::clone(&self.frozen)
    }

    /// Ends the first part of the table; continue it with [`Symbols::over`].
    pub fn freeze(self) -> Arc<Frozen> {
        debug_assert!(self.frozen.texts.is_empty());
        Arc::new(Frozen { texts: self.texts, by_text: self.by_text })
    }

    /// The number of `text`.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.get(text) {
            if let Some(seen) = self.seen.get_mut(symbol.0 as usize) {
                *seen = true;
            }
            return symbol;
        }
        let number = u32::try_from(self.frozen.texts.len() + self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.by_text.insert(text.into(), number);
        Symbol(number)
    }

    /// Notes that a number of the frozen part is used again, as [`Symbols::intern`] of its text would.
    pub fn see(&mut self, symbol: Symbol) {
        if let Some(seen) = self.seen.get_mut(symbol.0 as usize) {
            *seen = true;
        }
    }

    /// The number of `text` where it has one.
    pub fn get(&self, text: &str) -> Option<Symbol> {
        self.frozen.by_text.get(text).or_else(|| self.by_text.get(text)).copied().map(Symbol)
    }

    /// The text of a number; empty for a number of another table.
    pub fn text(&self, symbol: Symbol) -> &str {
        let index = symbol.0 as usize;
        let frozen = self.frozen.texts.len();
        let text = if index < frozen { self.frozen.texts.get(index) } else { self.texts.get(index - frozen) };
        text.map(AsRef::as_ref).unwrap_or_default()
    }

    /// Whether text was numbered in this part of the table.
    pub fn has(&self, symbol: Symbol) -> bool {
        match self.seen.get(symbol.0 as usize) {
            Some(seen) => *seen,
            None => (symbol.0 as usize) < self.len(),
        }
    }

    /// How many texts are numbered.
    pub fn len(&self) -> usize {
        self.frozen.texts.len() + self.texts.len()
    }

    /// Whether nothing is numbered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_symbols_are_their_text() {
        let symbols = Symbols::default();
        assert_eq!(symbols.text(Symbol::EMPTY), "");
        assert_eq!(symbols.text(Symbol::AND), "&&");
        assert_eq!(symbols.text(Symbol::ADDRESS), "addressof");
        assert_eq!(symbols.get("super"), Some(Symbol::SUPER));
    }

    #[test]
    fn files_share_the_frozen_part() {
        let mut rules = Symbols::default();
        let system = rules.intern("system");
        let frozen = rules.freeze();
        let (mut a, mut b) = (Symbols::over(Arc::clone(&frozen)), Symbols::over(frozen));
        assert_eq!(a.intern("system"), system);
        let local = a.intern("local");
        assert_eq!(b.intern("other"), local);
        assert!(a.has(system) && a.has(local) && !b.has(system) && b.has(local));
        assert_eq!((a.text(local), b.text(local)), ("local", "other"));
        assert!(!a.has(Symbol::SUPER));
        a.see(Symbol::SUPER);
        assert!(a.has(Symbol::SUPER));
    }
}
