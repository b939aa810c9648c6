//! `bartizand rules test`: rules against the events beside them.

use crate::args::RulesTest;
use crate::output::{Writer, plain};
use crate::{Failure, Outcome, rules};
use bartizan_detect::correlate::{Correlator, Limits, Raised};
use bartizan_detect::mapping::{self, Mapping};
use bartizan_detect::time::Timestamp;
use bartizan_detect::{Detection, Judge};
use bartizan_ingest::{Options, Sink, read_file};
use bartizan_model::EventRef;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What came of the tests.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    without: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(options: &RulesTest) -> Result<Outcome, Failure> {
    let files = rules::files(&options.rules)?;
    if files.is_empty() {
        return Err(Failure::Usage("no rule files there".to_owned()));
    }
    let mut writer = Writer::new(None)?;
    let mut tally = Tally::default();
    let mappings = mapping::builtin().map_err(|error| Failure::Broken(error.to_string()))?;
    for file in &files {
        test(file, &mappings, &mut writer, &mut tally)?;
    }
    for file in &tally.without {
        writer.line(&format!("{}: no events beside it", file.display()));
    }
    writer.line(&format!(
        "{} passed, {} failed, {} rule files without events",
        tally.passed,
        tally.failed,
        tally.without.len()
    ));
    writer.finish()?;
    Ok(if tally.failed > 0 { Outcome::Alerts } else { Outcome::Clean })
}

fn test(file: &Path, mappings: &[Mapping], writer: &mut Writer, tally: &mut Tally) -> Result<(), Failure> {
    let loaded = rules::read(std::slice::from_ref(&file.to_owned()));
    let correlates = !loaded.correlations.is_empty();
    let (detection, errors) = Detection::new(loaded, mappings.to_vec());
    let detection = Arc::new(detection);
    let mut fail = |line: String, tally: &mut Tally| {
        tally.failed += 1;
        writer.line(&plain(&line));
    };
    for error in &errors {
        fail(error.to_string(), tally);
    }
    let mut any = false;
    for (beside, wanted) in beside(file)? {
        any = true;
        let mut seen = Seen::new(&detection);
        if let Err(error) = read_file(&beside, &Options::default(), &mut seen) {
            fail(error.to_string(), tally);
            continue;
        }
        let raised = seen.finish();
        let name = beside.display();
        for reason in &seen.failures {
            fail(format!("{name}: {reason}"), tally);
        }
        match (wanted, correlates) {
            (true, true) if raised.is_empty() => {
                fail(format!("{name}: the correlation was not raised"), tally)
            }
            (true, true) => tally.passed += 1,
            (false, true) if !raised.is_empty() => fail(format!("{name}: the correlation was raised"), tally),
            (false, true) => tally.passed += 1,
            (_, false) => {
                for (record, matched) in &seen.records {
                    match (wanted, matched) {
                        (true, false) => fail(format!("{name}:{record}: not matched"), tally),
                        (false, true) => fail(format!("{name}:{record}: matched"), tally),
                        _ => tally.passed += 1,
                    }
                }
            }
        }
    }
    if !any {
        tally.without.push(file.to_owned());
    }
    Ok(())
}

/// Files of events beside a rule file, and whether they have to match.
fn beside(file: &Path) -> Result<Vec<(PathBuf, bool)>, Failure> {
    let (Some(folder), Some(stem)) = (file.parent(), file.file_stem().and_then(|stem| stem.to_str())) else {
        return Ok(Vec::new());
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let wrong = |error: std::io::Error| Failure::Broken(format!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(rest) = name.strip_prefix(stem) else { continue };
        if rest.starts_with(".match.") {
            found.push((path.clone(), true));
        } else if rest.starts_with(".ignore.") {
            found.push((path.clone(), false));
        }
    }
    found.sort();
    Ok(found)
}

struct Seen {
    judge: Judge,
    correlator: Correlator,
    records: Vec<(u64, bool)>,
    failures: Vec<String>,
}

impl Seen {
    fn new(detection: &Arc<Detection>) -> Self {
        let limits = Limits { lateness: i64::MAX / 4, ..Limits::default() };
        Self {
            judge: detection.judge(),
            correlator: detection.correlator(limits),
            records: Vec::new(),
            failures: Vec::new(),
        }
    }

    fn finish(&mut self) -> Vec<Raised> {
        let mut raised = Vec::new();
        self.correlator.finish(&mut raised);
        raised
    }
}

impl Sink for Seen {
    fn event(&mut self, event: EventRef<'_>) -> bool {
        match self.judge.judge(event) {
            Ok(verdict) => {
                self.records.push((event.record, verdict.is_some()));
                for observation in
                    verdict.iter().flat_map(|one| one.observations(event.record, Timestamp::default()))
                {
                    self.correlator.observe(observation);
                }
            }
            Err(error) => self.failures.push(format!("record {}: {error}", event.record)),
        }
        true
    }

    fn failed(&mut self, failure: bartizan_ingest::Failure<'_>) {
        self.failures.push(format!("record {}: {}", failure.record, failure.reason));
    }
}
