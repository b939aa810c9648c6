#!/usr/bin/env python3
"""Compares code analysis with semgrep: the same rules (our pack) on the same source packages.

    benches/code.py --bartizan target/release/bartizan --semgrep semgrep CORPUS/tree/PACKAGE:LANGUAGE ...

LANGUAGE is a folder of rules/code. Prints wall time, processor time, peak memory, ratio, and how the places found differ: by file, line and
rule. Packages come from benches/corpus.py, or from anywhere.
"""
import argparse
import json
import os
import sys
import tempfile

from measure import measure

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "rules", "code")


def rules_alone(language, folder):
    """The rule files without the targets beside them, for semgrep would scan these too."""
    source = os.path.join(RULES, language)
    os.makedirs(folder)
    for name in sorted(os.listdir(source)):
        if name.endswith(".yaml") and "." not in name[:-5]:
            os.symlink(os.path.join(source, name), os.path.join(folder, name))
    return folder


def ours(output):
    found = set()
    for finding in json.loads(output)["findings"]:
        for place in finding["places"]:
            found.add((os.path.realpath(place["path"]) if os.path.isabs(place["path"]) else place["path"], place["region"]["start_line"], finding["rule"].rsplit("/", 1)[-1]))
    return found


def theirs(output, root):
    found = set()
    for result in json.loads(output)["results"]:
        found.add((os.path.relpath(result["path"], root), result["start"]["line"], result["check_id"].rsplit(".", 1)[-1]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE:LANGUAGE")
    parser.add_argument("--bartizan", required=True)
    parser.add_argument("--semgrep", required=True)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--differences", help="write the places that only one of both has to this file")
    options = parser.parse_args()
    print("| package | tool | wall s | CPU s | peak MiB | places | times ours |\n|---|---|---|---|---|---|---|")
    lines = []
    for package in options.packages:
        path, language = package.rsplit(":", 1)
        name = os.path.basename(path.rstrip("/"))
        with tempfile.TemporaryDirectory() as scratch:
            rules = rules_alone(language, os.path.join(scratch, "rules"))
            cache = os.path.join(scratch, "cache")
            scan = [os.path.abspath(options.bartizan), "scan", ".", "--only", "code", "--rules", rules, "--no-builtin-rules", "--min-confidence", "0", "--fail-on", "none", "--quiet", "--format", "json"]
            cold = measure([*scan, "--no-cache"], options.rounds, (0, 1, 3), path)
            measure([*scan, "--cache-dir", cache], 1, (0, 1, 3), path)
            warm = measure([*scan, "--cache-dir", cache], options.rounds, (0, 1, 3), path)
            peer = measure([options.semgrep, "scan", "--metrics", "off", "--disable-version-check", "-j", "2", "--no-git-ignore", "--json", "--quiet", "--config", rules, "."], 1, (0, 1), path)
            own, other = ours(cold[3]), theirs(peer[3], ".")
            for tool, result, places, ratio in [
                ("bartizan", cold, len(own), ""),
                ("bartizan, second scan", warm, len(own), ""),
                ("semgrep", peer, len(other), f"{peer[0] / cold[0]:.1f}, second {peer[0] / warm[0]:.0f}"),
            ]:
                print(f"| {name} | {tool} | {result[0]:.2f} | {result[1]:.2f} | {result[2]:.0f} | {places} | {ratio} |", flush=True)
            lines += [f"{name}: only bartizan: {place}" for place in sorted(own - other)]
            lines += [f"{name}: only semgrep: {place}" for place in sorted(other - own)]
            print(f"\n{name}: {len(own & other)} places in both, {len(own - other)} only bartizan, {len(other - own)} only semgrep\n", file=sys.stderr)
    if options.differences:
        with open(options.differences, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
