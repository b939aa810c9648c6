//! The rules of our own meet the events beside them and leave the others alone.

use std::path::Path;
use std::process::Command;

#[test]
fn rules_of_our_own_agree_with_the_events_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/sigma");
    let output =
        Command::new(env!("CARGO_BIN_EXE_bartizand")).args(["rules", "test"]).arg(&folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let failed: Vec<&str> = text.lines().take(50).collect();
    assert_eq!(output.status.code(), Some(0), "{failed:#?}");
    let passed: usize = text.lines().last().and_then(|line| line.split(' ').next()?.parse().ok()).unwrap();
    assert!(passed > 1300, "{text}");
    assert!(text.contains(" 0 rule files without events"), "{text}");
}
