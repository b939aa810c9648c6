//! Ignore files: which entries they leave out.
//!
//! `.bartizanignore` holds always and comes first, then `.ignore`, then `.gitignore`, then the repository's
//! `info/exclude`; within a kind the file nearest to the entry decides. As in git, what is in an ignored folder cannot be
//! brought back, and a repository inside another one starts afresh. The user's global ignore file is not looked at: the
//! same tree gives the same result on every machine. `.gitignore` holds wherever it stands, in a repository or not.
//!
//! Ignore files are content under scan like any other: a length beyond [`LONGEST`] is reported and not obeyed.

use crate::context::{Context, human};
use crate::file;
use bartizan_model::NotDoneKind;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names that a folder is looked through for; the last one makes it the top of a repository.
pub(super) const IGNORE_FILES: [&str; 4] = [".bartizanignore", ".ignore", ".gitignore", ".git"];

const EXCLUDE: &str = ".git/info/exclude";

/// Ignore files beyond this many bytes are not obeyed.
const LONGEST: u64 = 512 << 10;

/// The rules of one folder, on top of those above it. Only folders that have ignore files have rules of their own.
pub(super) struct Rules {
    above: Option<Arc<Rules>>,
    place: Place,
    bartizan: Gitignore,
    ignore: Gitignore,
    git: Gitignore,
    exclude: Gitignore,
    /// Git's rules from above end here.
    is_repository: bool,
}

/// Where a folder with rules is, seen from the root of the scan.
enum Place {
    /// Below the root, or the root itself: its path from there.
    Below(PathBuf),
    /// Above: the way down from there to the root.
    Above(PathBuf),
}

impl Rules {
    /// The rules that hold at the root because of folders above it: up to the top of the repository that the root is
    /// in, if it is in one.
    pub(super) fn above(root: &Path, context: &Context<'_>) -> Option<Arc<Self>> {
        if exists(&root.join(".git")) {
            return None;
        }
        let top = root.ancestors().skip(1).find(|folder| exists(&folder.join(".git")))?;
        let mut between: Vec<&Path> = root.ancestors().skip(1).take_while(|folder| *folder != top).collect();
        between.push(top);
        between.iter().rev().fold(None, |above, folder| {
            let wanted: Vec<&str> =
                IGNORE_FILES.into_iter().filter(|name| exists(&folder.join(name))).collect();
            let place = Place::Above(root.strip_prefix(folder).unwrap_or(Path::new("")).to_owned());
            Self::load(above, place, folder, &format!("{}/", folder.display()), &wanted, context)
        })
    }

    /// The rules of a folder of the tree, which has the `wanted` ones of [`IGNORE_FILES`].
    pub(super) fn of(
        above: Option<Arc<Self>>,
        folder: &Path,
        relative: &Path,
        shown: &str,
        wanted: &[&str],
        context: &Context<'_>,
    ) -> Option<Arc<Self>> {
        Self::load(above, Place::Below(relative.to_owned()), folder, shown, wanted, context)
    }

    fn load(
        above: Option<Arc<Self>>,
        place: Place,
        folder: &Path,
        shown: &str,
        wanted: &[&str],
        context: &Context<'_>,
    ) -> Option<Arc<Self>> {
        let obeyed = |name: &&&str| !context.options.no_ignore || **name == ".bartizanignore";
        let mut wanted = wanted.iter().filter(obeyed).peekable();
        if wanted.peek().is_none() {
            return above;
        }
        let mut rules = Self {
            above,
            place,
            bartizan: Gitignore::empty(),
            ignore: Gitignore::empty(),
            git: Gitignore::empty(),
            exclude: Gitignore::empty(),
            is_repository: false,
        };
        for &name in wanted {
            let load = |name: &str| parse(&folder.join(name), &format!("{shown}{name}"), context);
            match name {
                ".bartizanignore" => rules.bartizan = load(name),
                ".ignore" => rules.ignore = load(name),
                ".gitignore" => rules.git = load(name),
                _ => {
                    rules.is_repository = true;
                    if exists(&folder.join(EXCLUDE)) {
                        rules.exclude = load(EXCLUDE);
                    }
                }
            }
        }
        Some(Arc::new(rules))
    }

    /// The name of the ignore file that leaves an entry out, if one does. `relative` is its path from the root.
    pub(super) fn ignored(&self, relative: &Path, is_dir: bool) -> Option<&'static str> {
        let by_bartizan = self.ask(relative, is_dir, |rules| &rules.bartizan, |_| false);
        if let Some(ignored) = by_bartizan {
            return ignored.then_some(".bartizanignore");
        }
        if let Some(ignored) = self.ask(relative, is_dir, |rules| &rules.ignore, |_| false) {
            return ignored.then_some(".ignore");
        }
        let ends = |rules: &Self| rules.is_repository;
        if let Some(ignored) = self.ask(relative, is_dir, |rules| &rules.git, ends) {
            return ignored.then_some(".gitignore");
        }
        let by_exclude = self.ask(relative, is_dir, |rules| &rules.exclude, ends);
        by_exclude.filter(|&ignored| ignored).map(|_| EXCLUDE)
    }

    /// What the nearest file of one kind says: `Some(true)` to leave out, `Some(false)` to keep.
    fn ask(
        &self,
        relative: &Path,
        is_dir: bool,
        kind: impl Fn(&Self) -> &Gitignore,
        ends: impl Fn(&Self) -> bool,
    ) -> Option<bool> {
        let mut next = Some(self);
        while let Some(rules) = next {
            let matcher = kind(rules);
            if !matcher.is_empty() {
                let verdict = match &rules.place {
                    Place::Below(folder) => matcher.matched(below(relative, folder), is_dir),
                    Place::Above(way) => matcher.matched(way.join(relative), is_dir),
                };
                match verdict {
                    Match::None => {}
                    Match::Ignore(_) => return Some(true),
                    Match::Whitelist(_) => return Some(false),
                }
            }
            if ends(rules) {
                return None;
            }
            next = rules.above.as_deref();
        }
        None
    }
}

/// `path` seen from `folder`, which it is in.
fn below<'p>(path: &'p Path, folder: &Path) -> &'p Path {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let skipped = folder.as_os_str().len();
        if skipped == 0 {
            return path;
        }
        let rest = path.as_os_str().as_bytes().get(skipped + 1..).unwrap_or_default();
        Path::new(std::ffi::OsStr::from_bytes(rest))
    }
    #[cfg(not(unix))]
    path.strip_prefix(folder).unwrap_or(path)
}

fn exists(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// Reads an ignore file. What cannot be read or understood ignores nothing, and is reported.
fn parse(path: &Path, shown: &str, context: &Context<'_>) -> Gitignore {
    let mut bytes = Vec::new();
    let outcome = file::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = outcome {
        context.not_done(NotDoneKind::Unreadable, shown, file::reason(&error));
        return Gitignore::empty();
    }
    if bytes.len() as u64 > LONGEST {
        let reason = format!("an ignore file beyond {}, which is not obeyed", human(LONGEST));
        context.not_done(NotDoneKind::Broken, shown, reason);
        return Gitignore::empty();
    }
    let mut builder = GitignoreBuilder::new(".");
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    for (at, line) in text.lines().enumerate() {
        // Git passes over patterns that it does not understand, so only our own file's are worth a word.
        if let Err(error) = builder.add_line(None, line)
            && shown.ends_with(".bartizanignore")
        {
            context.not_done(NotDoneKind::Broken, shown, format!("line {}: {error}", at + 1));
        }
    }
    builder.build().unwrap_or_else(|error| {
        context.not_done(NotDoneKind::Broken, shown, format!("its patterns cannot be used: {error}"));
        Gitignore::empty()
    })
}
