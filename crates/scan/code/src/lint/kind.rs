//! Kinds of remarks, and what is to be done about each.

use serde::{Serialize, Serializer};

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The rule, or the file, cannot be used.
    Broken,
    /// It loads, but something in it is not as it should be.
    Odd,
    /// It can match nothing.
    NeverMatches,
    /// A part that changes nothing, as another one covers it.
    DeadPattern,
    /// A choice of one.
    SingleAlternative,
    /// Not all alternatives were compared.
    NotCompared,
    /// Whatever is a sink is a source as well.
    SourceIsSink,
    /// The message does not tell what is wrong.
    PoorMessage,
    /// Metadata that reports show is not there.
    MissingMetadata,
    /// The fix makes something that is no code.
    UnreadableFix,
    /// A metavariable is used that nothing binds.
    UnboundMetavariable,
    /// Matching can take exponential time.
    SlowRegex,
    /// A regular expression that holds for everything.
    EmptyRegex,
    /// No literal tells in which files the rule can match.
    NoLiteral,
    /// Nothing tests the rule.
    NoFixture,
    /// Two rules have one id.
    DuplicateId,
}

impl Kind {
    /// One stable word, such as `never-matches`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Odd => "odd",
            Self::NeverMatches => "never-matches",
            Self::DeadPattern => "dead-pattern",
            Self::SingleAlternative => "single-alternative",
            Self::NotCompared => "not-compared",
            Self::SourceIsSink => "source-is-sink",
            Self::PoorMessage => "poor-message",
            Self::MissingMetadata => "missing-metadata",
            Self::UnreadableFix => "unreadable-fix",
            Self::UnboundMetavariable => "unbound-metavariable",
            Self::SlowRegex => "slow-regex",
            Self::EmptyRegex => "empty-regex",
            Self::NoLiteral => "no-literal",
            Self::NoFixture => "no-fixture",
            Self::DuplicateId => "duplicate-id",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Broken => "mend what the reason names; until then the rule does not run",
            Self::Odd => "mend what the reason names, or leave it away",
            Self::NeverMatches => "narrow the negation, or take the rule away",
            Self::DeadPattern => "take the pattern away, or say in it what the other one does not",
            Self::SingleAlternative => "write the entry without the list",
            Self::NotCompared => {
                "split the list, or write the alternatives as one pattern and a `metavariable-regex`"
            }
            Self::SourceIsSink => "give the sink or the source more around it, or write a search rule",
            Self::PoorMessage => "say in full sentences what is wrong and what can come of it",
            Self::MissingMetadata => "add the keys under `metadata`",
            Self::UnreadableFix => "write the fix as code of the language",
            Self::UnboundMetavariable => "bind it in a pattern that has to match, or mend its name",
            Self::SlowRegex => "let no repetition stand in a repetition of the same characters",
            Self::EmptyRegex => "anchor it, or ask for at least one character",
            Self::NoLiteral => "name a function, an attribute or an import where one is sure to be there",
            Self::NoFixture => {
                "add lines to match and lines to spare to a file of the same name beside the rule, and run `bartizan rules test`"
            }
            Self::DuplicateId => "give one of them another id",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
