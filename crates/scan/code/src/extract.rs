//! Code of one language within a file of another: `mode: extract`.
//!
//! What the rule's metavariable took is made into a text of the destination language, which that language's rules then
//! search; each byte of it knows the bytes of the file that it came from, so that findings stand in the file. Follows the
//! documentation of Semgrep, "Extract mode". Extracts within extracts are not looked for.

use crate::analyze::{FileResult, Limits, RuleMatch};
use crate::language::Language;
use crate::rule::{ExtractSpec, Mode, Transform};
use crate::ruleset::{Body, GrammarRule, RuleSet};
use crate::tree::Symbol;
use std::ops::Range;

/// Texts taken out of one file.
pub(crate) const MAX_EXTRACTS: usize = 1000;
/// Bytes of all texts taken out of one file: each costs eight more for its place.
const MAX_BYTES: usize = 4 << 20;

/// A place that an extract rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Extract {
    /// Number in [`RuleSet::rules`].
    pub(crate) rule: usize,
    /// Start and end in the source.
    pub(crate) range: (u32, u32),
}

/// Text with the place that each byte has in the file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Text {
    bytes: Vec<u8>,
    places: Vec<(u32, u32)>,
}

impl Text {
    fn push(&mut self, bytes: &[u8], place: (u32, u32)) {
        self.bytes.extend_from_slice(bytes);
        self.places.extend(std::iter::repeat_n(place, bytes.len()));
    }

    fn push_as_is(&mut self, source: &[u8], range: Range<usize>) {
        for at in range {
            if let Some(byte) = source.get(at) {
                self.push(&[*byte], (at as u32, at as u32 + 1));
            }
        }
    }

    fn append(&mut self, other: Self) {
        self.bytes.extend(other.bytes);
        self.places.extend(other.places);
    }

    /// The bytes of the file that a range of this text came from.
    fn place(&self, range: &Range<usize>) -> Option<Range<usize>> {
        if range.is_empty() {
            let at = self.places.get(range.start).map(|place| place.0);
            let at = at.or_else(|| self.places.last().map(|place| place.1))? as usize;
            return Some(at..at);
        }
        let inner = self.places.get(range.clone())?;
        Some(inner.first()?.0 as usize..inner.last()?.1 as usize)
    }

    /// Whether a range stands in the file as it does here.
    fn is_verbatim(&self, source: &[u8], range: &Range<usize>) -> bool {
        let Some(place) = self.place(range) else { return false };
        self.bytes.get(range.clone()) == source.get(place)
    }
}

impl RuleSet {
    /// Searches what extract rules found in a file, and adds what is found there to the file's matches.
    pub(crate) fn search_extracts(
        &self,
        path: &str,
        source: &[u8],
        limits: &Limits,
        proceed: &dyn Fn() -> bool,
        result: &mut FileResult,
    ) {
        let mut extracts = std::mem::take(&mut result.extracts);
        extracts.sort_unstable();
        extracts.dedup();
        let mut left = MAX_BYTES;
        for group in extracts.chunk_by(|a, b| a.rule == b.rule) {
            let Some(number) = group.first().map(|extract| extract.rule) else { continue };
            let Some(Mode::Extract(spec)) = self.rules.get(number).map(|loaded| &loaded.rule.mode) else {
                continue;
            };
            let mut texts: Vec<Text> = Vec::new();
            for extract in group.iter().take(MAX_EXTRACTS) {
                let range = extract.range.0 as usize..extract.range.1 as usize;
                if range.len() >= left {
                    result.cut.push(number);
                    break;
                }
                let Some(text) = transformed(spec.transform, source, range) else { continue };
                left = left.saturating_sub(text.bytes.len());
                match texts.last_mut().filter(|_| spec.concatenate) {
                    Some(all) => {
                        // Pieces must not run together into one word.
                        let end = all.places.last().map_or(extract.range.0, |place| place.1);
                        all.push(b"\n", (end, end));
                        all.append(text);
                    }
                    None => texts.push(text),
                }
            }
            if group.len() > MAX_EXTRACTS {
                result.cut.push(number);
            }
            for text in &texts {
                if !proceed() {
                    return;
                }
                self.search_text(path, source, spec, text, limits, proceed, result);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the file, the text and what bounds the work")]
    fn search_text(
        &self,
        path: &str,
        source: &[u8],
        spec: &ExtractSpec,
        text: &Text,
        limits: &Limits,
        proceed: &dyn Fn() -> bool,
        result: &mut FileResult,
    ) {
        // Of the dialects of a language the first stands for all.
        let first = spec.language.specs().first().copied();
        let wants = |language: Language, grammar: Option<&'static crate::language::Spec>| {
            language == spec.language
                && match (grammar, first) {
                    (Some(grammar), Some(first)) => std::ptr::eq(grammar, first),
                    (None, None) => true,
                    _ => false,
                }
        };
        for grammar in self.grammars(wants) {
            let present = grammar.present(&text.bytes);
            let has = |symbol: Symbol| present.get(symbol.0 as usize).copied().unwrap_or(false);
            let chosen: Vec<&GrammarRule> = grammar
                .rules
                .iter()
                .filter(|rule| {
                    !matches!(rule.body, Body::Extract(..))
                        && self.is_wanted(spec, rule.rule)
                        && rule.requirement.holds(&has)
                        && rule.paths.admits(path)
                })
                .collect();
            if chosen.is_empty() {
                continue;
            }
            let mut inner = FileResult::default();
            self.run(grammar, &chosen, &text.bytes, limits, proceed, &mut inner);
            // What was decoded is shorter than what stands in the file: never more than all of it.
            result.unread = (result.unread + inner.unread).min(source.len());
            result.too_deep += inner.too_deep;
            let places = inner.disproved.into_iter();
            let places = places.filter_map(|(rule, range)| Some((rule, text.place(&range)?)));
            result.disproved.extend(places);
            result.flow_counts.add(inner.flow_counts);
            result.cut.append(&mut inner.cut);
            result.failed = result.failed.take().or(inner.failed);
            result.matches.extend(inner.matches.into_iter().filter_map(|found| placed(found, text, source)));
        }
    }

    fn is_wanted(&self, spec: &ExtractSpec, rule: usize) -> bool {
        let Some(loaded) = self.rules.get(rule) else { return false };
        let named = |ids: &[String]| ids.iter().any(|id| *id == loaded.rule.id || *id == loaded.name);
        (spec.include_rules.is_empty() || named(&spec.include_rules)) && !named(&spec.exclude_rules)
    }
}

/// A match in the extracted text as one in the file.
fn placed(found: RuleMatch, text: &Text, source: &[u8]) -> Option<RuleMatch> {
    let range = text.place(&found.range)?;
    // What was decoded cannot be replaced without encoding it again.
    let certain = found.fix.iter().all(|(range, _)| text.is_verbatim(source, range));
    let fix = if certain { found.fix } else { Vec::new() };
    let moved = |list: Vec<(Range<usize>, String)>| -> Vec<(Range<usize>, String)> {
        list.into_iter().filter_map(|(range, words)| Some((text.place(&range)?, words))).collect()
    };
    Some(RuleMatch { range, fix: moved(fix), flow: moved(found.flow), ..found })
}

fn transformed(transform: Transform, source: &[u8], range: Range<usize>) -> Option<Text> {
    let mut text = Text::default();
    match transform {
        Transform::None => text.push_as_is(source, range),
        Transform::UnquoteString => {
            let slice = source.get(range.clone())?;
            let quote = *slice.first()?;
            let quoted =
                slice.len() >= 2 && matches!(quote, b'"' | b'\'' | b'`') && slice.last() == Some(&quote);
            let inner = if quoted { range.start + 1..range.end - 1 } else { range };
            decode(source, inner, &mut text);
        }
        Transform::ConcatJsonStrings => json_strings(source, range, &mut text)?,
    }
    (!text.bytes.is_empty()).then_some(text)
}

/// A string's content with escapes resolved, as JSON and C-like languages write them (RFC 8259, section 7).
fn decode(source: &[u8], range: Range<usize>, text: &mut Text) {
    let mut at = range.start;
    while at < range.end {
        let rest = source.get(at..range.end).unwrap_or_default();
        let (length, character) = match rest {
            [b'\\', b'u', hex @ ..] => match unicode(hex) {
                Some((digits, character)) => (2 + digits, Some(character)),
                None => (1, None),
            },
            [b'\\', escaped, ..] => match escaped {
                b'n' => (2, Some('\n')),
                b't' => (2, Some('\t')),
                b'r' => (2, Some('\r')),
                b'b' => (2, Some('\u{8}')),
                b'f' => (2, Some('\u{c}')),
                b'"' | b'\'' | b'\\' | b'/' | b'`' => (2, Some(char::from(*escaped))),
                _ => (1, None),
            },
            _ => (1, None),
        };
        match character {
            Some(character) => {
                let mut buffer = [0; 4];
                let bytes = character.encode_utf8(&mut buffer).as_bytes();
                text.push(bytes, (at as u32, (at + length) as u32));
            }
            None => text.push_as_is(source, at..at + 1),
        }
        at += length;
    }
}

/// The character behind `\u`, and how many bytes say it: four digits, or a pair of surrogates.
fn unicode(hex: &[u8]) -> Option<(usize, char)> {
    let four = |at: usize| {
        let digits = std::str::from_utf8(hex.get(at..at + 4)?).ok()?;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let high = four(0)?;
    if let Some(character) = char::from_u32(high) {
        return Some((4, character));
    }
    let low = four(6).filter(|_| hex.get(4..6) == Some(b"\\u"))?;
    let pair = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    let code = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
    char::from_u32(code).filter(|_| pair).map(|character| (10, character))
}

/// The strings of a JSON list one behind the other; `None` where it is no such list.
fn json_strings(source: &[u8], range: Range<usize>, text: &mut Text) -> Option<()> {
    let slice = source.get(range.clone())?;
    serde_json::from_slice::<Vec<String>>(slice).ok()?;
    // It is known to be sound: quotes that no backslash precedes open and close the strings.
    let (mut at, mut open) = (range.start, None);
    while at < range.end {
        match (source.get(at)?, open) {
            (b'\\', Some(_)) => at += 1,
            (b'"', None) => open = Some(at + 1),
            (b'"', Some(start)) => {
                decode(source, start..at, text);
                open = None;
            }
            _ => {}
        }
        at += 1;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::load;
    use crate::ruleset::LoadedRule;

    fn found(rules: &str, path: &str, source: &str) -> Vec<(String, String)> {
        let loaded = load(rules, "rules.yaml");
        assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
        let rules = loaded.rules.into_iter();
        let rules =
            rules.map(|rule| LoadedRule { name: rule.id.clone(), file: "rules.yaml".to_owned(), rule });
        let (set, errors) = RuleSet::compile(rules.collect());
        assert!(errors.is_empty(), "{errors:?}");
        let result = set.scan(path, source.as_bytes(), &Limits::default());
        let found = result.matches.into_iter();
        found.map(|found| (set.rules[found.rule].rule.id.clone(), source[found.range].to_owned())).collect()
    }

    fn rules(extract: &str) -> String {
        format!(
            "rules:\n- id: take\n  mode: extract\n{extract}- {{id: danger, languages: [python], severity: INFO, \
             message: m, pattern: danger(...)}}\n- {{id: risk, languages: [python], severity: INFO, message: m, \
             pattern: risk(...)}}\n"
        )
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(rule, text)| ((*rule).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn findings_stand_in_the_file() {
        let rules = rules(
            "  languages: [javascript]\n  pattern: py(\"$CODE\")\n  extract: $CODE\n  dest-language: python\n",
        );
        let source = "other();\npy(\"danger(1)\");\npy(\"safe(1)\");\ndanger(2);\n";
        assert_eq!(found(&rules, "a.js", source), pairs(&[("danger", "danger(1)")]));
    }

    #[test]
    fn quotes_and_escapes_are_undone_with_places_kept() {
        let head =
            "  languages: [javascript]\n  pattern: py($CODE)\n  extract: $CODE\n  dest-language: python\n";
        let source = "py(\"x = 1\\ndanger(\\\"é\\\")\");\n";
        let unquoted = rules(&format!("{head}  transform: unquote_string\n"));
        assert_eq!(found(&unquoted, "a.js", source), pairs(&[("danger", "danger(\\\"é\\\")")]));
        // As it stands it is a string and no call.
        assert_eq!(found(&rules(head), "a.js", source), pairs(&[]));
    }

    #[test]
    fn lists_of_lines_are_one_text() {
        let rules = rules(
            "  languages: [regex]\n  pattern-regex: '\"source\": (?<S>\\[[^\\]]*\\])'\n  extract: $S\n  \
             dest-language: python\n  transform: concat_json_string_array\n",
        );
        let source = "{\"source\": [\"if a:\\n\", \"    danger(\\\"\\u00e9\\\")\\n\"]}";
        assert_eq!(found(&rules, "a.ipynb", source), pairs(&[("danger", "danger(\\\"\\u00e9\\\")")]));
        assert_eq!(found(&rules, "a.ipynb", "{\"source\": [1, \"danger(1)\"]}"), pairs(&[]));
    }

    #[test]
    fn pieces_are_one_text_or_many() {
        let head = "  languages: [regex]\n  pattern-regex: '<(?<S>[^>]*)>'\n  extract: $S\n  dest-language: python\n";
        let flow = "- {id: flow, languages: [python], severity: INFO, message: m, patterns: [{pattern: 'use($X)'}, \
                    {pattern-inside: \"$X = get()\\n...\"}]}\n";
        let source = "<a = get()> text <use(a)>";
        let joined = format!("{}{flow}", rules(&format!("{head}  reduce: concat\n")));
        assert_eq!(found(&joined, "a.txt", source), pairs(&[("flow", "use(a)")]));
        let apart = format!("{}{flow}", rules(&format!("{head}  reduce: separate\n")));
        assert_eq!(found(&apart, "a.txt", source), pairs(&[]));
    }

    #[test]
    fn rules_are_chosen_by_id() {
        let head = "  languages: [regex]\n  pattern-regex: '<(?<S>[^>]*)>'\n  extract: $S\n  dest-language: python\n";
        let source = "<danger(1)> <risk(1)>";
        let only = rules(&format!("{head}  dest-rules: {{include: [risk]}}\n"));
        assert_eq!(found(&only, "a.txt", source), pairs(&[("risk", "risk(1)")]));
        let without = rules(&format!("{head}  dest-rules: {{exclude: [risk]}}\n"));
        assert_eq!(found(&without, "a.txt", source), pairs(&[("danger", "danger(1)")]));
    }

    #[test]
    fn more_than_the_bound_is_said() {
        let loaded = load(
            &rules(
                "  languages: [regex]\n  pattern-regex: '<(?<S>[^>]*)>'\n  extract: $S\n  dest-language: python\n",
            ),
            "r.yaml",
        );
        let rules = loaded.rules.into_iter();
        let rules = rules.map(|rule| LoadedRule { name: rule.id.clone(), file: String::new(), rule });
        let set = RuleSet::new(rules.collect());
        let source = "<x>".repeat(MAX_EXTRACTS + 1);
        assert_eq!(set.scan("a.txt", source.as_bytes(), &Limits::default()).cut, vec![0]);
    }

    #[test]
    fn pairs_of_surrogates_are_one_character() {
        let source = br"\ud83d\ude00 \ud83d \u12";
        let mut text = Text::default();
        decode(source, 0..source.len(), &mut text);
        assert_eq!(String::from_utf8(text.bytes).unwrap(), "😀 \\ud83d \\u12");
        assert_eq!(text.places[0], (0, 12));
    }
}
