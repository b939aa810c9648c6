//! Sees attacks in events: Sigma rules, correlations, behaviour, risk. Opens no file and no socket.
//!
//! [`sigma`] reads rules; [`engine`] compiles them and holds events against them; [`correlate`] tells what matches mean
//! together; [`Detection`] is all of it for a program.

pub mod correlate;
mod detection;
pub mod engine;
mod json;
pub mod mapping;
mod regex;
mod required;
pub mod sigma;
pub mod time;

pub use detection::{Detection, Judge, Verdict};
pub use json::JsonError;
