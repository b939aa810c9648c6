//! Reads events of every form and hands them on as JSON, one at a time, in bounded memory.
//!
//! [`read_file`] and [`read_stream`] recognise the form and call a [`Sink`] for each event and for each piece that could not
//! be read. What arrives as JSON is handed on as it is; other forms are written as JSON by their readers in [`mod@format`].

mod clock;
mod file;
pub mod format;
mod recognise;
mod sink;
mod writer;

pub use file::{Options, ReadError, read_file, read_stream};
pub use sink::{Counts, Failure, Sink};
