#!/usr/bin/env python3
"""Compares detection with rsigma: the same Sigma rules on the same events, on one core.

    benches/sigma.py --bartizand target/release/bartizand --rsigma rsigma --rules RULES... --events LOGS...

RULES are folders of Sigma rules, LOGS files or folders of Windows events as nested JSON, such as the regression cases of the public rule set. Two lanes
are made of them, in a fixed random order and with repetition: the events as they are, and flattened to one level, with which rsigma's field names agree. The
time that each needs to load its rules alone is taken off. Prints events per second, ratio, and how many alerts each raised: rsigma looks at every rule
for every event, Bartizan only at those of the event's log source, so the second is smaller.
"""
import argparse
import json
import os
import random
import shutil
import sys
import tempfile

from measure import measure

# Bartizan says 3 where rules could not be used: two of the public ones wait for values of their user.
CODES = (0, 1, 3)


def events(paths):
    found = []
    for path in paths:
        names = [path]
        if os.path.isdir(path):
            names = sorted(os.path.join(folder, name) for folder, _, files in os.walk(path) for name in files if name.endswith(".json"))
        for name in names:
            text = open(name, encoding="utf-8-sig").read()
            decoder, at = json.JSONDecoder(), 0
            while at < len(text.rstrip()):
                value, at = decoder.raw_decode(text, at)
                found.append(value)
                while at < len(text) and text[at].isspace():
                    at += 1
    return [event for event in found if "System" in event.get("Event", {})]


def flat(event):
    out = {}
    for part in ("System", "EventData", "UserData"):
        for key, value in (event["Event"].get(part) or {}).items():
            if isinstance(value, dict):
                attributes = value.get("#attributes", value)
                out.update({f"{key}_{name}" if attributes is not value else name: inner for name, inner in attributes.items()})
                if "#text" in value:
                    out[key] = value["#text"]
            else:
                out[key] = value
    return out


def lane(folder, name, sample):
    path = os.path.join(folder, name + ".ndjson")
    with open(path, "w", encoding="utf-8") as out:
        for event in sample:
            out.write(json.dumps(event, separators=(",", ":")) + "\n")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bartizand", required=True)
    parser.add_argument("--rsigma", required=True)
    parser.add_argument("--rules", nargs="+", required=True)
    parser.add_argument("--events", nargs="+", required=True)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--count", type=int, default=100_000)
    options = parser.parse_args()
    found = events(options.events)
    if not found:
        sys.exit("no events there")
    random.seed(1)
    sample = [random.choice(found) for _ in range(options.count)]
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "rules")
        os.mkdir(rules)
        for number, path in enumerate(options.rules):
            shutil.copytree(path, os.path.join(rules, str(number)))
        empty = os.path.join(folder, "empty.ndjson")
        open(empty, "w").close()
        ours = lambda file: ["taskset", "-c", "0", options.bartizand, "detect", "--threads", "1", "--no-event", "-f", "jsonl", "-r", rules, "--", file]
        theirs = lambda file: ["taskset", "-c", "0", options.rsigma, "engine", "eval", "--no-stats", "-r", rules, "-e", "@" + file]
        print("| lane | tool | loading s | events s | events/s | alerts | times rsigma |")
        print("|---|---|---:|---:|---:|---:|---:|")
        for name, chosen in (("nested", sample), ("flat", [flat(event) for event in sample])):
            path = lane(folder, name, chosen)
            rates = {}
            for tool, command in (("rsigma", theirs), ("bartizand", ours)):
                loading, *_ = measure(command(empty), options.rounds, CODES)
                wall, _, _, output = measure(command(path), options.rounds, CODES)
                seconds = max(wall - loading, 1e-6)
                rates[tool] = len(chosen) / seconds
                alerts = output.count(b"\n")
                ratio = f"{rates[tool] / rates['rsigma']:.1f}" if tool == "bartizand" else ""
                print(f"| {name} | {tool} | {loading:.2f} | {seconds:.2f} | {rates[tool]:,.0f} | {alerts} | {ratio} |")


if __name__ == "__main__":
    main()
