//! NuGet: one to four numbers, a prerelease compared without regard to case, build metadata that does not count
//! ("Package versioning", and `VersionComparer` in NuGet.Versioning).

use super::key::{Key, is_number};

const END: u8 = 0x01;
const NUMBER: u8 = 0x02;
const TEXT: u8 = 0x03;
const RELEASE: u8 = 0xff;

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    let (rest, metadata) = match text.split_once('+') {
        Some((rest, metadata)) => (rest, Some(metadata)),
        None => (text, None),
    };
    let (core, prerelease) = match rest.split_once('-') {
        Some((core, prerelease)) => (core, Some(prerelease)),
        None => (rest, None),
    };
    let mut written = 0;
    for number in core.split('.') {
        written += 1;
        if !is_number(number) || written > 4 {
            return None;
        }
        key.number(number);
        if written == 1 {
            key.breaks_at(number);
        }
    }
    for _ in written..4 {
        key.number("");
    }
    if ![prerelease, metadata].iter().flatten().all(|dotted| dotted.split('.').all(is_identifier)) {
        return None;
    }
    match prerelease {
        None => key.tag(RELEASE),
        Some(prerelease) => {
            key.prerelease = true;
            for identifier in prerelease.split('.') {
                // NuGet reads an identifier as a number only if it fits 32 bits: time stamps often do not, and are text.
                if is_number(identifier) && identifier.parse::<i32>().is_ok() {
                    key.tag(NUMBER);
                    key.number(identifier);
                } else {
                    key.tag(TEXT);
                    // .NET's ordinal comparison without case compares upper case.
                    key.text_upper(identifier);
                }
            }
            key.tag(END);
        }
    }
    Some(())
}

fn is_identifier(identifier: &str) -> bool {
    !identifier.is_empty() && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::NuGet;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn order_is_that_of_the_documentation() {
        ascending(
            NuGet,
            &[
                "1.0.1-aaa",
                "1.0.1-alpha",
                "1.0.1-alpha.2",
                "1.0.1-alpha.10",
                "1.0.1-Beta",
                "1.0.1-open",
                "1.0.1-rc",
                "1.0.1-zzz",
                "1.0.1",
                "1.0.1.1-a",
                "1.0.1.1",
                "1.0.2",
            ],
        );
        ascending(
            NuGet,
            &["1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-10000000000", "1.0.0-9999999999", "1.0.0-a"],
        );
    }

    #[test]
    fn spelling_and_metadata_do_not_count() {
        equal(NuGet, &["1", "1.0", "1.0.0", "1.0.0.0", "1.00.0", "1.0.0+x.y"]);
        equal(NuGet, &["1.0.0-BETA.1", "1.0-beta.1+meta", "1.0.0-Beta.01"]);
        refused(NuGet, &["", "v", "1.0.0.0.0", "1..0", "1.0-", "1.0-a..b", "1.0+", "1.0beta", "*", "1.*"]);
        prereleases(NuGet, &["1.0-a"], &["1.0", "1.0.0.1+a"]);
    }
}
