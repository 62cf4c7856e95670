# rerack: set-up, main job, checks. Everything lives in .venv; nothing else on the machine changes.
# Bytecode must be written, or the first start of every command would compile it again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test test-full lint types layers format bench docs-check constraints clean

help:
	@echo "make demo       set up and run the main job"
	@echo "make test       set up and run all checks and tests"
	@echo "make test-full  the same with the slow evidence"
	@echo "make bench      time the kernels against their peers"

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q src
	# A small run of everything, so that the kernels are compiled before the first real one.
	$(BIN)/rerack run examples/corsicana.yaml --scenarios 64 --out .venv/warm-up >/dev/null
	@touch $@

setup: $(READY)

demo: setup
	$(BIN)/rerack run examples/corsicana.yaml

lint: setup
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports --no-cache

test: lint types layers
	$(BIN)/pytest -m "not slow" -n 2

test-full: lint types layers
	$(BIN)/pytest -n 2

format: setup
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

bench: setup
	$(BIN)/python -m benchmarks

constraints: setup
	{ head -n 1 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable; } > constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf .venv build dist
