//! Each format for a fixed report: a snapshot, and what the format promises.

#![expect(clippy::unwrap_used, reason = "a format that cannot be read back fails the test")]

mod common;

use bartizan_cli::report::{self, Format, Look};
use bartizan_model::{Report, Severity};
use common::{HOSTILE, clean};

fn render(format: Format, report: &Report, look: &Look) -> String {
    let mut out = Vec::new();
    report::write(format, report, look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn full(format: Format) -> String {
    render(format, &common::report(), &Look::default())
}

#[test]
fn snapshots() {
    for format in Format::ALL {
        insta::assert_snapshot!(format!("full-{}", format.as_str()), full(format));
        insta::assert_snapshot!(
            format!("clean-{}", format.as_str()),
            render(format, &clean(), &Look::default())
        );
    }
    let verbose = Look { verbose: true, ..Look::default() };
    insta::assert_snapshot!("full-text-verbose", render(Format::Text, &common::report(), &verbose));
}

#[test]
fn rendering_is_repeatable() {
    for format in Format::ALL {
        assert_eq!(full(format), full(format), "{}", format.as_str());
    }
}

#[test]
fn no_format_lets_a_control_character_through() {
    for format in Format::ALL {
        let text = full(format);
        let bad: Vec<char> = text
            .chars()
            .filter(|c| c.is_control() && !matches!(c, '\n' | '\r') || ('\u{202a}'..='\u{202e}').contains(c))
            .collect();
        // JSON formats escape what JSON says must be; a bidirectional mark is theirs to carry.
        let json = matches!(format, Format::Json | Format::Sarif | Format::Gitlab);
        assert!(bad.iter().all(|c| json && !c.is_control()), "{}: {bad:?}", format.as_str());
    }
}

#[test]
fn text_fits_its_width_and_is_plain_without_color() {
    for width in [40, 60, 80, 120] {
        for verbose in [false, true] {
            let text = render(Format::Text, &common::report(), &Look { width, verbose, ..Look::default() });
            for line in text.lines() {
                let columns = bartizan_cli::plain::width(line);
                // A position stands unbroken so that it can be clicked.
                let is_position =
                    line.starts_with("  dir/") || line.starts_with("  lib/") || line.starts_with("  deploy");
                assert!(columns <= width || is_position, "{columns} > {width}: {line}");
            }
            assert!(!text.contains('\u{1b}'));
        }
    }
    let colored = render(Format::Text, &common::report(), &Look { color: true, ..Look::default() });
    assert!(colored.contains("\u{1b}["));
    assert_eq!(strip(&colored), full(Format::Text));
}

fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('m').unwrap();
        rest = &rest[at + end + 1..];
    }
    out + rest
}

fn validate(schema: &str, instance: &str) {
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let instance: serde_json::Value = serde_json::from_str(instance).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn json_holds_to_its_schema() {
    validate(report::JSON_SCHEMA, &full(Format::Json));
    validate(report::JSON_SCHEMA, &render(Format::Json, &clean(), &Look::default()));
}

#[test]
fn the_json_schema_refuses_what_is_no_report() {
    let schema: serde_json::Value = serde_json::from_str(report::JSON_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good: serde_json::Value = serde_json::from_str(&full(Format::Json)).unwrap();
    for pointer in [
        "/findings/0/severity",
        "/findings/0/places/0/region/start_line",
        "/schema",
        "/coverage/not_done/0/kind",
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = serde_json::json!("nonsense");
        assert!(!validator.is_valid(&bad), "{pointer}");
    }
}

#[test]
fn sarif_holds_to_the_official_schema() {
    let schema = include_str!("schemas/sarif-2.1.0.json");
    validate(schema, &full(Format::Sarif));
    validate(schema, &render(Format::Sarif, &clean(), &Look::default()));
}

#[test]
fn sarif_stays_within_what_code_hosts_take() {
    let mut report = common::report();
    let one = report.findings[1].clone();
    report.findings = vec![one; report::SARIF_MAX_RESULTS + 7];
    let text = render(Format::Sarif, &report, &Look::default());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &value["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), report::SARIF_MAX_RESULTS);
    let notes = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains("7 less severe results are left out"), "{notes}");
}

#[test]
fn sarif_says_what_was_not_done() {
    let value: serde_json::Value = serde_json::from_str(&full(Format::Sarif)).unwrap();
    let invocation = &value["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert!(notes.iter().any(|n| n["level"] == "error" && n["descriptor"]["id"] == "unreadable"));
    assert!(notes.iter().any(|n| n["message"]["text"] == "binary: 306 more, not listed by name"));
    assert_eq!(invocation["toolConfigurationNotifications"][0]["descriptor"]["id"], "stale-suppression");
}

/// RFC 4180 by hand: quoted fields, doubled quotes, CRLF.
fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![]];
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        assert_eq!(chars.next(), Some('"'), "each field is quoted");
        let mut field = String::new();
        loop {
            match chars.next().unwrap() {
                '"' if chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
                '"' => break,
                c => field.push(c),
            }
        }
        rows.last_mut().unwrap().push(field);
        match chars.next() {
            Some(',') => {}
            Some('\r') => {
                assert_eq!(chars.next(), Some('\n'));
                rows.push(vec![]);
            }
            other => panic!("{other:?} after a field"),
        }
    }
    rows.pop();
    rows
}

#[test]
fn csv_has_a_row_per_place_and_no_formula() {
    let rows = parse_csv(&full(Format::Csv));
    let places: usize = common::report().findings.iter().map(|f| f.places.len()).sum();
    assert_eq!(rows.len(), places + 1);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
}

#[test]
fn github_commands_are_one_line_each_and_worst_first() {
    let text = full(Format::Github);
    let levels: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(
        levels,
        [
            "::error",
            "::error",
            "::error",
            "::error",
            "::error",
            "::error",
            "::warning",
            "::notice",
            "::warning",
            "bartizan:"
        ]
    );
    assert!(!text.lines().any(|line| line.starts_with("::error::owned")));
}

#[test]
fn markdown_fits_a_comment() {
    let mut report = common::report();
    let mut one = report.findings[4].clone();
    one.severity = Severity::High;
    report.findings = vec![one; 3000];
    let text = render(Format::Markdown, &report, &Look::default());
    assert!(text.chars().count() < 65_536, "{}", text.chars().count());
    assert!(text.contains("left out here: a comment holds no more"));
    assert!(text.contains("What was not done"));
}

#[test]
fn xml_is_well_formed_and_counts_hold() {
    let text = full(Format::Junit);
    let cases = text.matches("<testcase ").count();
    assert!(text.contains(&format!("tests=\"{cases}\"")), "{cases}\n{text}");
    assert!(text.contains(&format!("failures=\"{}\"", text.matches("<failure ").count())));
    assert!(text.contains(&format!("errors=\"{}\"", text.matches("<error ").count())));
    assert!(text.contains(&format!("skipped=\"{}\"", text.matches("<skipped ").count())));
    let mut open: Vec<String> = Vec::new();
    for tag in text.split('<').skip(1).map(|part| part.split('>').next().unwrap()) {
        if tag.starts_with('?') || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
            None => open.push(tag.split(' ').next().unwrap().to_owned()),
        }
    }
    assert!(open.is_empty());
}

#[test]
fn html_loads_nothing_and_escapes_everything() {
    let text = full(Format::Html);
    assert!(!text.contains("<img"), "hostile markup got through");
    assert_eq!(text.matches("<script>").count(), 1);
    assert_eq!(text.matches("</script>").count(), 1);
    assert!(
        !text.contains(" style=\"") && !text.contains(" onclick"),
        "the policy forbids inline attributes"
    );
    assert!(!text.contains("javascript:alert(1)\""), "only web addresses become links");
    for needle in [" src=", "@import", "url("] {
        assert!(!text.replace("&lt;img src=", "").contains(needle), "{needle}");
    }
    // Everything is there without the script.
    for finding in &common::report().findings {
        assert!(text.contains(&finding.fingerprint.to_string()));
    }
    assert!(text.contains("What was not done"));
    assert!(!text.contains(HOSTILE));
}

#[test]
fn html_policy_matches_the_page() {
    use base64::Engine;
    use sha2::Digest;
    let text = full(Format::Html);
    for tag in ["style", "script"] {
        let start = text.find(&format!("<{tag}>")).unwrap() + tag.len() + 2;
        let end = start + text[start..].find(&format!("</{tag}>")).unwrap();
        let digest =
            base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(&text[start..end]));
        assert!(text.contains(&format!("{tag}-src 'sha256-{digest}'")), "{tag}");
    }
}

#[test]
fn gitlab_has_what_its_schema_requires() {
    let value: serde_json::Value = serde_json::from_str(&full(Format::Gitlab)).unwrap();
    assert_eq!(value["scan"]["type"], "secret_detection");
    assert_eq!(value["scan"]["start_time"], "1970-01-01T00:00:00");
    assert_eq!(value["scan"]["status"], "failure");
    for part in ["analyzer", "scanner"] {
        for field in ["id", "name", "version"] {
            assert!(value["scan"][part][field].is_string());
        }
        assert!(value["scan"][part]["vendor"]["name"].is_string());
    }
    let all = value["vulnerabilities"].as_array().unwrap();
    assert_eq!(all.len(), 8, "one per new place");
    for one in all {
        assert!(one["id"].is_string() && one["location"]["commit"]["sha"].is_string());
        assert!(!one["identifiers"].as_array().unwrap().is_empty());
        let name = one["name"].as_str().unwrap();
        assert!(name.chars().count() <= 255);
    }
}
