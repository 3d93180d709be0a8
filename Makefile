# make run    opens the app              make run ARGS="catalog --json"    runs one of its commands
# make test   everything that must hold  make lint   the quick half of it
# Each sets up what it needs in .venv first; nothing else is touched.

ARGS ?=
TESTS ?= tests
JOBS ?= auto
python := .venv/bin/python
sources := $(wildcard lms_tui migrations tests tools benchmarks)

unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
unexport PYTHONHOME

.PHONY: run test lint format bench pictures lock clean

run: .venv/.run
	@$(python) -m lms_tui $(ARGS)

test: lint
	$(python) -m pytest -q -rs -n $(JOBS) --dist worksteal $(TESTS)

lint: .venv/.dev
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports --no-logo

format: .venv/.dev
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

bench: .venv/.dev
	$(python) -m benchmarks $(ARGS)

pictures: .venv/.dev
	$(python) -m tools.pictures $(ARGS)

lock:
	tools/lock

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.run: requirements/run.txt pyproject.toml tools/setup
	@tools/setup run

.venv/.dev: requirements/dev.txt pyproject.toml tools/setup
	@tools/setup dev
