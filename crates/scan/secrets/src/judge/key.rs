//! What keys mean.

use crate::text;

/// What a key says its value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Chosen by a person, or made for one.
    Password,
    /// A token or secret: made by a machine.
    Secret,
    /// An `Authorization` header.
    Authorization,
    /// Salt, nonce or initialisation vector, fixed where it should not be.
    Salt,
    /// Only `key`: mostly no secret.
    Key,
}

impl KeyKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Password, Self::Secret, Self::Authorization, Self::Salt, Self::Key];

    /// Last part of the generic rule's id.
    pub fn rule_name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Secret => "secret",
            Self::Authorization => "authorization-header",
            Self::Salt => "salt",
            Self::Key => "key",
        }
    }
}

/// Key words, lower case: what makes the scanner call the judge.
pub const TRIGGERS: &[&str] = &[
    "pass",
    "pwd",
    "pswd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "salt",
    "nonce",
    "identified by",
    "bearer",
    "jwt",
    "apikey",
];

/// Words that make the whole something about a secret, not the secret: where they end a key.
const ABOUT: &[&str] = &[
    "id",
    "ids",
    "name",
    "names",
    "url",
    "uri",
    "path",
    "file",
    "filename",
    "dir",
    "directory",
    "type",
    "types",
    "field",
    "fields",
    "label",
    "hint",
    "placeholder",
    "prompt",
    "text",
    "title",
    "message",
    "msg",
    "error",
    "errors",
    "err",
    "length",
    "len",
    "size",
    "count",
    "min",
    "max",
    "expiry",
    "expires",
    "expiration",
    "expire",
    "expired",
    "ttl",
    "timeout",
    "regex",
    "regexp",
    "pattern",
    "format",
    "policy",
    "strength",
    "header",
    "headers",
    "param",
    "params",
    "parameter",
    "column",
    "prefix",
    "suffix",
    "class",
    "style",
    "icon",
    "color",
    "colour",
    "map",
    "dict",
    "list",
    "array",
    "index",
    "idx",
    "event",
    "code",
    "codes",
    "press",
    "down",
    "up",
    "algorithm",
    "alg",
    "algo",
    "enabled",
    "disabled",
    "required",
    "optional",
    "provider",
    "manager",
    "service",
    "endpoint",
    "issuer",
    "audience",
    "scope",
    "scopes",
    "domain",
    "version",
    "env",
    "var",
    "variable",
    "description",
    "desc",
    "help",
    "doc",
    "docs",
    "comment",
    "locale",
    "usage",
    "kind",
    "mode",
    "method",
    "function",
    "func",
    "fn",
    "callback",
    "handler",
    "validator",
    "validation",
    "store",
    "storage",
    "source",
    "location",
    "ref",
    "reference",
    "arn",
    "alias",
    "position",
    "pos",
    "start",
    "end",
    "offset",
    "line",
    "types",
    "generator",
    "factory",
    "builder",
    "parser",
    "reader",
    "writer",
    "input",
    "output",
    "form",
    "page",
    "view",
    "screen",
    "dialog",
    "button",
    "link",
    "template",
    "selector",
    "element",
    "node",
    "attribute",
    "attr",
    "option",
    "options",
    "config",
    "settings",
    "status",
    "state",
    "valid",
    "invalid",
    "changed",
    "confirmation",
    "exists",
    "missing",
    "separator",
    "delimiter",
    "encoding",
    "extension",
    "schema",
    "table",
    "row",
    "test",
    "tests",
    "example",
    "rotation",
    "age",
    "date",
    "time",
    "at",
    "by",
    "user",
    "username",
    "login",
    "group",
    "role",
    "owner",
    "app",
    "client",
    "server",
    "host",
    "port",
    "address",
    "email",
    "device",
    "model",
    "object",
    "property",
    "properties",
    "usages",
    "ops",
    "operation",
    "operations",
    "action",
    "sequence",
    "binding",
    "bindings",
    "board",
    "stroke",
    "space",
    "frame",
    "frames",
    "sum",
    "digest",
    "hash",
    "hashes",
    "sha",
    "sha1",
    "md5",
    "checksum",
    "fingerprint",
    "thumbprint",
];

/// Words before `key` that make it no secret.
const KEY_OF_WHAT: &[&str] = &[
    "public",
    "pub",
    "primary",
    "foreign",
    "sort",
    "partition",
    "row",
    "cache",
    "hot",
    "short",
    "object",
    "lookup",
    "map",
    "dict",
    "hash",
    "index",
    "unique",
    "candidate",
    "composite",
    "natural",
    "parent",
    "group",
    "order",
    "config",
    "setting",
    "settings",
    "registry",
    "session",
    "storage",
    "bucket",
    "s3",
    "metric",
    "event",
    "message",
    "translation",
    "i18n",
    "locale",
    "lang",
    "meta",
    "data",
    "json",
    "xml",
    "yaml",
    "property",
    "arrow",
    "escape",
    "enter",
    "tab",
    "shift",
    "ctrl",
    "alt",
    "function",
    "modifier",
    "sub",
    "product",
    "column",
    "field",
    "table",
    "cluster",
    "distribution",
    "idempotency",
    "routing",
    "dedupe",
    "deduplication",
    "aggregate",
    "aggregation",
    "resource",
    "context",
    "state",
    "prop",
    "react",
    "node",
    "item",
    "label",
    "tag",
    "answer",
    "site",
];

/// Words before `token` that make it a mark in a list, or a piece of text for a parser.
const PAGING: &[&str] = &[
    "next",
    "page",
    "paging",
    "pagination",
    "continuation",
    "continue",
    "marker",
    "cursor",
    "sync",
    "start",
    "starting",
    "previous",
    "prev",
    "resume",
    "upload",
    "idempotency",
    "client",
    "syntax",
    "parser",
    "lexer",
    "special",
    "eos",
    "bos",
    "pad",
    "unk",
    "stop",
    "mask",
    "sep",
    "cls",
    "cancellation",
    "string",
    "open",
    "close",
    "begin",
    "end",
];

/// What `key` says its value is; `None`: nothing secret.
pub fn kind_of(key: &[u8]) -> Option<KeyKind> {
    // What counts is the last part of a path such as `spring.datasource.password`.
    let last = key.rsplit(|&b| b == b'.').next().unwrap_or(key);
    let words = text::words_of(if last.is_empty() { key } else { last });
    let (end, before) = words.split_last()?;
    if end == "authorization" {
        return Some(KeyKind::Authorization);
    }
    if ABOUT.contains(&end.as_str())
        && !matches!(end.as_str(), "hash" | "app" | "client" | "user" | "code" | "test" | "admin" | "server")
    {
        return None;
    }
    let squashed = text::squashed(last);
    if end.starts_with("is") && words.len() == 1 && end.len() > 2 && end.as_bytes()[2].is_ascii_uppercase() {
        return None;
    }
    if matches!(
        words[0].as_str(),
        "is" | "has"
            | "should"
            | "use"
            | "can"
            | "get"
            | "no"
            | "num"
            | "need"
            | "allow"
            | "require"
            | "enable"
            | "disable"
            | "show"
            | "hide"
            | "forgot"
            | "reset"
            | "validate"
            | "check"
            | "on"
            | "with"
            | "without"
            | "max"
            | "min"
    ) && words.len() > 1
    {
        return None;
    }
    // Marks in a list of results, which every paged interface has.
    if end == "token" && before.iter().any(|word| PAGING.contains(&word.as_str())) {
        return None;
    }
    for word in words.iter().rev() {
        match word.as_str() {
            "password" | "passwd" | "passphrase" | "passcode" | "pwd" | "pswd" | "psw" | "passwort"
            | "contrasena" | "motdepasse" | "userpass" | "dbpass" | "rootpass" | "dbpassword"
            | "mypassword" | "userpassword" | "identified" => {
                return Some(KeyKind::Password);
            }
            "pass" if words.len() == 1 || matches!(end.as_str(), "pass") => return Some(KeyKind::Password),
            "secret" | "secrets" | "credential" | "credentials" | "creds" | "apikey" | "apitoken"
            | "authtoken" | "accesstoken" | "secretkey" | "clientsecret" | "appsecret" | "jwt" | "bearer" => {
                return Some(KeyKind::Secret);
            }
            "token" => return Some(KeyKind::Secret),
            "auth" if word == end => return Some(KeyKind::Secret),
            "salt" | "nonce" => return Some(KeyKind::Salt),
            "key" | "keys" if word == end => {
                let of = before.last().map(String::as_str).unwrap_or_default();
                if KEY_OF_WHAT.contains(&of) {
                    return None;
                }
                let strong = [
                    "api",
                    "access",
                    "private",
                    "auth",
                    "signing",
                    "sign",
                    "encryption",
                    "encrypt",
                    "master",
                    "app",
                    "client",
                    "service",
                    "account",
                    "license",
                    "crypto",
                    "cipher",
                    "aes",
                    "hmac",
                    "rsa",
                    "storage",
                    "shared",
                    "admin",
                    "deploy",
                    "ssh",
                    "webhook",
                    "consumer",
                ];
                return Some(if strong.contains(&of) { KeyKind::Secret } else { KeyKind::Key });
            }
            _ => {}
        }
    }
    for (part, kind) in [
        ("password", KeyKind::Password),
        ("passwd", KeyKind::Password),
        ("secretkey", KeyKind::Secret),
        ("apikey", KeyKind::Secret),
        ("accesskey", KeyKind::Secret),
        ("authkey", KeyKind::Secret),
        ("privatekey", KeyKind::Secret),
        ("accesstoken", KeyKind::Secret),
        ("authtoken", KeyKind::Secret),
    ] {
        if squashed.ends_with(part) {
            return Some(kind);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_people_mean() {
        let check =
            |key: &str, expected: Option<KeyKind>| assert_eq!(kind_of(key.as_bytes()), expected, "{key}");
        check("DB_PASSWORD", Some(KeyKind::Password));
        check("spring.datasource.password", Some(KeyKind::Password));
        check("password_hint", None);
        check("apiKey", Some(KeyKind::Secret));
        check("client_secret", Some(KeyKind::Secret));
        check("primary_key", None);
        check("monkey", None);
        check("keyboard", None);
        check("token_type", None);
        check("accessToken", Some(KeyKind::Secret));
        check("Authorization", Some(KeyKind::Authorization));
        check("author", None);
        check("bypass", None);
        check("encryption_key", Some(KeyKind::Secret));
        check("isPasswordValid", None);
    }
}
