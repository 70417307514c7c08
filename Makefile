# make setup    installs what is missing and builds; leaves the program at .venv/bin/pomona
# make demo     runs the main job on rendered fruit (or PHOTOS=folder) and says where the results are
# make test     every test: C++ (also under ASan and UBSan), Python, the program as a user runs it
# make test-report   the report in a browser: real photos, Debian's Chromium
# make lint     clang-format, clang-tidy, ruff; ANALYSER=off without the static analyser, which is half of the time
# make bench    the pipeline against what it cannot be faster than (minutes)
# make bench-peers   against what people run today, each in its own environment (an hour)
# make clean    removes everything that the others made

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PHOTOS ?=
ANALYSER ?= on
JOBS ?= $(shell nproc)
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(JOBS)

VENV := .venv
BIN := $(VENV)/bin
STAMPS := build/stamps
SOURCES := $(shell find CMakeLists.txt pyproject.toml cmake src include python tools web -type f \
             -not -path '*/node_modules/*' -not -name '*.pyc' 2>/dev/null)
# One compiler by one name, and paths below this folder by their place in it: then a second build tree of the same
# sources (tests/install) takes its objects from the cache of the first.
export CXX
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_SLOPPINESS := pch_defines,time_macros
# CMake reads these where it configures a build tree for the first time.
CCACHE = CMAKE_CXX_COMPILER_LAUNCHER=$$(command -v ccache) CMAKE_GENERATOR=Ninja

.PHONY: setup demo test test-cpp test-sanitized test-install test-python test-report lint bench bench-peers clean

setup: $(STAMPS)/installed

$(STAMPS)/packages: tools/debian-packages.txt tools/install_packages.sh
	@mkdir -p $(STAMPS)
	@bash tools/install_packages.sh tools/debian-packages.txt
	@touch $@

# What only the tests need.
$(STAMPS)/test-packages: tools/debian-test-packages.txt tools/install_packages.sh $(STAMPS)/packages
	@bash tools/install_packages.sh tools/debian-test-packages.txt
	@touch $@

$(STAMPS)/venv: pyproject.toml tools/requirements.txt $(STAMPS)/packages
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing Python packages into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tools/requirements.txt
	@touch $@

$(STAMPS)/installed: $(SOURCES) $(STAMPS)/venv
	@echo "building Pomona (some minutes the first time)"
	@$(CCACHE) $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps \
	  --config-settings=build-dir=build/release .
	@touch $@
	@echo "the program is $(BIN)/pomona"

demo: setup
	@bash tools/demo.sh $(BIN)/pomona $(PHOTOS)

test: test-cpp test-sanitized test-install test-python test-report

test-cpp: setup $(STAMPS)/test-packages
	@cmake -S . -B build/release -DPOMONA_TESTS=ON -DPOMONA_BENCHMARKS=ON > /dev/null
	@cmake --build build/release
	@ctest --test-dir build/release --output-on-failure -j $(JOBS)

# The same sources under AddressSanitizer and UndefinedBehaviorSanitizer.
test-sanitized: setup $(STAMPS)/test-packages
	@$(CCACHE) cmake -S . -B build/sanitized -DPOMONA_SANITIZE=address,undefined \
	  -DPython_EXECUTABLE=$(abspath $(BIN)/python) > /dev/null
	@cmake --build build/sanitized
	@ctest --test-dir build/sanitized --output-on-failure -j $(JOBS)

# The library in another project: plain CMake, install, find_package, examples/cpp.
test-install: setup
	@$(CCACHE) bash tests/install/run.sh $(abspath $(BIN)/python)

# The tests of Spark and of S3 wait for their servers much of the time: the others run meanwhile.
test-python: setup $(STAMPS)/test-packages
	@$(BIN)/python -m pytest tests/spark > build/spark-tests.log 2>&1 & spark=$$!; \
	 $(BIN)/python -m pytest tests/s3 > build/s3-tests.log 2>&1 & s3=$$!; \
	 $(BIN)/python -m pytest --ignore tests/spark --ignore tests/s3; others=$$?; \
	 wait $$s3; s3=$$?; cat build/s3-tests.log; \
	 wait $$spark; spark=$$?; cat build/spark-tests.log; exit $$((others || s3 || spark))

# What the report shows and does, in a browser, against what pandas and scikit-learn read out of the dataset.
test-report: setup $(STAMPS)/test-packages
	@bash web/report/tests/run.sh $(BIN)

lint: setup
	@bash tools/lint.sh $(BIN) $(if $(filter off,$(ANALYSER)),'-clang-analyzer-*')

bench: setup
	@cmake -S . -B build/release -DPOMONA_BENCHMARKS=ON > /dev/null
	@cmake --build build/release --target pomona_kernels
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/s3.py

bench-peers: setup
	@$(BIN)/python benchmarks/run_peers.py

clean:
	rm -rf build $(VENV) demo
