# rerack: set-up, main job, checks. Everything lives in .venv; nothing else on the machine changes,
# but for what `rerack serve` keeps of the example in ~/.cache/rerack.
# Bytecode must be written, or the first start of every command would compile it again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test test-full test-minimum lint types layers format bench docs man fuzz constraints clean

help:
	@echo "make demo       set up and run the main job"
	@echo "make test       set up and run all checks and tests"
	@echo "make test-full  the same with the slow evidence"
	@echo "make docs       build the documentation as a site; a warning is an error"
	@echo "make bench      time the kernels against their peers"

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	# Every package is checked against its hash; rerack itself comes from this folder.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	# A small run of everything, so that the kernels are compiled before the first real one.
	$(BIN)/rerack run examples/corsicana.yaml --scenarios 64 --out .venv/warm-up >/dev/null
	@touch $@

setup: $(READY)

demo: setup
	$(BIN)/rerack run examples/corsicana.yaml
	$(BIN)/rerack serve examples/corsicana.yaml --prepare

lint: setup
	$(BIN)/ruff format --check src tests benchmarks fuzz
	$(BIN)/ruff check src tests benchmarks fuzz

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports --no-cache

test: lint types layers
	$(BIN)/pytest -m "not slow" -n 2

test-full: lint types layers
	$(BIN)/pytest -n 2

format: setup
	$(BIN)/ruff format src tests benchmarks fuzz
	$(BIN)/ruff check --fix src tests benchmarks fuzz

bench: setup
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/mkdocs build --quiet

man: setup
	$(BIN)/python -m rerack.cli.manual > docs/man/rerack.1

# Exact versions for every platform and Python, with hashes and without addresses.
TOOLS := build/tools/bin
RESOLVE = $(TOOLS)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
  --no-header --no-annotate --python-version 3.11 pyproject.toml

constraints:
	$(PYTHON) -m venv build/tools
	$(TOOLS)/pip install --quiet --disable-pip-version-check uv
	{ head -n 1 constraints.txt; $(RESOLVE) --extra dev; } > constraints.new
	{ head -n 1 constraints-run.txt; \
	  $(RESOLVE) --extra cluster --extra live --extra xlsx -c constraints.new; } > constraints-run.new
	{ head -n 1 constraints-gpu.txt; \
	  $(RESOLVE) --extra gpu -c constraints.new; } > constraints-gpu.new
	mv constraints.new constraints.txt
	mv constraints-run.new constraints-run.txt
	mv constraints-gpu.new constraints-gpu.txt

# Mutated files of every kind: none may end in a traceback.
fuzz: setup
	$(BIN)/python -m fuzz --cases 100000

# The oldest versions that pyproject.toml allows, on the fast tests of exact figures and of use.
test-minimum:
	$(PYTHON) -m venv build/tools
	$(TOOLS)/pip install --quiet --disable-pip-version-check uv
	$(TOOLS)/uv pip compile --quiet --no-emit-index-url --no-header --no-annotate \
	  --resolution lowest-direct --python-version 3.11 pyproject.toml > build/minimum.txt
	$(PYTHON) -m venv --clear build/minimum
	build/minimum/bin/pip install --quiet --disable-pip-version-check -r build/minimum.txt \
	  pytest pytest-xdist hypothesis scipy pandas polars pyxirr httpx openpyxl xlsxwriter psutil
	build/minimum/bin/pip install --quiet --disable-pip-version-check --no-deps -e .
	build/minimum/bin/pytest -q -m "not slow" -p no:cacheprovider -n 2 tests/exact tests/scenario

clean:
	rm -rf .venv build dist
