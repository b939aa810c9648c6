#!/usr/bin/env python3
"""Writes crates/scan/secrets/src/judge/bigrams.rs from a folder of ordinary source code.

    tools/token_statistics.py FOLDER... > crates/scan/secrets/src/judge/bigrams.rs

Counts pairs of neighbouring characters in identifiers and short string values, and prints for each pair how much more
likely a random base-62 text has it, in eighths of a bit. The judge averages these over a value.
"""
import math
import os
import re
import sys

SYMBOLS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGIT, JOINER, OTHER = len(SYMBOLS), len(SYMBOLS) + 1, len(SYMBOLS) + 2
SIZE = OTHER + 1
WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_.\-]{3,40}|\"[!-~]{4,40}\"|'[!-~]{4,40}'")
TEXT = (".py", ".js", ".ts", ".go", ".java", ".rs", ".c", ".rb", ".php", ".json", ".yaml", ".yml", ".toml", ".xml", ".html", ".md", ".sh", ".pl")


def symbol(char):
    if char in SYMBOLS:
        return SYMBOLS.index(char)
    if char.isdigit():
        return DIGIT
    return JOINER if char in "_-." else OTHER


def count(folders):
    table = [[1.0] * SIZE for _ in range(SIZE)]
    seen = set()
    total = 0
    for folder in folders:
        for base, _, names in os.walk(folder):
            for name in sorted(names):
                if not name.endswith(TEXT):
                    continue
                try:
                    with open(os.path.join(base, name), "rb") as file:
                        data = file.read(1 << 20)
                except OSError:
                    continue
                total += len(data)
                for word in set(WORD.findall(data)):
                    # A word counts once per folder tree: vendored copies and loops must not drown the rest.
                    if word in seen:
                        continue
                    seen.add(word)
                    text = word.strip(b"\"'").decode("ascii")
                    codes = [symbol(char) for char in text]
                    for pair in zip(codes, codes[1:]):
                        table[pair[0]][pair[1]] += 1
    return table, len(seen), total


def random_share(code):
    return {DIGIT: 10 / 65, JOINER: 2 / 65, OTHER: 1 / 65}.get(code, 1 / 65)


def main():
    table, words, total = count(sys.argv[1:])
    print("//! How much likelier random text has a pair of characters than source code has, in eighths of a bit.")
    print("//!")
    print(f"//! Written by `tools/token_statistics.py` from {words:,} distinct words in {total >> 20} MiB of source code.")
    print("//! Rows and columns: a to z, A to Z, digit, joiner (`_`, `-`, `.`), any other.")
    print()
    print(f"/// Number of symbol classes.\npub const SIZE: usize = {SIZE};")
    print()
    print("/// The table, row by row: first character, then second.")
    print("#[rustfmt::skip]")
    print(f"pub const BIGRAMS: [i8; {SIZE * SIZE}] = [")
    for row in table:
        whole = sum(row)
        values = [round(8 * math.log2(random_share(code) / (n / whole))) for code, n in enumerate(row)]
        print("    " + ", ".join(str(max(-64, min(64, value))) for value in values) + ",")
    print("];")


main()
