//! Gathers what a scanner sees into a [`FileUse`] within its bounds.

use super::{Call, FileUse, Import, MAX_ENCODED, Symbol};
use bartizan_model::Language;
use std::collections::{HashMap, HashSet};

/// Imports of one file.
const MAX_IMPORTS: usize = 4096;
/// Bytes of a name; longer ones are no names.
const MAX_NAME: usize = 256;
/// Parts of a name that are kept: package, type, member, and some modules before.
pub const MAX_PARTS: usize = 8;
/// What a record takes besides its text: lengths, line and flags as postcard writes them, at most.
const RECORD: usize = 16;
/// What the record of the file itself takes.
const HEADER: usize = 64;
/// Slots of the memory of calls just seen.
const RECENT: usize = 512;

/// Of an import already gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImportId(u32);

/// Gathers within bounds. Places must be handed in roughly in the order of the file: lines are counted from place to place.
pub struct Collector<'a> {
    text: &'a [u8],
    found: FileUse,
    separator: &'static str,
    left: usize,
    by_module: HashMap<(String, bool), ImportId>,
    seen: HashSet<(ImportId, String)>,
    calls: HashSet<(&'a [u8], bool)>,
    recent: Box<[(&'a [u8], bool); RECENT]>,
    counted: (usize, u32),
}

impl<'a> Collector<'a> {
    /// For a file of this text; `separator` stands between the parts of its names.
    pub fn new(text: &'a [u8], language: Language, is_test: bool, separator: &'static str) -> Self {
        Self {
            text,
            found: FileUse::new(language, is_test),
            separator,
            left: MAX_ENCODED - HEADER,
            by_module: HashMap::new(),
            seen: HashSet::new(),
            calls: HashSet::new(),
            recent: Box::new([(b"", false); RECENT]),
            counted: (0, 1),
        }
    }

    /// Whether nothing was imported yet.
    pub fn is_empty(&self) -> bool {
        self.found.imports.is_empty()
    }

    /// A bound was reached.
    pub fn truncate(&mut self) {
        self.found.truncated = true;
    }

    /// A module is imported at `at`. `None` where a bound is reached or the name is none.
    pub fn import(&mut self, module: &[u8], at: usize, test: bool) -> Option<ImportId> {
        if module.is_empty() {
            return None;
        }
        if module.len() > MAX_NAME {
            self.found.truncated = true;
            return None;
        }
        let key = (String::from_utf8_lossy(module).into_owned(), test || self.found.is_test);
        if let Some(id) = self.by_module.get(&key) {
            return Some(*id);
        }
        if self.found.imports.len() >= MAX_IMPORTS || !self.take(key.0.len()) {
            self.found.truncated = true;
            return None;
        }
        let line = self.line(at);
        let id = ImportId(u32::try_from(self.found.imports.len()).unwrap_or(u32::MAX));
        let (module, test) = key.clone();
        self.found.imports.push(Import { module, test, wildcard: false, line, symbols: Vec::new() });
        self.by_module.insert(key, id);
        Some(id)
    }

    /// A name of the import is used at `at`.
    pub fn symbol(&mut self, id: ImportId, parts: &[&[u8]], at: usize) {
        let length = parts.iter().map(|part| part.len() + 2).sum::<usize>();
        if length == 0 || length > MAX_NAME {
            return;
        }
        let mut name = String::with_capacity(length);
        for part in parts.iter().take(MAX_PARTS) {
            if !name.is_empty() {
                name.push_str(self.separator);
            }
            name.push_str(&String::from_utf8_lossy(part));
        }
        let key = (id, name);
        if self.seen.contains(&key) {
            return;
        }
        if !self.take(key.1.len()) {
            self.found.truncated = true;
            return;
        }
        let line = self.line(at);
        if let Some(import) = self.found.imports.get_mut(id.0 as usize) {
            import.symbols.push(Symbol { name: key.1.clone(), line });
        }
        self.seen.insert(key);
    }

    /// All names of the import are brought into scope.
    pub fn wildcard(&mut self, id: ImportId) {
        if let Some(import) = self.found.imports.get_mut(id.0 as usize) {
            import.wildcard = true;
        }
    }

    /// Whether no name was used through the import.
    pub fn is_unused(&self, id: ImportId) -> bool {
        self.found.imports.get(id.0 as usize).is_some_and(|import| import.symbols.is_empty())
    }

    /// A name is called at `at` on something that names do not tell.
    #[inline]
    pub fn call(&mut self, name: &'a [u8], at: usize, test: bool) {
        let (Some(first), Some(last)) = (name.first(), name.last()) else { return };
        let slot = (*first as usize * 31 + *last as usize * 7 + name.len() * 67) % RECENT;
        if self.recent[slot] == (name, test) {
            return;
        }
        self.recent[slot] = (name, test);
        self.call_not_recent(name, at, test);
    }

    #[cold]
    fn call_not_recent(&mut self, name: &'a [u8], at: usize, test: bool) {
        let test = test || self.found.is_test;
        if name.len() > MAX_NAME || self.calls.contains(&(name, test)) {
            return;
        }
        let text = String::from_utf8_lossy(name).into_owned();
        // Calls are the many and imports the few: they leave half of the room.
        if self.left < MAX_ENCODED / 2 || !self.take(text.len()) {
            self.found.truncated = true;
            return;
        }
        self.calls.insert((name, test));
        let line = self.line(at);
        self.found.calls.push(Call { name: text, test, line });
    }

    /// A module whose name is computed is loaded at `at`.
    pub fn dynamic(&mut self, at: usize) {
        if self.found.dynamic.is_none() {
            self.found.dynamic = Some(self.line(at));
        }
    }

    /// What was gathered, without the modules that `keep` turns away.
    pub fn finish(self, keep: impl Fn(&Import) -> bool) -> FileUse {
        let mut found = self.found;
        found.imports.retain(|import| keep(import));
        if found.imports.is_empty() {
            found.calls.clear();
        }
        found.imports.iter_mut().for_each(|import| import.symbols.sort_unstable());
        found.imports.sort_unstable();
        found.calls.sort_unstable();
        found
    }

    fn take(&mut self, length: usize) -> bool {
        match self.left.checked_sub(length + RECORD) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }

    fn line(&mut self, at: usize) -> u32 {
        let at = at.min(self.text.len());
        let (place, line) = self.counted;
        let count =
            |range: &[u8]| u32::try_from(memchr::memchr_iter(b'\n', range).count()).unwrap_or(u32::MAX);
        let line = if at >= place {
            line.saturating_add(count(&self.text[place..at]))
        } else {
            line.saturating_sub(count(&self.text[at..place]))
        };
        self.counted = (at, line);
        line
    }
}
