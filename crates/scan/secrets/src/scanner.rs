//! Finds secrets in one text: the literal pass, then the rules that it selected, then the judge.

use crate::assignment;
use crate::checksum;
use crate::encoded;
use crate::generic::{self, GenericRule};
use crate::judge::{self, Surroundings, value};
use crate::kubernetes;
use crate::memo;
use crate::near;
use crate::placeholder;
use crate::prefilter::{Literal, Prefilter};
use crate::rule::{Rule, Selector};
use crate::text;
use crate::url;
use bartizan_model::Language;
use regex_automata::util::captures::Captures;
use regex_automata::{Anchored, Input};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::ops::Range;

/// Which rule a hit belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HitRule {
    /// Index into the scanner's rules.
    Provider(usize),
    /// One of the generic rules.
    Generic(GenericRule),
}

/// A secret in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The rule.
    pub rule: HitRule,
    /// Where it stands in the text that was scanned.
    pub span: Range<usize>,
    /// The value, where it stands encoded in the text; `None`: the bytes of `span`.
    pub decoded: Option<Vec<u8>>,
    /// 0 to 1.
    pub confidence: f64,
    /// Why, without the secret.
    pub reason: String,
    /// Bytes of the literal that selected the rule: of two equally sure rules the longer literal is more specific.
    pub specificity: usize,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Path with `/`.
    pub path: &'a str,
    /// Its language.
    pub language: Language,
}

/// All rules, compiled together.
pub struct Scanner {
    rules: Vec<Rule>,
    prefilter: Prefilter,
    actions: Vec<Vec<Action>>,
    /// Rules that look at every text because they have no literal.
    always: Vec<usize>,
}

/// What a literal's occurrence makes the scanner do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    /// Try the rule right there.
    Here(usize),
    /// Try the rule around.
    Around(usize),
    /// Try the near rule from this line on; the word's length.
    Near(usize, usize),
    /// Try the rule on the whole text.
    Whole(usize),
    /// Let the judge read the assignment; the trigger's length.
    Judge(usize),
    /// Credentials in a URL.
    Url,
    /// A base64 text that decodes to something with a literal.
    Base64,
    /// A percent-encoded text.
    Percent,
    /// A Kubernetes Secret.
    Kubernetes,
}

/// Rules and where they are to be tried; `None` for a rule that does not run on the path.
type Regions = BTreeMap<usize, Option<Vec<Range<usize>>>>;

/// Adds a range, joined with the last where they touch.
fn push(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if range.start >= last.start && range.start <= last.end => {
            last.end = last.end.max(range.end)
        }
        _ => ranges.push(range),
    }
}

/// Rules with longer matches are tried on merged regions, so that hostile input cannot make the scan quadratic.
const LONGEST_HERE: usize = 600;
/// Bytes around a literal that an unbounded rule looks at.
const REGION: usize = 16 << 10;

impl Scanner {
    /// Compiles the rules together. `generic`: whether the judge works too.
    pub fn new(rules: Vec<Rule>, generic: bool) -> Self {
        let mut literals: HashMap<(Vec<u8>, bool), Vec<Action>> = HashMap::new();
        let mut always = Vec::new();
        let mut add = |bytes: Vec<u8>, ignore_case: bool, action: Action| {
            let bytes = if ignore_case { bytes.to_ascii_lowercase() } else { bytes };
            let actions = literals.entry((bytes, ignore_case)).or_default();
            if !actions.contains(&action) {
                actions.push(action);
            }
        };
        for (index, rule) in rules.iter().enumerate() {
            match &rule.selector {
                Selector::Literals { literals, ignore_case, leading } => {
                    let bounded = rule.longest.is_some_and(|longest| longest <= LONGEST_HERE);
                    let action =
                        if *leading && bounded { Action::Here(index) } else { Action::Around(index) };
                    for literal in literals {
                        add(literal.clone(), *ignore_case, action);
                        if literal.len() >= 4 && !ignore_case && !rule.is_path_bound() {
                            for encoded in encoded::base64_forms(literal) {
                                add(encoded, false, Action::Base64);
                            }
                        }
                    }
                }
                Selector::Near(near) => {
                    for word in &near.words {
                        add(word.clone().into_bytes(), true, Action::Near(index, word.len()));
                    }
                }
                Selector::Anywhere(words) if words.is_empty() => always.push(index),
                Selector::Anywhere(words) => {
                    for word in words {
                        if word.len() >= Prefilter::MIN_LITERAL {
                            add(word.clone().into_bytes(), true, Action::Whole(index));
                        } else {
                            always.push(index);
                        }
                    }
                }
            }
        }
        if generic {
            for trigger in judge::key::TRIGGERS {
                add(trigger.as_bytes().to_vec(), true, Action::Judge(trigger.len()));
            }
            add(b"://".to_vec(), false, Action::Url);
            for word in [&b"password"[..], b"secret_key", b"api_key", b"token\"", b"PASSWORD"] {
                for encoded in encoded::base64_forms(word) {
                    add(encoded, false, Action::Base64);
                }
            }
            for kind in [&b"kind: Secret"[..], b"\"kind\": \"Secret\"", b"\"kind\":\"Secret\""] {
                add(kind.to_vec(), false, Action::Kubernetes);
            }
        }
        for escape in [&b"%3D"[..], b"%3A", b"%2B", b"%2F", b"%40", b"%22"] {
            add(escape.to_vec(), true, Action::Percent);
        }
        let mut ordered: Vec<_> = literals.into_iter().collect();
        ordered.sort_by(|a, b| a.0.cmp(&b.0));
        let mut actions = Vec::with_capacity(ordered.len());
        let mut compiled = Vec::with_capacity(ordered.len());
        for (id, ((bytes, ignore_case), list)) in ordered.into_iter().enumerate() {
            compiled.push(Literal { bytes, ignore_case, id: id as u32 });
            actions.push(list);
        }
        always.dedup();
        Self { rules, prefilter: Prefilter::new(compiled), actions, always }
    }

    /// The rules, in the order of [`HitRule::Provider`].
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// All secrets in `text`, by position. Where several rules claim the same bytes the surest wins.
    pub fn scan(&self, text: &[u8], place: Place<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.scan_level(text, place, 0, &mut hits);
        self.settle(hits)
    }

    /// What the exact rules find when each is tried on the whole text: slow, obvious, and what [`Scanner::scan`] is held
    /// against in tests. `scan` may find more, never less.
    pub fn scan_slowly(&self, text: &[u8], place: Place<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if matches!(rule.selector, Selector::Literals { .. }) {
                self.try_regions(text, place, index, std::iter::once(0..text.len()).collect(), &mut hits);
            }
        }
        self.settle(hits)
    }

    /// `level` 0 is the text itself, 1 a text decoded from it, in which nothing is decoded again.
    fn scan_level(&self, text: &[u8], place: Place<'_>, level: u32, hits: &mut Vec<Hit>) {
        let mut regions = Regions::new();
        let mut decoded_until = 0;
        let mut judged: Vec<usize> = Vec::new();
        let mut kubernetes_done = false;
        let hit = |id: u32, at: usize| {
            for action in &self.actions[id as usize] {
                match *action {
                    Action::Here(index) => self.try_here(text, place, index, at, hits),
                    Action::Around(index) => {
                        let Some(ranges) = self.ranges_of(&mut regions, index, place) else { continue };
                        let rule = &self.rules[index];
                        let reach = rule.longest.unwrap_or(REGION).clamp(256, REGION);
                        let leading = matches!(rule.selector, Selector::Literals { leading: true, .. });
                        let start = if leading { at } else { at.saturating_sub(reach) };
                        push(ranges, start..text.len().min(at + reach));
                    }
                    Action::Near(index, length) => {
                        if near::is_word_at(text, at, length)
                            && let Some(ranges) = self.ranges_of(&mut regions, index, place)
                            && ranges.last().is_none_or(|last: &Range<usize>| last.end < text.len())
                        {
                            push(ranges, near::region(text, at));
                        }
                    }
                    Action::Whole(index) => {
                        if let Some(ranges) = self.ranges_of(&mut regions, index, place) {
                            push(ranges, 0..text.len());
                        }
                    }
                    Action::Judge(length) => {
                        let span = at..at + length;
                        let Some(found) = assignment::forward(text, span, place.language.has_bare_values())
                        else {
                            continue;
                        };
                        // Two triggers in one key lead to the same value.
                        if judged.last() == Some(&found.value.start) {
                            continue;
                        }
                        judged.push(found.value.start);
                        let around = Surroundings { path: place.path, language: place.language };
                        if let Some(judgement) = judge::judge(text, &found, around) {
                            hits.push(Hit {
                                rule: HitRule::Generic(GenericRule::Judge(judgement.kind)),
                                span: judgement.value,
                                decoded: None,
                                confidence: judgement.confidence,
                                reason: judgement.reason,
                                specificity: 0,
                            });
                        }
                    }
                    Action::Url => hits.extend(url::credentials_at(text, at, place)),
                    Action::Base64 if level == 0 && at >= decoded_until => {
                        if let Some((span, decoded)) = encoded::base64_run(text, at) {
                            decoded_until = span.end;
                            self.scan_decoded(&decoded, place, &span, "base64", hits);
                        }
                    }
                    Action::Percent if level == 0 && at >= decoded_until => {
                        if let Some((span, decoded)) = encoded::percent_run(text, at) {
                            decoded_until = span.end;
                            self.scan_decoded(&decoded, place, &span, "percent", hits);
                        }
                    }
                    Action::Kubernetes if level == 0 && !kubernetes_done => {
                        kubernetes_done = true;
                        hits.extend(kubernetes::secrets(text, place));
                    }
                    Action::Base64 | Action::Percent | Action::Kubernetes => {}
                }
            }
        };
        // What is decoded comes seldom again.
        if level == 0 {
            memo::scan(&self.prefilter, text, hit);
        } else {
            self.prefilter.scan(text, hit);
        }
        if level == 0 {
            self.add_path_regions(text, place, &mut regions);
            for &index in &self.always {
                if let Some(ranges) = self.ranges_of(&mut regions, index, place) {
                    push(ranges, 0..text.len());
                }
            }
        }
        for (index, ranges) in regions {
            if let Some(ranges) = ranges {
                self.try_regions(text, place, index, ranges, hits);
            }
        }
    }

    /// A path that names the provider makes the whole of a small file near.
    fn add_path_regions(&self, text: &[u8], place: Place<'_>, regions: &mut Regions) {
        const SMALL: usize = 64 << 10;
        if text.len() > SMALL || !near::is_configuration(place) {
            return;
        }
        self.prefilter.scan(place.path.as_bytes(), |id, _| {
            for action in &self.actions[id as usize] {
                if let Action::Near(index, _) = *action
                    && let Some(ranges) = self.ranges_of(regions, index, place)
                {
                    push(ranges, 0..text.len());
                }
            }
        });
    }

    /// Where the rule is to be tried; `None`: not on this path.
    fn ranges_of<'r>(
        &self,
        regions: &'r mut Regions,
        index: usize,
        place: Place<'_>,
    ) -> Option<&'r mut Vec<Range<usize>>> {
        regions.entry(index).or_insert_with(|| self.rules[index].runs_on(place.path).then(Vec::new)).as_mut()
    }

    fn scan_decoded(
        &self,
        decoded: &[u8],
        place: Place<'_>,
        span: &Range<usize>,
        how: &str,
        hits: &mut Vec<Hit>,
    ) {
        let mut inner = Vec::new();
        self.scan_level(decoded, place, 1, &mut inner);
        for hit in self.settle(inner) {
            let value = hit.decoded.unwrap_or_else(|| decoded[hit.span].to_vec());
            hits.push(Hit {
                rule: hit.rule,
                span: span.clone(),
                decoded: Some(value),
                confidence: hit.confidence,
                reason: format!("{} ({how}-encoded)", hit.reason),
                specificity: hit.specificity,
            });
        }
    }

    fn try_here(&self, text: &[u8], place: Place<'_>, index: usize, at: usize, hits: &mut Vec<Hit>) {
        let rule = &self.rules[index];
        if rule.boundary && continues_before(text, at) || !rule.runs_on(place.path) {
            return;
        }
        let Some(regex) = rule.regex() else { return };
        let end = text.len().min(at + LONGEST_HERE + 1);
        if !regex.is_match(Input::new(text).range(at..end).anchored(Anchored::Yes)) {
            return;
        }
        let mut captures = regex.create_captures();
        regex.captures(Input::new(text).range(at..end).anchored(Anchored::Yes), &mut captures);
        if let Some((span, reason)) = accept(rule, text, &captures) {
            hits.push(self.hit(text, index, span, reason, rule.confidence));
        }
    }

    fn try_regions(
        &self,
        text: &[u8],
        place: Place<'_>,
        index: usize,
        mut ranges: Vec<Range<usize>>,
        hits: &mut Vec<Hit>,
    ) {
        let rule = &self.rules[index];
        if !rule.runs_on(place.path) {
            return;
        }
        let Some(regex) = rule.regex() else { return };
        ranges.sort_by_key(|range| (range.start, range.end));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        let mut captures = regex.create_captures();
        for range in merged {
            let mut at = range.start;
            while at < range.end {
                regex.captures(Input::new(text).range(at..range.end), &mut captures);
                let Some(whole) = captures.get_match() else { break };
                let next = whole.end().max(at + 1);
                let found = accept(rule, text, &captures).and_then(|(span, reason)| match &rule.selector {
                    Selector::Near(near) => {
                        near::weigh(text, place, near, &whole.range(), &span, rule.confidence)
                            .map(|(confidence, why)| (span, why, confidence))
                    }
                    _ => Some((span, reason, rule.confidence)),
                });
                match found {
                    Some((span, reason, confidence)) => {
                        hits.push(self.hit(text, index, span, reason, confidence));
                        at = next;
                    }
                    // A match that does not stand alone may hide one that starts inside it.
                    None => {
                        at = if whole.len() <= 256 { after_word(text, whole.start()).min(next) } else { next }
                    }
                }
            }
        }
    }

    fn hit(&self, text: &[u8], index: usize, span: Range<usize>, reason: String, confidence: f64) -> Hit {
        let specificity = match &self.rules[index].selector {
            Selector::Literals { literals, .. } => literals
                .iter()
                .filter(|literal| {
                    literal.len() <= 64 && memchr::memmem::find(&text[span.clone()], literal).is_some()
                })
                .map(Vec::len)
                .max()
                .unwrap_or(0),
            _ => 0,
        };
        Hit { rule: HitRule::Provider(index), span, decoded: None, confidence, reason, specificity }
    }

    /// Where hits overlap, keeps the surest; among the likely ones a provider's rule goes before the judge.
    fn settle(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        let rank = |hit: &Hit| match hit.rule {
            _ if hit.confidence < 0.5 => 0,
            // A rule on a format that many providers share goes after the provider's own.
            HitRule::Provider(index) if self.rules[index].is_generic() => 2,
            HitRule::Provider(_) => 3,
            HitRule::Generic(GenericRule::Judge(_)) => 1,
            HitRule::Generic(_) => 2,
        };
        hits.sort_by(|a, b| {
            (rank(b), b.confidence)
                .partial_cmp(&(rank(a), a.confidence))
                .unwrap_or(std::cmp::Ordering::Equal)
                .then_with(|| b.specificity.cmp(&a.specificity))
                .then_with(|| b.span.len().cmp(&a.span.len()))
                .then_with(|| a.span.start.cmp(&b.span.start))
                .then_with(|| generic::order(a.rule).cmp(&generic::order(b.rule)))
        });
        // Spans that are kept never overlap, unless they came out of one encoded run.
        let mut kept: BTreeMap<usize, Vec<Hit>> = BTreeMap::new();
        for hit in hits {
            let clash = kept
                .range(..hit.span.end)
                .next_back()
                .is_some_and(|(_, list)| list.iter().any(|other| overlaps(other, &hit)));
            let clash = clash
                || kept
                    .range(hit.span.start..hit.span.end)
                    .any(|(_, list)| list.iter().any(|other| overlaps(other, &hit)));
            if !clash {
                kept.entry(hit.span.start).or_default().push(hit);
            }
        }
        kept.into_values().flatten().collect()
    }

    /// The named groups of the rule's pattern in `secret`'s surroundings, for verification templates.
    pub fn groups(&self, index: usize, text: &[u8]) -> Vec<(String, String)> {
        let Some(regex) = self.rules.get(index).and_then(Rule::regex) else { return Vec::new() };
        let mut captures = regex.create_captures();
        regex.captures(text, &mut captures);
        let names: Vec<Option<String>> = captures
            .group_info()
            .pattern_names(regex_automata::PatternID::ZERO)
            .map(|n| n.map(str::to_owned))
            .collect();
        names
            .into_iter()
            .enumerate()
            .filter_map(|(group, name)| {
                let span = captures.get_group(group)?;
                Some((name?, String::from_utf8_lossy(&text[span.range()]).into_owned()))
            })
            .collect()
    }
}

/// The next position after `at` where another token could start.
fn after_word(text: &[u8], at: usize) -> usize {
    let mut next = at + 1;
    while next < text.len() && text::is_word(text[next - 1]) && text::is_word(text[next]) {
        next += 1;
    }
    next
}

/// The tests that every match of a rule passes: stands alone, checksum, structure, entropy, placeholder.
fn accept(rule: &Rule, text: &[u8], captures: &Captures) -> Option<(Range<usize>, String)> {
    let whole = captures.get_match()?;
    if rule.boundary && !stands_alone(text, whole.range(), &rule.tail) {
        return None;
    }
    let span = match rule.secret_group {
        Some(group) => captures.get_group(group),
        None => captures.get_group_by_name("secret"),
    }
    .map_or(whole.range(), |group| group.range());
    let secret = &text[span.clone()];
    if secret.is_empty() {
        return None;
    }
    let mut reason = "the format is the provider's".to_owned();
    if let Some(sum) = &rule.checksum {
        let of = captures.get_group_by_name(&sum.of)?.range();
        let within = captures.get_group_by_name(&sum.within).map_or(0..0, |group| group.range());
        if !checksum::holds(sum.algorithm, sum.encoding, &text[of], &text[within]) {
            return None;
        }
        reason.push_str(" and its checksum holds");
    }
    if rule.structure.is_some_and(|structure| !structure.holds(secret)) {
        return None;
    }
    if rule.entropy > 0.0 && text::entropy(secret) < rule.entropy {
        return None;
    }
    // Where people choose the value, code that reads it from elsewhere looks like one.
    if rule.entropy < 2.0
        && !rule.is_path_bound()
        && secret.len() <= 64
        && value::is_no_value(secret, b"password")
    {
        return None;
    }
    // Long blocks such as keys hold every short word by chance.
    if rule.placeholders && secret.len() <= 256 && placeholder::is_placeholder(secret) {
        return None;
    }
    if rule.is_allowed(text, &whole.range(), secret) {
        return None;
    }
    Some((span, reason))
}

/// Whether a token byte stands before `start` that the token there would continue. Escapes such as `\n`, `%3D` and
/// `\u003d` are ends.
fn continues_before(text: &[u8], start: usize) -> bool {
    start > 0 && text::is_word(text[start]) && text::is_word(text[start - 1]) && {
        let before = &text[..start];
        !(matches!(before, [.., b'\\', b'n' | b'r' | b't'])
            || matches!(before, [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
            || matches!(before, [.., b'\\', b'u', _, _, _, _]))
    }
}

/// Whether no token byte continues the match on either side.
fn stands_alone(text: &[u8], span: Range<usize>, tail: &[u8]) -> bool {
    if continues_before(text, span.start) {
        return false;
    }
    let last = text[span.end - 1];
    match text.get(span.end) {
        Some(&next) if text::is_word(last) || tail.contains(&last) => {
            !text::is_word(next) && !tail.contains(&next)
        }
        _ => true,
    }
}

fn overlaps(a: &Hit, b: &Hit) -> bool {
    let touching = a.span.start < b.span.end && b.span.start < a.span.end;
    let same_run = a.span == b.span && a.decoded.is_some() && b.decoded.is_some() && a.decoded != b.decoded;
    touching && !same_run
}
