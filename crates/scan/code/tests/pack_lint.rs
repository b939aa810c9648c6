//! Our own rules are held to what the linter asks of others.

use bartizan_code::lint::{Level, lint};
use std::path::Path;

#[test]
fn the_pack_has_no_problems() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules/code");
    let report = lint(&[pack]).unwrap();
    assert!(report.rules >= 200, "only {} rules were looked over", report.rules);
    let problems: Vec<String> = report
        .remarks
        .iter()
        .filter(|one| one.level != Level::Note)
        .map(|one| {
            let rule = one.rule.as_deref().unwrap_or_default();
            format!("{}:{} {rule} [{}] {}", one.file, one.line, one.kind.as_str(), one.message)
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
