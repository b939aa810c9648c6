//! Addresses in files of packages, made fit to be shown.

/// An address without user, password and query: each of them may be a secret.
pub(super) fn without_credentials(url: &str) -> String {
    let url = url.trim();
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = host.rsplit('@').next().unwrap_or(host);
    format!("{scheme}://{host}{path}")
}

/// `host/path` of a repository's address, whatever the protocol: `git@host:owner/name.git` and
/// `https://host/owner/name` are one.
pub(super) fn repository(url: &str) -> String {
    let plain = without_credentials(url);
    let plain = match plain.split_once("://") {
        Some((_, rest)) => rest.to_owned(),
        // scp's way of writing: user@host:path.
        None => match plain.split_once(':') {
            Some((host, path)) if !host.contains('/') => {
                format!("{}/{}", host.rsplit('@').next().unwrap_or(host), path.trim_start_matches('/'))
            }
            _ => plain,
        },
    };
    let plain = plain.trim_end_matches('/');
    plain.strip_suffix(".git").unwrap_or(plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{repository, without_credentials};

    #[test]
    fn credentials_are_left_out() {
        for (url, expected) in [
            ("https://user:pa@ss@host.example/a/b.git", "https://host.example/a/b.git"),
            ("https://host.example/a?token=x#y", "https://host.example/a"),
            ("git@host.example:a/b.git", "git@host.example:a/b.git"),
            ("../beside", "../beside"),
        ] {
            assert_eq!(without_credentials(url), expected);
        }
    }

    #[test]
    fn one_repository_has_one_name() {
        for url in [
            "https://github.com/apple/swift-nio.git",
            "https://token@github.com/apple/swift-nio/",
            "git@github.com:apple/swift-nio.git",
            "ssh://git@github.com/apple/swift-nio.git",
        ] {
            assert_eq!(repository(url), "github.com/apple/swift-nio");
        }
    }
}
