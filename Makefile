# Everything a newcomer needs: `make test` sets up a virtual environment and runs all tests.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: setup spark demo example test lint campaign bench docs screenshots lock clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# Spark is a large download: only who builds on it, or wants to see the proofs on it, needs it. It runs on Java 17.
spark: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock

demo: setup
	$(BIN)/accord demo --dir demo-workspace

example: setup
	rm -rf example-workspace
	$(BIN)/accord init example-workspace
	cp examples/northwind/agreement.yaml example-workspace/
	$(BIN)/accord load examples/northwind/export --mapping examples/northwind/crm.yaml -w example-workspace
	$(BIN)/accord load examples/northwind/ads --mapping examples/northwind/ads.yaml -w example-workspace
	$(BIN)/accord build -w example-workspace
	$(BIN)/accord show funnel -w example-workspace
	$(BIN)/accord show scoreboard -w example-workspace
	$(BIN)/accord show lead ada.brandt@brenner.example -w example-workspace

test: setup
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

campaign: setup
	$(BIN)/python tests/campaign.py

bench: setup
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/python docs/generate.py

screenshots: setup
	PYTHONPATH=tests $(BIN)/python docs/screenshots.py

lock:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --group dev --extra pandas pyproject.toml --output-file requirements.lock
	echo 'pyspark>=4.0' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --output-file requirements-spark.lock -

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
