# One command for each thing people do here; `make` alone lists them. The work itself is in .ci/ and manage.py.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install install-optional install-tests run test faults load office check audit-dependencies fix bench migrate lock clean

PORT ?= 8000
export PORT
# Without bytecode each process compiles every test and every module anew: ten seconds, many times.
unexport PYTHONDONTWRITEBYTECODE
# Work is stolen from whoever has most left: journeys in a browser take from one second to a minute.
PYTEST := .venv/bin/pytest --numprocesses auto --dist worksteal

# Their names keep them out of `make test`; FAULTS=10000 is the full size, see docs/reliability.md.
FAULT_TESTS := $(filter-out %/__init__.py %/conftest.py %/harness.py %/inside.py,$(wildcard tests/faults/*.py))

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## install what is missing: system packages, .venv, styles
	@.ci/set-up

install-optional: ## the same, and what only a setting asks for: a store of files, metrics, a cache server, error reports
	@.ci/set-up --with-optional

install-tests: ## the same, and what the tests need
	@.ci/set-up --with-tests

run: install ## serve the demonstration on http://127.0.0.1:8000 (PORT=8001 make run for another port)
	@.venv/bin/python .ci/serve.py

test: install-tests check ## check, then all tests: on PostgreSQL, on SQLite what uses a database, in a browser
	@.ci/stage 'tests on SQLite' env -u DATABASE_URL $(PYTEST) -m 'database and not once and not browser'
	@.ci/stage 'tests on PostgreSQL' .venv/bin/python tests/postgres.py -- $(PYTEST) -m 'not browser'
	@.ci/stage 'tests in a browser' env -u DATABASE_URL $(PYTEST) tests/browser

faults: install-tests ## break things on purpose and look that nothing is lost; minutes, so not part of `make test`
	@rm -f build/faults.jsonl
	@.ci/stage 'faults' env -u DATABASE_URL $(PYTEST) -o faulthandler_timeout=1800 $(FAULT_TESTS)
	@cat build/faults.jsonl

load: install-tests ## the deadline evening of 600 organisations, on both databases; 40 minutes (LOAD_PEOPLE=50 LOAD_MINUTES=1 for less)
	@.ci/load

office: install-tests ## open and save our workbooks in LibreOffice, where it is installed (apt-get install libreoffice-calc)
	@command -v soffice > /dev/null || { echo 'LibreOffice is not installed: apt-get install libreoffice-calc'; exit 1; }
	@.ci/stage 'tests with LibreOffice' env -u DATABASE_URL $(PYTEST) tests/surveys/saved_by_office.py

check: install-tests ## format, lint, types, layers, migrations, deployment settings
	@.ci/check

audit-dependencies: install ## ask whether weaknesses of the pinned packages are known; needs a machine that is online
	@.ci/audit-dependencies

fix: install-tests ## put right what the formatter and the linter can
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

bench: install-tests ## time and memory beside their floors, in ten minutes on two processors (SCALE=100: the whole country)
	@if [ -d benchmarks ]; then .venv/bin/python -m benchmarks; else echo 'There are no benchmarks yet.'; fi

migrate: install ## bring the development database up to date
	@DEBUG=1 .venv/bin/python manage.py migrate

lock: install-tests ## pin again after a change to requirements/*.in (UPGRADE=--upgrade takes newer releases)
	@.ci/lock $(UPGRADE)

clean: ## remove what was installed and built; data/ stays
	@rm -rf .venv build s11/web/static/s11 s11/web/frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov .coverage test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
