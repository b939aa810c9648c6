//! Sees attacks in events: Sigma rules, correlations, behaviour, risk. Opens no file and no socket.
//!
//! [`sigma`] reads rules; [`engine`] compiles them and holds events against them.

pub mod correlate;
pub mod engine;
mod json;
pub mod mapping;
mod regex;
mod required;
pub mod sigma;
pub mod time;
