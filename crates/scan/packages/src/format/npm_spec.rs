//! What npm, yarn, pnpm and bun write for "which version, from where".
//!
//! Facts: npm's documentation of package.json ("dependencies") and of package specifiers ("npm-package-arg").

use super::source::{clean_url, git};
use crate::package::SourceKind;

/// Name and rest of `name@rest` and `@scope/name@rest`.
pub fn split(text: &str) -> Option<(&str, &str)> {
    let (at, _) = text.char_indices().skip(1).find(|(_, char)| *char == '@')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The real package of an alias: `npm:real@^1` gives `real` and `^1`. Without a name (`npm:^1`) it is no alias.
pub fn alias(spec: &str) -> Option<(&str, &str)> {
    let rest = spec.strip_prefix("npm:")?;
    match split(rest) {
        Some(parts) => Some(parts),
        None => {
            let named = rest.starts_with('@') || rest.starts_with(|char: char| char.is_ascii_alphabetic());
            (named && version(rest).is_none() && !rest.starts_with('v')).then_some((rest, ""))
        }
    }
}

/// The version, where a wish allows exactly one: `1.2.3`, `=1.2.3`, `v1.2.3`.
pub fn version(spec: &str) -> Option<&str> {
    let text = spec.trim().trim_start_matches('=').trim_start().trim_start_matches('v');
    let core = text.split(['-', '+']).next()?;
    let mut parts = core.split('.');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let three =
        number(parts.next()) && number(parts.next()) && number(parts.next()) && parts.next().is_none();
    let rest = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
    (three && rest).then_some(text)
}

/// Where a wish or a resolved address leads. Ranges, tags and empty text mean the registry.
pub fn source(spec: &str) -> SourceKind {
    if ["file:", "link:", "portal:", "workspace:", "exec:", "./", "../", "/", "~/"]
        .iter()
        .any(|prefix| spec.starts_with(prefix))
    {
        return SourceKind::Path;
    }
    if spec.starts_with("git") && ["git+", "git://", "git@"].iter().any(|prefix| spec.starts_with(prefix)) {
        return match spec.strip_prefix("git@") {
            Some(rest) => git(&format!("ssh://{}", rest.replacen(':', "/", 1))),
            None => git(spec),
        };
    }
    let hosts = [("github:", "github.com"), ("gitlab:", "gitlab.com"), ("bitbucket:", "bitbucket.org")];
    for (prefix, host) in hosts {
        if let Some(rest) = spec.strip_prefix(prefix) {
            return git(&format!("https://{host}/{rest}"));
        }
    }
    if let Some(rest) = spec.strip_prefix("gist:") {
        return git(&format!("https://gist.github.com/{rest}"));
    }
    if spec.starts_with("http://") || spec.starts_with("https://") || spec.starts_with("ssh://") {
        let url = spec.split(['#', '?']).next().unwrap_or(spec);
        if url.ends_with(".git") || spec.starts_with("ssh://") {
            return git(spec);
        }
        // Registries and their mirrors serve `…/name/-/name-1.2.3.tgz`; GitHub's serves `/download/`.
        if url.contains("/-/") || url.contains("npm.pkg.github.com/download/") {
            return SourceKind::Registry;
        }
        return SourceKind::Url(clean_url(spec));
    }
    // `user/repository` is GitHub; a range or tag has no slash, and a scope begins with `@`.
    let name = spec.split('#').next().unwrap_or(spec);
    if name.split('/').count() == 2 && !spec.contains(':') && !spec.starts_with('@') && !name.contains(' ') {
        return git(&format!("https://github.com/{spec}"));
    }
    SourceKind::Registry
}

/// Licence words of a `license` or `licenses` field: a string, `{"type": …}`, or a list of those.
pub fn licences(object: &super::json::Object<'_>) -> Vec<String> {
    use super::json::Value;
    fn word(value: &Value<'_>) -> Option<String> {
        let text = value.as_str().or_else(|| value.as_object()?.str("type"))?.trim();
        (!text.is_empty() && text.len() <= 500).then(|| text.to_owned())
    }
    let mut out = Vec::new();
    for key in ["license", "licenses", "licence"] {
        match object.get(key) {
            Some(Value::Array(items)) => out.extend(items.iter().take(50).filter_map(word)),
            Some(value) => out.extend(word(value)),
            None => {}
        }
    }
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::{alias, source, split, version};
    use crate::SourceKind;

    #[test]
    fn only_one_version_is_exact() {
        for (spec, expected) in [
            ("1.2.3", Some("1.2.3")),
            ("=1.2.3", Some("1.2.3")),
            (" v1.2.3-rc.1+b ", Some("1.2.3-rc.1+b")),
            ("1.2", None),
            ("^1.2.3", None),
            ("1.2.x", None),
            ("1.2.3 || 2.0.0", None),
            ("latest", None),
            ("", None),
        ] {
            assert_eq!(version(spec), expected, "{spec}");
        }
    }

    #[test]
    fn names_and_aliases_are_split() {
        assert_eq!(split("@a/b@npm:^1"), Some(("@a/b", "npm:^1")));
        assert_eq!(split("a@1@2"), Some(("a", "1@2")));
        assert_eq!(split("é@1"), Some(("é", "1")));
        assert_eq!(split("a"), None);
        assert_eq!(alias("npm:@a/b@1"), Some(("@a/b", "1")));
        assert_eq!(alias("npm:^1.0.0"), None);
        assert_eq!(alias("npm:1.0.0"), None);
        assert_eq!(alias("npm:real"), Some(("real", "")));
    }

    #[test]
    fn sources_are_told_apart() {
        let registry =
            ["^1", "latest", "", "1.2.3", "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "npm:a@1", ">=1 <2"];
        for spec in registry {
            assert_eq!(source(spec), SourceKind::Registry, "{spec}");
        }
        for spec in ["file:../a", "link:a", "workspace:*", "./a"] {
            assert_eq!(source(spec), SourceKind::Path, "{spec}");
        }
        let expected = SourceKind::Git { url: "https://github.com/u/r".into(), revision: Some("v1".into()) };
        assert_eq!(source("u/r#v1"), expected);
        assert_eq!(source("github:u/r#v1"), expected);
        let url = SourceKind::Url("https://h.example/a.tgz".into());
        assert_eq!(source("https://u:p@h.example/a.tgz?t=1"), url);
    }
}
