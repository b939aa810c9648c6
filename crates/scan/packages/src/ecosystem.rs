//! Where packages come from: names as OSV writes them, package URL types, and how names are made equal.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ecosystems {
    ($($name:ident $osv:literal $purl:literal,)*) => {
        /// A family of packages with one namespace and one version order.
        ///
        /// Names are those of the OSV schema's list of ecosystems, types those of the package URL specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each variant is the ecosystem of that name")]
        pub enum Ecosystem { $($name,)* }

        impl Ecosystem {
            /// All, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As OSV writes it, without a release: `crates.io`, `PyPI`, `Debian`.
            pub fn osv(self) -> &'static str {
                match self { $(Self::$name => $osv,)* }
            }

            /// The type in a package URL: `cargo`, `pypi`, `deb`.
            pub fn purl_type(self) -> &'static str {
                match self { $(Self::$name => $purl,)* }
            }

            /// From OSV's word, whatever its case; `Debian:12` gives the ecosystem and the release.
            pub fn from_osv(text: &str) -> Option<(Self, Option<&str>)> {
                let (word, release) = match text.split_once(':') {
                    Some((word, release)) => (word, Some(release)),
                    None => (text, None),
                };
                let found = Self::ALL.iter().find(|ecosystem| ecosystem.osv().eq_ignore_ascii_case(word))?;
                Some((*found, release))
            }
        }
    };
}

ecosystems! {
    CratesIo "crates.io" "cargo",
    Npm "npm" "npm",
    PyPi "PyPI" "pypi",
    Go "Go" "golang",
    Maven "Maven" "maven",
    RubyGems "RubyGems" "gem",
    Packagist "Packagist" "composer",
    NuGet "NuGet" "nuget",
    Pub "Pub" "pub",
    Swift "SwiftURL" "swift",
    Hex "Hex" "hex",
    Hackage "Hackage" "hackage",
    Conan "ConanCenter" "conan",
    GitHubActions "GitHub Actions" "githubactions",
    Cran "CRAN" "cran",
    Debian "Debian" "deb",
    Ubuntu "Ubuntu" "deb",
    Alpine "Alpine" "apk",
    Wolfi "Wolfi" "apk",
    Chainguard "Chainguard" "apk",
    RedHat "Red Hat" "rpm",
    RockyLinux "Rocky Linux" "rpm",
    AlmaLinux "AlmaLinux" "rpm",
    Suse "SUSE" "rpm",
    OpenSuse "openSUSE" "rpm",
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.osv())
    }
}

impl Ecosystem {
    /// The name under which equal packages are equal: PEP 503 for Python (lower case, runs of `-_.` become `-`), lower case where
    /// the registry ignores case (NuGet, Packagist, GitHub Actions, Swift URLs, Hackage stays), else as it stands.
    pub fn normalise_name(self, name: &str) -> String {
        let name = name.trim();
        match self {
            Self::PyPi => {
                let mut out = String::with_capacity(name.len());
                let mut separated = false;
                for char in name.chars() {
                    if matches!(char, '-' | '_' | '.') {
                        separated = true;
                        continue;
                    }
                    if separated {
                        out.push('-');
                        separated = false;
                    }
                    out.extend(char.to_lowercase());
                }
                if separated {
                    out.push('-');
                }
                out
            }
            Self::NuGet | Self::Packagist | Self::GitHubActions => name.to_lowercase(),
            Self::Swift => {
                let name =
                    name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
                name.strip_suffix(".git").unwrap_or(name).to_lowercase()
            }
            _ => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ecosystem;

    #[test]
    fn names_are_made_equal_as_each_registry_does() {
        assert_eq!(Ecosystem::PyPi.normalise_name("Zope.Interface__x"), "zope-interface-x");
        assert_eq!(Ecosystem::NuGet.normalise_name("Newtonsoft.Json"), "newtonsoft.json");
        assert_eq!(Ecosystem::Npm.normalise_name("@Scope/Name"), "@Scope/Name");
        assert_eq!(Ecosystem::Swift.normalise_name("https://Host.example/a/B.git"), "host.example/a/b");
    }

    #[test]
    fn every_ecosystem_is_found_by_its_osv_name() {
        for ecosystem in Ecosystem::ALL {
            assert_eq!(Ecosystem::from_osv(ecosystem.osv()), Some((*ecosystem, None)));
        }
        assert_eq!(Ecosystem::from_osv("Debian:12"), Some((Ecosystem::Debian, Some("12"))));
        assert_eq!(Ecosystem::from_osv("no such"), None);
    }
}
