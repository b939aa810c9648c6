//! Flows of small programs. Sources, sinks and sanitizers are calls by simple names.

use super::*;
use crate::language::{Language, parse};

fn call_name<'a>(tree: &Tree, symbols: &'a Symbols, id: NodeId) -> Option<&'a str> {
    if tree.kind(id) != Kind::Call {
        return None;
    }
    let callee = tree.child(id, 0)?;
    (tree.kind(callee) == Kind::Name).then(|| symbols.text(tree.symbol(callee)))
}

fn range(tree: &Tree, id: NodeId) -> Range<u32> {
    tree.node(id).start..tree.node(id).end
}

/// Rule 1: calls of `source…` flow into calls of `sink…`, unless through calls of `sanitize…`.
pub(super) fn matches(tree: &Tree, symbols: &Symbols) -> TaintMatches {
    let mut out = TaintMatches { rule: 1, ..TaintMatches::default() };
    for id in tree.ids() {
        match call_name(tree, symbols, id) {
            Some("source") => {
                out.sources.push(SourceMatch { range: range(tree, id), ..SourceMatch::default() });
            }
            Some("sink") => {
                out.sinks.push(SinkMatch { range: range(tree, id), exact: true, ..SinkMatch::default() });
            }
            Some("sanitize") => {
                out.sanitizers.push(SanitizerMatch { range: range(tree, id), ..SanitizerMatch::default() });
            }
            _ => {}
        }
    }
    out
}

pub(super) struct Flows {
    pub(super) flow: FileFlow,
    pub(super) source: String,
}

pub(super) fn flows(path: &str, source: &str) -> Flows {
    flows_of(path, source, |tree, symbols| vec![matches(tree, symbols)])
}

fn flows_of(path: &str, source: &str, rules: impl Fn(&Tree, &Symbols) -> Vec<TaintMatches>) -> Flows {
    let mut symbols = Symbols::default();
    let language = Language::of_file(path, b"").unwrap();
    let spec = language.spec_for(path).unwrap();
    let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
    assert_eq!(tree.errors, Vec::<Range<u32>>::new(), "{source}");
    let facts = Facts::of(&tree, &mut symbols, spec);
    let rules = rules(&tree, &symbols);
    let input = Input { tree: &tree, symbols: &symbols, facts: &facts, spec };
    let flow = summarize(input, &rules, &|| true);
    assert_eq!(flow, summarize(input, &rules, &|| true), "two runs differ");
    // Leaving out functions that have no part in a flow changes nothing.
    let quick = analyse(input, &rules, &|| true);
    assert_eq!((&quick.findings, &quick.disproved), (&flow.findings, &flow.disproved));
    Flows { flow, source: source.to_owned() }
}

impl Flows {
    /// What is expected stands in a comment on the sink's line: `S` a shallow finding, `D` a deep one, `X` disproved.
    pub(super) fn check(&self) {
        let line = |at: u32| self.source[..at as usize].matches('\n').count();
        let mut found: BTreeMap<usize, String> = BTreeMap::new();
        for finding in &self.flow.findings {
            let mark = if finding.depth == Depth::Shallow { "S" } else { "D" };
            let entry = found.entry(line(finding.sink_range.start)).or_default();
            if !entry.contains(mark) {
                entry.push_str(mark);
            }
        }
        for disproved in &self.flow.disproved {
            found.entry(line(disproved.finding.sink_range.start)).or_insert_with(|| "X".to_owned());
        }
        let mut sinks = 0;
        let mut wrong = Vec::new();
        for (number, text) in self.source.lines().enumerate() {
            if !text.contains("sink(") || text.contains("def sink") {
                continue;
            }
            sinks += 1;
            let comment = text.rsplit_once("# ").or_else(|| text.rsplit_once("// "));
            let expected = comment.map_or("", |(_, mark)| mark.trim());
            let actual = found.get(&number).map_or("", String::as_str);
            if expected != actual {
                wrong.push(format!(
                    "line {}: `{}`: expected `{expected}`, found `{actual}`",
                    number + 1,
                    text.trim()
                ));
            }
        }
        assert!(sinks > 0);
        assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), self.source);
    }
}

fn python(source: &str) {
    flows("a.py", source).check();
}

#[test]
fn assignments_and_expressions_carry_taint() {
    python(
        "\
def f(other):
    a = source()
    sink(a) # S
    b = a
    sink(b) # S
    b = 'x'
    sink(b)
    sink('q' + a) # S
    sink(f'x{a}') # S
    sink('%s' % a) # S
    sink('{}'.format(a)) # S
    sink(a.strip().lower()) # S
    sink(unknown(a)) # S
    sink(sanitize(a))
    c = a if other else 'y'
    sink(c) # S
    d = other and a or 'n'
    sink(d) # S
    (e, g) = (a, 'clean')
    sink(e) # S
    sink(g)
    h, *i = [a, 'x']
    sink(i) # S
    j = 'p'
    j += a
    sink(j) # S
    k = [x + 'y' for x in [a]]
    sink(k) # S
    if (m := a):
        sink(m) # S
    sink(int(a))
    sink(*[a]) # S
    n: int = convert(a)
    sink(n)
",
    );
}

#[test]
fn control_flow_joins_and_dead_branches_do_not() {
    python(
        "\
def f(other):
    a = 'x'
    if other:
        a = source()
        sink(a) # S
    else:
        sink(a)
    sink(a) # S
    if 7 * 6 > 40:
        a = 'z'
    sink(a)
    if False:
        a = source()
    sink(a)

def g(xs):
    last = ''
    for x in xs:
        sink(last) # S
        last = source()
    sink(last) # S

def h(x):
    v = source()
    if x:
        return
    else:
        v = 'c'
    sink(v)

def i(x):
    v = source()
    while True:
        if x:
            v = 'c'
            break
    sink(v)

def j():
    v = 'c'
    try:
        v = source()
        other()
    except ValueError as e:
        sink(v) # S
        v = 'n'
    finally:
        sink(v) # S
    sink(v) # S

def k():
    try:
        raise Failure(source())
    except Failure as e:
        sink(e) # S

def l(x):
    v = source()
    match x:
        case 1:
            v = 'a'
        case _:
            v = 'b'
    sink(v)

def m(x):
    v = source()
    while x:
        v = 'c'
        continue
        sink(v)
    sink(v) # S
",
    );
}

#[test]
fn containers_tell_their_elements_apart() {
    python(
        "\
def f(n):
    l = ['a', source(), 'b']
    sink(l[0])
    sink(l[1]) # S
    sink(l[n]) # S
    sink(l) # S
    d = {'k': source(), 'c': 'x'}
    sink(d['k']) # S
    sink(d['c'])
    sink(d.get('k')) # S
    sink(d.get('c'))
    d['k'] = 'clean'
    sink(d['k'])
    sink(d)
    m = []
    m.append('x')
    m.append(source())
    sink(m[0])
    sink(m[1]) # S
    m.pop(0)
    sink(m[0]) # S
    m.clear()
    sink(m)
    o = Thing()
    o.a = source()
    sink(o.a) # S
    sink(o.b)
    p = o
    sink(p.a) # S
    p.a = 'clean'
    sink(o.a)
    q = {}
    q[n] = source()
    sink(q['z']) # S
    for x in [source()]:
        sink(x) # S
    for k, v in {'a': source()}.items():
        sink(v) # S
    r = list(map(lambda y: y + '!', [source()]))
    sink(r) # S
    s = []
    for i in range(3):
        s.append(source())
    sink(s[0]) # S
    del d['c']
    t = ','.join([source(), 'a'])
    sink(t) # S
",
    );
}

#[test]
fn guards_clean() {
    python(
        "\
import re
ALLOWED = {'a', 'b'}

def f():
    a = source()
    if a not in ALLOWED:
        return
    sink(a)

def g():
    a = source()
    if a == 'x':
        sink(a)
    else:
        sink(a) # S

def h():
    a = source()
    if not re.fullmatch(r'[a-z0-9]+', a):
        raise ValueError('no')
    sink(a)

def i():
    a = source()
    if re.match(r'^.*$', a):
        sink(a) # S
    if a in OTHER:
        sink(a) # S

def j(x):
    a = source()
    if a in ('p', 'q') and x:
        sink(a)
    sink(a) # S
    if a.isdigit():
        sink(a)
    assert a in ALLOWED
    sink(a)
",
    );
}

#[test]
fn closures_and_callbacks() {
    python(
        "\
def f(xs):
    a = source()
    def inner():
        sink(a) # D
    inner()
    g = lambda: sink(a) # S
    g()

def h(xs):
    s = source()
    xs.forEach(lambda x: sink(x))
    [s].forEach(lambda x: sink(x)) # S
    later(lambda: sink(s)) # S
",
    );
}

#[test]
fn functions_of_the_file_are_looked_into() {
    python(
        "\
def identity(x):
    return x

def constant(x):
    return 'c'

def show(x):
    sink(x) # D

def make():
    return source()

def second(a, b):
    return b

def fill(d):
    d['k'] = source()

def check(v):
    if v not in ('a', 'b'):
        raise ValueError()

def is_fine(v):
    return v in ('a', 'b')

def recurse(n, x):
    if n:
        return recurse(n - 1, x)
    return x

def pair(x):
    return {'t': x, 'c': 'clean'}

def calls(callback, v):
    callback(v)

def f():
    s = source()
    sink(identity(s)) # S
    sink(constant(s)) # X
    show(s)
    sink(make()) # D
    sink(second('a', s)) # S
    sink(second(s, 'a')) # X
    sink(second(b=s, a='x')) # S
    d = {}
    fill(d)
    sink(d['k']) # D
    sink(recurse(3, s)) # S
    p = pair(s)
    sink(p['t']) # S
    sink(p['c']) # X
    calls(lambda z: sink(z), s) # D

def g():
    s = source()
    check(s)
    sink(s) # X

def h():
    s = source()
    if not is_fine(s):
        return
    sink(s) # X
",
    );
}

#[test]
fn objects_keep_what_their_methods_store() {
    python(
        "\
class Base:
    def run(self):
        self.go(self.value)

class Box(Base):
    def __init__(self, value, other='n'):
        self.value = value
        self.other = other

    def get(self):
        return self.value

    def get_other(self):
        return self.other

    def set(self, v):
        self.value = v
        return self

    def go(self, x):
        sink(x) # D

def f():
    b = Box(source())
    sink(b.get()) # S
    sink(b.get_other()) # X
    b.set('clean')
    sink(b.get()) # X
    sink(Box('a').set(source()).get()) # S

def g():
    c = Box('x')
    c.value = source()
    c.run()

class Handler:
    def first(self):
        self.stored = source()
        self.fine = 'x'

    def second(self):
        sink(self.stored) # D
        sink(self.fine)
",
    );
}

#[test]
fn module_variables_reach_functions() {
    python(
        "\
a = source()
b = 'c'

def f():
    sink(a) # D
    sink(b)

def g():
    global b2
    b2 = source()

def h():
    sink(b2) # D
",
    );
}

#[test]
fn steps_are_told_in_order() {
    let flows = flows(
        "a.py",
        "def p(v):\n    w = v\n    return w\ndef f():\n    a = source()\n    b = p(a)\n    sink(b)\n",
    );
    let texts: Vec<(StepKind, &str)> = flows.flow.findings[0]
        .steps
        .iter()
        .map(|step| (step.kind, &flows.source[step.range.start as usize..step.range.end as usize]))
        .collect();
    assert_eq!(flows.flow.findings[0].depth, Depth::Shallow);
    assert_eq!(texts, vec![(StepKind::Assign, "a"), (StepKind::Through, "p(a)"), (StepKind::Assign, "b")]);
}

#[test]
fn hostile_nesting_ends() {
    let mut source = String::from("def f(x):\n    a = source()\n");
    for depth in 0..60 {
        source.push_str(&"    ".repeat(depth + 1));
        source.push_str(&format!("while x{depth}:\n"));
    }
    source.push_str(&"    ".repeat(61));
    source.push_str("sink(a)\n");
    let flows = flows("a.py", &source);
    assert!(flows.flow.counts.out_of_steps || flows.flow.findings.len() == 1);
}

#[test]
fn java_methods_collections_and_builders() {
    flows(
        "A.java",
        r#"
package p;
import java.util.*;
interface Step { String run(String x); }
class Keep implements Step { public String run(String x) { return x; } }
class Drop implements Step { public String run(String x) { return "c"; } }
class Holder {
    private String v;
    private static final String C = "const";
    String other = "o";
    Holder(String v) { this.v = v; }
    String getV() { return v; }
    String getOther() { return other; }
    void setV(String n) { v = n; }
    class Inner { String look() { return "x"; } }
}
public class A {
    private static final Set<String> ALLOWED = Set.of("a", "b");
    private String field;
    static String pick(String a, String b) { return b; }
    String helper(String a) { return a + "x"; }
    void f(int n, List<String> param) {
        String s = source();
        sink(s); // S
        StringBuilder sb = new StringBuilder();
        sb.append("a").append(s);
        sink(sb.toString()); // S
        StringBuilder clean = new StringBuilder("q");
        clean.append("z");
        sink(clean.toString());
        sink(pick(s, "c")); // X
        sink(pick("c", s)); // S
        sink(helper(s)); // S
        List<String> list = new ArrayList<>();
        list.add("safe");
        list.add(s);
        list.add("moresafe");
        list.remove(0);
        sink(list.get(0)); // S
        sink(list.get(1));
        Map<String, Object> map = new HashMap<>();
        map.put("a", "safe");
        map.put("b", s);
        sink((String) map.get("a"));
        sink((String) map.get("b")); // S
        int count = Integer.parseInt(s);
        sink(count);
        String t = (7 * 18) + n > 3 ? "x" : s;
        sink(t); // S
        int num = 106;
        String bar = (7 * 18) + num > 200 ? "constant" : s;
        sink(bar);
        String guess = "ABC";
        char target = guess.charAt(1);
        String w;
        switch (target) {
            case 'A': w = s; break;
            case 'B': w = "bob"; break;
            case 'C':
            case 'D': w = s; break;
            default: w = "x"; break;
        }
        sink(w);
        String fall;
        switch (n) {
            case 1: fall = s;
            case 2: sink(fall); // S
                break;
            default: fall = "d";
        }
        Holder h = new Holder(s);
        sink(h.getV()); // S
        sink(h.getOther()); // X
        h.setV("clean");
        sink(h.getV());
        Step keep = new Keep();
        Step drop = new Drop();
        sink(keep.run(s)); // S
        sink(drop.run(s)); // X
        Step any = n > 1 ? keep : drop;
        sink(any.run(s)); // S
        if (ALLOWED.contains(s)) { sink(s); }
        if ("a".equals(s)) { sink(s); } else { sink(s); } // S
        String[] array = {"a", s};
        sink(array[0]);
        sink(array[1]); // S
        String[] made = new String[] {"a", s};
        sink(made[0]);
        sink(made[1]); // S
        String early = s;
        try { early = "c"; } catch (RuntimeException e) { sink(early); }
        try { early = s; risky(); early = "c"; } catch (RuntimeException e) { sink(early); } // S
        new Thread(() -> sink(s)).start(); // S
        Runnable r = new Runnable() { public void run() { sink(s); } }; // D
        r.run();
        list.forEach(x -> sink(x)); // S
        param.add(s);
        this.field = s;
        for (String e : list) { sink(e); } // S
    }
    void g() {
        sink(field); // D
        sink(this.field); // D
        try {
            risky(source());
        } catch (Exception e) {
            sink("x");
        }
        Object o = source();
        if (!s().matches("[a-z]+")) { return; }
        String v = source();
        if (!v.matches("[a-zA-Z0-9]+")) { throw new IllegalArgumentException(); }
        sink(v);
        Optional.of(source()).map(x -> x.trim()).ifPresent(y -> sink(y)); // S
    }
}
"#,
    )
    .check();
}

#[test]
fn javascript_objects_promises_and_destructuring() {
    flows(
        "a.js",
        r#"
const exec = require('child_process').exec;
function pass(x) { return x; }
const drop = (x) => 'c';
class Q {
  constructor(v) { this.v = v; this.w = 'c'; }
  get2() { return this.v; }
  get3() { return this.w; }
}
function f(other) {
  const s = source();
  sink(s); // S
  const { a, b: c } = { a: s, b: 'clean' };
  sink(a); // S
  sink(c);
  const [x, y] = ['q', s];
  sink(x);
  sink(y); // S
  sink(`t ${s}`); // S
  sink(pass(s)); // S
  sink(drop(s)); // X
  const o = { k: s, fine: 'x', method() { return s; } };
  sink(o.k); // S
  sink(o['fine']);
  const copy = { ...o };
  sink(copy.k); // S
  later(s).then(v => sink(v)); // S
  [s].map(v => v + 'x').forEach(v => sink(v)); // S
  const q = new Q(s);
  sink(q.get2()); // S
  sink(q.get3()); // X
  const d = other || s;
  sink(d); // S
  const e = other?.thing ?? s;
  sink(e); // S
  let z = 'x';
  for (const k of [s]) { z = k; }
  sink(z); // S
  if (['a', 'b'].includes(s)) { sink(s); }
  if (typeof s === 'number') { sink(s); }
  if (!/^[a-z]+$/.test(s)) { return; }
  sink(s);
}
async function g() {
  const s = await source();
  sink(s); // S
  setTimeout(function () { sink(s); }, 10); // S
  switch (s) { case 'a': sink(s); break; default: sink(s); } // S
}
"#,
    )
    .check();
}

/// Nodes of exactly this text.
#[test]
fn swift_labels_conditions_and_closures() {
    flows(
        "a.swift",
        r#"
class Keep {
    let kept: String
    init(_ kept: String, for other: Int) { self.kept = kept }
}
func run(_ a: Int, with b: String, _ c: String, d: String) {
    sink(b) // D
    sink(c) // D
    sink(a)
    sink(d)
}
func go() {
    run(1, with: source(), source(), d: "x")
    let optional = source()
    if let optional = optional, optional.isOk { sink(optional) } // S
    guard let held = optional as? String else { return sink("no") }
    sink(held) // S
    switch optional {
    case .some(let inner): sink(inner) // S
    case constant: sink(constant)
    default: break
    }
    [held].map { sink($0) } // S
    do { sink("a\(try held.b())") } catch { } // S
    sink(Keep(held, for: 1).kept) // S
    while let next = held.next() { sink(next) } // S
    var text = "a"
    text += held
    sink(text) // S
}
let constant = "c"
"#,
    )
    .check();
}

fn nodes_of(tree: &Tree, source: &str, text: &str) -> Vec<Range<u32>> {
    let found =
        tree.ids().map(|id| range(tree, id)).filter(|at| source[at.start as usize..at.end as usize] == *text);
    let mut found: Vec<Range<u32>> = found.collect();
    found.sort_by_key(|range| range.start);
    found.dedup();
    found
}

fn sink_lines(source: &str, rule: impl Fn(&Tree, &mut TaintMatches)) -> Vec<usize> {
    let flows = flows_of("a.py", source, |tree, symbols| {
        let mut matches = matches(tree, symbols);
        rule(tree, &mut matches);
        vec![matches]
    });
    let line = |at: u32| source[..at as usize].matches('\n').count() + 1;
    let mut lines: Vec<usize> =
        flows.flow.findings.iter().map(|found| line(found.sink_range.start)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

#[test]
fn side_effects_change_variables_from_there_on() {
    let source =
        "def f(x, y):\n    sink(x)\n    taint(x)\n    sink(x)\n    wash(x)\n    sink(x)\n    sink(y)\n";
    let lines = sink_lines(source, |tree, rule| {
        let uses = nodes_of(tree, source, "x");
        let at = |text: &str| {
            let call = nodes_of(tree, source, text)[0].clone();
            uses.iter().find(|range| call.start < range.start && range.end < call.end).unwrap().clone()
        };
        rule.sources.push(SourceMatch {
            range: at("taint(x)"),
            by_side_effect: SideEffect::Only,
            ..Default::default()
        });
        rule.sanitizers.push(SanitizerMatch {
            range: at("wash(x)"),
            by_side_effect: SideEffect::Yes,
            ..Default::default()
        });
    });
    assert_eq!(lines, [4]);
}

#[test]
fn labels_have_to_meet() {
    let source = "def f():\n    a = first()\n    b = second()\n    sink(a)\n    sink(b)\n    sink(a + b)\n";
    let lines = sink_lines(source, |tree, rule| {
        for (text, label) in [("first()", "A"), ("second()", "B")] {
            let range = nodes_of(tree, source, text)[0].clone();
            rule.sources.push(SourceMatch { range, label: Some(label.to_owned()), ..Default::default() });
        }
        let label = |label: &str| Requires::Label(label.to_owned());
        for sink in &mut rule.sinks {
            sink.requires = Some(Requires::And(vec![label("A"), label("B")]));
        }
    });
    assert_eq!(lines, [6]);
}

#[test]
fn propagators_and_control_sources() {
    let source = "def f(n):\n    s = source()\n    copy(s, n)\n    sink(n)\n\ndef g():\n    sink(1)\n    enter()\n    sink(1)\n";
    let lines = sink_lines(source, |tree, rule| {
        let whole = nodes_of(tree, source, "copy(s, n)")[0].clone();
        rule.propagators.push(PropagatorMatch {
            from: whole.start + 5..whole.start + 6,
            to: whole.start + 8..whole.start + 9,
            range: whole,
            by_side_effect: true,
            ..Default::default()
        });
        let range = nodes_of(tree, source, "enter()")[0].clone();
        rule.sources.push(SourceMatch { range, control: true, ..Default::default() });
    });
    assert_eq!(lines, [4, 9]);
}

#[test]
fn more_rules_than_fit_one_round_are_all_followed() {
    let source = "def f():\n    sink(source())\n";
    let flows = flows_of("a.py", source, |tree, symbols| {
        (0..300).map(|rule| TaintMatches { rule, ..matches(tree, symbols) }).collect()
    });
    let rules: Vec<u32> = flows.flow.findings.iter().map(|found| found.rule).collect();
    assert_eq!(rules, (0..300).collect::<Vec<u32>>());
}

#[test]
fn go_flows() {
    flows(
        "a.go",
        "package a\n\ntype T struct {\n\tName string\n\tOther string\n}\n\nfunc (t *T) Get() string { return t.Name }\n\nfunc pass(x string, y string) string {\n\treturn y\n}\n\n\
         func f(n int) {\n\ts := source()\n\tsink(s) // S\n\tt := &T{Name: s, Other: \"c\"}\n\tsink(t.Name) // S\n\tsink(t.Other)\n\tsink(t.Get()) // S\n\t\
         sink(pass(s, \"c\")) // X\n\tsink(pass(\"c\", s)) // S\n\tvar list []string\n\tlist = append(list, s)\n\tsink(list[0]) // S\n\t\
         go func() { sink(s) }() // S\n\tdefer sink(s) // S\n\tfor _, v := range []string{s} {\n\t\tsink(v) // S\n\t}\n\tallowed := map[string]bool{\"a\": true}\n\t\
         if !allowed[s] {\n\t\treturn\n\t}\n\tsink(s)\n}\n",
    )
    .check();
}
