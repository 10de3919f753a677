#!/usr/bin/env python3
"""Holds many filters against tshark 4.6 over whatever captures a list names.

Where both select other frames, it is asked what both read of the fields that the filter names. If
that is another thing, it is a difference of dissection, for which `reasons.txt` may have a reason,
for all frames or for those of some kind; if it is the same, the filter itself means something else,
and that fails.

    WIRESTAGE_CAPTURES=LIST tests/referee/elsewhere/compare.py [--tshark tshark] [--jobs 2]

Each line of the list is a capture, and behind tabs perhaps its key log and further options of
tshark. `cargo build --release --package wirestage` and `cargo build --package wirestage-tests
--bin filters` make the two programs that are held.
"""

import argparse
import collections
import concurrent.futures
import fnmatch
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
# tshark gives up a stream at its first segment out of order unless it is told not to.
ASKED = ["-n", "-o", "tcp.reassemble_out_of_order:TRUE"]
# A protocol's own bytes are compared by these, and no field says which bytes they are.
# What a frame may be besides what a filter of tshark's says of it, by the names that reasons use.
TWICE, BEHIND = "captured twice", "behind a hole"
KINDS = {TWICE, BEHIND}
# What a segment is by, and what tshark says where one is missing.
SEGMENT = ["ip.src", "ipv6.src", "ip.id", "tcp.seq_raw", "tcp.ack_raw", "tcp.len", "tcp.flags"]
HOLES = ["tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment"]
BY_BYTES = r"\b%s\s*(\[|contains|matches|~)|len\(%s\)|@%s\b"


def arguments():
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tshark", default="tshark")
    parser.add_argument("--wirestage", default=ROOT / "target/release/wirestage")
    parser.add_argument("--filters", default=ROOT / "target/debug/filters")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--verbose", action="store_true", help="name every difference")
    return parser.parse_args()


def captures():
    """The captures that are asked, each with its key log and what tshark is told besides."""
    path = os.environ.get("WIRESTAGE_CAPTURES")
    if not path:
        sys.exit("error: no captures are named\nmend: WIRESTAGE_CAPTURES=LIST, a capture a line")
    lines = [line for line in Path(path).read_text().splitlines() if line]
    parts = [(line.split("\t") + ["", ""])[:3] for line in lines]
    return [(name, keys, shlex.split(options)) for name, keys, options in parts]


def lines(path):
    """The lines of a file that are neither empty nor comments."""
    text = path.read_text().splitlines()
    return [line for line in text if line and not line.startswith("#")]


def expressions():
    """The filters: those of the list beside this, and those whose frames the referee's table has."""
    table = (line.split(" | ") for line in lines(HERE.parent / "filters.txt"))
    # What has a fourth column has another meaning here, for the reason that it gives.
    agreed = [parts[1] for parts in table if len(parts) == 3]
    return list(dict.fromkeys(lines(HERE / "expressions.txt") + agreed))


def ours(options, every, names):
    """The frames that each filter selects in each capture here."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("\n".join(every))
        file.flush()
        asked = "".join(f"{name}\t{keys}\n" for name, keys, _ in names)
        said = subprocess.run(
            [options.filters, file.name], input=asked, capture_output=True, text=True, check=True
        )
    found = {}
    for line in said.stdout.splitlines():
        name, number, frames = line.split("\t")
        found[name, int(number)] = set(map(int, frames.split(","))) if frames else set()
    return found


def numbered(rows, columns):
    """Rows by the numbers of their frames."""
    whole = (row for row in rows if len(row) == len(columns) + 1 and row[0].isdigit())
    return {int(row[0]): row[1:] for row in whole}


def tshark(options, capture, columns):
    """What tshark says of each frame: its number, and these columns."""
    name, keys, more = capture
    asked = [options.tshark, *ASKED, *more, "-r", name, "-T", "fields", "-e", "frame.number"]
    if keys:
        asked += ["-o", f"tls.keylog_file:{keys}"]
    for column in columns:
        asked += ["-e", column]
    environment = {**os.environ, "TZ": "UTC"}
    said = subprocess.run(
        asked, capture_output=True, text=True, errors="replace", env=environment, check=False
    )
    rows = (line.split("\t") for line in said.stdout.split("\n"))
    return numbered(rows, columns)


def wirestage(options, capture, columns):
    """The same of ours."""
    name, keys, _ = capture
    asked = [options.wirestage, "show", name, "--fields", ",".join(["frame.number", *columns])]
    asked += ["--keys", keys] if keys else []
    said = subprocess.run(asked, capture_output=True, text=True, errors="replace", check=False)
    rows = (line.split("\t") for line in said.stdout.split("\n"))
    return numbered(rows, columns)


def known_fields(options):
    """The names of all fields, and those of protocols."""
    said = subprocess.run([options.wirestage, "fields"], capture_output=True, text=True, check=True)
    words = [line.split() for line in said.stdout.splitlines()]
    names = {line[0] for line in words if line and re.fullmatch(r"[a-z][\w.-]*", line[0])}
    protocols = {line.split()[0] for line in said.stdout.splitlines() if ": a protocol" in line}
    return names - protocols, protocols


def named(expression, names):
    """Which of these names an expression holds, outside of its strings."""
    bare = re.sub(r'r?"(\\.|[^"\\])*"', '""', expression)
    return {word for word in re.findall(r"[A-Za-z_][\w.-]*", bare) if word in names}


def blamed(expression, frame, both, differing, names):
    """What of an expression both read unlike in a frame: fields, protocols, a protocol's bytes."""
    (mine, theirs), (fields, protocols) = both, names
    blame = set()
    for name in named(expression, fields):
        if mine.get(frame, {}).get(name) != theirs.get(frame, {}).get(name):
            blame.add(name)
    for name in named(expression, protocols):
        if frame in differing.get(name, ()):
            blame.add(name)
        elif re.search(BY_BYTES % ((re.escape(name),) * 3), expression):
            blame.add(f"bytes of {name}")
    return blame


def as_columns(rows, columns):
    """Rows with the names of their columns."""
    return {frame: dict(zip(columns, values)) for frame, values in rows.items()}


def kinds_of(options, capture, asked):
    """What each frame of a capture is: captured twice, behind a hole, what these filters say."""
    columns = ["tcp.stream", *SEGMENT, *HOLES]
    filters = [f"({kind}) && frame" for kind in asked]
    holed, seen, kinds = set(), set(), {}
    for frame, row in tshark(options, capture, columns + filters).items():
        stream, segment = row[0], tuple(row[1 : 1 + len(SEGMENT)])
        said = row[1 + len(SEGMENT) :]
        kinds[frame] = {kind for kind, says in zip(asked, said[len(HOLES) :]) if says}
        # IPv6 numbers no packets, so what is alike there may have been sent again.
        if stream and segment[2] and segment in seen:
            kinds[frame].add(TWICE)
        if stream in holed:
            kinds[frame].add(BEHIND)
        seen.add(segment)
        holed |= {stream} if stream and any(said[: len(HOLES)]) else set()
    return kinds


def explained(blame, kinds, reasons):
    """Why both read this unlike in a frame of these kinds, where that is known."""
    for pattern, kind, reason in reasons:
        if kind in ("any", *kinds) and any(fnmatch.fnmatch(one, pattern) for one in blame):
            return reason
    return None


def main():
    """Compares, and prints what differs by its cause."""
    options = arguments()
    every, all_captures = expressions(), captures()
    fields, protocols = names = known_fields(options)
    # Whether a protocol is there at all is asked as well: each is a filter.
    every += sorted(set().union(*(named(one, protocols) for one in every)) - set(every))
    reasons = [line.split(" | ") for line in lines(HERE / "reasons.txt")]
    asked_kinds = sorted({kind for _, kind, _ in reasons} - {"any", *KINDS})
    mine = ours(options, every, all_captures)
    answers = unlike = meant = 0
    causes, unexplained = collections.Counter(), collections.Counter()

    def one(capture):
        """The differences of one capture: expression, frame, what is to blame."""
        name = capture[0]
        if (name, 0) not in mine:
            return 0, 0, []
        said = tshark(options, capture, [f"({one}) && frame" for one in every])
        differing = {}
        for number, expression in enumerate(every):
            theirs = {frame for frame, row in said.items() if row[number]}
            # Of files that tshark does not read it says nothing.
            frames = (mine[name, number] ^ theirs) & said.keys()
            if frames:
                differing[expression] = frames
        if not differing:
            return len(every), 0, []
        asked = {"frame.protocols"}.union(*(named(one, fields) for one in differing))
        # It stands before them, and tshark writes a field once.
        columns = sorted(asked - {"frame.number"})
        both = [
            as_columns(side(options, capture, columns), columns) for side in (wirestage, tshark)
        ]
        kinds = kinds_of(options, capture, asked_kinds)
        found = [
            (name, expression, frame, blamed(expression, frame, both, differing, names), kinds)
            for expression, frames in differing.items()
            for frame in sorted(frames)
        ]
        return len(every), len(differing), found

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count, differing, found in pool.map(one, all_captures):
            answers += count
            unlike += differing
            for name, expression, frame, blame, kinds in found:
                reason = explained(sorted(blame), kinds.get(frame, ()), reasons)
                if reason:
                    causes[reason] += 1
                elif blame:
                    unexplained[", ".join(sorted(blame))] += 1
                else:
                    meant += 1
                if options.verbose or not blame:
                    why = reason or sorted(blame) or "read alike"
                    print(f"{name} frame {frame}: {expression}: {why}")
    share = 100 * (answers - unlike) / max(answers, 1)
    print(f"{len(every)} filters, {answers:,} answers, {answers - unlike:,} equal: {share:.2f} %")
    for reason, count in causes.most_common():
        print(f"{count:>7} frames: {reason}")
    for names, count in unexplained.most_common():
        print(f"{count:>7} frames without a reason: {names} read unlike")
    print(f"{meant:>7} frames where both read the same and select otherwise")
    sys.exit(bool(meant))


if __name__ == "__main__":
    main()
