# make demo   the bundled estate, audited: needs Python 3.11 or later, nothing else
# make test   the tests
# make docs, picture   the generated parts of docs/, and the picture in README.md, made anew
# make bench  how fast it is, beside SQL and Python by hand
# make lint, types, browser, slow   style, types, the pages in Chromium, and those with all that takes long

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test lint types browser slow docs picture bench clean
.NOTPARALLEL:

demo: $(VENV)/test
	$(BIN)/checker demo

test: $(VENV)/test
	$(BIN)/pytest -q -n auto

browser: $(VENV)/browser
	$(BIN)/pytest -q -m browser

slow: $(VENV)/browser
	$(BIN)/pytest -q -m 'slow or browser'

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

# About a minute on two cores; everything is a ratio of things measured side by side.
bench: $(VENV)/test
	$(BIN)/python -m benchmarks.language
	$(BIN)/python -m benchmarks.audit

# The parts of docs/ that the program itself decides.
docs: $(VENV)/test
	$(BIN)/python -m docs.reference

# The picture in README.md: the top of the demo's report, in Chromium.
picture: demo
	chromium --headless --no-sandbox --hide-scrollbars --window-size=1200,1060 \
		--screenshot=docs/images/report.png "file://$(CURDIR)/checker-report/report.html"

clean:
	rm -rf $(VENV) build dist

# The environment, and in it checker with what each target needs. A file there says that it was done, so that the
# second time costs nothing.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "checker needs Python 3.11 or later: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/test $(VENV)/browser $(VENV)/dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --editable '.[test,$(notdir $@)]'
	@touch $@
