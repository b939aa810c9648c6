#!/usr/bin/env python3
"""Writes crates/scan/secrets/src/prefilter/frequency.rs from folders of ordinary source code. Needs numpy.

    tools/window_statistics.py FOLDER... > crates/scan/secrets/src/prefilter/frequency.rs

Counts windows of three and four bytes, folded as the prefilter folds them, and prints those that are frequent: literals are
looked for by a window that is not among them, or by the least frequent.
"""
import math
import os
import sys

import numpy

# Windows that are more frequent than this many in a megabyte.
PER_MEGABYTE = {3: 120, 4: 40}
MOST_PER_FILE = 256 << 10


def files(folders):
    for folder in folders:
        for base, _, names in os.walk(folder):
            for name in sorted(names):
                path = os.path.join(base, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    data = file.read(MOST_PER_FILE)
                if b"\0" not in data:
                    yield data


def frequent(data, width):
    bytes_ = numpy.frombuffer(data, dtype=numpy.uint8) | 0x20
    window = numpy.zeros(len(bytes_) - width + 1, dtype=numpy.uint32)
    for place in range(width):
        window |= bytes_[place : len(bytes_) - width + 1 + place].astype(numpy.uint32) << (8 * place)
    values, counts = numpy.unique(window, return_counts=True)
    megabytes = len(data) / 1e6
    kept = counts > PER_MEGABYTE[width] * megabytes
    return [(int(v), round(4 * math.log2(c / megabytes))) for v, c in zip(values[kept], counts[kept])]


def main():
    data = b"\n".join(files(sys.argv[1:]))
    print("//! Windows of source code that are frequent, for the choice of the window by which a literal is looked for.")
    print("//!")
    print(f"//! Written by `tools/window_statistics.py` from {len(data) >> 20} MiB of source code. Each entry: the folded bytes as a")
    print("//! little-endian number, and four times the binary logarithm of how often they stand in a megabyte. Sorted.")
    for name, width in (("THREE", 3), ("FOUR", 4)):
        table = frequent(data, width)
        print(f"\n/// Windows of {width} bytes.")
        print("#[rustfmt::skip]")
        print(f"pub(super) static {name}: [(u32, u8); {len(table)}] = [")
        for start in range(0, len(table), 8):
            print("    " + " ".join(f"({window:#x},{level})," for window, level in table[start : start + 8]))
        print("];")


main()
