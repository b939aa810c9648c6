//! Package URLs: one text that names a package of any ecosystem.
//!
//! Source: the package URL specification (ECMA-427) and its definitions of types.

use crate::format::cargo_toml;
use crate::package::SourceKind;
use crate::{Ecosystem, Package};
use std::fmt;

/// Longer texts are no package URLs.
const MAX_LENGTH: usize = 4096;

/// A package URL in parts, decoded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageUrl {
    /// The type, in lower case: `npm`, `maven`.
    pub kind: String,
    /// What stands between type and name, with `/`: a scope, a group, a vendor.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// The version.
    pub version: Option<String>,
    /// Sorted by key; keys in lower case, no value empty.
    pub qualifiers: Vec<(String, String)>,
    /// A path inside the package.
    pub subpath: Option<String>,
}

/// Why a text is no package URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurlError {
    /// It does not begin with `pkg:`.
    #[error("does not begin with `pkg:`")]
    Scheme,
    /// No type, or one with characters that none has.
    #[error("has no valid type")]
    Type,
    /// No name.
    #[error("has no name")]
    Name,
    /// A qualifier without a valid key.
    #[error("has a qualifier without a valid key")]
    Qualifier,
    /// Over 4096 bytes.
    #[error("is too long")]
    Length,
}

/// The package URL of a package.
pub fn of(package: &Package) -> String {
    let (ecosystem, name) = (package.ecosystem, package.name.as_str());
    let split = |at: char| match name.rsplit_once(at) {
        Some((namespace, name)) => (Some(namespace.to_owned()), name.to_owned()),
        None => (None, name.to_owned()),
    };
    let (namespace, name) = match ecosystem {
        Ecosystem::Maven => match name.split_once(':') {
            Some((group, artifact)) => (Some(group.to_owned()), artifact.to_owned()),
            None => (None, name.to_owned()),
        },
        Ecosystem::Npm if !name.starts_with('@') => (None, name.to_owned()),
        Ecosystem::Npm | Ecosystem::Go | Ecosystem::Packagist | Ecosystem::Swift => split('/'),
        Ecosystem::GitHubActions => {
            // `owner/repository/path`: the path is a part of the package.
            let mut parts = name.splitn(3, '/');
            match (parts.next(), parts.next()) {
                (Some(owner), Some(repository)) => (Some(owner.to_owned()), repository.to_owned()),
                _ => (None, name.to_owned()),
            }
        }
        Ecosystem::Debian => (Some("debian".to_owned()), name.to_owned()),
        Ecosystem::Ubuntu => (Some("ubuntu".to_owned()), name.to_owned()),
        Ecosystem::Alpine => (Some("alpine".to_owned()), name.to_owned()),
        Ecosystem::Wolfi => (Some("wolfi".to_owned()), name.to_owned()),
        Ecosystem::Chainguard => (Some("chainguard".to_owned()), name.to_owned()),
        Ecosystem::RedHat => (Some("redhat".to_owned()), name.to_owned()),
        Ecosystem::RockyLinux => (Some("rocky".to_owned()), name.to_owned()),
        Ecosystem::AlmaLinux => (Some("almalinux".to_owned()), name.to_owned()),
        Ecosystem::Suse => (Some("suse".to_owned()), name.to_owned()),
        Ecosystem::OpenSuse => (Some("opensuse".to_owned()), name.to_owned()),
        _ => (None, name.to_owned()),
    };
    let subpath = (ecosystem == Ecosystem::GitHubActions)
        .then(|| package.name.splitn(3, '/').nth(2).map(str::to_owned))
        .flatten();
    // What ties files of one project together is no part of a package's name.
    let own = |(name, _): &&(String, String)| name != cargo_toml::KEY && name != "replaced-by";
    let mut qualifiers: Vec<(String, String)> = package.qualifiers.iter().filter(own).cloned().collect();
    if let Some(release) = &package.release {
        let distribution = namespace.as_deref().unwrap_or(ecosystem.purl_type());
        qualifiers.push(("distro".to_owned(), format!("{distribution}-{release}")));
    }
    match &package.source {
        SourceKind::Git { url, revision } => {
            let at = revision.as_ref().map(|revision| format!("@{revision}")).unwrap_or_default();
            qualifiers.push(("vcs_url".to_owned(), format!("git+{url}{at}")));
        }
        SourceKind::Url(url) => qualifiers.push(("download_url".to_owned(), url.clone())),
        SourceKind::Registry | SourceKind::Path => {}
    }
    let mut url = PackageUrl {
        kind: ecosystem.purl_type().to_owned(),
        namespace,
        name,
        version: package.version.clone(),
        qualifiers,
        subpath,
    };
    url.tidy();
    url.to_string()
}

impl PackageUrl {
    /// Reads a package URL.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, PurlError> {
        if text.len() > MAX_LENGTH {
            return Err(PurlError::Length);
        }
        let text = text.trim();
        let scheme = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("pkg:"));
        let rest = scheme.and_then(|_| text.get(4..)).ok_or(PurlError::Scheme)?.trim_start_matches('/');
        // From the right, as the specification says: subpath, qualifiers, version, then what is left.
        let (rest, subpath) = rest.rsplit_once('#').map_or((rest, None), |(rest, path)| (rest, Some(path)));
        let (rest, query) = rest.rsplit_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (kind, rest) = rest.split_once('/').ok_or(PurlError::Name)?;
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        if kind.is_empty() || !kind.chars().all(valid) || kind.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(PurlError::Type);
        }
        let (rest, version) = match rest.rfind('@').filter(|at| *at > 0 && !rest[*at..].contains('/')) {
            // An `@` right after a slash is a scope that was not escaped.
            Some(at) if !rest[..at].ends_with('/') => (&rest[..at], Some(decode(&rest[at + 1..]))),
            _ => (rest, None),
        };
        let mut parts: Vec<String> = rest.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        let name = parts.pop().filter(|name| !name.is_empty()).ok_or(PurlError::Name)?;
        let mut qualifiers = Vec::new();
        for pair in query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if key.is_empty() || !key.chars().all(valid) {
                return Err(PurlError::Qualifier);
            }
            qualifiers.push((key.to_ascii_lowercase(), decode(value)));
        }
        let subpath = subpath.map(|path| {
            let parts = path.split('/').map(decode).filter(|part| !matches!(part.as_str(), "" | "." | ".."));
            parts.collect::<Vec<_>>().join("/")
        });
        let mut url = Self {
            kind: kind.to_ascii_lowercase(),
            namespace: (!parts.is_empty()).then(|| parts.join("/")),
            name,
            version,
            qualifiers,
            subpath,
        };
        url.tidy();
        Ok(url)
    }

    /// Ecosystem, release of a distribution, and name, where the type is one that Bartizan knows.
    pub fn package(&self) -> Option<(Ecosystem, Option<String>, String)> {
        let namespace = self.namespace.as_deref().unwrap_or_default();
        let joined = |separator: &str| match namespace {
            "" => self.name.clone(),
            namespace => format!("{namespace}{separator}{}", self.name),
        };
        let plain = Ecosystem::ALL.iter().copied().find(|ecosystem| ecosystem.purl_type() == self.kind)?;
        let (ecosystem, name) = match self.kind.as_str() {
            "maven" => (Ecosystem::Maven, joined(":")),
            "npm" | "golang" | "composer" | "swift" => (plain, joined("/")),
            "githubactions" => {
                let path = self.subpath.as_ref().map(|path| format!("/{path}")).unwrap_or_default();
                (plain, format!("{}{path}", joined("/")))
            }
            "deb" => {
                let ubuntu = namespace == "ubuntu";
                (if ubuntu { Ecosystem::Ubuntu } else { Ecosystem::Debian }, self.name.clone())
            }
            "apk" => {
                let ecosystem = match namespace {
                    "wolfi" => Ecosystem::Wolfi,
                    "chainguard" => Ecosystem::Chainguard,
                    _ => Ecosystem::Alpine,
                };
                (ecosystem, self.name.clone())
            }
            "rpm" => {
                let ecosystem = match namespace {
                    "rocky" | "rockylinux" => Ecosystem::RockyLinux,
                    "almalinux" | "alma" => Ecosystem::AlmaLinux,
                    "suse" | "sles" => Ecosystem::Suse,
                    "opensuse" => Ecosystem::OpenSuse,
                    "redhat" | "rhel" => Ecosystem::RedHat,
                    _ => return None,
                };
                (ecosystem, self.name.clone())
            }
            _ => (plain, self.name.clone()),
        };
        let release = self.qualifier("distro").map(|distro| {
            // `debian-12`, `alpine-3.18.4`, or the release alone.
            let release = distro.rsplit_once('-').map_or(distro, |(_, release)| release);
            match ecosystem {
                Ecosystem::Alpine => {
                    let mut parts = release.trim_start_matches('v').splitn(3, '.');
                    format!("v{}.{}", parts.next().unwrap_or_default(), parts.next().unwrap_or("0"))
                }
                _ => release.to_owned(),
            }
        });
        let name = ecosystem.normalise_name(&name);
        Some((ecosystem, release, name))
    }

    /// The value of a qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// What the specification asks of all types and of some.
    fn tidy(&mut self) {
        self.qualifiers.retain(|(_, value)| !value.is_empty());
        self.qualifiers.sort();
        self.qualifiers.dedup_by(|later, earlier| later.0 == earlier.0);
        self.namespace = self.namespace.take().filter(|namespace| !namespace.is_empty());
        self.version = self.version.take().filter(|version| !version.is_empty());
        self.subpath = self.subpath.take().filter(|path| !path.is_empty());
        let lower_namespace = matches!(
            self.kind.as_str(),
            "deb" | "apk" | "rpm" | "composer" | "github" | "githubactions" | "bitbucket"
        );
        if lower_namespace && let Some(namespace) = &mut self.namespace {
            *namespace = namespace.to_lowercase();
        }
        if matches!(self.kind.as_str(), "deb" | "apk" | "composer" | "github" | "githubactions" | "bitbucket")
        {
            self.name = self.name.to_lowercase();
        }
        if self.kind == "pypi" {
            self.name = Ecosystem::PyPi.normalise_name(&self.name);
        }
    }
}

impl fmt::Display for PackageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        for part in
            self.namespace.iter().flat_map(|namespace| namespace.split('/')).filter(|part| !part.is_empty())
        {
            write!(f, "{}/", Encoded(part, false))?;
        }
        write!(f, "{}", Encoded(&self.name, false))?;
        if let Some(version) = &self.version {
            write!(f, "@{}", Encoded(version, false))?;
        }
        for (index, (key, value)) in self.qualifiers.iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            write!(f, "{separator}{key}={}", Encoded(value, true))?;
        }
        if let Some(path) = &self.subpath {
            let parts: Vec<String> = path.split('/').map(|part| Encoded(part, false).to_string()).collect();
            write!(f, "#{}", parts.join("/"))?;
        }
        Ok(())
    }
}

/// Percent-encoded: everything but letters, digits and `.-_~:`, and slashes where they are kept.
struct Encoded<'a>(&'a str, bool);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.0.as_bytes() {
            let plain = byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) || (self.1 && byte == b'/');
            if plain {
                write!(f, "{}", byte as char)?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

/// Without percent-encoding; what is no UTF-8 then is replaced.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = |at: usize| bytes.get(at).and_then(|byte| (*byte as char).to_digit(16));
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples_of_the_specification() {
        for text in [
            "pkg:cargo/rand@0.7.2",
            "pkg:composer/laravel/laravel@5.5.0",
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
            "pkg:gem/ruby-advisory-db-check@0.12.4",
            "pkg:golang/google.golang.org/genproto@abcdedf#googleapis/api/annotations",
            "pkg:maven/org.apache.commons/io@1.3.4",
            "pkg:npm/%40angular/animation@12.3.1",
            "pkg:nuget/EnterpriseLibrary.Common@6.0.1304",
            "pkg:pypi/django-allauth@12.23",
            "pkg:rpm/opensuse/curl@7.56.1-1.1.?arch=i386&distro=opensuse-tumbleweed",
        ] {
            assert_eq!(PackageUrl::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(
            PackageUrl::parse("pkg:pypi/Django_Allauth@1").unwrap().to_string(),
            "pkg:pypi/django-allauth@1"
        );
        assert_eq!(PackageUrl::parse("PKG://npm/@a/b@1?x=").unwrap().to_string(), "pkg:npm/%40a/b@1");
        for (text, error) in [
            ("npm/a@1", PurlError::Scheme),
            ("pkg:npm", PurlError::Name),
            ("pkg:n m/a", PurlError::Type),
            ("pkg:npm/", PurlError::Name),
            ("pkg:npm/a?b c=d", PurlError::Qualifier),
        ] {
            assert_eq!(PackageUrl::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn packages_and_their_urls() {
        for (ecosystem, name, version, text) in [
            (Ecosystem::Npm, "@angular/core", "1.0.0", "pkg:npm/%40angular/core@1.0.0"),
            (Ecosystem::Maven, "org.apache:commons", "1.0", "pkg:maven/org.apache/commons@1.0"),
            (Ecosystem::Go, "golang.org/x/text", "v0.3.0", "pkg:golang/golang.org/x/text@v0.3.0"),
            (Ecosystem::PyPi, "PyYAML", "6.0", "pkg:pypi/pyyaml@6.0"),
            (
                Ecosystem::GitHubActions,
                "actions/cache/save",
                "4.0.0",
                "pkg:githubactions/actions/cache@4.0.0#save",
            ),
        ] {
            let package =
                Package { version: Some(version.to_owned()), ..Package::new(ecosystem, name, 0..0) };
            assert_eq!(of(&package), text);
            let read = PackageUrl::parse(text).unwrap();
            assert_eq!(read.package(), Some((ecosystem, None, package.name)));
        }
        let mut package = Package::new(Ecosystem::Alpine, "openssl", 0..0);
        package.release = Some("v3.18".to_owned());
        assert_eq!(of(&package), "pkg:apk/alpine/openssl?distro=alpine-v3.18");
        let read = PackageUrl::parse("pkg:apk/alpine/openssl?distro=alpine-3.18.4").unwrap();
        assert_eq!(read.package(), Some((Ecosystem::Alpine, Some("v3.18".to_owned()), "openssl".to_owned())));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            namespace in prop::option::of("[a-z@%.]{1,8}(/[a-z@?#]{1,5})?"),
            name in "[a-zäöü@/?#%+& ]{1,12}",
            version in prop::option::of("[0-9a-z.+~@:/ ]{1,10}"),
            value in "[a-z/=&? ]{0,8}",
        ) {
            let mut url = PackageUrl {
                kind: "generic".to_owned(),
                namespace,
                name,
                version,
                qualifiers: vec![("key".to_owned(), value)],
                subpath: None,
            };
            url.tidy();
            prop_assert_eq!(PackageUrl::parse(&url.to_string()), Ok(url));
        }

        #[test]
        fn any_text_is_survived(text in "(pkg:)?.{0,60}") {
            if let Ok(url) = PackageUrl::parse(&text) {
                let _ = url.package();
                prop_assert_eq!(PackageUrl::parse(&url.to_string()).map(|again| again.to_string()), Ok(url.to_string()));
            }
        }
    }
}
