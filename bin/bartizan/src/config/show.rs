//! Prints what is in force and where each value came from.

use super::resolve::{Layers, Source};
use super::table::{Kind, SETTINGS};
use crate::plain;
use std::io::{self, Write};

/// Column of the sources.
const SOURCE_COLUMN: usize = 44;

/// Writes the settings in the file's own format, with the source of each behind it.
///
/// # Errors
/// What `out` says.
pub fn write(layers: &Layers, out: &mut dyn Write) -> io::Result<()> {
    match layers.file() {
        Some(file) => writeln!(out, "# file: {}", plain::visible(&file.path.display().to_string()))?,
        None => writeln!(out, "# file: none found")?,
    }
    let mut section = "";
    for setting in SETTINGS {
        if setting.section != section {
            section = setting.section;
            writeln!(out, "\n[{section}]")?;
        }
        let values = layers.of(setting.name);
        let text = match setting.kind {
            Kind::List { .. } => {
                let elements: Vec<String> = values.iter().map(|(value, _)| quoted(value)).collect();
                format!("{} = [{}]", setting.name, elements.join(", "))
            }
            Kind::Flag => {
                format!("{} = {}", setting.name, values.last().map_or("false", |(value, _)| word(value)))
            }
            Kind::One { .. } | Kind::Word(_) => match values.last() {
                Some((value, _)) => format!("{} = {}", setting.name, quoted(value)),
                None => format!("# {} is not set", setting.name),
            },
        };
        let mut sources: Vec<String> = values.iter().map(|(_, source)| source.to_string()).collect();
        sources.dedup();
        if sources.is_empty() {
            sources.push(Source::Default.to_string());
        }
        let gap = SOURCE_COLUMN.saturating_sub(plain::width(&text)).max(2);
        writeln!(out, "{text}{}# {}", " ".repeat(gap), sources.join(", "))?;
    }
    if let Some(file) = layers.file().filter(|file| !file.suppressions.is_empty()) {
        let count = plain::counted(file.suppressions.len() as u64, "entry", "entries");
        writeln!(out, "\n# suppress: {count} in {}", plain::visible(&file.path.display().to_string()))?;
    }
    Ok(())
}

fn word(text: &str) -> &'static str {
    if crate::units::boolean(text).unwrap_or(false) { "true" } else { "false" }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
