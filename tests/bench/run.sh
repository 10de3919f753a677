#!/usr/bin/env bash
# The comparison with tshark, and how cost grows with the frames: makes the captures where they are
# missing, then compares.
#   tests/bench/run.sh [DIR]
set -euo pipefail
dir=${1:-${BENCH_DIR:-target/bench-captures}}
here=$(dirname "$0")
[[ -s $dir/http.pcap && -s $dir/https.pcap ]] || "$here/captures.sh" "$dir"
# How fast it is written does not matter, so it takes the build that the tests have.
[[ -s $dir/http2.pcapng ]] ||
  cargo run --quiet --package wirestage-tests --bin streams -- "$dir/http2.pcapng" 20
python3 "$here/compare.py" "$dir" --runs "${BENCH_RUNS:-5}"
python3 "$here/growth.py" "$dir" --runs "${BENCH_RUNS:-5}"
