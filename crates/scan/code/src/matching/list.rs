//! Lists: in order, in any order, as a subset; arguments.

use super::{Bindings, Bound, Matcher, Rest};
use crate::tree::{Kind, NodeId};

impl Matcher<'_> {
    /// All of `ts` in order; `...` takes any number.
    pub(crate) fn ordered(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let Some((p, ps)) = ps.split_first() else { return ts.is_empty() && rest(bindings) };
        match self.pattern.tree.kind(*p) {
            Kind::Ellipsis => {
                if ps.is_empty() {
                    return rest(bindings);
                }
                (0..=ts.len()).any(|taken| self.step() && self.ordered(ps, &ts[taken..], bindings, rest))
            }
            Kind::MetavariableEllipsis => {
                let name = self.pattern.tree.symbol(*p);
                (0..=ts.len()).any(|taken| {
                    let bound = Bound::Nodes(ts[..taken].to_vec());
                    self.step()
                        && self.bind(name, bound, bindings, &mut |bindings| {
                            self.ordered(ps, &ts[taken..], bindings, rest)
                        })
                })
            }
            _ => {
                let Some((t, ts)) = ts.split_first() else {
                    // `return` and slots at the end: what the pattern leaves out.
                    return self.pattern.tree.kind(*p) == Kind::Missing
                        && self.ordered(ps, ts, bindings, rest);
                };
                match (self.pattern.tree.kind(*p), self.file.tree.kind(*t)) {
                    (Kind::Missing, _) => self.ordered(ps, ts, bindings, rest),
                    (_, Kind::Missing) => false,
                    _ => self.node(*p, *t, bindings, &mut |bindings| self.ordered(ps, ts, bindings, rest)),
                }
            }
        }
    }

    /// All of `ts` in any order; with `...` more are allowed.
    pub(crate) fn unordered(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let open =
            |p: &&NodeId| matches!(self.pattern.tree.kind(**p), Kind::Ellipsis | Kind::MetavariableEllipsis);
        let wanted: Vec<NodeId> = ps.iter().filter(|p| !open(p)).copied().collect();
        let is_open = wanted.len() < ps.len();
        if !is_open && wanted.len() != ts.len() || wanted.len() > ts.len() {
            return false;
        }
        let mut used = vec![false; ts.len()];
        self.choose(&wanted, ts, &mut used, bindings, rest)
    }

    /// Each of `ps` is one of `ts`; more of them are allowed.
    pub(crate) fn subset(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let told = |p: &&NodeId| {
            !matches!(
                self.pattern.tree.kind(**p),
                Kind::Ellipsis | Kind::MetavariableEllipsis | Kind::Missing
            )
        };
        let wanted: Vec<NodeId> = ps.iter().filter(told).copied().collect();
        if wanted.len() > ts.len() {
            return false;
        }
        let mut used = vec![false; ts.len()];
        self.choose(&wanted, ts, &mut used, bindings, rest)
    }

    fn choose(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        used: &mut [bool],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let Some((p, ps)) = ps.split_first() else { return rest(bindings) };
        for (index, t) in ts.iter().enumerate() {
            if used[index] || !self.step() {
                continue;
            }
            used[index] = true;
            // The list of what is used must be whole again for the next way.
            let mut inner = used.to_vec();
            let ended =
                self.node(*p, *t, bindings, &mut |bindings| self.choose(ps, ts, &mut inner, bindings, rest));
            used[index] = false;
            if ended {
                return true;
            }
        }
        false
    }

    /// Arguments: positions in order, names in any order. With `...` further ones are allowed.
    pub(crate) fn arguments(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let named_pattern = |p: &NodeId| self.pattern.tree.kind(*p) == Kind::KeywordArgument;
        let named_target = |t: &NodeId| self.file.tree.kind(*t) == Kind::KeywordArgument;
        if !ps.iter().any(named_pattern) && !ts.iter().any(named_target) {
            return self.ordered(ps, ts, bindings, rest);
        }
        let (p_names, p_places): (Vec<NodeId>, Vec<NodeId>) = ps.iter().partition(|p| named_pattern(p));
        self.named_arguments(&p_names, &p_places, ts, &vec![false; ts.len()], bindings, rest)
    }

    /// Gives each named argument of the pattern one of the file; what remains stands for the rest of the pattern, in order.
    fn named_arguments(
        &self,
        p_names: &[NodeId],
        p_places: &[NodeId],
        ts: &[NodeId],
        used: &[bool],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let Some((p, p_names)) = p_names.split_first() else {
            let left: Vec<NodeId> =
                ts.iter().zip(used).filter(|(_, used)| !**used).map(|(t, _)| *t).collect();
            return self.ordered(p_places, &left, bindings, rest);
        };
        for (index, t) in ts.iter().enumerate() {
            if used[index] || self.file.tree.kind(*t) != Kind::KeywordArgument || !self.step() {
                continue;
            }
            let mut inner = used.to_vec();
            inner[index] = true;
            let ended = self.node(*p, *t, bindings, &mut |bindings| {
                self.named_arguments(p_names, p_places, ts, &inner, bindings, rest)
            });
            if ended {
                return true;
            }
        }
        false
    }
}
