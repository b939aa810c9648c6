#!/usr/bin/env python3
"""Compare what Bartizan reads from a CycloneDX or SPDX JSON file with the file's own list, package by package and edge by edge.

    cargo build -p bartizan-packages --example bom
    python3 tools/sbom_oracle.py path/to/bom app.cdx.json npm.spdx.json ...

Needs `packageurl-python` (PyPI) for an independent reading of package URLs. What it holds equal: type, namespace, name and version of
every part with a package URL (Python names normalised by PEP 503), and the set of edges between them. Then the file is written anew
in both formats, read back, and compared once more.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from packageurl import PackageURL
except ImportError:
    sys.exit("missing: install `packageurl-python` from PyPI into an environment of your own")


def key(text):
    url = PackageURL.from_string(text)
    name = re.sub(r"[-_.]+", "-", url.name).lower() if url.type == "pypi" else url.name
    return "/".join(filter(None, [url.type, url.namespace, name])) + "@" + (url.version or "")


def parts(components):
    for component in components:
        yield component
        yield from parts(component.get("components", []))


def oracle(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    if "spdxVersion" in document:
        edges = []
        for it in document["relationships"]:
            ends = it["spdxElementId"], it["relatedSpdxElement"]
            if it["relationshipType"] == "DEPENDS_ON":
                edges.append(ends)
            elif it["relationshipType"].endswith("DEPENDENCY_OF"):
                edges.append(ends[::-1])
        described = set(document.get("documentDescribes", []))
        described |= {
            it["relatedSpdxElement"] for it in document["relationships"] if it["relationshipType"] == "DESCRIBES"
        }
        known = {
            package["SPDXID"]: key(reference["referenceLocator"])
            for package in document["packages"]
            for reference in package.get("externalRefs", [])
            if reference["referenceType"] == "purl" and (package["SPDXID"] not in described or len(described) > 1)
        }
    else:
        known = {
            it.get("bom-ref", id(it)): key(it["purl"]) for it in parts(document.get("components", [])) if "purl" in it
        }
        edges = [(it["ref"], to) for it in document.get("dependencies", []) for to in it.get("dependsOn", [])]
    pairs = {(known[a], known[b]) for a, b in edges if a in known and b in known and a != b}
    return sorted(known.values()), pairs


def ours(program, path, output):
    run = subprocess.run([program, str(path), *output], capture_output=True, text=True, check=True)
    packages, pairs = [], set()
    for line in run.stdout.splitlines():
        if " -> " in line:
            pairs.add(tuple(key(end) for end in line.split(" -> ")))
        else:
            packages.append(key(line.split("\t")[0]))
    return sorted(packages), pairs, run.stderr.strip().splitlines()


def main(program, names):
    wrong = 0
    for name in names:
        packages, pairs = oracle(Path(name))
        with tempfile.TemporaryDirectory() as folder:
            output = str(Path(folder) / "again")
            first = ours(program, name, [output])
            again = [ours(program, output + end, [])[:2] for end in (".cdx.json", ".spdx.json")]
        same = first[:2] == (packages, pairs)
        # A writer lists each package URL once.
        kept = all(sorted(set(first[0])) == sorted(set(it[0])) and first[1] - it[1] == set() for it in again)
        wrong += not (same and kept)
        print(f"{name}: {len(packages)} packages, {len(pairs)} edges: {'same' if same else 'DIFFERENT'}, "
              f"written and read again: {'same' if kept else 'DIFFERENT'}; {len(first[2])} problems told")
        if not same:
            for label, left, right in (("missing", packages, first[0]), ("too many", first[0], packages)):
                print(f"  {label}: {sorted(set(left) - set(right))[:10]}")
            print(f"  edges missing: {sorted(pairs - first[1])[:5]}, too many: {sorted(first[1] - pairs)[:5]}")
        for line in first[2][:3]:
            print(f"  told: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
