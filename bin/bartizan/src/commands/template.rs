//! Texts that `init` and `rules new` write.

use crate::config::{Kind, SETTINGS};

/// A `bartizan.toml` with every key in a comment, its help and its default.
pub fn config() -> String {
    let mut out = String::from(
        "# Configuration of Bartizan. Every key is also a flag and an environment variable: max-time is --max-time and\n\
         # BARTIZAN_MAX_TIME. `bartizan config show` prints what is in force and where it came from.\n",
    );
    let mut section = "";
    for setting in SETTINGS.iter().filter(|setting| setting.distrusted.is_none()) {
        if setting.section != section {
            section = setting.section;
            out.push_str(&format!("\n[{section}]\n"));
        }
        let value = match (&setting.kind, setting.default) {
            (Kind::Flag, default) => default.to_owned(),
            (Kind::List { .. }, _) => "[]".to_owned(),
            (_, default) => format!("\"{default}\""),
        };
        out.push_str(&format!("# {}\n", setting.help.replace("; repeatable", "")));
        // A key without a default has no value that could stand here.
        let bare = value == "\"\"";
        out.push_str(&format!("# {} = {}\n", setting.name, if bare { "\"…\"" } else { &value }));
    }
    out.push_str(
        "\n# Findings that may stand. Each needs an owner and a reason; one that has expired or matches nothing is reported.\n\
         # [[suppress]]\n\
         # rule = \"secrets/generic/password\"      # a rule, the front of ids up to a /, or *\n\
         # path = \"tests/**\"                      # optional\n\
         # owner = \"team-platform\"\n\
         # reason = \"test data, opens nothing\"\n\
         # expires = \"2030-01-31\"                 # optional\n",
    );
    out
}

/// The entry of `.pre-commit-config.yaml`, its lines indented by `indent`.
pub fn pre_commit_entry(indent: &str) -> String {
    let lines = [
        "- repo: local",
        "  hooks:",
        "    - id: bartizan",
        "      name: bartizan (secrets in staged changes)",
        "      entry: bartizan scan --staged --quiet",
        "      language: system",
        "      pass_filenames: false",
        "      always_run: true",
    ];
    lines.map(|line| format!("{indent}{line}\n")).concat()
}

/// `.git/hooks/pre-commit`.
pub const HOOK: &str = "#!/bin/sh\n\
    # Stops a commit that would bring in a secret. `git commit --no-verify` passes by.\n\
    exec bartizan scan --staged --quiet\n";

/// `.github/workflows/bartizan.yml`.
pub const GITHUB: &str = r#"name: bartizan
on:
  push:
    branches: [main, master]
  pull_request:

permissions:
  contents: read
  security-events: write # to upload the SARIF report

jobs:
  scan:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the whole history, for --history
          persist-credentials: false
      # The runner needs `bartizan` in its path: from your image, or built here from the address in the variable
      # BARTIZAN_GIT of the repository's settings.
      - name: Install bartizan
        env:
          BARTIZAN_GIT: ${{ vars.BARTIZAN_GIT }}
        run: command -v bartizan || cargo install --locked --git "$BARTIZAN_GIT" bartizan
      - name: Scan
        run: bartizan scan --history --format github --format sarif=bartizan.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with:
          sarif_file: bartizan.sarif
"#;

/// `.gitlab/bartizan.yml`.
pub const GITLAB: &str = r#"# Take it in from .gitlab-ci.yml:
#   include:
#     - local: .gitlab/bartizan.yml
# The job's image needs `bartizan` in its path.
bartizan:
  stage: test
  variables:
    GIT_DEPTH: "0" # the whole history, for --history
  script:
    - bartizan scan --history --format text --format gitlab=bartizan.json --format junit=bartizan.xml
  artifacts:
    when: always
    reports:
      secret_detection: bartizan.json
      junit: bartizan.xml
"#;

/// A rule file that already passes `rules test`.
pub fn rule(provider: &str, name: &str) -> String {
    let word = provider.replace('-', "");
    let prefix: String = word.chars().take(4).collect();
    format!(
        r#"# docs/secret-rules.md explains every key. Nothing in this file may look like a token: templates make fresh samples.
provider = "{provider}"
category = "developer"
url = "https://{provider}.example"
docs = "https://{provider}.example/docs/api-tokens"       # the page that describes the credential
revoke = "Account settings, API tokens: delete the token"
words = ["{word}"]                                        # lower case; names the provider near a token

[[rule]]
name = "{name}"                                           # for ever: what is found
title = "{provider} API token"
opens = "What somebody who holds it can do"
severity = "high"                                         # critical high medium low info
literals = ["{prefix}_"]                                  # every match contains one
pattern = '''{prefix}_[A-Za-z0-9]{{32}}'''
sample = "{prefix}_${{base62:32}}"
match = ['TOKEN = "${{sample}}"', "token: ${{sample}}"]
miss = ["{prefix}_${{base62:12}}", "{prefix}_${{repeat:x:32}}"]
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigFile, Trust};
    use std::path::Path;

    #[test]
    fn the_configuration_is_valid_as_written_and_with_every_key_in_force() {
        let text = config();
        let path = Path::new("bartizan.toml");
        assert!(ConfigFile::parse(path, &text, Trust::Found).unwrap().values.is_empty());
        let live: String = text
            .lines()
            .filter(|line| !line.contains("\"…\""))
            .map(|line| line.strip_prefix("# ").filter(|rest| is_code(rest)).unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        let read = ConfigFile::parse(path, &live, Trust::Found).unwrap();
        assert!(read.values.len() > 15, "{live}");
        assert_eq!(read.suppressions.len(), 1);
    }

    fn is_code(line: &str) -> bool {
        line.starts_with("[[") || line.split(' ').nth(1) == Some("=")
    }

    #[test]
    fn a_new_rule_passes_its_own_test() {
        for (provider, name) in [("acme", "api-token"), ("big-cloud", "key"), ("x1", "t")] {
            let text = rule(provider, name);
            let outcome = bartizan_secrets::fixture::test_text(provider, "new.toml", &text, None, 7);
            assert_eq!(outcome.passed, [format!("secrets/{provider}/{name}")], "{outcome:?}");
        }
    }
}
