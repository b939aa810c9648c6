//! A report with one of everything, hostile text included.

use bartizan_model::finding::Edit;
use bartizan_model::*;
use std::collections::BTreeMap;

pub fn region(line: u32, column: u32, length: u32) -> Region {
    Region {
        start_byte: u64::from(line) * 40 + u64::from(column) - 1,
        end_byte: u64::from(line) * 40 + u64::from(column + length) - 1,
        start_line: line,
        start_column: column,
        end_line: line,
        end_column: column + length,
    }
}

pub fn place(rule: &str, path: &str, line: u32, text: &str, highlight: (u32, u32)) -> Place {
    Place {
        origin: Origin::file(path),
        region: region(line, highlight.0 + 1, highlight.1 - highlight.0),
        snippet: Snippet { text: text.to_owned(), highlight },
        fingerprint: Fingerprint::of(rule, path, text.as_bytes()),
        status: Status::New,
        flow: Vec::new(),
        first_commit: None,
        last_commit: None,
        in_head: None,
    }
}

pub fn finding(rule: &str, title: &str, severity: Severity, places: Vec<Place>) -> Finding {
    Finding {
        rule: rule.to_owned(),
        title: title.to_owned(),
        message: "the format is exact and its checksum holds".to_owned(),
        severity,
        confidence: Confidence::new(0.99),
        cwe: vec![Cwe::HARD_CODED_CREDENTIALS],
        remediation: "Revoke it with the provider, then give the program a new one through its environment."
            .to_owned(),
        docs: Some("https://docs.example/tokens".to_owned()),
        fingerprint: Fingerprint::of(rule, "", title.as_bytes()),
        status: Status::New,
        verification: None,
        evidence: Evidence { secret: Some("exc_********".to_owned()), properties: BTreeMap::new() },
        fix: None,
        places,
    }
}

fn commit(id: &str, date: &str, author: &str) -> CommitInfo {
    CommitInfo {
        id: id.repeat(10),
        author: author.to_owned(),
        date: date.to_owned(),
        path: "old/settings.py".to_owned(),
    }
}

pub fn rule(finding: &Finding) -> RuleInfo {
    RuleInfo {
        id: finding.rule.clone(),
        title: finding.title.clone(),
        description: "Whoever holds it can use the account.".to_owned(),
        remediation: finding.remediation.clone(),
        severity: finding.severity,
        docs: finding.docs.clone(),
        cwe: finding.cwe.clone(),
        tags: vec!["secrets".to_owned(), "cloud".to_owned()],
    }
}

/// What hostile input may put into any text.
pub const HOSTILE: &str =
    "x\u{1b}[31m\u{7}</script><img src=x onerror=alert(1)>'\"`|,%\r\n::error::owned\u{202e}\u{200b}=cmd";

pub fn report() -> Report {
    let mut aws = finding(
        "secrets/examplecloud/secret-key",
        "Example Cloud secret key",
        Severity::Critical,
        (1..=6)
            .map(|n| {
                place(
                    "secrets/examplecloud/secret-key",
                    &format!("deploy/stage-{n}/production.env"),
                    n * 7,
                    "EXAMPLECLOUD_SECRET_KEY=******** # 生产",
                    (24, 32),
                )
            })
            .collect(),
    );
    aws.places[5].status = Status::Baseline;
    aws.verification = Some(Verification {
        state: VerificationState::Live,
        detail: "GET https://api.cloud.example/v1/account answered 200".to_owned(),
    });
    aws.evidence.properties.insert("account".to_owned(), "build-bot".to_owned());

    let mut history = finding(
        "secrets/forge/personal-token",
        "Forge personal access token",
        Severity::High,
        vec![place(
            "secrets/forge/personal-token",
            "src/settings.py",
            12,
            "\tTOKEN = \"exc_********\"",
            (10, 22),
        )],
    );
    let one = &mut history.places[0];
    one.origin.object = Some("ab".repeat(20));
    one.first_commit = Some(commit("1a2b", "2023-04-05T06:07:08Z", "Jo Doe <jo@mail.example>"));
    one.last_commit = Some(commit("9f8e", "2024-01-02T03:04:05Z", "Ann Roe <ann@mail.example>"));
    one.in_head = Some(false);
    history.verification = Some(Verification {
        state: VerificationState::Revoked,
        detail: "GET https://api.forge.example/user answered 401".to_owned(),
    });

    let mut archive = finding(
        "secrets/generic/password",
        "Password in configuration",
        Severity::Medium,
        vec![place(
            "secrets/generic/password",
            "lib/app.jar",
            3,
            &format!("{}password=********{}", "a".repeat(200), "b".repeat(200)),
            (209, 217),
        )],
    );
    archive.places[0].origin.members = vec!["config/app.properties".to_owned()];
    archive.confidence = Confidence::new(0.62);
    archive.docs = None;
    archive.fix = Some(Fix {
        description: "reads the value from the environment".to_owned(),
        edits: vec![Edit {
            path: "config/app.properties".to_owned(),
            region: region(3, 10, 8),
            text: "${PASSWORD}".to_owned(),
        }],
    });

    let mut hostile = finding(
        "secrets/hostile/text",
        HOSTILE,
        Severity::Low,
        vec![place("secrets/hostile/text", &format!("dir/{HOSTILE}"), 1, HOSTILE, (2, 6))],
    );
    hostile.message = HOSTILE.to_owned();
    hostile.remediation = HOSTILE.to_owned();
    hostile.docs = Some("javascript:alert(1)".to_owned());

    let mut known = finding(
        "secrets/forge/personal-token",
        "Forge personal access token",
        Severity::High,
        vec![place("secrets/forge/personal-token", "tests/data.py", 2, "t = '********'", (5, 13))],
    );
    known.fingerprint = Fingerprint::of("known", "", b"1");
    known.status = Status::Baseline;
    known.places[0].status = Status::Baseline;

    let mut suppressed = finding(
        "secrets/generic/password",
        "Password in configuration",
        Severity::Info,
        vec![place("secrets/generic/password", "docs/readme.md", 9, "password: ********", (10, 18))],
    );
    suppressed.fingerprint = Fingerprint::of("suppressed", "", b"1");
    suppressed.status =
        Status::Suppressed { by: "inline".to_owned(), reason: "sample of the documentation".to_owned() };
    suppressed.places[0].status = suppressed.status.clone();

    let findings = vec![aws, history, known, archive, hostile, suppressed];
    let mut rules: Vec<RuleInfo> = findings.iter().map(rule).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules.dedup_by(|a, b| a.id == b.id);
    let skipped =
        |kind, path: &str, reason: &str| NotDone { kind, path: path.to_owned(), reason: reason.to_owned() };
    Report {
        targets: vec![".".to_owned()],
        findings,
        components: Vec::new(),
        coverage: Coverage {
            blobs_scanned: 1234,
            bytes_scanned: 5_678_901,
            incomplete: false,
            not_done: vec![
                skipped(NotDoneKind::Binary, "img/a.png", "not text"),
                skipped(NotDoneKind::Binary, "img/b.png", "not text"),
                skipped(NotDoneKind::Binary, "img/c.png", "not text"),
                skipped(NotDoneKind::Binary, "img/d.png", "not text"),
                skipped(NotDoneKind::TooLarge, "data/dump.sql", "52 MiB, over --max-file-size 10 MiB"),
                skipped(
                    NotDoneKind::StaleSuppression,
                    "bartizan.toml",
                    "suppression of `secrets/old` matches no finding",
                ),
                skipped(NotDoneKind::Unreadable, "private/key\u{1b}[2J", "permission denied"),
            ],
            not_done_counts: vec![
                (NotDoneKind::Binary, 310),
                (NotDoneKind::TooLarge, 1),
                (NotDoneKind::StaleSuppression, 1),
                (NotDoneKind::Unreadable, 1),
            ],
        },
        rules,
    }
}

pub fn clean() -> Report {
    Report {
        targets: vec![".".to_owned()],
        findings: Vec::new(),
        components: Vec::new(),
        coverage: Coverage { blobs_scanned: 3, bytes_scanned: 99, ..Coverage::default() },
        rules: Vec::new(),
    }
}
