//! The packages detector, made from settings.

use crate::config::Settings;
use crate::failure::Failure;
use crate::folders;
use bartizan_packages::database::Database;
use bartizan_packages::licence::Policy;
use bartizan_packages::vex::Statements;
use bartizan_packages::{Options, PackagesDetector};
use std::fs;
use std::path::PathBuf;

/// A larger file is no VEX document.
const MAX_VEX: u64 = 256 << 20;

/// Where the advisory database is.
///
/// # Errors
/// When the system has no folder for it and none was named.
pub fn database_folder(settings: &Settings) -> Result<PathBuf, Failure> {
    let default = || folders::user("XDG_DATA_HOME", ".local/share", "Library/Application Support");
    settings
        .db_dir
        .clone()
        .or_else(|| default().map(|base| base.join("advisories")))
        .ok_or_else(|| Failure::Usage("no home folder is known: name one with --db-dir".to_owned()))
}

/// The detector, with what it holds packages against.
///
/// # Errors
/// When the database is damaged, or policy or VEX files make no sense.
pub fn detector(settings: &Settings) -> Result<PackagesDetector, Failure> {
    let folder = database_folder(settings)?;
    let database = if folder.is_dir() { Some(Database::open(&folder)?) } else { None };
    let licences = Policy::new(&settings.licence_allow, &settings.licence_deny)
        .map_err(|error| Failure::Usage(format!("--licence-allow, --licence-deny: {error}")))?;
    let mut vex = Statements::default();
    for path in &settings.vex {
        let wrong = |reason: String| Failure::Usage(format!("VEX file {}: {reason}", path.display()));
        let size = fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
        if size > MAX_VEX {
            return Err(wrong("larger than 256 MiB".to_owned()));
        }
        let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
        vex.extend(Statements::parse(&bytes).map_err(|error| wrong(error.to_string()))?);
    }
    let exclude = settings.exclude_rule.clone();
    Ok(PackagesDetector::new(Options { database, vex, licences, exclude }))
}
