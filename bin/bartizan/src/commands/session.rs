//! What every command that scans does alike: configuration, targets, detectors, the scan itself.

use super::packages;
use super::rule_files::RuleFiles;
use crate::args::ConfigArg;
use crate::config::file::ConfigFile;
use crate::config::{Layers, Settings, Trust};
use crate::failure::Failure;
use crate::{clock, folders, interrupt, plain, progress, terminal, units};
use bartizan_code::analyze::Limits;
use bartizan_code::rule::RuleError;
use bartizan_code::ruleset::LoadedRule;
use bartizan_code::{CodeDetector, CodeOptions};
use bartizan_engine::{Baseline, NoProgress, Progress, Request, scan};
use bartizan_http::Options as HttpOptions;
use bartizan_model::{
    Blob, Conclusion, Confidence, Detector, Inspection, NotDone, NotDoneKind, Noted, Origin, Report,
    RuleInfo, Severity, Status, Verifier,
};
use bartizan_secrets::verify::HttpVerifier;
use bartizan_secrets::{RuleProblem, SecretsDetector, SecretsOptions};
use bartizan_source::{Cancel, Options, Target};
use clap::ArgMatches;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Reads the configuration file for `targets` and lays the layers over each other.
///
/// # Errors
/// When file or environment are wrong.
pub fn layers(config: &ConfigArg, targets: &[String], flags: &ArgMatches) -> Result<Layers, Failure> {
    let file = match &config.config {
        Some(path) => Some(ConfigFile::read(path, Trust::Named)?),
        None => {
            let first = targets.iter().find(|target| *target != "-" && !is_remote(target));
            let start = first.map_or(Path::new("."), Path::new);
            match ConfigFile::find(start) {
                Some(path) => Some(ConfigFile::read(&path, Trust::Found)?),
                None => None,
            }
        }
    };
    let env = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    Ok(Layers::new(file, &env, flags)?)
}

/// The rules in force, and what is wrong with those of the user.
///
/// # Errors
/// When a rule file that the user named is not there.
pub fn detector(settings: &Settings) -> Result<(Arc<SecretsDetector>, Vec<RuleProblem>), Failure> {
    let files = rule_files(settings)?;
    let (detector, problems) = SecretsDetector::new(&SecretsOptions {
        rule_files: files.secrets,
        no_builtin: settings.no_builtin_rules,
        exclude: settings.exclude_rule.clone(),
    });
    Ok((Arc::new(detector), problems))
}

/// The code rules in force, and what is wrong with those of the user.
///
/// # Errors
/// When a rule file that the user named is not there.
pub fn code(settings: &Settings) -> Result<(CodeDetector, Vec<RuleError>), Failure> {
    let usual = Limits::default();
    let limits = Limits {
        file_time: settings.max_code_time.unwrap_or(usual.file_time),
        rule_time: settings.max_rule_time.unwrap_or(usual.rule_time),
        file_memory: settings.max_code_memory.unwrap_or(usual.file_memory),
        ..usual
    };
    Ok(CodeDetector::new(&CodeOptions {
        limits,
        rule_files: rule_files(settings)?.code,
        no_builtin: settings.no_builtin_rules,
        exclude: settings.exclude_rule.clone(),
        include_generated: settings.include_generated,
        ..CodeOptions::default()
    }))
}

fn rule_files(settings: &Settings) -> Result<RuleFiles, Failure> {
    if settings.no_builtin_rules && settings.rules.is_empty() {
        return Err(Failure::Usage(
            "--no-builtin-rules leaves no rules: name some with --rules FILE".to_owned(),
        ));
    }
    RuleFiles::find(&settings.rules)
}

/// Whether `target` names a git repository elsewhere: a URL with a scheme that git clones, or `user@host:path`.
fn is_remote(target: &str) -> bool {
    let has_scheme = ["https://", "http://", "ssh://", "git://", "file://"]
        .iter()
        .any(|scheme| target.starts_with(scheme));
    let is_scp = target.split_once(':').is_some_and(|(host, path)| {
        host.contains('@') && !host.contains('/') && !path.is_empty() && !Path::new(target).exists()
    });
    has_scheme || is_scp
}

/// What the words on the command line name.
///
/// # Errors
/// When options contradict each other or the kind of target.
pub fn targets(words: &[String], settings: &Settings) -> Result<Vec<Target>, Failure> {
    let usage = |text: &str| Err(Failure::Usage(text.to_owned()));
    let history = settings.history || settings.since.is_some();
    if settings.staged && history {
        return usage("--staged cannot go with --history or --since: it looks at the index alone");
    }
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        out.push(if word == "-" {
            if settings.staged || history {
                return usage("standard input has no history: leave --staged, --history and --since out");
            }
            Target::Stdin { name: settings.stdin_name.clone() }
        } else if is_remote(word) {
            if settings.staged || settings.since.is_some() {
                return usage("--staged and --since work on a local repository: clone it first");
            }
            Target::Remote { url: word.clone() }
        } else if settings.staged {
            Target::Staged { repository: PathBuf::from(word) }
        } else if history {
            Target::History { repository: PathBuf::from(word), since: settings.since.clone() }
        } else {
            Target::Path(PathBuf::from(word))
        });
    }
    if out.iter().filter(|target| matches!(target, Target::Stdin { .. })).count() > 1 {
        return usage("standard input can be scanned once: `-` stands there more than once");
    }
    Ok(out)
}

/// A scan that is over.
pub struct Scanned {
    /// What came of it.
    pub report: Report,
    /// Seconds since 1970 at its begin and end.
    pub times: (u64, u64),
    /// What was scanned.
    pub targets: Vec<Target>,
    /// What looked at code, if anything did.
    pub code: Option<Arc<CodeDetector>>,
    /// What the person at the keyboard waited for.
    elapsed: std::time::Duration,
}

impl Scanned {
    /// The closing line.
    pub fn closing_line(&self) -> String {
        let coverage = &self.report.coverage;
        let new = self.report.findings.iter().filter(|finding| finding.status == Status::New).count() as u64;
        let worst = Severity::WORST_FIRST
            .into_iter()
            .find(|s| self.report.findings.iter().any(|f| f.severity == *s && f.status == Status::New));
        let worst = worst.map(|severity| format!(", worst {severity}")).unwrap_or_default();
        let incomplete = if coverage.incomplete { ", incomplete" } else { "" };
        format!(
            "scanned {} ({}) in {:.2} s: {}{worst}{incomplete}",
            plain::counted(coverage.blobs_scanned, "file", "files"),
            units::show_size(coverage.bytes_scanned),
            self.elapsed.as_secs_f64(),
            plain::counted(new, "finding", "findings"),
        )
    }
}

/// Scans `words` as `layers` say.
///
/// # Errors
/// When the scan cannot begin. What fails later stands in the report.
pub fn run(
    words: &[String],
    layers: &Layers,
    settings: &Settings,
    baseline: Option<Baseline>,
) -> Result<Scanned, Failure> {
    let targets = targets(words, settings)?;
    // A one-off search is for code alone.
    let wanted = |name: &str| match &settings.pattern {
        Some(_) => name == "code",
        None => settings.only.is_empty() || settings.only.iter().any(|only| only == name),
    };
    // Where --rules names nothing but code rules and the built-in ones are out, there is nothing to look for secrets with.
    let by_rules = settings.pattern.is_none() && (wanted("secrets") || wanted("code"));
    let files = if by_rules { rule_files(settings)? } else { RuleFiles::default() };
    let has_secrets = !settings.no_builtin_rules || !files.secrets.is_empty();
    let has_code = !settings.no_builtin_rules || !files.code.is_empty();
    let (secrets, problems) =
        match (wanted("secrets") && has_secrets).then(|| detector(settings)).transpose()? {
            Some((secrets, problems)) => (Some(secrets), problems),
            None => (None, Vec::new()),
        };
    let verifier = secrets.as_ref().filter(|_| settings.verify).map(|secrets| {
        let endpoints = settings.verify_endpoint.iter().cloned().collect();
        HttpVerifier::new(secrets.scanner(), HttpOptions { endpoints, ..HttpOptions::default() })
    });
    let cancel = Cancel::default();
    interrupt::listen(cancel.clone());
    let begin = clock::now();
    let started = Instant::now();
    let request = Request {
        targets: targets.clone(),
        source: Options {
            max_file_size: settings.max_file_size,
            max_archive_depth: settings.max_archive_depth,
            max_archive_ratio: settings.max_archive_ratio,
            max_archive_size: settings.max_archive_size,
            no_ignore: settings.no_ignore,
            exclude: settings.exclude.clone(),
            include_generated: settings.include_generated,
            threads: settings.threads,
            max_memory: settings.max_memory,
            ..Options::default()
        },
        max_time: settings.max_time,
        min_confidence: Confidence::new(settings.min_confidence),
        baseline,
        suppressions: layers.file().map(|file| file.suppressions.clone()).unwrap_or_default(),
        today: clock::date(begin),
        cache: if settings.no_cache { None } else { settings.cache_dir.clone().or_else(default_cache) },
        show_secrets: settings.show_secrets,
        verifier: verifier.as_ref().map(|verifier| verifier as &dyn Verifier),
        cancel,
    };
    let mut detectors: Vec<Box<dyn Detector>> = Vec::new();
    if let Some(secrets) = &secrets {
        detectors.push(Box::new(Shared(Arc::clone(secrets))));
    }
    let mut rule_errors = Vec::new();
    let mut code_detector = None;
    if wanted("code") && (has_code || settings.pattern.is_some()) {
        let (detector, errors) = match settings.pattern.as_deref() {
            Some(pattern) => one_off(pattern, &settings.lang)?,
            None => code(settings)?,
        };
        rule_errors = errors;
        let detector = Arc::new(detector);
        detectors.push(Box::new(Shared(Arc::clone(&detector))));
        code_detector = Some(detector);
    }
    if wanted("packages") {
        detectors.push(Box::new(packages::detector(settings)?));
    }
    let result = if terminal::Terminal::ask().stderr && !settings.quiet {
        let bar = progress::Bar::start();
        scan(&request, &detectors, &bar as &dyn Progress)
    } else {
        scan(&request, &detectors, &NoProgress)
    };
    let mut report = result?;
    for problem in problems {
        let place = problem.line.map_or(problem.file.clone(), |line| format!("{}:{line}", problem.file));
        let rule = problem.rule.map(|rule| format!("rule `{rule}`: ")).unwrap_or_default();
        add(
            &mut report,
            NotDone { kind: NotDoneKind::Broken, path: place, reason: format!("{rule}{}", problem.reason) },
        );
    }
    for error in rule_errors {
        let place = format!("{}:{}", error.file, error.line);
        let rule = error.rule.map(|rule| format!("rule `{rule}`: ")).unwrap_or_default();
        let reason = format!("{rule}{}", error.reason);
        add(&mut report, NotDone { kind: NotDoneKind::Broken, path: place, reason });
    }
    Ok(Scanned {
        report,
        times: (begin, clock::now()),
        targets,
        code: code_detector,
        elapsed: started.elapsed(),
    })
}

/// A detector with one rule, made of a pattern.
fn one_off(pattern: &str, language: &str) -> Result<(CodeDetector, Vec<RuleError>), Failure> {
    if language.is_empty() {
        return Err(Failure::Usage("--pattern needs --lang LANGUAGE, such as --lang python".to_owned()));
    }
    let rule = serde_json::json!({ "rules": [{
        "id": "pattern",
        "languages": [language],
        "severity": "INFO",
        "message": format!("matches {pattern}"),
        "metadata": { "title": "Match of the pattern", "remediation": "Look at it.", "confidence": "HIGH" },
        "pattern": pattern,
    }] });
    let loaded = bartizan_code::rule::load(&rule.to_string(), "--pattern");
    if let Some(error) = loaded.errors.first() {
        return Err(Failure::Usage(format!("--pattern: {}", error.reason)));
    }
    let extra = loaded.rules.into_iter().map(|rule| LoadedRule {
        name: "pattern".to_owned(),
        file: "--pattern".to_owned(),
        rule,
    });
    let options = CodeOptions { no_builtin: true, extra: extra.collect(), ..CodeOptions::default() };
    let (detector, errors) = CodeDetector::new(&options);
    match errors.first() {
        Some(error) => Err(Failure::Usage(format!("--pattern: {}", error.reason))),
        None => Ok((detector, errors)),
    }
}

/// Adds what was wrong before the scan began to the report's list, in its order.
fn add(report: &mut Report, entry: NotDone) {
    let coverage = &mut report.coverage;
    match coverage.not_done_counts.iter_mut().find(|(kind, _)| *kind == entry.kind) {
        Some((_, count)) => *count += 1,
        None => coverage.not_done_counts.push((entry.kind, 1)),
    }
    coverage.not_done_counts.sort_by_key(|(kind, _)| *kind);
    coverage.not_done.push(entry);
    coverage.not_done.sort();
}

/// Where results are kept unless the user says otherwise.
fn default_cache() -> Option<PathBuf> {
    folders::user("XDG_CACHE_HOME", ".cache", "Library/Caches")
}

/// The engine wants to own its detectors; the verifier and what makes changes need the same rules.
struct Shared<D>(Arc<D>);

impl<D: Detector> Detector for Shared<D> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn rules(&self) -> &[RuleInfo] {
        self.0.rules()
    }

    fn rule_set_hash(&self) -> [u8; 32] {
        self.0.rule_set_hash()
    }

    fn wants(&self, blob: &Blob<'_>) -> bool {
        self.0.wants(blob)
    }

    fn wants_binary(&self, origin: &Origin, head: &[u8]) -> bool {
        self.0.wants_binary(origin, head)
    }

    fn may_be_remembered(&self) -> bool {
        self.0.may_be_remembered()
    }

    fn inspect(&self, blob: &Blob<'_>) -> Inspection {
        self.0.inspect(blob)
    }

    fn conclude(&self, noted: &[Noted<'_>], complete: bool) -> Conclusion {
        self.0.conclude(noted, complete)
    }
}

#[cfg(test)]
mod tests {
    use super::is_remote;

    #[test]
    fn urls_and_scp_addresses_are_remote() {
        for word in
            ["https://git.example/a", "ssh://git@host/x", "git@host.example:team/app.git", "file:///srv/x"]
        {
            assert!(is_remote(word), "{word}");
        }
        for word in [".", "src/a:b", "C:\\x", "a@b/c:d", "-", "ftp://x"] {
            assert!(!is_remote(word), "{word}");
        }
    }
}
