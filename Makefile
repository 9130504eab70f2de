# 问策 · wence. `make run` serves the sample collection, `make test` runs the tests; `make help` lists the rest.

PYTHON ?= python3
CORPUS ?= corpus
PORT ?= 8000
# Another wheel index for torch, e.g. TORCH_INDEX=https://download.pytorch.org/whl/cpu for its small CPU build.
TORCH_INDEX ?=

BIN := .venv/bin
# What is never imported is never compiled: half the time of installing.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
SNAPSHOT ?= $(if $(filter corpus,$(CORPUS)),snapshot,snapshot-$(firstword $(shell echo "$(abspath $(CORPUS))" | cksum)))

.DEFAULT_GOAL := help
.PHONY: help run test lint fix web bench bench-all eval eval-accept fuzz fuzz-api soak audit wheel clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: .venv/.run $(SNAPSHOT)/CURRENT ## serve CORPUS (default: the sample collection) on http://127.0.0.1:8000
	$(BIN)/wence serve --snapshot $(SNAPSHOT) --port $(PORT)

test: .venv/.dev ## run every test that needs no outside service
	HF_HUB_OFFLINE=1 $(BIN)/pytest

lint: .venv/.dev ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: .venv/.dev ## mend style where a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

web: ## build the chat page and the widget from service/web/source; needs npm, which nothing else does
	cd service/web/source && npm ci --no-audit --no-fund && npm run check && npm run build

bench: .venv/.dev ## time build, cold start, search and ask, from the magazine to 250,000 passages, and reading: bench/; ten minutes
	$(BIN)/python -m eval.bench
	$(BIN)/python -m eval.reading.speed

bench-all: .venv/.dev ## the same with 2,000,000 passages, which are built once, for half an hour, and kept in bench/snapshots
	$(BIN)/python -m eval.bench --all

eval: .venv/.dev ## score the answers to every question set at hand, with a report each; fails when one dropped
	$(BIN)/python -m eval.suite

eval-accept: .venv/.dev ## the same, and what is found becomes what is expected and README's table
	$(BIN)/python -m eval.suite --accept

fuzz: .venv/.dev ## change documents of every format at random for five minutes; no reader may fail, hang or fill memory
	$(BIN)/python -m eval.reading.fuzz --seconds 300

fuzz-api: .venv/.dev ## made-up requests to every route, more than 20,000, all checks of schemathesis on; about half an hour
	$(BIN)/python -m eval.serving.fuzz --cases 20000

soak: .venv/.dev ## a minute of 64 clients, overload, switches of the snapshot and feedback; SECONDS=1800 for half an hour
	$(BIN)/python -m eval.serving.soak --seconds $(or $(SECONDS),60)

audit: .venv/.dev ## pins, licences, known vulnerabilities of what is installed; artefacts/ gets the lists and an SBOM
	$(BIN)/python -m eval.release.audit $(if $(STRICT),--strict)

wheel: .venv/.dev ## build dist/wence-*.whl, the same bytes for the same commit
	$(BIN)/python -m eval.release.wheel

clean: ## remove what make made, but not your collections
	rm -rf .venv snapshot snapshot-* bench artefacts build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One source that cannot be read (status 1) does not keep the others from being served.
$(SNAPSHOT)/CURRENT: | .venv/.run
	$(BIN)/wence build $(CORPUS) --snapshot $(SNAPSHOT) || [ $$? -eq 1 ]

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing wence (torch is large; this takes a minute or two the first time)"
	$(PIP) -e .
	@touch $@

.venv/.dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing wence and its test tools (torch is large; this takes a minute or two the first time)"
	$(PIP) -e '.[dev]'
	@touch $@ .venv/.run
