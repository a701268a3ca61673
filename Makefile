# Every target does the set-up that it needs; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-cross setup-exports verify-edits peers check-peers build test test-all bench perf check-autoschedulers interrupts lint format reference san tsan honesty clean

BIN := $(CURDIR)/.deps/venv/bin
JOBS := $(shell nproc)
export PATH := $(BIN):$(PATH)
OUT ?= out/bench
SUITES ?= smoke
PEER_NETWORKS ?= mobilenet_v2 mobilenet_v3_small mobilenet_v3_large efficientnet_b0 henet_tinym resnet18

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## install what building and running need, into .deps/ (and Debian packages, as root or with sudo)
	@.ci/setup

build/%/build.ninja: CMakeLists.txt CMakePresets.json | setup
	@cmake --preset $* >/dev/null

setup-cross: setup ## what aarch64 targets (arm-a76, j6e, j6m, j6p) need on top: cross compiler, qemu, runner
	@.ci/setup cross
	@cmake --preset j6 >/dev/null
	@ninja -C build/j6 -j $(JOBS) --quiet

setup-exports: setup ## readers of what `--format` writes, Google Benchmark's compare.py among them, for the tests of exports
	@.ci/setup exports

peers: setup ## what `bench --peers` compares with: LiteRT, ncnn, oneDNN, ONNX Runtime and OpenVINO, in an environment of their own
	@.ci/setup peers

check-peers: build peers build/dev/build.ninja ## does every adapter compute what a model or a problem says, operator by operator, and on whole networks? Two minutes
	@ninja -C build/dev -j $(JOBS) --quiet suites.peers.problem_peers_test
	@build/dev/tests/suites.peers.problem_peers_test --gtest_brief=1
	@.deps/peers/bin/python -B suites/peers/check_peers.py build/halcyon $(PEER_NETWORKS)

build: setup build/bench/build.ninja ## build build/halcyon (preset bench: the only one whose numbers count)
	@ninja -C build/bench -j $(JOBS) --quiet
	@ln -sfn bench/halcyon build/halcyon

test: setup build/dev/build.ninja ## build with checks and warnings as errors, run the tests
	@ninja -C build/dev -j $(JOBS) --quiet
	@ctest --preset dev

test-all: test san tsan build check-autoschedulers ## also the sanitizers, every suite, every knob, Halide's autoschedulers
	@build/halcyon check smoke kernels blocks
	@build/halcyon check --sweep
	@python suites/onnx/check_networks.py --layers build/halcyon $$(build/halcyon list networks --json | python -c 'import json, sys; print(*(n["network"] for n in json.load(sys.stdin)))')

# Exit 6 is a result, too: some searches give nothing, and say so.
check-autoschedulers: build setup-cross ## smoke with each of Halide's autoschedulers, here and on j6m; SUITES="kernels blocks" for more
	@for source in mullapudi2016 adams2019 li2018; do for target in host j6m; do \
	  build/halcyon check $(SUITES) --source $$source --target $$target || [ $$? -eq 6 ] || exit 1; done; done

san: setup build/san/build.ninja ## the tests under the address and undefined-behaviour sanitizers
	@ninja -C build/san -j $(JOBS) --quiet
	@ctest --preset san

# What runs threads; all else has one, or runs bundles, which are static: no thread sanitizer for those.
THREADED := suites.runner.process.thread_pool_test suites.runner.process.halide_hooks_test

tsan: setup build/tsan/build.ninja ## the tests of the kernels' threads under the thread sanitizer: a minute
	@ninja -C build/tsan -j $(JOBS) --quiet $(THREADED)
	@for test in $(THREADED); do build/tsan/tests/$$test --gtest_brief=1 || exit 1; done

reference: build ## renew the part of docs/reference.md that the program makes
	@cmake -DROOT=$(CURDIR) -DPROGRAM=$(CURDIR)/build/halcyon -DRENEW=ON -P .ci/reference.cmake

# The tests do so for fewer.
verify-edits: setup build/dev/build.ninja ## does `verify` find 1000 random edits of a results file, and nothing in 100 untouched ones? And a change in 200 pairs of runs of one build? A minute
	@ninja -C build/dev -j $(JOBS) --quiet results.verify.verify_test results.comparison.compared_test
	@HALCYON_EDITS=1000 build/dev/tests/results.verify.verify_test --gtest_brief=1
	@HALCYON_COMPARISONS=200 build/dev/tests/results.comparison.compared_test --gtest_brief=1

honesty: setup build/dev/build.ninja ## are verdicts to be trusted here? A network beside itself, and 3 % slowed: 20 minutes, alone
	@ninja -C build/dev -j $(JOBS) --quiet suites.runs.honesty_test
	@build/dev/tests/suites.runs.honesty_test

# Exit 6 is a result, too: a case was too noisy for a time, all else is right.
bench: build ## check and time the suites; leaves a table, results.json and report.html in OUT (out/bench)
	@build/halcyon bench kernels blocks henet_tinym mobilenet_v3_large -o $(OUT) || [ $$? -eq 6 ]

# The first run searches with three autoschedulers, which takes minutes; later ones find what they gave in the cache.
perf: build ## goals, autoschedulers, forms of chains and cold weights on this host; leaves tables and pages in out/perf
	@build/halcyon bench kernels blocks --goals --against mullapudi2016,adams2019,li2018 -o out/perf/searches || [ $$? -eq 6 ]
	@build/halcyon bench blocks --filter '^(?!odd)' --against root,fused,apart -o out/perf/chains || [ $$? -eq 6 ]
	@build/halcyon bench kernels --filter '^(?!odd)' --state warm,cold-weights -o out/perf/cold-weights || [ $$? -eq 6 ]

interrupts: build ## ends commands by signals at 200 random moments and looks at what is left; ten minutes
	@.ci/interrupts.py build/halcyon --moments 200 --longest 12

lint: setup ## clang-format and clang-tidy, versions of Debian 12
	@.ci/lint

format: ## rewrite the sources as clang-format wants them
	@clang-format -i $$(git ls-files '*.h' '*.cpp')

clean: ## remove what was built; .deps/ and the cache of objects stay
	@rm -rf build out
