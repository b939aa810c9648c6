//! `bartizan db`.

use super::{packages, session};
use crate::args::{DbImportArgs, DbStatusArgs, DbUpdateArgs};
use crate::failure::{self, Failure};
use crate::terminal::{self, say};
use crate::{plain, units};
use bartizan_http::{Client, Options};
use bartizan_packages::Ecosystem;
use bartizan_packages::database::{self, Limits, Report};
use std::path::Path;
use std::time::Duration;

/// OSV's public archives, one per ecosystem.
pub const OSV_BUCKET: &str = "https://osv-vulnerabilities.storage.googleapis.com";
/// The catalogue of vulnerabilities known to be exploited.
const KEV: &str = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json";
/// Exploit probabilities of today.
const EPSS: &str = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz";
/// One archive must arrive within this time.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// What is fetched unless somebody says otherwise: languages' registries, not distributions.
const DEFAULTS: &[Ecosystem] = &[
    Ecosystem::CratesIo,
    Ecosystem::Npm,
    Ecosystem::PyPi,
    Ecosystem::Go,
    Ecosystem::Maven,
    Ecosystem::RubyGems,
    Ecosystem::Packagist,
    Ecosystem::NuGet,
    Ecosystem::Pub,
    Ecosystem::Swift,
    Ecosystem::Hex,
    Ecosystem::Hackage,
    Ecosystem::GitHubActions,
    Ecosystem::Cran,
];

pub fn update(args: &DbUpdateArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &[], args.settings.matches())?;
    let settings = layers.settings();
    let folder = packages::database_folder(&settings)?;
    let from = args.from.trim_end_matches('/');
    let mut sources: Vec<String> = Vec::new();
    for word in &args.ecosystems {
        sources.push(match word.to_ascii_lowercase().as_str() {
            "kev" => KEV.to_owned(),
            "epss" => EPSS.to_owned(),
            _ => archive(from, ecosystem(word)?),
        });
    }
    if sources.is_empty() {
        sources.extend(DEFAULTS.iter().map(|ecosystem| archive(from, *ecosystem)));
        // Whoever keeps a mirror of the bucket has no other way out.
        if from == OSV_BUCKET {
            sources.extend([KEV.to_owned(), EPSS.to_owned()]);
        }
    }
    let mut failed = None;
    for source in &sources {
        match fetch(source, &folder) {
            Ok(report) => tell(source, &report, settings.quiet)?,
            // The others are of use without it.
            Err(failure) => {
                say(&format!("error: {}", failure.message()));
                failed = Some(failure);
            }
        }
    }
    failed.map_or(Ok(failure::OK), |_| Ok(failure::UNFINISHED))
}

pub fn import(args: &DbImportArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &[], args.settings.matches())?;
    let settings = layers.settings();
    let folder = packages::database_folder(&settings)?;
    for source in &args.sources {
        let report = if source.starts_with("https://") || source.starts_with("http://") {
            fetch(source, &folder)?
        } else {
            database::import(Path::new(source), &folder, &Limits::default())?
        };
        tell(source, &report, settings.quiet)?;
    }
    Ok(failure::OK)
}

pub fn status(args: &DbStatusArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &[], args.settings.matches())?;
    let folder = packages::database_folder(&layers.settings())?;
    let list = database::status(&folder);
    let mut code = failure::OK;
    terminal::print(|out| {
        writeln!(out, "{}", plain::visible(&folder.display().to_string()))?;
        if list.is_empty() {
            writeln!(out, "no advisories yet: `bartizan db update`, or `bartizan db import PATH`")?;
        }
        for index in &list {
            match &index.state {
                Ok(state) => {
                    let newest = state.newest.map(|at| format!(", newest {at}")).unwrap_or_default();
                    let edition = state.edition.as_ref().map(|text| format!(", {text}")).unwrap_or_default();
                    writeln!(
                        out,
                        "{:<16} {:>9} records  {:>9} packages  {:>10}  compiled {}{newest}{edition}",
                        index.name,
                        state.records,
                        state.packages,
                        units::show_size(state.bytes),
                        state.compiled
                    )?;
                }
                Err(error) => {
                    code = failure::UNFINISHED;
                    writeln!(out, "{:<16} {}", index.name, plain::visible(&error.to_string()))?;
                }
            }
        }
        Ok(())
    })?;
    Ok(code)
}

fn ecosystem(word: &str) -> Result<Ecosystem, Failure> {
    Ecosystem::from_osv(word).map(|(ecosystem, _)| ecosystem).ok_or_else(|| {
        let names: Vec<&str> = Ecosystem::ALL.iter().map(|ecosystem| ecosystem.osv()).collect();
        let hint = crate::suggest::nearest(word, &names).map(|near| format!("; did you mean `{near}`?"));
        Failure::Usage(format!("`{word}` is no ecosystem of OSV{}", hint.unwrap_or_default()))
    })
}

fn archive(from: &str, ecosystem: Ecosystem) -> String {
    format!("{from}/{}/all.zip", ecosystem.osv().replace(' ', "%20"))
}

fn fetch(url: &str, folder: &Path) -> Result<Report, Failure> {
    let failed = |reason: String| Failure::Fetch { url: url.to_owned(), reason };
    let client = Client::new(Options { timeout: PATIENCE, ..Options::default() });
    let mut download = client.download(url).map_err(|error| failed(error.to_string()))?;
    if download.status != 200 {
        return Err(failed(format!("answered {}", download.status)));
    }
    let name = url.rsplit('/').next().unwrap_or(url);
    Ok(database::import_bytes(name, &mut download.body, folder, &Limits::default())?)
}

/// What an import did.
fn tell(source: &str, report: &Report, quiet: bool) -> Result<(), Failure> {
    terminal::print(|out| {
        for compiled in &report.compiled {
            writeln!(
                out,
                "{}: {} on {}{}",
                compiled.ecosystem,
                plain::counted(compiled.records, "advisory", "advisories"),
                plain::counted(compiled.packages, "package", "packages"),
                compiled.newest.map(|at| format!(", newest {at}")).unwrap_or_default()
            )?;
        }
        for (name, table) in [("KEV", &report.kev), ("EPSS", &report.epss)] {
            if let Some(table) = table {
                let rows = plain::counted(table.rows, "CVE", "CVEs");
                writeln!(out, "{name}: {rows} ({})", plain::visible(&table.edition))?;
            }
        }
        Ok(())
    })?;
    if !quiet {
        for problem in &report.problems {
            say(&format!("left out: {}: {}", plain::visible(&problem.at), plain::visible(&problem.reason)));
        }
        if report.more_problems > 0 {
            say(&format!("left out: {} more", report.more_problems));
        }
        for (name, count) in &report.unknown {
            say(&format!("not known: ecosystem {} ({count} entries)", plain::visible(name)));
        }
        if report.compiled.is_empty() && report.kev.is_none() && report.epss.is_none() {
            say(&format!("{}: nothing in it that could be used", plain::visible(source)));
        }
    }
    Ok(())
}
