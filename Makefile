# Two commands for a newcomer: `make run` and `make test`. Everything else is for daily work.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000

.PHONY: install assets run test check lint types contracts models clean

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: assets

assets: $(VENV)/.installed
	@$(BIN)/python frontend/build.py

run: install
	$(BIN)/jiuji run --port $(PORT)

test: install
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

models: install
	$(BIN)/jiuji check

check: lint types contracts models

clean:
	rm -rf $(VENV) instance build *.egg-info frontend/node_modules app/web/static/dist
