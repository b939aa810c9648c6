//! Erlang's `rebar.lock`: a list of tuples with the level at which each was asked for, and checksums behind it.
//!
//! `{"1.2.0", [{<<"app">>, {pkg, <<"package">>, <<"version">>}, Level}, …]}.` and `[{pkg_hash, […]}, {pkg_hash_ext, […]}].`;
//! before version 1.1.0 only the inner list (rebar3's `rebar_config:consult_lock_file`).

use super::Format;
use super::address::without_credentials;
use super::collect::{Collector, Names};
use super::lines::{file_name, text};
use super::term::{Dialect, Kind, Reader, Term};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "rebar-lock", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "rebar.lock"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::resolved();
    let mut reader = Reader::new(text, Dialect::Erlang);
    if reader.peek().is_none() {
        return Ok(out.finish());
    }
    let first = reader.term()?;
    let locked = match (&first.kind, first.tuple()) {
        (Kind::List(items), _) => items.as_slice(),
        (_, Some([_, list])) => list.list().unwrap_or_default(),
        _ => return Err(ParseError::at(bytes, first.span.start, "expected the list of a rebar.lock")),
    };
    let mut names = Names::of(Ecosystem::Hex);
    for item in locked {
        entry(item, &mut out, &mut names);
    }
    if !reader.take(".") {
        out.problem(reader.at, "expected a full stop behind a term");
    }
    if reader.peek().is_some() {
        match reader.term() {
            Ok(sums) => {
                // The hash of the outer archive is the one that the registry publishes.
                for pair in sums.value("pkg_hash_ext").and_then(Term::list).unwrap_or_default() {
                    let Some([app, sum]) = pair.tuple() else { continue };
                    let (Some(app), Some(sum)) = (app.text(), sum.text()) else { continue };
                    if let Some(package) = names.get(app).and_then(|index| out.get(index)) {
                        package.hashes.push(format!("sha256:{}", sum.to_ascii_lowercase()));
                    }
                }
            }
            Err(error) => out.problem(reader.at, error.reason),
        }
    }
    Ok(out.finish())
}

fn entry(item: &Term, out: &mut Collector, names: &mut Names) {
    let Some([app, source, level]) = item.tuple() else {
        out.problem(item.span.start, "expected a tuple of application, source and level");
        return;
    };
    let (Some(app), Some(place)) = (app.word(), source.tuple()) else {
        out.problem(item.span.start, "expected a tuple of application, source and level");
        return;
    };
    let mut package = Package::new(Ecosystem::Hex, app, item.span.clone());
    package.relation = match &level.kind {
        Kind::Number(number) if number == "0" => Relation::Direct,
        Kind::Number(_) => Relation::Transitive,
        _ => Relation::Unknown,
    };
    match place {
        [kind, name, version, ..] if kind.atom() == Some("pkg") => {
            package.name = name.text().unwrap_or(app).to_owned();
            package.version = version.text().map(str::to_owned);
        }
        [kind, url, revision, ..] if kind.atom().is_some_and(|kind| kind.starts_with("git")) => {
            let revision = match revision.tuple() {
                Some([_, revision]) => revision.text(),
                _ => revision.text(),
            };
            package.source = SourceKind::Git {
                url: without_credentials(url.text().unwrap_or_default()),
                revision: revision.map(str::to_owned),
            };
        }
        [kind, url, ..] if matches!(kind.atom(), Some("hg" | "raw" | "fossil" | "bzr" | "svn")) => {
            package.source = SourceKind::Url(without_credentials(url.text().unwrap_or_default()));
        }
        _ => {
            out.problem(item.span.start, format!("{app} comes from a place of an unknown kind"));
            return;
        }
    }
    if let Some(index) = out.push(package) {
        names.insert(app, index);
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, SourceKind};

    const LOCK: &str = r#"{"1.2.0",
[{<<"certifi">>,{pkg,<<"certifi_pkg">>,<<"2.9.0">>},1},
 {<<"forked">>,
  {git,"https://github.com/x/forked",
       {ref,"0123456"}},
  0}]}.
[
{pkg_hash,[
 {<<"certifi">>, <<"6F2A">>}]},
{pkg_hash_ext,[
 {<<"certifi">>, <<"2665">>}]}
].
"#;

    #[test]
    fn a_lock_file_is_read_with_levels_and_hashes() {
        let manifest = parse("rebar.lock", LOCK.as_bytes()).unwrap();
        assert!(manifest.problems.is_empty(), "{:?}", manifest.problems);
        let [first, second] = manifest.packages.as_slice() else { panic!("{manifest:?}") };
        assert_eq!((first.name.as_str(), first.version.as_deref()), ("certifi_pkg", Some("2.9.0")));
        assert_eq!((first.relation, second.relation), (Relation::Transitive, Relation::Direct));
        assert_eq!(first.hashes, ["sha256:2665"]);
        assert_eq!(
            second.source,
            SourceKind::Git { url: "https://github.com/x/forked".into(), revision: Some("0123456".into()) }
        );
    }

    #[test]
    fn the_old_list_and_the_empty_one_are_read() {
        let old = br#"[{<<"a">>,{pkg,<<"a">>,<<"1.0">>},0}]."#;
        assert_eq!(parse("rebar.lock", old).unwrap().packages.len(), 1);
        assert_eq!(parse("rebar.lock", b"[].\n").unwrap().packages.len(), 0);
        assert_eq!(parse("rebar.lock", b"[\n{<<\"a\">>,").unwrap_err().line, 2);
    }
}
