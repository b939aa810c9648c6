//! Package URLs, licence expressions and VEX documents: whatever is read writes what reads back.
#![no_main]

use bartizan_packages::licence::{Policy, expression};
use bartizan_packages::purl::PackageUrl;
use bartizan_packages::vex::Statements;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for purl in [text.to_owned(), format!("pkg:{text}"), format!("pkg:npm/{text}")] {
        if let Ok(url) = PackageUrl::parse(&purl) {
            let _ = url.package();
            let written = url.to_string();
            assert_eq!(PackageUrl::parse(&written).map(|again| again.to_string()), Ok(written));
        }
    }
    let policy = Policy::new(&["MIT".to_owned()], &["GPL-*".to_owned()]).unwrap();
    let _ = (expression(text), policy.judge(&[text.to_owned()]));
    let _ = Policy::new(&[text.to_owned()], &[]);
    if let Ok(statements) = Statements::parse(text.as_bytes()) {
        let _ = statements.verdict(&["CVE-2024-1"], "pkg:npm/a@1");
    }
    let statement = format!(
        r#"{{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{text}]}}"#
    );
    let _ = Statements::parse(statement.as_bytes());
});
