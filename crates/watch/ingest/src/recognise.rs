//! Which form an input has.

use crate::format::{access, evtx, json, syslog};

/// A form of a whole input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Evtx,
    Gzip,
    Zstandard,
    Json,
    /// Lines of text of one kind.
    Lines(Lines),
    /// Nothing that is known.
    Unknown,
}

/// A kind of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    AccessLog,
    Syslog,
}

impl Lines {
    const ALL: [Self; 2] = [Self::AccessLog, Self::Syslog];

    /// The form of its events.
    pub(crate) fn format(self) -> &'static str {
        match self {
            Self::AccessLog => access::NAME,
            Self::Syslog => syslog::NAME,
        }
    }

    /// The kind whose events have this form.
    pub(crate) fn of_format(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.format() == name)
    }

    fn looks_so(self, line: &[u8]) -> bool {
        match self {
            Self::AccessLog => access::looks_so(line),
            Self::Syslog => syslog::looks_so(line),
        }
    }
}

/// Lines by which a kind is told; most of them have to be of it.
const SAMPLE: usize = 20;

fn lines(begin: &[u8]) -> Option<Lines> {
    let sample: Vec<&[u8]> = begin
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .take(SAMPLE)
        .collect();
    Lines::ALL.into_iter().find(|kind| {
        let so = sample.iter().filter(|line| kind.looks_so(line.trim_ascii_end())).count();
        so > 0 && so * 2 >= sample.len()
    })
}

/// Tells by the first bytes.
pub(crate) fn recognise(begin: &[u8]) -> Form {
    match begin {
        _ if begin.starts_with(evtx::MAGIC) => Form::Evtx,
        [0x1F, 0x8B, ..] => Form::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Form::Zstandard,
        _ if json::looks_so(begin) => Form::Json,
        _ => lines(begin).map_or(Form::Unknown, Form::Lines),
    }
}
