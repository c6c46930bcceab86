# Everything runs from here; `make help` lists it. Needs Python 3.11 or newer, and for the tests a Chromium.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# --no-deps: the locks are whole, which is checked right away. Given a choice, pip 23 takes a newer release of a package
# that another one asks for with an extra, and then refuses it, because no hash of it is locked.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

.PHONY: help run editor test test-postgres lint types check browser front bench bench-scale bench-load bench-slow bench-lighthouse try-image images lock audit sbom clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(VENV)/runtime: requirements.lock
	@echo "Installing the locked packages into $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) -r requirements.lock
	@$(BIN)/python -m pip check
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/runtime
	@echo "Installing the locked development packages …"
	@$(INSTALL) -r requirements-dev.lock
	@$(BIN)/python -m pip check
	@touch $@

run: export HTTPS ?= off
run: export SEND_MAIL ?= on
run: export MAIL_LINK_ORIGIN ?= http://localhost:$(PORT)
run: export PORT := $(PORT)
run: $(VENV)/runtime ## install, migrate, load the content and serve on http://localhost:8000 (PORT=… changes it)
	@echo "Bringing the database up to date …"
	@$(BIN)/python manage.py migrate --verbosity 0
	@echo "Loading content/ …"
	@$(BIN)/python manage.py load_content
	@$(BIN)/python manage.py load_scorecard
	@$(BIN)/python manage.py load_bookings_defaults
	@echo "Collecting static files …"
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@echo
	@echo "Career OS is at http://localhost:$(PORT) (Ctrl+C stops it)."
	@$(BIN)/python -c "from careeros.environment import env; url = env.str('EMAIL_URL', default=''); print('Mail is sent as EMAIL_URL says.' if url else 'Mail is written to the folder var/mail/.')"
	@echo "Editors work at http://localhost:$(PORT)/admin/ — \`make editor\` in another terminal creates one."
	@exec $(BIN)/gunicorn --config careeros/gunicorn.py careeros.wsgi

editor: export HTTPS ?= off
editor: $(VENV)/runtime ## create somebody who may edit everything
	@$(BIN)/python manage.py createsuperuser

test: $(VENV)/dev browser ## the whole suite, browser tests included, with coverage
	$(BIN)/python -m pytest --cov --cov-report=term

test-postgres: $(VENV)/dev front ## the suite without the browser, on a PostgreSQL started for the run
	.ci/with-postgres $(BIN)/python -m pytest -m "not browser"

lint: $(VENV)/dev ## style, templates, import order, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	EMAIL_URL=smtp+tls://localhost:587 TRUSTED_PROXIES=1 $(BIN)/python manage.py check --deploy --fail-level WARNING

types: $(VENV)/dev ## mypy with django-stubs
	$(BIN)/mypy careeros guides readiness bookings bench

check: lint types test test-postgres ## all of it

audit: $(VENV)/dev ## known vulnerabilities in the locked packages (asks the internet)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

sbom: $(VENV)/dev ## a bill of materials of what runs, CycloneDX, in sbom.json
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o sbom.json

browser: front
	@.ci/need chromium chromium
ifdef CI
	@.ci/html-checker $(VENV)
endif

front:
	@.ci/need nginx nginx-light
	@.ci/need openssl openssl

bench: $(VENV)/runtime front ## measure the site against a bare WSGI function, Django's cache and nginx
	@.ci/need wrk wrk
	$(BIN)/python -m bench.compare

bench-scale: $(VENV)/runtime ## the same with 10, 100, 1,000 and 10,000 guides
	@.ci/need wrk wrk
	$(BIN)/python -m bench.scale

bench-load: $(VENV)/runtime front ## 2,000 requests a second for a minute, bookings among them, and what was answered
	@.ci/need wrk wrk
	$(BIN)/python -m bench.load

bench-slow: $(VENV)/runtime front ## 300 slow clients against nginx in front of the site, and against gunicorn alone
	$(BIN)/python -m bench.slow_clients

bench-lighthouse: $(VENV)/runtime browser ## Lighthouse's phone on four pages behind nginx (takes Lighthouse from npm)
	@.ci/lighthouse $(VENV)
	$(BIN)/python -m bench.lighthouse $(VENV)/lighthouse/node_modules/lighthouse/cli/index.js

try-image: ## build the image (Debian's buildah, as root), run it as in production and ask what must hold
	.ci/try-image

images: $(VENV)/dev browser ## draw the raster crops of the opening drawings anew
	$(BIN)/python manage.py draw_images

lock: $(VENV)/dev ## resolve the dependencies anew, with hashes
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header \
	  --extra postgres --extra email pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header \
	  --extra postgres --extra email --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove the environment and caches; the database in var/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage* htmlcov
