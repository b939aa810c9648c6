//! Findings of several rules that have to agree: `mode: join`.
//!
//! Each part of a join is a rule of its own, which runs as any does; what it finds is no finding but a row: the file's path
//! and what metavariables took. Once all files were read, rows of the parts that meet all conditions together make the
//! findings, which stand where the right side of the last comparison does. Follows the documentation of Semgrep, "Join mode".

use crate::rule::interpolate::{Lookup, interpolate};
use crate::rule::{JoinOn, JoinOperator, JoinSpec, Mode, RuleError, load, rule_file};
use crate::ruleset::LoadedRule;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Comparisons of one join.
const MAX_STEPS: u64 = 5_000_000;
/// Rows of one part, with those that `-->` adds.
const MAX_ROWS: usize = 100_000;
/// Bytes of a metavariable that are compared.
const MAX_VALUE: usize = 4096;

/// A join whose parts are rules of the set.
#[derive(Debug)]
pub(crate) struct Join {
    /// Number of the join rule.
    pub(crate) rule: usize,
    parts: Vec<Part>,
    on: Vec<JoinOn>,
}

#[derive(Debug)]
struct Part {
    name: String,
    renames: Vec<(String, String)>,
    /// Number of its rule.
    rule: usize,
}

/// What a part found at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Number of the part's rule.
    pub(crate) rule: u32,
    /// Bytes of the source.
    pub(crate) range: (u64, u64),
    /// Metavariables and what they took.
    pub(crate) values: Vec<(String, String)>,
    /// Whether a comment covers the place.
    pub(crate) covered: bool,
}

/// A row and the file that it is of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileRow<'a> {
    pub(crate) file: usize,
    pub(crate) path: &'a str,
    pub(crate) row: &'a Row,
}

/// What a join found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Joined {
    pub(crate) rule: usize,
    pub(crate) file: usize,
    pub(crate) range: (u64, u64),
    pub(crate) message: String,
}

/// Reads the rule files that joins name: beside the file of the join, else below the working directory. Only the first rule
/// of a file counts.
pub(crate) fn read_references(rules: &mut [LoadedRule]) -> Vec<RuleError> {
    let mut errors = Vec::new();
    for LoadedRule { rule, file, .. } in rules {
        let (span, id) = (rule.span, rule.id.clone());
        let Mode::Join(join) = &mut rule.mode else { continue };
        for number in 0..join.refs.len() {
            let name = join.refs[number].rule.clone();
            let is_own = join.rules.iter().any(|own| own.id == name);
            let is_read = join.referred.iter().any(|(known, _)| *known == number);
            if is_own || is_read {
                continue;
            }
            match reference(&name, Path::new(file.as_str())) {
                Ok(referred) => join.referred.push((number, referred)),
                Err(reason) => errors.push(RuleError {
                    file: file.clone(),
                    rule: Some(id.clone()),
                    line: span.line,
                    column: span.column,
                    reason: format!("the rule `{name}` that it joins cannot be used: {reason}"),
                }),
            }
        }
    }
    errors
}

fn reference(name: &str, from: &Path) -> Result<crate::rule::Rule, String> {
    let beside = from.parent().map(|folder| folder.join(name)).filter(|path| path.is_file());
    let path = beside.unwrap_or_else(|| name.into());
    let text = rule_file(&path).map_err(|error| format!("{error} (only local files are read)"))?;
    let loaded = load(&text, &path.display().to_string());
    let Some(rule) = loaded.rules.into_iter().next() else {
        let why = loaded.errors.first().map(ToString::to_string);
        return Err(why.unwrap_or_else(|| "the file holds no rule".to_owned()));
    };
    match rule.mode {
        Mode::Search(_) | Mode::Taint(_) => Ok(rule),
        Mode::Join(_) | Mode::Extract(_) => Err("it is itself a join or an extract".to_owned()),
    }
}

/// Adds the parts of all joins behind the rules; a join that cannot be run is an error.
pub(crate) fn expand(rules: &mut Vec<LoadedRule>) -> (Vec<Join>, Vec<RuleError>) {
    let (mut joins, mut errors) = (Vec::new(), Vec::new());
    for number in 0..rules.len() {
        let LoadedRule { rule, name, file } = rules[number].clone();
        let Mode::Join(spec) = &rule.mode else { continue };
        match parts(spec, rules.len()) {
            Ok((parts, own)) => {
                rules.extend(own.into_iter().map(|mut part| {
                    if part.paths == crate::rule::Paths::default() {
                        part.paths = rule.paths.clone();
                    }
                    LoadedRule { name: name.clone(), file: file.clone(), rule: part }
                }));
                joins.push(Join { rule: number, parts, on: spec.on.clone() });
            }
            Err(reason) => errors.push(RuleError {
                file,
                rule: Some(rule.id),
                line: rule.span.line,
                column: rule.span.column,
                reason,
            }),
        }
    }
    (joins, errors)
}

type Parts = (Vec<Part>, Vec<crate::rule::Rule>);

fn parts(spec: &JoinSpec, first: usize) -> Result<Parts, String> {
    let mut parts = Vec::new();
    let mut rules = Vec::new();
    let mut add = |name: &str, renames: &[(String, String)], rule: &crate::rule::Rule| {
        parts.push(Part { name: name.to_owned(), renames: renames.to_vec(), rule: first + rules.len() });
        rules.push(rule.clone());
    };
    for rule in &spec.rules {
        add(&rule.id, &[], rule);
    }
    for (number, reference) in spec.refs.iter().enumerate() {
        let read = spec.referred.iter().find(|(known, _)| *known == number).map(|(_, rule)| rule);
        let rule = read.or_else(|| spec.rules.iter().find(|own| own.id == reference.rule));
        let Some(rule) = rule else {
            return Err(format!("the rule `{}` that it joins was not read", reference.rule));
        };
        add(reference.alias.as_ref().unwrap_or(&rule.id), &reference.renames, rule);
    }
    let known = |name: &str| parts.iter().any(|part: &Part| part.name == name);
    for JoinOn { left, operator, right } in &spec.on {
        if let Some(unknown) = [left, right].into_iter().find(|side| !known(&side.0)) {
            return Err(format!("`on` names `{}`, which is none of the rules that are joined", unknown.0));
        }
        if *operator == JoinOperator::Reaches && left.0 != right.0 {
            return Err("`-->` compares metavariables of one and the same rule".to_owned());
        }
    }
    if spec.on.iter().all(|on| on.operator == JoinOperator::Reaches) {
        return Err("`on` needs a comparison beside `-->`".to_owned());
    }
    Ok((parts, rules))
}

/// A row as conditions see it.
#[derive(Clone)]
struct Candidate<'a> {
    from: FileRow<'a>,
    values: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

impl Candidate<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        if name == "path" { Some(self.from.path) } else { self.values.get(name).map(AsRef::as_ref) }
    }
}

impl Lookup for Candidate<'_> {
    fn text(&self, metavariable: &str) -> Option<Cow<'_, str>> {
        self.values.get(metavariable).map(|text| Cow::Borrowed(text.as_ref()))
    }

    fn value(&self, metavariable: &str) -> Option<Cow<'_, str>> {
        self.text(metavariable)
    }
}

impl Join {
    /// What the rows of one program say together, and whether a bound was hit.
    pub(crate) fn conclude(&self, rows: &[FileRow<'_>], message: &str) -> (Vec<Joined>, bool) {
        let mut work = Work { left: MAX_STEPS, cut: false };
        let (reaching, comparing): (Vec<&JoinOn>, Vec<&JoinOn>) =
            self.on.iter().partition(|on| on.operator == JoinOperator::Reaches);
        let Some(last) = comparing.last() else { return (Vec::new(), false) };
        // Only what conditions name takes part; what is reported is settled first.
        let mut names: Vec<&str> = vec![&last.right.0];
        for on in &self.on {
            for name in [on.left.0.as_str(), on.right.0.as_str()] {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let mut sets: Vec<Vec<Candidate<'_>>> = Vec::new();
        for name in &names {
            let mut set = self.candidates(name, rows, &mut work);
            for on in reaching.iter().filter(|on| on.left.0 == *name) {
                set = reach(&set, &on.left.1, &on.right.1, &mut work);
            }
            sets.push(set);
        }
        let conditions: Vec<Placed<'_>> = comparing
            .iter()
            .filter_map(|on| {
                let at = |name: &str| names.iter().position(|known| *known == name);
                Some(Placed { on, left: at(&on.left.0)?, right: at(&on.right.0)? })
            })
            .collect();
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let (reported, others) = match sets.split_first() {
            Some(parts) => parts,
            None => return (Vec::new(), work.cut),
        };
        for candidate in reported {
            let place = (candidate.from.file, candidate.from.row.range);
            if candidate.from.row.covered || seen.contains(&place) {
                continue;
            }
            let mut chosen = vec![candidate];
            if meets(&mut chosen, others, &conditions, &mut work) {
                seen.insert(place);
                let message = interpolate(message, candidate);
                found.push(Joined { rule: self.rule, file: place.0, range: place.1, message });
            }
        }
        found.sort_by_key(|joined| (joined.file, joined.range));
        (found, work.cut)
    }

    fn candidates<'a>(&'a self, name: &str, rows: &[FileRow<'a>], work: &mut Work) -> Vec<Candidate<'a>> {
        let mut out = Vec::new();
        for part in self.parts.iter().filter(|part| part.name == name) {
            for from in rows.iter().filter(|from| from.row.rule as usize == part.rule) {
                if out.len() >= MAX_ROWS {
                    work.cut = true;
                    return out;
                }
                let values = from.row.values.iter().map(|(name, value)| {
                    let renamed = part.renames.iter().find(|(from, _)| from == name).map(|(_, to)| to);
                    (Cow::Borrowed(renamed.unwrap_or(name).as_str()), Cow::Borrowed(bare(value)))
                });
                out.push(Candidate { from: *from, values: values.collect() });
            }
        }
        out
    }
}

/// A value without the quotes and the white space around it.
fn bare(value: &str) -> &str {
    value.trim().trim_matches(['"', '\''])
}

struct Work {
    left: u64,
    cut: bool,
}

impl Work {
    fn step(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.cut |= self.left == 0;
        self.left > 0
    }
}

/// A condition and the numbers of its two sides.
struct Placed<'a> {
    on: &'a JoinOn,
    left: usize,
    right: usize,
}

/// Whether what is chosen can be completed by one row of each other set.
fn meets<'a, 'r>(
    chosen: &mut Vec<&'a Candidate<'r>>,
    others: &'a [Vec<Candidate<'r>>],
    conditions: &[Placed<'_>],
    work: &mut Work,
) -> bool {
    let at = chosen.len() - 1;
    let settled = conditions.iter().filter(|condition| condition.left.max(condition.right) == at);
    for condition in settled {
        let (left, right) = (chosen[condition.left], chosen[condition.right]);
        if !work.step() || !holds(condition.on, left, right) {
            return false;
        }
    }
    let Some((next, rest)) = others.split_first() else { return true };
    for candidate in next {
        if !work.step() {
            return false;
        }
        chosen.push(candidate);
        let met = meets(chosen, rest, conditions, work);
        chosen.pop();
        if met {
            return true;
        }
    }
    false
}

fn holds(on: &JoinOn, left: &Candidate<'_>, right: &Candidate<'_>) -> bool {
    let (Some(left), Some(right)) = (left.get(&on.left.1), right.get(&on.right.1)) else { return false };
    match on.operator {
        JoinOperator::Equal => left == right,
        JoinOperator::NotEqual => left != right,
        JoinOperator::Within => right.contains(left),
        JoinOperator::Contains => left.contains(right),
        JoinOperator::Reaches => true,
    }
}

/// The rows, and for each whatever can be reached from it: its place and left value, with the right value of the last step.
fn reach<'a>(rows: &[Candidate<'a>], left: &str, right: &str, work: &mut Work) -> Vec<Candidate<'a>> {
    let mut next: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows {
        if let (Some(from), Some(to)) = (row.get(left), row.get(right)) {
            next.entry(from.to_owned()).or_default().push(to.to_owned());
        }
    }
    let mut out = Vec::new();
    for row in rows {
        let Some(first) = row.get(right) else { continue };
        let mut seen = BTreeSet::from([first.to_owned()]);
        let mut queue = vec![first.to_owned()];
        while let Some(at) = queue.pop() {
            if !work.step() || out.len() >= MAX_ROWS {
                work.cut = true;
                return out;
            }
            for to in next.get(&at).into_iter().flatten() {
                // One value may lead to as many others as there are rows.
                if !work.step() {
                    return out;
                }
                if !seen.contains(to) {
                    seen.insert(to.clone());
                    queue.push(to.clone());
                }
            }
            let mut values = row.values.clone();
            values.insert(Cow::Owned(right.to_owned()), Cow::Owned(at));
            out.push(Candidate { from: row.from, values });
        }
    }
    out
}

/// A metavariable's text as it is kept in a row.
pub(crate) fn kept(mut text: String) -> String {
    let end = (0..=MAX_VALUE.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Limits;
    use crate::ruleset::RuleSet;

    fn lines(on: &str, sources: &[(&str, &str)]) -> Vec<String> {
        let text = format!(
            "rules:\n- id: j\n  mode: join\n  message: \"got $B\"\n  severity: ERROR\n  join:\n    rules:\n    \
             - {{id: a, languages: [python], pattern: 'left($A)'}}\n    \
             - {{id: b, languages: [python], pattern: 'right($B)'}}\n    \
             - {{id: e, languages: [python], pattern: 'edge($F, $T)'}}\n    on: {on}\n"
        );
        let loaded = load(&text, "j.yaml");
        assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
        let rules = loaded.rules.into_iter();
        let rules = rules.map(|rule| LoadedRule { name: rule.id.clone(), file: "j.yaml".to_owned(), rule });
        let (set, errors) = RuleSet::compile(rules.collect());
        assert!(errors.is_empty(), "{errors:?}");
        let mut all = Vec::new();
        for (file, (path, source)) in sources.iter().enumerate() {
            let result = set.scan(path, source.as_bytes(), &Limits::default());
            assert!(result.matches.is_empty(), "parts are no findings");
            all.extend(result.rows.into_iter().map(|row| (file, *path, row)));
        }
        let rows: Vec<FileRow<'_>> =
            all.iter().map(|(file, path, row)| FileRow { file: *file, path, row }).collect();
        let (found, cut) = set.joins[0].conclude(&rows, "got $B");
        assert!(!cut);
        found
            .iter()
            .map(|found| {
                let (path, source) = sources[found.file];
                let text = &source[found.range.0 as usize..found.range.1 as usize];
                format!("{path} {text} {}", found.message)
            })
            .collect()
    }

    const LEFT: (&str, &str) = ("l.py", "left('pear')\nleft('fig')\n");
    const RIGHT: (&str, &str) = ("r.py", "right(\"pear\")\nright('fig tree')\nright('plum')\n");

    #[test]
    fn equal_and_unequal() {
        assert_eq!(lines("['a.$A == b.$B']", &[LEFT, RIGHT]), ["r.py right(\"pear\") got pear"]);
        assert_eq!(lines("['b.$B == a.$A']", &[LEFT, RIGHT]), ["l.py left('pear') got $B"]);
        assert_eq!(lines("['a.$A != b.$B']", &[("l.py", "left(1)\nright(1)\n")]), [""; 0]);
        assert_eq!(lines("['a.$A == b.$B']", &[LEFT]), [""; 0]);
    }

    #[test]
    fn a_part_of_the_other() {
        let both = ["r.py right(\"pear\") got pear", "r.py right('fig tree') got fig tree"];
        assert_eq!(lines("['a.$A < b.$B']", &[LEFT, RIGHT]), both);
        assert_eq!(lines("['a.$A > b.$B']", &[LEFT, RIGHT]), both[..1]);
    }

    #[test]
    fn all_conditions_hold_together() {
        let sources = [LEFT, RIGHT, ("m.py", "left('plum')\nright('plum')\n")];
        let one_file = lines("['a.path == b.path', 'a.$A == b.$B']", &sources);
        assert_eq!(one_file, ["m.py right('plum') got plum"]);
    }

    #[test]
    fn steps_lead_on() {
        let edges = "edge('x', 'y')\nedge('y', 'z')\nedge('z', 'x')\nleft('x')\nright('z')\nright('w')\n";
        let on = "['e.$F --> e.$T', 'a.$A == e.$F', 'e.$T == b.$B']";
        assert_eq!(lines(on, &[("g.py", edges)]), ["g.py right('z') got z"]);
        let direct = "['a.$A == e.$F', 'e.$T == b.$B']";
        assert_eq!(lines(direct, &[("g.py", edges)]), [""; 0]);
    }

    #[test]
    fn work_is_bounded() {
        let join = Join {
            rule: 0,
            parts: ["a", "b", "c"]
                .iter()
                .enumerate()
                .map(|(rule, name)| Part { name: (*name).to_owned(), renames: Vec::new(), rule })
                .collect(),
            on: ["a", "b"]
                .iter()
                .map(|name| JoinOn {
                    left: ((*name).to_owned(), "$X".to_owned()),
                    operator: JoinOperator::Contains,
                    right: ("c".to_owned(), "$X".to_owned()),
                })
                .collect(),
        };
        let rows: Vec<Row> = (0..6000u32)
            .map(|number| Row {
                rule: number % 3,
                range: (u64::from(number), u64::from(number) + 1),
                values: vec![("$X".to_owned(), if number % 3 == 0 { "ab" } else { "cd" }.to_owned())],
                covered: false,
            })
            .collect();
        let rows: Vec<FileRow<'_>> = rows.iter().map(|row| FileRow { file: 0, path: "p", row }).collect();
        let (found, cut) = join.conclude(&rows, "m");
        assert!(found.is_empty());
        assert!(cut, "eight thousand million comparisons are more than the bound");
    }

    #[test]
    fn joins_that_cannot_be_run_are_errors() {
        let text = "rules:\n- id: j\n  mode: join\n  message: m\n  severity: INFO\n  join:\n    refs: [{rule: none.yaml, as: n}]\n    \
                    on: ['n.$X == n.$X']\n";
        let mut rules: Vec<LoadedRule> = load(text, "j.yaml")
            .rules
            .into_iter()
            .map(|rule| LoadedRule { name: rule.id.clone(), file: "j.yaml".to_owned(), rule })
            .collect();
        let errors = read_references(&mut rules);
        assert!(errors[0].reason.contains("none.yaml"), "{errors:?}");
        let (_, errors) = RuleSet::compile(rules);
        assert_eq!(errors.len(), 1);
    }
}
