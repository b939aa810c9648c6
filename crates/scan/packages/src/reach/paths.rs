//! Which files are tests, by the conventions of each language's tools.

use bartizan_model::Language;

/// Whether a path (with `/` as separator) is one of test code or of code that only tests and developers run.
pub fn is_test(path: &str, language: Language) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let in_folder = |wanted: &[&str]| folders.split('/').any(|folder| wanted.contains(&folder));
    match language {
        // pytest's discovery rules, unittest's habit of a package `tests`.
        Language::Python => {
            stem.starts_with("test_")
                || stem.ends_with("_test")
                || matches!(stem, "conftest" | "tests" | "noxfile")
                || in_folder(&["test", "tests", "testing"])
        }
        // `go help test`.
        Language::Go => name.ends_with("_test.go") || in_folder(&["testdata"]),
        // Cargo's target layout.
        Language::Rust => in_folder(&["tests", "benches", "examples"]) || matches!(stem, "tests" | "test"),
        // Maven's and Gradle's source sets (`src/test`, `src/androidTest`, `src/jmh`) and surefire's default includes.
        Language::Java | Language::Kotlin => {
            let source_set = folders.split("src/").skip(1).any(|rest| {
                let set = rest.split('/').next().unwrap_or("");
                set == "jmh" || set.starts_with("test") || set.ends_with("Test") || set.ends_with("Tests")
            });
            source_set || ["Test", "Tests", "TestCase"].iter().any(|end| stem.ends_with(end))
        }
        _ => {
            in_folder(&["__tests__", "__mocks__", "__fixtures__", "test", "tests", "spec", "e2e", "cypress"])
                || name
                    .split('.')
                    .skip(1)
                    .any(|part| matches!(part, "test" | "spec" | "stories" | "cy" | "bench"))
        }
    }
}

/// Whether a path is a copy of somebody else's code within the tree: what that imports, the project does not.
pub fn is_foreign(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    name.ends_with(".min.js")
        || name.ends_with(".bundle.js")
        || folders.split('/').any(|folder| {
            matches!(
                folder,
                "node_modules"
                    | "bower_components"
                    | "site-packages"
                    | "dist-packages"
                    | "vendor"
                    | ".venv"
                    | "venv"
                    | ".tox"
                    | ".nox"
                    | ".yarn"
                    | ".gradle"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::{Language, is_foreign, is_test};

    #[test]
    fn copies_of_others_code() {
        assert!(is_foreign("web/node_modules/a/index.js") && is_foreign("vendor/x.org/a/a.go"));
        assert!(is_foreign("static/jquery.min.js"));
        assert!(!is_foreign("src/vendors/a.js") && !is_foreign("vendor.go"));
    }

    #[test]
    fn conventions_of_each_language() {
        for (path, language, expected) in [
            ("tests/unit.py", Language::Python, true),
            ("app/test_views.py", Language::Python, true),
            ("app/views_test.py", Language::Python, true),
            ("app/conftest.py", Language::Python, true),
            ("app/latest.py", Language::Python, false),
            ("app/contest.py", Language::Python, false),
            ("net/dial_test.go", Language::Go, true),
            ("net/test/dial.go", Language::Go, false),
            ("tests/a.rs", Language::Rust, true),
            ("src/lib.rs", Language::Rust, false),
            ("src/test/java/a/B.java", Language::Java, true),
            ("lib/src/androidTest/java/a/B.kt", Language::Kotlin, true),
            ("src/main/java/a/BTest.java", Language::Java, true),
            ("src/main/java/a/Contest.java", Language::Java, false),
            ("src/testament.js", Language::JavaScript, false),
            ("src/a.spec.ts", Language::TypeScript, true),
            ("src/__tests__/a.js", Language::JavaScript, true),
            ("src/spec.ts", Language::TypeScript, false),
            ("src/Button.stories.tsx", Language::TypeScript, true),
        ] {
            assert_eq!(is_test(path, language), expected, "{path}");
        }
    }
}
