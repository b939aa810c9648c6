//! From a file or a stream to events.

use crate::format::{access, syslog};
use crate::format::{evtx, json};
use crate::recognise::{Form, Lines, recognise};
use crate::sink::{MAX_RAW, Sink};
use crate::writer::JsonWriter;
use crate::{Counts, Failure};
use bartizan_model::{EventFormat, EventRef};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;

/// Bytes by which a form is recognised.
const HEAD: usize = 64 * 1024;
/// An EVTX file that does not come from a file is kept in memory up to this size.
const MAX_IN_MEMORY: u64 = 512 << 20;

/// How to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The form of the events, where somebody knows it.
    pub format: Option<EventFormat>,
    /// Bytes of one line or object.
    pub max_event: usize,
    /// What time it is where times tell no year; now, where not given.
    pub now: Option<jiff::Timestamp>,
    /// Seconds east of UTC where times tell no zone.
    pub seconds_east: i32,
}

impl Default for Options {
    fn default() -> Self {
        Self { format: None, max_event: 1 << 20, now: None, seconds_east: 0 }
    }
}

/// Why an input could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system says no.
    #[error("{path}: {error}")]
    Io {
        /// The file as it was named.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is not of the form that it seemed to have.
    #[error("{path}: {reason}")]
    Malformed {
        /// The file as it was named.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// Its form is not known.
    #[error("{0}: the form of its events was not recognised: declare it")]
    Unknown(String),
}

/// Reads a file to its end.
///
/// # Errors
/// The file cannot be read, or its form is not known. What was read before is in the sink already.
pub fn read_file(path: &Path, options: &Options, sink: &mut dyn Sink) -> Result<Counts, ReadError> {
    let source = path.display().to_string();
    let wrong = |error| ReadError::Io { path: source.clone(), error };
    let mut file = File::open(path).map_err(wrong)?;
    let mut magic = [0; evtx::MAGIC.len()];
    let length = fill(&mut file, &mut magic).map_err(wrong)?;
    file.rewind().map_err(wrong)?;
    if recognise(magic.get(..length).unwrap_or_default()) == Form::Evtx {
        return evtx::read(BufReader::new(file), &source, sink);
    }
    read_stream(file, &source, options, sink)
}

/// Reads a stream to its end. `source` is its name in events.
///
/// # Errors
/// The stream cannot be read, or its form is not known. What was read before is in the sink already.
pub fn read_stream(
    reader: impl Read,
    source: &str,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Counts, ReadError> {
    // A stream may be compressed, and compressed again by whoever moved it.
    read_within(Box::new(reader), source, options, sink, 2)
}

fn read_within(
    mut reader: Box<dyn Read + '_>,
    source: &str,
    options: &Options,
    sink: &mut dyn Sink,
    wrappings: u8,
) -> Result<Counts, ReadError> {
    let wrong = |error| ReadError::Io { path: source.to_owned(), error };
    let mut head = vec![0; HEAD];
    let length = fill(&mut reader, &mut head).map_err(wrong)?;
    head.truncate(length);
    if head.iter().all(u8::is_ascii_whitespace) && length < HEAD {
        return Ok(Counts::default());
    }
    let declared = options.format.as_ref().and_then(|format| Lines::of_format(format.name()));
    let form = match (recognise(&head), declared) {
        (Form::Json | Form::Lines(_) | Form::Unknown, Some(kind)) => Form::Lines(kind),
        (form, _) => form,
    };
    match form {
        Form::Gzip if wrappings > 0 => {
            let inner = flate2::read::MultiGzDecoder::new(Cursor::new(head).chain(reader));
            read_within(Box::new(inner), source, options, sink, wrappings - 1)
        }
        Form::Zstandard if wrappings > 0 => {
            let inner = zstd::Decoder::new(Cursor::new(head).chain(reader)).map_err(wrong)?;
            read_within(Box::new(inner), source, options, sink, wrappings - 1)
        }
        Form::Evtx => {
            let mut whole = head;
            reader.take(MAX_IN_MEMORY + 1).read_to_end(&mut whole).map_err(wrong)?;
            if whole.len() as u64 > MAX_IN_MEMORY {
                let most = MAX_IN_MEMORY >> 20;
                let reason = format!("an event log in a stream may have {most} MiB: name the file itself");
                return Err(ReadError::Malformed { path: source.to_owned(), reason });
            }
            evtx::read(Cursor::new(whole), source, sink)
        }
        Form::Json => objects(reader, head, source, options, sink).map_err(wrong),
        Form::Lines(kind) => {
            lines(kind, Cursor::new(head).chain(reader), source, options, sink).map_err(wrong)
        }
        _ => Err(ReadError::Unknown(source.to_owned())),
    }
}

fn lines(
    kind: Lines,
    reader: impl Read,
    source: &str,
    options: &Options,
    sink: &mut dyn Sink,
) -> std::io::Result<Counts> {
    let format = EventFormat::named(kind.format());
    let now = options.now.unwrap_or_else(jiff::Timestamp::now);
    let mut reader = BufReader::with_capacity(HEAD, reader);
    let (mut line, mut out, mut counts) = (Vec::new(), JsonWriter::default(), Counts::default());
    let limit = options.max_event as u64;
    let mut record = 0;
    loop {
        line.clear();
        let read = reader.by_ref().take(limit + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(counts);
        }
        let too_long = read as u64 > limit && line.last() != Some(&b'\n');
        if too_long {
            reader.skip_until(b'\n')?;
        }
        record += 1;
        let text = line.trim_ascii_end();
        if text.is_empty() {
            continue;
        }
        counts.received += 1;
        let done = match kind {
            _ if too_long => Err("larger than the limit"),
            Lines::AccessLog => access::read(text, &mut out),
            Lines::Syslog => syslog::read(text, now, options.seconds_east, &mut out),
        };
        match done {
            Ok(()) => {
                counts.parsed += 1;
                if !sink.event(EventRef { json: out.end(), format: Some(&format), source, record }) {
                    return Ok(counts);
                }
            }
            Err(reason) => {
                counts.failed += 1;
                let raw = text.get(..MAX_RAW).unwrap_or(text);
                sink.failed(Failure { source, record, raw, reason: reason.to_owned() });
            }
        }
    }
}

fn objects(
    reader: impl Read,
    mut head: Vec<u8>,
    source: &str,
    options: &Options,
    sink: &mut dyn Sink,
) -> std::io::Result<Counts> {
    if head.starts_with(b"\xEF\xBB\xBF") {
        head.drain(..3);
    }
    let mut objects = json::Objects::new(reader, head, options.max_event);
    let mut counts = Counts::default();
    while let Some(piece) = objects.next()? {
        counts.received += 1;
        let record = counts.received;
        match piece {
            json::Piece::Object(bytes) => {
                counts.parsed += 1;
                if !sink.event(EventRef { json: bytes, format: options.format.as_ref(), source, record }) {
                    break;
                }
            }
            json::Piece::Broken(raw, reason) => {
                counts.failed += 1;
                let raw = raw.get(..MAX_RAW).unwrap_or(raw);
                sink.failed(Failure { source, record, raw, reason: reason.to_owned() });
            }
        }
    }
    Ok(counts)
}

/// Reads until the buffer is full or the input ends.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while let Some(room) = buffer.get_mut(length..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
