#!/usr/bin/env python3
"""Compares resolved package lists with the ecosystem's own tool, package by package.

    cargo build -p bartizan-packages --example list_packages
    tools/resolve_oracle.py npm    [NAME…]    # npm's three lockfile versions, yarn 1, yarn 4, pnpm, bun
    tools/resolve_oracle.py python [NAME…]    # pip inspect, uv, poetry, pdm

Takes real packages from the registry as projects. Needs npm, or Python with venv; works in a temporary folder. Prints one line per
project and tool: how many packages both list, and what only one of them lists. Exit code 1 where a difference is left.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

NPM = ["express", "chalk", "debug", "commander", "yargs", "semver", "axios", "got", "mocha", "rimraf", "ora", "winston"]
PYTHON = ["flask", "requests", "fastapi", "httpx", "black", "django", "celery", "jupyter-client"]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).resolve().parents[1] / "target"))


def run(*command, cwd, ok=(0,), env=None):
    """Standard output of a command; fails loudly with its last lines."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, env={**os.environ, **(env or {})})
    if done.returncode not in ok:
        tail = (done.stderr + done.stdout).strip().splitlines()[-3:]
        raise RuntimeError(f"{' '.join(map(str, command[:4]))}: exit {done.returncode}: {' | '.join(tail)}")
    return done.stdout


def ours(program, *files, cwd):
    """Pairs of name and version that our parser lists, with a version."""
    lines = run(program, *files, cwd=cwd).splitlines()
    rows = [line.split("\t") for line in lines]
    return {(row[1], row[2]) for row in rows if row[2]}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class Report:
    def __init__(self):
        self.differences = self.compared = self.packages = 0

    def compare(self, what, mine, theirs):
        self.compared += 1
        self.packages += len(theirs)
        only_mine, only_theirs = sorted(mine - theirs), sorted(theirs - mine)
        self.differences += len(only_mine) + len(only_theirs)
        print(f"{what:34} both {len(mine & theirs):5}  only here {len(only_mine):3}  only tool {len(only_theirs):3}", flush=True)
        for label, rows in (("only here", only_mine), ("only tool", only_theirs)):
            for name, version in rows[:10]:
                print(f"    {label}: {name} {version}")

    def failed(self, what, error):
        print(f"{what:34} not compared: {error}", flush=True)

    def end(self):
        print(f"{self.compared} comparisons, {self.packages} packages, {self.differences} differences")
        return 1 if self.differences or not self.compared else 0


def npm_project(name, folder):
    """The package's own package.json as a project."""
    folder.mkdir(parents=True)
    tarball = run("npm", "pack", name, "--silent", cwd=folder).strip().splitlines()[-1]
    with tarfile.open(folder / tarball) as archive:
        manifest = json.load(archive.extractfile("package/package.json"))
    # Scripts are never run; overrides and package managers of the author's would only get in the way of the tools.
    for field in ("scripts", "packageManager", "workspaces", "volta", "engines", "devEngines"):
        manifest.pop(field, None)
    return manifest


def npm_tree(node, out):
    for name, child in node.get("dependencies", {}).items():
        if child.get("version"):
            out.add((child.get("name") or name, child["version"]))
        npm_tree(child, out)


def npm(program, names, root, report):
    for name in names:
        try:
            manifest = npm_project(name, root / name / "source")
        except RuntimeError as error:
            report.failed(name, error)
            continue
        for label, check in (
            ("npm lockfile 1", lambda d: npm_lock(program, d, 1)),
            ("npm lockfile 2", lambda d: npm_lock(program, d, 2)),
            ("npm lockfile 3", lambda d: npm_lock(program, d, 3)),
            ("pnpm", lambda d: pnpm_lock(program, d)),
            ("yarn 1", lambda d: yarn_classic(program, d)),
            ("yarn 4", lambda d: yarn_berry(program, d)),
            ("bun", lambda d: bun_lock(program, d)),
        ):
            folder = root / name / label.replace(" ", "-")
            folder.mkdir()
            (folder / "package.json").write_text(json.dumps(manifest))
            try:
                report.compare(f"{name}: {label}", *check(folder))
            except (RuntimeError, subprocess.TimeoutExpired, KeyError, json.JSONDecodeError) as error:
                report.failed(f"{name}: {label}", str(error)[:300])


def npm_lock(program, folder, version):
    run("npm", "install", "--package-lock-only", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund",
        f"--lockfile-version={version}", cwd=folder)
    tree = json.loads(run("npm", "ls", "--all", "--json", "--long", "--package-lock-only", cwd=folder, ok=(0, 1)))
    theirs = set()
    npm_tree(tree, theirs)
    return ours(program, "package-lock.json", cwd=folder), theirs


def pnpm_lock(program, folder):
    run("npx", "-y", "pnpm@9", "install", "--lockfile-only", "--ignore-scripts", cwd=folder)
    # Every package that the lock file holds, in pnpm's own reading of it: what it would fetch.
    script = ("const f=require(process.argv[1]);f.readWantedLockfile('.',{ignoreIncompatible:false}).then(l=>{"
              "for(const p of Object.keys(l.packages||{})){const i=p.replace(/\\(.*/,'');const a=i.lastIndexOf('@');"
              "console.log(i.slice(0,a)+'\\t'+i.slice(a+1))}})")
    reader = folder.parent / "pnpm-reader"
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(reader),
        "@pnpm/lockfile-file@9", cwd=folder)
    lines = run("node", "-e", script, str(reader / "node_modules/@pnpm/lockfile-file"), cwd=folder).splitlines()
    return ours(program, "pnpm-lock.yaml", cwd=folder), {tuple(line.split("\t")) for line in lines}


def yarn_classic(program, folder):
    run("npx", "-y", "yarn@1", "install", "--ignore-scripts", "--ignore-engines", "--non-interactive", "--silent", cwd=folder)
    theirs = set()
    # Yarn's own parser of its own grammar.
    reader = folder.parent / "yarn-reader"
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(reader), "@yarnpkg/lockfile@1", cwd=folder)
    script = ("const l=require(process.argv[1]).parse(require('fs').readFileSync('yarn.lock','utf8')).object;"
              "for(const [k,v] of Object.entries(l)){const m=/^(@?[^@]+)@(npm:(@?[^@]+))?/.exec(k);"
              "console.log((m[3]||m[1])+'\\t'+v.version)}")
    for line in run("node", "-e", script, str(reader / "node_modules/@yarnpkg/lockfile"), cwd=folder).splitlines():
        theirs.add(tuple(line.split("\t")))
    return ours(program, "yarn.lock", cwd=folder), theirs


def yarn_berry(program, folder):
    (folder / ".yarnrc.yml").write_text("enableTelemetry: false\nenableScripts: false\nnodeLinker: node-modules\n")
    (folder / "yarn.lock").write_text("")
    command = ("npx", "-y", "--package=@yarnpkg/cli-dist@4", "yarn")
    run(*command, "install", "--mode=update-lockfile", cwd=folder, env={"YARN_ENABLE_IMMUTABLE_INSTALLS": "false"})
    theirs = set()
    for line in run(*command, "info", "--all", "--recursive", "--json", "--virtuals", cwd=folder).splitlines():
        row = json.loads(line)
        value = row["value"]
        # The project itself, also where something asks for it by a range, and so with its peers ("virtual:…#workspace:").
        if "workspace:" in value:
            continue
        theirs.add((value[: value.index("@", 1)], row["children"]["Version"]))
    return ours(program, "yarn.lock", cwd=folder), theirs


def bun_lock(program, folder):
    run("npx", "-y", "bun@1", "install", "--lockfile-only", "--ignore-scripts", "--save-text-lockfile", cwd=folder)
    text = run("npx", "-y", "bun@1", "pm", "ls", "--all", cwd=folder)
    found = re.findall(r"^[│ ]*[├└]── (@?[^@\s]+)@(\S+)", text, re.M)
    # Aliases are listed by the name they are installed under; the lock file tells the real one.
    aliases = {}
    for key, real in re.findall(r'^ +"([^"]+)": \["(@?[^@"]+)@', (folder / "bun.lock").read_text(), re.M):
        name = "/".join(key.split("/")[-2:]) if key.split("/")[-2:][0].startswith("@") else key.split("/")[-1]
        if name != real:
            aliases[name] = real
    theirs = {(aliases.get(name, name), version) for name, version in found if not version.startswith("workspace:")}
    return ours(program, "bun.lock", cwd=folder), theirs


def python(program, names, root, report):
    tools = root / "tools"
    tools.mkdir()
    # Later versions of PDM fail with the HTTP libraries of today before they resolve anything.
    for tool in (["uv"], ["poetry"], ["pdm==2.11.*"]):
        try:
            # Apart, since each wants other versions of the same libraries.
            own = root / "tools" / tool[0].split("=")[0]
            run(sys.executable, "-m", "venv", str(own), cwd=root)
            run(str(own / "bin/pip"), "install", "-q", *tool, cwd=root)
        except RuntimeError as error:
            report.failed(tool[0], error)
    for name in names:
        for label, check in (
            ("pip inspect", lambda d: pip_inspect(program, d, name)),
            ("uv", lambda d: uv_lock(program, d, tools)),
            ("poetry", lambda d: poetry_lock(program, d, tools)),
            ("pdm", lambda d: pdm_lock(program, d, tools)),
            ("pylock", lambda d: pylock(program, d, tools)),
        ):
            folder = root / name / label.replace(" ", "-")
            folder.mkdir(parents=True)
            (folder / "pyproject.toml").write_text(
                f'[project]\nname = "oracle-project"\nversion = "0.1.0"\nrequires-python = ">=3.11,<3.13"\n'
                f'dependencies = ["{name}"]\n[dependency-groups]\ndev = ["pytest"]\n'
                # Mirrors serve the simple index; Poetry would else ask PyPI's own JSON interface.
                '[[tool.poetry.source]]\nname = "index"\nurl = "https://pypi.org/simple/"\npriority = "primary"\n')
            try:
                report.compare(f"{name}: {label}", *check(folder))
            except (RuntimeError, subprocess.TimeoutExpired, KeyError, json.JSONDecodeError) as error:
                report.failed(f"{name}: {label}", str(error)[:300])


def pip_inspect(program, folder, name):
    run(sys.executable, "-m", "venv", "env", cwd=folder)
    run("env/bin/pip", "install", "-q", name, cwd=folder)
    report = json.loads(run("env/bin/pip", "inspect", cwd=folder))
    rows = [entry["metadata"] for entry in report["installed"]]
    files = sorted(str(path.relative_to(folder)) for path in folder.glob("env/lib/*/site-packages/*.dist-info/METADATA"))
    return ours(program, *files, cwd=folder), {(normal(row["name"]), row["version"]) for row in rows}


def pins(text):
    """Lines `name[extra]==version ; marker`."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.M)
    return {(normal(name), version) for name, version in found}


def uv_lock(program, folder, tools):
    run(str(tools / "uv/bin/uv"), "lock", "-q", cwd=folder)
    text = run(str(tools / "uv/bin/uv"), "export", "-q", "--no-hashes", "--all-groups", "--no-emit-project", cwd=folder)
    return ours(program, "uv.lock", cwd=folder), pins(text)


def pylock(program, folder, tools):
    run(str(tools / "uv/bin/uv"), "lock", "-q", cwd=folder)
    run(str(tools / "uv/bin/uv"), "export", "-q", "--format", "pylock.toml", "-o", "pylock.toml", "--all-groups", "--no-emit-project", cwd=folder)
    text = run(str(tools / "uv/bin/uv"), "export", "-q", "--no-hashes", "--all-groups", "--no-emit-project", cwd=folder)
    return ours(program, "pylock.toml", cwd=folder), pins(text)


def poetry_lock(program, folder, tools):
    run(str(tools / "poetry/bin/poetry"), "lock", "-q", "-n", cwd=folder, env={"POETRY_VIRTUALENVS_CREATE": "false"})
    text = run(str(tools / "poetry/bin/poetry"), "show", "--all", "--no-ansi", "-n", cwd=folder, env={"POETRY_VIRTUALENVS_CREATE": "false"})
    theirs = set()
    for line in text.splitlines():
        match = re.match(r"([A-Za-z0-9._-]+)\s+(?:\(!\)\s+)?([0-9]\S*)", line)
        if match:
            theirs.add((normal(match[1]), match[2]))
    return ours(program, "poetry.lock", cwd=folder), theirs


def pdm_lock(program, folder, tools):
    run(str(tools / "pdm/bin/pdm"), "lock", "-q", "-G:all", cwd=folder)
    text = run(str(tools / "pdm/bin/pdm"), "export", "-f", "requirements", "--without-hashes", "-G:all", cwd=folder)
    return ours(program, "pdm.lock", cwd=folder), pins(text)


ECOSYSTEMS = {"npm": (npm, NPM), "python": (python, PYTHON)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ecosystem", choices=sorted(ECOSYSTEMS))
    parser.add_argument("names", nargs="*", help="packages to take as projects")
    parser.add_argument("--program", default=TARGET / "debug/examples/list_packages", type=Path)
    arguments = parser.parse_args()
    program = str(arguments.program.resolve())
    check, names = ECOSYSTEMS[arguments.ecosystem]
    report = Report()
    with tempfile.TemporaryDirectory(prefix="resolve-oracle-") as root:
        check(program, arguments.names or names, Path(root), report)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
