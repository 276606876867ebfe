# One line per verb; the same commands on a laptop and in CI.
PYTHON ?= python3
BIN := .venv/bin
LINT := .venv-lint/bin
CHALLENGERS := .venv-challengers/bin
PIP := -m pip install --quiet --disable-pip-version-check --require-hashes -r

.PHONY: build simulate test test-long lint sample dbt-test pytest docs challengers benchmark benchmark-clv benchmark-club recovery-study lock clean help

help:            ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

.venv/.main: requirements/main.txt
	@echo "setup: installing the pinned packages into .venv (about a minute, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python $(PIP) requirements/main.txt && touch $@

.venv/.test: requirements/test.txt .venv/.main
	@echo "setup: installing the test packages into .venv"
	@$(BIN)/python $(PIP) requirements/test.txt && touch $@

.venv-lint/.lint: requirements/lint.txt
	@echo "setup: installing the lint tools into .venv-lint"
	@test -x $(LINT)/python || $(PYTHON) -m venv .venv-lint
	@$(LINT)/python $(PIP) requirements/lint.txt && touch $@

.venv-challengers/.challengers: requirements/challengers.txt
	@echo "setup: installing the libraries of the challengers into .venv-challengers (half a minute, once)"
	@test -x $(CHALLENGERS)/python || $(PYTHON) -m venv .venv-challengers
	@$(CHALLENGERS)/python $(PIP) requirements/challengers.txt && touch $@

build: .venv/.main sample  ## sample data if data/raw is empty, then refresh into warehouse/
	@$(BIN)/python -m scripts.refresh

SCENARIO ?= stricter
simulate: .venv/.main sample  ## who would move under a candidate: make simulate SCENARIO=name
	@$(BIN)/python -m scripts.simulate --scenario "$(SCENARIO)"

sample: .venv/.main  ## write the small sample into data/raw if nothing is there
	@$(BIN)/python -m scripts.generate_sample --if-empty

test: lint dbt-test pytest  ## every test: lint, dbt unit and data tests, pytest

lint: .venv-lint/.lint  ## ruff and sqlfluff
	@$(LINT)/ruff check --quiet . && $(LINT)/ruff format --check --quiet .
	@$(LINT)/sqlfluff lint --processes 2 --disable-progress-bar models tests macros

test-long: export TEST_LONG = 1
test-long: test  ## the same, with every policy the marts are held beside the reference by

dbt-test: .venv/.test  ## dbt build with every unit and data test, on a sample of its own
	@$(BIN)/python -m scripts.dbt_test

pytest: .venv/.test  ## the Python tests
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/pytest

docs: .venv/.main  ## target/static_index.html: every model, column and lineage in one file
	@$(BIN)/dbt docs generate --static

challengers: .venv-challengers/.challengers  ## clusters and factors of what is published, as proposals
	@$(CHALLENGERS)/python -m scripts.challengers

benchmark: .venv/.main  ## landing, build and publish at 100 thousand, 1 and 10 million transactions
	@$(BIN)/python -m scripts.benchmark

benchmark-clv: .venv/.main  ## lifetime value of 1 and 10 million customers, beside the package lifetimes
	@$(BIN)/python -m scripts.benchmark_clv

benchmark-club: .venv/.main  ## points and cards of 10 thousand to 1 million customers, beside customer_rfm
	@$(BIN)/python -m scripts.benchmark_club

recovery-study: .venv/.main  ## how often the truth lies within the standard errors of the purchase models
	@$(BIN)/python -m scripts.recovery_study

lock:            ## pin requirements/*.in again (needs uv)
	@for n in main test lint challengers; do uv pip compile requirements/$$n.in -o requirements/$$n.txt --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras -q; done

clean:           ## remove what was built; landed files and publishes too
	@rm -rf target logs warehouse
