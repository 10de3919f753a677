# Everything from a fresh clone: make run, make dist, make test, make bench, make fuzz.
#
# System packages that are missing are installed with one call of sudo (none as root). Without
# sudo they are listed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

# The build that `make run` starts: quick, release or dev.
PROFILE ?= quick
# Where `make run` puts its files where there is no display.
FOLDER ?= first-look

program := target/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/wirestage

# What building and recording need, what the window needs, what the tests need besides.
to_build := gcc libc6-dev libpcap-dev
to_show := libx11-6 libxcursor1 libxi6 libx11-xcb1 libxkbcommon-x11-0 libgl1 libgl1-mesa-dri \
           libwayland-client0 libwayland-egl1 libegl1 libxkbcommon0
to_test := tshark xvfb xauth xdotool iproute2 python3-venv librsvg2-bin curl nghttp2-client nghttp2-server \
           ngtcp2-client ngtcp2-server haproxy gnutls-bin libnss3-tools

# Where tests note what they left out, and why.
skipped := $(abspath target/skipped)

# How long `make fuzz` tries each of its targets, and where it begins.
MINUTES ?= 10
SEED ?= 1

.PHONY: help run first-look dist test bench fuzz cargo setup-build setup-window setup-test setup-scapy setup-peers

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: setup-build setup-window cargo ## Build, and open the window; with no display, draw a first diagram
	cargo build --profile $(PROFILE) --package wirestage --package wirestage-captures
	@if [ -n "$${WAYLAND_DISPLAY:-}$${DISPLAY:-}" ]; then $(program); else $(MAKE) first-look; fi

dist: setup-build cargo ## Build the program to keep, optimised across crates, and say where it is
	cargo build --release --package wirestage --package wirestage-captures
	@echo "The program is $(abspath target/release/wirestage)"

first-look:
	@mkdir -p $(FOLDER)
	@$(program) record tls13-full -o $(FOLDER)/tls13-full.pcapng \
	    --transcript $(FOLDER)/tls13-full.transcript.json
	@$(program) export $(FOLDER)/tls13-full.pcapng -o $(FOLDER)/tls13-full.svg
	@$(program) export $(FOLDER)/tls13-full.pcapng -o $(FOLDER)/tls13-full.png
	@$(program) story $(FOLDER)/tls13-full.pcapng > $(FOLDER)/tls13-full.story.txt
	@echo
	@echo "There is no display here, so the first diagram was drawn into files."
	@echo "They are in $(abspath $(FOLDER)):"
	@echo "  tls13-full.svg, tls13-full.png   the diagram"
	@echo "  tls13-full.transcript.json       what each side says it did"
	@echo "  tls13-full.story.txt             the same, told from the recorded bytes"
	@echo "  tls13-full.pcapng                the recording; Wireshark opens and decrypts it too"
	@echo "To open the window, type this where there is a display:"
	@echo "  $(abspath $(program)) $(abspath $(FOLDER))/tls13-full.pcapng"

test: setup-build setup-window setup-test setup-scapy setup-peers cargo ## Check format, lints and rules, and run all tests
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@# The command line must do without the window.
	cargo check --package wirestage --no-default-features
	@# The tests start the program itself; built with them, it is built once.
	cargo build --workspace --bins --tests
	@echo "What this machine allows, and so what the tests below can cover:"
	@target/debug/wirestage doctor || true
	@rm -f $(skipped)
	@say() { if [ -s $(skipped) ]; then sort -u $(skipped); else echo "No test was left out."; fi; }; \
	trap say EXIT; export WIRESTAGE_SKIPS=$(skipped); \
	if cargo nextest --version >/dev/null 2>&1; then \
	    set -x; cargo nextest run --workspace --no-fail-fast; \
	    cargo test --workspace --doc --quiet; set +x; \
	else \
	    set -x; cargo test --workspace --no-fail-fast; set +x; \
	fi

bench: setup-build setup-test cargo ## Hold the release build against tshark on large captures
	cargo build --release --package wirestage
	tests/bench/run.sh

fuzz: setup-build cargo ## Try the dissectors with inputs that nobody would make, MINUTES for each target
	cargo build --profile fuzz --package wirestage-fuzz
	target/fuzz/wirestage-fuzz --seconds $$(($(MINUTES) * 60)) --seed $(SEED)

cargo:
	@command -v cargo >/dev/null || { \
	    echo "error: cargo was not found"; \
	    echo "mend: install Rust from https://rustup.rs, then open a new shell"; exit 1; } >&2

setup-build:
	@$(call packages,$(to_build),stop)

# A machine without a display needs no libraries for one.
setup-window:
	@if [ -n "$${WAYLAND_DISPLAY:-}$${DISPLAY:-}" ]; then $(call packages,$(to_show),go on); fi

setup-test:
	@$(call packages,$(to_show) $(to_test),go on)

# Somebody else's encoder, for tests only, in a place of its own. Without it those tests say that
# they cover nothing.
setup-scapy: target/scapy/ready

target/scapy/ready: tests/scapy/requirements.txt
	@if python3 -m venv --clear $(@D) \
	    && $(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<; then \
	    touch $@; \
	else rm -rf $(@D); \
	    echo "note: Scapy could not be installed from PyPI; tests that need it are skipped"; fi

# Stacks of other people, beside it. They are built for each interpreter and each machine, so there
# may be none for this one: the others are kept.
peers := tests/peers/requirements.txt tests/aioquic/requirements.txt tests/tlslite/requirements.txt

setup-peers: target/scapy/peers

target/scapy/peers: $(peers) target/scapy/ready
	@for list in $(peers); do \
	    target/scapy/bin/pip install --quiet --disable-pip-version-check --only-binary :all: \
	        --require-hashes -r $$list \
	    || echo "note: not all of $$list could be installed from PyPI; tests that need it are skipped"; \
	done; if [ -d $(@D) ]; then touch $@; fi

# $(call packages,NAMES,stop|go on): installs those that are missing. Where that is not possible
# they are listed; "stop" says that there is no going on without them.
define packages
command -v dpkg-query >/dev/null || exit 0; \
missing=(); \
for name in $(1); do \
    state=$$(dpkg-query -W -f='$${db:Status-Status}' "$$name" 2>/dev/null || true); \
    [ "$$state" = installed ] || missing+=("$$name"); \
done; \
[ $${#missing[@]} -gt 0 ] || exit 0; \
echo "These system packages are missing: $${missing[*]}"; \
as_root=(env); \
[ "$$(id -u)" = 0 ] || as_root=(sudo); \
install='export DEBIAN_FRONTEND=noninteractive; \
    apt-get update -q && apt-get install -q -y --no-install-recommends "$$@"'; \
if command -v "$${as_root[0]}" >/dev/null \
    && "$${as_root[@]}" sh -c "$$install" sh "$${missing[@]}"; then exit 0; fi; \
echo "error: system packages could not be installed: $${missing[*]}" >&2; \
echo "mend: ask an administrator for: apt-get install $${missing[*]}" >&2; \
[ "$(2)" = "go on" ]
endef
