//! Versions that are plain lists of numbers, where a longer list comes after its beginning: R (numbers parted by `.` or
//! `-`, ordered by `utils::compareVersion`) and Haskell's package versioning policy (numbers parted by `.`).

use super::key::{Key, is_number};

const END: u8 = 0x01;
const NUMBER: u8 = 0x02;

pub(super) fn read_cran(text: &str, key: &mut Key) -> Option<()> {
    list(text, &['.', '-'], 1, key)
}

/// The policy's major version is the first two numbers.
pub(super) fn read_hackage(text: &str, key: &mut Key) -> Option<()> {
    list(text, &['.'], 2, key)
}

fn list(text: &str, separators: &[char], breaking: usize, key: &mut Key) -> Option<()> {
    for (at, number) in text.split(separators).enumerate() {
        if !is_number(number) {
            return None;
        }
        key.tag(NUMBER);
        key.number(number);
        if at < breaking {
            key.breaks_at(number);
        }
    }
    key.tag(END);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::{Cran, Hackage};
    use super::super::tests::{ascending, equal, refused};

    #[test]
    fn lists_are_ordered() {
        ascending(
            Cran,
            &["0.9", "1", "1.0", "1.0-0", "1.0-1", "1.0-1.1", "1.0-9", "1.0-10", "1.1", "2024.1.1"],
        );
        equal(Cran, &["1.0-1", "1.0.1", "01.0.1", "1-0-1"]);
        refused(Cran, &["", "1.", "1..0", "a", "1.0a", "1_0", "-1", "1.0--1"]);
        ascending(Hackage, &["0.9", "1", "1.0", "1.0.0", "1.0.1", "1.2", "1.10", "1.10.0"]);
        refused(Hackage, &["", "1-0", "1.0.", "1.0-tag", "1.*"]);
    }

    #[test]
    fn haskells_breaking_part_is_two_numbers() {
        assert_eq!(Hackage.parse("1.2.3").map(|v| v.breaking_part().to_vec()), Some(vec![1, 2]));
        assert_eq!(Hackage.parse("3").map(|v| v.breaking_part().to_vec()), Some(vec![3]));
        assert_eq!(Cran.parse("1.2.3").map(|v| v.breaking_part().to_vec()), Some(vec![1]));
    }
}
