//! The program as users meet it: help, errors, exit codes, files.

#[path = "common/program.rs"]
mod program;

use program::{Home, Ran, password_line};

/// Standard output, standard error and exit code together.
fn shown(ran: &Ran) -> String {
    format!("exit {}\n--- out\n{}--- err\n{}", ran.code, ran.out, ran.err)
}

fn with_config(text: &str) -> Home {
    let home = Home::new();
    home.write("bartizan.toml", text);
    home
}

#[test]
fn help_pages() {
    let home = Home::new();
    for (name, args) in [
        ("program", &["--help"][..]),
        ("scan", &["scan", "--help"]),
        ("baseline", &["baseline", "write", "--help"]),
        ("rules", &["rules", "--help"]),
        ("rules-list", &["rules", "list", "--help"]),
        ("rules-test", &["rules", "test", "--help"]),
        ("rules-lint", &["rules", "lint", "--help"]),
        ("rules-new", &["rules", "new", "--help"]),
        ("explain", &["explain", "--help"]),
        ("init", &["init", "--help"]),
        ("config", &["config", "show", "--help"]),
        ("generate", &["generate", "--help"]),
    ] {
        let ran = home.run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        insta::assert_snapshot!(format!("help-{name}"), ran.out);
    }
}

#[test]
fn wrong_use() {
    let home = Home::new();
    home.write("baseline.json", "{\"version\": 99}");
    let mut all = String::new();
    for args in [
        &["scna"][..],
        &["scan", "--max-filesize", "3"],
        &["scan", "--max-file-size", "3 parsecs"],
        &["scan", "--threads", "0"],
        &["scan", "--min-confidence", "2"],
        &["scan", "--fail-on", "hihg"],
        &["scan", "--format", "jsno"],
        &["scan", "--format", "json", "--format", "text"],
        &["scan", "--output", "report"],
        &["scan", "--only", "colours"],
        &["scan", "--verify-endpoint", "api.example"],
        &["scan", "nowhere"],
        &["scan", "--history"],
        &["scan", "--staged", "--history"],
        &["scan", "-", "--history"],
        &["scan", "-", "-"],
        &["scan", "--since", "HEAD", "https://git.example/x"],
        &["scan", "--rules", "nowhere.toml"],
        &["scan", "-e", "f(...)", "--lang", "latin"],
        &["scan", "-e", "f(", "--lang", "python"],
        &["scan", "--no-builtin-rules"],
        &["scan", "--baseline", "nowhere.json"],
        &["scan", "--baseline", "baseline.json"],
        &["scan", "--config", "nowhere.toml"],
        &["rules", "new", "Secrets/X"],
        &["rules", "test", "nowhere"],
        &["explain", "0123456789"],
        &["generate", "man", "scna"],
        &["init", "nowhere"],
    ] {
        let ran = home.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
        all.push_str(&format!("$ bartizan {}\n{}\n", args.join(" "), ran.err));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn wrong_configuration() {
    let mut all = String::new();
    for text in [
        "[scan]\nmax-filesize = \"3MiB\"\n",
        "[limits]\nmax-file-sise = \"3MiB\"\n",
        "[limits]\nno-ignore = true\n",
        "no-ignore = true\n",
        "[limit]\n",
        "scan = 3\n",
        "[scan]\nexclude = \"a\"\nno-ignore = \"yes\"\n",
        "[scan]\nexclude = [1]\n",
        "[limits]\nmax-time = \"soon\"\n",
        "[limits]\nthreads = 0\n",
        "[scan]\nfail-on = \"hihg\"\n",
        "[scan\n",
        "[scan]\nhistory = true\nhistory = false\n",
        "[secrets]\nverify = true\n",
        "[secrets]\nverify-endpoint = [\"a=http://b\"]\n",
        "[output]\nshow-secrets = true\n",
        "[output]\noutput = [\"/etc/passwd\"]\n",
        "[output]\nformat = [\"json\", \"html=/etc/passwd\"]\n",
        "[cache]\ncache-dir = \"/etc\"\n",
        "[[suppress]]\nrule = \"x\"\nreason = \"y\"\n",
        "[[suppress]]\nrule = \"x\"\nreason = \"y\"\nower = \"z\"\n",
        "[[suppress]]\nrule = \"x\"\nreason = \"y\"\nowner = \"z\"\nfingerprint = \"12\"\n",
        "[[suppress]]\nrule = \"x\"\nreason = \"y\"\nowner = \"z\"\nexpires = \"soon\"\n",
        "[scan]\n\u{1b}[31m = 1\n",
    ] {
        let ran = with_config(text).run(&["scan", "--no-cache"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}: {}", ran.err);
        assert!(!ran.err.contains('\u{1b}'));
        all.push_str(&format!("{}\n\n", ran.err));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn settings_come_from_file_environment_and_flags() {
    let home = with_config(
        "[scan]\nexclude = [\"a\"]\nfail-on = \"high\"\n[limits]\nthreads = 2\nmax-time = \"5m\"\n",
    );
    home.write("src/x", "");
    let env = [("BARTIZAN_EXCLUDE", "b,*.{js,ts}"), ("BARTIZAN_THREADS", "3"), ("BARTIZAN_VERIFY", "true")];
    let ran = home.run_with(
        &["config", "show", "src", "--exclude", "c", "--max-time", "9s", "--verify=false"],
        &env,
        "",
    );
    insta::assert_snapshot!(shown(&ran));
    let wrong = home.run_with(&["scan"], &[("BARTIZAN_MAX_TIME", "soon")], "");
    assert_eq!(wrong.code, 2);
    assert_eq!(
        wrong.err,
        "error: environment variable BARTIZAN_MAX_TIME: `soon` is no duration: expected one such as `30s`\n"
    );
}

#[test]
fn a_named_file_is_trusted() {
    let home = Home::new();
    home.write("mine.toml", "[output]\nformat = [\"json=report.json\"]\n[cache]\ncache-dir = \"cache\"\n");
    let ran = home.run(&["scan", "--config", "mine.toml", "--quiet"]);
    assert_eq!(shown(&ran), "exit 0\n--- out\n--- err\n");
    assert!(home.read("report.json").contains("bartizan.report/1"));
    assert!(home.path().join("cache").is_dir());
}

#[test]
fn init_writes_what_the_program_reads_back() {
    let home = Home::new();
    home.git(&["init", "--quiet"]);
    let ran = home.run(&["init", "--pre-commit", "--ci", "github", "--ci", "gitlab"]);
    insta::assert_snapshot!(shown(&ran));
    insta::assert_snapshot!("init-config", home.read("bartizan.toml"));
    assert_eq!(home.run(&["config", "show"]).code, 0);
    let again = home.run(&["init"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("--force"), "{}", again.err);
    assert_eq!(home.run(&["init", "--force"]).code, 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(home.path().join(".git/hooks/pre-commit")).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111);
    }
    home.write(".pre-commit-config.yaml", "repos:\n- repo: https://x.example\n  hooks: []\n");
    assert_eq!(home.run(&["init", "--force", "--pre-commit"]).code, 0);
    assert!(home.read(".pre-commit-config.yaml").contains("id: bartizan"));
    assert_eq!(home.run(&["init", "--force", "--pre-commit"]).code, 2, "not twice");
}

#[test]
fn generated_texts() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = home.run(&["generate", "completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("max-archive-depth"), "{shell}");
    }
    assert!(home.run(&["generate", "man"]).out.contains(".TH bartizan 1"));
    assert!(home.run(&["generate", "man", "scan"]).out.contains("max\\-archive\\-depth"));
    let schema = home.run(&["generate", "schema"]).out;
    assert!(serde_json::from_str::<serde_json::Value>(&schema).is_ok());
}

#[test]
fn a_new_rule_is_found_tested_and_used() {
    let home = Home::new();
    let ran = home.run(&["rules", "new", "secrets/acme/key"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(home.run(&["rules", "new", "secrets/acme/key"]).code, 2, "nothing is overwritten");
    let tested = home.run(&["rules", "test", "rules"]);
    assert_eq!(shown(&tested), "exit 0\n--- out\n1 rule holds in 1 file, 0 failed\n--- err\n");
    let listed = home.run(&["rules", "list", "acme", "--rules", "rules/secrets/acme.toml"]);
    assert!(listed.out.starts_with("secrets/acme/key"), "{}", listed.out);
    home.write("rules/secrets/bad.toml", "[[rule]]\nname = 3\n");
    let broken = home.run(&["rules", "test", "rules"]);
    assert_eq!(broken.code, 1);
    assert!(broken.out.contains("BROKEN rules/secrets/bad.toml"), "{}", broken.out);
    home.write("a.txt", &password_line());
    let scanned = home.run(&["scan", "a.txt", "--quiet", "--rules", "rules/secrets/bad.toml", "--no-cache"]);
    assert_eq!(scanned.code, 1, "the rest goes on");
    assert!(scanned.out.contains("rules/secrets/bad.toml"), "{}", scanned.out);
}

#[test]
fn a_rule_that_is_not_there_has_neighbours() {
    let home = Home::new();
    for (id, part) in [
        ("secrets/stripe", "under it are secrets/stripe/"),
        ("secrets/stripe/live-key", "under secrets/stripe are secrets/stripe/"),
        ("secrets/stirpe/live-secret-key", "did you mean `secrets/stripe/live-secret-key`?"),
        ("zzz", "`bartizan rules list` has all"),
    ] {
        let ran = home.run(&["rules", "show", id]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(part), "{}", ran.err);
    }
}
