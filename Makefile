# make run: serve the workbench.  make serve: the same from one process for each core.
# make test: what a usual change can break.  make test-all: everything that is tested.  make bench: how fast it is.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
LOCALE = pages/ui/locale
# Two workers; `tests/conftest.py` says which of them runs a file.
PYTEST = $(BIN)/python -m pytest -n 2 --no-loadscope-reorder

.PHONY: run serve install install-dev check test test-all bench words clean

run: install
	$(BIN)/streamlit run app.py

# ADDRESS=0.0.0.0 opens it to the network. HAProxy and Redis come from the system's packages.
ADDRESS ?= 127.0.0.1
PORT ?= 8501
serve: install
	$(BIN)/python -m pip install --quiet -r requirements-serve.txt
	$(BIN)/python -m deploy --address $(ADDRESS) --port $(PORT)

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

# A .venv without pip, or of a Python that is gone or too old, is made again.
WORKS := $(shell test -x $(BIN)/python && $(BIN)/python -c 'import pip, sys; print(sys.version_info >= (3, 11))' 2>/dev/null)
ifneq ($(WORKS),True)
.PHONY: $(VENV)/.installed
endif

$(VENV)/.installed: requirements.txt
ifneq ($(WORKS),True)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Torch Workbench needs Python 3.11 or newer, and $(PYTHON) is" \
		"$$($(PYTHON) -V 2>/dev/null || echo missing). Name another one: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
endif
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-ray.txt requirements-serve.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: install-dev
	$(BIN)/python -m tests.browser.chromium
	$(PYTEST) -m "not slow"

test-all: install-dev
	$(BIN)/python -m tests.browser.chromium
	$(PYTEST)

bench: install-dev
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m benchmarks

# Collect new words into the catalogues; then translate what is empty or fuzzy in LOCALE/*/LC_MESSAGES/messages.po.
words: install-dev
	$(BIN)/pybabel --quiet extract --no-default-keywords --keywords=_ --keywords=N_ --no-location --sort-output \
		--omit-header --output-file=$(LOCALE)/messages.pot app.py pages wb_core
	$(BIN)/pybabel --quiet update --no-wrap --omit-header --ignore-obsolete --input-file=$(LOCALE)/messages.pot --output-dir=$(LOCALE)
	rm $(LOCALE)/messages.pot

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
