//! Packages from lock file to report, by the program itself: database, findings, policy, VEX, bills of materials.

use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

const LOCK: &str = r#"{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3,
  "packages": {
    "": { "name": "app", "version": "1.0.0", "dependencies": { "wrapper": "^1.0.0" }, "devDependencies": { "tester": "2.0.0" } },
    "node_modules/deep": { "version": "1.2.3", "license": "GPL-3.0-only" },
    "node_modules/tester": { "version": "2.0.0", "dev": true, "license": "MIT" },
    "node_modules/wrapper": { "version": "1.0.4", "license": "MIT", "dependencies": { "deep": "1.2.3" } }
  }
}
"#;

fn advisory(id: &str, aliases: &[&str], package: &str, fixed: &str) -> Value {
    json!({
        "schema_version": "1.6.0", "id": id, "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z",
        "aliases": aliases, "summary": format!("a hole in {package}"), "details": "Long words.",
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N" }],
        "affected": [{
            "package": { "ecosystem": "npm", "name": package },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": fixed }] }]
        }]
    })
}

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let this = Self { folder };
        this.write("app/package-lock.json", LOCK);
        this.write("app/index.js", "const wrapper = require('wrapper');\nwrapper.run();\n");
        this
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn import(&self, advisories: &[Value]) {
        for (index, advisory) in advisories.iter().enumerate() {
            self.write(&format!("osv/{index}.json"), &advisory.to_string());
        }
        let output = self.run(&["db", "import", &self.path("osv")]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_bartizan"))
            .args(arguments)
            .env("BARTIZAN_DB_DIR", self.path("db"))
            .env("BARTIZAN_CACHE_DIR", self.path("cache"))
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .env_remove("XDG_DATA_HOME")
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    fn scan(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[&["scan", "app", "--format", "json", "--quiet"], arguments].concat());
        let report = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), report)
    }
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn without_advisories_packages_are_listed_and_that_is_said_once() {
    let project = Project::new();
    let (code, report) = project.scan(&[]);
    assert_eq!(code, Some(0));
    assert_eq!(report["components"].as_array().unwrap().len(), 3);
    let told: Vec<&str> = report["coverage"]["not_done"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "no-advisories")
        .map(|entry| entry["reason"].as_str().unwrap())
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("bartizan db update"), "{told:?}");
    let text = project.run(&["scan", "app", "--quiet"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("not all packages were held against advisories"), "{text}");
    assert!(text.contains("3 packages: 3 npm"), "{text}");
}

#[test]
fn a_hole_in_what_another_package_brings_in() {
    let project = Project::new();
    project.import(&[
        advisory("GHSA-aaaa-bbbb-cccc", &["CVE-2026-1000"], "deep", "2.0.0"),
        advisory("GHSA-dddd-eeee-ffff", &[], "wrapper", "1.0.4"),
    ]);
    let (code, report) = project.scan(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(rules(&report), ["packages/ghsa-aaaa-bbbb-cccc"], "wrapper 1.0.4 is the fixed version");
    let finding = &report["findings"][0];
    assert_eq!(finding["severity"], "critical");
    assert!(finding["message"].as_str().unwrap().contains("deep 1.2.3 is affected by"), "{finding}");
    assert!(finding["remediation"].as_str().unwrap().contains("upgrade deep to 2.0.0"), "{finding}");
    assert!(finding["remediation"].as_str().unwrap().contains("pkg:npm/wrapper@1.0.4"), "{finding}");
    let properties = &finding["evidence"]["properties"];
    assert_eq!(properties["via"], "pkg:npm/wrapper@1.0.4 > pkg:npm/deep@1.2.3");
    assert_eq!(properties["aliases"], "CVE-2026-1000");
    let place = &finding["places"][0];
    assert!(place["path"].as_str().unwrap().ends_with("package-lock.json"));
    assert_eq!(place["region"]["start_line"], 5);
    let (_, again) = project.scan(&[]);
    assert_eq!(again, report, "a warm cache gives the same");
    let (_, alone) = project.scan(&["--threads", "1", "--no-cache"]);
    assert_eq!(alone, report);
}

#[test]
fn an_upgrade_says_whether_the_manifest_allows_it() {
    let project = Project::new();
    project.write("app/package.json", r#"{ "name": "app", "dependencies": { "wrapper": "^1.0.0" }, "devDependencies": { "tester": "2.0.0" } }"#);
    project.import(&[
        advisory("GHSA-aaaa-aaaa-aaa1", &[], "wrapper", "1.3.0"),
        advisory("GHSA-aaaa-aaaa-aaa2", &[], "tester", "2.1.0"),
        advisory("GHSA-aaaa-aaaa-aaa3", &[], "deep", "1.2.4"),
    ]);
    let (_, report) = project.scan(&[]);
    let told = |package: &str| {
        let finding = report["findings"].as_array().unwrap().iter().find(|finding| {
            finding["evidence"]["properties"]["purl"]
                .as_str()
                .is_some_and(|purl| purl.starts_with(&format!("pkg:npm/{package}@")))
        });
        let finding = finding.unwrap_or_else(|| panic!("{package}: {report:#}"));
        (
            finding["evidence"]["properties"]["upgrade-in-range"].clone(),
            finding.to_string().contains("asks for `2.0.0`"),
        )
    };
    assert_eq!(told("wrapper"), (json!("true"), false));
    assert_eq!(told("tester"), (json!("false"), true));
    assert_eq!(told("deep"), (Value::Null, false), "the project does not ask for it itself");
}

#[test]
fn a_distributions_packages_are_held_against_its_release_and_the_version_of_their_source() {
    let project = Project::new();
    project.write("app/root/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    project.write(
        "app/root/var/lib/dpkg/status",
        "Package: libz1\nStatus: install ok installed\nSource: zed (1.0-2)\nVersion: 5:9.0-2+b1\n\n",
    );
    let debian = |id: &str, release: &str, fixed: &str| {
        json!({
            "schema_version": "1.6.0", "id": id, "modified": "2026-01-01T00:00:00Z", "summary": "a hole",
            "affected": [{
                "package": { "ecosystem": format!("Debian:{release}"), "name": "zed" },
                "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": fixed }] }]
            }]
        })
    };
    project.import(&[
        debian("DSA-1-1", "12", "1.0-3"),
        debian("DSA-2-1", "11", "1.0-3"),
        debian("DSA-3-1", "12", "1.0-2"),
    ]);
    let (_, report) = project.scan(&[]);
    assert_eq!(rules(&report), ["packages/dsa-1-1"]);
}

#[test]
fn an_exploited_hole_is_critical_and_a_developers_tool_counts_less() {
    let project = Project::new();
    let mut low = advisory("GHSA-aaaa-bbbb-cccc", &["CVE-2026-1000"], "deep", "2.0.0");
    low["severity"][0]["score"] = json!("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N");
    project.import(&[low, advisory("GHSA-dddd-eeee-ffff", &[], "tester", "3.0.0")]);
    let (_, report) = project.scan(&[]);
    let severity = |report: &Value, rule: &str| {
        let found = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule);
        found.unwrap()["severity"].as_str().unwrap().to_owned()
    };
    assert_eq!(severity(&report, "packages/ghsa-aaaa-bbbb-cccc"), "low");
    assert_eq!(severity(&report, "packages/ghsa-dddd-eeee-ffff"), "high", "critical, for developers only");
    project.write(
        "kev.json",
        &json!({
            "title": "Known exploited", "catalogVersion": "2026.01.02", "dateReleased": "2026-01-02T00:00:00Z", "count": 1,
            "vulnerabilities": [{
                "cveID": "CVE-2026-1000", "vendorProject": "x", "product": "deep", "vulnerabilityName": "x",
                "dateAdded": "2026-01-02", "shortDescription": "x", "requiredAction": "x", "dueDate": "2026-01-23",
                "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": []
            }]
        })
        .to_string(),
    );
    let output = project.run(&["db", "import", &project.path("kev.json")]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let (_, report) = project.scan(&[]);
    assert_eq!(severity(&report, "packages/ghsa-aaaa-bbbb-cccc"), "critical");
}

#[test]
fn statements_and_policies_are_honoured() {
    let project = Project::new();
    project.import(&[advisory("GHSA-aaaa-bbbb-cccc", &["CVE-2026-1000"], "deep", "2.0.0")]);
    project.write(
        "vex.json",
        &json!({
            "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/1", "author": "Example",
            "timestamp": "2026-01-02T00:00:00Z", "version": 1,
            "statements": [{
                "vulnerability": { "name": "CVE-2026-1000" }, "products": [{ "@id": "pkg:npm/deep@1.2.3" }],
                "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"
            }]
        })
        .to_string(),
    );
    let (code, report) = project.scan(&["--vex", &project.path("vex.json")]);
    assert_eq!(code, Some(0));
    let status = &report["findings"][0]["status"];
    assert_eq!(status["state"], "suppressed");
    assert_eq!(status["by"], "vex (Example)");

    let (_, report) = project.scan(&["--licence-deny", "GPL-*"]);
    assert!(rules(&report).contains(&"packages/licence-not-allowed"), "{:?}", rules(&report));
    let wrong = project.run(&["scan", "app", "--licence-allow", "MTI"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean `MIT`?"));
}

#[test]
fn statements_are_written_that_the_next_scan_honours() {
    let project = Project::new();
    project.import(&[
        advisory("GHSA-aaaa-bbbb-cccc", &["CVE-2026-1000"], "deep", "2.0.0"),
        advisory("GHSA-dddd-eeee-ffff", &[], "wrapper", "2.0.0"),
    ]);
    project.write(
        "app/bartizan.toml",
        "[[suppress]]\nrule = \"packages/ghsa-aaaa-bbbb-cccc\"\nowner = \"team\"\nreason = \"never called\"\nexpires = \"2099-01-01\"\n",
    );
    let target = project.path("out.openvex.json");
    let output = project.run(&[
        "vex",
        "app",
        "--product",
        "pkg:generic/app@1.0.0",
        "--author",
        "Example",
        "-o",
        &target,
        "--quiet",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_str(&fs::read_to_string(&target).unwrap()).unwrap();
    let told: Vec<(&str, &str)> = document["statements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["vulnerability"]["name"].as_str().unwrap(), it["status"].as_str().unwrap()))
        .collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&("GHSA-aaaa-bbbb-cccc", "not_affected")), "{told:?}");
    assert!(told.contains(&("GHSA-dddd-eeee-ffff", "affected")), "code imports it: {told:?}");
    fs::remove_file(project.path("app/bartizan.toml")).unwrap();
    let (_, report) = project.scan(&["--vex", &target]);
    let state = |rule: &str| {
        let found = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == rule).unwrap();
        found["status"]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("packages/ghsa-aaaa-bbbb-cccc"), "suppressed");
    assert_eq!(state("packages/ghsa-dddd-eeee-ffff"), "new");
}

#[test]
fn broken_lock_files_name_file_and_line_and_the_rest_goes_on() {
    let project = Project::new();
    project.write("app/sub/package-lock.json", "{\n  \"packages\": {\n    oops\n");
    let (code, report) = project.scan(&[]);
    assert_eq!(code, Some(3));
    assert_eq!(report["components"].as_array().unwrap().len(), 3);
    let broken: Vec<&str> = report["coverage"]["not_done"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "broken")
        .map(|entry| entry["path"].as_str().unwrap())
        .collect();
    assert_eq!(broken.len(), 1);
    assert!(broken[0].ends_with("sub/package-lock.json:3"), "{broken:?}");
}

/// Serves `files` by path on this machine until the test ends; anything else is not found.
fn serve(files: Vec<(&'static str, Vec<u8>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let answer = files.iter().find(|(name, _)| *name == path);
            let (status, body) =
                answer.map_or(("404 Not Found", &[][..]), |(_, body)| ("200 OK", body.as_slice()));
            let lines =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(lines.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    address
}

#[test]
fn advisories_are_fetched_and_what_fails_leaves_the_rest() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("GHSA-aaaa-bbbb-cccc.json", zip::write::SimpleFileOptions::default()).unwrap();
    let record = advisory("GHSA-aaaa-bbbb-cccc", &[], "deep", "2.0.0");
    archive.write_all(record.to_string().as_bytes()).unwrap();
    let archive = archive.finish().unwrap().into_inner();
    let whole = archive.len();
    let server =
        serve(vec![("/npm/all.zip", archive.clone()), ("/PyPI/all.zip", archive[..whole / 2].to_vec())]);

    let project = Project::new();
    let output = project.run(&["db", "update", "PyPI", "npm", "--from", &server]);
    assert_eq!(output.status.code(), Some(3), "half an archive is told");
    assert!(String::from_utf8_lossy(&output.stderr).contains("error:"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("npm: 1 advisory on 1 package"));
    let (code, report) = project.scan(&[]);
    assert_eq!((code, rules(&report)), (Some(1), vec!["packages/ghsa-aaaa-bbbb-cccc"]));

    let output = project.run(&["db", "import", &format!("{server}/nothing.zip")]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("answered 404"));
    let output = project.run(&["db", "update", "nothing-like-it"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_database_that_was_tampered_with_is_refused_with_the_way_out() {
    let project = Project::new();
    project.import(&[advisory("GHSA-aaaa-bbbb-cccc", &[], "deep", "2.0.0")]);
    let file = fs::read_dir(project.path("db"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "index"))
        .unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let output = project.run(&["scan", "app", "--quiet"]);
    assert_eq!(output.status.code(), Some(3));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("bartizan db"), "{words}");
    let status = project.run(&["db", "status"]);
    assert_eq!(status.status.code(), Some(3));
}

#[test]
fn bills_of_materials_are_the_same_each_time_and_read_back() {
    let project = Project::new();
    project.import(&[advisory("GHSA-aaaa-bbbb-cccc", &["CVE-2026-1000"], "deep", "2.0.0")]);
    for (form, file) in [("cyclonedx", "bom.cdx.json"), ("spdx", "bom.spdx.json")] {
        let target = project.path(&format!("out-{form}/{file}"));
        fs::create_dir_all(Path::new(&target).parent().unwrap()).unwrap();
        let write = || {
            let output = project.run(&["sbom", "app", "--format", form, "--output", &target, "--quiet"]);
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            fs::read_to_string(&target).unwrap()
        };
        let text = write();
        assert_eq!(text, write());
        assert!(text.contains("pkg:npm/deep@1.2.3"));
        let back =
            project.run(&["scan", &project.path(&format!("out-{form}")), "--format", "json", "--quiet"]);
        let back: Value = serde_json::from_slice(&back.stdout).unwrap();
        let purls: Vec<&str> =
            back["components"].as_array().unwrap().iter().map(|it| it["purl"].as_str().unwrap()).collect();
        assert_eq!(purls, ["pkg:npm/deep@1.2.3", "pkg:npm/tester@2.0.0", "pkg:npm/wrapper@1.0.4"], "{form}");
        assert_eq!(rules(&back), ["packages/ghsa-aaaa-bbbb-cccc"], "{form}");
    }
}
