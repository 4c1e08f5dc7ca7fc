# The verbs a person types, grouped by who types them. Each makes its own environment when there is none
# (tools/environment.py).
.DEFAULT_GOAL := help
SHELL := /bin/bash
export Q DATA ROLE A B FROM OFFICE EDITION FORCE FORCES BASELINE MEASURES TO RELEASE SCHEDULER N SEED REASON DAY ARGS
RUN := python3 tools/environment.py
PACK := $(RUN) -m panelpack
# With the packages that an atlas alone needs.
ATLAS := $(RUN) --with atlas

.PHONY: help quarter live why validate check request receive new-quarter official-table new-office comparators lab \
	compare approve reissue verify atlas atlas-verify test lint docs schema bench bench-atlas bench-large bench-naive \
	bench-statistics backtest clean

help: ## these verbs, a line each
	@sed -nE -e 's/^##@ (.*)/\n\1/p' -e 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 26
	@printf '\n%s\n' 'OFFICE=FOLDER with any verb of the first three groups: for the office in that folder, not the one here'

##@ For the analyst
quarter: ## the panel pack of a quarter: make quarter Q=2015Q1 (EDITION=review: with embargoed figures, in its own folder)
	@$(PACK) quarter "$$Q"

live: ## make the pack again whenever an input is saved, until Ctrl-C: make live Q=2015Q1
	@$(PACK) live "$$Q"

why: ## what would run for a quarter's pack, and which input makes it so: make why Q=2015Q1
	@$(PACK) why "$$Q"

validate: ## only check a quarter's raw data, and list what must be answered: make validate Q=2015Q1
	@$(PACK) validate "$$Q"

check: ## check configuration and commentary, and look for typed figures (Q=... or every quarter)
	@$(PACK) check "$$Q"

request: ## a page for each supplier, with what to send and by when: make request Q=2015Q2
	@$(PACK) request "$$Q"

receive: ## record the checksums of a quarter's raw files in its sources.yml: make receive Q=2015Q2
	@$(PACK) receive "$$Q"

new-quarter: ## folders and parameters for the next quarter: make new-quarter Q=2015Q2
	@$(PACK) new-quarter "$$Q" --from "$$FROM"

official-table: ## the official table, cut to the force, into a quarter's raw data: make official-table Q=2015Q2 DATA=FILE
	@$(PACK) official-table "$$Q" --data "$$DATA"

new-office: ## a first office from the official table: make new-office FORCE=... Q=... BASELINE=2012/13 DATA=FILE TO=FOLDER
	@$(PACK) new-office --force "$$FORCE" --q "$$Q" --baseline "$$BASELINE" --data "$$DATA" --to "$$TO" --measures "$$MEASURES"

comparators: ## the tables that forces are compared by, from a release of the official table: make comparators DATA=FILE,FILE
	@$(PACK) comparators --data "$$DATA"

##@ For the reviewer
lab: ## open the notebooks in JupyterLab: make lab Q=2015Q1 (further arguments for it: ARGS="--no-browser")
	@$(PACK) lab "$$Q" --args="$$ARGS"

compare: ## what changed between two quarters: make compare A=2014Q4 B=2015Q1
	@$(PACK) compare "$$A" "$$B"

approve: ## record who approves a quarter's pack, and mark it: make approve Q=2015Q1 ROLE="Chief Executive"
	@$(PACK) approve "$$Q" --role "$$ROLE"

reissue: ## a new edition of an approved pack: make reissue Q=2015Q1 REASON="..." (DAY=2015-11-20: the day that it is for)
	@$(PACK) reissue "$$Q" --reason "$$REASON" --day "$$DAY"

##@ For the auditor
verify: ## rerun a quarter independently and compare it with its manifest: make verify Q=2015Q1
	@$(PACK) verify "$$Q"

##@ For the researcher
atlas: ## packs of all forces from the official table: make atlas DATA=FILE Q=2015Q1..2022Q4 (FORCES="Kent,Surrey" JOBS=2)
	@$(ATLAS) -m panelpack atlas --data "$$DATA" --q "$$Q" --forces "$$FORCES" --baseline "$$BASELINE" \
		--measures "$$MEASURES" --release "$$RELEASE" --to "$$TO" --scheduler "$$SCHEDULER"

atlas-verify: ## make some packs of an atlas again, elsewhere, and compare seals: make atlas-verify N=20 SEED=1
	@$(ATLAS) -m panelpack atlas-verify --n "$$N" --seed "$$SEED" --release "$$RELEASE" --to "$$TO" \
		--scheduler "$$SCHEDULER"

##@ For the developer
test: ## every test
	@$(ATLAS) -m pytest -n auto --dist loadgroup

lint: ## style, types, direction of imports, notebook hygiene, schemas up to date
	@$(RUN) -m tools.lint

docs: ## the documentation site, in site/ (offline)
	@$(RUN) -m tools.docs

schema: ## write the JSON Schemas of params/ from the models
	@$(RUN) -m tools.schemas

bench: ## how long each kind of run takes, against the naive build (ten minutes; table in outputs/bench): make bench Q=2015Q1
	@$(RUN) -m benchmarks.speed "$$Q"
	@$(RUN) -m benchmarks.plausibility

bench-atlas: ## packs per CPU hour, two workers against one, a worker's death; for 43 forces (ten minutes): DATA=FILE
	@$(ATLAS) -m benchmarks.atlas "$$DATA"

bench-large: ## count large tables against duckdb alone (three minutes, 2.2 GB of temporary disk): make bench-large DATA=FOLDER
	@$(RUN) -m benchmarks.large_tables "$$DATA"

bench-naive: ## only the naive build: papermill and nbconvert from the command line, one call after the other
	@$(RUN) -m benchmarks.naive_build "$$Q"

bench-statistics: ## how often charts and verdicts speak where nothing happened, simulated (a minute)
	@$(RUN) -m research.false_alarms
	@$(RUN) -m research.false_verdicts

backtest: ## measure the projections on the official counts (ten seconds)
	@$(RUN) -m research.backtest

clean: ## remove what can be made again (.venv, site, data/processed, outputs but for the manifests)
	@rm -rf .venv site {.,examples/*}/data/processed .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	@find {.,examples/*}/outputs -mindepth 2 -maxdepth 2 ! -name '*.json' ! -name workflow.cwl -exec rm -rf {} + 2>/dev/null || true
