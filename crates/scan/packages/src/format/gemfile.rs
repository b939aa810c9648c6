//! Bundler's `Gemfile` and `gems.rb`: the gems that are asked for with literal names.

use super::Format;
use super::address::without_credentials;
use super::collect::Collector;
use super::lines::{file_name, text};
use super::ruby::{Argument, Call, Statement, requirement, statements};
use crate::package::{Link, LinkKind};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "gemfile", matches, parse };

fn matches(path: &str) -> bool {
    matches!(file_name(path), "Gemfile" | "gems.rb") || path.ends_with(".gemfile")
}

/// What a block says about the gems inside.
#[derive(Clone, Default)]
struct Frame {
    scope: Option<Scope>,
    source: Option<SourceKind>,
}

/// Bytes of an address: every gem of its block gets a copy.
const MAX_PLACE: usize = 2048;

/// Blocks within blocks beyond which further ones count as the one around them.
const MAX_DEPTH: usize = 64;

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::wishes();
    let mut frames: Vec<Frame> = Vec::new();
    let mut deeper = 0usize;
    for statement in statements(text) {
        match statement {
            Statement::End if deeper > 0 => deeper -= 1,
            Statement::End => {
                frames.pop();
            }
            Statement::Open if frames.len() >= MAX_DEPTH => deeper += 1,
            Statement::Open => frames.push(frames.last().cloned().unwrap_or_default()),
            Statement::Call(call) => {
                let around = frames.last().cloned().unwrap_or_default();
                match call.method {
                    "gem" => gem(&call, &around, &mut out),
                    "eval_gemfile" => link(&call, &mut out),
                    _ => {}
                }
                if call.block {
                    if frames.len() >= MAX_DEPTH {
                        deeper += 1;
                    } else {
                        frames.push(inside(&call, around));
                    }
                }
            }
        }
    }
    Ok(out.finish())
}

fn inside(call: &Call<'_>, mut frame: Frame) -> Frame {
    let first = call.arguments.first().and_then(|argument| argument.values.first());
    match (call.method, first) {
        ("group", _) => {
            let plain = call.arguments.iter().filter(|argument| argument.key.is_none());
            frame.scope = scope(plain.flat_map(|argument| &argument.values));
        }
        ("path", _) => frame.source = Some(SourceKind::Path),
        ("git", Some(url)) if url.len() <= MAX_PLACE => {
            let revision = revision(&call.arguments).filter(|text| text.len() <= MAX_PLACE);
            frame.source = Some(SourceKind::Git { url: without_credentials(url), revision });
        }
        _ => {}
    }
    frame
}

fn gem(call: &Call<'_>, around: &Frame, out: &mut Collector) {
    let plain: Vec<&Argument> = call.arguments.iter().filter(|argument| argument.key.is_none()).collect();
    let Some((name, rest)) = plain.split_first() else { return };
    let [name] = name.values.as_slice() else {
        out.problem(call.span.start, "a gem with a computed name is not known");
        return;
    };
    let mut package = Package::new(Ecosystem::RubyGems, name, call.span.clone());
    let asked: Vec<String> = rest.iter().flat_map(|argument| argument.values.clone()).collect();
    // A computed version leaves both unknown.
    if rest.iter().all(|argument| argument.literal) {
        (package.requirement, package.version) = requirement(&asked);
    }
    package.relation = Relation::Direct;
    let groups = call.arguments.iter().filter(|a| matches!(a.key.as_deref(), Some("group" | "groups")));
    let own = scope(groups.flat_map(|argument| &argument.values));
    // Groups add up, and the one nearest to what runs counts.
    package.scope = own.into_iter().chain(around.scope).min().unwrap_or(Scope::Runtime);
    package.source =
        source(&call.arguments).or_else(|| around.source.clone()).unwrap_or(SourceKind::Registry);
    out.push(package);
}

fn value<'a>(arguments: &'a [Argument], key: &str) -> Option<&'a str> {
    let argument = arguments.iter().find(|argument| argument.key.as_deref() == Some(key))?;
    argument.values.first().map(String::as_str)
}

fn revision(arguments: &[Argument]) -> Option<String> {
    ["ref", "tag", "branch"].iter().find_map(|key| value(arguments, key)).map(str::to_owned)
}

fn source(arguments: &[Argument]) -> Option<SourceKind> {
    if value(arguments, "path").is_some() {
        return Some(SourceKind::Path);
    }
    let url = value(arguments, "git").map(without_credentials).or_else(|| {
        let short = value(arguments, "github")?;
        // Bundler reads `rails` as `rails/rails`.
        let short = if short.contains('/') { short.to_owned() } else { format!("{short}/{short}") };
        Some(format!("https://github.com/{short}.git"))
    })?;
    Some(SourceKind::Git { url, revision: revision(arguments) })
}

/// Groups are names of the project's choice; `test` and `development` are Bundler's and Rails' own. `None` without groups.
fn scope<'a>(groups: impl Iterator<Item = &'a String>) -> Option<Scope> {
    let developing = |group: &str| matches!(group, "test" | "development" | "dev" | "ci" | "lint");
    groups.map(|group| if developing(group) { Scope::Development } else { Scope::Runtime }).min()
}

fn link(call: &Call<'_>, out: &mut Collector) {
    match call.arguments.first().and_then(|argument| argument.values.first()) {
        Some(path) => out.manifest.links.push(Link {
            kind: LinkKind::Include,
            path: path.clone(),
            coordinates: None,
            span: call.span.clone(),
        }),
        None => {
            out.problem(call.span.start, "a file with a computed name is taken in; its gems are not known")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Scope, SourceKind};

    #[test]
    fn literal_gems_are_wishes_with_their_groups() {
        let file = r#"
source "https://rubygems.org"
ruby "3.2.2"
gem "rails", "~> 7.0", ">= 7.0.4"
gem 'pg', '1.5.3'
gem "local", path: "engines/local"
gem "edge", github: "rack/edge", branch: "main"
group :development, :test do
  gem "rspec"   # a comment
  if ENV["X"]
    gem "byebug", platforms: %i[mri]
  end
  gem "last"
end
gem "one", group: :test
gem NAME, "1"
eval_gemfile "more/Gemfile"
# gem "commented"
"#;
        let manifest = parse("Gemfile", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.requirement.as_deref(),
                    p.version.as_deref(),
                    p.scope == Scope::Development,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("rails", Some("~> 7.0, >= 7.0.4"), None, false),
                ("pg", Some("1.5.3"), Some("1.5.3"), false),
                ("local", None, None, false),
                ("edge", None, None, false),
                ("rspec", None, None, true),
                ("byebug", None, None, true),
                ("last", None, None, true),
                ("one", None, None, true),
            ]
        );
        assert_eq!(manifest.packages[2].source, SourceKind::Path);
        assert_eq!(
            manifest.packages[3].source,
            SourceKind::Git { url: "https://github.com/rack/edge.git".into(), revision: Some("main".into()) }
        );
        assert_eq!(manifest.links[0].path, "more/Gemfile");
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.problems[0].at, file.find("gem NAME").unwrap());
        assert_eq!(&file[manifest.packages[1].span.clone()], "gem 'pg', '1.5.3'");
    }
}
