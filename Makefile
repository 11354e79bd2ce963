# 平安报 Pinganbao. `make help` lists what there is; `make demo` shows it, `make test` tests it.
PORT   ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PYTEST_ARGS ?=

VENV    := .venv
BIN     := $(VENV)/bin
STAMPS  := $(VENV)/stamps
PAGES   := packaging/pages
VENDOR  := app/static/vendor
# One place for how packages come in: uv where it can be had, pip otherwise; every file is checked against its hash.
INSTALL  = if [ -x $(BIN)/uv ]; then UV_LINK_MODE=copy $(BIN)/uv pip install -q --python $(BIN)/python $(1); \
           else $(BIN)/python -m pip install -q --disable-pip-version-check $(1); fi

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test test-long check lock assets bench-webhook bench-morning bench-reading bench-delivery bench-figures bench-regions bench-pages bench-alert clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(STAMPS)/dev $(STAMPS)/project $(STAMPS)/assets ## create .venv with everything; .venv/bin/pinganbao works afterwards

demo: $(STAMPS)/runtime $(STAMPS)/project $(STAMPS)/assets ## a demonstration district with a WeChat sandbox; PORT=9000 moves it
	@$(BIN)/pinganbao demo --port $(PORT)

test: setup ## the quick suite, four minutes at most; PYTEST_ARGS="-k word" narrows it
	@.ci/servers postgresql
	@$(BIN)/python -m pytest -n 2 -m "not long" $(PYTEST_ARGS)

test-long: setup ## months, kills and browsers
	@.ci/servers postgresql chromium
	@$(BIN)/python -m pytest -n 2 -m long $(PYTEST_ARGS)

check: setup ## linters, types and the walls between the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict app bots models schedules
	$(BIN)/lint-imports

bench-webhook: setup ## check-ins a second beside an echo and the naive way; under six minutes
	$(BIN)/python -m benchmarks.webhook

bench-morning: setup ## a whole morning of 100,000 people at ten times the average rate; nothing may be lost
	$(BIN)/python -m benchmarks.morning

bench-reading: setup ## messages read per second
	$(BIN)/python -m benchmarks.reading

bench-delivery: setup ## pushes drained per second
	$(BIN)/python -m benchmarks.delivery

bench-pages: setup ## pages of a publication per second, bytes per video view
	$(BIN)/python -m benchmarks.pages

bench-regions: setup ## a key region joins and leaves the list with 100,000 people who travelled, on both databases
	$(BIN)/python -m benchmarks.regions

bench-alert: setup ## from a parent's message to the alert on everybody's phone while a morning runs
	$(BIN)/python -m benchmarks.alert

bench-figures: setup ## a day's figures for 1,000 schools and 1,000,000 people
	$(BIN)/python -m benchmarks.figures

# The two files hold versions and hashes only: no address of any package registry.
COMPILE = $(BIN)/uv pip compile -q pyproject.toml --python-version 3.11 --no-emit-index-url --no-emit-find-links \
          --generate-hashes --no-header --no-annotate
lock: setup ## compile both requirement files anew from pyproject.toml
	$(COMPILE) --group build -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt

assets: ## try again to fetch the pages' style and script (needs Node)
	@rm -f $(STAMPS)/assets
	@$(MAKE) --no-print-directory $(STAMPS)/assets

clean: ## remove what was installed and made, not the data in var/
	rm -rf $(VENV) $(VENDOR) $(PAGES)/node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Stamps: a target is made again only when the file it comes from has changed.
$(STAMPS)/venv:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python -m venv failed: on Debian, install python3-venv" >&2; exit 1; }
	@mkdir -p $(STAMPS)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > $(STAMPS)/uv.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(STAMPS)/uv.txt \
	  || echo "uv could not be had; pip does its work, more slowly"
	@touch $@

$(STAMPS)/runtime: requirements.txt | $(STAMPS)/venv
	@$(call INSTALL,--require-hashes -r requirements.txt)
	@touch $@

$(STAMPS)/dev: requirements-dev.txt requirements.txt | $(STAMPS)/venv
	@$(call INSTALL,--require-hashes -r requirements-dev.txt)
	@touch $@ $(STAMPS)/runtime

$(STAMPS)/project: pyproject.toml $(STAMPS)/runtime
	@$(call INSTALL,--no-deps --no-build-isolation --editable .)
	@touch $@

# Polish for the pages, fetched at set-up and never needed to run. Without Node there is nothing to do.
$(STAMPS)/assets: $(PAGES)/package-lock.json | $(STAMPS)/venv
	@if command -v npm >/dev/null; then \
	  if (cd $(PAGES) && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error \
	        --fetch-retries=1 --fetch-timeout=20000 >/dev/null); then \
	    mkdir -p $(VENDOR) && cp $(PAGES)/node_modules/htmx.org/dist/htmx.min.js \
	      $(PAGES)/node_modules/weui/dist/style/weui.min.css $(VENDOR)/; \
	  else echo "the pages' style could not be fetched: they work without it; 'make assets' tries again"; fi; fi
	@touch $@
