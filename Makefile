# The two commands of a user are `make run` and `make test`; the rest serves those who change Rasad.
.PHONY: run test install lint format bench lock clean
.DEFAULT_GOAL := run

VENV := .venv
BIN := $(VENV)/bin
LOCKED := requirements.txt requirements-dev.txt

install: $(VENV)/installed

# uv installs the whole stack in seconds; hashes are checked, and the project itself comes without dependencies of its own.
$(VENV)/installed: pyproject.toml $(LOCKED)
	@python=$$(.ci/find-python) && "$$python" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes $(foreach file,$(LOCKED),-r $(file))
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -OO -c 'import bot.__main__'
	@touch $@

# -OO: without the docstrings of libraries, which take six megabytes. Its bytecode is its own, and written while installing:
# who compiles at every start needs seven seconds and two megabytes more.
run: install
	@$(BIN)/python -OO -m bot.cli run

test: install
	@$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	@$(BIN)/python -m tests.benchmarks

# Versions and hashes, and no index host.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header pyproject.toml
lock:
	$(COMPILE) --extra e5 -o requirements.txt
	$(COMPILE) -c requirements.txt --extra e5 --extra onnx --group dev --group bench -o requirements-dev.txt

clean:
	rm -rf $(VENV) .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis
