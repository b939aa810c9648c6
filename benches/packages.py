#!/usr/bin/env python3
"""Packages: a made-up monorepo against the shared advisories, and cargo-audit on its part.

    benches/packages.py FOLDER --advisories OSV [--bartizan PATH] [--cargo-audit PATH] [--rounds 3]

OSV is a folder with one `<ecosystem>/all.zip` each, as OSV's public bucket lays out. Writes into FOLDER 500 lock files with 50,000 packages in all, whose
names and versions come from the advisories (one in twenty is affected by one) or are made up; the same for every run. Prints wall and processor time, peak
memory, packages and findings. cargo-audit reads advisories as Markdown from a git repository; they are written out in that form from the same
records, and what both report for the Cargo.lock files is compared.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile

from measure import measure

FILES, PER_FILE = 500, 100


def records(osv, ecosystem):
    with zipfile.ZipFile(os.path.join(osv, ecosystem, "all.zip")) as archive:
        for name in sorted(archive.namelist()):
            yield json.loads(archive.read(name))


def affected_versions(osv, ecosystem):
    """Packages with an affected version each, as far as a record names a version that is one."""
    pairs = {}
    for record in records(osv, ecosystem):
        for part in record.get("affected", []):
            name = part.get("package", {}).get("name")
            versions = part.get("versions") or [
                event["introduced"] for ranged in part.get("ranges", []) for event in ranged.get("events", []) if "introduced" in event
            ]
            for version in versions[:1]:
                version = "0.1.0" if version in ("0", "0.0.0-0") else version
                if name and version.count(".") == 2 and version.replace(".", "").isdigit():
                    pairs.setdefault(name, version)
    return sorted(pairs.items())


def pick(random_, pairs, prefix):
    chosen = {}
    while len(chosen) < PER_FILE:
        if random_.random() < 0.05:
            name, version = random_.choice(pairs)
        else:
            name, version = f"{prefix}{random_.randrange(20000)}", f"{random_.randrange(9)}.{random_.randrange(20)}.{random_.randrange(9)}"
        chosen[name] = version
    return sorted(chosen.items())


def npm_lock(packages):
    table = {"": {"name": "app", "version": "1.0.0", "dependencies": {packages[0][0]: packages[0][1]}}}
    for index, (name, version) in enumerate(packages):
        following = packages[index + 1 : index + 3]
        table[f"node_modules/{name}"] = {"version": version, "license": "MIT", "dependencies": dict(following)}
    return json.dumps({"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": table}, indent=2)


def yarn_lock(packages):
    return "# yarn lockfile v1\n\n" + "".join(f'"{name}@^{version}":\n  version "{version}"\n\n' for name, version in packages)


def pnpm_lock(packages):
    lines = ["lockfileVersion: '9.0'", "importers:", "  .:", "    dependencies:"]
    for name, version in packages[:10]:
        lines += [f"      '{name}':", f"        specifier: ^{version}", f"        version: {version}"]
    lines.append("packages:")
    for name, version in packages:
        lines += [f"  '{name}@{version}':", "    resolution: {integrity: sha512-AAAA}"]
    lines.append("snapshots:")
    for name, version in packages:
        lines.append(f"  '{name}@{version}': {{}}")
    return "\n".join(lines) + "\n"


def cargo_lock(packages):
    text = 'version = 4\n\n[[package]]\nname = "app"\nversion = "1.0.0"\ndependencies = [\n' + "".join(f' "{name}",\n' for name, _ in packages) + "]\n"
    for name, version in packages:
        text += f'\n[[package]]\nname = "{name}"\nversion = "{version}"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "{"0" * 64}"\n'
    return text


def go_mod(packages):
    return "module example.com/app\n\ngo 1.21\n\nrequire (\n" + "".join(f"\t{name} v{version}\n" for name, version in packages) + ")\n"


def poetry_lock(packages):
    return "".join(
        f'[[package]]\nname = "{name}"\nversion = "{version}"\ndescription = ""\noptional = false\npython-versions = "*"\nfiles = []\n\n' for name, version in packages
    ) + '[metadata]\nlock-version = "2.0"\npython-versions = "*"\ncontent-hash = "0"\n'


def requirements(packages):
    return "".join(f"{name}=={version}\n" for name, version in packages)


def gemfile_lock(packages):
    specs = "".join(f"    {name} ({version})\n" for name, version in packages)
    asked = "".join(f"  {name}\n" for name, _ in packages[:10])
    return f"GEM\n  remote: https://rubygems.org/\n  specs:\n{specs}\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n{asked}\nBUNDLED WITH\n   2.4.0\n"


KINDS = [
    ("npm", "package-lock.json", npm_lock, "made-up-"),
    ("npm", "yarn.lock", yarn_lock, "made-up-"),
    ("npm", "pnpm-lock.yaml", pnpm_lock, "made-up-"),
    ("crates.io", "Cargo.lock", cargo_lock, "made-up-"),
    ("Go", "go.mod", go_mod, "example.com/made/up"),
    ("PyPI", "poetry.lock", poetry_lock, "made-up-"),
    ("PyPI", "requirements.txt", requirements, "made-up-"),
    ("RubyGems", "Gemfile.lock", gemfile_lock, "made-up-"),
]


def make(folder, osv):
    pairs = {ecosystem: affected_versions(osv, ecosystem) for ecosystem in {kind[0] for kind in KINDS}}
    random_ = random.Random(7)
    for index in range(FILES):
        ecosystem, name, write, prefix = KINDS[index % len(KINDS)]
        target = os.path.join(folder, f"service-{index:03}")
        os.makedirs(target, exist_ok=True)
        usable = [pair for pair in pairs[ecosystem] if pair[0] != "stdlib" and pair[0] != "toolchain"]
        with open(os.path.join(target, name), "w", encoding="utf-8") as file:
            file.write(write(pick(random_, usable, prefix)))


def row(job, tool, result, packages, findings, base=None):
    wall, cpu, memory, _ = result
    ratio = "" if base is None else f"{wall / base:.1f}"
    print(f"| {job} | {tool} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {packages} | {findings} | {ratio} |", flush=True)


def advisory_repository(folder, osv):
    """RustSec's layout: crates/NAME/ID.md with a TOML head."""
    for record in records(osv, "crates.io"):
        part = record["affected"][0]
        name = part["package"]["name"]
        patched, unaffected = [], []
        for ranged in part.get("ranges", []):
            events = ranged.get("events", [])
            introduced = [event["introduced"] for event in events if "introduced" in event]
            fixed = [event["fixed"] for event in events if "fixed" in event]
            first = introduced[0] if introduced else "0.0.0-0"
            if first not in ("0", "0.0.0-0"):
                unaffected.append(f"< {first}")
            for index, version in enumerate(fixed):
                later = introduced[index + 1] if index + 1 < len(introduced) else None
                patched.append(f">= {version}, < {later}" if later else f">= {version}")
        informational = (part.get("database_specific") or {}).get("informational")
        lines = ["```toml", "[advisory]", f'id = "{record["id"]}"', f'package = "{name}"', f'date = "{record["published"][:10]}"']
        if informational:
            lines.append(f'informational = "{informational}"')
        if record.get("withdrawn"):
            lines.append(f'withdrawn = "{record["withdrawn"][:10]}"')
        lines += ["", "[versions]", f"patched = {json.dumps(patched)}", f"unaffected = {json.dumps(unaffected)}", "```", "", f"# {record.get('summary') or record['id']}", "", "Text."]
        target = os.path.join(folder, "crates", name)
        os.makedirs(target, exist_ok=True)
        with open(os.path.join(target, record["id"] + ".md"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    git = ["git", "-C", folder, "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "advisories"], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--advisories", required=True)
    parser.add_argument("--bartizan", default=shutil.which("bartizan"))
    parser.add_argument("--cargo-audit", default=shutil.which("cargo-audit"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    repository, database = (os.path.join(options.folder, part) for part in ("repository", "database"))
    if not os.path.isdir(repository):
        make(repository, options.advisories)
    print("| job | tool | wall s | cpu s | peak MiB | packages | findings | times Bartizan's wall |\n|---|---|---:|---:|---:|---:|---:|---:|")
    sources = [os.path.join(options.advisories, ecosystem, "all.zip") for ecosystem in ("crates.io", "PyPI", "Go", "RubyGems", "npm")]
    kev = os.path.join(options.advisories, "known_exploited_vulnerabilities.json")
    sources += [kev] if os.path.exists(kev) else []
    row("compile all advisories", "bartizan", measure([options.bartizan, "db", "import", "--quiet", "--db-dir", database, *sources], 1), "", "")

    scan = [options.bartizan, "scan", "--only", "packages", "--no-cache", "--quiet", "--format", "json", "--db-dir", database]
    result = measure([*scan, repository], options.rounds)
    report = json.loads(result[3])
    places = sum(len(component["places"]) for component in report["components"])
    row(f"{FILES} lock files", "bartizan", result, places, len(report["findings"]))

    locks = [os.path.join(repository, name, "Cargo.lock") for name in sorted(os.listdir(repository)) if os.path.exists(os.path.join(repository, name, "Cargo.lock"))]
    with tempfile.TemporaryDirectory() as part:
        for index, lock in enumerate(locks):
            os.makedirs(os.path.join(part, str(index)))
            shutil.copy(lock, os.path.join(part, str(index), "Cargo.lock"))
        ours = measure([*scan, part], options.rounds)
        found = {}
        for finding in json.loads(ours[3])["findings"]:
            if finding["rule"].startswith("packages/rustsec-"):
                for place in finding["places"]:
                    found.setdefault(place["path"].rsplit("/", 2)[-2], set()).add((finding["rule"].split("/")[1].upper(), finding["message"].split(" is affected")[0]))
        row(f"{len(locks)} Cargo.lock", "bartizan", ours, len(locks) * PER_FILE, sum(map(len, found.values())))
        if not options.cargo_audit:
            return
        with tempfile.TemporaryDirectory() as repo:
            advisory_repository(repo, options.advisories)
            wall = cpu = memory = 0
            total, different = 0, 0
            for index in range(len(locks)):
                command = [options.cargo_audit, "audit", "--no-fetch", "--stale", "--db", repo, "--json", "--file", os.path.join(part, str(index), "Cargo.lock")]
                once = measure(command, 1)
                wall, cpu, memory = wall + once[0], cpu + once[1], max(memory, once[2])
                theirs = set()
                answer = json.loads(once[3])
                listed = answer["vulnerabilities"]["list"] + [item for kind in answer["warnings"].values() for item in kind]
                for item in listed:
                    if item.get("advisory"):
                        theirs.add((item["advisory"]["id"], f"{item['package']['name']} {item['package']['version']}"))
                total += len(theirs)
                different += len(theirs ^ found.get(str(index), set()))
            row(f"{len(locks)} Cargo.lock, one process each", "cargo-audit", (wall, cpu, memory, b""), len(locks) * PER_FILE, total, ours[0])
            print(f"\nadvisories per package and version that only one of both reports: {different}")


if __name__ == "__main__":
    main()
