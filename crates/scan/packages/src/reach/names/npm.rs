//! npm: a specifier starts with the package's name.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Modules of Node.js. Those that the registry also has as a package of the same use, which bundlers take for the browser, are
/// left out: there the import may mean either.
const BUILTIN: &str = "async_hooks child_process cluster console crypto dgram diagnostics_channel dns fs http http2 https \
    inspector module net os perf_hooks readline repl sqlite tls trace_events tty v8 vm wasi worker_threads zlib";

static BUILTINS: LazyLock<HashSet<&str>> = LazyLock::new(|| BUILTIN.split_ascii_whitespace().collect());

/// Packages that programs load by a name in their configuration or that leave nothing to import.
const BY_NAME_PREFIXES: &[&str] = &[
    "@types/",
    "@babel/",
    "@commitlint/",
    "@eslint/",
    "@rollup/",
    "@semantic-release/",
    "@storybook/",
    "@tailwindcss/",
    "@typescript-eslint/",
    "@vitejs/",
    "babel-",
    "cz-",
    "eslint",
    "gatsby-",
    "grunt",
    "gulp",
    "jest",
    "karma",
    "mocha",
    "postcss",
    "prettier",
    "remark-",
    "rehype-",
    "rollup",
    "stylelint",
    "tailwindcss",
    "vite",
    "webpack",
];

/// Drivers, tools and the like, whole names.
const BY_NAME: &str = "concurrently cross-env husky less lint-staged mysql mysql2 node-sass nodemon npm-run-all nyc pg \
    pg-hstore pm2 rimraf sass sqlite3 tedious ts-jest ts-node tslib tsx turbo typescript typeorm yarn npm oracledb \
    pino-pretty regenerator-runtime react-dom react-scripts autoprefixer c8 serve http-server standard tap tape ava";

static BY_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| BY_NAME.split_ascii_whitespace().collect());

/// The package that a specifier names; `None` for paths, addresses, aliases and Node's own modules.
pub fn package_of(specifier: &[u8]) -> Option<&str> {
    let specifier = std::str::from_utf8(specifier).ok()?;
    // `node:fs`, `https://…`, `data:…`, `virtual:…`; and no name holds a blank.
    if specifier.len() > 214 + 256 || specifier.contains(|c: char| c == ':' || c.is_whitespace() || c == '\\')
    {
        return None;
    }
    let scoped = specifier.starts_with('@');
    let end =
        specifier.match_indices('/').map(|(at, _)| at).nth(usize::from(scoped)).unwrap_or(specifier.len());
    let name = &specifier[..end];
    if scoped && !name.split_once('/').is_some_and(|(scope, rest)| scope.len() > 1 && !rest.is_empty()) {
        return None; // `@/components` is an alias
    }
    let first = name.trim_start_matches('@').chars().next()?;
    if !(first.is_ascii_alphanumeric() || matches!(first, '_' | '-')) {
        return None; // `./a`, `/a`, `~/a`, `#a`, `$lib`
    }
    // `string_decoder/` with a slash means the package.
    (!BUILTINS.contains(name) || specifier.ends_with('/')).then_some(name)
}

/// Whether a package is often used without an import of it.
pub fn is_loaded_by_name(package: &str) -> bool {
    let bare = package.rsplit('/').next().unwrap_or(package);
    BY_NAMES.contains(package)
        || BY_NAME_PREFIXES.iter().any(|prefix| package.starts_with(prefix) || bare.starts_with(prefix))
        || bare.ends_with("-loader")
        || bare.ends_with("-cli")
        || bare.ends_with("-plugin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_specifiers() {
        for (specifier, package) in [
            ("lodash", Some("lodash")),
            ("lodash/fp", Some("lodash")),
            ("@scope/name", Some("@scope/name")),
            ("@scope/name/deep/file.js", Some("@scope/name")),
            ("lodash.merge", Some("lodash.merge")),
            ("string_decoder/", Some("string_decoder")),
            ("events", Some("events")),
            ("fs", None),
            ("fs/promises", None),
            ("node:test", None),
            ("@/components", None),
            ("@scope", None),
            ("./a", None),
            ("..", None),
            ("/a", None),
            ("~/a", None),
            ("#a", None),
            ("", None),
            ("a b", None),
            ("https://h.example/a.js", None),
        ] {
            assert_eq!(package_of(specifier.as_bytes()), package, "{specifier}");
        }
    }
}
