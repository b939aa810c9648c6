//! Ctrl-C: the first asks the scan to end with what it has, the second ends the program at once.

use crate::terminal;
use bartizan_source::Cancel;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

/// 128 and the number of SIGINT: what shells expect.
const INTERRUPTED: i32 = 130;

/// The scan that is running: one after another, where a command scans twice.
static RUNNING: Mutex<Option<Cancel>> = Mutex::new(None);
static ASKED: AtomicBool = AtomicBool::new(false);
static LISTENING: Once = Once::new();

/// Lets Ctrl-C (and a request to terminate) interrupt `cancel`, at once where it was pressed before.
pub fn listen(cancel: Cancel) {
    if ASKED.load(Ordering::SeqCst) {
        cancel.interrupt();
    }
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(cancel);
    LISTENING.call_once(|| {
        if let Err(error) = ctrlc::set_handler(pressed) {
            terminal::say(&format!("warning: Ctrl-C will end the program without a report: {error}"));
        }
    });
}

fn pressed() {
    if ASKED.swap(true, Ordering::SeqCst) {
        leave();
    }
    if let Some(cancel) = &*RUNNING.lock().unwrap_or_else(PoisonError::into_inner) {
        cancel.interrupt();
    }
    terminal::say("interrupted: finishing with what was found so far; once more to leave at once");
}

#[expect(clippy::exit, reason = "the user asked twice; nothing is left to be done in order")]
fn leave() {
    std::process::exit(INTERRUPTED);
}
