# PessDesk's commands for people who work on it. `make demo` and `make test` set up what they need.
# PYTHON=/path/to/python3 chooses the interpreter for a new .venv (3.11 or later).

export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK := 1
CATALOGS := $(wildcard resources/locale/*/LC_MESSAGES/*.po)
BIN := .venv/bin

FROZEN := dist/PessDesk/pessdesk
FROZEN_FROM := $(shell find pessdesk resources docs packaging LICENSE NOTICE -type f ! -name '*.pyc')

.PHONY: setup test torture check demo bench lock catalogs licences package test-package test-x run screenshots clean
.DEFAULT_GOAL := test

setup: .venv/.ready

# The environment is exactly the lock: made anew when the lock changes.
.venv/.locked: requirements.txt
	python=$$(packaging/setup-system.sh) && "$$python" -m venv --clear .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	touch $@

.venv/.ready: .venv/.locked pyproject.toml $(CATALOGS)
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	$(if $(CATALOGS),$(BIN)/pybabel --quiet compile -d resources/locale -D pessdesk)
	touch $@

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	@packaging/setup-system.sh test > /dev/null || true
	$(BIN)/pytest

# Ten thousand kills, thousands of power cuts: writes docs/durability.md. N= for more, SEED= for other chances.
torture: setup
	@packaging/setup-system.sh test > /dev/null || true
	$(BIN)/python -m tests.faults.torture $(or $(N),10000) $(or $(SEED),1)

demo: setup
	rm -rf build/demo
	mkdir -p build
	$(BIN)/pessdesk demo --to build/demo

# A folder that runs without Python: dist/PessDesk (docs/packaging.md).
package: setup
	@$(MAKE) --no-print-directory $(FROZEN)

$(FROZEN): .venv/.ready $(FROZEN_FROM)
	packaging/setup-system.sh package > /dev/null
	rm -rf build/package dist/PessDesk dist/PessDesk.app
	$(BIN)/python packaging/icons.py build/package/icons
	PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 PYINSTALLER_CONFIG_DIR=build/package/config $(BIN)/pyinstaller \
		--log-level WARN --noconfirm --distpath build/package/dist --workpath build/package packaging/pessdesk.spec
	mkdir -p dist
	mv build/package/dist/* dist/
	touch $@

test-package: package
	PESSDESK_FROZEN=yes $(BIN)/pytest tests/packaging

# A real window on a display of its own, with real keys; PROGRAM=dist/PessDesk/pessdesk tries the frozen one.
test-x: setup
	packaging/setup-system.sh display > /dev/null
	PESSDESK_X=$(or $(PROGRAM),$(BIN)/pessdesk) $(BIN)/pytest tests/x

run: setup
	$(BIN)/pessdesk

# Pictures of every screen, for the guide and for eyes that check them.
screenshots: setup
	$(BIN)/python packaging/screenshots.py

bench: setup
	$(BIN)/python -m benchmarks

# Pins the newest versions that pyproject.toml allows; `make licences` must follow.
lock: setup
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-index-url --no-header --no-annotate pyproject.toml --output-file .venv/lock.txt
	{ echo '# Every package that PessDesk and its tests need, pinned with hashes; made from pyproject.toml by `make lock`.'; \
		cat .venv/lock.txt; } > requirements.txt

# Collects the texts into resources/locale and names those that want translating.
catalogs: setup
	$(BIN)/python packaging/catalogs.py

licences: setup
	$(BIN)/python packaging/licences.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -f resources/locale/*/LC_MESSAGES/*.mo
	find pessdesk tests benchmarks packaging -name __pycache__ -type d -prune -exec rm -rf {} +
