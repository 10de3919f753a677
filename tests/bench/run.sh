#!/usr/bin/env bash
# The comparison with tshark, and how cost grows with the frames: makes the captures where they are
# missing, then compares.
#   tests/bench/run.sh [DIR]
set -euo pipefail
dir=${1:-${BENCH_DIR:-target/bench-captures}}
here=$(dirname "$0")
[[ -s $dir/http.pcap && -s $dir/https.pcap ]] || "$here/captures.sh" "$dir"
python3 "$here/compare.py" "$dir" --runs "${BENCH_RUNS:-5}"
python3 "$here/growth.py" "$dir" --runs "${BENCH_RUNS:-5}"
