//! Go: module versions as `golang.org/x/mod/semver` orders them (pseudo-versions are prereleases; `+incompatible` does
//! not count), with or without the leading `v`, and the releases of Go itself: `1.21rc1`, `go1.21.3`.

use super::key::{Key, is_number, split_while};
use super::semver;

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    if let Some(release) =
        text.strip_prefix("go").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        // Toolchains carry more words behind: `go1.22.1 X:boringcrypto`, `go1.21.3-vendor`. They name the same release.
        let release = release.split([' ', '-', '+']).next().unwrap_or_default();
        return toolchain(release, key);
    }
    match semver::split(text) {
        // Only semantic versioning's own form: three numbers before a prerelease, which needs its hyphen.
        Some(parts) if parts.prerelease.is_none() || text.contains('-') => {
            semver::order(&parts, key);
            Some(())
        }
        _ => toolchain(text, key),
    }
}

/// `1.21`, `1.21.3`, `1.21rc4`, `1.9.2rc2`: a kind of prerelease and its number stand behind the last number.
fn toolchain(text: &str, key: &mut Key) -> Option<()> {
    let (numbers, tail) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    let (kind, number) = split_while(tail, |byte| byte.is_ascii_lowercase());
    let is_kind = matches!(kind, "alpha" | "beta" | "rc") && is_number(number);
    if !tail.is_empty() && !is_kind {
        return None;
    }
    let parts = semver::split(numbers)?;
    if tail.is_empty() {
        semver::order(&parts, key);
    } else {
        // As advisories write it: 1.21rc4 is 1.21.0-rc.4.
        let dotted = format!("{kind}.{number}");
        semver::order(&semver::Parts { prerelease: Some(&dotted), ..parts }, key);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Go;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn modules_are_ordered_as_semver_with_pseudo_versions() {
        ascending(
            Go,
            &[
                "v0.0.0-20190101000000-aaaaaaaaaaaa",
                "v0.0.0-20200101000000-000000000000",
                "v0.0.0",
                "v0.5.0-alpha.5",
                "v0.5.0-alpha.5.0.20200423152442-f4b650b51dc4",
                "v0.5.0-alpha.6",
                "v1.2.3",
                "v1.2.4-0.20191109021931-daa7c04131f5",
                "v1.2.4",
                "v2.0.0+incompatible",
            ],
        );
        equal(Go, &["v2.0.0+incompatible", "2.0.0", "v2", "v2.0"]);
        refused(Go, &["", "master", "v1.2.3alpha", "1.2.3.4", "devel go1.23-abc", "gopher"]);
    }

    #[test]
    fn releases_of_go_are_ordered() {
        ascending(Go, &["go1.20.14", "1.21beta1", "go1.21rc1", "go1.21rc4", "1.21.0", "go1.21.1", "go1.22"]);
        equal(Go, &["1.21.0-rc.4", "1.21rc4", "go1.21rc4"]);
        equal(Go, &["go1.22.1 X:boringcrypto", "1.22.1", "go1.22.1-vendor"]);
        ascending(Go, &["1.9.2rc2", "1.9.2"]);
        prereleases(
            Go,
            &["1.21rc4", "v0.0.0-20190101000000-aaaaaaaaaaaa"],
            &["go1.21", "v1.0.0+incompatible"],
        );
    }
}
