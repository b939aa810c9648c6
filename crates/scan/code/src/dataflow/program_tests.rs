//! Flows over several files.

use super::tests::flows;
use super::*;

/// Findings over files, as `path:line -> path:line`, of source and sink.
fn cross(files: &[(&str, &str)]) -> Vec<String> {
    let flows: Vec<_> = files.iter().map(|(path, source)| flows(path, source)).collect();
    let stored: Vec<Vec<u8>> = flows
        .iter()
        .map(|flow| postcard::to_allocvec(flow.flow.summary.as_ref().unwrap()).unwrap())
        .collect();
    let summaries: Vec<FileSummary> =
        stored.iter().map(|bytes| postcard::from_bytes(bytes).unwrap()).collect();
    let pairs: Vec<(&str, &FileSummary)> = files.iter().map(|(path, _)| *path).zip(&summaries).collect();
    let conclusion = conclude(&pairs, &|| true);
    assert_eq!(conclusion, conclude(&pairs, &|| true));
    assert!(!conclusion.cut);
    let line = |file: u32, at: u32| {
        let (path, source) = files[file as usize];
        format!("{path}:{}", source[..at as usize].matches('\n').count() + 1)
    };
    conclusion
        .findings
        .iter()
        .map(|finding| {
            assert!(
                finding.steps.iter().any(|step| step.step.kind == StepKind::Enter)
                    || finding.steps.is_empty()
            );
            format!(
                "{} -> {}",
                line(finding.source_file, finding.source.range.start),
                line(finding.sink_file, finding.sink.range.start)
            )
        })
        .collect()
}

#[test]
fn python_modules() {
    let found = cross(&[
        (
            "app/views.py",
            "from .service import save, clean_save, Store\nfrom app.util import make\nimport app.util\n\ndef view():\n    s = source()\n    save(s)\n    \
             clean_save(s)\n    sink(make())\n    store = Store(s)\n    store.flush()\n    sink(app.util.fixed(s))\n",
        ),
        (
            "app/service.py",
            "from app.util import write\n\ndef save(x):\n    write('q', x)\n\ndef clean_save(x):\n    write('q', sanitize(x))\n\n\
             class Store:\n    def __init__(self, v):\n        self.v = v\n    def flush(self):\n        write('z', self.v)\n",
        ),
        (
            "app/util.py",
            "def write(a, b):\n    sink(b)\n    sink(a)\n\ndef make():\n    return source()\n\ndef fixed(x):\n    return 'c'\n",
        ),
    ]);
    assert_eq!(found, ["app/util.py:6 -> app/views.py:9", "app/views.py:6 -> app/util.py:2"]);
}

#[test]
fn java_classes_interfaces_and_fields() {
    let found = cross(&[
        (
            "src/a/Controller.java",
            "package a;\nimport b.Service;\nimport b.Bean;\nclass Controller {\n  private Service service;\n  void handle() {\n    String s = source();\n    \
             service.run(s);\n    Bean bean = new Bean();\n    bean.put2(s);\n    sink(bean.take());\n    Helper.go(s);\n  }\n}\n",
        ),
        (
            "src/a/Helper.java",
            "package a;\nclass Helper {\n  static void go(String x) {\n    sink(x);\n  }\n}\n",
        ),
        ("src/b/Service.java", "package b;\npublic interface Service {\n  void run(String x);\n}\n"),
        (
            "src/b/Impl.java",
            "package b;\npublic class Impl implements Service {\n  public void run(String x) {\n    sink(x);\n  }\n}\n",
        ),
        (
            "src/b/Bean.java",
            "package b;\npublic class Bean {\n  private String v;\n  public void put2(String x) { this.v = x; }\n  public String take() { return v; }\n}\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "src/a/Controller.java:7 -> src/a/Controller.java:11",
            "src/a/Controller.java:7 -> src/a/Helper.java:4",
            "src/a/Controller.java:7 -> src/b/Impl.java:4",
        ]
    );
}

#[test]
fn javascript_modules() {
    let found = cross(&[
        (
            "src/routes/a.js",
            "const db = require('../db');\nconst { find } = require('../db');\nimport render, { other } from '../view.js';\nfunction handler() {\n  const s = source();\n  \
             db.query(s);\n  find('x', s);\n  render(s);\n  other(s);\n}\n",
        ),
        (
            "src/db/index.js",
            "exports.query = (q) => {\n  sink(q);\n};\nfunction find(a, b) {\n  sink(a);\n  sink(b);\n}\nmodule.exports.find = find;\n",
        ),
        (
            "src/view.js",
            "export default function show(x) {\n  sink(x);\n}\nexport const other = (y) => sink(y);\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "src/routes/a.js:5 -> src/db/index.js:2",
            "src/routes/a.js:5 -> src/db/index.js:6",
            "src/routes/a.js:5 -> src/view.js:2",
            "src/routes/a.js:5 -> src/view.js:4",
        ]
    );
}
