//! The generic judge: secrets that no provider rule names.
//!
//! It starts from a key word, reads the assignment around it, and weighs key and value. Each judgement is a probability
//! with a reason; what decides is in three places: [`key`] knows what keys mean, [`value`] what values look like, and
//! this file how the two are weighed.

mod bigrams;
pub mod key;
pub mod value;

use crate::assignment::{Assignment, Operator};
use crate::placeholder;
use bartizan_model::Language;
use key::KeyKind;
use std::ops::Range;
use value::Shape;

/// A value that the judge holds to be a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Which generic rule it falls under.
    pub kind: KeyKind,
    /// Where the secret stands.
    pub value: Range<usize>,
    /// Probability.
    pub confidence: f64,
    /// Why, without the value.
    pub reason: String,
}

/// What surrounds an assignment.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// Language of the file.
    pub language: Language,
}

/// Judges one assignment. `None`: no secret.
pub fn judge(text: &[u8], assignment: &Assignment, around: Surroundings<'_>) -> Option<Judgement> {
    let key = &text[assignment.key.clone()];
    let kind = key::kind_of(key)?;
    let mut span = assignment.value.clone();
    // `Authorization: Bearer x`, `Basic x`: the scheme is no part of the secret.
    let mut scheme = false;
    for word in [&b"Bearer "[..], b"bearer ", b"Basic ", b"basic ", b"Token ", b"token ", b"Bot "] {
        if text[span.clone()].starts_with(word) {
            span.start += word.len();
            scheme = true;
            break;
        }
    }
    if kind == KeyKind::Authorization && !scheme {
        return None;
    }
    if !assignment.quoted {
        span = cut_bare(text, span);
    }
    let value = &text[span.clone()];
    if value::is_no_value(value, key) || placeholder::is_placeholder(value) {
        return None;
    }
    if assignment.operator == Operator::Call && !assignment.quoted {
        return None;
    }
    if kind != KeyKind::Password && value.contains(&b' ') {
        return None;
    }
    let shape = Shape::of(value);
    let mut odds = match kind {
        KeyKind::Password => password_odds(&shape)?,
        KeyKind::Secret | KeyKind::Authorization => secret_odds(&shape, 8)?,
        KeyKind::Salt => secret_odds(&shape, 8)? - 0.5,
        KeyKind::Key => secret_odds(&shape, 16)? - 0.6,
    };
    odds += surroundings_odds(text, assignment, around, kind);
    let confidence = 1.0 / (1.0 + (-odds).exp());
    let reason = format!(
        "key `{}` is given a {} of {} characters",
        String::from_utf8_lossy(key),
        shape.describe(),
        value.len()
    );
    Some(Judgement { kind, value: span, confidence: confidence.min(0.92), reason })
}

/// A bare value ends where URL, shell or list syntax ends it.
fn cut_bare(text: &[u8], span: Range<usize>) -> Range<usize> {
    let value = &text[span.clone()];
    let end = value
        .iter()
        .position(|b| matches!(b, b'&' | b';' | b',' | b')' | b'|' | b'\\'))
        .unwrap_or(value.len());
    span.start..span.start + end
}

/// Log-odds for a password: people choose them, so they need not be random, but a mere word is more often a label, a
/// field's name or a test's stand-in.
fn password_odds(shape: &Shape) -> Option<f64> {
    if shape.length < 5 || shape.length > 128 {
        return None;
    }
    let mut odds = -1.4;
    odds += match shape.classes {
        0 | 1 => -0.8,
        2 => 0.5,
        3 => 1.3,
        _ => 2.0,
    };
    odds += (shape.randomness * 1.1).clamp(-1.6, 2.4);
    if shape.digits > 0 && shape.letters > 0 {
        odds += 0.5;
    }
    if shape.length >= 8 {
        odds += 0.4;
    }
    if shape.known_word {
        odds -= 1.0;
    }
    if shape.identifier_like {
        odds -= 1.2;
    }
    Some(odds)
}

/// Log-odds for a token or key: machines make them, so they are random, or hexadecimal, or encoded.
fn secret_odds(shape: &Shape, shortest: usize) -> Option<f64> {
    if shape.length < shortest || shape.length > 512 {
        return None;
    }
    let mut odds = -2.0;
    // Few characters say little about how they were made.
    if shape.length < 12 {
        odds -= 1.0;
    }
    if shape.hex {
        odds += if shape.length >= 32 {
            3.2
        } else if shape.length >= 16 {
            2.4
        } else {
            0.5
        };
    } else {
        odds += (shape.randomness * 2.0).clamp(-4.0, 4.4);
        odds += match shape.classes {
            0 | 1 => -1.2,
            2 => 0.2,
            _ => 0.8,
        };
        if shape.length >= 20 {
            odds += 0.6;
        }
    }
    if shape.uuid {
        odds -= 0.4;
    }
    if shape.entropy < 2.8 {
        odds -= 1.5;
    }
    if shape.identifier_like {
        odds -= 2.5;
    }
    if shape.known_word {
        odds -= 1.0;
    }
    Some(odds)
}

fn surroundings_odds(text: &[u8], assignment: &Assignment, around: Surroundings<'_>, kind: KeyKind) -> f64 {
    let mut odds = match assignment.operator {
        Operator::Assign | Operator::Option | Operator::Sql | Operator::Element => 0.3,
        Operator::Default => 0.0,
        Operator::Compare => -0.4,
        Operator::Call => -0.2,
    };
    let path = around.path.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| path.contains(word));
    if has(&["test", "spec/", "mock", "fixture", "__snapshots__"]) {
        odds -= if kind == KeyKind::Password { 0.9 } else { 0.6 };
    }
    if has(&[
        "example",
        "sample",
        "doc/",
        "docs/",
        "demo",
        "tutorial",
        "readme",
        "changelog",
        "locale",
        "i18n",
        "lang/",
        "translations",
    ]) {
        odds -= 0.7;
    }
    if matches!(around.language, Language::Markdown | Language::Html | Language::Css) {
        odds -= 0.6;
    }
    if has(&[
        ".env",
        "config",
        "settings",
        "secret",
        "credential",
        "deploy",
        "prod",
        "docker",
        "properties",
        ".tfvars",
    ]) {
        odds += 0.6;
    }
    if !assignment.quoted && !around.language.has_bare_values() {
        odds -= 0.8;
    }
    let line = &text[crate::text::line_around(text, assignment.key.start, 300)];
    if [
        &b"example"[..],
        b"e.g.",
        b"i.e.",
        b">>>",
        b"sha256",
        b"sha512",
        b"integrity",
        b"checksum",
        b"digest",
        b"fingerprint",
    ]
    .iter()
    .any(|word| crate::text::contains_ignore_case(line, word))
    {
        odds -= 1.0;
    }
    odds
}
