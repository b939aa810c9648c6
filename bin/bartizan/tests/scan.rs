//! Whole scans: text in, report and exit code out.

#[path = "common/program.rs"]
mod program;

use program::{Home, password_line};

fn home() -> Home {
    let home = Home::new();
    home.write("src/settings.py", &format!("import os\n\n{}", password_line()));
    home.write("readme.md", "nothing here\n");
    home
}

#[test]
fn a_finding_is_shown_and_fails_the_scan() {
    let home = home();
    let ran = home.run(&["scan", "--no-cache"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(format!("{}---\n{}", ran.out, ran.err));
    let secret = ["vT7#qz", "Lm2!w9X"].concat();
    for format in ["text", "json", "sarif", "csv", "markdown", "html", "junit", "gitlab", "github"] {
        let ran = home.run(&["scan", "--quiet", "--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{format}");
        assert!(ran.out.contains("settings.py"), "{format}");
        assert!(!ran.out.contains(&secret), "{format} shows the secret");
        let clear = home.run(&["scan", "--quiet", "--show-secrets", "--format", format]);
        // Annotations stand beside the line and do not repeat it.
        assert_eq!(clear.out != ran.out, format != "github", "{format}");
    }
}

#[test]
fn thresholds_decide_the_exit_code() {
    let home = home();
    for (args, code) in [
        (&["--fail-on", "high"][..], 1),
        (&["--fail-on", "critical"], 0),
        (&["--fail-on", "none"], 0),
        (&["--min-confidence", "1"], 0),
        (&["--exclude", "*.py"], 0),
        (&["--exclude-rule", "secrets/generic"], 0),
        (&["--max-file-size", "10"], 0),
    ] {
        let ran = home.run(&[&["scan", "--quiet", "--no-cache"], args].concat());
        assert_eq!(ran.code, code, "{args:?}\n{}", ran.out);
    }
}

#[test]
fn several_reports_at_once() {
    let home = home();
    let ran = home.run(&[
        "scan",
        "-q",
        "--format",
        "sarif",
        "--output",
        "a.sarif",
        "-f",
        "html=b.html",
        "-o",
        "c.csv",
        "-f",
        "text",
    ]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("HIGH"));
    assert!(home.read("a.sarif").contains("\"2.1.0\""));
    assert!(home.read("b.html").starts_with("<!doctype html>"));
    assert!(home.read("c.csv").starts_with("\"severity\""));
    let silent = home.run(&["scan", "-q", "-f", "json=d.json"]);
    assert_eq!((silent.code, silent.out.as_str()), (1, ""));
    let nowhere = home.run(&["scan", "-q", "-f", "json=no/such/folder/d.json"]);
    assert_eq!(nowhere.code, 3);
    assert_eq!(
        nowhere.err,
        "error: cannot write no/such/folder/d.json: No such file or directory (os error 2)\n"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let home = home();
    let ran = home.run(&["scan", "-q", "-f", "json=/dev/full"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("No space left on device"), "{}", ran.err);
    let stdout = home
        .command(env!("CARGO_BIN_EXE_bartizan"))
        .args(["scan", "-q"])
        .stdout(std::fs::File::options().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    assert_eq!(stdout.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&stdout.stderr).contains("cannot write standard output"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let home = home();
    let mut child = home
        .command(env!("CARGO_BIN_EXE_bartizan"))
        .args(["scan", "-q", "--format", "html"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_baseline_takes_what_is_there() {
    let home = home();
    let ran = home.run(&["baseline", "write"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("recorded 1 finding in bartizan-baseline.json"), "{}", ran.err);
    let known = home.run(&["scan", "-q", "--baseline", "bartizan-baseline.json"]);
    assert_eq!(known.code, 0, "{}", known.out);
    assert!(known.out.contains("1 known by the baseline"));
    home.write("src/more.py", &password_line().replace("w9X", "w8Y"));
    assert_eq!(home.run(&["scan", "-q", "--baseline", "bartizan-baseline.json"]).code, 1);
}

#[test]
fn standard_input_has_a_name() {
    let home = Home::new();
    let ran =
        home.run_with(&["scan", "-", "-q", "--stdin-name", "conf.py", "-f", "json"], &[], &password_line());
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("\"highlight\""));
}

#[test]
fn staged_changes_and_history() {
    let home = home();
    home.git(&["init", "--quiet"]);
    assert_eq!(home.run(&["scan", "--staged", "-q"]).code, 0, "nothing is staged");
    home.git(&["add", "src"]);
    let staged = home.run(&["scan", "--staged", "-q"]);
    assert_eq!(staged.code, 1, "{}", staged.out);
    home.git(&["commit", "--quiet", "-m", "one"]);
    home.git(&["rm", "--quiet", "src/settings.py"]);
    home.git(&["commit", "--quiet", "-m", "two"]);
    assert_eq!(home.run(&["scan", "-q"]).code, 0);
    let history = home.run(&["scan", "--history", "-q"]);
    assert_eq!(history.code, 1, "{}", history.err);
    for part in ["Jo Doe <jo@mail.example>", "2024-01-02", "gone from HEAD"] {
        assert!(history.out.contains(part), "{part}\n{}", history.out);
    }
    assert_eq!(home.run(&["scan", "--since", "HEAD~1", "-q"]).code, 0);
    let missing = home.run(&["scan", "--since", "nowhere", "-q"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("`nowhere`"), "{}", missing.err);
}

#[test]
fn findings_are_explained_by_fingerprint() {
    let home = home();
    home.run(&["scan", "-q", "-f", "json=report.json"]);
    let report: serde_json::Value = serde_json::from_str(&home.read("report.json")).unwrap();
    let print = report["findings"][0]["fingerprint"].as_str().unwrap();
    let fresh = home.run(&["explain", &print[..8], "-q"]);
    let read = home.run(&["explain", &print[..8], "--report", "report.json"]);
    assert_eq!((fresh.code, read.code), (0, 0), "{}", fresh.err);
    assert_eq!(fresh.out, read.out);
    assert!(read.out.contains("settings.py:3:") && read.out.contains("bartizan:ignore"));
    home.write("bad.json", "{}");
    assert_eq!(home.run(&["explain", "01234567", "--report", "bad.json"]).code, 2);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let home = home();
    for n in 0..40 {
        home.write(&format!("many/{n}.py"), &password_line());
    }
    for format in ["text", "json", "sarif", "html"] {
        let run = |args: &[&str]| home.run(&[&["scan", "-q", "-f", format], args].concat()).out;
        let one = run(&["--threads", "1", "--no-cache"]);
        assert_eq!(one, run(&["--threads", "7", "--no-cache"]), "{format}: threads");
        assert_eq!(one, run(&[]), "{format}: cold cache");
        assert_eq!(one, run(&[]), "{format}: warm cache");
    }
}

#[test]
fn out_of_time_is_said_and_fails() {
    let home = Home::new();
    for n in 0..300 {
        home.write(&format!("many/{n}.txt"), &"plain text without anything\n".repeat(2000));
    }
    let ran = home.run(&["scan", "-q", "--no-cache", "--max-time", "1ms"]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.contains("incomplete") && ran.out.contains("out of time"), "{}", ran.out);
}

#[test]
fn paths_are_shown_as_the_working_folder_sees_them() {
    let home = home();
    for target in [".", "src", "./src/", "src/settings.py"] {
        let ran = home.run(&["scan", "-q", "-f", "github", target]);
        assert!(ran.out.starts_with("::error file=src/settings.py,"), "{target}: {}", ran.out);
    }
    let baseline = home.run(&["baseline", "write", "src", "-q"]);
    assert_eq!(baseline.code, 0);
    let whole = home.run(&["scan", "-q", "--baseline", "bartizan-baseline.json"]);
    assert_eq!(whole.code, 0, "it holds for the whole tree: {}", whole.out);
    let outside = home.path().join("src").display().to_string();
    let ran = home.run(&["scan", "-q", "-f", "github", &outside]);
    assert!(ran.out.starts_with("::error file=settings.py,"), "{}", ran.out);
}
