# Two commands on a fresh machine: `make run` and `make test`. They need Python 3.11, make and the package registries.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VENV := .venv
PY := $(VENV)/bin/python
EDUPROG := $(VENV)/bin/eduprog
WORKERS ?= 2
ifeq ($(FULL),1)
export EDUPROG_FULL := 1
endif

.PHONY: run test check bench e2e trial clean
run: $(VENV)/runtime assets  ## set up, load the demo trust, serve on loopback
	$(EDUPROG) demo

test: $(VENV)/tests assets system  ## set up and run every test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(EDUPROG) lessons check
	$(PY) -m pytest -n $(WORKERS) --dist loadgroup

check: $(VENV)/tests assets  ## the quick half: style, types, contracts, lessons, rules
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(EDUPROG) lessons check
	$(PY) -m pytest tests/unit tests/content tests/architecture

e2e: $(VENV)/tests assets system  ## the journeys in a real browser only
	$(PY) -m pytest tests/browser

bench: $(VENV)/tests assets system  ## ratios against the limit, measured in one run
	$(PY) -m bench

trial: $(VENV)/tests assets system  ## every row of the bar at full size, hours; ROWS="D2 S6" for some, SMALL=1 for small sizes, PIECE=1/4 for a part
	$(if $(PIECE),EDUPROG_PIECE=$(PIECE)) $(PY) -m tests.trial $(if $(SMALL),--small) $(ROWS)

assets: $(VENV)/runtime
	@$(PY) hatch_build.py > /dev/null

system:
	@$(PY) -m tests.support.machine

$(VENV)/runtime: pyproject.toml
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "eduprog needs Python 3.11 or newer as python3."; exit 1; }
	@test -x $(PY) || python3 -m venv $(VENV)
	@echo "Installing eduprog and what it needs …"
	@$(PY) -m pip install --quiet --disable-pip-version-check 'setuptools>=75' 'hatchling>=1.27' 'editables' 'fonttools>=4.60' 'brotli>=1.1'
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation -e .
	@touch $@

$(VENV)/tests: $(VENV)/runtime
	@echo "Installing what the tests need …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[postgres,dev,e2e]'
	@touch $@

clean:
	rm -rf $(VENV) var dist eduprog/static/built
