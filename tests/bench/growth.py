#!/usr/bin/env python3
"""How time and memory grow from one million frames to ten.

The frames are those of `http.pcap`, with as much of each as its headers need. Every further million
has addresses and hours of its own, so that connections grow in number and not in length. Each file
is read several times with the page cache warm; the best time counts, and the highest peak of
resident memory.

    tests/bench/growth.py DIR [--runs 5] [--binary target/release/wirestage]
"""

import struct
import sys
from pathlib import Path

from compare import arguments, best

MILLION = 1_000_000
MILLIONS = (1, 2, 5, 10)
# As much of a frame as is kept: Ethernet, IPv4 and TCP with its options.
KEPT = 96
HEADER = struct.Struct("<IIII")
# Where the third byte of each address stands in a frame of Ethernet.
ADDRESSES = (14 + 12 + 2, 14 + 16 + 2)
# How many times as much a frame of many may take as one of a million, and how many bytes it adds.
MORE, SLOPE = 1.15, 32


def frames(file):
    """The head of a file, its first million frames cut short, and where each of them begins."""
    kept, places = bytearray(), []
    with file.open("rb") as source:
        head = source.read(24)
        while len(places) < MILLION and (header := source.read(HEADER.size)):
            seconds, fraction, captured, length = HEADER.unpack(header)
            frame = source.read(captured)[:KEPT]
            places.append(len(kept))
            kept += HEADER.pack(seconds, fraction, len(frame), length) + frame
    return head, kept, places


def grown(file, millions):
    """A file with so many million frames, beside the other."""
    path = file.with_name(f"{file.stem}-{millions}m.pcap")
    if path.exists():
        return path
    head, part, places = frames(file)
    with path.open("wb") as out:
        out.write(head)
        for copy in range(millions):
            for place in places:
                for address in ADDRESSES:
                    part[place + HEADER.size + address] = copy
                if copy:
                    seconds = struct.unpack_from("<I", part, place)[0]
                    struct.pack_into("<I", part, place, seconds + 3600)
            out.write(part)
    return path


def main():
    """Measures, and prints one line for each size."""
    folder, runs, ours = arguments(__doc__)
    missed = False
    print(f"{'':<24}{'info':>9}{'µs each':>9}{'MB':>7}{'rows':>9}{'µs each':>9}{'MB':>7}")
    measured = []
    for millions in MILLIONS:
        file = grown(folder / "http.pcap", millions)
        file.read_bytes()
        figures = [best([ours, act, str(file)], runs) for act in ("info", "show")]
        told = "".join(f"{s:>8.2f}s{s / millions:>9.3f}{peak / 1e6:>7.0f}" for s, peak in figures)
        print(f"{f'{millions} million frames':<24}{told}", flush=True)
        measured.append(figures)
        file.unlink()
    for act, name in enumerate(("info", "rows")):
        each = [figures[act][0] / millions for figures, millions in zip(measured, MILLIONS)]
        more = max(each) / each[0]
        grown_by = measured[-1][act][1] - measured[0][act][1]
        slope = grown_by / ((MILLIONS[-1] - MILLIONS[0]) * MILLION)
        missed |= more > MORE or slope > SLOPE
        told = f"{(more - 1) * 100:.0f} % more time for a frame of many than for one of a million"
        print(f"{name}: at most {told}, {slope:.0f} bytes for each further frame")
    print("every figure is reached" if not missed else "some figure is missed")


if __name__ == "__main__":
    sys.exit(main())
