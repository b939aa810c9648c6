//! Facts that several formats share: file names, addresses without credentials, checksums, who reaches whom.

use crate::package::{Manifest, SourceKind};
use crate::{Relation, Scope};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::VecDeque;

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder a file lies in, without its path.
pub fn folder_name(path: &str) -> &str {
    path.rsplit('/').nth(1).unwrap_or("")
}

/// An address without user, password, query and fragment: any of them may carry a token.
pub fn clean_url(url: &str) -> String {
    let url = url.split(['#', '?']).next().unwrap_or(url);
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}

/// A git address: `git+https://host/a.git#revision` or, as Python writes it, `git+https://host/a.git@revision`.
pub fn git(address: &str) -> SourceKind {
    let address = address.strip_prefix("git+").unwrap_or(address);
    let (url, fragment) = address.split_once('#').unwrap_or((address, ""));
    let mut revision = fragment
        .split('&')
        .find_map(|part| part.strip_prefix("commit=").or_else(|| part.strip_prefix("tag=")))
        .or_else(|| (!fragment.is_empty() && !fragment.contains('=')).then_some(fragment));
    let mut url = url;
    let path = url.find("://").and_then(|at| url.get(at + 3..)?.find('/').map(|slash| at + 3 + slash));
    if let Some(path) = path
        && let Some(at) = url.rfind('@')
        && at > path
    {
        revision = url.get(at + 1..);
        url = url.get(..at).unwrap_or(url);
    }
    SourceKind::Git {
        url: clean_url(url),
        revision: revision.filter(|text| !text.is_empty()).map(str::to_owned),
    }
}

/// Checksums of a subresource integrity value (W3C SRI, section 3.1) as `algorithm:hex`. What is not base64 is left out.
pub fn integrity(value: &str) -> Vec<String> {
    let decode = |part: &str| {
        let (algorithm, hash) = part.split_once('-')?;
        let hash = hash.split('?').next().unwrap_or(hash);
        let bytes = STANDARD.decode(hash).ok()?;
        let known = matches!(algorithm, "md5" | "sha1" | "sha256" | "sha384" | "sha512");
        (known && bytes.len() <= 64 && !bytes.is_empty()).then(|| format!("{algorithm}:{}", hex(&bytes)))
    };
    value.split_ascii_whitespace().filter_map(decode).collect()
}

/// A checksum that is written `algorithm:hex` already.
pub fn checksum(value: &str) -> Option<String> {
    let (algorithm, hex) = value.split_once(':')?;
    let good = !hex.is_empty() && hex.len() <= 128 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    let plain = !algorithm.is_empty() && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (good && plain).then(|| format!("{}:{}", algorithm.to_ascii_lowercase(), hex.to_ascii_lowercase()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Marks who is asked for by the project, and gives each package the scope nearest to what runs among all ways to it.
///
/// `roots` are the project's own wishes. Packages that no way leads to keep their scope and become [`Relation::Unknown`].
/// Linear: each package is visited at most once per scope.
pub fn spread(manifest: &mut Manifest, roots: &[(u32, Scope)]) {
    let count = manifest.packages.len();
    let mut best: Vec<Option<Scope>> = vec![None; count];
    for scope in [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Development] {
        let mut queue: VecDeque<u32> =
            roots.iter().filter(|(_, wish)| *wish == scope).map(|(id, _)| *id).collect();
        while let Some(id) = queue.pop_front() {
            let index = id as usize;
            match best.get_mut(index) {
                Some(slot @ None) => *slot = Some(scope),
                _ => continue,
            }
            if let Some(package) = manifest.packages.get(index) {
                queue.extend(package.dependencies.iter().copied());
            }
        }
    }
    for (package, best) in manifest.packages.iter_mut().zip(best) {
        package.relation = if best.is_some() { Relation::Transitive } else { Relation::Unknown };
        if let Some(scope) = best {
            package.scope = scope;
        }
    }
    for (id, _) in roots {
        if let Some(package) = manifest.packages.get_mut(*id as usize) {
            package.relation = Relation::Direct;
        }
    }
}

/// Where a file does not name the project's wishes: a package that no other asks for must be one; of the others the file
/// does not tell.
pub fn guess_direct(manifest: &mut Manifest) {
    let mut asked = vec![false; manifest.packages.len()];
    for (index, package) in manifest.packages.iter().enumerate() {
        for id in &package.dependencies {
            if let Some(slot) = asked.get_mut(*id as usize)
                && *id as usize != index
            {
                *slot = true;
            }
        }
    }
    for (package, asked) in manifest.packages.iter_mut().zip(asked) {
        package.relation = if asked { Relation::Unknown } else { Relation::Direct };
    }
}

/// Sorts the edges of each package and leaves out repetitions and a package's edge to itself.
pub fn tidy(manifest: &mut Manifest) {
    for (index, package) in manifest.packages.iter_mut().enumerate() {
        package.dependencies.sort_unstable();
        package.dependencies.dedup();
        package.dependencies.retain(|id| *id as usize != index);
    }
}

#[cfg(test)]
mod tests {
    use super::{checksum, clean_url, git, integrity};
    use crate::SourceKind;

    #[test]
    fn addresses_lose_their_credentials() {
        assert_eq!(clean_url("https://u:p@host.example/a?token=x#f"), "https://host.example/a");
        assert_eq!(clean_url("https://host.example"), "https://host.example");
        let expect = |url: &str, revision: Option<&str>| SourceKind::Git {
            url: url.to_owned(),
            revision: revision.map(str::to_owned),
        };
        assert_eq!(git("git+ssh://git@h.example/a.git#abc"), expect("ssh://h.example/a.git", Some("abc")));
        assert_eq!(
            git("git+https://h.example/a.git@v1#egg=a"),
            expect("https://h.example/a.git", Some("v1"))
        );
        assert_eq!(git("https://h.example/a.git#commit=abc"), expect("https://h.example/a.git", Some("abc")));
    }

    #[test]
    fn checksums_become_hex() {
        assert_eq!(
            integrity("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
            ["sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"]
        );
        assert!(integrity("sha1-!!").is_empty());
        assert_eq!(checksum("SHA256:AB"), Some("sha256:ab".to_owned()));
        assert_eq!(checksum("sha256:x"), None);
    }
}
