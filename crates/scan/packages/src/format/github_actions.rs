//! `uses:` in GitHub's workflows (`.github/workflows/*.yml`) and actions (`action.yml`): `owner/repository[/path]@ref`.
//!
//! A tag of three numbers is a version. A shorter one (`v4`) moves with each release, and a branch or commit says no version:
//! those are kept as what was asked for. Behind a commit people write the tag that it had, which then counts as the version.
//! Actions in the same repository (`./…`) and images (`docker://…`) are no packages.

use super::Format;
use super::collect::Collector;
use super::lines::{byte_lines, file_name, lines, text};
use super::yaml::{self, Value};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};
use std::ops::Range;

/// The format.
pub(super) const FORMAT: Format = Format { name: "github-actions", matches, parse };

fn matches(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let workflows = folder == ".github/workflows" || folder.ends_with("/.github/workflows");
    matches!(file_name(path), "action.yml" | "action.yaml")
        || workflows && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let mut out = Collector::wishes();
    let tree = match yaml::parse(bytes) {
        Ok(tree) => tree,
        Err(error) => return by_lines(bytes, error),
    };
    let Some(root) = tree.root() else { return Ok(out.finish()) };
    for (_, job) in root.get("jobs").into_iter().flat_map(Value::entries) {
        // A whole workflow of another repository.
        uses(job, bytes, &mut out);
        for step in job.get("steps").into_iter().flat_map(Value::items) {
            uses(step, bytes, &mut out);
        }
    }
    for step in root.get("runs").and_then(|runs| runs.get("steps")).into_iter().flat_map(Value::items) {
        uses(step, bytes, &mut out);
    }
    out.manifest.problems.extend(tree.problems);
    Ok(out.finish())
}

/// Of a file that the YAML specification refuses: the lines that say `uses:`. GitHub's own reader is laxer than the
/// specification, for one on the indentation of brackets that close.
fn by_lines(bytes: &[u8], error: ParseError) -> Result<Manifest, ParseError> {
    let mut out = Collector::wishes();
    for line in lines(text(bytes)?) {
        let code = line.text.trim_start();
        let code = code.strip_prefix("- ").unwrap_or(code).trim_start();
        let Some(value) = code.strip_prefix("uses:") else { continue };
        let value = value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']);
        step(value, line.span_of(value), bytes, &mut out);
    }
    if out.manifest.packages.is_empty() {
        return Err(error);
    }
    let start = usize::try_from(error.line.saturating_sub(1)).unwrap_or(usize::MAX);
    let at = byte_lines(bytes).nth(start).map_or(0, |(at, _)| at);
    out.problem(at, format!("{}; only lines with `uses:` were read", error.reason));
    Ok(out.finish())
}

fn uses(holder: Value<'_>, bytes: &[u8], out: &mut Collector) {
    if let Some(value) = holder.get("uses") {
        step(value.as_str().unwrap_or_default().trim(), value.span(), bytes, out);
    }
}

fn step(text: &str, span: Range<usize>, bytes: &[u8], out: &mut Collector) {
    if text.starts_with("./") || text.starts_with("../") || text.starts_with("docker://") {
        return;
    }
    let parsed = text.split_once('@').and_then(|(name, reference)| {
        let mut parts = name.split('/');
        let (owner, repository) = (parts.next()?, parts.next()?);
        let computed = |char: char| char.is_whitespace() || "${}".contains(char);
        let plain = |part: &str| !part.is_empty() && !part.contains(computed);
        let whole = plain(owner) && plain(repository) && plain(reference);
        whole.then(|| (format!("{owner}/{repository}"), reference))
    });
    let Some((name, reference)) = parsed else {
        out.problem(span.start, "expected `owner/repository@ref`");
        return;
    };
    // A scalar's place may take in its quotes and what stands behind them.
    let whole = bytes.get(span.clone()).unwrap_or_default();
    let span = match memchr::memmem::find(whole, text.as_bytes()) {
        Some(at) => span.start + at..span.start + at + text.len(),
        None => span,
    };
    let mut package = Package::new(Ecosystem::GitHubActions, &name, span.clone());
    package.version = match is_commit(reference) {
        true => version_in_comment(bytes, span.end),
        false => version_of_tag(reference).map(str::to_owned),
    };
    package.requirement = Some(reference.to_owned());
    package.relation = Relation::Direct;
    package.scope = Scope::Build;
    out.push(package);
}

fn is_commit(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `1.2.3` of `v1.2.3`, `1.2.3-rc.1`; none of tags that move.
fn version_of_tag(tag: &str) -> Option<&str> {
    let plain = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    let numbers = plain.split(['-', '+']).next()?;
    let parts: Vec<&str> = numbers.split('.').take(5).collect();
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(parts.len(), 3 | 4) && parts.iter().all(number)).then_some(plain)
}

/// The tag in a comment behind a commit: `# v1.2.3`, `# tag=v1.2.3`, `# pin@v1.2.3`.
fn version_in_comment(bytes: &[u8], end: usize) -> Option<String> {
    // Of a long line the rest holds no tag for people.
    let rest = bytes.get(end..)?;
    let rest = rest.get(..200).unwrap_or(rest);
    let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))?;
    let line = String::from_utf8_lossy(line);
    let (_, comment) = line.split_once('#')?;
    let mut words = comment.split(|char: char| char.is_whitespace() || "=@:,;()".contains(char));
    words.find_map(version_of_tag).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};

    #[test]
    fn actions_and_workflows_are_listed() {
        let file = "\
on: push
jobs:
  call:
    uses: Acme/flows/.github/workflows/x.yml@v1.2.0
  build:
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@8f152de45cc393bb48ce5d89d36b731f54556e65 # v4.0.2
      - {name: n, uses: \"github/codeql-action/init@0123456789012345678901234567890123456789\"} # tag=v3.25.1 note
      - uses: 'x/y@8f152de45cc393bb48ce5d89d36b731f54556e65' # v2.0.1
      - uses: ./.github/actions/own
      - uses: docker://alpine:3.18
      - uses: a/b@main
      - uses: broken
      - run: |
          uses: not/this@v1.0.0
";
        let manifest = parse(".github/workflows/ci.yml", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.requirement.as_deref().unwrap().len()))
            .collect();
        assert_eq!(
            told,
            [
                ("acme/flows", Some("1.2.0"), 6),
                ("actions/checkout", None, 2),
                ("actions/setup-node", Some("4.0.2"), 40),
                ("github/codeql-action", Some("3.25.1"), 40),
                ("x/y", Some("2.0.1"), 40),
                ("a/b", None, 4),
            ]
        );
        assert_eq!(&file[manifest.packages[1].span.clone()], "actions/checkout@v4");
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.problems[0].at, file.find("broken").unwrap());
    }

    #[test]
    fn composite_actions_and_paths() {
        let file = "runs:\n  using: composite\n  steps:\n    - uses: a/b/sub@v1.0.0\n";
        assert_eq!(parse("action.yml", file.as_bytes()).unwrap().packages[0].name, "a/b");
        assert!(matches("x/.github/workflows/a.yaml") && matches("deep/action.yml"));
        assert!(!matches(".github/workflows/sub/a.yml") && !matches("workflows/a.yml"));
        assert_eq!(parse("", b"jobs:\n  a: {\n").unwrap_err().line, 3);
    }

    #[test]
    fn what_the_specification_refuses_is_read_by_lines() {
        let file =
            "jobs:\n  a:\n    steps:\n    - uses: \"a/b@v1.0.0\" # x\n    - uses: ./own\n    name: x: y\n";
        let manifest = parse("", file.as_bytes()).unwrap();
        assert_eq!(&file[manifest.packages[0].span.clone()], "a/b@v1.0.0");
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (1, 1));
        assert_eq!(manifest.problems[0].at, file.find("    name").unwrap());
    }
}
