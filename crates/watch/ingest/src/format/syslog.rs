//! Lines of syslog: RFC 5424, RFC 3164, and files whose lines begin with an RFC 3339 time; with or without the priority before them.

use super::program;
use crate::clock;
use crate::writer::JsonWriter;

/// The form of its events.
pub(crate) const NAME: &str = "syslog";

/// RFC 5424, section 6.2.1.
const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
    "local7",
];
const SEVERITIES: [&str; 8] =
    ["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"];

/// The end of 2024, in seconds since 1970: a day that there is in some year is a day.
const A_LEAP_YEAR: jiff::Timestamp = jiff::Timestamp::constant(1_735_603_200, 0);

/// What a line says of itself.
#[derive(Debug, Default)]
struct Line<'a> {
    priority: Option<u8>,
    time: Option<String>,
    host: &'a [u8],
    program: &'a [u8],
    pid: &'a [u8],
    structured: &'a [u8],
    message: &'a [u8],
}

/// Whether a line looks like one of these.
pub(crate) fn looks_so(line: &[u8]) -> bool {
    let rest = priority(line).map_or(line, |(_, rest)| rest);
    let has_program = |line: Option<Line<'_>>| line.is_some_and(|line| !line.program.is_empty());
    has_program(modern(rest)) || has_program(stamped(rest)) || has_program(old(rest, A_LEAP_YEAR, 0))
}

/// `<34>`
fn priority(line: &[u8]) -> Option<(u8, &[u8])> {
    let inner = line.strip_prefix(b"<")?;
    let end = inner.iter().take(4).position(|byte| *byte == b'>')?;
    let number =
        std::str::from_utf8(inner.get(..end)?).ok()?.parse::<u8>().ok().filter(|number| *number < 192)?;
    Some((number, inner.get(end + 1..)?))
}

fn word(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b' ', text) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
        None => (text, &[]),
    }
}

/// RFC 5424: `1 TIME HOST APP PROCID MSGID STRUCTURED MESSAGE`.
fn modern(text: &[u8]) -> Option<Line<'_>> {
    let rest = text.strip_prefix(b"1 ")?;
    let (time, rest) = word(rest);
    let (host, rest) = word(rest);
    let (program, rest) = word(rest);
    let (pid, rest) = word(rest);
    let (_, rest) = word(rest);
    let structured_length = structured_length(rest)?;
    let structured = rest.get(..structured_length)?;
    let message = rest.get(structured_length..)?.trim_ascii_start();
    Some(Line {
        time: utc(time),
        host: absent(host),
        program: absent(program),
        pid: absent(pid),
        structured: absent(structured),
        message: message.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(message),
        ..Line::default()
    })
}

fn absent(text: &[u8]) -> &[u8] {
    if text == b"-" { &[] } else { text }
}

fn utc(text: &[u8]) -> Option<String> {
    let time: jiff::Timestamp = std::str::from_utf8(text).ok()?.parse().ok()?;
    Some(time.to_string())
}

/// Bytes of `-` or of `[id a="b"][…]`.
fn structured_length(text: &[u8]) -> Option<usize> {
    if text.first() == Some(&b'-') {
        return Some(1);
    }
    let (mut at, mut quoted) = (0, false);
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b']' if !quoted && text.get(at + 1) != Some(&b'[') => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// A file whose lines begin with an RFC 3339 time: `TIME HOST PROGRAM[PID]: MESSAGE`.
fn stamped(text: &[u8]) -> Option<Line<'_>> {
    let (time, rest) = word(text);
    if !time.first().is_some_and(u8::is_ascii_digit) || time.len() < 19 {
        return None;
    }
    let time = Some(utc(time)?);
    let (host, rest) = word(rest);
    tagged(rest).map(|(program, pid, message)| Line { time, host, program, pid, message, ..Line::default() })
}

/// RFC 3164: `Oct  9 13:55:36 HOST PROGRAM[PID]: MESSAGE`.
fn old(text: &[u8], now: jiff::Timestamp, seconds_east: i32) -> Option<Line<'_>> {
    let time = Some(clock::without_year(text, now, seconds_east)?);
    let rest = text.get(15..)?.strip_prefix(b" ")?;
    let (host, rest) = word(rest);
    tagged(rest).map(|(program, pid, message)| Line { time, host, program, pid, message, ..Line::default() })
}

/// `PROGRAM[PID]: MESSAGE`
fn tagged(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let colon = memchr::memmem::find(text.get(..text.len().min(300))?, b":")?;
    let tag = text.get(..colon)?;
    if tag.contains(&b' ') && !tag.ends_with(b")") {
        return None;
    }
    let message = text.get(colon + 1..)?.trim_ascii_start();
    match tag.strip_suffix(b"]").and_then(|tag| memchr::memchr(b'[', tag).map(|at| (tag, at))) {
        Some((tag, at)) => Some((tag.get(..at)?, tag.get(at + 1..)?, message)),
        None => Some((tag, &[], message)),
    }
}

/// Writes the event of a line. `now` and `seconds_east` tell what times without year and zone mean.
///
/// # Errors
/// Why the line is none.
pub(crate) fn read(
    line: &[u8],
    now: jiff::Timestamp,
    seconds_east: i32,
    out: &mut JsonWriter,
) -> Result<(), &'static str> {
    let (priority, rest) = priority(line).map_or((None, line), |(number, rest)| (Some(number), rest));
    let found = modern(rest).or_else(|| stamped(rest)).or_else(|| old(rest, now, seconds_east));
    let mut found = found.ok_or("not a line of syslog")?;
    found.priority = priority;
    out.begin();
    if let Some(time) = &found.time {
        out.text("@timestamp", time.as_bytes());
    }
    if let Some(number) = found.priority {
        let facility = FACILITIES.get(usize::from(number >> 3)).copied().unwrap_or_default();
        out.text("facility", facility.as_bytes());
        out.text("severity", SEVERITIES.get(usize::from(number & 7)).copied().unwrap_or_default().as_bytes());
    }
    for (name, value) in [("host", found.host), ("program", found.program), ("pid", found.pid)] {
        if !value.is_empty() {
            out.text(name, value);
        }
    }
    if !found.structured.is_empty() {
        out.text("structured_data", found.structured);
    }
    out.text("message", found.message);
    program::fields(found.program, found.message, out);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(line: &str) -> serde_json::Value {
        let mut out = JsonWriter::default();
        read(line.as_bytes(), "2026-03-01T00:00:00Z".parse().unwrap(), 0, &mut out).unwrap();
        serde_json::from_slice(out.end()).unwrap()
    }

    #[test]
    fn the_three_forms_say_the_same() {
        for line in [
            "<86>1 2026-02-03T04:05:06Z web1 sshd 812 - - hello there",
            "<86>Feb  3 04:05:06 web1 sshd[812]: hello there",
            "2026-02-03T05:05:06+01:00 web1 sshd[812]: hello there",
        ] {
            let seen = event(line);
            assert_eq!(seen["@timestamp"], "2026-02-03T04:05:06Z", "{line}");
            assert_eq!((&seen["host"], &seen["program"]), (&"web1".into(), &"sshd".into()), "{line}");
            assert_eq!((&seen["pid"], &seen["message"]), (&"812".into(), &"hello there".into()), "{line}");
            assert!(seen["facility"] == "authpriv" || !line.starts_with('<'), "{line}");
            assert!(looks_so(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn structured_data_may_hold_brackets() {
        let seen = event(r#"<165>1 2026-02-03T04:05:06.5Z - app - ID [a b="x]\"y"][c d="1"] text"#);
        assert_eq!(seen["structured_data"], r#"[a b="x]\"y"][c d="1"]"#);
        assert_eq!((&seen["message"], &seen["severity"]), (&"text".into(), &"notice".into()));
    }

    #[test]
    fn other_text_is_told_apart() {
        assert!(looks_so(b"Feb 29 04:05:06 web1 cron[1]: x"));
        for other in ["", "hello", "<999>x", "{\"a\": 1}", "2026-02-03 something", "Feb  3 nonsense"] {
            assert!(!looks_so(other.as_bytes()), "{other}");
        }
    }
}
