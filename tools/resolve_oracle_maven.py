#!/usr/bin/env python3
"""Compares what the packages room makes of poms with Maven's own model builder.

use: resolve_oracle_maven.py RESOLVE_PACKAGES [FOLDER...] [--random COUNT]

RESOLVE_PACKAGES is the built example of crates/scan/packages. Folders hold poms, such as /usr/share/maven-repo of Debian;
`--random` makes that many trees of poms with parents, properties, managed versions and imports. Needs a JDK and Maven's
libraries in $MAVEN_LIB (default /usr/share/maven/lib). No network: parents and imports are looked for among the files.

Compared per pom that Maven can build: name, version, type, classifier and scope of each dependency. Exits with 1 on a difference.
"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).parent


def maven(folder):
    libraries = os.environ.get("MAVEN_LIB", "/usr/share/maven/lib") + "/*"
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", libraries, str(TOOLS / "MavenModels.java"), folder]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    out, current = {}, None
    for line in done.stdout.splitlines():
        if line.startswith("! "):
            out[line[2:].split("\t")[0]] = None
        elif line.startswith("# "):
            current = out.setdefault(line[2:].split("\t")[0], set())
        else:
            name, version, scope, optional, kind, classifier = line.split("\t")
            if scope == "test":
                scope = "Development"
            elif scope in ("provided", "system"):
                scope = "Build"
            else:
                scope = "Optional" if optional else "Runtime"
            current.add((name, plain(version), scope, kind, classifier))
    return out


def plain(version):
    """`[1.0]` is the version 1.0."""
    if version.startswith("[") and version.endswith("]") and "," not in version:
        return version[1:-1]
    return "?" if version == "null" else version


def ours(tool, folder):
    done = subprocess.run([tool, "maven", folder], capture_output=True, text=True, check=True)
    out, current = {}, None
    for line in done.stdout.splitlines():
        if line.startswith("# "):
            current = out.setdefault(line[2:].split("\t")[0], set())
        else:
            _, name, version, scope, _, _, kind, classifier = line.split("\t")
            current.add((name, version, scope, kind or "jar", classifier))
    return out


def compare(tool, folder, label):
    theirs, mine = maven(folder), ours(tool, folder)
    bad = built = packages = 0
    for path, wanted in sorted(theirs.items()):
        if wanted is None:
            continue
        built += 1
        packages += len(wanted)
        found = mine.get(path, set())
        if wanted != found:
            bad += 1
            print(f"{label}: {path}\n  only maven {sorted(wanted - found)}\n  only ours  {sorted(found - wanted)}")
    print(f"{label}: {built} poms of {len(theirs)} built by maven, {packages} dependencies, {bad} poms differ")
    return bad


def element(name, text):
    return f"<{name}>{text}</{name}>" if text else ""


def dependency(rng, managed, seen, bills=()):
    if bills and rng.random() < 0.3:
        return (
            f"<dependency><groupId>g</groupId><artifactId>{rng.choice(bills)}</artifactId><version>1</version>"
            "<type>pom</type><scope>import</scope></dependency>"
        )
    version = rng.choice(["1.0", "2.0", "${va}", "${vb}", "${project.version}", "[3.0]", "[1,2)", "${vc}"])
    if not managed and rng.random() < 0.6:
        version = ""
    # Asked for under two spellings, a dependency is in Maven's list twice and managed once: not worth following.
    group = rng.choice(["x", "x", "x", "${project.groupId}", "${gx}" if managed else "x"])
    key = group, rng.randrange(6), rng.choice(["", "", "", "", "test-jar"]), rng.choice(["", "", "", "", "k"])
    if key in seen:
        # Of two alike Maven warns, and what it takes depends on whether there is a parent.
        return ""
    seen.add(key)
    return "".join(
        [
            "<dependency>",
            element("groupId", group),
            element("artifactId", f"d{key[1]}"),
            element("version", version),
            element("scope", rng.choice(["", "", "", "compile", "test", "provided", "runtime"])),
            element("type", key[2]),
            element("classifier", key[3]),
            element("optional", rng.choice(["", "", "", "true"])),
            "</dependency>",
        ]
    )


def base(folder):
    """A bill of materials that manages all, so that few projects lack a version, which Maven refuses."""
    all = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>d{at}</artifactId><version>9</version>"
        f"{element('type', kind)}{element('classifier', classifier)}</dependency>"
        for group in ("x", "g")
        for at in range(6)
        for kind in ("", "test-jar")
        for classifier in ("", "k")
    )
    place = pathlib.Path(folder) / "base"
    place.mkdir(parents=True)
    (place / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>base</artifactId><version>1</version>"
        f"<packaging>pom</packaging>{element('dependencyManagement', element('dependencies', all))}</project>\n"
    )


def tree(rng, folder):
    """Up to seven poms; each may have an earlier one as parent and import earlier ones, so that there are no cycles."""
    base(folder)
    count = rng.randrange(2, 8)
    for at in range(count):
        parent = rng.randrange(at) if at and rng.random() < 0.7 else None
        bills = [f"p{it}" for it in range(at) if it != parent]
        parts = ["<modelVersion>4.0.0</modelVersion>"]
        if parent is not None:
            path = rng.choice([f"../p{parent}/pom.xml", f"../p{parent}", ""])
            parts.append(
                f"<parent><groupId>g</groupId><artifactId>p{parent}</artifactId><version>1</version>"
                f"<relativePath>{path}</relativePath></parent>"
            )
        parts.append(f"<groupId>g</groupId><artifactId>p{at}</artifactId><version>1</version><packaging>pom</packaging>")
        names = {name: rng.choice(["1", "2", "3.${project.version}", "${vb}x"]) for name in ("va", "vc") if rng.random() < 0.6}
        if rng.random() < 0.6 or parent is None:
            names["vb"] = rng.choice(["7", "8"])
        if parent is None:
            names.update({"gx": "x", "va": "1", "vc": "5"})
        parts.append(element("properties", "".join(element(*pair) for pair in names.items())))
        seen = set()
        managed = "".join(dependency(rng, True, seen, bills) for _ in range(rng.randrange(6)))
        if parent is None:
            managed += (
                "<dependency><groupId>g</groupId><artifactId>base</artifactId><version>1</version>"
                "<type>pom</type><scope>import</scope></dependency>"
            )
        parts.append(element("dependencyManagement", element("dependencies", managed)))
        seen = set()
        asked = "".join(dependency(rng, False, seen) for _ in range(rng.randrange(6)))
        parts.append(element("dependencies", asked))
        place = pathlib.Path(folder) / f"p{at}"
        place.mkdir(parents=True)
        (place / "pom.xml").write_text("<project>\n" + "\n".join(parts) + "\n</project>\n")


def main():
    arguments, count = sys.argv[1:], 0
    if "--random" in arguments:
        at = arguments.index("--random")
        count = int(arguments[at + 1])
        del arguments[at : at + 2]
    if not arguments:
        sys.exit(__doc__)
    tool = str(pathlib.Path(arguments[0]).resolve())
    bad = sum(compare(tool, folder, folder) for folder in arguments[1:])
    if count:
        # All trees in one run, each with names of its own: starting Java costs more than the work.
        with tempfile.TemporaryDirectory() as folder:
            for at in range(count):
                inner = pathlib.Path(folder) / f"t{at}"
                tree(random.Random(at), inner)
                for pom in inner.glob("*/pom.xml"):
                    pom.write_text(pom.read_text().replace("<groupId>g</groupId>", f"<groupId>g{at}</groupId>"))
            bad += compare(tool, folder, f"{count} random trees")
    sys.exit(1 if bad else 0)


main()
