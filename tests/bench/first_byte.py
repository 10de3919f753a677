#!/usr/bin/env python3
"""Time to the first byte of HTTPS six ways, against what round trips alone would take.

    tests/bench/first_byte.py target/release/wirestage [RUNS]

Records the set over 20, 100 and 300 ms, several times each, and prints the best time of each way
beside its round trips times the round-trip time. Nothing is asserted: what is above that is what
machines take, and on a busy one that is more.
"""

import json
import subprocess
import sys

TRIPS = [20, 100, 300]


def ways(program: str, trip: int) -> dict[str, tuple[int, float]]:
    """Round trips and milliseconds until the first byte, by the name of the way."""
    call = [program, "compare", "https", "--link", f"rtt={trip}ms", "--format", "json"]
    ran = subprocess.run(call, capture_output=True, text=True, check=True)
    found = {}
    for way in json.loads(ran.stdout)["ways"]:
        if ledger := way["ledger"]:
            until = ledger["until_answer"]
            found[way["name"]] = (until["round_trips"], until["nanos"] / 1e6)
    return found


def main() -> None:
    program, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(f"Time to the first byte in ms, best of {runs}, beside round trips x RTT")
    print(f"{'':24}" + "".join(f"{f'RTT {trip} ms':>24}" for trip in TRIPS))
    best: dict[str, dict[int, tuple[int, float]]] = {}
    for trip in TRIPS:
        for _ in range(runs):
            for name, (trips, took) in ways(program, trip).items():
                known = best.setdefault(name, {}).get(trip)
                if known is None or took < known[1]:
                    best[name][trip] = (trips, took)
    for name, times in best.items():
        cells = ""
        for trip in TRIPS:
            trips, took = times.get(trip, (0, 0.0))
            alone = f"{trips} x {trip} = {trips * trip}"
            cells += f"{f'{took:.1f} ({alone})':>24}"
        print(f"{name:24}{cells}")


if __name__ == "__main__":
    main()
