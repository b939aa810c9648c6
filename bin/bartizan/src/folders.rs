//! Where the system keeps a user's files.

use std::path::PathBuf;

/// The program's folder below one of the user's: the variable of the XDG Base Directory Specification (a relative path there is to
/// be ignored), else the folder below the home on Linux or macOS; on Windows the local application data.
pub fn user(variable: &str, linux: &str, macos: &str) -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join(macos))
    } else {
        folder(variable)
            .filter(|path| path.is_absolute())
            .or_else(|| folder("HOME").map(|home| home.join(linux)))
    };
    base.map(|base| base.join("bartizan"))
}
