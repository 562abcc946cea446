# Everything that a contributor does. `make` alone lists the targets.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready

# Compiled code is kept, whatever the environment says: tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
# Trio is one, and takes each process an eighth of a second.
export HYPOTHESIS_NO_PLUGINS := 1

# The root of a random run; pass SEED=… to repeat one.
ifndef SEED
SEED := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
endif

.DEFAULT_GOAL := help
.PHONY: help demo verify test browsers pythons load docs gallery mutants ledger exhaust fuzz bench release format lint types rules suffixes clean
.DELETE_ON_ERROR:

help: ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

demo: $(READY) ## serve the documented example, send it real requests, judge the answers
	@$(RUN) -m tests.servers.demo

verify: $(READY) ## the whole proof, ending in one table (some five minutes)
	@$(RUN) -m tests.tools.verify

test: $(READY) ## the fast tests, for every save (half a minute)
	@HYPOTHESIS_PROFILE=quick $(RUN) -m pytest -q -n auto --dist worksteal -m "not slow"

browsers: $(READY) ## the cases before real browsers; ENGINES="chromium firefox" selects, SEED=n tries other random cases
	@$(RUN) -m tests.browsers $(if $(ENGINES),--engines "$(ENGINES)") \
		$(if $(filter command,$(origin SEED)),--seed $(SEED))

mutants: $(READY) ## every mutant of impl, model and spec; ONLY=FILE those of one file or folder
	@$(RUN) -m tests.tools.mutants impl model spec $(if $(ONLY),--only $(ONLY))

ledger: $(READY) ## the mutants of what has changed, and what was proven of them written to the ledger
	@$(RUN) -m tests.tools.mutants impl model spec --write

load: $(READY) ## two servers under 2,000 connections for a minute each, every response checked
	@$(RUN) -m tests.servers.load

# pyenv shows one of its versions at a time; those of a directory are found, too.
PYENV = $(wildcard $(shell pyenv root 2>/dev/null)/versions/3.*/bin)
pythons: $(READY) ## the fast tests on each Python that is installed, and in Pyodide; oldest and newest FastAPI
	@PATH="$$PATH:$(subst $() ,:,$(PYENV))" $(VENV)/bin/tox run
	@$(RUN) -m tests.tools.pyodide

docs: $(READY) ## the documentation, built strictly in build/site
	@$(RUN) -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@$(RUN) -m tests.tools.site

gallery: $(READY) ## the checker before other implementations; ONLY=name refreshes one
	@$(RUN) -m tests.gallery $(if $(ONLY),--only "$(ONLY)")

exhaust: $(READY) ## model, rules and middleware compared on 10 million cases
	@$(RUN) -m tests.theorems.exhaust --scope large

fuzz: $(READY) ## the theorems on new random examples; SEED=n repeats a run
	@echo "random seed $(SEED): repeat with make fuzz SEED=$(SEED)"
	@HYPOTHESIS_PROFILE=thorough $(RUN) -m pytest tests/theorems -m "hypothesis and not slow" \
		--hypothesis-seed=$(SEED)

release: verify ## the whole proof, then build and check the distributions, and tag the commit
	@$(RUN) -m tests.tools.release

bench: $(READY) ## what the middleware costs, against Starlette; writes docs/benchmark.md
	@$(RUN) -m tests.benchmarks.bench

format: $(READY) ## format the code, and repair what ruff can repair
	@$(RUN) -m ruff check --fix --quiet . || true
	@$(RUN) -m ruff format .

lint: $(READY) ## ruff
	@$(RUN) -m ruff check .

types: $(READY) ## mypy, strict; pyright on what users write
	@$(RUN) -m mypy
	@$(RUN) -m pyright --pythonpath $(RUN)

rules: $(READY) ## write spec/RULES.md from the table of rules
	@$(RUN) -m tests.tools.rules_md --write

suffixes: $(READY) ## write the tables of public suffixes from the installed Public Suffix List
	@$(RUN) -m tests.tools.public_suffixes --write

clean: ## remove what make has made, the virtual environment too
	rm -rf $(VENV) build dist mutants .hypothesis .mypy_cache .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
		echo "verified-cors needs Python 3.10 or newer as $(PYTHON); name another: make PYTHON=python3.12 …" >&2; \
		exit 1; }
	@echo "Installing into $(VENV) (once, and again when pyproject.toml changes) …"
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "$(PYTHON) cannot make virtual environments: install its venv module (Debian and" >&2; \
		echo "Ubuntu: apt-get install python3-venv), or name another: make PYTHON=python3.12 …" >&2; \
		exit 1; }
	@$(RUN) -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
