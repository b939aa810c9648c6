//! The free data of a rule, and what is usually in it.

use serde_json::Value;

/// A rule's `metadata`: an object, or null where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata(pub Value);

impl Metadata {
    /// Numbers of the `cwe` entries, whether `CWE-79`, `CWE-79: Cross-site …`, `79` or lists of these.
    pub fn cwe(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = Vec::new();
        for entry in self.entries("cwe") {
            let digits = match entry {
                Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
                Value::String(text) => cwe_number(text),
                _ => None,
            };
            numbers.extend(digits.filter(|number| !numbers.contains(number)));
        }
        numbers
    }

    /// The `owasp` entries as written.
    pub fn owasp(&self) -> Vec<&str> {
        self.strings("owasp")
    }

    /// The `references` as written.
    pub fn references(&self) -> Vec<&str> {
        self.strings("references")
    }

    /// `confidence` in capitals: `HIGH`, `MEDIUM`, `LOW`.
    pub fn confidence(&self) -> Option<String> {
        self.text("confidence").map(str::to_ascii_uppercase)
    }

    /// `title`, or else `name`.
    pub fn title(&self) -> Option<&str> {
        self.text("title").or_else(|| self.text("name"))
    }

    /// What to do: `remediation`, or else `fix`.
    pub fn remediation(&self) -> Option<&str> {
        self.text("remediation").or_else(|| self.text("fix"))
    }

    /// A string.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// Strings of a list; a lone string is a list of one.
    pub fn strings(&self, key: &str) -> Vec<&str> {
        self.entries(key).iter().filter_map(Value::as_str).collect()
    }

    fn entries(&self, key: &str) -> &[Value] {
        match self.0.get(key) {
            Some(Value::Array(several)) => several,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        }
    }
}

fn cwe_number(text: &str) -> Option<u32> {
    let text = text.trim();
    let rest = match text.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("cwe") => {
            text.get(3..)?.trim_start_matches(['-', ' ', ':'])
        }
        _ => text,
    };
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cwe_numbers_are_read_however_they_are_written() {
        let metadata =
            Metadata(serde_json::json!({"cwe": ["CWE-79: Script", "cwe 89", 22, "79", "CWE-", "other"]}));
        assert_eq!(metadata.cwe(), [79, 89, 22]);
        assert_eq!(Metadata(serde_json::json!({"cwe": "CWE-502"})).cwe(), [502]);
        assert!(Metadata::default().cwe().is_empty());
    }

    #[test]
    fn a_lone_string_is_a_list_of_one() {
        let metadata = Metadata(
            serde_json::json!({"owasp": "A03:2021", "references": ["a", 1, "b"], "confidence": "high"}),
        );
        assert_eq!(metadata.owasp(), ["A03:2021"]);
        assert_eq!(metadata.references(), ["a", "b"]);
        assert_eq!(metadata.confidence().as_deref(), Some("HIGH"));
    }
}
