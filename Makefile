# Two commands matter: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# By another name: lines in which make finds its own are carried out even by `make -n`.
SELF := $(MAKE)
# Tests wait (for minutes to end, for pages to be drawn) about as long as they compute: two for a processor, and one. Each
# may need a gigabyte (a browser, or a whole PyNVR), and more than the longest files are have nothing to do.
WORKERS ?= $(shell awk -v n=$$(nproc) '/^MemAvailable/ { gb = int($$2 / 1e6); w = 2 * n + 1; if (w > gb) w = gb; \
	if (w > 16) w = 16; print w < 1 ? 1 : w }' /proc/meminfo)
# What the tests run PyNVR against, a camera server and readers that nobody here wrote; and what makes disks and certificates.
DEBIAN := curl e2fsprogs faketime ffmpeg gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
	gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-x gstreamer1.0-libav gstreamer1.0-tools mosquitto mount openssl systemd \
	unzip util-linux xfsprogs
# Where it can't be had, the whole of Chromium is installed: tests/web/conftest.py.
BROWSER := chromium-headless-shell
# What `make bench` compares with, besides ffmpeg and GStreamer.
PEERS := motion
# What checks the pages' code; a node that came another way is as good.
NODE := $(if $(shell command -v node),,nodejs) $(if $(shell command -v npm),,npm)
# Install those of these Debian packages that are missing; asks for root only then.
DEBIAN_INSTALL = @missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
		sudo=$$([ $$(id -u) = 0 ] || echo sudo); \
		$$sudo apt-get update -q && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	fi

# A python that keeps nothing of what it compiles compiles all of PyNVR for each process that a test starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo check format test test-packages screenshots soak power-cut torture fuzz audit bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/installed ## PyNVR and all it needs, into .venv

$(VENV)/installed: setup.py pynvr/__init__.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing PyNVR and its libraries into $(VENV), a minute or two …"
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[demo,onvif]'
	touch $@

# All at once. What the tests use of it is compiled by the first of them.
$(VENV)/installed-dev: setup.py pynvr/__init__.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing PyNVR, its libraries and what tests them into $(VENV), a minute or two …"
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --editable '.[demo,onvif,faces,notify,dev]'
	touch $(VENV)/installed $@

node_modules/installed: package.json package-lock.json .npmrc
	$(call DEBIAN_INSTALL,$(NODE))
	npm ci --silent
	touch $@

demo: install ## simulated cameras and the site on http://localhost:8080 (or PORT=), until Ctrl-C
	$(BIN)/pynvr demo $(if $(PORT),--port $(PORT))

format: $(VENV)/installed-dev ## lay out the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(VENV)/installed-dev node_modules/installed ## format, lint, types, layers, of Python and of the pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	node_modules/.bin/tsc
	node tests/js/all.js

test-packages: ## Debian packages that the tests need (asks for root only if one is missing)
	$(call DEBIAN_INSTALL,$(DEBIAN))
	-$(call DEBIAN_INSTALL,$(BROWSER))
	$(call DEBIAN_INSTALL,$$(test -x /usr/bin/$(BROWSER) || echo chromium))

# The checks run beside the tests: one processor would wait for the other. If they fail, all does, and their words come last.
# First the tests are read once, and compiled, which each worker would do for itself.
# A test that fails beside the others is run once more alone. One that passes then is listed, and is a defect to mend: what
# it waits for isn't what it needs. One that fails twice fails the run. Of a file that tells a story all is run once more.
test: test-packages $(VENV)/installed-dev node_modules/installed ## everything: checks and all tests
	@mkdir -p .pytest_cache
	@$(SELF) --no-print-directory check > .pytest_cache/check 2>&1 & check=$$!; \
	trap 'kill $$check; exit 130' INT TERM; \
	$(BIN)/pytest --collect-only -qq > .pytest_cache/collected || cat .pytest_cache/collected; \
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --max-worker-restart 0 --cache-clear || { test $$? -eq 1 && echo "again, alone:" && \
		$(BIN)/python -m tests.again > .pytest_cache/again && $(BIN)/pytest @.pytest_cache/again -rP --show-capture=no; }; tests=$$?; \
	wait $$check; checks=$$?; test $$checks -eq 0 && echo "the checks passed" || cat .pytest_cache/check; exit $$((tests | checks))

screenshots: test-packages $(VENV)/installed-dev ## pictures of the pages, for docs/
	PYNVR_SCREENSHOTS=docs/pictures $(BIN)/pytest tests/web/browser/test_screenshots.py

torture: test-packages $(VENV)/installed-dev ## every fault of docs/faults.md, alone and mixed (ARGS="--seed 7 --kills 1000 --minutes 120"); needs root
	$(BIN)/python -m tests.torture $(ARGS)

soak: $(VENV)/installed-dev ## 64 cameras for an hour (MINUTES=, CAMERAS=, KBPS=): is each frame there, does anything grow
	$(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(CAMERAS),--cameras $(CAMERAS)) $(if $(KBPS),--kbps $(KBPS))

bench: test-packages $(VENV)/installed-dev ## what docs/benchmarks.md has, beside the peers; goes on where it was broken off
	$(call DEBIAN_INSTALL,$(PEERS))
	$(BIN)/python -m benchmarks

fuzz: test-packages $(VENV)/installed-dev ## made-up inputs for parsers and routes, for 10 minutes (ARGS="--minutes 60 --seed 7")
	$(BIN)/python -m tests.fuzz $(ARGS)

audit: $(VENV)/installed-dev ## ask the network for published weaknesses of the libraries (needs pypi.org)
	$(BIN)/pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --local --skip-editable --strict

power-cut: test-packages $(VENV)/installed-dev ## cut the power of a logged disk 200 times (ARGS="--cuts 500 --motion --seed 7"); needs root
	$(BIN)/python -m tests.power_cut $(ARGS)

clean: ## remove .venv, node_modules and what the demo recorded
	rm -rf $(VENV) node_modules demo build *.egg-info
