//! The content of trees, commits and tags.
//!
//! Source of facts: git's `Documentation/gitdatamodel.adoc` and the formats that `git cat-file -p` and
//! `git cat-file tree` show.

use super::fault::Fault;
use super::oids::unhex;

/// One line of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry<'a> {
    pub(super) mode: u32,
    pub(super) name: &'a [u8],
    pub(super) id: &'a [u8],
}

impl TreeEntry<'_> {
    /// Another tree.
    pub(super) fn is_folder(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }

    /// A submodule's commit, which is in another repository.
    pub(super) fn is_submodule(&self) -> bool {
        self.mode & 0o170_000 == 0o160_000
    }
}

/// Splits the first line off a tree; nothing at its end.
pub(super) fn next_entry<'a>(rest: &mut &'a [u8], id_length: usize) -> Result<Option<TreeEntry<'a>>, Fault> {
    const BROKEN: Fault = Fault::Malformed("the tree is damaged");
    if rest.is_empty() {
        return Ok(None);
    }
    let mut mode = 0_u32;
    let mut digits = 0;
    loop {
        match rest.get(digits) {
            Some(digit @ b'0'..=b'7') if digits < 7 => mode = mode << 3 | u32::from(digit - b'0'),
            Some(b' ') if digits > 0 => break,
            _ => return Err(BROKEN),
        }
        digits += 1;
    }
    let after = &rest[digits + 1..];
    let end = after.iter().position(|byte| *byte == 0).filter(|end| *end > 0).ok_or(BROKEN)?;
    let id = after.get(end + 1..end + 1 + id_length).ok_or(BROKEN)?;
    let entry = TreeEntry { mode, name: &after[..end], id };
    *rest = &after[end + 1 + id_length..];
    Ok(Some(entry))
}

/// What the history needs of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CommitHead {
    pub(super) tree: Vec<u8>,
    pub(super) parents: Vec<Vec<u8>>,
    /// When it was committed, seconds since 1970; 0 where the line is damaged.
    pub(super) committed: i64,
}

impl CommitHead {
    /// Reads a commit's header lines.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        const BROKEN: Fault = Fault::Malformed("the commit is damaged");
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let id = |text: &[u8]| unhex(text).filter(|id| matches!(id.len(), 20 | 32));
        let tree = lines.next().and_then(|line| id(line.strip_prefix(b"tree ")?)).ok_or(BROKEN)?;
        let (mut parents, mut committed) = (Vec::new(), 0);
        for line in lines.take_while(|line| !line.is_empty()) {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                parents.push(id(parent).ok_or(BROKEN)?);
            } else if let Some(person) = line.strip_prefix(b"committer ") {
                committed = Person::parse(person).seconds;
                break;
            }
        }
        Ok(Self { tree, parents, committed })
    }
}

/// Who, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// `Name <mail>`.
    pub(super) who: String,
    /// Seconds since 1970; 0 where there is no number.
    pub(super) seconds: i64,
}

impl Person {
    /// Reads `Name <mail> SECONDS ZONE`.
    fn parse(line: &[u8]) -> Self {
        let end = line.iter().rposition(|byte| *byte == b'>').map_or(line.len(), |at| at + 1);
        let (who, rest) = line.split_at(end);
        let seconds =
            std::str::from_utf8(rest).ok().and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        Self { who: String::from_utf8_lossy(who).trim().to_owned(), seconds: seconds.unwrap_or(0) }
    }

    /// A commit's author.
    pub(super) fn author(commit: &[u8]) -> Self {
        let line = commit
            .split(|byte| *byte == b'\n')
            .take_while(|line| !line.is_empty())
            .find_map(|line| line.strip_prefix(b"author "));
        Self::parse(line.unwrap_or_default())
    }
}

/// What an annotated tag names.
pub(super) fn tag_target(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let line = bytes.split(|byte| *byte == b'\n').next().and_then(|line| line.strip_prefix(b"object "));
    line.and_then(unhex)
        .filter(|id| matches!(id.len(), 20 | 32))
        .ok_or(Fault::Malformed("the tag is damaged"))
}

/// RFC 3339 in UTC of seconds since 1970; years outside 0 to 9999, which RFC 3339 cannot write, become the nearest.
pub(super) fn rfc3339(seconds: i64) -> String {
    const FIRST: i64 = -62_167_219_200;
    const LAST: i64 = 253_402_300_799;
    let seconds = seconds.clamp(FIRST, LAST);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days in the proleptic Gregorian calendar, counted from the 1st of March of year 0 in eras of 400 years.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_written_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (i64::MIN, "0000-01-01T00:00:00Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(seconds), text);
        }
    }

    #[test]
    fn people_are_read_as_git_writes_them() {
        let commit = b"tree 1\nauthor A \xff B <a@b> 86400 +0200\ncommitter C <c> 5 +0000\n\nauthor no\n";
        let author = Person::author(commit);
        assert_eq!((author.who.as_str(), author.seconds), ("A \u{fffd} B <a@b>", 86_400));
        assert_eq!(Person::parse(b"nobody"), Person { who: "nobody".into(), seconds: 0 });
    }

    #[test]
    fn a_commit_gives_tree_parents_and_date() {
        let text = format!(
            "tree {0}\nparent {1}\nparent {0}\nauthor A <a> 1 +0000\ncommitter A <a> 7 -0100\n\nparent x\n",
            "ab".repeat(20),
            "0c".repeat(20)
        );
        let head = CommitHead::parse(text.as_bytes()).unwrap();
        let expected =
            CommitHead { tree: vec![0xab; 20], parents: vec![vec![12; 20], vec![0xab; 20]], committed: 7 };
        assert_eq!(head, expected);
        assert!(CommitHead::parse(b"tree abc\n").is_err());
        assert!(CommitHead::parse(b"").is_err());
    }

    proptest! {
        #[test]
        fn trees_survive_the_round_trip(lines in prop::collection::vec((0o1..0o777_7777_u32, "[a-z ]{1,9}", any::<[u8; 20]>()), 0..9)) {
            let mut bytes = Vec::new();
            for (mode, name, id) in &lines {
                bytes.extend_from_slice(format!("{mode:o} {name}\0").as_bytes());
                bytes.extend_from_slice(id);
            }
            let mut rest = bytes.as_slice();
            for (mode, name, id) in &lines {
                let expected = TreeEntry { mode: *mode, name: name.as_bytes(), id };
                prop_assert_eq!(next_entry(&mut rest, 20), Ok(Some(expected)));
            }
            prop_assert_eq!(next_entry(&mut rest, 20), Ok(None));
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let mut rest = bytes.as_slice();
            while let Ok(Some(entry)) = next_entry(&mut rest, 20) {
                prop_assert_eq!(entry.id.len(), 20);
            }
        }
    }
}
