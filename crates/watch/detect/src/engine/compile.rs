//! From rules to one table of predicates and one program of conditions.

use super::matcher::Matcher;
use crate::regex::Expression;
use crate::required::required_texts;
use crate::sigma::{Condition, Detection, Filter, Item, Pattern, Rule, Selector, Test};
use foldhash::{HashMap, HashMapExt};

/// The field of keywords: every value of an event.
pub(super) const KEYWORDS: u32 = 0;

/// One test of one field, asked by any number of rules.
#[derive(Debug)]
pub(super) struct Predicate {
    pub(super) field: u32,
    pub(super) matcher: Matcher,
    pub(super) regex: Option<Expression>,
    pub(super) indexed: bool,
}

/// One step of a condition. Ranges are of [`Program::children`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Node {
    Predicate(u32),
    Not(u32),
    And(u32, u32),
    Or(u32, u32),
    AtLeast(u32, u32, u32),
}

/// All rules as one program.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) fields: Vec<String>,
    field_numbers: HashMap<String, u32>,
    pub(super) predicates: Vec<Predicate>,
    known: HashMap<(u32, Matcher), u32>,
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<u32>,
}

/// What one rule became.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Compiled {
    pub(super) root: u32,
    /// Predicates of which at least one holds whenever the rule does; none where no such set is known.
    pub(super) anchors: Option<Box<[u32]>>,
}

impl Program {
    pub(super) fn new() -> Self {
        let mut program = Self::default();
        // Keywords are field 0.
        program.field("\0keywords");
        program
    }

    /// The number of a field.
    pub(super) fn field(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.field_numbers.get(name) {
            return number;
        }
        let number = self.fields.len() as u32;
        self.fields.push(name.to_owned());
        self.field_numbers.insert(name.to_owned(), number);
        number
    }

    /// Takes in a rule with the filters that change it.
    ///
    /// # Errors
    /// Why the rule cannot be used.
    pub(super) fn add(&mut self, rule: &Rule, filters: &[&Filter]) -> Result<Compiled, String> {
        let mut parts = Parts::new(&rule.detections);
        let mut alternatives = Vec::new();
        for condition in &rule.conditions {
            alternatives.push(self.condition(condition, &mut parts)?);
        }
        let mut all = vec![self.or(alternatives)];
        for filter in filters {
            let mut parts = Parts::new(&filter.detections);
            all.push(self.condition(&filter.condition, &mut parts)?);
        }
        let root = self.and(all);
        let anchors = self.anchors(root).map(|(_, mut found)| {
            found.sort_unstable();
            found.dedup();
            found.into_boxed_slice()
        });
        Ok(Compiled { root, anchors })
    }

    fn push(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        (self.nodes.len() - 1) as u32
    }

    fn list(&mut self, children: &[u32]) -> (u32, u32) {
        let start = self.children.len() as u32;
        self.children.extend_from_slice(children);
        (start, self.children.len() as u32)
    }

    fn and(&mut self, mut all: Vec<u32>) -> u32 {
        if let [one] = all.as_slice() {
            return *one;
        }
        // What is known without asking comes first, then what is cheap.
        all.sort_by_key(|&node| self.cost(node));
        let (start, end) = self.list(&all);
        self.push(Node::And(start, end))
    }

    fn or(&mut self, mut all: Vec<u32>) -> u32 {
        if let [one] = all.as_slice() {
            return *one;
        }
        all.sort_by_key(|&node| self.cost(node));
        let (start, end) = self.list(&all);
        self.push(Node::Or(start, end))
    }

    fn cost(&self, node: u32) -> u32 {
        match self.nodes.get(node as usize) {
            Some(Node::Predicate(number)) => match self.predicates.get(*number as usize) {
                Some(Predicate { indexed: true, .. }) => 1,
                Some(Predicate { matcher: Matcher::Regex { .. }, .. }) => 1000,
                _ => 4,
            },
            Some(Node::Not(inner)) => self.cost(*inner),
            Some(&(Node::And(start, end) | Node::Or(start, end) | Node::AtLeast(_, start, end))) => {
                let children = self.children.get(start as usize..end as usize).unwrap_or_default();
                children.iter().fold(2, |sum, &child| sum.saturating_add(self.cost(child)))
            }
            None => 0,
        }
    }

    fn condition(&mut self, condition: &Condition, parts: &mut Parts<'_>) -> Result<u32, String> {
        Ok(match condition {
            Condition::Part(name) => self.part(name, parts)?,
            Condition::And(all) => {
                let all = all.iter().map(|one| self.condition(one, parts)).collect::<Result<_, _>>()?;
                self.and(all)
            }
            Condition::Or(all) => {
                let all = all.iter().map(|one| self.condition(one, parts)).collect::<Result<_, _>>()?;
                self.or(all)
            }
            Condition::Not(inner) => {
                let inner = self.condition(inner, parts)?;
                self.push(Node::Not(inner))
            }
            Condition::All(selector) => {
                let all = self.selected(selector, parts)?;
                self.and(all)
            }
            Condition::Some(1, selector) => {
                let all = self.selected(selector, parts)?;
                self.or(all)
            }
            Condition::Some(count, selector) => {
                let all = self.selected(selector, parts)?;
                let (start, end) = self.list(&all);
                self.push(Node::AtLeast(*count, start, end))
            }
        })
    }

    fn selected(&mut self, selector: &Selector, parts: &mut Parts<'_>) -> Result<Vec<u32>, String> {
        let names: Vec<&str> =
            parts.all.iter().map(|(name, _)| name.as_str()).filter(|name| selector.takes(name)).collect();
        names.into_iter().map(|name| self.part(name, parts)).collect()
    }

    fn part(&mut self, name: &str, parts: &mut Parts<'_>) -> Result<u32, String> {
        if let Some(&node) = parts.done.get(name) {
            return Ok(node);
        }
        let found = parts.all.iter().find(|(known, _)| known == name);
        let (_, detection) = found.ok_or_else(|| format!("`{name}` is no part of the detection"))?;
        let node = self.detection(detection)?;
        parts.done.insert(name.to_owned(), node);
        Ok(node)
    }

    fn detection(&mut self, detection: &Detection) -> Result<u32, String> {
        Ok(match detection {
            Detection::All(all) => {
                let all = all.iter().map(|one| self.detection(one)).collect::<Result<_, _>>()?;
                self.and(all)
            }
            Detection::Any(all) => {
                let all = all.iter().map(|one| self.detection(one)).collect::<Result<_, _>>()?;
                self.or(all)
            }
            Detection::Item(item) => self.item(item)?,
        })
    }

    fn item(&mut self, item: &Item) -> Result<u32, String> {
        let field = item.field.as_ref().map_or(KEYWORDS, |name| self.field(name));
        let mut values = Vec::with_capacity(item.values.len());
        for alternatives in &item.values {
            let nodes = alternatives
                .iter()
                .map(|test| self.test(field, test))
                .collect::<Result<Vec<u32>, String>>()?;
            values.push(self.or(nodes));
        }
        let node = if item.all { self.and(values) } else { self.or(values) };
        Ok(if item.negated { self.push(Node::Not(node)) } else { node })
    }

    fn test(&mut self, field: u32, test: &Test) -> Result<u32, String> {
        let mut keyword = None;
        if let Test::Text { pattern, cased } = test {
            if let Some(name) = pattern.placeholder() {
                return Err(format!("nothing gives the placeholder `%{name}%` its values"));
            }
            if field == KEYWORDS {
                // Keywords stand anywhere in a value.
                keyword = Some(Test::Text { pattern: pattern.clone().surrounded(true, true), cased: *cased });
            }
        } else if field == KEYWORDS {
            keyword = match test {
                Test::Number(number) => {
                    let pattern = Pattern::literal(&number.to_string());
                    Some(Test::Text { pattern: pattern.surrounded(true, true), cased: false })
                }
                Test::Regex { .. } => None,
                _ => return Err("a keyword is text, a number or an expression".to_owned()),
            };
        }
        let test = keyword.as_ref().unwrap_or(test);
        let matcher = Matcher::new(test, |name| self.field(name));
        let number = self.predicate(field, matcher)?;
        let mut node = self.push(Node::Predicate(number));
        if let Test::Regex { pattern, flags } = test
            && let Some(texts) = required_texts(pattern, *flags)
        {
            // What has an index is asked before the expression, and can be the rule's anchor.
            let mut pieces = Vec::new();
            for text in texts {
                let pattern = Pattern::literal(&text).surrounded(true, true);
                let piece = Matcher::new(&Test::Text { pattern, cased: false }, |_| KEYWORDS);
                let number = self.predicate(field, piece)?;
                pieces.push(self.push(Node::Predicate(number)));
            }
            let piece = self.or(pieces);
            node = self.and(vec![piece, node]);
        }
        Ok(if matches!(test, Test::Exists(false)) { self.push(Node::Not(node)) } else { node })
    }

    fn predicate(&mut self, field: u32, matcher: Matcher) -> Result<u32, String> {
        let key = (field, matcher);
        if let Some(&number) = self.known.get(&key) {
            return Ok(number);
        }
        let regex = match &key.1 {
            Matcher::Regex { pattern, flags } => Some(Expression::new(pattern, *flags)?),
            _ => None,
        };
        let number = self.predicates.len() as u32;
        let indexed = key.1.is_indexed();
        self.predicates.push(Predicate { field, matcher: key.1.clone(), regex, indexed });
        self.known.insert(key, number);
        Ok(number)
    }

    /// The least likely set of indexed predicates of which one has to hold, and how likely one does.
    fn anchors(&self, node: u32) -> Option<(f64, Vec<u32>)> {
        match *self.nodes.get(node as usize)? {
            Node::Predicate(number) => {
                let predicate = self.predicates.get(number as usize)?;
                predicate.indexed.then(|| (predicate.matcher.likelihood(), vec![number]))
            }
            Node::And(start, end) => {
                let children = self.children.get(start as usize..end as usize)?;
                let found = children.iter().filter_map(|&child| self.anchors(child));
                found.min_by(|(left, _), (right, _)| left.total_cmp(right))
            }
            Node::Or(start, end) | Node::AtLeast(_, start, end) => {
                let children = self.children.get(start as usize..end as usize)?;
                let (mut likelihood, mut all) = (0.0, Vec::new());
                for &child in children {
                    let (one, mut set) = self.anchors(child)?;
                    likelihood += one;
                    all.append(&mut set);
                }
                Some((likelihood, all))
            }
            Node::Not(_) => None,
        }
    }
}

/// The parts of one detection, each compiled once.
struct Parts<'a> {
    all: &'a [(String, Detection)],
    done: HashMap<String, u32>,
}

impl<'a> Parts<'a> {
    fn new(all: &'a [(String, Detection)]) -> Self {
        Self { all, done: HashMap::new() }
    }
}
