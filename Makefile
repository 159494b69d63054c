# Kingmaker. `make` alone lists the targets. Each sets up what it needs: Python 3 and make suffice.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

run := scripts/uv run --no-sync
source := $(wildcard libs services tests bench scripts)
N ?= 20000
JOBS ?= auto

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install uv, Python and the locked packages, all inside the tree or your uv cache
	@scripts/setup

.PHONY: demo
demo: ## play real bars: a crown is earned, taken back by hand, and audited
	@scripts/setup demo
	@scripts/demo

.PHONY: test
test: setup ## run the tests in JOBS processes (all cores); a real Kafka only where Java 17 and Maven are
	@$(run) pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
	@$(MAKE) test-313

.PHONY: test-313
test-313: setup ## run what judges once more on Python 3.13: the same bits
	@scripts/on-python-3.13 pytest tests/kernel tests/evidence tests/services/shadow tests/histories tests/scenarios/test_judged_bits.py

.PHONY: test-kafka
test-kafka: setup ## run all that needs a real Kafka broker, services as killed processes too (half an hour)
	@KINGMAKER_REQUIRE_KAFKA=1 KINGMAKER_AWAY_S=60 $(run) pytest -m kafka tests

.PHONY: test-prometheus
test-prometheus: setup ## evaluate every rule and panel on a real Prometheus that watched a coronation
	@KINGMAKER_REQUIRE_PROMETHEUS=1 $(run) pytest tests/dashboards

.PHONY: test-postgres
test-postgres: setup ## run all that needs a real PostgreSQL, killed and restored too
	@KINGMAKER_REQUIRE_POSTGRES=1 $(run) pytest -m "postgres and not cluster" tests

.PHONY: test-k8s
test-k8s: setup ## play the demo on the Kubernetes of KUBECONFIG and harm it (minutes): docs/kubernetes.md
	@$(run) pytest -s -m k8s tests/k8s

.PHONY: test-model
test-model: setup ## explore the lane rule with three writers, coronation with four reigns (minutes)
	@KINGMAKER_MODEL_WRITERS=3 $(run) pytest tests/simulation/test_lane_model.py
	@KINGMAKER_MODEL_REIGNS=4 $(run) pytest tests/scenarios/test_coronation_model.py

.PHONY: test-kill
test-kill: setup ## kill -9 the whole demo at 100 random moments (minutes)
	@KINGMAKER_KILL_FULL=1 $(run) pytest tests/chaos

.PHONY: simulate
simulate: setup ## run N seeded schedules of all deciders: make simulate N=20000
	@KINGMAKER_SCHEDULES=$(N) $(run) pytest tests/simulation/test_world.py

.PHONY: check
check: setup ## format, lint, types, imports, wire contract, tidiness, Kubernetes' schemas, lock
	@$(run) ruff format --check .
	@$(run) ruff check .
	@$(run) mypy $(source)
	@$(run) lint-imports
	@scripts/proto check
	@$(run) pytest -q tests/architecture tests/runtime/test_deploy.py
	@scripts/uv lock --check --quiet

.PHONY: image
image: ## build the image of the services with podman or docker, whichever is there
	@scripts/image

.PHONY: bench
bench: setup ## print what docs/performance.md claims, as ratios measured in one run
	@$(run) python -m bench

.PHONY: bench-peers
bench-peers: FILE =
bench-peers: setup ## compare learners with peer libraries, laid over this environment for one run: make bench-peers FILE=mine.py
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 UV_COMPILE_BYTECODE=0 \
		$(run) --with-requirements bench/peers/requirements.txt python -m bench.peers $(FILE)

.PHONY: bench-gates
bench-gates: N = 5000
bench-gates: setup ## measure what judging promises in worlds of known truth: make bench-gates N=5000
	@$(run) python -m bench.gates --paths $(N)

.PHONY: proto
proto: setup ## write libs/kingmaker/contracts/generated from proto
	@scripts/proto write

.PHONY: clean
clean: ## remove what the tools left behind, and the demo's home
	@rm -rf .venv .venv-* .tools .demo .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/kafka/lib
