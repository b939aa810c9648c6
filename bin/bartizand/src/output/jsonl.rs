//! Alerts as a JSON object each.

use super::{Alert, Writer};
use bartizan_detect::time::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Shown<'a> {
    rule_id: &'a str,
    title: &'a str,
    level: &'a str,
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    origin: Origin<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation: Option<Correlation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Origin<'a> {
    file: &'a str,
    record: u64,
}

#[derive(Serialize)]
struct Correlation<'a> {
    value: f64,
    since: Option<String>,
    group: serde_json::Map<String, serde_json::Value>,
    events: Vec<Origin<'a>>,
}

/// Writes one alert.
pub(crate) fn write(writer: &mut Writer, alert: &Alert<'_>) {
    let event = alert.event.and_then(|event| serde_json::from_slice::<&RawValue>(event).ok());
    let shown = Shown {
        rule_id: alert.rule_id,
        title: alert.title,
        level: alert.level.name(),
        tags: alert.tags,
        time: alert.time.map(Timestamp::to_rfc3339),
        host: alert.host,
        origin: Origin { file: alert.source, record: alert.record },
        correlation: alert.value.map(|value| Correlation {
            value,
            since: alert.since.map(Timestamp::to_rfc3339),
            group: alert.group.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect(),
            events: alert.events.iter().map(|&(file, record)| Origin { file, record }).collect(),
        }),
        event,
    };
    match serde_json::to_vec(&shown) {
        Ok(bytes) => {
            writer.bytes(&bytes);
            writer.bytes(b"\n");
        }
        Err(error) => super::warn(&format!("{}:{}: {error}", alert.source, alert.record)),
    }
}
