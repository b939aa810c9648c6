#!/usr/bin/env python3
"""Compares what the packages room reads from Cargo.lock and Cargo.toml with `cargo metadata`.

use: resolve_oracle_cargo.py RESOLVE_PACKAGES PROJECT...

RESOLVE_PACKAGES is the built example of crates/scan/packages. Each project is copied; a lock file is made where there is none.
Compared per package: name, version, source, direct or not. Scopes of direct packages must be equal. Scopes of the others may
only differ by being nearer to what runs: a lock file does not tell which edges of far packages are for building only.

Exits with 1 on any difference that is not explained by the lock file holding more than the features that cargo resolves.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

ORDER = ["Runtime", "Optional", "Build", "Development"]


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[1]}: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


def source_kind(source):
    if source is None:
        return "path"
    if source.startswith("git+"):
        return "git"
    official = "crates.io-index" in source or "index.crates.io" in source
    return "registry" if official else "url"


def expected(metadata):
    """Name, version and source to direct and scope, by walking cargo's own graph."""
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    members = set(metadata["workspace_members"])
    own = {id for id, package in packages.items() if package["source"] is None}
    direct = set(own)
    best = {}
    queue = [(0, id) for id in members]
    while queue:
        queue.sort()
        level, id = queue.pop(0)
        if best.get(id, 9) <= level:
            continue
        best[id] = level
        for edge in nodes[id]["deps"]:
            to = edge["pkg"]
            if id in own:
                direct.add(to)
            for kind in edge["dep_kinds"]:
                if kind["kind"] == "dev" and id not in members:
                    continue
                step = {None: 0, "build": 2, "dev": 3}[kind["kind"]]
                if step == 0 and id in own and is_optional(packages[id], packages[to]["name"]):
                    step = 1
                queue.append((max(level, step), to))
    return {
        (package["name"], package["version"], source_kind(package["source"])): (id in direct, ORDER[best[id]])
        for id, package in packages.items()
        if id in best
    }


def is_optional(package, name):
    stated = [it for it in package["dependencies"] if it["name"] == name and it["kind"] is None]
    return bool(stated) and all(it["optional"] for it in stated)


def compare(tool, project):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "project"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("target", ".git"))
        if not (copy / "Cargo.lock").exists():
            run(["cargo", "generate-lockfile"], copy)
        metadata = json.loads(
            run(["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"], copy)
        )
        manifests = [package["manifest_path"] for package in metadata["packages"] if package["source"] is None]
        found = {}
        for line in run([tool, "cargo", str(copy / "Cargo.lock"), *manifests], copy).splitlines():
            _, name, version, scope, relation, source, *_ = line.split("\t")
            found[name, version, source] = (relation == "Direct", scope)
        wanted = expected(metadata)
    lost = sorted(set(wanted) - set(found))
    extra = sorted(set(found) - set(wanted))
    wrong, nearer = [], 0
    for key in set(wanted) & set(found):
        (direct, scope), (our_direct, our_scope) = wanted[key], found[key]
        if direct and scope != our_scope and ORDER.index(our_scope) > ORDER.index(scope):
            wrong.append((key, wanted[key], found[key]))
        elif direct != our_direct or ORDER.index(our_scope) > ORDER.index(scope):
            wrong.append((key, wanted[key], found[key]))
        elif scope != our_scope:
            nearer += 1
    print(
        f"{project.name}: {len(wanted)} packages, {len(lost)} lost, {len(wrong)} wrong, "
        f"{nearer} nearer to what runs, {len(extra)} only in the lock file"
    )
    for key in lost:
        print("   lost", *key)
    for key, want, have in sorted(wrong):
        print("  wrong", *key, "cargo", *want, "ours", *have)
    for key in extra:
        print("  extra", *key)
    return len(lost) + len(wrong)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tool = str(pathlib.Path(sys.argv[1]).resolve())
    bad = failed = 0
    for project in map(pathlib.Path, sys.argv[2:]):
        try:
            bad += compare(tool, project)
        except RuntimeError as error:
            failed += 1
            print(f"{project.name}: cargo could not: {error}")
    print(f"{len(sys.argv) - 2 - failed} compared, {failed} not, {bad} differences")
    sys.exit(1 if bad else 0)


main()
