# The verbs a person types. Each makes its own environment when there is none (tools/environment.py).
.DEFAULT_GOAL := help
SHELL := /bin/bash
export Q DATA ROLE A B
RUN := python3 tools/environment.py
PACK := $(RUN) -m panelpack

.PHONY: help quarter live why verify compare approve validate new-quarter receive bench bench-naive bench-statistics backtest lab test check schema clean

help: ## these verbs, a line each
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 24

quarter: ## the panel pack of a quarter: make quarter Q=2015Q1
	@$(PACK) quarter "$$Q"

live: ## make the pack again whenever an input is saved, until Ctrl-C: make live Q=2015Q1
	@$(PACK) live "$$Q"

why: ## what would run for a quarter's pack, and which input makes it so: make why Q=2015Q1
	@$(PACK) why "$$Q"

verify: ## rerun a quarter independently and compare it with its manifest: make verify Q=2015Q1
	@$(PACK) verify "$$Q"

compare: ## what changed between two quarters: make compare A=2014Q4 B=2015Q1
	@$(PACK) compare "$$A" "$$B"

approve: ## record who approves a quarter's pack, and mark it: make approve Q=2015Q1 ROLE="Chief Executive"
	@$(PACK) approve "$$Q" "$$ROLE"

validate: ## only check a quarter's raw data: make validate Q=2015Q1
	@$(PACK) validate "$$Q"

new-quarter: ## folders and parameters for the next quarter: make new-quarter Q=2015Q2
	@$(PACK) new-quarter "$$Q"

receive: ## record the checksums of a quarter's raw files in its sources.yml: make receive Q=2015Q2
	@$(PACK) receive "$$Q"

bench: ## how long each kind of run takes, against the naive build (ten minutes; table in outputs/bench): make bench Q=2015Q1
	@$(PACK).bench "$$Q"

bench-naive: ## only the naive build: papermill and nbconvert from the command line, one call after the other
	@$(PACK).bench "$$Q" naive

bench-statistics: ## how often control charts of stable series raise an alarm, simulated (a minute)
	@$(PACK).bench_statistics

backtest: ## measure the projections on the official table (half a minute): make backtest DATA=FILE
	@$(PACK) backtest "$$DATA"

lab: ## open the notebooks in JupyterLab
	@$(RUN) -m jupyterlab notebooks

test: ## every test
	@$(RUN) -m pytest -n auto --dist loadgroup

check: ## lint, notebook hygiene, schemas up to date, figures typed into the commentary
	@$(PACK) check

schema: ## write the JSON Schemas of params/ from the models
	@$(PACK) schema

clean: ## remove what can be made again (.venv, data/processed, outputs but for the manifests)
	@rm -rf .venv data/processed .pytest_cache .ruff_cache
	@find outputs -mindepth 2 -maxdepth 2 ! -name '*.json' ! -name workflow.cwl -exec rm -rf {} + 2>/dev/null || true
