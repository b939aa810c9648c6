//! Takes in what a person has: recognised by content, whatever it is called.

use super::compile::Compiler;
use super::error::Error;
use super::limits::Limits;
use super::report::Report;
use super::timestamp::Timestamp;
use super::{epss, kev, zip};
use std::fs::File;
use std::io::{BufReader, Read, SeekFrom};
use std::path::Path;

/// Imports a file or folder into the database in `folder`.
///
/// Understood are OSV archives (zip), the KEV catalogue (JSON), EPSS tables (CSV, plain or gzip), and folders of these and of plain OSV
/// records: the records of one folder are one archive. An import replaces the indexes of the ecosystems that it is of; see
/// [`super`] for how that is told.
///
/// # Errors
/// When nothing in it can be used, or the indexes cannot be written. Parts that cannot be used are in the report.
pub fn import(path: &Path, folder: &Path, limits: &Limits) -> Result<Report, Error> {
    let data = std::fs::metadata(path).map_err(|error| Error::io("read", path, error))?;
    if data.is_dir() {
        return import_folder(path, folder, limits);
    }
    let mut file = File::open(path).map_err(|error| Error::io("read", path, error))?;
    import_input(&path.to_string_lossy(), &mut file, folder, limits)
}

/// Imports what was downloaded. `name`: its address or path, of which a part may say which ecosystem it is of: `…/PyPI/all.zip`.
///
/// # Errors
/// As [`import`].
pub fn import_bytes(
    name: &str,
    reader: &mut dyn Read,
    folder: &Path,
    limits: &Limits,
) -> Result<Report, Error> {
    super::container::prepare(folder)?;
    // A zip's directory is at its end: it has to be whole, but not in memory.
    let mut file = tempfile::tempfile_in(folder).map_err(|error| Error::io("write", folder, error))?;
    let most = limits.total_bytes;
    let copied = std::io::copy(&mut reader.take(most.saturating_add(1)), &mut file)
        .map_err(|error| Error::input(name, format!("cannot be received: {error}")))?;
    if copied > most {
        return Err(Error::input(name, format!("is longer than {most} bytes")));
    }
    import_input(name, &mut file, folder, limits)
}

fn import_input(
    name: &str,
    input: &mut dyn zip::Input,
    folder: &Path,
    limits: &Limits,
) -> Result<Report, Error> {
    let failed = |error: std::io::Error| Error::input(name, format!("cannot be read: {error}"));
    input.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut start = Vec::new();
    (&mut *input).take(512).read_to_end(&mut start).map_err(failed)?;
    input.seek(SeekFrom::Start(0)).map_err(failed)?;
    if zip::is_zip(&start) {
        return import_zip(name, input, folder, limits);
    }
    let most = limits.member_bytes.saturating_mul(8);
    let bytes = if start.starts_with(&[0x1f, 0x8b]) {
        zip::gunzip(&mut BufReader::new(input), most).map_err(|reason| Error::input(name, reason))?
    } else {
        let mut bytes = Vec::new();
        input.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > most {
            return Err(Error::input(name, format!("is longer than {most} bytes")));
        }
        bytes
    };
    match recognise(&bytes) {
        Some(Content::Kev) => kev::compile(name, &bytes, folder, limits, Timestamp::now()),
        Some(Content::Epss) => epss::compile(name, &bytes, folder, limits, Timestamp::now()),
        Some(Content::Record) => {
            // One record would replace all that is known of its ecosystem.
            let reason = "is a single OSV record, and an import replaces whole ecosystems: put all records into a folder or a zip";
            Err(Error::input(name, reason))
        }
        None => {
            let reason = "its beginning is of another kind".to_owned();
            Err(Error::NotRecognised { name: name.to_owned(), reason })
        }
    }
}

fn import_zip(
    name: &str,
    input: &mut dyn zip::Input,
    folder: &Path,
    limits: &Limits,
) -> Result<Report, Error> {
    let mut compiler = Compiler::new(name, folder, limits);
    let mut failure = None;
    let wanted = |member: &str| is_json(member);
    zip::visit(name, input, limits, &wanted, &mut |member, bytes| {
        if failure.is_some() {
            return;
        }
        match bytes {
            Ok(bytes) => failure = compiler.add(member, bytes).err(),
            Err(reason) => compiler.problem(member, reason),
        }
    })?;
    match failure {
        Some(error) => Err(error),
        None => compiler.finish(Timestamp::now()),
    }
}

/// Files one level after the other, in the order of their names. Links are not followed.
fn import_folder(path: &Path, folder: &Path, limits: &Limits) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut any = false;
    let mut walk = Walk { limits, files: 0, bytes: 0 };
    walk.folder(path, folder, limits.depth, &mut report, &mut any)?;
    if !any {
        return Err(Error::Empty { name: path.to_string_lossy().into_owned() });
    }
    Ok(report)
}

struct Walk<'l> {
    limits: &'l Limits,
    files: u64,
    bytes: u64,
}

impl Walk<'_> {
    fn folder(
        &mut self,
        path: &Path,
        target: &Path,
        depth: usize,
        report: &mut Report,
        any: &mut bool,
    ) -> Result<(), Error> {
        let failed = |error| Error::io("read", path, error);
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            self.files += 1;
            if self.files > self.limits.members {
                let reason = format!("holds more than {} files", self.limits.members);
                return Err(Error::input(&path.to_string_lossy(), reason));
            }
            entries.push((entry.path(), entry.file_type().map_err(failed)?));
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let note = |report: &mut Report, at: &Path, reason: &str| {
            let problem =
                super::report::Problem { at: at.to_string_lossy().into_owned(), reason: reason.to_owned() };
            report.problem(self.limits, problem);
        };

        // All plain records of a folder are one archive.
        let mut compiler: Option<Compiler<'_>> = None;
        for (file, kind) in entries.iter().filter(|(_, kind)| !kind.is_dir()) {
            if kind.is_symlink() {
                note(report, file, "is a link, which is not followed");
                continue;
            }
            let name = file.to_string_lossy();
            let lower = name.to_ascii_lowercase();
            if !is_json(&lower) {
                if lower.ends_with(".zip") || lower.ends_with(".csv") || lower.ends_with(".gz") {
                    let mut opened = File::open(file).map_err(|error| Error::io("read", file, error))?;
                    match import_input(&name, &mut opened, target, self.limits) {
                        Ok(part) => {
                            *any = true;
                            report.absorb(self.limits, part);
                        }
                        Err(error @ Error::Io { .. }) => return Err(error),
                        Err(error) => note(report, file, &error.to_string()),
                    }
                } else {
                    note(report, file, "is of no known kind");
                }
                continue;
            }
            let mut bytes = Vec::new();
            let most = self.limits.member_bytes.saturating_add(1);
            let opened = File::open(file).map_err(|error| Error::io("read", file, error))?;
            opened.take(most).read_to_end(&mut bytes).map_err(|error| Error::io("read", file, error))?;
            self.bytes = self.bytes.saturating_add(bytes.len() as u64);
            if self.bytes > self.limits.total_bytes {
                let reason = format!("holds more than {} bytes", self.limits.total_bytes);
                return Err(Error::input(&path.to_string_lossy(), reason));
            }
            if bytes.len() as u64 >= most {
                note(report, file, "is too long for a record");
                continue;
            }
            if matches!(recognise(&bytes), Some(Content::Kev)) {
                report
                    .absorb(self.limits, kev::compile(&name, &bytes, target, self.limits, Timestamp::now())?);
                *any = true;
                continue;
            }
            let compiler =
                compiler.get_or_insert_with(|| Compiler::new(&path.to_string_lossy(), target, self.limits));
            compiler.add(&file.file_name().unwrap_or_default().to_string_lossy(), &bytes)?;
        }
        match compiler.map(|compiler| compiler.finish(Timestamp::now())) {
            Some(Ok(part)) => {
                *any = true;
                report.absorb(self.limits, part);
            }
            Some(Err(Error::Empty { .. })) => note(report, path, "holds no usable record"),
            Some(Err(error)) => return Err(error),
            None => {}
        }
        for (inner, _) in entries.iter().filter(|(_, kind)| kind.is_dir()) {
            if depth == 0 {
                note(report, inner, "lies too deep");
                continue;
            }
            self.folder(inner, target, depth - 1, report, any)?;
        }
        Ok(())
    }
}

enum Content {
    Record,
    Kev,
    Epss,
}

/// Tells by the first bytes and, for JSON, by the keys of the outermost object.
fn recognise(bytes: &[u8]) -> Option<Content> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if text.starts_with(b"#model_version") || text.starts_with(b"cve,epss") || text.starts_with(b"CVE-") {
        return Some(Content::Epss);
    }
    #[derive(serde::Deserialize)]
    struct Keys {
        #[serde(default)]
        id: Option<serde::de::IgnoredAny>,
        #[serde(default)]
        vulnerabilities: Option<serde::de::IgnoredAny>,
    }
    if !text.starts_with(b"{") {
        return None;
    }
    let keys: Keys = serde_json::from_slice(text).ok()?;
    match (keys.id, keys.vulnerabilities) {
        (Some(_), _) => Some(Content::Record),
        (None, Some(_)) => Some(Content::Kev),
        (None, None) => None,
    }
}

fn is_json(name: &str) -> bool {
    name.len() > 5 && name.get(name.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case(".json"))
}
