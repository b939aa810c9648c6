//! What came of a run, by rule, host and technique.

use super::{Alert, Writer, plain, text};
use crate::Failure;
use anstyle::Style;
use bartizan_detect::sigma::Level;
use bartizan_ingest::Counts;
use std::collections::BTreeMap;

/// Rows of each table.
const ROWS: usize = 15;

/// Counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) events: u64,
    pub(crate) counts: Counts,
    pub(crate) highest: Option<Level>,
    broken_rules: usize,
    usable_rules: usize,
    alerts: u64,
    rules: BTreeMap<String, (String, Level, u64)>,
    hosts: BTreeMap<String, u64>,
    techniques: BTreeMap<String, u64>,
}

impl Summary {
    pub(crate) fn new(broken_rules: usize, usable_rules: usize) -> Self {
        Self { broken_rules, usable_rules, ..Self::default() }
    }

    /// Takes an alert in.
    pub(crate) fn count(&mut self, alert: &Alert<'_>) {
        self.alerts += 1;
        self.highest = crate::commands::highest(self.highest, alert.level);
        let rule = self.rules.entry(alert.rule_id.to_owned());
        rule.or_insert_with(|| (alert.title.to_owned(), alert.level, 0)).2 += 1;
        if let Some(host) = alert.host {
            *self.hosts.entry(host.to_owned()).or_default() += 1;
        }
        for tag in alert.tags.iter().filter_map(|tag| tag.strip_prefix("attack.t")) {
            *self.techniques.entry(format!("T{tag}")).or_default() += 1;
        }
    }

    /// The rules that were met.
    pub(crate) fn rules(&self) -> Vec<(String, String, Level)> {
        self.rules.iter().map(|(id, (title, level, _))| (id.clone(), title.clone(), *level)).collect()
    }

    /// Writes the tables.
    pub(crate) fn write(&self, writer: &mut Writer) -> Result<(), Failure> {
        let bold = if writer.color { Style::new().bold() } else { Style::new() };
        let mut rules: Vec<_> = self.rules.values().collect();
        rules.sort_by(|(left, left_level, left_count), (right, right_level, right_count)| {
            (right_level, right_count, left).cmp(&(left_level, left_count, right))
        });
        if !rules.is_empty() {
            writer.line(&format!("\n{bold}Rules{bold:#}"));
        }
        for (title, level, count) in rules.iter().take(ROWS) {
            let style = if writer.color { text::style(*level) } else { Style::new() };
            writer.line(&format!("{count:>8}  {style}{:<13}{style:#}  {}", level.name(), plain(title)));
        }
        if rules.len() > ROWS {
            writer.line(&format!("          … and {} more", rules.len() - ROWS));
        }
        for (name, table) in [("Hosts", &self.hosts), ("ATT&CK techniques", &self.techniques)] {
            let mut rows: Vec<_> = table.iter().collect();
            rows.sort_by(|(left, left_count), (right, right_count)| {
                (right_count, left).cmp(&(left_count, right))
            });
            if !rows.is_empty() {
                writer.line(&format!("\n{bold}{name}{bold:#}"));
            }
            for (key, count) in rows.iter().take(ROWS) {
                writer.line(&format!("{count:>8}  {}", plain(key)));
            }
            if rows.len() > ROWS {
                writer.line(&format!("          … and {} more", rows.len() - ROWS));
            }
        }
        let unread = if self.counts.failed > 0 {
            format!(", {} pieces could not be read", self.counts.failed)
        } else {
            String::new()
        };
        let broken = if self.broken_rules > 0 {
            format!(", {} rules could not be used", self.broken_rules)
        } else {
            String::new()
        };
        writer.line(&format!(
            "\n{} events, {} alerts of {} rules ({} were held against them{broken}){unread}",
            self.events,
            self.alerts,
            self.rules.len(),
            self.usable_rules,
        ));
        writer.check()
    }
}
