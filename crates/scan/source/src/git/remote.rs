//! A remote repository, cloned without a working tree into a temporary folder.

use crate::{Cancel, SourceError};
use std::ffi::OsStr;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A URL that git is allowed to clone from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    url: String,
}

impl Url {
    /// Takes `https`, `http`, `ssh`, `git` and `file` URLs and `user@host:path`. Other words would be options to git, or
    /// names of helper programs that it runs.
    pub(super) fn parse(url: &str) -> Result<Self, SourceError> {
        let refuse = |reason: &str| {
            Err(SourceError::Clone { url: without_credentials(url), reason: reason.to_owned() })
        };
        if url.starts_with('-') || url.contains(char::is_control) {
            return refuse("not a URL");
        }
        let host = match url.split_once("://") {
            Some(("https" | "http" | "ssh" | "git", rest)) => {
                let authority = rest.split('/').next().unwrap_or_default();
                authority.rsplit('@').next().unwrap_or_default()
            }
            Some(("file", rest)) if rest.starts_with('/') => return Ok(Self { url: url.to_owned() }),
            Some(_) => return refuse("expected an https, http, ssh, git or file URL"),
            None => match url.split_once(':') {
                Some((host, path)) if !path.starts_with(':') && !host.contains('/') => {
                    host.rsplit('@').next().unwrap_or_default()
                }
                _ => return refuse("expected a URL such as https://host/repository or git@host:repository"),
            },
        };
        if host.is_empty() || host.starts_with('-') || url.contains("@-") {
            return refuse("the URL names no host");
        }
        Ok(Self { url: url.to_owned() })
    }

    /// The URL for messages.
    pub(super) fn shown(&self) -> String {
        without_credentials(&self.url)
    }

    /// Clones all references. The folder is removed when the result is dropped; git is killed when `cancel` stops.
    pub(super) fn clone_bare(&self, cancel: &Cancel) -> Result<TempDir, SourceError> {
        let fail = |reason: String| SourceError::Clone { url: self.shown(), reason };
        let folder = tempfile::Builder::new()
            .prefix("bartizan-clone-")
            .tempdir()
            .map_err(|error| fail(format!("no temporary folder: {error}")))?;
        let mut child = command(&self.url, folder.path().as_os_str())
            .spawn()
            .map_err(|error| fail(format!("git cannot be started: {error}")))?;
        let words = child.stderr.take();
        // Its last words are read while it runs: it would stop when the pipe is full.
        let reader = std::thread::spawn(move || last_words(words));
        let status = wait(&mut child, cancel).map_err(|error| fail(error.to_string()));
        match status? {
            Some(status) if status.success() => Ok(folder),
            Some(status) => {
                let words = reader.join().unwrap_or_default();
                let words = words.replace(&self.url, &self.shown());
                Err(fail(if words.is_empty() { status.to_string() } else { words }))
            }
            None => Err(fail("stopped before it was done".to_owned())),
        }
    }
}

/// The system's git, with everything off that would run a program or ask a question. The user's own configuration
/// stays in force: it knows the proxies and credential helpers.
fn command(url: &str, folder: &OsStr) -> Command {
    let mut command = Command::new("git");
    for setting in [
        "protocol.ext.allow=never",
        "core.hooksPath=/dev/null",
        "core.fsmonitor=false",
        "transfer.fsckObjects=false",
        "init.templateDir=",
        "gc.auto=0",
        "maintenance.auto=false",
    ] {
        command.args(["-c", setting]);
    }
    command.args(["clone", "--quiet", "--mirror", "--template=", "--"]).arg(url).arg(folder);
    // What a surrounding git, as in a hook, says of its own repository.
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
        "GIT_CONFIG_PARAMETERS",
        "GIT_TEMPLATE_DIR",
    ] {
        command.env_remove(name);
    }
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "true").env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Waits until the child ends, or kills it when `cancel` stops.
fn wait(child: &mut Child, cancel: &Cancel) -> std::io::Result<Option<std::process::ExitStatus>> {
    const PAUSE: Duration = Duration::from_millis(10);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if cancel.is_stopped() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(PAUSE);
    }
}

/// The last non-empty line and at most 2 KiB; the rest is read and dropped.
fn last_words(stderr: Option<std::process::ChildStderr>) -> String {
    const KEPT: usize = 2048;
    let Some(mut stderr) = stderr else { return String::new() };
    let (mut kept, mut buffer) = (Vec::new(), [0; 1024]);
    while let Ok(read @ 1..) = stderr.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..read]);
        let surplus = kept.len().saturating_sub(KEPT);
        kept.drain(..surplus);
    }
    let text = String::from_utf8_lossy(&kept).into_owned();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let fatal = lines.iter().rev().find_map(|line| line.strip_prefix("fatal: "));
    hide_credentials(fatal.or(lines.last().copied()).unwrap_or_default())
}

/// A URL without what stands before the host.
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

/// A line without the credentials of the URLs in it.
fn hide_credentials(line: &str) -> String {
    let word = |word: &str| {
        let start = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        format!("{}{}", &word[..start], without_credentials(&word[start..]))
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_that_run_no_program_are_taken() {
        for good in [
            "https://host/a.git",
            "http://127.0.0.1:8080/a",
            "ssh://git@host:22/a",
            "git://host/a",
            "git@host:a/b.git",
            "host:a",
            "file:///srv/a",
        ] {
            assert!(Url::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "ext::sh -c id",
            "--upload-pack=id",
            "-u",
            "fd::7",
            "foo::https://host/a",
            "ftp://host/a",
            "ssh://-oProxyCommand=id/a",
            "ssh://git@-oProxyCommand=id/a",
            "-oProxyCommand=id:a",
            "git@-oProxyCommand=id:a",
            "/srv/a",
            "./a:b",
            "https:///a",
            "https://host/a\nb",
            "file://relative",
            "",
        ] {
            assert!(matches!(Url::parse(bad), Err(SourceError::Clone { .. })), "{bad}");
        }
    }

    #[test]
    fn messages_have_no_credentials() {
        let refused = Url::parse("ftp://me:hunter2@host/a").unwrap_err().to_string();
        assert!(!refused.contains("hunter2") && refused.contains("ftp://host/a"), "{refused}");
        assert_eq!(without_credentials("https://u:p@ss@host/a@b"), "https://host/a@b");
        assert_eq!(without_credentials("https://host/a@b"), "https://host/a@b");
        let line = "unable to access 'https://u:hunter2@host/a/': no route to git@host";
        assert_eq!(hide_credentials(line), "unable to access 'https://host/a/': no route to git@host");
    }
}
