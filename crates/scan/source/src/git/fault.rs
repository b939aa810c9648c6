//! Why an object of a repository could not be had.

use super::delta::DeltaError;
use bartizan_model::NotDoneKind;

/// Why an object, or a whole pack, could not be read or decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The system refused.
    #[error("cannot be read: {0}")]
    Read(String),
    /// Ends before it should.
    #[error("cut short")]
    Truncated,
    /// Not in git's format.
    #[error("{0}")]
    Malformed(&'static str),
    /// A type number that git does not define.
    #[error("unknown object type {0}")]
    Kind(u8),
    /// The zlib stream is damaged.
    #[error("compressed data is damaged")]
    Compression,
    /// The zlib stream is not of the size that its entry declares.
    #[error("does not have the {declared} bytes it declares")]
    Size {
        /// Bytes that the entry declares.
        declared: u64,
    },
    /// The delta is damaged.
    #[error(transparent)]
    Delta(#[from] DeltaError),
    /// The base of a delta is not in the pack, or is the delta itself.
    #[error("the base of its delta is missing, or the deltas go in a circle")]
    NoBase,
    /// The base of a delta is there but could not be decoded.
    #[error("the object it builds on cannot be decoded: {0}")]
    Base(Box<Fault>),
    /// Over `--max-file-size`.
    #[error("{size} bytes, more than --max-file-size allows")]
    TooLarge {
        /// Bytes.
        size: u64,
    },
    /// Over the thread's part of `--max-memory`.
    #[error("needs {needed} bytes of memory, more than a thread's part of --max-memory")]
    Memory {
        /// Bytes.
        needed: u64,
    },
}

impl Fault {
    /// The sort to report it under.
    pub(super) fn kind(&self) -> NotDoneKind {
        match self {
            Self::Read(_) => NotDoneKind::Unreadable,
            Self::TooLarge { .. } => NotDoneKind::TooLarge,
            Self::Memory { .. } => NotDoneKind::OutOfMemory,
            Self::Base(fault) => fault.kind(),
            _ => NotDoneKind::Broken,
        }
    }

    /// The fault of an object whose base has this fault.
    pub(super) fn of_child(&self) -> Self {
        match self {
            Self::Base(_) => self.clone(),
            _ => Self::Base(Box::new(self.clone())),
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            Self::Truncated
        } else {
            Self::Read(error.to_string())
        }
    }
}
