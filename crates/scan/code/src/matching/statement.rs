//! Statements that follow each other.

use super::{Bindings, Bound, Matcher};
use crate::matching::Rest;
use crate::tree::{Kind, NodeId};
use std::cell::OnceCell;

/// Statements that one `...` looks through, with those nested in them.
const MAX_FLAT: usize = 20_000;

/// As [`Rest`], with where the last statement taken ends.
type RestWithEnd<'r> = &'r mut dyn FnMut(&mut Bindings, u32) -> bool;

impl Matcher<'_> {
    /// The statements of a block; several declarations in one are several.
    pub(crate) fn statements_of(&self, block: NodeId) -> Vec<NodeId> {
        let tree = self.file.tree;
        let mut out = Vec::with_capacity(tree.children(block).len());
        for child in tree.children(block) {
            match tree.kind(*child) {
                Kind::Definitions => out.extend_from_slice(tree.children(*child)),
                Kind::Missing | Kind::Comment => {}
                _ => out.push(*child),
            }
        }
        out
    }

    /// A block of the pattern is all of a block of the file; with `...` it is looked for in nested blocks too.
    pub(crate) fn whole_block(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let ellipsis =
            |p: &NodeId| matches!(self.pattern.tree.kind(*p), Kind::Ellipsis | Kind::MetavariableEllipsis);
        match ps {
            [only] if self.pattern.tree.kind(*only) == Kind::Ellipsis => return rest(bindings),
            [only] if self.pattern.tree.kind(*only) == Kind::MetavariableEllipsis => {
                return self.bind(self.pattern.tree.symbol(*only), Bound::Nodes(ts.to_vec()), bindings, rest);
            }
            _ => {}
        }
        if !ps.iter().any(ellipsis) {
            return self.in_order(ps, ts, true, bindings, &mut |bindings, _| rest(bindings));
        }
        let flat = self.flatten(ts);
        self.in_order(ps, &flat, true, bindings, &mut |bindings, _| rest(bindings))
    }

    /// Statements of a pattern from the first of `ts` on; what follows them does not matter.
    pub(crate) fn sequence(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        bindings: &mut Bindings,
        rest: RestWithEnd<'_>,
    ) -> bool {
        let ellipsis =
            |p: &NodeId| matches!(self.pattern.tree.kind(*p), Kind::Ellipsis | Kind::MetavariableEllipsis);
        // The first statement stands in this block itself, so that each match is found once.
        if ps.iter().skip(1).any(ellipsis) && !ps.first().is_some_and(ellipsis) {
            let (Some((p, ps)), Some((t, ts))) = (ps.split_first(), ts.split_first()) else { return false };
            let end = self.file.tree.node(*t).end;
            // Most statements are not the first: what follows is listed where one is.
            let flat = OnceCell::new();
            return self.node(*p, *t, bindings, &mut |bindings| {
                let flat = flat.get_or_init(|| self.flatten(ts));
                self.in_order_from(ps, flat, false, end, bindings, rest)
            });
        }
        self.in_order(ps, ts, false, bindings, rest)
    }

    fn in_order(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        all: bool,
        bindings: &mut Bindings,
        rest: RestWithEnd<'_>,
    ) -> bool {
        self.in_order_from(ps, ts, all, 0, bindings, rest)
    }

    fn in_order_from(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        all: bool,
        end: u32,
        bindings: &mut Bindings,
        rest: RestWithEnd<'_>,
    ) -> bool {
        let Some((p, ps)) = ps.split_first() else {
            return (ts.is_empty() || !all) && rest(bindings, end);
        };
        let ends = |t: &NodeId| self.file.tree.node(*t).end;
        match self.pattern.tree.kind(*p) {
            Kind::Ellipsis if ps.is_empty() => {
                // The rest of the block belongs to the match.
                let last = ts.iter().map(ends).max().unwrap_or(end).max(end);
                rest(bindings, last)
            }
            Kind::Ellipsis => (0..=ts.len())
                .any(|taken| self.step() && self.in_order_from(ps, &ts[taken..], all, end, bindings, rest)),
            Kind::MetavariableEllipsis => (0..=ts.len()).any(|taken| {
                let bound = Bound::Nodes(ts[..taken].to_vec());
                let end = ts[..taken].last().map_or(end, ends).max(end);
                self.step()
                    && self.bind(self.pattern.tree.symbol(*p), bound, bindings, &mut |bindings| {
                        self.in_order_from(ps, &ts[taken..], all, end, bindings, rest)
                    })
            }),
            _ => {
                let Some((t, ts)) = ts.split_first() else { return false };
                let end = ends(t).max(end);
                self.node(*p, *t, bindings, &mut |bindings| {
                    self.in_order_from(ps, ts, all, end, bindings, rest)
                })
            }
        }
    }

    /// Each statement, followed by those within it.
    fn flatten(&self, statements: &[NodeId]) -> Vec<NodeId> {
        let tree = self.file.tree;
        let mut out = Vec::new();
        let mut stack: Vec<NodeId> = statements.iter().rev().copied().collect();
        while let Some(id) = stack.pop() {
            if out.len() >= MAX_FLAT {
                break;
            }
            out.push(id);
            let mut nested = Vec::new();
            for child in tree.children(id) {
                match tree.kind(*child) {
                    Kind::Block => nested.extend(self.statements_of(*child)),
                    Kind::If | Kind::Catch | Kind::Case | Kind::Try => {
                        nested.extend(self.blocks_within(*child));
                    }
                    kind if is_body(tree.kind(id), kind) => nested.push(*child),
                    _ => {}
                }
            }
            stack.extend(nested.into_iter().rev());
        }
        out
    }

    /// Statements of the blocks directly within a branch.
    fn blocks_within(&self, branch: NodeId) -> Vec<NodeId> {
        let tree = self.file.tree;
        if tree.kind(branch) == Kind::If {
            return vec![branch];
        }
        let blocks = tree.children(branch).iter().filter(|child| tree.kind(**child) == Kind::Block);
        blocks.flat_map(|block| self.statements_of(*block)).collect()
    }

    /// A lone expression of the pattern as a statement: a statement of the file that is this expression, or holds it.
    pub(crate) fn expression_statement(
        &self,
        p: NodeId,
        t: NodeId,
        bindings: &mut Bindings,
        rest: Rest<'_>,
    ) -> bool {
        let tree = self.file.tree;
        let Some(inner) = self.pattern.tree.child(p, 0) else { return false };
        let holds = match tree.kind(t) {
            Kind::ExpressionStatement => tree.child(t, 0),
            Kind::VariableDefinition => tree.present(t, 3).and(Some(t)),
            Kind::Return | Kind::Yield | Kind::Throw => tree.present(t, 0),
            Kind::Assign | Kind::AugmentedAssign | Kind::Call => Some(t),
            _ => None,
        };
        let Some(expression) = holds else { return false };
        if self.node(inner, expression, bindings, rest) {
            return true;
        }
        if !self.options.implicit_deep_exprstmt || self.pattern.tree.kind(inner) != Kind::Call {
            return false;
        }
        // Within a longer expression, but not within a function that is written there.
        let mut stack: Vec<NodeId> = tree.children(expression).iter().rev().copied().collect();
        while let Some(id) = stack.pop() {
            if tree.kind(id) == Kind::Call && self.node(inner, id, bindings, rest) {
                return true;
            }
            if !tree.kind(id).is_function() {
                stack.extend(tree.children(id).iter().rev());
            }
        }
        false
    }
}

/// Whether a child is a body without braces.
fn is_body(parent: Kind, child: Kind) -> bool {
    let statement = matches!(
        child,
        Kind::ExpressionStatement
            | Kind::Return
            | Kind::Throw
            | Kind::Break
            | Kind::Continue
            | Kind::While
            | Kind::For
            | Kind::ForEach
    );
    statement
        && matches!(
            parent,
            Kind::If | Kind::While | Kind::For | Kind::ForEach | Kind::DoWhile | Kind::Labeled
        )
}
