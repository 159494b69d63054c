# Kingmaker. `make` alone lists the targets. Every target does its own set-up: Python 3 and make suffice.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

uv := scripts/uv
run := $(uv) run --frozen --all-extras --no-sync

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install uv, Python and the locked packages inside the tree
	@$(uv) sync --frozen --all-extras
