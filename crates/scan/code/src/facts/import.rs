//! What import statements bind.

use super::Facts;
use crate::language::{Language, Spec};
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};

/// A name bound to something of another module.
pub(super) struct Bound {
    pub(super) name: Symbol,
    /// The qualified name.
    pub(super) path: Symbol,
}

/// The dotted text of nested fields over names, or a string's content.
pub(crate) fn dotted(tree: &Tree, symbols: &Symbols, id: NodeId) -> Option<String> {
    let node = tree.node(id);
    match node.kind {
        Kind::Name | Kind::String => Some(symbols.text(node.symbol).to_owned()),
        Kind::Field => {
            let object = dotted(tree, symbols, tree.child(id, 0)?)?;
            let name = dotted(tree, symbols, tree.child(id, 1)?)?;
            Some(join(&object, &name))
        }
        Kind::GenericType => dotted(tree, symbols, tree.child(id, 0)?),
        _ => None,
    }
}

/// `module.name`; a relative module keeps its dots (`.` and `a` are `.a`).
pub(super) fn join(module: &str, name: &str) -> String {
    if module.is_empty() || (!module.is_empty() && module.bytes().all(|byte| byte == b'.')) {
        format!("{module}{name}")
    } else {
        format!("{module}.{name}")
    }
}

/// The name by which a module path is used: `v2` of a versioned path is skipped.
fn package_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let name = if version(last) { parts.next().unwrap_or(last) } else { last };
    match name.split_once(".v") {
        Some((name, rest)) if rest.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    }
}

/// What an [`Kind::Import`] or [`Kind::ImportFrom`] binds; wildcards go to `facts`.
pub(super) fn bindings(
    tree: &Tree,
    symbols: &mut Symbols,
    spec: &Spec,
    id: NodeId,
    facts: &mut Facts,
) -> Vec<Bound> {
    let mut out = Vec::new();
    let Some(module) = tree.child(id, 0).and_then(|module| dotted(tree, symbols, module)) else { return out };
    if tree.kind(id) == Kind::Import {
        let alias = tree.present(id, 1).filter(|alias| tree.kind(*alias) == Kind::Name);
        let alias = alias.map(|alias| symbols.text(tree.symbol(alias)).to_owned());
        whole(symbols, spec, &module, alias.as_deref(), facts, &mut out);
        return out;
    }
    for name in tree.children(id).iter().skip(1) {
        if tree.kind(*name) != Kind::ImportedName {
            continue;
        }
        let Some(imported) = tree.child(*name, 0).and_then(|name| dotted(tree, symbols, name)) else {
            continue;
        };
        let alias = tree.present(*name, 1).map(|alias| tree.symbol(alias));
        let path = match (imported.as_str(), alias) {
            ("*", None) => {
                let module = symbols.intern(&module);
                facts.wildcards.push(module);
                continue;
            }
            // A namespace or default import stands for the module.
            ("*" | "default", Some(_)) => module.clone(),
            _ => join(&module, &imported),
        };
        let name = alias.unwrap_or_else(|| symbols.intern(imported.rsplit('.').next().unwrap_or(&imported)));
        out.push(Bound { name, path: symbols.intern(&path) });
    }
    out
}

fn whole(
    symbols: &mut Symbols,
    spec: &Spec,
    module: &str,
    alias: Option<&str>,
    facts: &mut Facts,
    out: &mut Vec<Bound>,
) {
    if let Some(package) = module.strip_suffix(".*").or_else(|| module.strip_suffix("._")) {
        facts.wildcards.push(symbols.intern(package));
        return;
    }
    let (name, path) = match (alias, spec.language) {
        (Some("_"), Language::Go) => return,
        (Some("."), Language::Go) => {
            facts.wildcards.push(symbols.intern(module));
            return;
        }
        (Some(alias), _) => (alias, module),
        // `import a.b` binds `a`.
        (None, Language::Python) => {
            let first = module.split('.').next().unwrap_or(module);
            (first, first)
        }
        (None, Language::Go) => (package_name(module), module),
        (None, Language::CSharp) => {
            facts.wildcards.push(symbols.intern(module));
            return;
        }
        // A header brings in what it declares, under its own names.
        (None, Language::JavaScript | Language::TypeScript | Language::C | Language::Cpp) => return,
        (None, _) => (module.rsplit(['.', '\\', ':']).next().unwrap_or(module), module),
    };
    if !name.is_empty() {
        out.push(Bound { name: symbols.intern(name), path: symbols.intern(path) });
    }
}

/// The qualified name by the last part of a module that is a path: `net/http.Get` is `http.Get`.
pub(crate) fn short(path: &str) -> Option<String> {
    let (directory, last) = path.rsplit_once('/')?;
    let version = last.split('.').next().unwrap_or(last);
    let is_version =
        version.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if is_version {
        let package = directory.rsplit('/').next().unwrap_or(directory);
        return Some(format!("{package}{}", &last[version.len()..]));
    }
    match last.split_once(".v") {
        Some((name, rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            Some(format!("{name}{tail}"))
        }
        _ => Some(last.to_owned()),
    }
}

/// `require('m')`, also with fields after it: the qualified name.
pub(super) fn required(tree: &Tree, symbols: &Symbols, id: NodeId) -> Option<String> {
    match tree.kind(id) {
        Kind::Call => {
            let callee = tree.child(id, 0)?;
            let [argument] = tree.children(tree.child(id, 1)?) else { return None };
            let is_require =
                tree.kind(callee) == Kind::Name && symbols.text(tree.symbol(callee)) == "require";
            (is_require && tree.kind(*argument) == Kind::String)
                .then(|| symbols.text(tree.symbol(*argument)).to_owned())
        }
        Kind::Await => required(tree, symbols, tree.child(id, 0)?),
        Kind::Field => {
            let module = required(tree, symbols, tree.child(id, 0)?)?;
            let name = tree.child(id, 1).filter(|name| tree.kind(*name) == Kind::Name)?;
            Some(join(&module, symbols.text(tree.symbol(name))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_paths_have_short_names() {
        assert_eq!(short("os/exec.Command").as_deref(), Some("exec.Command"));
        assert_eq!(short("github.com/a/b/v4.New").as_deref(), Some("b.New"));
        assert_eq!(short("gopkg.in/yaml.v2.Unmarshal").as_deref(), Some("yaml.Unmarshal"));
        assert_eq!(short("fmt.Println"), None);
        assert_eq!(package_name("github.com/a/b/v4"), "b");
        assert_eq!(package_name("gopkg.in/yaml.v2"), "yaml");
    }
}
