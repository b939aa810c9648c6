//! How ranges combine.

use super::{And, Formula, Hit, HitKind, Search};
use crate::matching::{Bindings, Bound, File, Options};
use crate::pattern::Root;
use crate::tree::{Kind, Symbol};
use std::ops::Range;

impl Search<'_> {
    pub(super) fn and(&self, and: &And, options: Options, within: Option<&Range<u32>>) -> Vec<Hit> {
        // What holds nearly everywhere is looked for only where the rest holds at all.
        if and.all.iter().any(|formula| self.is_wide(formula)) {
            let empty = |formula: &Formula| self.hits_of(formula, options, None).is_empty();
            if and.all.iter().any(|formula| is_around(formula) && empty(formula)) {
                return Vec::new();
            }
        }
        let mut hits: Option<Vec<Hit>> = None;
        for formula in self.order(and).into_iter().filter_map(|index| and.all.get(index)) {
            let next = self.hits_of(formula, options, within);
            let combined = match hits {
                None => next,
                Some(hits) => self.intersect(&hits, &next),
            };
            if combined.is_empty() {
                return Vec::new();
            }
            hits = Some(combined);
        }
        let mut hits = hits.unwrap_or_default();
        for formula in &and.not {
            if hits.is_empty() {
                return hits;
            }
            let away = self.hits_of(formula, options, None);
            hits.retain(|hit| !away.iter().any(|away| self.takes_away(away, hit)));
        }
        for condition in &and.conditions {
            hits = self.satisfying(hits, condition, options);
        }
        for names in &and.focus {
            hits = hits.into_iter().flat_map(|hit| self.focused(hit, names)).collect();
        }
        if and.focus.len() > 1 {
            return self.shared_focus(hits, and);
        }
        hits
    }

    /// In which order what must hold is put together: what the finding itself must be comes before what must stand around
    /// it, and what holds nearly everywhere behind what does not.
    pub(super) fn order(&self, and: &And) -> Vec<usize> {
        let rank = |formula: &Formula| match formula {
            around if is_around(around) => 2,
            wide if self.is_wide(wide) => 1,
            _ => 0,
        };
        let mut order: Vec<usize> = (0..and.all.len()).collect();
        order.sort_by_key(|index| and.all.get(*index).map(rank));
        order
    }

    /// Whether a formula is a lone metavariable.
    fn is_wide(&self, formula: &Formula) -> bool {
        let Formula::Pattern(number) = formula else { return false };
        let pattern = self.patterns.patterns.get(*number as usize);
        pattern.is_some_and(|pattern| match pattern.root {
            Root::Node(root) => pattern.tree.kind(root) == Kind::Metavariable,
            Root::Statements(_) => false,
        })
    }

    /// Of each pair that agrees the inner range.
    pub(super) fn intersect(&self, a: &[Hit], b: &[Hit]) -> Vec<Hit> {
        let mut out = Vec::new();
        for left in a {
            for right in b {
                let inner = if right.kind == HitKind::Anywhere {
                    Some(left)
                } else if left.kind == HitKind::Anywhere {
                    Some(right)
                } else if is_in(&left.range, &right.range) && may_stay(left, right) {
                    Some(left)
                } else if is_in(&right.range, &left.range) && may_stay(right, left) {
                    Some(right)
                } else {
                    None
                };
                let Some(inner) = inner else { continue };
                if let Some(bindings) = self.join(&left.bindings, &right.bindings) {
                    out.push(Hit { range: inner.range.clone(), bindings, kind: inner.kind });
                }
                if out.len() > super::MAX_HITS {
                    self.cut.set(true);
                    return out;
                }
            }
        }
        self.sort(&mut out);
        out
    }

    /// The bindings of both, where they agree.
    pub(super) fn join(&self, a: &Bindings, b: &Bindings) -> Option<Bindings> {
        let mut joined = a.clone();
        for (name, bound) in b.iter() {
            match a.get(name) {
                Some(known) if self.agree(known, bound) => {}
                Some(_) => return None,
                None => joined.push(name, bound.clone()),
            }
        }
        Some(joined)
    }

    fn agree(&self, a: &Bound, b: &Bound) -> bool {
        crate::matching::same_bound(self.file, a, b)
    }

    pub(super) fn takes_away(&self, away: &Hit, hit: &Hit) -> bool {
        let (a, b) = (&away.range, &hit.range);
        let near = match away.kind {
            HitKind::Plain => a == b,
            HitKind::Inside => is_in(b, a),
            HitKind::Regex => a.start < b.end && b.start < a.end,
            HitKind::Anywhere => true,
        };
        near && self.join(&hit.bindings, &away.bindings).is_some()
    }

    pub(super) fn focused(&self, hit: Hit, names: &[Symbol]) -> Vec<Hit> {
        let ranges: Vec<Range<u32>> =
            names.iter().filter_map(|name| bound_range(self.file, hit.bindings.get(*name)?)).collect();
        ranges
            .into_iter()
            .map(|range| Hit { range, bindings: hit.bindings.clone(), kind: HitKind::Plain })
            .collect()
    }

    /// Several focus keys: only what all of them name.
    pub(super) fn shared_focus(&self, mut hits: Vec<Hit>, and: &And) -> Vec<Hit> {
        hits.retain(|hit| {
            and.focus.iter().all(|names| {
                names.iter().any(|name| {
                    hit.bindings.get(*name).and_then(|bound| bound_range(self.file, bound))
                        == Some(hit.range.clone())
                })
            })
        });
        hits
    }
}

/// The bytes that a binding took.
pub fn bound_range(file: &File<'_>, bound: &Bound) -> Option<Range<u32>> {
    let of = |id| {
        let node = file.tree.node(id);
        node.start..node.end
    };
    match bound {
        Bound::Node(id) | Bound::Qualified(_, id) => Some(of(*id)),
        Bound::Nodes(list) => Some(of(*list.first()?).start..of(*list.last()?).end),
        Bound::Text(range) => Some(range.clone()),
    }
}

fn is_around(formula: &Formula) -> bool {
    matches!(formula, Formula::Inside(_) | Formula::Anywhere(_))
}

fn is_in(inner: &Range<u32>, outer: &Range<u32>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A range that only stands around something is no finding beside one that is.
fn may_stay(inner: &Hit, outer: &Hit) -> bool {
    inner.kind != HitKind::Inside || outer.kind == HitKind::Inside
}
