#!/usr/bin/env python3
"""Holds the release binary against tshark on the same captures, in the same run.

Each command runs several times with the page cache warm; the best wall-clock time counts, and
the highest peak of resident memory (mapped pages included). What was timed is read once more on
one thread: both must put out the same.

    tests/bench/compare.py DIR [--runs 5] [--binary target/release/wirestage]
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path


def run(command):
    """Runs one command to its end: seconds of wall clock, peak resident bytes."""
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return time.monotonic() - start, usage.ru_maxrss * 1024


def best(command, runs):
    """The best time and the highest peak over some runs."""
    results = [run(command) for _ in range(runs)]
    return min(seconds for seconds, _ in results), max(peak for _, peak in results)


def digest(command, threads):
    """The size and the hash of what a command writes, with so many threads."""
    environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)} if threads else None
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    size, hash = 0, hashlib.sha256()
    while part := process.stdout.read(1 << 20):
        size += len(part)
        hash.update(part)
    if process.wait() != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return size, hash.hexdigest()


def numbers(command):
    """The numbers of the frames whose rows a command writes: the first word of each line."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = [int(line.split(maxsplit=1)[0]) for line in process.stdout]
    if process.wait() != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return found


# What a filter looks for that has to be read.
NOT_FOUND = "http.response.code == 404"


def first(file, packets):
    """A file with the first packets of another, beside it."""
    cut = file.with_name(f"{file.stem}-{packets}.pcap")
    if not cut.exists():
        subprocess.run(["editcap", "-F", "pcap", "-r", file, cut, f"1-{packets}"], check=True)
    return str(cut)


def arguments(about):
    """The folder of the captures, how often each command runs, and the program."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("dir", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--binary", default="target/release/wirestage")
    options = parser.parse_args()
    return options.dir, options.runs, str(Path(options.binary).resolve())


def main():
    """Compares, and prints one line for each pair."""
    folder, runs, ours = arguments(__doc__)
    names = ("http.pcap", "https.pcap", "https.keys", "http2.pcapng")
    http, https, keys, http2 = (str(folder / name) for name in names)
    few, few_sealed = (first(folder / name, 50_000) for name in ("http.pcap", "https.pcap"))
    tls = ["-d", "tcp.port==8443,tls", "-d", "tcp.port==8444,tls"]
    with_keys = ["-o", f"tls.keylog_file:{keys}", *tls]
    tshark, json = ["tshark", "-n", "-r"], ["--format", "jsonl"]
    as_http2 = ["-d", "tcp.port==8080,http2"]
    # Name, ours, theirs, how many times as quick ours is to be.
    pairs = [
        ("info, http", [ours, "info", http], [*tshark, http], 60),
        ("info, https", [ours, "info", https], [*tshark, https, *tls], 40),
        ("rows, http", [ours, "show", http], [*tshark, http], 15),
        ("rows, https with keys", [ours, "show", https, "--keys", keys], [*tshark, https, *with_keys], 15),
        ("rows, 1,000 streams", [ours, "show", http2], [*tshark, http2, *as_http2], 15),
        ("JSON, 50,000 of http", [ours, "show", few, *json], [*tshark, few, "-T", "json"], 8),
        (
            "404, https with keys",
            [ours, "show", https, "--keys", keys, "--filter", NOT_FOUND],
            [*tshark, https, *with_keys, "-Y", NOT_FOUND],
            12,
        ),
        (
            "JSON, 50,000 of https",
            [ours, "show", few_sealed, "--keys", keys, *json],
            [*tshark, few_sealed, *with_keys, "-T", "json"],
            8,
        ),
    ]
    for file in (http, https, http2):
        Path(file).read_bytes()
    print(f"{'':<24}{'ours':>9}{'tshark':>9}{'ratio':>8}{'asked':>7}{'our MB':>9}{'their MB':>10}")
    missed = False
    for name, mine, theirs, asked in pairs:
        seconds, peak = best(mine, runs)
        their_seconds, their_peak = best(theirs, runs)
        ratio = their_seconds / seconds
        missed |= ratio < asked
        # What was timed is what one thread reads, one thing after the other.
        size, all_cores = digest(mine, None)
        if all_cores != digest(mine, 1)[1]:
            sys.exit(f"{name}: several threads put out something else than one")
        is_json = name.startswith("JSON")
        told = ""
        if is_json:
            their_size, _ = digest(theirs, None)
            missed |= size > their_size
            told = f"   {size / 1e6:.0f} of {their_size / 1e6:.0f} MB written"
        else:
            missed |= peak * (10 if "404" in name else 20 if "streams" in name else 25) > their_peak
        print(
            f"{name:<24}{seconds:>8.2f}s{their_seconds:>8.2f}s{ratio:>7.1f}x{asked:>6}x"
            f"{peak / 1e6:>9.0f}{their_peak / 1e6:>10.0f}{told}",
            flush=True,
        )
    # A filter has to read every stream: both must find the same frames. Left to itself tshark gives
    # up a stream at its first segment out of order, and finds none of what comes behind.
    for name, status, mine, theirs in [
        ("1,000 streams", 200, [ours, "show", http2], [*tshark, http2, *as_http2]),
        ("https with keys", 404, [ours, "show", https, "--keys", keys], [*tshark, https, *with_keys]),
    ]:
        wanted = f"http2.headers.status == {status}"
        in_order = ["-o", "tcp.reassemble_out_of_order:TRUE"]
        found = [
            numbers([*mine, "--filter", wanted]),
            numbers([*theirs, *in_order, "-Y", wanted]),
        ]
        alike = "the same" if found[0] == found[1] else f"others, {len(found[1]):,}"
        print(f"{name}: {wanted} in {len(found[0]):,} frames, tshark finds {alike}", flush=True)
        missed |= found[0] != found[1]
    print("every figure is reached" if not missed else "some figure is missed")


if __name__ == "__main__":
    main()
