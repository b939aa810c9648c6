//! Code analysis behind the engine's trait.

use crate::analyze::{FileResult, Limits, RuleMatch};
use crate::builtin::builtin;
use crate::dataflow::Counts;
use crate::nosem::Suppressions;
use crate::rule::{RuleError, load, rule_file};
use crate::ruleset::{LoadedRule, RuleSet};
use crate::written::written_by_program;
use bartizan_model::{
    Blob, Conclusion, Confidence, Cwe, Detection, Detector, Inspection, NotDone, NotDoneKind, Noted, RuleInfo,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Raised whenever the same rules would find something else: cached results of older programs are then not used.
const ALGORITHM_VERSION: u32 = 2;

/// Which rules run.
#[derive(Clone, Debug, Default)]
pub struct CodeOptions {
    /// Rule files in Semgrep's format.
    pub rule_files: Vec<PathBuf>,
    /// Leaves the built-in rules out.
    pub no_builtin: bool,
    /// Names, prefixes of names that end before a `/`, or bare ids that are left out.
    pub exclude: Vec<String>,
    /// Minified and generated source is analysed too.
    pub include_generated: bool,
    /// Bounds on the work on each file.
    pub limits: Limits,
    /// Rules made elsewhere, such as of a pattern on the command line.
    pub extra: Vec<LoadedRule>,
}

/// Finds weaknesses in source code.
pub struct CodeDetector {
    set: RuleSet,
    infos: Vec<RuleInfo>,
    confidences: Vec<Confidence>,
    hash: [u8; 32],
    limits: Limits,
    include_generated: bool,
}

impl CodeDetector {
    /// Loads rules; broken ones are left out and listed.
    pub fn new(options: &CodeOptions) -> (Self, Vec<RuleError>) {
        let (mut rules, mut errors) = if options.no_builtin { (Vec::new(), Vec::new()) } else { builtin() };
        let own = rules.len();
        for path in &options.rule_files {
            match read(path) {
                Ok(text) => {
                    let file = path.display().to_string();
                    let loaded = load(&text, &file);
                    errors.extend(loaded.errors);
                    rules.extend(loaded.rules.into_iter().map(|rule| LoadedRule {
                        name: rule.id.clone(),
                        file: file.clone(),
                        rule,
                    }));
                }
                Err(error) => errors.push(error),
            }
        }
        rules.extend(options.extra.iter().cloned());
        let users = rules.len() > own;
        let excluded = |rule: &LoadedRule| {
            options.exclude.iter().any(|gone| {
                let gone = gone.strip_suffix("/*").unwrap_or(gone);
                rule.rule.id == gone
                    || rule
                        .name
                        .strip_prefix(gone)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        rules.retain(|rule| !excluded(rule));
        // A rule of the user replaces a built-in one of the same name.
        let mut seen = std::collections::HashSet::new();
        rules = rules.into_iter().rev().filter(|rule| seen.insert(rule.name.clone())).collect();
        rules.reverse();
        errors.extend(crate::join::read_references(&mut rules));
        let hash = hash(&rules, options);
        let set = RuleSet::new(rules);
        if users {
            errors.extend(set.compile_all());
        }
        let mut infos: Vec<RuleInfo> = set.given().iter().map(info).collect();
        infos.sort_by(|a, b| a.id.cmp(&b.id));
        let confidences = set.rules.iter().map(confidence).collect();
        let (limits, include_generated) = (options.limits, options.include_generated);
        (Self { set, infos, confidences, hash, limits, include_generated }, errors)
    }

    /// The rules.
    pub fn rule_set(&self) -> &RuleSet {
        &self.set
    }

    fn detection(&self, found: RuleMatch, source: &[u8]) -> Detection {
        let rule = &self.set.rules[found.rule];
        let context = source.get(found.range.clone()).unwrap_or_default();
        Detection {
            rule: rule.name.clone(),
            span: found.range,
            secret: None,
            confidence: self.confidences[found.rule],
            reason: one_line(&found.message),
            context: context[..context.len().min(2000)].to_vec(),
            properties: Vec::new(),
            flow: found.flow,
            fix: found.fix,
        }
    }

    /// What was not done on a file, as the report has it.
    fn not_done(&self, blob: &Blob<'_>, result: &FileResult) -> Vec<NotDone> {
        let path = blob.origin.display_path();
        let mut out = Vec::new();
        let mut add = |kind, reason: String| out.push(NotDone { kind, path: path.clone(), reason });
        if let Some(reason) = &result.failed {
            add(NotDoneKind::Broken, format!("could not be read as source: {reason}"));
        }
        if let (0, Some(at)) = (result.unread, result.first_unread) {
            let line = blob.bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            let reason =
                format!("0.0 % of the source could not be parsed, but a token is missing in line {line}");
            add(NotDoneKind::Unparsed, reason);
        }
        if result.unread > 0 {
            let share = result.unread as f64 * 100.0 / blob.bytes.len().max(1) as f64;
            add(
                NotDoneKind::Unparsed,
                format!("{share:.1} % of the source could not be parsed; the rest was matched"),
            );
        }
        if result.too_deep > 0 {
            add(NotDoneKind::AnalysisLimit, format!("{} constructs are nested too deeply", result.too_deep));
        }
        if result.too_large {
            let allowed = self.limits.file_memory >> 20;
            add(
                NotDoneKind::AnalysisLimit,
                format!("code analysis would take more than {allowed} MiB (--max-code-memory)"),
            );
        }
        if result.out_of_time {
            add(
                NotDoneKind::AnalysisLimit,
                format!("code analysis took longer than {:?}", self.limits.file_time),
            );
        }
        if result.flow_counts.out_of_steps {
            add(NotDoneKind::AnalysisLimit, "dataflow took all steps allowed for a file".to_owned());
        }
        let mut cut: Vec<&str> = result.cut.iter().map(|rule| self.set.rules[*rule].name.as_str()).collect();
        cut.sort_unstable();
        cut.dedup();
        for name in cut {
            add(NotDoneKind::AnalysisLimit, format!("rule {name} reached a limit; there may be more"));
        }
        let Counts { unresolved, skipped, loops_cut, recursion_cut, lost_matches, .. } = result.flow_counts;
        let limits = [
            (loops_cut, "loops did not settle in the rounds allowed"),
            (recursion_cut, "groups of recursive functions did not settle in the rounds allowed"),
            (lost_matches, "matches belong to no construct and could not be followed"),
        ];
        for (count, what) in limits.into_iter().filter(|(count, _)| *count > 0) {
            add(NotDoneKind::AnalysisLimit, format!("dataflow: {count} {what}"));
        }
        let guesses = [
            (unresolved, "calls to what is not known pass data on"),
            (skipped, "constructs without a meaning here pass data on"),
        ];
        for (count, what) in guesses.into_iter().filter(|(count, _)| *count > 0) {
            add(NotDoneKind::Approximated, format!("dataflow: {count} {what}"));
        }
        let mut disproved: BTreeMap<&str, usize> = BTreeMap::new();
        for (rule, _) in &result.disproved {
            *disproved.entry(&self.set.rules[*rule].name).or_default() += 1;
        }
        for (name, count) in disproved {
            let reason = format!("rule {name}: {count} flows are impossible when calls are looked into");
            add(NotDoneKind::Approximated, reason);
        }
        out
    }
}

impl Detector for CodeDetector {
    fn name(&self) -> &'static str {
        "code"
    }

    fn rules(&self) -> &[RuleInfo] {
        &self.infos
    }

    fn rule_set_hash(&self) -> [u8; 32] {
        self.hash
    }

    fn wants(&self, blob: &Blob<'_>) -> bool {
        self.set.wants(blob.origin.name(), &blob.bytes[..blob.bytes.len().min(1024)])
    }

    fn may_be_remembered(&self) -> bool {
        true
    }

    fn inspect(&self, blob: &Blob<'_>) -> Inspection {
        let path = blob.origin.name();
        if !self.include_generated
            && let Some(reason) = written_by_program(path, blob.bytes)
        {
            let path = blob.origin.display_path();
            let not_done = vec![NotDone { kind: NotDoneKind::Generated, path, reason: reason.to_owned() }];
            return Inspection { not_done, ..Inspection::default() };
        }
        let mut result = self.set.scan(path, blob.bytes, &self.limits);
        let not_done = self.not_done(blob, &result);
        let fleeting = result.out_of_time;
        let suppressions = Suppressions::of(blob.bytes);
        let matches = std::mem::take(&mut result.matches);
        let detections = matches
            .into_iter()
            .filter(|found| !suppressions.covers(&self.set.rules[found.rule], &found.range))
            .map(|found| self.detection(found, blob.bytes))
            .collect();
        let note = self.set.note(result, &suppressions);
        Inspection { detections, note, not_done, fleeting }
    }

    fn conclude(&self, noted: &[Noted<'_>], complete: bool) -> Conclusion {
        let _ = complete;
        self.set.conclude_notes(noted, &self.confidences)
    }
}

/// What to do where a rule does not say it apart from its message.
const DEFAULT_REMEDIATION: &str =
    "Follow the message, or say in a `nosemgrep` comment which rule may be wrong here and why.";

/// What users see of a rule.
pub fn info(rule: &LoadedRule) -> RuleInfo {
    let metadata = &rule.rule.metadata;
    let first_sentence = rule.rule.message.split_terminator(". ").next().unwrap_or_default();
    let title = metadata.title().map_or_else(
        || {
            let words = rule.rule.id.rsplit(['.', '/']).next().unwrap_or_default().replace(['-', '_'], " ");
            if words.is_empty() { first_sentence.to_owned() } else { words }
        },
        str::to_owned,
    );
    RuleInfo {
        id: rule.name.clone(),
        title,
        description: one_line(&rule.rule.message),
        remediation: metadata.remediation().unwrap_or(DEFAULT_REMEDIATION).to_owned(),
        severity: rule.rule.severity,
        docs: metadata.references().first().map(|url| (*url).to_owned()),
        cwe: metadata.cwe().into_iter().map(Cwe).collect(),
        tags: std::iter::once("code".to_owned())
            .chain(rule.rule.languages.iter().map(|language| language.name().to_owned()))
            .chain(metadata.owasp().into_iter().map(str::to_owned))
            .collect(),
    }
}

fn confidence(rule: &LoadedRule) -> Confidence {
    // Who brings a rule wants to see what it finds.
    let low = if rule.name.starts_with("code/") { 0.4 } else { 0.5 };
    Confidence::new(match rule.rule.metadata.confidence().as_deref() {
        Some("HIGH") => 0.9,
        Some("LOW") => low,
        _ => 0.7,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hash(rules: &[LoadedRule], options: &CodeOptions) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&ALGORITHM_VERSION.to_le_bytes());
    hasher.update(&[u8::from(options.include_generated)]);
    hasher.update(format!("{:?}", options.limits).as_bytes());
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    for rule in rules {
        hasher.update(rule.name.as_bytes());
        hasher.update(&[0]);
        hasher.update(format!("{:?}", rule.rule).as_bytes());
    }
    *hasher.finalize().as_bytes()
}

fn read(path: &Path) -> Result<String, RuleError> {
    let wrong = |reason: String| RuleError {
        file: path.display().to_string(),
        rule: None,
        line: 1,
        column: 1,
        reason,
    };
    rule_file(path).map_err(wrong)
}
