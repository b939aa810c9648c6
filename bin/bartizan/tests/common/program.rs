//! Runs the program in a folder of its own, with an environment of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage fails")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("work")).unwrap();
        Self { folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[], "")
    }

    pub fn run_with(&self, args: &[&str], env: &[(&str, &str)], input: &str) -> Ran {
        let mut child = self
            .command(env!("CARGO_BIN_EXE_bartizan"))
            .args(args)
            .envs(env.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that ends without reading closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
            self.redact(&text)
        };
        Ran { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    pub fn git(&self, args: &[&str]) {
        let output = self
            .command("git")
            .args([
                "-c",
                "user.name=Jo Doe",
                "-c",
                "user.email=jo@mail.example",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(args)
            .env("GIT_AUTHOR_DATE", "2024-01-02T03:04:05Z")
            .env("GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Paths of this machine, times and the version are not what is tested.
    fn redact(&self, text: &str) -> String {
        let real = self.folder.path().canonicalize().unwrap();
        let mut out = text.to_owned();
        for path in [real.as_path(), self.folder.path()] {
            out = out.replace(&path.display().to_string(), "HOME");
        }
        out = out.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        match (out.find(") in "), out.find(" s: ")) {
            (Some(from), Some(to)) if from < to => out.replace_range(from + 5..to, "TIME"),
            _ => {}
        }
        out
    }
}

/// A password that the generic rule finds; in two parts, so that no scan of this file does.
pub fn password_line() -> String {
    format!("DB_PASSWORD = \"{}\"\n", ["vT7#qz", "Lm2!w9X"].concat())
}
