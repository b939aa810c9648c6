//! `bartizand detect`: the events of files against Sigma rules.

use crate::args::{Detect, Format};
use crate::output::{Alert, Summary, Writer, jsonl, progress, sarif, text, warn};
use crate::{Failure, Outcome, pipeline, rules};
use bartizan_detect::correlate::{Limits, Raised};
use bartizan_detect::sigma::Level;
use bartizan_detect::time::Timestamp;
use bartizan_detect::{Detection, mapping};
use bartizan_ingest::{Counts, Options, ReadError, Sink, read_file, read_stream};
use bartizan_model::EventFormat;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Broken rules and pieces of input that are told one by one; the rest is counted.
const MAX_TOLD: usize = 20;

/// Runs the command.
pub(crate) fn run(options: &Detect) -> Result<Outcome, Failure> {
    let rule_files = rules::files(&options.rules)?;
    let mut loaded = rules::read(&rule_files);
    loaded.rules.retain(|rule| rule.level >= options.min_level);
    let mappings = mapping::builtin().map_err(|error| Failure::Broken(error.to_string()))?;
    if let Some(name) = &options.input_format
        && !mappings.iter().any(|mapping| mapping.name == *name)
    {
        let names: Vec<&str> = mappings.iter().map(|mapping| mapping.name.as_str()).collect();
        return Err(Failure::Usage(format!("there is no form `{name}`: one of {}", names.join(", "))));
    }
    let (detection, errors) = Detection::new(loaded, mappings);
    if detection.engine().rules().is_empty() {
        tell(errors.iter().map(ToString::to_string), "rules");
        return Err(Failure::Usage("no rule can be used".to_owned()));
    }
    let inputs = inputs(&options.files)?;
    let detection = Arc::new(detection);
    let threads =
        options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let mut writer = Writer::new(options.output.as_deref())?;
    let mut summary = Summary::new(errors.len(), detection.engine().rules().len());
    let mut report = Report {
        options,
        detection: &detection,
        summary: &mut summary,
        writer: &mut writer,
        sarif: Vec::new(),
    };

    // One run over files of any order: matches are put into order once all are known.
    let limits = Limits { lateness: i64::MAX / 4, ..Limits::default() };
    let mut correlator = detection.correlator(limits);
    let mut correlated: Vec<(Arc<str>, u64)> = Vec::new();
    let mut failures = Vec::new();
    let bar = progress(&inputs);
    let format = options.input_format.clone().map(|name| EventFormat(name.into()));
    let reading = Options { format, ..Options::default() };
    let (counts, broken) = pipeline::run(
        &detection,
        threads,
        |sink| read_all(&inputs, &reading, sink),
        |results| {
            report.summary.events += results.events;
            bar.inc(results.bytes);
            failures.extend(results.failures);
            for judged in results.judged {
                let now = Timestamp::default();
                let event = correlated.len() as u64;
                let mut listened = false;
                for observation in judged.verdict.observations(event, now) {
                    listened = true;
                    correlator.observe(observation);
                }
                if listened {
                    correlated.push((Arc::clone(&judged.source), judged.record));
                }
                for &rule in &judged.verdict.rules {
                    if correlator.is_alert(rule) {
                        report.matched(rule, &judged);
                    }
                }
            }
        },
    );
    bar.finish_and_clear();
    let mut raised = Vec::new();
    correlator.finish(&mut raised);
    for one in &raised {
        if let Some(correlation) = correlator.correlation(one.correlation) {
            report.raised(correlation, one, &correlated);
        }
    }
    report.finish()?;
    tell(errors.iter().map(ToString::to_string), "rules");
    tell(
        failures.iter().map(|one| format!("{}:{}: {}", one.source, one.record, one.reason)),
        "pieces of input",
    );
    tell(broken.iter().map(ToString::to_string), "files");
    let missed = correlator.counts();
    if missed.groups_dropped + missed.entries_dropped > 0 {
        warn(&format!("correlations were cut: {missed:?}"));
    }
    summary.counts = Counts { failed: failures.len() as u64, ..counts };
    if options.format == Format::Text {
        summary.write(&mut writer)?;
    }
    writer.finish()?;
    let over = options.fail_on.is_some_and(|level| summary.highest.is_some_and(|seen| seen >= level));
    Ok(if over {
        Outcome::Alerts
    } else if !errors.is_empty() || !failures.is_empty() || !broken.is_empty() {
        Outcome::Incomplete
    } else {
        Outcome::Clean
    })
}

fn tell(lines: impl ExactSizeIterator<Item = String>, what: &str) {
    let count = lines.len();
    lines.take(MAX_TOLD).for_each(|line| warn(&line));
    if count > MAX_TOLD {
        warn(&format!("… and {} further {what} that could not be used", count - MAX_TOLD));
    }
}

/// The files at and under these paths.
fn inputs(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(path.clone());
            continue;
        }
        let meta = std::fs::metadata(path)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        if meta.is_dir() { folders.push(path.clone()) } else { found.push(path.clone()) }
    }
    while let Some(folder) = folders.pop() {
        let wrong = |error: std::io::Error| Failure::Broken(format!("{}: {error}", folder.display()));
        for entry in std::fs::read_dir(&folder).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            let kind = entry.file_type().map_err(wrong)?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn read_all(inputs: &[PathBuf], options: &Options, sink: &mut dyn Sink) -> (Counts, Vec<ReadError>) {
    let (mut counts, mut broken) = (Counts::default(), Vec::new());
    for input in inputs {
        let read = if input.as_os_str() == "-" {
            read_stream(std::io::stdin().lock(), "-", options, sink)
        } else {
            read_file(Path::new(input), options, sink)
        };
        match read {
            Ok(one) => {
                counts.received += one.received;
                counts.parsed += one.parsed;
                counts.failed += one.failed;
            }
            Err(error) => broken.push(error),
        }
    }
    (counts, broken)
}

struct Report<'a> {
    options: &'a Detect,
    detection: &'a Detection,
    summary: &'a mut Summary,
    writer: &'a mut Writer,
    sarif: Vec<serde_json::Value>,
}

impl Report<'_> {
    fn matched(&mut self, number: u32, judged: &pipeline::Judged) {
        let Some(rule) = self.detection.engine().rules().get(number as usize) else { return };
        let event = (!self.options.no_event).then_some(&*judged.json);
        let alert = Alert {
            rule_id: rule.key(),
            title: &rule.title,
            level: rule.level,
            tags: &rule.tags,
            time: judged.verdict.time,
            host: judged.verdict.host.as_deref(),
            source: &judged.source,
            record: judged.record,
            event,
            group: &[],
            value: None,
            since: None,
            events: Vec::new(),
        };
        self.write(&alert);
    }

    fn raised(
        &mut self,
        correlation: &bartizan_detect::sigma::Correlation,
        one: &Raised,
        correlated: &[(Arc<str>, u64)],
    ) {
        let events: Vec<(&str, u64)> = one
            .events
            .iter()
            .filter_map(|&event| correlated.get(usize::try_from(event).ok()?))
            .map(|(source, record)| (&**source, *record))
            .collect();
        let (source, record) = events.last().copied().unwrap_or(("", 0));
        let alert = Alert {
            rule_id: correlation.key(),
            title: &correlation.title,
            level: correlation.level,
            tags: &correlation.tags,
            time: Some(one.time),
            host: None,
            source,
            record,
            event: None,
            group: &one.group,
            value: Some(one.value),
            since: Some(one.since),
            events,
        };
        if alert.level >= self.options.min_level {
            self.write(&alert);
        }
    }

    fn write(&mut self, alert: &Alert<'_>) {
        self.summary.count(alert);
        match self.options.format {
            Format::Text => text::write(self.writer, alert),
            Format::Jsonl => jsonl::write(self.writer, alert),
            Format::Sarif => self.sarif.push(sarif::result(alert)),
        }
    }

    fn finish(&mut self) -> Result<(), Failure> {
        if self.options.format == Format::Sarif {
            let rules = self.summary.rules();
            self.writer.json(&sarif::report(&rules, std::mem::take(&mut self.sarif)));
        }
        self.writer.check()
    }
}

/// The highest of the levels, for exit codes.
pub(crate) fn highest(left: Option<Level>, right: Level) -> Option<Level> {
    Some(left.map_or(right, |left| left.max(right)))
}
