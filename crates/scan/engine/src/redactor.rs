//! The line to show around a hit, with every secret of the blob hidden and nothing that a terminal would obey.

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};
use bartizan_model::{Secret, Snippet};
use memchr::{memchr, memrchr};
use std::collections::BTreeSet;
use std::ops::Range;

/// Characters of a snippet, without the ellipses.
const WIDTH: usize = 160;
/// Of these, at most so many stand before the hit.
const LEAD: usize = 60;
/// A secret shorter than this is hidden elsewhere only where it stands alone, as a word.
const SHORT: usize = 4;
/// A line of a secret of several lines is searched for by itself from this length on.
const LONG_LINE: usize = 16;
/// An encoded form longer than this is not searched for elsewhere.
const MAX_ENCODED: usize = 1 << 16;
/// More bytes of secrets to search for than this, and snippets show nothing at all.
const MAX_NEEDLES: usize = 512 << 10;

/// Hides the secrets of one blob.
pub(crate) struct Redactor<'a> {
    bytes: &'a [u8],
    hidden: Vec<Hidden>,
    needles: Option<NFA>,
    policy: Policy,
}

#[derive(PartialEq)]
enum Policy {
    /// The user asked for it.
    ShowAll,
    HideSecrets,
    /// So many secrets that looking for all of them is too dear.
    HideAll,
}

struct Hidden {
    range: Range<usize>,
    label: String,
}

impl<'a> Redactor<'a> {
    /// `secrets`: the span and value of each secret of the blob, whatever its confidence.
    pub(crate) fn new(bytes: &'a [u8], secrets: &[(Range<usize>, &Secret)], show: bool) -> Self {
        if show || secrets.is_empty() {
            return Self { bytes, hidden: Vec::new(), needles: None, policy: Policy::ShowAll };
        }
        let mut hidden: Vec<Hidden> = secrets
            .iter()
            .filter(|(span, _)| !span.is_empty())
            .map(|(span, secret)| Hidden { range: span.clone(), label: clean_text(&secret.redacted()) })
            .collect();
        let Some(needles) = build(bytes, secrets) else {
            return Self { bytes, hidden, needles: None, policy: Policy::HideAll };
        };
        hidden.extend(
            occurrences(&needles, bytes)
                .into_iter()
                .map(|range| Hidden { range, label: Secret::STARS.to_owned() }),
        );
        Self { bytes, hidden: merge(hidden), needles: Some(needles), policy: Policy::HideSecrets }
    }

    /// The first line of `span`, cut to a readable length around it.
    pub(crate) fn snippet(&self, span: &Range<usize>) -> Snippet {
        if self.policy == Policy::HideAll {
            return Snippet { text: Secret::STARS.to_owned(), highlight: (0, Secret::STARS.len() as u32) };
        }
        let (from, cut_left) = self.window_start(span.start);
        let mut drawn = self.draw(from, span);
        drawn.cut_left |= cut_left;
        drawn.finish()
    }

    /// `text` that came out of the blob, without its secrets, control characters, and excess length.
    pub(crate) fn scrub(&self, text: &str) -> String {
        const MAX_CHARS: usize = 400;
        if self.policy == Policy::HideAll {
            return Secret::STARS.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        let found = self.needles.as_ref().map(|nfa| occurrences(nfa, text.as_bytes())).unwrap_or_default();
        let found = found.into_iter().map(|range| Hidden { range, label: Secret::STARS.to_owned() });
        for piece in merge(found.collect()) {
            out.push_str(&String::from_utf8_lossy(&text.as_bytes()[at..piece.range.start]));
            out.push_str(&piece.label);
            at = piece.range.end;
        }
        out.push_str(&String::from_utf8_lossy(&text.as_bytes()[at..]));
        out.chars().take(MAX_CHARS).map(clean).collect()
    }

    /// Where drawing starts: the line's start, or, in a long line, a little before the hit; and whether that cuts.
    fn window_start(&self, start: usize) -> (usize, bool) {
        let floor = start.saturating_sub(LEAD * 4);
        match memrchr(b'\n', &self.bytes[floor..start]) {
            Some(newline) => (floor + newline + 1, false),
            None if floor == 0 || self.bytes[floor - 1] == b'\n' => (floor, false),
            None => {
                // Not into the middle of a character.
                let inside =
                    self.bytes[floor..start].iter().take(3).take_while(|b| **b & 0xC0 == 0x80).count();
                (floor + inside, true)
            }
        }
    }

    fn draw(&self, from: usize, span: &Range<usize>) -> Drawn {
        let mut drawn = Drawn::default();
        let mut at = from;
        let mut next = self.hidden.partition_point(|hidden| hidden.range.end <= from);
        loop {
            if drawn.start.is_some_and(|start| drawn.chars.len() > start + WIDTH) {
                drawn.cut_right = true;
                break;
            }
            if let Some(hidden) = self.hidden.get(next).filter(|hidden| hidden.range.start <= at) {
                let before = drawn.chars.len();
                drawn.chars.extend(hidden.label.chars());
                drawn.mark(span, hidden.range.end, before);
                let passed = at;
                at = hidden.range.end;
                next += 1;
                if memchr(b'\n', &self.bytes[passed..at]).is_some() {
                    break;
                }
                continue;
            }
            let rest = &self.bytes[at..];
            if rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n") {
                break;
            }
            let (character, length) = first_char(rest);
            let before = drawn.chars.len();
            drawn.chars.push(clean(character));
            at += length;
            drawn.mark(span, at, before);
        }
        drawn
    }
}

#[derive(Default)]
struct Drawn {
    chars: Vec<char>,
    start: Option<usize>,
    end: Option<usize>,
    cut_left: bool,
    cut_right: bool,
}

impl Drawn {
    /// What was just drawn, from character `before` on, ends at byte `until` of the blob.
    fn mark(&mut self, span: &Range<usize>, until: usize, before: usize) {
        if self.start.is_none() && span.start < until {
            self.start = Some(before);
        }
        if self.start.is_some() && self.end.is_none() && span.end <= until {
            self.end = Some(self.chars.len());
        }
    }

    fn finish(self) -> Snippet {
        let total = self.chars.len();
        let start = self.start.unwrap_or(total);
        let end = self.end.unwrap_or(total);
        let first = start.saturating_sub(LEAD);
        let last = total.min(first + WIDTH);
        let left = if self.cut_left || first > 0 { "…" } else { "" };
        let right = if self.cut_right || last < total { "…" } else { "" };
        let text = [left, &String::from_iter(&self.chars[first..last]), right].concat();
        let shift = left.chars().count();
        let place = |at: usize| (at.clamp(first, last) - first + shift) as u32;
        Snippet { text, highlight: (place(start), place(end)) }
    }
}

/// The characters of `text` that are safe to print.
pub(crate) fn clean_text(text: &str) -> String {
    text.chars().map(clean).collect()
}

/// A blank for white space, the replacement character for whatever moves the cursor, changes direction or is invisible.
fn clean(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => char::REPLACEMENT_CHARACTER,
        other if other.is_control() => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

/// The first character of non-empty bytes, and its length; malformed bytes are one replacement character.
fn first_char(bytes: &[u8]) -> (char, usize) {
    let head = &bytes[..bytes.len().min(4)];
    match head.utf8_chunks().next() {
        Some(chunk) => match chunk.valid().chars().next() {
            Some(character) => (character, character.len_utf8()),
            None => (char::REPLACEMENT_CHARACTER, chunk.invalid().len().max(1)),
        },
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

/// An automaton for everything that must not show. `None`: too much of it.
fn build(bytes: &[u8], secrets: &[(Range<usize>, &Secret)]) -> Option<NFA> {
    let mut needles: BTreeSet<&[u8]> = BTreeSet::new();
    let mut total = 0;
    for (span, secret) in secrets {
        let value = secret.expose();
        let encoded = &bytes[span.clone()];
        let encoded =
            (encoded != value && encoded.len() >= SHORT && encoded.len() <= MAX_ENCODED).then_some(encoded);
        let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let lines = lines.filter(|line| line.len() >= LONG_LINE && line.len() < value.len());
        for needle in std::iter::once(value).chain(encoded).chain(lines) {
            if !needle.is_empty() && needles.insert(needle) {
                total += needle.len();
            }
            if total > MAX_NEEDLES {
                return None;
            }
        }
    }
    NFA::builder().match_kind(MatchKind::Standard).build(needles).ok()
}

/// All of `text` that a needle covers. Linear: of the needles that end at one byte the longest covers the others, and
/// the automaton gives it first.
fn occurrences(nfa: &NFA, text: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let Ok(mut state) = nfa.start_state(Anchored::No) else { return found };
    for (index, byte) in text.iter().enumerate() {
        state = nfa.next_state(Anchored::No, state, *byte);
        if !nfa.is_match(state) {
            continue;
        }
        let end = index + 1;
        // At most the last few are short, so this looks at no more than `SHORT` needles.
        for nth in 0..nfa.match_len(state) {
            let start = end - nfa.pattern_len(nfa.match_pattern(state, nth));
            if end - start >= SHORT || stands_alone(text, start, end) {
                match found.last_mut() {
                    Some(last) if last.end >= start => {
                        last.start = last.start.min(start);
                        last.end = end;
                    }
                    _ => found.push(start..end),
                }
                break;
            }
        }
    }
    found
}

fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let word =
        |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
    !word(start.checked_sub(1).and_then(|before| text.get(before))) && !word(text.get(end))
}

/// Sorted and disjoint; of what overlaps, the label of the first (then longest, then most telling) stays.
fn merge(mut hidden: Vec<Hidden>) -> Vec<Hidden> {
    hidden.sort_by(|a, b| {
        (a.range.start, b.range.end, b.label.len(), &a.label).cmp(&(
            b.range.start,
            a.range.end,
            a.label.len(),
            &b.label,
        ))
    });
    let mut merged: Vec<Hidden> = Vec::with_capacity(hidden.len());
    for next in hidden {
        match merged.last_mut() {
            Some(last) if next.range.start < last.range.end => {
                last.range.end = last.range.end.max(next.range.end)
            }
            _ => merged.push(next),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.as_bytes().to_vec())
    }

    /// The snippet of the first `hit` in `text`, its highlighted part in brackets, when the `secrets` are its secrets.
    fn shown(text: &[u8], hit: &[u8], secrets: &[&str]) -> String {
        let start = memchr::memmem::find(text, hit).unwrap();
        let values: Vec<Secret> = secrets.iter().map(|s| secret(s)).collect();
        let spans: Vec<(Range<usize>, &Secret)> = values
            .iter()
            .map(|s| {
                let at = memchr::memmem::find(text, s.expose()).unwrap();
                (at..at + s.len(), s)
            })
            .collect();
        let snippet = Redactor::new(text, &spans, false).snippet(&(start..start + hit.len()));
        let chars: Vec<char> = snippet.text.chars().collect();
        let (from, to) = (snippet.highlight.0 as usize, snippet.highlight.1 as usize);
        let part = |range: Range<usize>| chars[range].iter().collect::<String>();
        format!("{}[{}]{}", part(0..from), part(from..to), part(to..chars.len()))
    }

    #[test]
    fn hides_all_secrets_of_the_blob_and_points_at_the_hit() {
        assert_eq!(
            shown(b"x\na = \"hunter22\" # s3cret99\ny", b"hunter22", &["hunter22", "s3cret99"]),
            "a = \"[********]\" # ********"
        );
        assert_eq!(
            shown(b"f(hunter22) or hunter22x", b"hunter22", &["hunter22"]),
            "f([********]) or ********x"
        );
        assert_eq!(shown(b"call(hunter22, x)", b"call", &["hunter22"]), "[call](********, x)");
        assert_eq!(shown(b"a\r\nab hunter22\r\nb", b"hunter22", &["hunter22"]), "ab [********]");
    }

    #[test]
    fn keeps_the_public_prefix_of_the_hit() {
        let token = Secret::with_public_prefix(b"ghp_abcdefghijkl".to_vec(), 4);
        let text = b"t=ghp_abcdefghijkl;";
        assert_eq!(Redactor::new(text, &[(2..18, &token)], false).snippet(&(2..18)).text, "t=ghp_********;");
        assert_eq!(
            Redactor::new(text, &[(2..18, &token)], true).snippet(&(2..18)).text,
            "t=ghp_abcdefghijkl;"
        );
    }

    #[test]
    fn a_secret_of_several_lines_is_one_piece_also_for_a_hit_on_its_last_line() {
        let text = b"key: AAAA\nBBBB\nCCCC end(1)";
        assert_eq!(shown(text, b"AAAA\nBBBB\nCCCC", &["AAAA\nBBBB\nCCCC"]), "key: [********]");
        assert_eq!(shown(text, b"end", &["AAAA\nBBBB\nCCCC"]), "******** [end](1)");
        let pem = b"AAAAAAAAAAAAAAAAAAAA\nBBBBBBBBBBBBBBBBBBBB;\nx='AAAAAAAAAAAAAAAAAAAA' y";
        assert_eq!(shown(pem, b"y", &["AAAAAAAAAAAAAAAAAAAA\nBBBBBBBBBBBBBBBBBBBB"]), "x='********' [y]");
    }

    #[test]
    fn short_secrets_are_hidden_elsewhere_only_as_words() {
        assert_eq!(
            shown(b"p = 'abc' # not abcd, but abc", b"abc", &["abc"]),
            "p = '[********]' # not abcd, but ********"
        );
    }

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        assert_eq!(
            shown("\u{1b}[2Jx\u{202e}y\tz\0".as_bytes(), b"x", &[]),
            "\u{fffd}[2J[x]\u{fffd}y z\u{fffd}"
        );
        assert_eq!(shown(b"a\xff\xfex", b"x", &[]), "a\u{fffd}\u{fffd}[x]");
    }

    #[test]
    fn long_lines_are_cut_around_the_hit() {
        let text = [vec![b'a'; 5000], b"HIT".to_vec(), vec![b'b'; 5000]].concat();
        let cut = shown(&text, b"HIT", &[]);
        assert_eq!(cut, format!("…{}[HIT]{}…", "a".repeat(60), "b".repeat(97)));
        let text = [vec![b'a'; 500], vec![b's'; 70000], vec![b'b'; 5000]].concat();
        let all = "s".repeat(70000);
        assert_eq!(
            shown(&text, all.as_bytes(), &[&all]),
            format!("…{}[********]{}…", "a".repeat(60), "b".repeat(92))
        );
        let umlauts = ["ä".repeat(500), "HIT".to_owned()].concat();
        assert_eq!(shown(umlauts.as_bytes(), b"HIT", &[]), format!("…{}[HIT]", "ä".repeat(60)));
    }

    #[test]
    fn too_many_secrets_hide_everything() {
        let values: Vec<Secret> = (0..60_000).map(|n| secret(&format!("secret-{n:06}"))).collect();
        let text: Vec<u8> = values.iter().flat_map(|s| [s.expose(), b"\n"].concat()).collect();
        let spans: Vec<(Range<usize>, &Secret)> =
            values.iter().enumerate().map(|(n, s)| (n * 14..n * 14 + 13, s)).collect();
        let redactor = Redactor::new(&text, &spans, false);
        assert_eq!(redactor.snippet(&(0..6)).text, Secret::STARS);
        assert_eq!(redactor.scrub("secret-000001"), Secret::STARS);
    }

    #[test]
    fn scrubs_words_that_came_from_the_blob() {
        let value = secret("hunter22");
        let redactor = Redactor::new(b"hunter22", &[(0..8, &value)], false);
        assert_eq!(redactor.scrub("it is hunter22\u{1b}!"), "it is ********\u{fffd}!");
    }

    proptest! {
        /// The fast search covers exactly what trying every needle at every place covers.
        #[test]
        fn occurrences_equal_the_obvious_search(needles in prop::collection::btree_set("[ab]{1,6}", 1..6), text in "[ab ]{0,40}") {
            let nfa = NFA::builder().match_kind(MatchKind::Standard).build(&needles).unwrap();
            let mut obvious = vec![false; text.len()];
            for needle in &needles {
                for at in 0..text.len() {
                    if text[at..].starts_with(needle.as_str())
                        && (needle.len() >= SHORT || stands_alone(text.as_bytes(), at, at + needle.len()))
                    {
                        obvious[at..at + needle.len()].fill(true);
                    }
                }
            }
            let mut fast = vec![false; text.len()];
            for range in occurrences(&nfa, text.as_bytes()) {
                fast[range].fill(true);
            }
            prop_assert_eq!(fast, obvious);
        }

        /// No snippet of any hit shows a secret, wherever it stands.
        #[test]
        fn no_snippet_shows_a_secret(
            pieces in prop::collection::vec(prop_oneof!["[a-z \n\t]{0,12}", Just("S3CR3T-one".to_owned()), Just("S3CR3T\ntwo".to_owned())], 1..12),
            at in 0usize..200, length in 0usize..200,
        ) {
            let text = pieces.concat();
            let values = [secret("S3CR3T-one"), secret("S3CR3T\ntwo")];
            let spans: Vec<(Range<usize>, &Secret)> = values.iter().filter_map(|s| {
                memchr::memmem::find(text.as_bytes(), s.expose()).map(|at| (at..at + s.len(), s))
            }).collect();
            let start = at.min(text.len());
            let snippet = Redactor::new(text.as_bytes(), &spans, false).snippet(&(start..(start + length).min(text.len())));
            prop_assert!(!snippet.text.contains("S3CR3T"), "{:?}", snippet);
            let total = snippet.text.chars().count() as u32;
            prop_assert!(snippet.highlight.0 <= snippet.highlight.1 && snippet.highlight.1 <= total);
            prop_assert!(!snippet.text.contains('\n'));
        }
    }
}
