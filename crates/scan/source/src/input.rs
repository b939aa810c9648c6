//! Targets that are one thing: a file, an archive, a pipe, standard input.

use crate::archive;
use crate::context::{Context, Outcome};
use crate::file::{self, Buffer};
use crate::parallel;
use crate::tree;
use crate::{Cancel, FileStamp, SourceError};
use bartizan_model::{NotDoneKind, Origin};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Read from a pipe at a time, and how many such pieces wait for the scan.
const PIECE: usize = 64 << 10;
const PIECES: usize = 4;

/// Files below this many bytes are visited by one thread.
const SMALL: u64 = 1 << 20;

/// How often a scan that waits for input looks whether it should stop.
const GLANCE: Duration = Duration::from_millis(50);

/// A file that was named by the user. Exclusions and ignore files do not concern it.
pub(crate) struct File {
    path: PathBuf,
    /// What it is called in the report.
    name: String,
    /// Bytes; nothing is known of a pipe.
    size: Option<u64>,
}

impl File {
    /// Looks whether there is a file that can be read.
    pub(crate) fn open(path: &Path) -> Result<Self, SourceError> {
        let refuse = |error| SourceError::of(path, error);
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let name = path.parent().map(tree::shown_folder).unwrap_or_default() + &name;
        let metadata = std::fs::metadata(path).map_err(refuse)?;
        if metadata.is_file() {
            // The user may name a link; from here on its target is meant.
            let path = path.canonicalize().map_err(refuse)?;
            std::fs::File::open(&path).map_err(refuse)?;
            return Ok(Self { path, name, size: Some(metadata.len()) });
        }
        if is_pipe(&metadata) {
            return Ok(Self { path: path.to_owned(), name, size: None });
        }
        Err(refuse(io::Error::new(io::ErrorKind::InvalidInput, "neither a file, a folder nor a pipe")))
    }

    /// Visits the file.
    pub(crate) fn visit(&self, context: &Context<'_>) -> Result<(), SourceError> {
        let refuse = |error| SourceError::of(&self.path, error);
        context.visitor.expected(1);
        let outcome = if self.size.is_none() {
            let pipe = std::fs::File::open(&self.path).map_err(refuse)?;
            parallel::visit(context, |context| visit_pipe(pipe, &self.name, context))
        } else {
            let stamp = FileStamp::new(self.name.clone(), &std::fs::metadata(&self.path).map_err(refuse)?);
            let askable =
                stamp.size <= context.options.max_file_size && !archive::has_archive_name(&stamp.path);
            if askable && context.visitor.is_known_file(&stamp) {
                return Ok(());
            }
            let read =
                |context: &Context<'_>| file::visit(context, &self.path, &stamp, &mut Buffer::default());
            if context.cancel.is_stopped() {
                Outcome::Stopped
            } else if stamp.size < SMALL {
                read(context)
            } else {
                parallel::visit(context, read)
            }
        };
        report_stop(context, outcome, &self.name);
        Ok(())
    }
}

/// Visits standard input under that name.
pub(crate) fn visit_stdin(name: &str, context: &Context<'_>) {
    let name = if name.is_empty() { "-" } else { name };
    context.visitor.expected(1);
    let outcome = parallel::visit(context, |context| visit_pipe(io::stdin(), name, context));
    report_stop(context, outcome, name);
}

fn report_stop(context: &Context<'_>, outcome: Outcome, name: &str) {
    if outcome == Outcome::Stopped {
        context.stopped(name, "not all of it was looked at".to_owned());
    }
}

fn visit_pipe(pipe: impl Read + Send + 'static, name: &str, context: &Context<'_>) -> Outcome {
    match Pipe::start(pipe, context.cancel.clone()) {
        Ok(mut pipe) => archive::visit_stream(context, &Origin::file(name), &mut pipe),
        Err(error) => {
            context.not_done(NotDoneKind::Unreadable, name, file::reason(&error));
            Outcome::Dealt
        }
    }
}

/// A pipe that is read on a thread of its own: nobody can interrupt a read that waits for a writer, but the scan can stop
/// waiting for that thread. It ends with the next piece, or with the program.
struct Pipe {
    pieces: Receiver<io::Result<Vec<u8>>>,
    current: Vec<u8>,
    at: usize,
    cancel: Cancel,
}

impl Pipe {
    fn start(mut pipe: impl Read + Send + 'static, cancel: Cancel) -> io::Result<Self> {
        let (sender, pieces) = sync_channel(PIECES);
        let read = move || {
            loop {
                let mut piece = vec![0; PIECE];
                let outcome = match pipe.read(&mut piece) {
                    Ok(0) => return,
                    Ok(count) => {
                        piece.truncate(count);
                        Ok(piece)
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => Err(error),
                };
                let failed = outcome.is_err();
                if sender.send(outcome).is_err() || failed {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("input".to_owned()).spawn(read)?;
        Ok(Self { pieces, current: Vec::new(), at: 0, cancel })
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.current.len() {
            match self.pieces.recv_timeout(GLANCE) {
                Ok(piece) => (self.current, self.at) = (piece?, 0),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) if self.cancel.is_stopped() => {
                    return Err(io::Error::other("stopped"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        let count = buffer.len().min(self.current.len() - self.at);
        buffer[..count].copy_from_slice(&self.current[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(unix)]
fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    // A terminal or `/dev/stdin` is a character device.
    metadata.file_type().is_fifo() || metadata.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// Never yields, as a terminal where nobody types.
    struct Silent;

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            loop {
                std::thread::park();
            }
        }
    }

    #[test]
    fn a_silent_pipe_does_not_hold_up_a_stop() {
        let cancel = Cancel::default();
        cancel.interrupt();
        let begin = Instant::now();
        let mut pipe = Pipe::start(Silent, cancel).unwrap();
        assert!(pipe.read(&mut [0; 16]).is_err());
        assert!(begin.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_pipe_yields_what_was_written() {
        let text: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
        let mut pipe = Pipe::start(io::Cursor::new(text.clone()), Cancel::default()).unwrap();
        let mut read = Vec::new();
        pipe.read_to_end(&mut read).unwrap();
        assert!(read == text);
    }
}
