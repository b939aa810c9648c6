//! Alerts for people.

use super::{Alert, Writer, plain};
use anstyle::{AnsiColor, Style};
use bartizan_detect::sigma::Level;
use bartizan_detect::time::Timestamp;

/// The style of a level.
pub(crate) fn style(level: Level) -> Style {
    let color = match level {
        Level::Critical => AnsiColor::Magenta,
        Level::High => AnsiColor::Red,
        Level::Medium => AnsiColor::Yellow,
        Level::Low => AnsiColor::Blue,
        Level::Informational => AnsiColor::BrightBlack,
    };
    Style::new().fg_color(Some(color.into()))
}

/// Writes one alert: a line, and where it came from.
pub(crate) fn write(writer: &mut Writer, alert: &Alert<'_>) {
    let time = alert.time.map_or_else(|| "no time".to_owned(), Timestamp::to_rfc3339);
    let style = if writer.color { style(alert.level) } else { Style::new() };
    let mut line = format!("{time}  {style}{:<13}{style:#}  {}", alert.level.name(), plain(alert.title));
    if let Some(host) = alert.host {
        line.push_str(&format!("  on {}", plain(host)));
    }
    writer.line(&line);
    let mut from = format!("    {}:{}", plain(alert.source), alert.record);
    if let (Some(value), Some(since)) = (alert.value, alert.since) {
        let group: Vec<String> =
            alert.group.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
        from = format!(
            "    {value} since {}  {}  last {}:{}",
            since.to_rfc3339(),
            group.join(" "),
            plain(alert.source),
            alert.record
        );
    }
    writer.line(&from);
}
