#!/usr/bin/env bash
# The comparison with tshark: makes the captures where they are missing, then compares.
#   tests/bench/run.sh [DIR]
set -euo pipefail
dir=${1:-${BENCH_DIR:-target/bench-captures}}
here=$(dirname "$0")
[[ -s $dir/http.pcap && -s $dir/https.pcap ]] || "$here/captures.sh" "$dir"
exec python3 "$here/compare.py" "$dir" --runs "${BENCH_RUNS:-5}"
