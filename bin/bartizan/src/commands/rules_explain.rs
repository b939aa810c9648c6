//! `bartizan rules explain`.

use super::{rules, session};
use crate::args::{Answer, RulesExplainArgs};
use crate::failure::{self, Failure};
use crate::{plain, terminal};
use bartizan_code::analyze::Limits;
use bartizan_code::language::Language;
use bartizan_code::ruleset::{LoadedRule, RuleSet};
use bartizan_code::why::{Explanation, FlowStory, Part, Place, Reading, explain};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// A larger file is not explained.
const MAX_FILE: u64 = 64 << 20;
/// Places that are shown of one part; JSON has more.
const MAX_PLACES: usize = 8;

pub fn run(args: &RulesExplainArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &[], args.settings.matches())?;
    let settings = layers.settings();
    let Some(path) = &args.file else { return rules::show_rule(&settings, &args.id, args.format) };
    let (code, errors) = session::code(&settings)?;
    let source = read(path)?;
    let shown = path.to_string_lossy().replace('\\', "/");
    let rule = match of_id(code.rule_set().given(), &args.id, &languages(&shown, &source))? {
        Some(rule) => rule.clone(),
        None => {
            let (secrets, _) = session::detector(&settings)?;
            rules::find(&secrets, &code, &args.id)?;
            return Err(Failure::Usage(format!("`{}` is no code rule: leave the file out", args.id)));
        }
    };
    // A rule alone finds what it finds among others.
    let (set, broken) = RuleSet::compile(vec![rule.clone()]);
    let explanation = explain(&set, &shown, &source, &Limits::default());
    terminal::print(|out| match args.format {
        Answer::Json => {
            serde_json::to_writer_pretty(&mut *out, &explanation)?;
            writeln!(out)
        }
        Answer::Text => Printer { out }.explanation(&rule, &shown, &explanation),
    })?;
    let own: Vec<_> = errors.into_iter().filter(|error| error.rule.as_ref() == Some(&rule.rule.id)).collect();
    for error in broken.iter().chain(&own) {
        terminal::say(&format!("error: {}", plain::visible(&error.to_string())));
    }
    Ok(if broken.is_empty() && own.is_empty() { failure::OK } else { failure::UNFINISHED })
}

/// The rule of that name, or the only one of that bare id, of several the only one for the file's languages.
fn of_id<'a>(
    rules: &'a [LoadedRule],
    id: &str,
    languages: &[Language],
) -> Result<Option<&'a LoadedRule>, Failure> {
    if let Some(rule) = rules.iter().find(|rule| rule.name == id) {
        return Ok(Some(rule));
    }
    let mut bare: Vec<&LoadedRule> = rules.iter().filter(|rule| rule.rule.id == id).collect();
    let reads = |rule: &&LoadedRule| rule.rule.languages.iter().any(|language| languages.contains(language));
    if bare.iter().filter(|rule| reads(rule)).count() == 1 {
        bare.retain(reads);
    }
    match bare.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => {
            let names: Vec<&str> = several.iter().map(|rule| rule.name.as_str()).collect();
            Err(Failure::Usage(format!("`{id}` is one of {}", names.join(", "))))
        }
    }
}

fn languages(path: &str, source: &[u8]) -> Vec<Language> {
    let first_line = source.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Language::all_of_file(path, first_line)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let wrong = |error| Failure::System { what: format!("{}: cannot be read", path.display()), error };
    let size = fs::metadata(path).map_err(wrong)?.len();
    if size > MAX_FILE {
        return Err(Failure::Usage(format!("{}: larger than 64 MiB", path.display())));
    }
    fs::read(path).map_err(wrong)
}

/// Whether nothing in a part matches anything.
fn is_void(part: &Part) -> bool {
    part.count == 0 && part.parts.iter().all(is_void)
}

/// What the file would need for any of a part to match.
fn missing(part: &Part) -> Vec<String> {
    let mut out: Vec<String> = part.missing.iter().map(|text| format!("`{text}`")).collect();
    for inner in &part.parts {
        out.extend(missing(inner));
    }
    out.sort();
    out.dedup();
    out
}

/// Writes an explanation for people.
struct Printer<'a> {
    out: &'a mut dyn Write,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}{}", "  ".repeat(depth), plain::visible(text))
    }

    fn explanation(&mut self, rule: &LoadedRule, path: &str, all: &Explanation) -> io::Result<()> {
        let languages = if all.languages.is_empty() { "text".to_owned() } else { all.languages.join(", ") };
        self.line(0, &format!("{} ({}) on {path}, read as {languages}", rule.name, rule.file))?;
        for reading in &all.readings {
            self.reading(reading, all.readings.len() > 1)?;
        }
        let found = plain::counted(all.findings.len() as u64, "finding", "findings");
        self.line(0, &format!("result: {found}"))?;
        self.places(1, &all.findings, all.findings.len())?;
        for note in &all.notes {
            self.line(0, &format!("note: {note}"))?;
        }
        Ok(())
    }

    fn reading(&mut self, reading: &Reading, named: bool) -> io::Result<()> {
        if named {
            self.line(0, &format!("{} in {}", reading.rule, reading.language))?;
        }
        if !reading.admitted {
            self.line(0, "paths: the rule is not for this file; what follows is what it would do")?;
        }
        let of = |present| {
            let list = reading.literals.iter().filter(|literal| literal.present == present);
            list.map(|literal| format!("`{}`", literal.text)).collect::<Vec<_>>().join(", ")
        };
        let (here, gone) = (of(true), of(false));
        let verdict = match (reading.literals.is_empty(), reading.preselected) {
            (true, _) => "the rule is tried on every file",
            (_, true) => "enough for the rule to be tried",
            (_, false) => "not enough: a scan does not try the rule here; what follows is what it would do",
        };
        self.line(0, &format!("literals: {verdict}"))?;
        for (what, list) in [("present", here), ("absent", gone)] {
            if !list.is_empty() {
                self.line(1, &format!("{what}: {list}"))?;
            }
        }
        if reading.unread > 0 {
            let unread = plain::counted(reading.unread as u64, "byte", "bytes");
            self.line(0, &format!("parsing: the grammar could not read {unread}"))?;
        }
        for part in &reading.formulas {
            self.part(0, part)?;
        }
        if let Some(flow) = &reading.flow {
            self.flow(flow)?;
        }
        if reading.cut {
            self.line(0, "time or steps ran out: something may be missing")?;
        }
        Ok(())
    }

    fn part(&mut self, depth: usize, part: &Part) -> io::Result<()> {
        let at = if part.line > 0 { format!(" (rule line {})", part.line) } else { String::new() };
        let count = plain::counted(part.count as u64, "match", "matches");
        self.line(depth, &format!("{}{at}: {count}", part.what))?;
        if is_void(part) {
            let missing = missing(part);
            if !missing.is_empty() {
                self.line(depth + 1, &format!("the file lacks {}", missing.join(", ")))?;
            }
            return Ok(());
        }
        if part.parts.is_empty() {
            self.places(depth + 1, &part.places, part.count)?;
        }
        for inner in &part.parts {
            self.part(depth + 1, inner)?;
        }
        if !part.steps.is_empty() {
            self.line(depth + 1, "together:")?;
        }
        // Behind the step that leaves nothing there is nothing to tell.
        let told = part.steps.iter().position(|step| step.left == 0).map_or(part.steps.len(), |at| at + 1);
        for step in part.steps.iter().take(told) {
            let gone = if step.gone > 0 { format!(", {} taken away", step.gone) } else { String::new() };
            self.line(depth + 2, &format!("{}: {} left{gone}", step.what, step.left))?;
            // What is kept says something only where metavariables were looked at.
            for place in step.kept.iter().filter(|place| !place.note.is_empty()).take(MAX_PLACES) {
                self.judged(depth + 3, '+', place)?;
            }
            if let Some(first) = step.removed.first()
                && step.removed.len() > 1
                && step.removed.iter().all(|place| place.note == first.note)
            {
                self.line(depth + 3, &format!("- all of these: {}", first.note))?;
                continue;
            }
            for place in step.removed.iter().take(MAX_PLACES) {
                self.judged(depth + 3, '-', place)?;
            }
            self.more(depth + 3, step.gone, MAX_PLACES)?;
        }
        Ok(())
    }

    fn judged(&mut self, depth: usize, mark: char, place: &Place) -> io::Result<()> {
        self.line(depth, &format!("{mark} line {}: `{}`: {}", place.line, place.text, place.note))
    }

    fn places(&mut self, depth: usize, places: &[Place], count: usize) -> io::Result<()> {
        for place in places.iter().take(MAX_PLACES) {
            let bound: Vec<String> =
                place.bindings.iter().map(|(name, text)| format!("{name} = `{text}`")).collect();
            let bound = if bound.is_empty() { String::new() } else { format!("  [{}]", bound.join(", ")) };
            let note = if place.note.is_empty() { String::new() } else { format!("  {}", place.note) };
            self.line(depth, &format!("line {}: `{}`{bound}{note}", place.line, place.text))?;
        }
        self.more(depth, count, MAX_PLACES)
    }

    fn more(&mut self, depth: usize, count: usize, shown: usize) -> io::Result<()> {
        if count > shown {
            self.line(depth, &format!("and {} more", count - shown))?;
        }
        Ok(())
    }

    fn flow(&mut self, flow: &FlowStory) -> io::Result<()> {
        self.line(
            0,
            &format!(
                "flow: {}, {}, {}, {}",
                plain::counted(flow.sources as u64, "source", "sources"),
                plain::counted(flow.sanitizers as u64, "sanitizer", "sanitizers"),
                plain::counted(flow.propagators as u64, "propagator", "propagators"),
                plain::counted(flow.sinks as u64, "sink", "sinks"),
            ),
        )?;
        for way in &flow.ways {
            self.line(1, "reaches a sink:")?;
            self.way(&way.places)?;
        }
        for way in &flow.disproved {
            self.line(1, &format!("impossible, {}:", way.reason))?;
            self.way(&way.places)?;
        }
        for stop in &flow.stops {
            self.line(1, &format!("line {}: `{}` reaches no sink", stop.source.line, stop.source.text))?;
            for place in &stop.sanitized {
                self.line(2, &format!("stopped in line {}: `{}`: {}", place.line, place.text, place.note))?;
            }
            match stop.reached.last() {
                None => self.line(2, "its value is nowhere else")?,
                Some(last) => {
                    let lines: Vec<String> =
                        stop.reached.iter().map(|place| place.line.to_string()).collect();
                    let lines = lines.join(", ");
                    self.line(2, &format!("its value is seen in line {lines}; last in `{}`", last.text))?;
                }
            }
        }
        if flow.unresolved + flow.skipped > 0 {
            let unresolved = plain::counted(u64::from(flow.unresolved), "call", "calls");
            let skipped = plain::counted(u64::from(flow.skipped), "construct", "constructs");
            self.line(
                1,
                &format!("{unresolved} to what is not known, {skipped} without meaning: values pass them"),
            )?;
        }
        if flow.cut {
            self.line(1, "steps or time ran out: flows may be missing")?;
        }
        Ok(())
    }

    fn way(&mut self, places: &[Place]) -> io::Result<()> {
        for place in places {
            self.line(2, &format!("line {}: `{}` {}", place.line, place.text, place.note))?;
        }
        Ok(())
    }
}
