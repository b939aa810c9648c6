//! `bartizan init`.

use super::template;
use crate::args::{Ci, InitArgs};
use crate::config::file::NAME;
use crate::failure::{self, Failure};
use crate::outputs::write_file;
use crate::plain;
use crate::terminal::say;
use std::fs;
use std::path::{Path, PathBuf};

pub fn run(args: &InitArgs) -> Result<u8, Failure> {
    if !args.dir.is_dir() {
        return Err(Failure::Usage(format!("{}: no such folder", args.dir.display())));
    }
    // All is planned before anything is written: a refusal leaves nothing half done.
    let mut plan = vec![plan_file(args.dir.join(NAME), template::config(), args.force)?];
    if args.pre_commit {
        plan.push(pre_commit(args)?);
    }
    for ci in &args.ci {
        let (path, text) = match ci {
            Ci::Github => (".github/workflows/bartizan.yml", template::GITHUB),
            Ci::Gitlab => (".gitlab/bartizan.yml", template::GITLAB),
        };
        plan.push(plan_file(args.dir.join(path), text.to_owned(), args.force)?);
    }
    for file in &plan {
        write(file)?;
        say(&plain::visible(&format!("wrote {}", file.path.display())));
    }
    say("next: `bartizan scan`, or `bartizan baseline write` to begin with what is there");
    Ok(failure::OK)
}

struct Planned {
    path: PathBuf,
    text: String,
    executable: bool,
}

fn plan_file(path: PathBuf, text: String, force: bool) -> Result<Planned, Failure> {
    if path.exists() && !force {
        return Err(Failure::Usage(format!("{} is there already: --force overwrites it", path.display())));
    }
    Ok(Planned { path, text, executable: false })
}

fn write(file: &Planned) -> Result<(), Failure> {
    if let Some(folder) = file.path.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| Failure::Write { what: folder.display().to_string(), error })?;
    }
    write_file(&file.path, |out| out.write_all(file.text.as_bytes()))?;
    #[cfg(unix)]
    if file.executable {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file.path, fs::Permissions::from_mode(0o755))
            .map_err(|error| Failure::Write { what: file.path.display().to_string(), error })?;
    }
    Ok(())
}

fn pre_commit(args: &InitArgs) -> Result<Planned, Failure> {
    let path = args.dir.join(".pre-commit-config.yaml");
    if !path.exists() {
        let hooks = hooks_folder(&args.dir)?;
        let hook = plan_file(hooks.join("pre-commit"), template::HOOK.to_owned(), args.force)?;
        return Ok(Planned { executable: true, ..hook });
    }
    let text = fs::read_to_string(&path)
        .map_err(|error| Failure::System { what: format!("{}: cannot be read", path.display()), error })?;
    if text.contains("id: bartizan") {
        return Err(Failure::Usage(format!("{} has a bartizan hook already", path.display())));
    }
    let text = with_entry(&text).ok_or_else(|| {
        Failure::Usage(format!(
            "{} has no `repos:` list that can be added to; add this by hand:\n{}",
            path.display(),
            template::pre_commit_entry("")
        ))
    })?;
    Ok(Planned { path, text, executable: false })
}

/// The configuration with our entry first in its list, indented as the others are.
fn with_entry(text: &str) -> Option<String> {
    let head = text.lines().position(|line| line.trim_end() == "repos:")?;
    let indent = text
        .lines()
        .skip(head + 1)
        .find(|line| line.trim_start().starts_with("- "))
        .map_or("  ", |line| &line[..line.len() - line.trim_start().len()]);
    let mut out = String::with_capacity(text.len() + 256);
    for (index, line) in text.lines().enumerate() {
        out.push_str(line);
        out.push('\n');
        if index == head {
            out.push_str(&template::pre_commit_entry(indent));
        }
    }
    Some(out)
}

/// Where git looks for hooks: `.git/hooks`, also of the main checkout when this is a linked one (gitrepository-layout).
fn hooks_folder(dir: &Path) -> Result<PathBuf, Failure> {
    let none = || {
        Failure::Usage(format!(
            "{}: no git repository here: --pre-commit needs .git or .pre-commit-config.yaml",
            dir.display()
        ))
    };
    let git = dir.join(".git");
    if git.is_dir() {
        return Ok(git.join("hooks"));
    }
    let pointer = fs::read_to_string(&git).map_err(|_| none())?;
    let linked = dir.join(pointer.trim().strip_prefix("gitdir:").ok_or_else(none)?.trim());
    let common = match fs::read_to_string(linked.join("commondir")) {
        Ok(text) => linked.join(text.trim()),
        Err(_) => linked,
    };
    Ok(common.join("hooks"))
}

#[cfg(test)]
mod tests {
    use super::with_entry;

    #[test]
    fn the_entry_takes_the_indent_of_its_neighbours() {
        let flat = with_entry("repos:\n- repo: https://x\n  hooks: []\n").unwrap();
        assert!(flat.starts_with("repos:\n- repo: local\n  hooks:\n"), "{flat}");
        let deep = with_entry("fail_fast: true\nrepos:\n    - repo: https://x\nexclude: y\n").unwrap();
        assert!(deep.contains("repos:\n    - repo: local\n      hooks:\n"), "{deep}");
        assert!(deep.ends_with("    - repo: https://x\nexclude: y\n"));
        assert!(with_entry("repos: []\n").is_none());
    }
}
