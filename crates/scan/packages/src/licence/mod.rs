//! Licences: SPDX expressions from what registries and files say, and which of them a policy wants.
//!
//! Expressions are read by the `spdx` crate; `names.rs` maps what people write instead of SPDX identifiers.

mod names;

pub use names::expression;

use spdx::expression::ExprNode;
use spdx::{Expression, LicenseItem};

/// Which licences are wanted. Empty: all are.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    allow: Vec<Pattern>,
    deny: Vec<Pattern>,
}

/// Why a policy makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{entry}` is no SPDX licence identifier{}", suggestion.as_ref().map(|near| format!(": did you mean `{near}`?")).unwrap_or_default())]
pub struct PolicyError {
    /// As written.
    pub entry: String,
    /// The identifier that is nearest.
    pub suggestion: Option<String>,
}

/// One entry of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// In lower case.
    Exact(String),
    /// `GPL-*`, without the star, in lower case.
    Family(String),
    /// What no identifier stands for, or is not told at all.
    Unknown,
}

/// What a policy says of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be used.
    Allowed,
    /// The policy forbids this licence.
    Denied(String),
    /// The policy names what is allowed, and this is not among it.
    NotListed(String),
    /// No licence is told, or nobody can tell what these words mean.
    Unknown(String),
}

impl Policy {
    /// Entries are SPDX identifiers, families such as `GPL-*`, or `unknown`. What is denied is so whatever is allowed; where
    /// nothing is allowed by name, all that is not denied is.
    ///
    /// # Errors
    /// When an entry is none of these.
    pub fn new(allow: &[String], deny: &[String]) -> Result<Self, PolicyError> {
        let read = |list: &[String]| list.iter().map(|entry| pattern(entry)).collect::<Result<Vec<_>, _>>();
        Ok(Self { allow: read(allow)?, deny: read(deny)? })
    }

    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }

    /// Judges the licences that files tell of one package. Several entries all count, as files say different things of one
    /// package; of `A OR B` one suffices.
    pub fn judge(&self, licences: &[String]) -> Verdict {
        if self.is_empty() {
            return Verdict::Allowed;
        }
        if licences.iter().all(|text| text.trim().is_empty()) {
            return self.unknown(String::new());
        }
        licences
            .iter()
            .filter(|text| !text.trim().is_empty())
            .map(|text| match expression(text) {
                Some(expression) => self.judge_expression(&expression),
                None => self.unknown(text.clone()),
            })
            .find(|verdict| *verdict != Verdict::Allowed)
            .unwrap_or(Verdict::Allowed)
    }

    /// Why a package with these licences is not wanted, in a few words; `None`: it is.
    pub fn objection(&self, licences: &[String]) -> Option<String> {
        match self.judge(licences) {
            Verdict::Allowed => None,
            Verdict::Denied(licence) => Some(format!("the policy denies its licence {licence}")),
            Verdict::NotListed(licence) => Some(format!("the policy does not allow its licence {licence}")),
            Verdict::Unknown(text) if text.is_empty() => Some("no file tells its licence".to_owned()),
            Verdict::Unknown(text) => Some(format!("its licence `{text}` is no SPDX expression")),
        }
    }

    fn unknown(&self, text: String) -> Verdict {
        let denied = self.deny.contains(&Pattern::Unknown);
        let allowed = self.allow.is_empty() || self.allow.contains(&Pattern::Unknown);
        if denied || !allowed { Verdict::Unknown(text) } else { Verdict::Allowed }
    }

    /// The nodes come in postfix order.
    fn judge_expression(&self, expression: &Expression) -> Verdict {
        let mut stack: Vec<Verdict> = Vec::new();
        for node in expression.iter() {
            match node {
                ExprNode::Req(requirement) => stack.push(self.judge_item(&requirement.req.license)),
                ExprNode::Op(operator) => {
                    let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else {
                        return Verdict::Unknown(expression.to_string());
                    };
                    let first = match operator {
                        spdx::expression::Operator::And => left != Verdict::Allowed,
                        spdx::expression::Operator::Or => left == Verdict::Allowed,
                    };
                    stack.push(if first { left } else { right });
                }
            }
        }
        stack.pop().unwrap_or_else(|| Verdict::Unknown(expression.to_string()))
    }

    fn judge_item(&self, item: &LicenseItem) -> Verdict {
        let name = item.to_string();
        let lower = name.to_lowercase();
        let is = |list: &[Pattern]| {
            list.iter().any(|pattern| match pattern {
                Pattern::Exact(id) => lower == *id || lower.strip_suffix('+') == Some(id),
                Pattern::Family(front) => lower.starts_with(front.as_str()),
                Pattern::Unknown => matches!(item, LicenseItem::Other { .. }),
            })
        };
        if is(&self.deny) {
            Verdict::Denied(name)
        } else if self.allow.is_empty() || is(&self.allow) {
            Verdict::Allowed
        } else {
            Verdict::NotListed(name)
        }
    }
}

fn pattern(entry: &str) -> Result<Pattern, PolicyError> {
    let text = entry.trim();
    if text.eq_ignore_ascii_case("unknown") {
        return Ok(Pattern::Unknown);
    }
    let ids = || spdx::identifiers::LICENSES.iter().map(|licence| licence.name);
    if let Some(front) = text.strip_suffix('*') {
        let front = front.to_lowercase();
        if ids().any(|id| id.to_lowercase().starts_with(&front)) {
            return Ok(Pattern::Family(front));
        }
    } else if let Some(id) = ids().find(|id| id.eq_ignore_ascii_case(text)) {
        return Ok(Pattern::Exact(id.to_lowercase()));
    } else if text.starts_with("LicenseRef-") {
        return Ok(Pattern::Exact(text.to_lowercase()));
    }
    let near = ids()
        .map(|id| (strsim::damerau_levenshtein(&id.to_lowercase(), &text.to_lowercase()), id))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    Err(PolicyError { entry: entry.to_owned(), suggestion: near.map(|(_, id)| id.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], deny: &[&str]) -> Policy {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Policy::new(&owned(allow), &owned(deny)).unwrap()
    }

    fn judge(policy: &Policy, licences: &[&str]) -> Verdict {
        policy.judge(&licences.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn of_alternatives_one_suffices_and_of_parts_all_count() {
        let policy = policy(&["MIT", "Apache-2.0", "BSD-*"], &[]);
        for text in
            ["MIT", "mit OR GPL-3.0-only", "MIT AND BSD-3-Clause", "MIT/Apache-2.0", "Apache License 2.0"]
        {
            assert_eq!(judge(&policy, &[text]), Verdict::Allowed, "{text}");
        }
        assert_eq!(judge(&policy, &["MIT AND GPL-3.0-only"]), Verdict::NotListed("GPL-3.0-only".to_owned()));
        assert_eq!(judge(&policy, &["MIT", "MPL-2.0"]), Verdict::NotListed("MPL-2.0".to_owned()));
        assert_eq!(judge(&policy, &[]), Verdict::Unknown(String::new()));
    }

    #[test]
    fn what_is_denied_stays_so() {
        let policy = policy(&[], &["GPL-*", "AGPL-3.0-only", "unknown"]);
        assert_eq!(judge(&policy, &["GPL-2.0-or-later"]), Verdict::Denied("GPL-2.0-or-later".to_owned()));
        assert_eq!(judge(&policy, &["GPLv3"]), Verdict::Denied("GPL-3.0-only".to_owned()));
        assert_eq!(judge(&policy, &["GPL-2.0-only OR MIT"]), Verdict::Allowed);
        assert_eq!(judge(&policy, &["whatever you like"]), Verdict::Unknown("whatever you like".to_owned()));
        assert_eq!(judge(&Policy::default(), &["whatever you like"]), Verdict::Allowed);
    }

    #[test]
    fn entries_that_are_no_identifiers_are_told() {
        let error = Policy::new(&["Apache2".to_owned()], &[]).unwrap_err();
        assert!(error.to_string().starts_with("`Apache2` is no SPDX licence identifier"), "{error}");
        let error = Policy::new(&[], &["MTI".to_owned()]).unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("MIT"));
    }
}
