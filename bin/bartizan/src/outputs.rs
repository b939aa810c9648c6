//! Where reports go: several formats at once, each to standard output or a file that is written whole or not at all.

use crate::config::resolve::{Layers, Source};
use crate::failure::Failure;
use crate::plain;
use crate::report::{self, Format, Look};
use crate::terminal;
use bartizan_model::Report;
use clap::ArgMatches;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// One report to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// As what.
    pub format: Format,
    /// To which file; `None`: standard output.
    pub file: Option<PathBuf>,
}

/// What the user said, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Format(String),
    Output(String),
}

/// Reads `--format` and `--output` (or what file and environment have instead) as a list of outputs.
///
/// # Errors
/// When two reports go to one place, or a file to no format.
pub fn plan(layers: &Layers, flags: &ArgMatches) -> Result<Vec<Output>, Failure> {
    pair(words(layers, flags)).map_err(Failure::Usage)
}

fn words(layers: &Layers, flags: &ArgMatches) -> Vec<Word> {
    let formats = layers.of("format");
    let outputs = layers.of("output");
    let are_flags =
        |values: &[(String, Source)]| values.iter().all(|(_, source)| matches!(source, Source::Flag(_)));
    let mut words: Vec<(usize, Word)> = Vec::new();
    // On the command line the position counts; elsewhere the n-th file belongs to the n-th format.
    let place = |name: &str, values: &[(String, Source)], offset: usize| -> Vec<usize> {
        match flags.indices_of(name) {
            Some(indices) if are_flags(formats) && are_flags(outputs) => indices.collect(),
            _ => (0..values.len()).map(|n| 2 * n + offset).collect(),
        }
    };
    let at = place("format", formats, 0);
    words.extend(formats.iter().zip(at).map(|((text, _), at)| (at, Word::Format(text.clone()))));
    let at = place("output", outputs, 1);
    words.extend(outputs.iter().zip(at).map(|((text, _), at)| (at, Word::Output(text.clone()))));
    words.sort_by_key(|(at, _)| *at);
    words.into_iter().map(|(_, word)| word).collect()
}

fn pair(words: Vec<Word>) -> Result<Vec<Output>, String> {
    let mut out: Vec<Output> = Vec::new();
    // A format that has no file yet.
    let mut open: Option<Format> = None;
    for word in words {
        match word {
            Word::Format(text) => {
                out.extend(open.take().map(|format| Output { format, file: None }));
                match text.split_once('=') {
                    Some((format, file)) => {
                        out.push(Output { format: Format::from_str(format)?, file: destination(file) });
                    }
                    None => open = Some(Format::from_str(&text)?),
                }
            }
            Word::Output(text) => {
                let format = match open.take() {
                    Some(format) => format,
                    None => Format::from_file_name(&text).ok_or_else(|| {
                        format!(
                            "--output {text} has no --format before it, and the name does not tell the format: write \
                             --format FORMAT --output {text}"
                        )
                    })?,
                };
                out.push(Output { format, file: destination(&text) });
            }
        }
    }
    out.extend(open.map(|format| Output { format, file: None }));
    if out.is_empty() {
        out.push(Output { format: Format::Text, file: None });
    }
    for (index, one) in out.iter().enumerate() {
        if let Some(other) = out[..index].iter().find(|other| other.file == one.file) {
            let place =
                one.file.as_ref().map_or("standard output".to_owned(), |file| file.display().to_string());
            return Err(format!(
                "{} and {} both go to {place}: give one an --output of its own",
                other.format.as_str(),
                one.format.as_str()
            ));
        }
    }
    Ok(out)
}

fn destination(text: &str) -> Option<PathBuf> {
    (text != "-").then(|| PathBuf::from(text))
}

/// Writes `report` to all of `outputs`; what fails does not keep the others from being written.
///
/// # Errors
/// The first failure.
pub fn write(outputs: &[Output], report: &Report, look: &Look, always_color: bool) -> Result<(), Failure> {
    let mut first = Ok(());
    for output in outputs {
        let result = match &output.file {
            None => terminal::print(|out| report::write(output.format, report, look, out)),
            Some(path) => {
                let look = Look { color: always_color, width: 80, ..*look };
                write_file(path, |out| report::write(output.format, report, &look, out))
            }
        };
        if first.is_ok() {
            first = result;
        }
    }
    first
}

/// Writes a file by `write`: into a temporary one beside it, which then takes its name, so that a reader never sees half of
/// it and a full disk leaves what was there. Devices and pipes are written in place.
///
/// # Errors
/// When it cannot be written.
pub fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let failed =
        |error| Failure::Write { what: plain::visible(&path.display().to_string()).into_owned(), error };
    // A symbolic link stays one: its target is replaced.
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&real).is_ok_and(|metadata| !metadata.is_file()) {
        if real.is_dir() {
            return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        let mut out = BufWriter::new(File::options().write(true).open(&real).map_err(failed)?);
        return match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(failed),
        };
    }
    let folder = match real.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bartizan-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Not the private mode of temporary files: the umask decides, or the mode of the file that is replaced.
        let mode = fs::metadata(&real).map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    // A folder that is not there gives a clearer error than a temporary file that cannot be made in it.
    fs::metadata(folder).map_err(failed)?;
    let file = builder.tempfile_in(folder).map_err(|error| failed(io::Error::from(error.kind())))?;
    let mut out = BufWriter::new(file);
    write(&mut out).map_err(failed)?;
    let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&real).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(words: &[&str]) -> Result<Vec<(Format, Option<String>)>, String> {
        let words = words
            .iter()
            .map(|word| match word.strip_prefix("o:") {
                Some(file) => Word::Output(file.to_owned()),
                None => Word::Format((*word).to_owned()),
            })
            .collect();
        let outputs = pair(words)?;
        Ok(outputs.into_iter().map(|o| (o.format, o.file.map(|f| f.display().to_string()))).collect())
    }

    #[test]
    fn formats_take_the_file_behind_them() {
        let file = |name: &str| Some(name.to_owned());
        assert_eq!(planned(&[]).unwrap(), [(Format::Text, None)]);
        assert_eq!(
            planned(&["sarif", "o:a.sarif", "html", "o:b.html", "text"]).unwrap(),
            [(Format::Sarif, file("a.sarif")), (Format::Html, file("b.html")), (Format::Text, None)]
        );
        assert_eq!(planned(&["html=b.html"]).unwrap(), [(Format::Html, file("b.html"))]);
        assert_eq!(planned(&["o:x.md"]).unwrap(), [(Format::Markdown, file("x.md"))]);
        assert_eq!(
            planned(&["text", "json", "o:x"]).unwrap(),
            [(Format::Text, None), (Format::Json, file("x"))]
        );
        assert_eq!(planned(&["json", "o:-"]).unwrap(), [(Format::Json, None)]);
    }

    #[test]
    fn two_reports_do_not_share_a_place() {
        assert!(planned(&["json", "text"]).unwrap_err().contains("both go to standard output"));
        assert!(planned(&["json=x", "csv=x"]).unwrap_err().contains("both go to x"));
        assert!(planned(&["o:report"]).unwrap_err().contains("no --format before it"));
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.txt");
        fs::write(&path, "old").unwrap();
        let failed = write_file(&path, |out| {
            out.write_all(b"new")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert_eq!(failed.unwrap_err().code(), 3);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
        write_file(&path, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_devices_are_written_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_file(&link, |out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        write_file(Path::new("/dev/null"), |out| out.write_all(b"x")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        assert!(write_file(folder.path(), |_| Ok(())).is_err());
    }
}
