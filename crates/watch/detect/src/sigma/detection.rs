//! The named parts of a detection.

use super::Test;
use super::modifier::{Modifiers, Written};
use bartizan_yaml::{Span, Value};

/// Values and items of one part beyond which a rule is refused.
const MAX_ITEMS: usize = 100_000;

/// What a part asks of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Detection {
    /// All of them.
    All(Vec<Detection>),
    /// One of them.
    Any(Vec<Detection>),
    /// One field.
    Item(Item),
}

/// What one line of a part asks of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The field's name as the rule writes it; none for keywords, which are looked for in the whole event.
    pub field: Option<String>,
    /// One inner list for each value of the rule: its tests are alternatives.
    pub values: Vec<Vec<Test>>,
    /// All values have to hold, not one.
    pub all: bool,
    /// It has to fail.
    pub negated: bool,
    /// Where it stands.
    pub span: Span,
}

/// Reads one part.
///
/// # Errors
/// The place and the reason.
pub(super) fn parse(value: Value<'_>) -> Result<Detection, (Span, String)> {
    let mut left = MAX_ITEMS;
    part(value, &mut left)
}

fn part(value: Value<'_>, left: &mut usize) -> Result<Detection, (Span, String)> {
    if value.is_mapping() {
        let mut items = Vec::new();
        for (key, value) in value.entries() {
            let name = key.as_str().ok_or_else(|| (key.span(), "a field is named by text".to_owned()))?;
            items.push(Detection::Item(item(name, key.span(), value, left)?));
        }
        return match items.len() {
            0 => Err((value.span(), "a part of the detection is empty".to_owned())),
            1 => Ok(items.remove(0)),
            _ => Ok(Detection::All(items)),
        };
    }
    if value.is_sequence() {
        let (mut nested, mut keywords) = (Vec::new(), Vec::new());
        for entry in value.items() {
            if entry.is_mapping() || entry.is_sequence() {
                nested.push(part(entry, left)?);
            } else {
                keywords.push(entry);
            }
        }
        if !keywords.is_empty() {
            nested.push(Detection::Item(keyword_item(&keywords, value.span(), left)?));
        }
        return match nested.len() {
            0 => Err((value.span(), "a part of the detection is empty".to_owned())),
            1 => Ok(nested.remove(0)),
            _ => Ok(Detection::Any(nested)),
        };
    }
    if value.as_str().is_some() {
        return Ok(Detection::Item(keyword_item(&[value], value.span(), left)?));
    }
    Err((value.span(), "a part of the detection is a mapping or a list".to_owned()))
}

fn keyword_item(values: &[Value<'_>], span: Span, left: &mut usize) -> Result<Item, (Span, String)> {
    let modifiers = Modifiers::default();
    Ok(Item { field: None, values: tests(values, &modifiers, left)?, all: false, negated: false, span })
}

fn item(name: &str, span: Span, value: Value<'_>, left: &mut usize) -> Result<Item, (Span, String)> {
    let mut names = name.split('|');
    let field = names.next().unwrap_or_default().trim();
    let modifiers = Modifiers::parse(names.map(str::trim)).map_err(|reason| (span, reason))?;
    let values: Vec<Value<'_>> = if value.is_sequence() { value.items().collect() } else { vec![value] };
    if values.is_empty() {
        return Err((span, format!("`{name}` has no values")));
    }
    Ok(Item {
        field: Some(field.to_owned()).filter(|field| !field.is_empty()),
        values: tests(&values, &modifiers, left)?,
        all: modifiers.all,
        negated: modifiers.negated,
        span,
    })
}

fn tests(
    values: &[Value<'_>],
    modifiers: &Modifiers,
    left: &mut usize,
) -> Result<Vec<Vec<Test>>, (Span, String)> {
    let mut found = Vec::with_capacity(values.len());
    for value in values {
        let tests = modifiers.tests(&written(*value)?).map_err(|reason| (value.span(), reason))?;
        *left = left
            .checked_sub(tests.len().max(1))
            .ok_or_else(|| (value.span(), format!("more than {MAX_ITEMS} values")))?;
        found.push(tests);
    }
    Ok(found)
}

fn written(value: Value<'_>) -> Result<Written, (Span, String)> {
    let Some((text, plain)) = value.scalar() else {
        return Err((value.span(), format!("{} stands where a value is expected", value.describe())));
    };
    if value.is_null() {
        return Ok(Written::Null);
    }
    if let Some(wanted) = value.as_bool() {
        return Ok(Written::Bool(wanted));
    }
    let looks = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'));
    if plain
        && looks
        && text.chars().any(|one| one.is_ascii_digit())
        && let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return Ok(Written::Number(number, text.to_owned()));
    }
    Ok(Written::Text(text.to_owned()))
}
