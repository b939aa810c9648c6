//! Poms put together, as a reader of Maven's reference expects.

use super::{Project, resolve};
use crate::{Manifest, format};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn pom(coordinates: &str, rest: &str) -> String {
    let parts: Vec<_> = coordinates.split(':').collect();
    let names = ["groupId", "artifactId", "version"];
    let own: String = names
        .iter()
        .zip(&parts)
        .filter(|(_, part)| !part.is_empty())
        .map(|(name, part)| format!("<{name}>{part}</{name}>"))
        .collect();
    format!("<project>{own}{rest}</project>")
}

fn parent(coordinates: &str, path: Option<&str>) -> String {
    let parts: Vec<_> = coordinates.split(':').collect();
    let path = path.map_or(String::new(), |path| format!("<relativePath>{path}</relativePath>"));
    format!(
        "<parent><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version>{path}</parent>",
        parts[0], parts[1], parts[2]
    )
}

/// `name[:version[:scope]]`, each as a dependency of group `g`.
fn dependencies(all: &[&str]) -> String {
    let list: String = all
        .iter()
        .map(|text| {
            let mut parts = text.split(':');
            let artifact = parts.next().unwrap();
            let field = |name: &str, value: Option<&str>| match value {
                Some(value) if !value.is_empty() => format!("<{name}>{value}</{name}>"),
                _ => String::new(),
            };
            let (version, scope, kind) =
                (field("version", parts.next()), field("scope", parts.next()), field("type", parts.next()));
            format!("<dependency><groupId>g</groupId><artifactId>{artifact}</artifactId>{version}{scope}{kind}</dependency>")
        })
        .collect();
    format!("<dependencies>{list}</dependencies>")
}

fn manage(all: &[&str]) -> String {
    format!("<dependencyManagement>{}</dependencyManagement>", dependencies(all))
}

fn properties(all: &[(&str, &str)]) -> String {
    let list: String = all.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
    format!("<properties>{list}</properties>")
}

fn read(files: &[(&str, String)]) -> BTreeMap<String, Project> {
    let poms: BTreeMap<String, Manifest> = files
        .iter()
        .map(|(path, text)| {
            ((*path).to_owned(), (format::of(path).unwrap().parse)(path, text.as_bytes()).unwrap())
        })
        .collect();
    resolve(&poms)
}

fn versions(project: &Project) -> Vec<String> {
    project
        .packages
        .iter()
        .map(|asked| {
            let version = asked.package.version.as_deref().unwrap_or("?");
            format!("{}@{version} {:?}", asked.package.name, asked.package.scope)
        })
        .collect()
}

#[test]
fn versions_and_scopes_come_down_from_parents() {
    let all = read(&[
        (
            "pom.xml",
            pom(
                "g:parent:1",
                &[
                    properties(&[("a.version", "1.0"), ("b.version", "${a.version}")]),
                    manage(&["a:${a.version}", "b:${b.version}", "t:5:test", "own:${project.version}"]),
                    dependencies(&["everywhere:9"]),
                ]
                .concat(),
            ),
        ),
        (
            "core/pom.xml",
            pom(
                ":core:2",
                &[
                    parent("g:parent:1", None),
                    properties(&[("a.version", "1.1")]),
                    dependencies(&["a", "b", "t", "own", "x:3", "t2:5:test", "y:${project.parent.version}"]),
                ]
                .concat(),
            ),
        ),
    ]);
    let core = &all["core/pom.xml"];
    assert_eq!(
        versions(core),
        [
            "g:a@1.1 Runtime",
            "g:b@1.1 Runtime",
            "g:t@5 Development",
            "g:own@2 Runtime",
            "g:x@3 Runtime",
            "g:t2@5 Development",
            "g:y@1 Runtime",
            "g:everywhere@9 Runtime",
        ]
    );
    assert_eq!(core.problems, []);
    assert_eq!(core.root.name.as_deref(), Some("g:core"));
    assert_eq!(core.packages[7].declared_in, "pom.xml");
}

#[test]
fn a_parent_is_found_by_path_folder_or_coordinates() {
    let child = |path| pom(":c:1", &(parent("g:p:1", path) + &dependencies(&["a"])));
    let all = read(&[
        ("build/parent/pom.xml", pom("g:p:1", &manage(&["a:1"]))),
        ("pom.xml", pom("g:other:1", &manage(&["a:2"]))),
        ("x/by-path/pom.xml", child(Some("../../build/parent/pom.xml"))),
        ("x/by-folder/pom.xml", child(Some("../../build/parent"))),
        ("y/pom.xml", child(None)),
        ("z/pom.xml", child(Some(""))),
        ("out/pom.xml", child(Some("../../../etc"))),
    ]);
    for path in ["x/by-path/pom.xml", "x/by-folder/pom.xml", "y/pom.xml", "z/pom.xml", "out/pom.xml"] {
        assert_eq!(versions(&all[path]), ["g:a@1 Runtime"], "{path}");
    }
}

#[test]
fn bills_of_materials_are_imported_in_their_own_words() {
    let all = read(&[
        (
            "bom/pom.xml",
            pom(
                "g:bom:${revision}",
                &(properties(&[("revision", "4"), ("v", "1")])
                    + &manage(&["a:${v}", "b:${project.version}", "c:1", "inner:7:import:pom"])),
            ),
        ),
        ("inner/pom.xml", pom("g:inner:7", &manage(&["c:2", "d:3"]))),
        (
            "app/pom.xml",
            pom(
                "g:app:1",
                &(properties(&[("v", "99")])
                    + &manage(&["b:8", "bom:4:import:pom"])
                    + &dependencies(&["a", "b", "c", "d"])),
            ),
        ),
    ]);
    let app = &all["app/pom.xml"];
    assert_eq!(versions(app), ["g:a@1 Runtime", "g:b@8 Runtime", "g:c@1 Runtime", "g:d@3 Runtime"]);
    assert_eq!(app.problems, []);
}

#[test]
fn what_is_not_here_is_named() {
    let all = read(&[(
        "pom.xml",
        pom(
            ":app:1",
            &(parent("org.x:far:3", None)
                + &manage(&["bom:2:import:pom"])
                + &dependencies(&["a", "b:${far.b}", "c:[1,2)", "d:1"])),
        ),
    )]);
    let app = &all["pom.xml"];
    assert_eq!(versions(app), ["g:a@? Runtime", "g:b@? Runtime", "g:c@? Runtime", "g:d@1 Runtime"]);
    let reasons: Vec<_> = app.problems.iter().map(|problem| problem.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "parent org.x:far:3 is not among the files: what it asks for and lays down is not known",
            "no file states the version of g:a; not among the files: parent org.x:far:3, bill of materials g:bom:2",
            "no file says what ${far.b} is, the version of g:b; not among the files: parent org.x:far:3, bill of materials g:bom:2",
        ]
    );
}

#[test]
fn a_childs_dependency_takes_the_place_of_its_parents() {
    let all = read(&[
        ("pom.xml", pom("g:p:1", &dependencies(&["a:1", "b:1", "a:1::test-jar"]))),
        ("c/pom.xml", pom(":c:1", &(parent("g:p:1", None) + &dependencies(&["a:2:test"])))),
    ]);
    assert_eq!(versions(&all["c/pom.xml"]), ["g:a@2 Development", "g:b@1 Runtime", "g:a@1 Runtime"]);
}

#[test]
fn cycles_end_and_are_told() {
    let all = read(&[
        (
            "a/pom.xml",
            pom(
                ":a:1",
                &(parent("g:b:1", Some("../b")) + &dependencies(&["x:${p}"]) + &properties(&[("p", "${q}")])),
            ),
        ),
        ("b/pom.xml", pom(":b:1", &(parent("g:a:1", Some("../a")) + &properties(&[("q", "${p}")])))),
        ("m/pom.xml", pom("g:m:1", &manage(&["n:1:import:pom", "k:1"]))),
        ("n/pom.xml", pom("g:n:1", &(manage(&["m:1:import:pom"]) + &dependencies(&["k", "l"])))),
    ]);
    let a = &all["a/pom.xml"];
    assert_eq!(versions(a), ["g:x@? Runtime"]);
    assert!(a.problems.iter().any(|problem| problem.reason.contains("cycle")));
    assert_eq!(versions(&all["n/pom.xml"]), ["g:k@1 Runtime", "g:l@? Runtime"]);
}

#[test]
fn many_poms_are_put_together_in_time() {
    let mut files = vec![(
        "pom.xml".to_owned(),
        pom(
            "g:p:1",
            &manage(
                &(0..2000)
                    .map(|at| format!("m{at}:1"))
                    .collect::<Vec<_>>()
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>(),
            ),
        ),
    )];
    for at in 0..2000 {
        files.push((
            format!("c{at}/pom.xml"),
            pom(&format!(":c{at}:1"), &(parent("g:p:1", None) + &dependencies(&["m1", "m1999"]))),
        ));
    }
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let start = std::time::Instant::now();
    let all = read(&files);
    assert_eq!(all.values().filter(|project| project.packages.len() == 2).count(), 2000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_tangle_of_poms_ends(
        links in proptest::collection::vec((0usize..5, 0usize..5, 0usize..5), 5),
    ) {
        let names = ["a", "b", "c", "d", "e"];
        let files: Vec<_> = links
            .iter()
            .enumerate()
            .map(|(at, (up, bom, value))| {
                let path = format!("{}/pom.xml", names[at]);
                let text = pom(
                    &format!(":{}:1", names[at]),
                    &[
                        parent(&format!("g:{}:1", names[*up]), Some(&format!("../{}", names[*up]))),
                        manage(&[&format!("{}:1:import:pom", names[*bom]), "k:${v}"]),
                        properties(&[("v", &format!("${{w{value}}}")), (&format!("w{at}"), "${v}")]),
                        dependencies(&["k"]),
                    ]
                    .concat(),
                );
                (path, text)
            })
            .collect();
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
        prop_assert_eq!(read(&files).len(), 5);
    }
}
