# One verb each. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM = ../$(BIN)/python ../tools/npm.py
JOBS ?= $(shell $(PYTHON) -c "import os; print(os.cpu_count())")
export PYTHONDONTWRITEBYTECODE ?= 1
PAGES := ui/package-lock.json $(shell find ui/src -type f)

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/made:
	$(PYTHON) -c 'import sys; sys.exit("Wicketgate needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/ready: $(VENV)/made requirements.lock pyproject.toml hatch_build.py $(PAGES)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

ui/node_modules/ready: $(VENV)/ready-dev ui/package-lock.json
	cd ui && $(NPM) ci --no-audit --no-fund --loglevel=error
	touch $@

.PHONY: setup
setup: $(VENV)/ready-dev ## Set up everything for work on the project

.PHONY: run
run: $(VENV)/ready ## Start the service on one SQLite file
	$(BIN)/wicketgate serve

.PHONY: test
test: lint test-ui test-python ## Run every test

.PHONY: test-python
test-python: setup ## Run the tests of the service, on every store and in a browser
	$(BIN)/pytest -n $(JOBS) --dist loadgroup --cov --cov-branch --cov-report=
	$(BIN)/coverage report --include='src/wicketgate/core/*,src/wicketgate/methods/*,src/wicketgate/features/*' --fail-under=100
	$(BIN)/coverage report --fail-under=95

.PHONY: test-ui
test-ui: ui/node_modules/ready ## Run the tests of the browser package
	cd ui && $(NPM) run --silent lint
	cd ui && $(NPM) run --silent types:check
	cd ui && $(NPM) test --silent
	cd ui && $(NPM) run --silent test:react18
	cd ui && $(NPM) run --silent size

.PHONY: quick
quick: setup ## Run the tests that need neither Java nor a browser
	$(BIN)/pytest tests/unit tests/architecture -n $(JOBS)

.PHONY: fuzz
fuzz: setup ## Fuzz what reads bytes from elsewhere, SECONDS for each target
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60)

.PHONY: bench
bench: setup ## Measure, and write bench/RESULTS.md
	$(BIN)/python -m bench

.PHONY: compare
compare: setup ## Measure Wicketgate beside its peers, and write bench/compare/RESULTS.md
	$(BIN)/python -m bench.compare

MINUTES ?= 60
.PHONY: soak
soak: setup ## Run the service for an hour under load while things go wrong
	$(BIN)/python -m tests.soak --minutes $(MINUTES)

.PHONY: package
package: setup ## Make the packages for AWS Lambda, in dist/
	$(BIN)/python tools/package.py --extras $(EXTRAS)

.PHONY: audit
audit: setup ## Ask whether a dependency has a known hole; needs the network
	$(BIN)/python tools/audit.py

.PHONY: sbom
sbom: setup ## Write what the service is made of, dist/sbom.json
	$(BIN)/python tools/sbom.py

.PHONY: openapi
openapi: setup ## Write docs/reference/openapi.json anew, and the types that the browser package makes of it
	$(BIN)/wicketgate openapi > docs/reference/openapi.json
	cd ui && $(NPM) run --silent types

.PHONY: lint
lint: setup ## Check style, types and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: fix
fix: setup ## Format, and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: setup ## Pin the dependencies anew, with hashes and without addresses
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --all-extras --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

.PHONY: clean
clean: ## Remove what was set up and built
	rm -rf $(VENV) .cache build dist src/wicketgate/web/static test-results
	rm -rf ui/node_modules ui/dist examples/nextjs/node_modules examples/nextjs/.next
