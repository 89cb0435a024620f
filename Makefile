# Everything a person types in this folder. `make demo` and `make test` need only Python 3.11 and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: setup ocr demo test check lint types floors bench lock clean docs corpus torture advisories

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更新，这里的是 " + sys.version.split()[0] + "。装好后可以这样写：make PYTHON=/路径/python3.11 $(MAKECMDGOALS)")'
	@echo "正在安装所需组件（第一次约一分钟，要联网）……"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# Recognises the text of scans, without any network later on: about 250 MB.
ocr: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ocr.lock

demo: $(READY)
	@$(BIN)/intake demo

# Empty: what Python compiles is kept, or each of the hundreds of processes the tests start compiles the program anew.
test: $(READY)
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

floors: $(READY)
	$(BIN)/lint-imports

check: lint types floors test

bench: $(READY)
	$(BIN)/python -m bench

# Reads the public test files of other projects, where they lie beside this folder, and compares with other readers.
corpus: $(READY)
	$(BIN)/python -m bench.corpus

# Every harness at length: kills, faults of servers and links, damaged files. Another seed gives other ones.
SEED ?= 0
torture: $(READY)
	INTAKE_FUZZ_SEED=$(SEED) $(BIN)/python -m bench.torture

# Compares the lock with public advisories (pip-audit, where it is installed and its feed reachable).
advisories: $(READY)
	$(BIN)/python -m bench.advisories

docs: $(READY)
	$(BIN)/python -m docs.generate

# Needs uv; its output names no registry address.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra ocr --constraint requirements.lock pyproject.toml -o requirements-ocr.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
