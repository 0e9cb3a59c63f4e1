# Lorikeet: one command each. `make demo` first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LORIKEET := .build/release/lorikeet
SWIFT_FLAGS := -c release --explicit-target-dependency-import-check error
NOTEBOOK := notebooks/quickstart.ipynb
STAMPS := build/stamps
TSAN := build/tsan
# Tests and figures must not depend on what the shell of the day happens to set.
unexport OPENBLAS_NUM_THREADS OMP_NUM_THREADS

.PHONY: demo lab build test tsan lint format bench roundtrip roundtrip-gguf docs conformance nightly soak screenshots clean FORCE
.DEFAULT_GOAL := demo

## demo: from a clone to a tuned model: build, install, run the quickstart, show its table
demo: build/quickstart.html
	@$(BIN)/python scripts/show_demo.py build/quickstart.ipynb build/quickstart.html

## lab: JupyterLab on notebooks/
lab: $(STAMPS)/kernel
	$(BIN)/jupyter lab notebooks

## build: the executable, .build/release/lorikeet
build: $(LORIKEET)

## test: all tests: Swift, conformance, notebooks through every tool, JupyterLab in Chromium
test: $(STAMPS)/kernel $(STAMPS)/test-tools
	@$(BIN)/python scripts/run_tests.py $(ONLY)

## tsan: the engine's tests under ThreadSanitizer, in a debug build of its own
# But for those that compare arithmetic on one thread and take an hour there.
tsan: $(STAMPS)/system
	@mkdir -p $(TSAN)
	clang -O1 -g -fPIC -fsanitize=thread -c scripts/tsan/mutex.c -o $(TSAN)/mutex.o
	swift build --sanitize=thread --scratch-path $(TSAN) --build-tests -Xlinker $(CURDIR)/$(TSAN)/mutex.o
	swift test --sanitize=thread --scratch-path $(TSAN) --skip-build \
	    --filter '(Compute|Learning|Models|Training)Tests' \
	    --skip 'PinnedHashesTests|attentionStandsAloneWithEachOfOpenBLASsKernels'

## lint: style of Swift, shell and Python; what the house rules forbid
lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@$(PYTHON) scripts/lint.py

## format: rewrites the Swift sources in the house style
format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

## docs: docs/reference/ from the command declarations
docs: $(LORIKEET)
	$(LORIKEET) reference --markdown docs/reference

## bench: training and evaluation beside Transformers + PEFT (QUICK=1: five minutes)
bench: $(LORIKEET) $(STAMPS)/bench-tools
	@.venv-bench/bin/python Benchmarks/bench.py $(if $(QUICK),--quick) $(BENCH)

## roundtrip: adapters and merged models that we write, read by PEFT and Transformers, and theirs by us
roundtrip: $(STAMPS)/kernel $(STAMPS)/bench-tools
	.venv-bench/bin/python -m pytest -q Tests/Tools/test_peft_roundtrip.py Tests/Tools/test_peft_adapters.py \
		Tests/Tools/test_peft_prompts.py Tests/Tools/test_gguf_roundtrip.py

## roundtrip-gguf: models and adapters that we export, loaded by llama.cpp (built from source, which takes minutes)
roundtrip-gguf: $(STAMPS)/kernel $(STAMPS)/gguf-tools
	.venv-bench/bin/python -m pytest -q Tests/Tools/test_gguf_roundtrip.py

## conformance: the protocol table, each row checked by live messages
conformance: $(STAMPS)/kernel $(STAMPS)/test-tools
	$(BIN)/python -m pytest -q Tests/Conformance --table

## nightly: the long fuzzing of the readers and of the wire, and every parameter of every verb
nightly: $(STAMPS)/kernel $(STAMPS)/test-tools
	@LORIKEET_NIGHTLY=1 $(BIN)/python scripts/run_tests.py swift conformance tools
	@$(BIN)/python Benchmarks/console_starts.py --load 4

## soak: 10,000 cells, and what memory says afterwards
soak: $(STAMPS)/kernel $(STAMPS)/test-tools
	$(BIN)/python Benchmarks/soak.py

## screenshots: a picture of each display in both themes, from a real JupyterLab (TO=FOLDER); the telling ones into docs/pictures
screenshots: $(STAMPS)/kernel $(STAMPS)/test-tools
	$(BIN)/python Tests/Lab/screenshots.py $(or $(TO),build/screenshots) --docs docs/pictures

clean:
	rm -rf build .build .venv .venv-bench

# What the targets stand on. A stamp is as old as the work it stands for.

$(STAMPS)/system: scripts/system-packages
	@scripts/system-packages build
	@mkdir -p $(@D) && touch $@

# SwiftPM knows best what changed; the file's date tells the rest of us whether anything did.
$(LORIKEET): FORCE $(STAMPS)/system
	@swift build $(SWIFT_FLAGS) --product lorikeet

$(STAMPS)/lab-tools: scripts/requirements/lab.txt scripts/requirements/constraints.txt $(STAMPS)/system
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing JupyterLab into $(VENV)"
	@$(BIN)/pip install -q --disable-pip-version-check -r $<
	@mkdir -p $(@D) && touch $@

$(STAMPS)/test-tools: scripts/requirements/test.txt scripts/requirements/constraints.txt $(STAMPS)/lab-tools
	@scripts/system-packages browser
	@$(BIN)/pip install -q --disable-pip-version-check -r $<
	@mkdir -p $(@D) && touch $@

$(STAMPS)/bench-tools: Benchmarks/requirements.txt $(STAMPS)/system
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@echo "installing PyTorch, Transformers and PEFT into .venv-bench"
	@.venv-bench/bin/pip install -q --disable-pip-version-check -r $<
	@mkdir -p $(@D) && touch $@

$(STAMPS)/gguf-tools: Benchmarks/requirements-gguf.txt $(STAMPS)/bench-tools
	@echo "building llama.cpp into .venv-bench"
	@.venv-bench/bin/pip install -q --disable-pip-version-check -r $<
	@mkdir -p $(@D) && touch $@

$(STAMPS)/kernel: $(LORIKEET) $(STAMPS)/lab-tools $(wildcard labextension/* notebooks/*)
	@$(LORIKEET) install --prefix $(VENV)
	@$(BIN)/python labextension/install.py --lorikeet $(LORIKEET) --prefix $(VENV)
	@mkdir -p $(@D) && touch $@

build/quickstart.ipynb: $(NOTEBOOK) $(STAMPS)/kernel
	@mkdir -p build
	@echo "running $(NOTEBOOK)"
	@$(BIN)/jupyter nbconvert --log-level=ERROR --to notebook --execute \
	    --ExecutePreprocessor.timeout=3600 --output-dir build --output quickstart.ipynb $<

build/quickstart.html: build/quickstart.ipynb
	@$(BIN)/jupyter nbconvert --log-level=ERROR --to html --output-dir build --output quickstart.html $<
