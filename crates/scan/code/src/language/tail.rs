//! What a body whose last expression is its value returns.

use super::{ELLIPSIS_NAME, Lowerer, METAVARIABLE_MARK};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// How many branches within each other are looked through for what a body returns.
const MAX_TAIL: u32 = 50;

/// Whether a kind is that of an expression, and no statement of the generic tree.
pub(super) fn is_value(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Name
            | Kind::String
            | Kind::Template
            | Kind::Number
            | Kind::Char
            | Kind::Regex
            | Kind::Bool
            | Kind::Null
            | Kind::Field
            | Kind::Index
            | Kind::Call
            | Kind::New
            | Kind::Assign
            | Kind::AugmentedAssign
            | Kind::Binary
            | Kind::Unary
            | Kind::Postfix
            | Kind::Ternary
            | Kind::Lambda
            | Kind::List
            | Kind::Dict
            | Kind::Cast
            | Kind::TypeTest
            | Kind::Spread
            | Kind::Tuple
            | Kind::Comprehension
            | Kind::GenericType
            | Kind::Await
    )
}

/// An expression that stands as a statement is wrapped; declarations and control flow are statements by themselves.
pub(super) fn statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let id = l.lower(node);
    if !is_value(l.tree().kind(id)) {
        return id;
    }
    l.make_at(Kind::ExpressionStatement, 0, node.byte_range(), Symbol::EMPTY, &[id])
}

/// Makes the value of a body's last expression what it returns, also in the branches that end it: `id`, or a node in its
/// place. Assignments are worth nothing, and what a pattern leaves open stays so.
pub(super) fn returning(l: &mut Lowerer<'_>, id: NodeId) -> NodeId {
    within(l, id, 0)
}

fn within(l: &mut Lowerer<'_>, id: NodeId, depth: u32) -> NodeId {
    let node = *l.tree().node(id);
    let children = l.tree().children(id).to_vec();
    if depth > MAX_TAIL {
        return id;
    }
    let rebuilt = match node.kind {
        Kind::Block => {
            let mut rebuilt = children.clone();
            if let Some(last) = rebuilt.last_mut() {
                *last = within(l, *last, depth + 1);
            }
            rebuilt
        }
        Kind::If => {
            let [condition, then, other] = children[..] else { return id };
            // Without `else` it is worth nothing.
            if l.tree().kind(other) == Kind::Missing {
                return id;
            }
            vec![condition, within(l, then, depth + 1), within(l, other, depth + 1)]
        }
        Kind::Switch => {
            let Some((subject, cases)) = children.split_first() else { return id };
            let mut rebuilt = vec![*subject];
            rebuilt.extend(cases.iter().map(|case| within(l, *case, depth + 1)));
            rebuilt
        }
        Kind::Case | Kind::Catch => {
            let mut rebuilt = children.clone();
            if let Some(body) = rebuilt.last_mut() {
                *body = within(l, *body, depth + 1);
            }
            rebuilt
        }
        // What is done at last in any case is worth nothing.
        Kind::Try if children.len() >= 3 => {
            let finally = children.len() - 2;
            let part = |(index, child): (usize, &NodeId)| {
                if index == finally { *child } else { within(l, *child, depth + 1) }
            };
            children.iter().enumerate().map(part).collect()
        }
        Kind::ExpressionStatement => {
            let Some(value) = children.first().copied().filter(|value| is_worth(l, *value)) else {
                return id;
            };
            l.discard(id);
            return returned(l, value);
        }
        kind if is_value(kind) && is_worth(l, id) => return returned(l, id),
        _ => return id,
    };
    if rebuilt == children {
        return id;
    }
    let range = node.start as usize..node.end as usize;
    // The old node has no place in the tree any more.
    l.discard(id);
    l.make_at(node.kind, node.raw, range, node.symbol, &rebuilt)
}

fn returned(l: &mut Lowerer<'_>, value: NodeId) -> NodeId {
    let range = l.tree().range(value);
    l.make_at(Kind::Return, 0, range, Symbol::EMPTY, &[value])
}

fn is_worth(l: &Lowerer<'_>, value: NodeId) -> bool {
    let text = l.symbol_text(l.tree().symbol(value));
    let kind = l.tree().kind(value);
    let hole = kind == Kind::Name && (text.starts_with(ELLIPSIS_NAME) || text.contains(METAVARIABLE_MARK));
    !hole && !matches!(kind, Kind::Assign | Kind::AugmentedAssign)
}
