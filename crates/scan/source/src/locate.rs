//! From a path in a report back to the file.

use crate::tree::{is_folder, shown_folder};
use std::path::{Component, Path, PathBuf};

/// The file of the folder or file `target` that a report shows as `shown`; `None` where there is none, or where the way to
/// it leads over a link, for what links lead to is not scanned.
pub fn locate(target: &Path, shown: &str) -> Option<PathBuf> {
    let root = target.canonicalize().ok()?;
    if !is_folder(target).ok()? {
        let name = target.file_name()?.to_string_lossy();
        let named = target.parent().map(shown_folder).unwrap_or_default() + &name;
        return (named == shown && root.is_file()).then_some(root);
    }
    let inside = Path::new(shown.strip_prefix(shown_folder(target).as_str())?);
    if !inside.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let path = root.join(inside);
    let real = path.canonicalize().ok()?;
    (real == path && real.is_file()).then_some(real)
}

#[cfg(test)]
mod tests {
    use super::locate;
    use std::fs;

    #[test]
    fn files_are_found_where_no_link_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("in")).unwrap();
        fs::write(root.join("in/a.py"), "").unwrap();
        fs::write(root.join("out.py"), "").unwrap();
        assert_eq!(locate(&root, "in/a.py"), Some(root.join("in/a.py")));
        assert_eq!(locate(&root.join("in"), "a.py"), Some(root.join("in/a.py")));
        assert_eq!(locate(&root.join("in/a.py"), "a.py"), Some(root.join("in/a.py")));
        for wrong in ["in", "in/b.py", "in/../out.py", "../out.py", "/etc/passwd", ""] {
            assert_eq!(locate(&root, wrong), None, "{wrong}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("out.py"), root.join("in/link.py")).unwrap();
            std::os::unix::fs::symlink(&root, root.join("in/up")).unwrap();
            assert_eq!(locate(&root, "in/link.py"), None);
            assert_eq!(locate(&root, "in/up/out.py"), None);
        }
    }
}
