//! Sigma rules from arbitrary text: what loads compiles or is named, and what compiles meets events.
#![no_main]

use bartizan_detect::sigma::load;
use bartizan_detect::{Detection, mapping};
use bartizan_model::EventRef;
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

const EVENT: &[u8] = br#"{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Image":"C:\\a\\b.exe","CommandLine":"b -x 1","a":[1,null,"x"]}"#;

fuzz_target!(|text: &str| {
    let loaded = load(text, "fuzz.yml");
    for problem in loaded.errors.iter().chain(&loaded.warnings) {
        assert!(!problem.reason.is_empty() && problem.line > 0 && problem.column > 0);
    }
    let Ok(mappings) = mapping::builtin() else { return };
    let (detection, _) = Detection::new(loaded, mappings);
    let mut judge = Arc::new(detection).judge();
    let event = EventRef { json: EVENT, format: None, source: "fuzz", record: 1 };
    assert!(judge.judge(event).is_ok());
});
