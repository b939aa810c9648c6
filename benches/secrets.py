#!/usr/bin/env python3
"""Secrets, beside the peers, in one run on the same input.

    benches/corpus.py CORPUS
    benches/secrets.py CORPUS [--bartizan PATH] [--kingfisher PATH] [--detect-secrets PATH] [--rounds 3]

Prints for each tool and job the best wall time of several rounds, processor time, peak memory, findings, and the ratio to
Bartizan. Fair settings: no validation, all rules, rule caches warm, Bartizan's result cache off except where a row says warm.
"""
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

import measure as measuring

CODES = (0, 1, 3, 200, 205)


def measure(command, rounds, cwd=None):
    return measuring.measure(command, rounds, CODES, cwd)


def count_bartizan(output):
    return sum(len(finding["places"]) for finding in json.loads(output)["findings"])


def count_kingfisher(output):
    total = 0
    for line in output.splitlines():
        line = line.strip()
        if line.startswith(b"{"):
            try:
                total += "finding" in json.loads(line) or "rule" in json.loads(line)
            except ValueError:
                pass
    return total


def count_detect_secrets(output):
    return sum(len(found) for found in json.loads(output)["results"].values())


def row(job, tool, result, count, base, size):
    wall, cpu, memory, output = result
    ratio = "" if base is None else f"{wall / base:.1f}"
    rate = f"{size / wall:.0f}" if size else ""
    print(f"| {job} | {tool} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {rate} | {count(output) if count else ''} | {ratio} |", flush=True)


def size_of(folder):
    return sum(os.path.getsize(os.path.join(base, name)) for base, _, names in os.walk(folder) for name in names if os.path.isfile(os.path.join(base, name))) / 1e6


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus")
    parser.add_argument("--bartizan", default=shutil.which("bartizan"))
    parser.add_argument("--kingfisher", default=shutil.which("kingfisher"))
    parser.add_argument("--detect-secrets", default=shutil.which("detect-secrets"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    tree, history = (os.path.join(options.corpus, part) for part in ("tree", "history"))
    bartizan = [options.bartizan, "scan", "--only", "secrets", "--format", "json", "--quiet"]
    kingfisher = [options.kingfisher, "scan", "--no-validate", "--no-update-check", "--format", "jsonl", "--quiet"]
    print("| job | tool | wall s | cpu s | peak MiB | MB/s | findings | times Bartizan's wall |\n|---|---|---:|---:|---:|---:|---:|---:|")

    size = size_of(tree)
    ours = measure([*bartizan, "--no-cache", tree], options.rounds)
    row("tree, cold", "bartizan", ours, count_bartizan, None, size)
    if options.kingfisher:
        row("tree, cold", "kingfisher", measure([*kingfisher, "--git-history", "none", tree], options.rounds), count_kingfisher, ours[0], size)
    if options.detect_secrets:
        row("tree, cold", "detect-secrets", measure([options.detect_secrets, "scan", "--all-files", "."], 1, cwd=tree), count_detect_secrets, ours[0], size)

    with tempfile.TemporaryDirectory() as cache:
        measure([*bartizan, "--cache-dir", cache, tree], 1)
        # Stamps of files written moments ago are not trusted; these are older.
        row("tree, warm", "bartizan", measure([*bartizan, "--cache-dir", cache, tree], options.rounds), count_bartizan, None, size)

    ours = measure([*bartizan, "--no-cache", "--history", history], options.rounds)
    row("history", "bartizan", ours, count_bartizan, None, 0)
    if options.kingfisher:
        row("history", "kingfisher", measure([*kingfisher, "--git-history", "full", history], options.rounds), count_kingfisher, ours[0], 0)

    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["git", "clone", "-q", "--local", history, work], check=True)
        changed = sorted(os.path.join(base, name) for base, _, names in os.walk(os.path.join(work, "django")) for name in names if name.endswith(".py"))[:5]
        for path in changed:
            with open(path, "a", encoding="utf-8") as file:
                file.write("\n# a typical change\nLIMIT = 10\n")
        subprocess.run(["git", "-C", work, "add", "-A"], check=True)
        row("staged change, 5 files", "bartizan", measure([*bartizan, "--no-cache", "--staged", work], options.rounds), count_bartizan, None, 0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
