//! Ctrl-C: the first asks the scan to end with what it has, the second ends the program at once.

use crate::terminal;
use bartizan_source::Cancel;
use std::sync::atomic::{AtomicBool, Ordering};

/// 128 and the number of SIGINT: what shells expect.
const INTERRUPTED: i32 = 130;

/// Lets Ctrl-C (and a request to terminate) interrupt `cancel`.
pub fn listen(cancel: Cancel) {
    let asked = AtomicBool::new(false);
    let result = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::SeqCst) {
            leave();
        }
        cancel.interrupt();
        terminal::say("interrupted: finishing with what was found so far; once more to leave at once");
    });
    if let Err(error) = result {
        terminal::say(&format!("warning: Ctrl-C will end the program without a report: {error}"));
    }
}

#[expect(clippy::exit, reason = "the user asked twice; nothing is left to be done in order")]
fn leave() {
    std::process::exit(INTERRUPTED);
}
