//! Flows of small programs in C, C++, Rust and shell.

use super::tests::flows;

#[test]
fn rust_values_of_branches_and_patterns() {
    flows(
        "a.rs",
        r#"
fn f() {
    let x = if c { source() } else { "a".to_string() };
    sink(x); // S
    let y = match source() { Some(v) => v, None => return };
    sink(y); // S
    if let Some(z) = source() {
        sink(z); // S
    }
    match source() {
        Ok(w) => sink(w), // S
        Err(_) => {}
    }
    let t = unsafe { source() };
    sink(t); // S
    let u = { let q = source(); q };
    sink(u); // S
    let ended = { source(); };
    sink(ended);
    let mut text = String::new();
    text.push_str(&source());
    sink(text); // S
    sink(format!("{t} {}", 1)); // S
    let Some(l) = source() else { return; };
    sink(l); // S
    while let Some(m) = source().next() {
        sink(m); // S
    }
    let (p, q) = (source(), 1);
    sink(p); // S
    sink(q);
    let safe = if c { "a" } else { "b" };
    sink(safe);
    sink(sanitize(source())?);
    sink(source()?.trim()); // S
}
"#,
    )
    .check();
}

#[test]
fn rust_methods_of_an_impl() {
    flows(
        "a.rs",
        r#"
impl S {
    fn new(x: String) -> Self { Self { cmd: x, other: 1 } }
    fn run(&self) {
        sink(&self.cmd); // D
        sink(&self.other);
    }
    fn get(&self) -> String { self.cmd.clone() }
}
struct S { cmd: String, other: i32 }
fn f() {
    let s = S::new(source());
    s.run();
    sink(s.get()); // S
    sink(helper(source())); // S
    sink(constant(source())); // X
}
fn helper(x: String) -> String { if x.len() > 1 { x } else { String::new() } }
fn constant(_x: String) -> String { "a".to_owned() }
"#,
    )
    .check();
}

#[test]
fn c_pointers_and_fields() {
    flows(
        "a.c",
        r#"
struct s { char *a; char *b; };
static char *id(char *x) { return x; }
void f(struct s *p, int n) {
    char *x = source();
    sink(x); // S
    p->a = x;
    sink(p->a); // S
    sink((*p).a); // S
    sink(p->b);
    char buf[10];
    buf[0] = *x;
    sink(buf); // S
    const char *y = n ? x : "lit";
    sink(y); // S
    sink(id(x)); // S
    switch (n) {
    case 1:
        y = "one";
        break;
    case 2:
        y = "two";
        /* falls through */
    default:
        sink(y); // S
    }
    y = "lit";
    sink(y);
    for (char *z = x; *z; z++) {
        sink(z); // S
    }
}
"#,
    )
    .check();
}

#[test]
fn c_jumps_to_labels() {
    flows(
        "a.c",
        r#"
int f(int n) {
    char *x = "lit";
    if (n > 1) {
        x = source();
        goto end;
    }
    sink(x);
    if (n > 2) {
        goto other;
    }
    x = "lit";
end:
    sink(x); // S
    return 0;
other:
    sink(x);
    return 1;
}
"#,
    )
    .check();
}

#[test]
fn c_branches_of_the_preprocessor() {
    flows(
        "a.c",
        r#"
int f(int n) {
    char *x = source(), *y = "lit";
#ifdef A
    y = x;
#else
    sink(y);
    x = "lit";
#endif
    sink(x); // S
    sink(y); // S
}
"#,
    )
    .check();
}

#[test]
fn cpp_objects() {
    flows(
        "a.cpp",
        r#"
class A {
public:
    A(const std::string &x) : x_(x) {}
    void run() {
        sink(x_); // D
    }
    std::string get() const { return x_; }
private:
    std::string x_;
};
int main() {
    std::string s = source();
    sink(s.c_str()); // S
    std::string t("ls " + s);
    sink(t); // S
    A a(s);
    a.run();
    auto g = [&](std::string q) { return q; };
    for (const auto &e : split(s)) {
        sink(e); // S
    }
    try {
        s = "clean";
    } catch (const std::exception &e) {
        throw;
    }
    sink(s);
}
"#,
    )
    .check();
}

#[test]
fn shell_variables_and_substitutions() {
    let source = "\
x=$(source)
y=\"a $x\"
sink \"$y\"
sink x
run() {
  local z=$1
  sink \"$z\"
}
run \"$x\"
x=1
sink $x
";
    let found = flows("a.sh", source);
    let mut lines: Vec<usize> = found
        .flow
        .findings
        .iter()
        .map(|finding| source[..finding.sink_range.start as usize].matches('\n').count() + 1)
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, [3, 7]);
}
