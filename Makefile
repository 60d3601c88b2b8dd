# Everything is set up here: a fresh machine needs Python 3.11 (to 3.13) and make.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
BUILD := build

# Tests run in two processes, each file of tests in one of them; the longest are not the last.
PARALLEL := --numprocesses 2 --dist loadfile --no-loadscope-reorder

# The rules of accessibility, a driver for the Chromium of the system, a checker of HTML, which needs Java, and two
# validators of JSON Schema.
NODE_PACKAGES := axe-core@4.14.1 playwright-core@1.65.1 vnu-jar@26.9.27 ajv@8.20.0 ajv-formats@3.0.1 @sourcemeta/jsonschema@16.11.0

# The first Python that fits; set PYTHON to choose another.
PYTHON ?= $(shell for candidate in python3.11 python3.12 python3.13 python3 python; do \
	$$candidate -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { echo $$candidate; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help run test check deep bench conformance format generate wheelhouse clean

help: ## Show the targets.
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /: /' | awk -F': ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: $(VENV)/.runtime ## Validate the reference package, convert it to Parquet, publish it to build/site.
	@rm -rf $(BUILD)/parquet $(BUILD)/site
	$(BIN)/diplodata validate
	$(BIN)/diplodata convert . $(BUILD)/parquet --to parquet
	$(BIN)/diplodata publish $(BUILD)/site
	@echo
	@echo "The published release: open $(BUILD)/site/index.html"
	@echo "The tables as Parquet: $(BUILD)/parquet/data/"

test: $(VENV)/.test wheelhouse ## Run all tests that need Python alone.
	$(BIN)/python -m pytest -q -m "not deep and not browser and not node and not system" $(PARALLEL)

check: $(VENV)/.check wheelhouse $(BUILD)/node/.ready ## Format, lint, types, generated files, then all tests.
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/diplodata schema export --generated --check --output schemas/1.0
	$(BIN)/diplodata explain --check --output docs/codes
	$(BIN)/python -m pytest -q -m "not deep" $(PARALLEL)

deep: $(VENV)/.test wheelhouse $(BUILD)/node/.ready ## Run the tests with their full numbers.
	DIPLODATA_DEEP=1 $(BIN)/python -m pytest -q

bench: $(BUILD)/node/.ready $(BUILD)/bench/.ready $(BUILD)/flatten/.ready $(BUILD)/peer/.ready $(BUILD)/node-bench/.ready $(BUILD)/conformance/.ready ## Measure speed and memory beside peers, and write docs/benchmarks.md; LARGE=1 adds 55 million rows.
	$(BUILD)/bench/bin/python tests/bench/bench_validate.py --peer $(BUILD)/peer/bin/python $(if $(LARGE),--large) --page docs/benchmarks.md
	$(BUILD)/bench/bin/python tests/bench/bench_rules.py --page docs/benchmarks.md
	$(BUILD)/bench/bin/python tests/bench/bench_documents.py --node $(BUILD)/node-bench --check $(BUILD)/conformance/bin/check-jsonschema --page docs/benchmarks.md
	$(BUILD)/bench/bin/python tests/bench/bench_diff.py --page docs/benchmarks.md
	$(BUILD)/bench/bin/python tests/bench/bench_convert.py --flatten $(BUILD)/flatten/bin/flatten-tool --page docs/benchmarks.md
	$(BUILD)/bench/bin/python tests/bench/bench_site.py --page docs/benchmarks.md

conformance: run $(BUILD)/conformance/.ready $(BUILD)/conformance-croissant/.ready $(BUILD)/conformance-dcat/.ready ## Judge the published release by validators of other people.
	$(BUILD)/conformance/bin/frictionless validate $(BUILD)/site/releases/*/datapackage.json
	rm -rf $(BUILD)/conformance/schemas $(BUILD)/conformance/bundle.json $(BUILD)/conformance/nested.json
	$(BIN)/diplodata schema export --output $(BUILD)/conformance/schemas
	$(BIN)/diplodata convert . $(BUILD)/conformance/bundle.json --to bundle
	$(BIN)/diplodata convert . $(BUILD)/conformance/nested.json --to nested
	$(BUILD)/conformance/bin/check-jsonschema --schemafile $(BUILD)/conformance/schemas/bundle.schema.json $(BUILD)/conformance/bundle.json
	$(BUILD)/conformance/bin/check-jsonschema --schemafile $(BUILD)/conformance/schemas/nested.schema.json $(BUILD)/conformance/nested.json
	$(BUILD)/conformance/bin/check-jsonschema --check-metaschema $(BUILD)/conformance/schemas/*.json
	cd $(BUILD)/site/releases/* && sha256sum --check --quiet SHA256SUMS
	$(BUILD)/conformance/bin/check-jsonschema --schemafile schemas/release/1.0/index.schema.json $(BUILD)/site/index.json
	$(BUILD)/conformance/bin/check-jsonschema --schemafile schemas/release/1.0/release.schema.json $(BUILD)/site/releases/*/release.json
	$(BUILD)/conformance/bin/check-jsonschema --schemafile tests/release/dataset.schema.json $(BUILD)/site/releases/*/dataset.jsonld
	$(BUILD)/conformance/bin/check-jsonschema --builtin-schema vendor.citation-file-format $(BUILD)/site/releases/*/CITATION.cff
	$(BUILD)/conformance-croissant/bin/mlcroissant validate --jsonld $(BUILD)/site/releases/*/croissant.json
	$(BUILD)/conformance-croissant/bin/mlcroissant load --jsonld $(BUILD)/site/releases/*/croissant.json --record_set meetings-records --num_records -1 > $(BUILD)/conformance/meetings.txt
	@test -n "$(DCAT_AP_SHAPES)" || { echo "Set DCAT_AP_SHAPES to the file of SHACL shapes of DCAT-AP 3 (dcat-ap-SHACL.ttl of SEMICeu)."; exit 2; }
	$(BUILD)/conformance-dcat/bin/pyshacl --shacl "$(DCAT_AP_SHAPES)" --data-file-format json-ld $(BUILD)/site/releases/*/dcat.jsonld

format: $(VENV)/.check ## Format the code and mend what the linter can mend.
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

generate: $(VENV)/.test ## Write the generated files anew: those of the standard, docs/codes and docs/conformance.md.
	$(BIN)/diplodata schema export --generated --output schemas/1.0
	$(BIN)/diplodata explain --output docs/codes
	PYTHONPATH=tests $(BIN)/python -m conformance.page

wheelhouse: $(VENV)/.test $(BUILD)/wheelhouse/.ready
	@rm -f $(BUILD)/wheelhouse/diplodata-*.whl
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir $(BUILD)/wheelhouse .

clean: ## Remove everything that the targets made.
	rm -rf $(VENV) $(BUILD)

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found; set PYTHON."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]' hatchling
	@touch $@

$(VENV)/.check: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	@touch $@

$(BUILD)/wheelhouse/.ready: pyproject.toml
	@mkdir -p $(BUILD)/wheelhouse
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --wheel-dir $(BUILD)/wheelhouse .
	@touch $@

# What tests in a browser need; nothing of it is part of the repository.
$(BUILD)/node/.ready: Makefile
	@command -v npm > /dev/null || { echo "npm is not installed; make check needs Node.js, npm, Chromium and Java."; exit 2; }
	@mkdir -p $(BUILD)/node
	npm install --silent --no-save --no-audit --no-fund --prefix $(BUILD)/node $(NODE_PACKAGES)
	@touch $@

# The tool as it is installed, without what tests need: other packages slow down the start of Python.
$(BUILD)/bench/.ready: $(VENV)/bin/python pyproject.toml $(shell find src -name '*.py' -o -name '*.sql')
	$(BIN)/python -m venv $(BUILD)/bench
	$(BUILD)/bench/bin/python -m pip install --quiet --disable-pip-version-check .
	$(BUILD)/bench/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
	@touch $@

$(BUILD)/peer/.ready: $(VENV)/bin/python
	$(BIN)/python -m venv $(BUILD)/peer
	$(BUILD)/peer/bin/python -m pip install --quiet --disable-pip-version-check 'pandera[polars]'
	@touch $@

$(BUILD)/flatten/.ready: $(VENV)/bin/python
	$(BIN)/python -m venv $(BUILD)/flatten
	$(BUILD)/flatten/bin/python -m pip install --quiet --disable-pip-version-check flattentool
	@touch $@

$(BUILD)/node-bench/.ready:
	@command -v npm > /dev/null || { echo "npm was not found; make bench needs Node."; exit 2; }
	@mkdir -p $(BUILD)/node-bench
	npm install --silent --no-audit --no-fund --prefix $(BUILD)/node-bench ajv ajv-formats @sourcemeta/jsonschema
	@touch $@

$(BUILD)/conformance/.ready: $(VENV)/bin/python
	$(BIN)/python -m venv $(BUILD)/conformance
	$(BUILD)/conformance/bin/python -m pip install --quiet --disable-pip-version-check 'frictionless[json]==5.21.0' check-jsonschema
	@touch $@

# Weighs 344 MB, so it judges from an environment of its own.
$(BUILD)/conformance-croissant/.ready: $(VENV)/bin/python
	$(BIN)/python -m venv $(BUILD)/conformance-croissant
	$(BUILD)/conformance-croissant/bin/python -m pip install --quiet --disable-pip-version-check mlcroissant
	@touch $@

$(BUILD)/conformance-dcat/.ready: $(VENV)/bin/python
	$(BIN)/python -m venv $(BUILD)/conformance-dcat
	$(BUILD)/conformance-dcat/bin/python -m pip install --quiet --disable-pip-version-check pyshacl
	@touch $@
