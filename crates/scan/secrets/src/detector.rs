//! The secrets detector: rules and judge behind the engine's trait.

use crate::generic::GenericRule;
use crate::rule::{self, Rule, RuleProblem};
use crate::scanner::{HitRule, Place, Scanner};
use bartizan_model::{Blob, Confidence, Detection, Detector, Inspection, RuleInfo, Secret};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Raised whenever the same rules would find something else: cached results of older programs are then not used.
const ALGORITHM_VERSION: u32 = 1;

/// Which rules run.
#[derive(Clone, Debug, Default)]
pub struct SecretsOptions {
    /// Rule files of the user, ours or gitleaks'; a rule with a built-in's id replaces it.
    pub rule_files: Vec<PathBuf>,
    /// Leaves the built-in rules and the judge out.
    pub no_builtin: bool,
    /// Ids, or prefixes ending before a `/`, that are left out.
    pub exclude: Vec<String>,
}

/// Finds secrets.
pub struct SecretsDetector {
    scanner: Scanner,
    infos: Vec<RuleInfo>,
    hash: [u8; 32],
    excluded: Vec<String>,
}

impl SecretsDetector {
    /// Loads and compiles rules; broken ones are left out and listed.
    pub fn new(options: &SecretsOptions) -> (Self, Vec<RuleProblem>) {
        let (mut rules, mut problems) =
            if options.no_builtin { (Vec::new(), Vec::new()) } else { rule::builtin() };
        for path in &options.rule_files {
            let (more, wrong) = rule::load_file(path);
            problems.extend(wrong);
            for rule in &more {
                if let Err(reason) = rule.compile_now() {
                    problems.push(RuleProblem {
                        file: path.display().to_string(),
                        line: None,
                        rule: Some(rule.info.id.clone()),
                        reason,
                    });
                }
            }
            rules.extend(more);
        }
        (Self::from_rules(rules, !options.no_builtin, &options.exclude), problems)
    }

    /// From rules at hand.
    pub fn from_rules(rules: Vec<Rule>, generic: bool, exclude: &[String]) -> Self {
        let is_excluded = |id: &str| exclude.iter().any(|gone| is_or_is_under(id, gone));
        let by_id: BTreeMap<String, Rule> = rules
            .into_iter()
            .filter(|rule| !is_excluded(&rule.info.id))
            .map(|rule| (rule.info.id.clone(), rule))
            .collect();
        let rules: Vec<Rule> = by_id.into_values().collect();
        let mut hash = Sha256::new();
        hash.update(ALGORITHM_VERSION.to_le_bytes());
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update([u8::from(generic)]);
        for rule in &rules {
            hash.update(&rule.info.id);
            hash.update(&rule.canonical);
        }
        for gone in exclude {
            hash.update(gone);
            hash.update([0]);
        }
        let mut infos: Vec<RuleInfo> = rules.iter().map(|rule| rule.info.clone()).collect();
        if generic {
            infos.extend(GenericRule::all().map(GenericRule::info).filter(|info| !is_excluded(&info.id)));
        }
        infos.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            scanner: Scanner::new(rules, generic),
            infos,
            hash: hash.finalize().into(),
            excluded: exclude.to_vec(),
        }
    }

    /// The compiled rules.
    pub fn scanner(&self) -> &Scanner {
        &self.scanner
    }
}

/// Whether `id` is `prefix` or stands under it.
fn is_or_is_under(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Detector for SecretsDetector {
    fn name(&self) -> &'static str {
        "secrets"
    }

    fn rules(&self) -> &[RuleInfo] {
        &self.infos
    }

    fn rule_set_hash(&self) -> [u8; 32] {
        self.hash
    }

    fn inspect(&self, blob: &Blob<'_>) -> Inspection {
        let path = blob.origin.name();
        let detections: Vec<Detection> = self
            .scanner
            .scan(blob.bytes, Place { path, language: blob.language })
            .into_iter()
            .filter_map(|hit| {
                let (rule, prefix) = match hit.rule {
                    HitRule::Provider(index) => {
                        let rule = &self.scanner.rules()[index];
                        let value = hit.decoded.as_deref().unwrap_or(&blob.bytes[hit.span.clone()]);
                        (rule.info.id.clone(), rule.public_prefix(value))
                    }
                    HitRule::Generic(rule) => {
                        if self.excluded.iter().any(|gone| is_or_is_under(rule.id(), gone)) {
                            return None;
                        }
                        (rule.id().to_owned(), 0)
                    }
                };
                let bytes = hit.decoded.unwrap_or_else(|| blob.bytes[hit.span.clone()].to_vec());
                Some(Detection {
                    rule,
                    span: hit.span,
                    secret: Some(Secret::with_public_prefix(bytes, prefix)),
                    confidence: Confidence::new(hit.confidence),
                    reason: hit.reason,
                    context: Vec::new(),
                    properties: Vec::new(),
                    flow: Vec::new(),
                    fix: Vec::new(),
                })
            })
            .collect();
        detections.into()
    }
}
