//! Lines of web servers' access logs: common and combined log format, with or without the virtual host before them.
//!
//! Fields have the names of the W3C extended log format, which Sigma rules use. Apache's manual, "Log Files", and nginx's
//! documentation of `log_format combined` tell the forms.

use crate::writer::JsonWriter;

/// The form of its events.
pub(crate) const NAME: &str = "access-log";

/// Whether a line looks like one of these.
pub(crate) fn looks_so(line: &[u8]) -> bool {
    split(line).is_some()
}

struct Line<'a> {
    host: Option<&'a [u8]>,
    client: &'a [u8],
    user: &'a [u8],
    time: &'a [u8],
    request: &'a [u8],
    status: &'a [u8],
    bytes: &'a [u8],
    rest: &'a [u8],
}

fn split(line: &[u8]) -> Option<Line<'_>> {
    let open = memchr::memchr(b'[', line)?;
    let close = open + memchr::memchr(b']', line.get(open..)?)?;
    let time = line.get(open + 1..close)?;
    // `10/Oct/2000:13:55:36 -0700`
    if time.get(2) != Some(&b'/') || time.get(6) != Some(&b'/') || time.get(11) != Some(&b':') {
        return None;
    }
    let before: Vec<&[u8]> =
        line.get(..open)?.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
    let (host, client, user) = match before.as_slice() {
        [client, _, user] => (None, *client, *user),
        [host, client, _, user] => (Some(*host), *client, *user),
        [client, _, user @ ..] if user.len() > 2 => {
            (None, *client, user.first().copied().unwrap_or_default())
        }
        _ => return None,
    };
    let (request, rest) = quoted(line.get(close + 1..)?)?;
    let mut words = rest.splitn(4, |byte| *byte == b' ').filter(|word| !word.is_empty());
    let status = words.next()?;
    let bytes = words.next().unwrap_or(b"-");
    if status.len() != 3 || !status.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let behind = words.next().unwrap_or_default();
    Some(Line { host, client, user, time, request, status, bytes, rest: behind })
}

/// The text in the next pair of quotes, with escaped quotes in it, and what follows.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = memchr::memchr(b'"', text)? + 1;
    let mut at = start;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some((text.get(start..at)?, text.get(at + 1..)?));
        }
        at += 2;
    }
}

/// What the server escaped: `\"`, `\\` and `\xHH`.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, behind) = rest.split_at(at);
        plain.extend_from_slice(before);
        let hex = behind
            .get(2..4)
            .filter(|_| behind.get(1) == Some(&b'x'))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let length = match (hex, behind.get(1)) {
            (Some(byte), _) => {
                plain.push(byte);
                4
            }
            (None, Some(byte @ (b'"' | b'\\'))) => {
                plain.push(*byte);
                2
            }
            _ => {
                plain.push(b'\\');
                1
            }
        };
        rest = behind.get(length..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    plain
}

/// Writes the event of a line.
///
/// # Errors
/// Why the line is none.
pub(crate) fn read(line: &[u8], out: &mut JsonWriter) -> Result<(), &'static str> {
    let found = split(line).ok_or("not a line of an access log")?;
    out.begin();
    if let Some(time) = crate::clock::common_log(found.time) {
        out.text("@timestamp", time.as_bytes());
    }
    if let Some(host) = found.host {
        out.text("cs-host", host);
    }
    out.text("c-ip", found.client);
    if found.user != b"-" {
        out.text("cs-username", found.user);
    }
    let request = unescaped(found.request);
    let mut words = request.splitn(2, |byte| *byte == b' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next());
    match target {
        Some(target) => {
            let (uri, version) = match memchr::memrchr(b' ', target) {
                Some(at) if target.get(at + 1..).is_some_and(|word| word.starts_with(b"HTTP/")) => {
                    (target.get(..at).unwrap_or_default(), target.get(at + 1..).unwrap_or_default())
                }
                _ => (target, &b""[..]),
            };
            out.text("cs-method", method);
            out.text("cs-uri", uri);
            let (stem, query) = match memchr::memchr(b'?', uri) {
                Some(at) => (uri.get(..at).unwrap_or_default(), uri.get(at + 1..)),
                None => (uri, None),
            };
            out.text("cs-uri-stem", stem);
            if let Some(query) = query {
                out.text("cs-uri-query", query);
            }
            if !version.is_empty() {
                out.text("cs-version", version);
            }
        }
        // What is no request at all: a handshake sent to the wrong port, a probe.
        None => {
            out.text("cs-method", b"");
            out.text("cs-uri", &request);
        }
    }
    out.number(
        "sc-status",
        std::str::from_utf8(found.status).ok().and_then(|text| text.parse().ok()).unwrap_or(0),
    );
    if let Some(bytes) = std::str::from_utf8(found.bytes).ok().and_then(|text| text.parse().ok()) {
        out.number("sc-bytes", bytes);
    }
    if let Some((referer, rest)) = quoted(found.rest) {
        if referer != b"-" {
            out.text("cs-referer", &unescaped(referer));
        }
        if let Some((agent, _)) = quoted(rest).filter(|(agent, _)| *agent != b"-") {
            out.text("cs-user-agent", &unescaped(agent));
        }
    }
    out.text("message", line);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(line: &str) -> serde_json::Value {
        let mut out = JsonWriter::default();
        read(line.as_bytes(), &mut out).unwrap();
        serde_json::from_slice(out.end()).unwrap()
    }

    #[test]
    fn combined_lines_have_all_their_fields() {
        let seen = event(
            r#"192.0.2.7 - ann [10/Oct/2025:13:55:36 -0700] "GET /a/b.php?x=%27\x22&y=\"z HTTP/1.1" 404 2326 "http://www.example.com/" "Mozilla/5.0 \"x\"""#,
        );
        assert_eq!(seen["c-ip"], "192.0.2.7");
        assert_eq!(seen["@timestamp"], "2025-10-10T20:55:36Z");
        assert_eq!(seen["cs-username"], "ann");
        assert_eq!(seen["cs-uri-stem"], "/a/b.php");
        assert_eq!(seen["cs-uri-query"], "x=%27\"&y=\"z");
        assert_eq!((seen["sc-status"].as_i64(), seen["sc-bytes"].as_i64()), (Some(404), Some(2326)));
        assert_eq!(seen["cs-user-agent"], "Mozilla/5.0 \"x\"");
        assert_eq!(seen["cs-referer"], "http://www.example.com/");
    }

    #[test]
    fn common_and_odd_lines_are_read() {
        let seen = event(
            r#"www.example.com:80 2001:db8::1 - - [10/Oct/2025:13:55:36 +0000] "POST / HTTP/2.0" 200 -"#,
        );
        assert_eq!((&seen["cs-host"], &seen["cs-method"]), (&"www.example.com:80".into(), &"POST".into()));
        assert!(seen.get("sc-bytes").is_none());
        let seen = event(r#"192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "\x16\x03\x01" 400 0 "-" "-""#);
        assert_eq!(seen["cs-method"], "");
        assert!(!looks_so(b"Oct 10 13:55:36 host sshd[1]: hello [x]"));
        assert!(!looks_so(b"") && !looks_so(b"[[[[\"\"\"\""));
    }
}
