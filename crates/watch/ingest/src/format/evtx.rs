//! The Windows event log's own files (`.evtx`), by the crate `evtx`: JSON as its XML is nested, attributes under `#attributes`.

use crate::sink::{Failure, Sink};
use crate::{Counts, ReadError};
use bartizan_model::{EventFormat, EventRef};
use evtx::{EvtxParser, ParserSettings};
use std::io::{Read, Seek};

/// The form of its events.
const FORMAT: EventFormat = EventFormat::named("windows-event");

/// What files of this form begin with.
pub(crate) const MAGIC: &[u8] = b"ElfFile\0";

/// Hands on all records.
pub(crate) fn read<R: Read + Seek>(
    reader: R,
    source: &str,
    sink: &mut dyn Sink,
) -> Result<Counts, ReadError> {
    let settings = ParserSettings::default().separate_json_attributes(false).indent(false).num_threads(1);
    let mut parser = EvtxParser::from_read_seek(reader)
        .map_err(|error| ReadError::Malformed { path: source.to_owned(), reason: error.to_string() })?
        .with_configuration(settings);
    let mut counts = Counts::default();
    for record in parser.records_json() {
        counts.received += 1;
        match record {
            Ok(record) => {
                counts.parsed += 1;
                let json = record.data.as_bytes();
                let event = EventRef { json, format: Some(&FORMAT), source, record: counts.received };
                if !sink.event(event) {
                    break;
                }
            }
            Err(error) => {
                counts.failed += 1;
                let reason = error.to_string();
                sink.failed(Failure { source, record: counts.received, raw: &[], reason });
            }
        }
    }
    Ok(counts)
}
