//! Python: PEP 440 ("Version Identification and Dependency Specification", now in the packaging specifications), with
//! its appendix on normalisation. Legacy versions that it does not cover are refused, as pip has done since 24.1.

use super::key::{Key, is_number, is_zero, split_digits, split_while, strip_prefix_any_case};

const NUMBER: u8 = 0x02;
const END: u8 = 0x01;

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    let parts = split(text)?;
    key.number(parts.epoch);
    if !is_zero(parts.epoch) {
        key.breaks_at(parts.epoch);
    }
    key.breaks_at(parts.release.split('.').next().unwrap_or_default());
    // Trailing zeros do not count; what is left ends with a greater number, so the longer one is greater.
    let kept = parts.release.split('.').enumerate().filter(|(_, number)| !is_zero(number)).last();
    for number in parts.release.split('.').take(kept.map_or(0, |(last, _)| last + 1)) {
        key.tag(NUMBER);
        key.number(number);
    }
    key.tag(END);

    key.prerelease = parts.pre.is_some() || parts.dev.is_some();
    match parts.pre {
        Some((phase, number)) => {
            key.tag(phase as u8);
            key.number(number);
        }
        // A development release of the release itself comes before its first alpha.
        None if parts.post.is_none() && parts.dev.is_some() => key.tag(0x01),
        None => key.tag(0xff),
    }
    optional(parts.post, 0x01, key);
    match parts.dev {
        Some(number) => {
            key.tag(0x01);
            key.number(number);
        }
        None => key.tag(0xff),
    }
    if let Some(local) = parts.local {
        for segment in local.split(['-', '_', '.']) {
            if is_number(segment) {
                key.tag(0x03);
                key.number(segment);
            } else {
                key.tag(0x02);
                key.text_lower(segment);
            }
        }
    }
    key.tag(END);
    Some(())
}

fn optional(number: Option<&str>, missing: u8, key: &mut Key) {
    match number {
        Some(number) => {
            key.tag(missing + 1);
            key.number(number);
        }
        None => key.tag(missing),
    }
}

#[derive(Clone, Copy)]
pub(super) enum Phase {
    Alpha = 0x02,
    Beta = 0x03,
    Candidate = 0x04,
}

/// The pieces of a version, each as written.
pub(super) struct Parts<'a> {
    pub(super) epoch: &'a str,
    pub(super) release: &'a str,
    pub(super) pre: Option<(Phase, &'a str)>,
    pub(super) post: Option<&'a str>,
    pub(super) dev: Option<&'a str>,
    pub(super) local: Option<&'a str>,
}

impl Parts<'_> {
    /// The normal form: `v1.0-Alpha_01` is `1.0a1`.
    pub(super) fn normalised(&self) -> String {
        let plain = |digits: &str| {
            let digits = digits.trim_start_matches('0');
            if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
        };
        let mut out = String::new();
        if !is_zero(self.epoch) {
            out += &plain(self.epoch);
            out.push('!');
        }
        out += &self.release.split('.').map(plain).collect::<Vec<_>>().join(".");
        if let Some((phase, number)) = self.pre {
            out += match phase {
                Phase::Alpha => "a",
                Phase::Beta => "b",
                Phase::Candidate => "rc",
            };
            out += &plain(number);
        }
        for (word, number) in [(".post", self.post), (".dev", self.dev)] {
            if let Some(number) = number {
                out += word;
                out += &plain(number);
            }
        }
        for (at, segment) in self.local.into_iter().flat_map(|local| local.split(['-', '_', '.'])).enumerate()
        {
            out.push(if at == 0 { '+' } else { '.' });
            out += &if is_number(segment) { plain(segment) } else { segment.to_ascii_lowercase() };
        }
        out
    }
}

/// Longest words first, so that `a` does not cut `alpha`.
const PRE: &[(&str, Phase)] = &[
    ("alpha", Phase::Alpha),
    ("beta", Phase::Beta),
    ("preview", Phase::Candidate),
    ("pre", Phase::Candidate),
    ("rc", Phase::Candidate),
    ("a", Phase::Alpha),
    ("b", Phase::Beta),
    ("c", Phase::Candidate),
];

/// Takes a version apart.
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (epoch, text) = match text.split_once('!') {
        Some((epoch, rest)) if is_number(epoch) => (epoch, rest),
        Some(_) => return None,
        None => ("", text),
    };
    let (public, local) = match text.split_once('+') {
        Some((public, local)) => (public, Some(local)),
        None => (text, None),
    };
    if let Some(local) = local {
        let segments =
            |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !local.split(['-', '_', '.']).all(segments) {
            return None;
        }
    }
    let (release, mut rest) = take_release(public)?;

    let mut pre = None;
    if let Some((phase, tail)) = PRE.iter().find_map(|(word, phase)| Some((*phase, strip_word(rest, word)?)))
    {
        let (number, tail) = take_number(tail);
        pre = Some((phase, number));
        rest = tail;
    }
    let mut post = None;
    let dashed = rest.strip_prefix('-').map(split_digits).filter(|(digits, _)| !digits.is_empty());
    if let Some((number, tail)) = dashed {
        post = Some(number);
        rest = tail;
    } else if let Some(tail) = ["post", "rev", "r"].iter().find_map(|word| strip_word(rest, word)) {
        let (number, tail) = take_number(tail);
        post = Some(number);
        rest = tail;
    }
    let mut dev = None;
    if let Some(tail) = strip_word(rest, "dev") {
        let (number, tail) = take_number(tail);
        dev = Some(number);
        rest = tail;
    }
    rest.is_empty().then_some(Parts { epoch, release, pre, post, dev, local })
}

/// Numbers parted by dots; a dot that no digit follows belongs to what comes next.
fn take_release(text: &str) -> Option<(&str, &str)> {
    let (run, _) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    let release = run.strip_suffix('.').unwrap_or(run);
    if !release.split('.').all(is_number) {
        return None;
    }
    text.split_at_checked(release.len())
}

/// A separator, if any, and a word in any case.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    strip_prefix_any_case(text.strip_prefix(['-', '_', '.']).unwrap_or(text), word)
}

/// A separator, if any, and digits, if any; none are an implied zero.
fn take_number(text: &str) -> (&str, &str) {
    split_digits(text.strip_prefix(['-', '_', '.']).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Pep440;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn order_is_that_of_the_specification() {
        ascending(
            Pep440,
            &[
                "1.dev0",
                "1.0.dev456",
                "1.0a1",
                "1.0a2.dev456",
                "1.0a12.dev456",
                "1.0a12",
                "1.0b1.dev456",
                "1.0b2",
                "1.0b2.post345.dev456",
                "1.0b2.post345",
                "1.0rc1.dev456",
                "1.0rc1",
                "1.0",
                "1.0+abc.5",
                "1.0+abc.7",
                "1.0+5",
                "1.0.post456.dev34",
                "1.0.post456",
                "1.0.15",
                "1.1.dev1",
            ],
        );
        ascending(Pep440, &["2013.10", "2014.04", "1!1.0", "1!1.1", "1!2.0", "2!0.1"]);
        ascending(Pep440, &["0", "0.0.1", "1", "9.10", "10", "10.0.1", "100", "100.1"]);
        ascending(Pep440, &["1.0+a", "1.0+a.b", "1.0+b", "1.0+1", "1.0+1.a", "1.0+1.1", "1.0+2"]);
    }

    #[test]
    fn spellings_are_normalised() {
        equal(Pep440, &["1.1a1", "1.1alpha1", "v1.1.A.1", "1.1-ALPHA_1", "1.1_a-1", "1.1.0a01", "0!1.1a1"]);
        equal(Pep440, &["1.1rc0", "1.1c", "1.1-pre", "1.1.preview0", "1.1RC"]);
        equal(Pep440, &["1.0.post1", "1.0-1", "1.0-r1", "1.0.rev.1", "1.post_1", "1.0post1"]);
        equal(Pep440, &["1.0.dev0", "1.0-dev", "1.0dev", "1.0.0_DEV0"]);
        equal(Pep440, &["1.0+ubuntu-1", "1.0+ubuntu.1", "1.0+UBUNTU_01"]);
        equal(Pep440, &["10.0", "10", "10.0.0"]);
        equal(Pep440, &["0", "0.0", "00"]);
    }

    #[test]
    fn legacy_versions_are_refused() {
        refused(
            Pep440,
            &[
                "", "dog", "1.0-foo", "1..0", "1.0.", "1.0+", "1.0+a..b", "1.0+a!", "!1", "a!1", "1.0-1-1",
                "1.0a1b1", "1.-1x",
            ],
        );
    }

    #[test]
    fn breaking_part_and_prereleases() {
        prereleases(Pep440, &["1a1", "1.dev0", "1.post1.dev0", "1rc"], &["1", "1.post1", "1+rc1"]);
        let breaking = |text| Pep440.parse(text).map(|v| v.breaking_part().to_vec());
        assert_eq!(breaking("2.31"), Some(vec![2]));
        assert_eq!(breaking("3!2.31"), Some(vec![3, 2]));
    }
}
