# Needs only make and Python 3.11 or 3.12. `make help` lists what there is.
# All paths are relative, so a checkout may stand in a folder with spaces in its name.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
# The first Python here that runs, is 3.11 or 3.12, and can make virtual environments. Name another with PYTHON=...
PYTHON ?=
PYTHONS := python3.11 /usr/bin/python3.11 python3.12 /usr/bin/python3.12 python3 python
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
export PIP_ROOT_USER_ACTION := ignore
export PYTHONUTF8 := 1

.PHONY: help demo serve test test-heavy test-slow test-kills fuzz check fix content bench bench-accuracy bench-peers clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

# ---- the virtual environment, made once and again when what it holds changes -------------------------------------

$(VENV)/.made:
	@for candidate in $(if $(PYTHON),'$(PYTHON)',$(PYTHONS)); do \
	  if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' \
	      >/dev/null 2>&1; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "Plainrad needs Python 3.11 or 3.12 with its venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2; \
	  echo "If it is somewhere unusual: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; \
	fi; \
	echo "Making a virtual environment in $(VENV) ($$("$$found" --version)) ..."; \
	if [ -e "$(VENV)" ] && [ ! -e "$(VENV)/pyvenv.cfg" ]; then \
	  echo "$(VENV) is there already and is no virtual environment: choose another with VENV=..." >&2; exit 1; \
	fi; \
	"$$found" -m venv --clear "$(VENV)"
	@touch $@

# The build backend is pinned too: nothing is fetched that constraints.txt does not name.
$(VENV)/.backend: $(VENV)/.made constraints.txt
	@$(PIP) install -c constraints.txt hatchling editables
	@touch $@

$(VENV)/.run: $(VENV)/.backend pyproject.toml
	@echo "Installing Plainrad (about a minute) ..."
	@$(PIP) install -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.backend pyproject.toml
	@echo "Installing Plainrad and what its tests need (about two minutes) ..."
	@$(PIP) install -c constraints.txt --no-build-isolation -e ".[dev]"
	@touch $(VENV)/.run $@

# ---- what to do with it --------------------------------------------------------------------------------------------

demo: $(VENV)/.run ## Explain the example reports, then start the service (PORT=8000); Ctrl-C stops it
	@$(BIN)/python docs/examples/annotate_all.py build/demo
	@echo
	@echo "Starting the service on port $(PORT); its page is printed as soon as it is ready. Ctrl-C stops it."
	@exec $(BIN)/plainrad serve --demo --host $(HOST) --port $(PORT)

serve: $(VENV)/.run ## Start the service (PORT=8000)
	@exec $(BIN)/plainrad serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev ## Run the tests: all but those of make test-heavy (ten minutes)
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m "not heavy" $(ARGS)

test-heavy: $(VENV)/.dev ## Run the others: a wheel installed, programs killed, whole stories in the browser
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m heavy $(ARGS)

test-slow: $(VENV)/.dev ## Play 10,000 random stories and kill the process 200 times on each database (half an hour)
	@PLAINRAD_TIMELINES=10000 PLAINRAD_KILLS=200 $(BIN)/python -m pytest -n auto --dist loadgroup tests/unit/records/test_timelines.py \
	  tests/unit/records/test_bad_days.py $(ARGS)

test-kills: $(VENV)/.dev ## Kill the HL7 and the DICOM listener 20 times each (half an hour)
	@PLAINRAD_KILLS=20 $(BIN)/python -m pytest tests/wire/test_kill.py tests/wire/test_dicom_kill.py $(ARGS)

MINUTES ?= 5
fuzz: $(VENV)/.dev ## Throw damaged input at the HL7, FHIR and DICOM parsers (MINUTES=5 each)
	@for parser in hl7 fhir dicom; do PYTHONPATH=service:. $(BIN)/python -m tests.support.fuzzing $$parser --minutes $(MINUTES) || exit 1; done

check: $(VENV)/.dev ## Look at style, types, borders between the rooms, and content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/plainrad check-content

fix: $(VENV)/.dev ## Put right what ruff can put right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

content: $(VENV)/.run ## Check the glossary, the phrases and the rules (for content editors)
	@$(BIN)/plainrad check-content

bench: $(VENV)/.dev ## Measure speed and memory; tables in benchmarks/results
	$(BIN)/python -m benchmarks.bench_annotate
	$(BIN)/python -m benchmarks.bench_scaling
	$(BIN)/python -m benchmarks.bench_matcher
	$(BIN)/python -m benchmarks.bench_render

bench-accuracy: $(VENV)/.dev ## Score against the labelled data in ../shared, where there is any
	$(BIN)/python -m benchmarks.bench_accuracy

# medSpaCy and negspacy need an older spaCy: they live in an environment of their own, which nothing else uses.
build/peers-venv/.made: benchmarks/peers-requirements.txt $(VENV)/.made
	@echo "Installing the peers (about a minute) ..."
	@$(BIN)/python -m venv --clear build/peers-venv
	@build/peers-venv/bin/python -m pip --disable-pip-version-check --no-input -qq install -r benchmarks/peers-requirements.txt
	@touch $@

bench-peers: $(VENV)/.dev build/peers-venv/.made ## Measure beside medSpaCy and negspacy (their own environment)
	$(BIN)/python -m benchmarks.bench_peers build/peers-venv/bin/python

clean: ## Remove the virtual environment and everything that was built
	@if [ -e "$(VENV)/pyvenv.cfg" ]; then echo rm -rf "$(VENV)"; rm -rf "$(VENV)"; fi
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find service tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +
