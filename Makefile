# The one list of commands for people and CI; `make` alone prints it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH ?= $(BIN)/python
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run test check format bench goldens clean

help:  ## print this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-9s %s\n", $$1, $$2}'

$(READY): pyproject.toml constraints.txt hatch_build.py $(wildcard extract/pdf/*.c jixiao/load/*.c)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,scan]'
	@touch $@

run: $(READY)  ## set up, then convert samples/ into out/
	files=$$($(BIN)/python samples/readable.py) && $(BIN)/jixiao extract $$files -o out/

test: $(READY)  ## set up, then run every test
	$(BIN)/python -m pytest -n logical

check: $(READY)  ## ruff, mypy strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## let ruff format and mend what it safely can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

goldens: $(READY)  ## rewrite the expected JSON and the generated docs; read the difference before you commit it
	JIXIAO_REWRITE_GOLDENS=1 $(BIN)/python -m pytest -q tests/test_samples.py tests/test_scan_samples.py tests/test_schema.py tests/test_docs.py
	JIXIAO=$(CURDIR)/$(BIN)/jixiao examples/ci/gate.sh --accept

bench: $(READY)  ## time and exactness on the samples beside peers; BENCH=PYTHON for peers installed elsewhere
	$(BENCH) bench/bench.py
	$(BENCH) -m bench.pdf
	$(BENCH) -m bench.office
	$(BENCH) -m bench.scan
	$(BENCH) -m bench.batch

clean:  ## remove what the other targets made
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
