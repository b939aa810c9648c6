#!/usr/bin/env python3
"""Compare the stored expectations of the code engine with the real semgrep, and both with the engine.

The cases are in crates/scan/code/tests/differential/<language>/<topic>.yaml;
the README there describes their form. Every run writes the targets of a
language into a temporary folder, gives semgrep all rules of that language at
once and prints each case whose stored expectation differs.

    tools/differential.py                     compare everything
    tools/differential.py python go/taint     some languages or topics only
    tools/differential.py --update            write what semgrep answers
    tools/differential.py --engine FILE       hold our engine's answers against semgrep's too

FILE is what the test `answers_are_written_where_asked` writes; `./check --differential`
makes it and calls this. A disagreement that is explained is one whose case has a
`semgrep` key, or whose label is in known.txt: these are counted, all others printed.

`--update` fills `expect` only; where a case has a `semgrep` key, the two are
known to differ, `expect` is our own and only `semgrep` is rewritten.
Needs PyYAML or ruamel.yaml, and a semgrep on the PATH (or --semgrep).
Exit code: 0 all agree, 1 some differ, 2 could not run.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = Path(__file__).resolve().parent.parent / "crates/scan/code/tests/differential"

# Name of the target file of a language, where the group names none.
EXTENSIONS = {
    "python": "py", "javascript": "js", "typescript": "ts", "java": "java", "go": "go",
    "ruby": "rb", "php": "php", "c": "c", "cpp": "cpp", "csharp": "cs", "rust": "rs",
    "kotlin": "kt", "scala": "scala", "bash": "sh", "swift": "swift", "terraform": "tf",
    "yaml": "yaml", "json": "json", "dockerfile": "dockerfile", "html": "html", "xml": "xml",
    "solidity": "sol", "generic": "txt", "regex": "txt",
}


def load_yaml(text):
    try:
        import yaml
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except ImportError:
        from ruamel.yaml import YAML
        return YAML(typ="safe", pure=True).load(text)


def body(case):
    """The rule of a case without what every rule carries."""
    if "pattern" in case:
        return {"pattern": case["pattern"]}
    return dict(case["rule"])


def rule_of(case, language, identifier, target):
    rule = body(case)
    rule["id"] = identifier
    # A rule that fails inside semgrep takes the other rules of its file with it: keep to the own target.
    rule.setdefault("paths", {"include": [target]})
    rule.setdefault("message", "found")
    rule.setdefault("languages", [language])
    rule.setdefault("severity", "WARNING")
    return rule


def run(semgrep, rules, folder):
    """Findings per rule id, or None when semgrep refuses the rules; and the errors."""
    config = folder.parent / "rules.json"
    config.write_text(json.dumps({"rules": rules}))
    command = [
        semgrep, "scan", "--metrics", "off", "--disable-version-check", "-j", "1", "--json",
        "--quiet", "--no-git-ignore", "--disable-nosem", "--dataflow-traces", "--timeout", "20",
        "--config", str(config), str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return None, [done.stderr.strip()[-300:]]
    errors = [(e.get("rule_id"), e.get("path"), e.get("message", e.get("type"))) for e in answer["errors"]]
    refused = any(e.get("level") == "error" and not e.get("path") for e in answer["errors"])
    if refused or done.returncode not in (0, 1):
        return None, errors
    found = {}
    for result in answer["results"]:
        found.setdefault(result["check_id"].rsplit(".", 1)[-1], []).append(result)
    return found, errors


def run_all(semgrep, rules, folder):
    """As run(), without the rules that semgrep names as refused; where it names none, halving until they stand alone."""
    found, errors = run(semgrep, rules, folder)
    if found is not None:
        return found, {}, errors
    blamed = {str(error[0]).rsplit(".", 1)[-1]: str(error)[:300] for error in errors if isinstance(error, tuple)}
    left_over = [rule for rule in rules if rule["id"] not in blamed]
    if len(left_over) < len(rules):
        found, refused, errors = run_all(semgrep, left_over, folder) if left_over else ({}, {}, [])
        blamed = {rule["id"]: blamed[rule["id"]] for rule in rules if rule["id"] in blamed}
        return found, {**blamed, **refused}, errors
    if len(rules) == 1:
        return {}, {rules[0]["id"]: str(errors)[:300]}, []
    middle = len(rules) // 2
    left = run_all(semgrep, rules[:middle], folder)
    right = run_all(semgrep, rules[middle:], folder)
    return {**left[0], **right[0]}, {**left[1], **right[1]}, left[2] + right[2]


def answer_of(case, results, target):
    """What semgrep says of one case, in the stored form."""
    rows = {}
    for result in results:
        if Path(result["path"]).name != target:
            continue
        start, end, extra = result["start"], result["end"], result["extra"]
        at = (start["line"], start["col"], end["line"], end["col"])
        rows.setdefault(at, (extra.get("fix"), extra["message"]))
    order = sorted(rows)
    answer = {"expect": ["%d:%d-%d:%d" % at for at in order]}
    rule = body(case)
    if "fix" in rule or "fix-regex" in rule:
        answer["fixes"] = [rows[at][0] for at in order]
    if "message" in rule:
        answer["messages"] = [rows[at][1] for at in order]
    return answer


def scalar(value):
    return json.dumps(value, ensure_ascii=False)


def block(key, text, indent):
    """A key with a text: a plain literal block, or a quoted scalar where a block cannot hold it."""
    pad = " " * indent
    lines = text.split("\n")
    first = lines[0]
    if ("\n" not in text) or not text.endswith("\n") or text.endswith("\n\n") or "\r" in text:
        return [f"{pad}{key}: {scalar(text)}"]
    hint = "2" if first.startswith(" ") or first == "" else ""
    return [f"{pad}{key}: |{hint}"] + [(pad + "  " + line) if line else "" for line in lines[:-1]]


def emit(value, indent):
    """YAML lines of a rule body: blocks for texts of several lines, quoted scalars elsewhere."""
    pad = " " * indent
    out = []
    if isinstance(value, dict):
        for key, item in value.items():
            name = key if re.fullmatch(r"[A-Za-z][\w-]*", key) else scalar(key)
            if isinstance(item, str):
                out += block(name, item, indent)
            elif isinstance(item, (dict, list)) and item:
                out.append(f"{pad}{name}:")
                out += emit(item, indent + 2)
            else:
                out.append(f"{pad}{name}: {scalar(item)}")
    else:
        for item in value:
            if isinstance(item, (dict, list)) and item:
                inner = emit(item, indent + 2)
                out.append(f"{pad}- {inner[0].lstrip()}")
                out += inner[1:]
            else:
                out.append(f"{pad}- {scalar(item)}")
    return out


def render(groups):
    out = []
    for group in groups:
        lines = block("target", group["target"], 2)
        if "file" in group:
            lines.insert(0, f"  file: {scalar(group['file'])}")
        lines[0] = "- " + lines[0][2:]
        out += lines + ["  cases:"]
        for case in group["cases"]:
            out.append(f"    - name: {case['name']}")
            if "pattern" in case:
                out += block("pattern", case["pattern"], 6)
            else:
                out.append("      rule:")
                out += emit(case["rule"], 8)
            for key in ("expect", "fixes", "messages", "semgrep"):
                if key in case:
                    out.append(f"      {key}: {scalar(case[key])}")
            if "why" in case:
                out.append(f"      why: {scalar(case['why'])}")
        out.append("")
    return "\n".join(out)


def wanted(path, names):
    topic = f"{path.parent.name}/{path.stem}"
    return not names or any(n in (path.parent.name, topic) for n in names)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="language or language/topic")
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--semgrep", default=shutil.which("semgrep"))
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--engine", type=Path, help="our answers, to be compared too")
    arguments = parser.parse_args()
    if not arguments.semgrep:
        print("differential: semgrep is not installed: `pip install semgrep` in a virtual environment,\n"
              "then put its bin folder on the PATH (or name the program with --semgrep)", file=sys.stderr)
        return 2

    languages = {}
    for path in sorted(arguments.cases.glob("*/*.yaml")):
        if path.parent.name in EXTENSIONS and wanted(path, arguments.names):
            languages.setdefault(path.parent.name, {})[path] = load_yaml(path.read_text())
    ours = json.loads(arguments.engine.read_text()) if arguments.engine else {}
    known = {line for line in (arguments.cases / "known.txt").read_text().splitlines() if line and line[0] != "#"}
    total = differ = unexplained = explained = mended = 0
    for language, files in languages.items():
        rules, cases, targets = [], {}, {}
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "src"
            for path, groups in files.items():
                for group in groups:
                    name = group.get("file", f"target.{EXTENSIONS[language]}")
                    # Prefixed, not put into a folder of its own: a rule's `paths` sees the name.
                    target = f"t{len(targets)}-{name}"
                    targets[target] = group["target"]
                    folder.mkdir(exist_ok=True)
                    (folder / target).write_text(group["target"])
                    for case in group["cases"]:
                        identifier = f"c{len(cases)}"
                        cases[identifier] = (path, case, target)
                        rules.append(rule_of(case, language, identifier, target))
            found, refused, errors = run_all(arguments.semgrep, rules, folder)
            for error in errors:
                print(f"{language}: semgrep: {error}")
        for identifier, (path, case, target) in cases.items():
            total += 1
            label = f"{language}/{path.stem}: {case['name']}"
            if identifier in refused:
                answer = {"expect": "refused"}
            else:
                answer = answer_of(case, found.get(identifier, []), target)
            if arguments.engine:
                name = case["name"] if isinstance(case["name"], str) else json.dumps(case["name"])
                place = f"{language}/{path.stem}/{name}"
                engine = ours.get(place)
                if engine is None:
                    print(f"{label}: the engine gave no answer", file=sys.stderr)
                    return 2
                agree = all(engine.get(key) == value for key, value in answer.items())
                is_known = "semgrep" in case or place in known
                if not agree and is_known:
                    explained += 1
                elif not agree:
                    unexplained += 1
                    shown = {key: engine.get(key) for key in answer}
                    print(f"{label}\n  engine  {json.dumps(shown)}\n  semgrep {json.dumps(answer)}")
                elif is_known:
                    mended += 1
            if "semgrep" in case:
                stored = {"expect": case["semgrep"]}
                answer = {"expect": answer["expect"]}
            else:
                stored = {k: case[k] for k in ("expect", "fixes", "messages") if k in case}
            if stored == answer:
                continue
            if not arguments.update:
                differ += 1
                print(f"{label}\n  stored  {json.dumps(stored)}\n  semgrep {json.dumps(answer)}")
            elif "semgrep" in case or (answer["expect"] == "refused" and case.get("expect") != "refused"):
                case["semgrep"] = answer["expect"]
                case.setdefault("expect", [])
                if "why" not in case:
                    print(f"{label}: needs `expect` and `why` by hand: {refused.get(identifier, '')}")
            else:
                case.update(answer)
        if arguments.update:
            for path, groups in files.items():
                path.write_text(render(groups))
    print(f"{total} cases in {len(languages)} languages, {differ} stored answers are not semgrep's")
    if arguments.engine:
        print(f"engine and semgrep: {total - explained - unexplained} agree, {explained} differ as listed, "
              f"{unexplained} differ otherwise; {mended} listed agree now")
    if not total:
        print("differential: no case of that name", file=sys.stderr)
        return 2
    return 1 if differ or unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
