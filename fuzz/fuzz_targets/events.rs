//! Streams of arbitrary bytes as events: whatever a reader hands on is a JSON object, and is judged.
#![no_main]

use bartizan_detect::sigma::load;
use bartizan_detect::{Detection, Judge, mapping};
use bartizan_ingest::{Failure, Options, Sink, read_stream};
use bartizan_model::{EventFormat, EventRef};
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, OnceLock};

const RULES: &str = "title: a\nlogsource: {}\ndetection:\n  s: {message|contains: x, '*|re': 'a+b'}\n  k: [kw, 7]\n  condition: s or k\n";

struct Taker {
    judge: Judge,
    events: u64,
    failures: u64,
}

impl Sink for Taker {
    fn event(&mut self, event: EventRef<'_>) -> bool {
        self.events += 1;
        let written = event.format.is_some_and(|format| matches!(format.name(), "syslog" | "access-log"));
        if written {
            assert!(serde_json::from_slice::<serde_json::Value>(event.json).is_ok_and(|value| value.is_object()));
        }
        let _ = self.judge.judge(event);
        true
    }

    fn failed(&mut self, failure: Failure<'_>) {
        assert!(!failure.reason.is_empty());
        self.failures += 1;
    }
}

fn detection() -> &'static Arc<Detection> {
    static DETECTION: OnceLock<Arc<Detection>> = OnceLock::new();
    DETECTION.get_or_init(|| {
        let mappings = mapping::builtin().unwrap_or_default();
        Arc::new(Detection::new(load(RULES, "fuzz.yml"), mappings).0)
    })
}

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    let format = match kind % 4 {
        0 => Some(EventFormat::named("syslog")),
        1 => Some(EventFormat::named("access-log")),
        _ => None,
    };
    let options = Options { format, max_event: 4096, ..Options::default() };
    let mut taker = Taker { judge: detection().judge(), events: 0, failures: 0 };
    if let Ok(counts) = read_stream(bytes, "fuzz", &options, &mut taker) {
        assert_eq!(counts.received, counts.parsed + counts.failed);
        assert_eq!((counts.parsed, counts.failed), (taker.events, taker.failures));
    }
});
