//! `paths:` of a rule: which files it is for.

use crate::rule::Paths;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Compiled `include` and `exclude` globs.
#[derive(Debug, Default)]
pub struct PathFilter {
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

impl PathFilter {
    /// Compiles globs. One that cannot be read matches nothing: the rule loader has reported it.
    pub fn new(paths: &Paths) -> Self {
        Self { include: set(&paths.include), exclude: set(&paths.exclude) }
    }

    /// Whether a rule is for the file; `path` has `/` as separator and is relative to the scan's root.
    pub fn admits(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./").trim_start_matches('/');
        self.include.as_ref().is_none_or(|set| set.is_match(path))
            && !self.exclude.as_ref().is_some_and(|set| set.is_match(path))
    }
}

/// A glob with a slash other than at its end is tied to the root, any other matches at any depth; either also covers all
/// below a folder that it names.
fn set(globs: &[String]) -> Option<GlobSet> {
    if globs.is_empty() {
        return None;
    }
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        let bare = glob.trim_start_matches("./").trim_end_matches('/');
        let tied = bare.contains('/');
        let rooted = if tied { bare.trim_start_matches('/').to_owned() } else { format!("**/{bare}") };
        for text in [rooted.clone(), format!("{rooted}/**")] {
            if let Ok(glob) = GlobBuilder::new(&text).literal_separator(true).build() {
                builder.add(glob);
            }
        }
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_documented() {
        let filter = |include: &[&str], exclude: &[&str]| {
            let list = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
            PathFilter::new(&Paths { include: list(include), exclude: list(exclude) })
        };
        let tests = filter(&[], &["tests", "*_test.go", "src/gen/*.py"]);
        assert!(tests.admits("src/a.py"));
        assert!(!tests.admits("x/tests/a.py"));
        assert!(!tests.admits("x/a_test.go"));
        assert!(!tests.admits("src/gen/a.py"));
        assert!(tests.admits("src/gen/deep/a.py"));
        assert!(filter(&["*.py"], &[]).admits("a/b.py"));
        assert!(!filter(&["*.py"], &[]).admits("a/b.rb"));
    }
}
