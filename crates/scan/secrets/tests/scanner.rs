//! The fast scan against its slow twin, hostile input, and stability.

use bartizan_model::Language;
use bartizan_secrets::rule::file::RuleFile;
use bartizan_secrets::scanner::{HitRule, Place, Scanner};
use bartizan_secrets::template::{Random, expand};
use bartizan_secrets::{SecretsDetector, SecretsOptions};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

static DETECTOR: LazyLock<SecretsDetector> =
    LazyLock::new(|| SecretsDetector::new(&SecretsOptions::default()).0);

/// `match` templates of exact rules without path conditions, with their samples.
static TEMPLATES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../rules/secrets");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut templates = Vec::new();
    for path in paths {
        let Ok(file) = toml::from_str::<RuleFile>(&std::fs::read_to_string(path).unwrap()) else { continue };
        for rule in file
            .rules
            .into_iter()
            .filter(|rule| rule.paths.is_empty() && rule.path.is_none() && !rule.literals.is_empty())
        {
            templates.extend(rule.matches.iter().map(|text| (text.clone(), rule.sample.clone())));
        }
    }
    assert!(templates.len() > 500, "{} templates", templates.len());
    templates
});

const PLACE: Place<'static> = Place { path: "src/app.conf", language: Language::Ini };

fn text_of(picks: &[(usize, u64)], glue: &str) -> String {
    picks
        .iter()
        .map(|(pick, seed)| {
            let (template, sample) = &TEMPLATES[pick % TEMPLATES.len()];
            let mut random = Random::new(*seed);
            let sample = expand(sample, None, &mut random).unwrap();
            expand(template, Some(&sample), &mut random).unwrap()
        })
        .collect::<Vec<_>>()
        .join(glue)
}

fn provider_spans(scanner: &Scanner, text: &[u8], slow: bool) -> BTreeSet<(usize, usize)> {
    let hits = if slow { scanner.scan_slowly(text, PLACE) } else { scanner.scan(text, PLACE) };
    hits.into_iter()
        .filter(|hit| matches!(hit.rule, HitRule::Provider(_)))
        .map(|hit| (hit.span.start, hit.span.end))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_literal_pass_loses_nothing(
        picks in prop::collection::vec((any::<usize>(), any::<u64>()), 1..4),
        glue in prop::sample::select(vec!["\n", "\n\n", " ; ", "\t", "\r\n"]),
    ) {
        let text = text_of(&picks, glue);
        let scanner = DETECTOR.scanner();
        let fast = provider_spans(scanner, text.as_bytes(), false);
        for (start, end) in provider_spans(scanner, text.as_bytes(), true) {
            let covered = fast.iter().any(|(from, to)| *from < end && start < *to);
            prop_assert!(covered, "{start}..{end} is lost in {text:?}");
        }
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for hit in DETECTOR.scanner().scan(&bytes, PLACE) {
            prop_assert!(hit.span.start < hit.span.end && hit.span.end <= bytes.len());
            prop_assert!((0.0..=1.0).contains(&hit.confidence));
        }
    }
}

#[test]
fn hostile_repetition_ends() {
    // Each would be quadratic in a scanner that searched afresh from every literal.
    for piece in [
        "-----BEGIN RSA PRIVATE KEY-----\n",
        "ghp_",
        "password=",
        "://a:",
        "kind: Secret\ndata:\n a: b\n",
        "eyJhbGciOi",
        "%3D",
        "datadog ",
        "AKIA",
        "xoxb-1-",
        "token:'",
    ] {
        let text = piece.repeat((1 << 20) / piece.len());
        let hits = DETECTOR.scanner().scan(text.as_bytes(), PLACE);
        assert!(hits.len() <= text.len(), "{piece}");
    }
}

#[test]
fn encoded_secrets_are_found_one_level_deep() {
    let scanner = DETECTOR.scanner();
    let scan = |template: &str| {
        let mut random = Random::new(7);
        let text = expand(template, None, &mut random).unwrap();
        let hits = scanner.scan(text.as_bytes(), PLACE);
        hits.into_iter()
            .filter_map(|hit| match hit.rule {
                HitRule::Provider(index) => Some((scanner.rules()[index].info.id.clone(), hit.decoded)),
                HitRule::Generic(_) => None,
            })
            .collect::<Vec<_>>()
    };
    for template in [
        "blob: ${b64:export SLACK=xoxb-${digits:12}-${digits:13}-${base62:24} # bot}",
        "url=https%3A%2F%2Fx.invalid%2F%3Ftoken%3Dxoxb-${digits:12}-${digits:13}-${base62:24}",
    ] {
        let found = scan(template);
        assert!(
            found.iter().any(|(id, decoded)| id.starts_with("secrets/slack/")
                && decoded.as_ref().is_some_and(|d| d.starts_with(b"xoxb-"))),
            "{template}: {found:?}"
        );
    }
    assert_eq!(
        scan("blob: ${b64:${b64:SLACK=xoxb-${digits:12}-${digits:13}-${base62:24}}}"),
        [],
        "two levels"
    );
}

#[test]
fn kubernetes_secrets_are_decoded() {
    let manifest = expand(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${b64:${base62:16}}\n  username: ${b64:app}\nstringData:\n  key: ${base62:20}\n",
        None,
        &mut Random::new(3),
    )
    .unwrap();
    let place = Place { path: "deploy/secret.yaml", language: Language::Yaml };
    let hits = DETECTOR.scanner().scan(manifest.as_bytes(), place);
    let rules: Vec<_> = hits.iter().map(|hit| hit.rule).collect();
    assert_eq!(hits.len(), 2, "{rules:?}");
    assert_eq!(hits[0].decoded.as_ref().map(Vec::len), Some(16));
}

#[test]
fn gitleaks_rules_are_imported_and_broken_ones_named() {
    let text = r#"
title = "x"
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''acme_([a-z0-9]{16})'''
keywords = ["acme_"]
entropy = 2.0
[rules.allowlist]
stopwords = ["abcabc"]

[[rules]]
id = "broken"
regex = '''(unclosed'''
"#;
    let (rules, problems) = bartizan_secrets::rule::load_text("mine", "mine.toml", text);
    assert_eq!(rules.len(), 1);
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].line, problems[0].rule.as_deref()), (Some(13), Some("broken")));
    let detector = SecretsDetector::from_rules(rules, false, &[]);
    let hits = detector.scanner().scan(b"key: acme_9f8e7d6c5b4a3z2y\nkey: acme_abcabc9f8e7d6c5b", PLACE);
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].span, 10..26);
}
