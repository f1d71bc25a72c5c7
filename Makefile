# make figures      the article's figures, in output/   (sets up .venv by itself)
# make article      the same in English and in Korean, for bright and for dark pages
# make gallery      published experiments, in output/gallery/, and docs/gallery.md
# make gallery-all  every optimizer on four surfaces, in output/all/
# make test         lint, types, tests, and a render of the figures   (sets up .venv-dev by itself)
# make fuzz         each parser of untrusted input, for FUZZ_SECONDS (600) each
# make bench        the benchmark table
# make surfaces     docs/surfaces.png and docs/themes.png: every surface, and every theme
# make docs         a site of docs/ in site/   (sets up .venv-docs by itself)
PYTHON ?= python3
VENV ?= .venv
DEV ?= .venv-dev
DOCS ?= .venv-docs
FUZZ_SECONDS ?= 600

OPTANIM := $(VENV)/bin/optanim
SOURCES := $(shell find optanim -name '*.py' -o -name '*.yaml')

.PHONY: figures article gallery gallery-all test fuzz bench surfaces docs clean
# A file that make was stopped at is no figure. optanim leaves none; this is the second lock.
.DELETE_ON_ERROR:

figures:

# What each figure is made from, asked of optanim itself. Goals that render none do without.
ifneq ($(filter-out test fuzz bench surfaces docs clean gallery-all $(VENV)/% $(DEV)/% $(DOCS)/%,$(or $(MAKECMDGOALS),figures)),)
$(VENV)/figures.mk: $(SOURCES) $(VENV)/installed
	@$(OPTANIM) deps configs --file $@
$(VENV)/gallery.mk: $(SOURCES) $(VENV)/installed
	@$(OPTANIM) deps configs/gallery -o 'output/gallery/{config}.gif' --file $@
$(VENV)/dark.mk: $(SOURCES) $(VENV)/installed
	@$(OPTANIM) deps configs -s figure.theme=dark -o 'output/dark/{config}.webp' --file $@
$(VENV)/ko.mk: $(SOURCES) $(VENV)/installed
	@$(OPTANIM) deps configs/ko --file $@
include $(VENV)/figures.mk
FIGURES := $(OPTANIM_OUTPUTS)
include $(VENV)/dark.mk
ARTICLE := $(FIGURES) $(OPTANIM_OUTPUTS)
include $(VENV)/ko.mk
ARTICLE += $(OPTANIM_OUTPUTS)
include $(VENV)/gallery.mk
GALLERY := $(OPTANIM_OUTPUTS)
endif

figures: $(FIGURES)
article: $(ARTICLE)
$(ARTICLE) $(GALLERY): $(SOURCES) $(VENV)/installed

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --editable .
	@touch $@

$(DOCS)/installed: pyproject.toml
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/python -m pip install --quiet '.[docs]'
	@touch $@

$(DEV)/installed: pyproject.toml
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python -m pip install --quiet --editable '.[dev]'
	@touch $@

test: $(DEV)/installed
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/mypy
	$(DEV)/bin/pytest -n 2 --dist worksteal $(PYTEST)
	rm -rf $(DEV)/figures
	$(DEV)/bin/optanim render configs -o '$(DEV)/figures/{config}.gif'

# atheris follows the coverage of the code. Without it, hypothesis changes the seeds at random.
fuzz: $(DEV)/installed
	-$(DEV)/bin/python -m pip install --quiet --only-binary :all: atheris
	set -e; for target in $$($(DEV)/bin/python -m tests.fuzz); do \
	    $(DEV)/bin/python -m tests.fuzz $$target $(FUZZ_SECONDS); done

bench: $(DEV)/installed
	$(DEV)/bin/python benchmarks/bench.py

# Published experiments, and a page of them.
gallery: $(GALLERY)
	$(VENV)/bin/python docs/gallery.py

# Each at the rate that suits it best.
gallery-all: $(VENV)/installed
	$(OPTANIM) batch configs/gd_optimization.yaml -s optimizer.lr=auto \
	    --surfaces quadratic,rosenbrock,beale,himmelblau -o 'output/all/{surface}-{optimizer}.gif'

# A picture of every surface, and one of every theme.
surfaces: $(DEV)/installed
	$(DEV)/bin/python docs/contact_sheet.py

# A site of the README and docs/, which loads nothing from the network. Broken links stop it.
docs: $(DOCS)/installed
	$(DOCS)/bin/python docs/build_site.py
	@echo 'To read it: $(PYTHON) -m http.server -d site'

clean:
	rm -rf .venv .venv-dev .venv-docs .site site
