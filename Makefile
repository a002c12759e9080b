# Two commands matter: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What the tests run PyNVR against: a camera server and readers that nobody here wrote.
DEBIAN := chromium faketime ffmpeg gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
	gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav gstreamer1.0-tools systemd

.PHONY: help install demo check format test test-packages bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/installed ## PyNVR and all it needs, into .venv

$(VENV)/installed: setup.py pynvr/__init__.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[demo,onvif]'
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[demo,onvif,dev]'
	touch $@

demo: install ## simulated cameras and the recorder, until Ctrl-C
	$(BIN)/pynvr demo

format: $(VENV)/installed-dev ## lay out the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(VENV)/installed-dev ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-packages: ## Debian packages that the tests need (asks for root only if one is missing)
	@missing=$$(for p in $(DEBIAN); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
		sudo=$$([ $$(id -u) = 0 ] || echo sudo); \
		$$sudo apt-get update -q && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	fi

test: test-packages check ## everything: checks and all tests
	$(BIN)/pytest -n 3 --dist loadfile

bench: test-packages $(VENV)/installed-dev ## the measurements of benchmarks/README.md, beside their peers
	$(BIN)/python -m benchmarks

clean: ## remove .venv and what the demo recorded
	rm -rf $(VENV) demo build *.egg-info
