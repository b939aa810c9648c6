//! `rules test`: holds rules against the fixtures beside them.
//!
//! For every rule each `match` text must give a finding of that rule with exactly the sample as its secret, for several
//! fresh samples; no `miss` text may. What a rule lacks (a literal, a fixture) is a failure too.

use crate::detector::SecretsDetector;
use crate::rule::file::{RuleFile, RuleText};
use crate::rule::{RuleProblem, load_text};
use crate::template::{Random, expand};
use bartizan_model::{Blob, Detector, Language, Origin};
use std::path::Path;

/// How many fresh samples each `match` text is tried with.
pub const SAMPLES: u64 = 5;

/// The outcome of testing one rule file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rules whose fixtures all held, by id.
    pub passed: Vec<String>,
    /// Rules whose fixtures did not, by id, with what went wrong.
    pub failed: Vec<(String, Vec<String>)>,
    /// What could not be loaded.
    pub problems: Vec<RuleProblem>,
}

/// Tests a rule file of ours. `detector` has the rules that the file's are to stand among (the built-in ones); without
/// it, the file's rules are tested alone. `seed` varies the samples.
pub fn test_file(path: &Path, detector: Option<&SecretsDetector>, seed: u64) -> Outcome {
    let shown = path.display().to_string();
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    match std::fs::read_to_string(path) {
        Ok(text) => test_text(&stem, &shown, &text, detector, seed),
        Err(error) => Outcome {
            problems: vec![RuleProblem {
                file: shown,
                line: None,
                rule: None,
                reason: format!("cannot be read: {error}"),
            }],
            ..Outcome::default()
        },
    }
}

/// As [`test_file`], on text.
pub fn test_text(
    stem: &str,
    shown: &str,
    text: &str,
    detector: Option<&SecretsDetector>,
    seed: u64,
) -> Outcome {
    let (rules, problems) = load_text(stem, shown, text);
    let mut outcome = Outcome { problems, ..Outcome::default() };
    for rule in &rules {
        if let Err(reason) = rule.compile_now() {
            outcome.problems.push(RuleProblem {
                file: shown.to_owned(),
                line: None,
                rule: Some(rule.info.id.clone()),
                reason,
            });
        }
    }
    let Ok(file) = toml::from_str::<RuleFile>(text) else { return outcome };
    let alone = SecretsDetector::from_rules(rules, false, &[]);
    for rule in &file.rules {
        let id = format!("secrets/{stem}/{}", rule.name);
        if !alone.rules().iter().any(|info| info.id == id) {
            continue;
        }
        let faults = faults_of(rule, &id, &alone, detector, seed);
        if faults.is_empty() { outcome.passed.push(id) } else { outcome.failed.push((id, faults)) }
    }
    outcome
}

fn faults_of(
    rule: &RuleText,
    id: &str,
    alone: &SecretsDetector,
    among: Option<&SecretsDetector>,
    seed: u64,
) -> Vec<String> {
    let mut faults = Vec::new();
    if rule.sample.is_empty() {
        faults.push("has no `sample`".to_owned());
    }
    if rule.matches.is_empty() {
        faults.push("has no `match`".to_owned());
    }
    if rule.miss.is_empty() {
        faults.push("has no `miss`".to_owned());
    }
    let mut random = Random::new(seed ^ crc32fast::hash(id.as_bytes()) as u64);
    for (index, template) in rule.matches.iter().enumerate() {
        let mut missed = Vec::new();
        for _ in 0..SAMPLES {
            let expanded = expand(&rule.sample, None, &mut random)
                .and_then(|sample| Ok((expand(template, Some(&sample), &mut random)?, sample)));
            let (text, sample) = match expanded {
                Ok(pair) => pair,
                Err(reason) => {
                    faults.push(format!("match {}: {reason}", index + 1));
                    break;
                }
            };
            if let Err(what) = finds(alone, rule, id, &text, &sample) {
                missed.push(what);
            } else if let Some(among) = among
                && let Err(what) = finds(among, rule, id, &text, &sample)
            {
                missed.push(format!("among all rules: {what}"));
            }
        }
        // A sample may by chance be a placeholder or of low entropy: one in five is no fault of the rule.
        if missed.len() > 1 {
            faults.push(format!(
                "match {} is missed {} times of {SAMPLES}: {}",
                index + 1,
                missed.len(),
                missed[0]
            ));
        }
    }
    for (index, template) in rule.miss.iter().enumerate() {
        let expanded = expand(&rule.sample, None, &mut random)
            .and_then(|sample| expand(template, Some(&sample), &mut random));
        match expanded {
            Ok(text) => {
                let found = inspect(alone, rule, &text);
                if found.iter().any(|(rule, _, confidence)| rule == id && *confidence >= 0.5) {
                    faults.push(format!("miss {} is found", index + 1));
                }
            }
            Err(reason) => faults.push(format!("miss {}: {reason}", index + 1)),
        }
    }
    faults
}

fn finds(
    detector: &SecretsDetector,
    rule: &RuleText,
    id: &str,
    text: &str,
    sample: &str,
) -> Result<(), String> {
    let found = inspect(detector, rule, text);
    // The sample may be more than the secret: a URL around it, a pair of which it is the second half.
    let is_sample = |secret: &[u8]| {
        secret == sample.as_bytes()
            || rule.pattern.contains("<secret>") && memchr::memmem::find(sample.as_bytes(), secret).is_some()
    };
    match found.iter().find(|(rule, secret, _)| rule == id && is_sample(secret)) {
        Some((_, _, confidence)) if *confidence < 0.5 => {
            Err(format!("found, but with confidence {confidence} only"))
        }
        Some(_) => Ok(()),
        None => match found.iter().find(|(rule, ..)| rule == id) {
            Some((_, secret, _)) => {
                Err(format!("found a secret of {} bytes where the sample has {}", secret.len(), sample.len()))
            }
            None => match found.first() {
                Some((other, ..)) => Err(format!("found by `{other}` instead")),
                None => Err("found nothing".to_owned()),
            },
        },
    }
}

fn inspect(detector: &SecretsDetector, rule: &RuleText, text: &str) -> Vec<(String, Vec<u8>, f64)> {
    let origin = Origin::file(rule.path.clone().unwrap_or_else(|| "config.txt".to_owned()));
    let language = Language::guess(&origin.path, text.as_bytes());
    detector
        .inspect(&Blob { bytes: text.as_bytes(), origin: &origin, language })
        .detections
        .into_iter()
        .filter_map(|found| {
            let secret = found.secret.as_ref()?.expose().to_vec();
            Some((found.rule, secret, found.confidence.get()))
        })
        .collect()
}
