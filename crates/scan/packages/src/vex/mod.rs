//! Statements that a product is, or is not, affected by a vulnerability: OpenVEX and CycloneDX VEX.
//!
//! Source: OpenVEX specification 0.2.0; CycloneDX 1.6, "vulnerabilities".

pub mod cyclonedx;
pub mod openvex;

use crate::ParseError;
use crate::purl::decode;

/// Statements of one file beyond which it is refused.
pub(crate) const MAX_STATEMENTS: usize = 200_000;

/// What somebody says of products and vulnerabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The id and other names of the vulnerability.
    pub vulnerabilities: Vec<String>,
    /// Package URLs of products, with or without version; or other names of them.
    pub products: Vec<String>,
    /// Package URLs of parts of these products that it is about. Empty: the products themselves.
    pub components: Vec<String>,
    /// What is said.
    pub status: Status,
    /// OpenVEX's word for why something is not affected, such as `vulnerable_code_not_in_execute_path`.
    pub justification: Option<String>,
    /// In the author's words: impact, or what to do.
    pub words: String,
    /// RFC 3339.
    pub timestamp: Option<String>,
    /// Who says so.
    pub author: Option<String>,
}

/// What a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No remediation is needed.
    NotAffected,
    /// Something is to be done.
    Affected,
    /// These versions have a fix.
    Fixed,
    /// Not known yet.
    UnderInvestigation,
}

impl Status {
    /// OpenVEX's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAffected => "not_affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }
}

impl Statement {
    /// By whom and why a finding may stand; `None`: it counts.
    pub fn excuse(&self) -> Option<(String, String)> {
        if !matches!(self.status, Status::NotAffected | Status::Fixed) {
            return None;
        }
        let mut why = self.status.as_str().replace('_', " ");
        for text in self.justification.iter().map(|text| text.replace('_', " ")).chain([self.words.clone()]) {
            if !text.is_empty() {
                why.push_str(": ");
                why.push_str(&text);
            }
        }
        let by = self.author.as_ref().map_or("vex".to_owned(), |author| format!("vex ({author})"));
        Some((by, why))
    }
}

/// Statements of any number of documents.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    all: Vec<Statement>,
}

impl Statements {
    /// Reads a document of either kind, told apart by its content.
    ///
    /// # Errors
    /// When it is neither, or broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| ParseError {
            line: u32::try_from(error.line()).unwrap_or(u32::MAX).max(1),
            reason: format!("no JSON: {error}"),
        })?;
        let all = match value.get("bomFormat").and_then(serde_json::Value::as_str) {
            Some("CycloneDX") => cyclonedx::read(&value),
            _ => openvex::read(&value),
        };
        let all = all.map_err(|reason| ParseError { line: 1, reason })?;
        Ok(Self { all })
    }

    /// Takes over those of another document.
    pub fn extend(&mut self, other: Self) {
        self.all.extend(other.all);
    }

    /// All of them.
    pub fn all(&self) -> &[Statement] {
        &self.all
    }

    /// The statement that holds for a vulnerability, by any of its names, in a component: the one with the latest time stamp; of equal
    /// ones the last that was read.
    pub fn verdict(&self, ids: &[&str], component: &str) -> Option<&Statement> {
        let named = |statement: &&Statement| {
            statement.vulnerabilities.iter().any(|name| ids.iter().any(|id| id.eq_ignore_ascii_case(name)))
        };
        let about = |statement: &&Statement| {
            let list =
                if statement.components.is_empty() { &statement.products } else { &statement.components };
            list.iter().any(|purl| covers(purl, component))
        };
        self.all.iter().filter(named).filter(about).max_by(|a, b| a.timestamp.cmp(&b.timestamp))
    }
}

/// Whether a package URL of a statement covers a component's: the same package, and each of version and qualifiers that the
/// statement names is the same.
fn covers(stated: &str, component: &str) -> bool {
    let (Some(stated), Some(component)) = (Parts::of(stated), Parts::of(component)) else { return false };
    let version = stated.version.as_ref().is_none_or(|version| component.version.as_ref() == Some(version));
    stated.package == component.package
        && version
        && stated.qualifiers.iter().all(|pair| component.qualifiers.contains(pair))
}

struct Parts {
    package: String,
    version: Option<String>,
    qualifiers: Vec<String>,
}

impl Parts {
    fn of(purl: &str) -> Option<Self> {
        let rest = purl.strip_prefix("pkg:")?;
        let rest = rest.split('#').next().unwrap_or(rest);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        // A scope's `@` is escaped, or stands right after a slash.
        let at = path.rfind('@').filter(|at| *at > 0 && !path[..*at].ends_with('/'));
        let (package, version) = match at {
            Some(at) => (&path[..at], Some(decode(&path[at + 1..]))),
            None => (path, None),
        };
        let qualifiers = query.split('&').filter(|pair| !pair.is_empty()).map(decode).collect();
        Some(Self { package: decode(package.trim_matches('/')), version, qualifiers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(products: &[&str], status: Status, timestamp: &str) -> Statement {
        Statement {
            vulnerabilities: vec!["CVE-2024-1".to_owned(), "GHSA-x".to_owned()],
            products: products.iter().map(|text| (*text).to_owned()).collect(),
            components: Vec::new(),
            status,
            justification: None,
            words: String::new(),
            timestamp: Some(timestamp.to_owned()),
            author: None,
        }
    }

    #[test]
    fn package_urls_cover_as_far_as_they_name() {
        for (stated, component, expected) in [
            ("pkg:npm/a", "pkg:npm/a@1.0.0", true),
            ("pkg:npm/a@1.0.0", "pkg:npm/a@1.0.0", true),
            ("pkg:npm/a@1.0.1", "pkg:npm/a@1.0.0", false),
            ("pkg:npm/%40s/a@1.0.0", "pkg:npm/@s/a@1.0.0", true),
            ("pkg:npm/@s/a", "pkg:npm/%40s/a@1.0.0", true),
            ("pkg:deb/debian/curl@1?arch=amd64", "pkg:deb/debian/curl@1", false),
            ("pkg:deb/debian/curl@1", "pkg:deb/debian/curl@1?arch=amd64", true),
            ("pkg:npm/a", "pkg:npm/ab@1", false),
            ("a", "pkg:npm/a@1", false),
        ] {
            assert_eq!(covers(stated, component), expected, "{stated} {component}");
        }
    }

    #[test]
    fn the_latest_statement_holds() {
        let mut all =
            Statements { all: vec![statement(&["pkg:npm/a"], Status::NotAffected, "2024-03-01T00:00:00Z")] };
        let status = |all: &Statements, id: &str| all.verdict(&[id], "pkg:npm/a@1.0.0").map(|it| it.status);
        assert_eq!(status(&all, "ghsa-X"), Some(Status::NotAffected));
        assert_eq!(status(&all, "CVE-2024-2"), None);
        all.extend(Statements {
            all: vec![statement(&["pkg:npm/a@1.0.0"], Status::Affected, "2024-05-01T00:00:00Z")],
        });
        all.extend(Statements {
            all: vec![statement(&["pkg:npm/a"], Status::Fixed, "2024-04-01T00:00:00Z")],
        });
        assert_eq!(status(&all, "CVE-2024-1"), Some(Status::Affected));
        assert!(all.verdict(&["CVE-2024-1"], "pkg:npm/a@1.0.0").unwrap().excuse().is_none());
    }
}
