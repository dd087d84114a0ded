# Two commands matter: `make demo` and `make test`. Both set up everything they need in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Every process of a test would compile the same modules anew.
unexport PYTHONDONTWRITEBYTECODE
# Many tests wait for what never comes, so there are more of them at a time than processors.
PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) * 3 )))
export PYTEST_XDIST_AUTO_NUM_WORKERS

.DEFAULT_GOAL := help
.PHONY: help demo quick units test slow-test every-test lint types system-test docs new-cause runbooks wheel clean fault-matrix mutants

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sddoctor needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable '.[lab]' --group dev
	@touch $@

demo: $(VENV)/.installed ## the main job against the embedded lab
	@$(BIN)/sddoctor lab demo

# Tests that talk to the AWS stand-in all the time take as long as all others together; `make test` has them, too.
OBSERVING := tests/unit/observe_aws tests/unit/observe_whois tests/unit/scan

quick: lint types units ## what to run after each change: lint, types, layers, unit tests, and all worlds from what was observed before

units: $(VENV)/.installed ## of quick what depends on the Python: unit tests, and all worlds from what was observed before
	$(BIN)/python -m tests.world_cases
	$(BIN)/python -m pytest -m "not system and not slow" -n auto $(OBSERVING:%=--ignore=%) tests/structure tests/unit tests/scenarios/test_worlds.py

test: $(VENV)/.installed ## the tests that need no root, in a few minutes
	$(BIN)/python -m pytest -m "not system and not slow" -n auto

slow-test: $(VENV)/.installed ## what takes long: many processes, many examples, real timeouts
	$(BIN)/python -m pytest -m "slow and not system" -n auto

every-test: ## the slow tests with every repeat of what slow-test tries a part of
	EVERY_REPEAT=1 $(MAKE) slow-test

lint: $(VENV)/.installed ## ruff (lint and format), and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.installed ## mypy, strict
	$(BIN)/mypy

mutants: $(VENV)/.installed ## switch off each precedence, cause and guard in turn: what does no world, and no unit test, notice?
	$(BIN)/python -m tests.mutants --unit

fault-matrix: $(VENV)/.installed ## every fault of AWS and of name servers in every world, as a table (a quarter of an hour)
	$(BIN)/python -m tests.matrix --jobs "$$(( $$(nproc 2>/dev/null || echo 2) * 3 ))"

system-test: $(VENV)/.installed ## network namespaces and real name servers (root)
	$(BIN)/python -m pytest -m system -n auto tests/system tests/scenarios

docs: $(VENV)/.installed ## build the documentation site, strictly, into dist/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

new-cause: $(VENV)/.installed ## write the parts of a new cause: CODE=... HOP=... TITLE="..."
	$(BIN)/python -m tests.new_cause $(CODE) --hop $(HOP) --title "$(TITLE)"

runbooks: $(VENV)/.installed ## write docs/runbooks anew from sddoctor/runbook
	$(BIN)/python -m sddoctor.runbook docs/runbooks

bench: $(VENV)/.installed ## measure against the floor and against other ways; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

wheel: $(VENV)/.installed ## build dist/sddoctor-VERSION-py3-none-any.whl
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove what was built
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache dist build
