# Vestibule's everyday commands. `make` alone lists them.

# Said here so that cargo and the tests that cargo does not run look for the binary in the same place.
export CARGO_TARGET_DIR ?= $(CURDIR)/target
export VESTIBULE ?= $(CARGO_TARGET_DIR)/debug/vestibule
# `make test` says itself which run of the tests has which database.
unexport TEST_DATABASE_URL

# More than there are cores: most of a test is waiting.
export RUST_TEST_THREADS ?= $(shell expr $$(nproc) \* 3 / 2)
browser_tests = node --test --test-reporter=spec tests/browser/*.test.js
# Twice, since fastapi-jwt-auth is in an environment of its own.
define python_tests
tests/.tools/python/bin/python -m pytest examples/fastapi tests/libraries --ignore=tests/libraries/test_fastapi_jwt_auth.py
tests/.tools/fastapi-jwt-auth/bin/python -m pytest tests/libraries/test_fastapi_jwt_auth.py
endef

# Parts of names: those that do more with SOAK set.
SOAK_TESTS ?= faults:: failover:: rolling::

FUZZ_SECONDS ?= 60
define fuzz_target
mkdir -p $(CARGO_TARGET_DIR)/fuzz/$(1)
cargo fuzz run --sanitizer none $(1) $(CARGO_TARGET_DIR)/fuzz/$(1) fuzz/corpus/$(1) \
	-- -dict=fuzz/$(1).dict -max_total_time=$(FUZZ_SECONDS)
endef

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test browser soak style lint format fuzz bench package prepare clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

# The development profile, because a first look should not wait for link-time optimisation. What hashes and signs is
# optimised all the same (Cargo.toml).
run: ## Build, create what is missing under data/, serve on http://127.0.0.1:8000
	cargo run --locked

test: prepare style ## Install what the tests lack; all of them, on both databases and in a browser
	cargo test --locked
	tests/postgres with cargo test --locked
	$(browser_tests)
	$(python_tests)

# The release build, since it is the one whose figures count; one test at a time, since they measure.
soak: prepare ## What goes wrong on a machine, for many minutes where `make test` has seconds; prints figures
	SOAK=1 cargo test --locked --release --test api -- $(SOAK_TESTS) --test-threads=1 --show-output
	SOAK=1 tests/postgres with cargo test --locked --release --test api -- $(SOAK_TESTS) --test-threads=1 --show-output

browser: prepare ## The tests in a browser alone; pictures of all pages in target/screenshots
	cargo build --locked
	$(browser_tests)

style:
	cargo fmt --check
	cargo clippy --locked --all-targets -- --deny warnings

lint: style ## Formatting, clippy, licences of the dependencies, dependencies that nobody uses
	cargo deny --version >/dev/null 2>&1 || cargo install --locked cargo-deny
	cargo machete --version >/dev/null 2>&1 || cargo install --locked cargo-machete
	cargo deny check licenses bans sources
	cargo machete

format: ## Format the Rust code
	cargo fmt

# What libFuzzer finds worth keeping stays in target/; fuzz/corpus has the seeds, which `make test` tries too. A sanitizer
# would need a nightly toolchain and find little in safe Rust.
fuzz: ## Send the token parser and the Authorization header what nobody would think of, FUZZ_SECONDS (60) each
	cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
	$(call fuzz_target,token)
	$(call fuzz_target,authorization)

bench: ## Measure the whole program beside bare limits: one table, some minutes
	cargo bench --locked

# Installs what a distribution's package does: binary, unit, settings, manual pages, completions, licences.
package: ## Build a Debian package: target/debian/vestibule_VERSION_ARCH.deb
	cargo deb --version >/dev/null 2>&1 || cargo install --locked cargo-deb
	cargo build --locked --release
	deploy/debian/prepare $(CARGO_TARGET_DIR)/release
	cargo deb --locked --no-build

prepare: ## Install what the tests need and this machine lacks
	@tests/prepare

clean: ## Remove what was built and what tests/prepare put into the repository, never data/
	tests/postgres stop
	cargo clean
	rm -rf tests/.tools tests/browser/node_modules
