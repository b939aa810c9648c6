//! Debian: `[epoch:]upstream[-revision]`, Debian Policy section 5.6.12 and deb-version(7).
//!
//! Text is compared by turns of non-digits and digits. `~` comes before the end of a part, letters before all else.

use super::key::{Key, is_number, split_digits, split_while};

const TILDE: u8 = 0x01;
const END: u8 = 0x02;

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if is_number(epoch) => (epoch, rest),
        Some(_) => return None,
        None => ("", text),
    };
    let (upstream, revision) = match rest.rsplit_once('-') {
        Some((_, "")) => return None,
        Some((upstream, revision)) => (upstream, revision),
        None => (rest, ""),
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-+~:".contains(&byte);
    let starts_well = upstream.starts_with(|c: char| c.is_ascii_digit());
    if !starts_well || !upstream.bytes().all(allowed) || !revision.bytes().all(|b| allowed(b) && b != b':') {
        return None;
    }
    key.number(epoch);
    if !epoch.is_empty() {
        key.breaks_at(epoch);
    }
    key.breaks_at(split_digits(upstream).0);
    key.prerelease = upstream.contains('~');
    part(upstream, key);
    part(revision, key);
    Some(())
}

fn part(text: &str, key: &mut Key) {
    let mut rest = text;
    loop {
        let (other, tail) = split_while(rest, |byte| !byte.is_ascii_digit());
        for byte in other.bytes() {
            key.tag(match byte {
                b'~' => TILDE,
                byte if byte.is_ascii_alphabetic() => byte,
                byte => byte | 0x80,
            });
        }
        key.tag(END);
        let (digits, tail) = split_digits(tail);
        key.number(digits);
        rest = tail;
        if rest.is_empty() {
            // What a longer part goes on with is compared with the end.
            key.tag(END);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Debian;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn order_is_that_of_policy() {
        ascending(Debian, &["1~~", "1~~a", "1~", "1", "1a", "1+", "1.", "1:0"]);
        ascending(
            Debian,
            &[
                "1.0~beta1~svn1245",
                "1.0~beta1",
                "1.0",
                "1.0-1~deb12u1",
                "1.0-1",
                "1.0-1.1",
                "1.0-2",
                "1.0-10",
            ],
        );
        ascending(Debian, &["1.2.3-1", "1.2.3-1ubuntu1", "1.2.3-1+b1", "7.6-0", "7.6p2-4"]);
        ascending(Debian, &["0:9-1", "1:1-1", "1:1:1-1", "2:0~rc1"]);
        // Only the last hyphen parts the revision.
        ascending(Debian, &["1.0-2", "1.0-1-1", "1.0-1-2"]);
    }

    #[test]
    fn missing_parts_are_zeros() {
        equal(Debian, &["1.0", "0:1.0", "1.0-0", "1.00", "01.0"]);
        equal(Debian, &["1a", "1a0", "1a-0"]);
        refused(Debian, &["", "a1", ":1", "a:1", "1:", "1-", "-1", "1_0", "1 0", "1-1:2", "1.0-é"]);
        prereleases(Debian, &["1.0~rc1-1"], &["1.0-1~deb12u1", "1.0"]);
    }
}
