# SQLite, from its own amalgamation: Debian's has the WAL-reset fault (3.7.0 to 3.51.2, see careeros/checks.py). The
# package better-sqlite3 carries that one file untouched; both digests are fixed here.
FROM node:22-slim AS sqlite
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /sqlite
RUN npm pack --silent better-sqlite3@12.11.1 \
 && echo "ebf0ed75a7a59dbcb3b24bbd014ef49d9f15bc328e4adcbf516f2a8fadfa2835  better-sqlite3-12.11.1.tgz" | sha256sum --check --quiet \
 && tar -xzf better-sqlite3-12.11.1.tgz --strip-components=3 package/deps/sqlite3/sqlite3.c \
 && echo "60d2f39a3726cd6b9021da6f4e868608d66fbb6528a9f513dc8ffcc640493422  sqlite3.c" | sha256sum --check --quiet \
 && gcc -O2 -shared -fPIC -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_MATH_FUNCTIONS \
      -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_SECURE_DELETE -DSQLITE_MAX_VARIABLE_NUMBER=250000 \
      -Wl,-soname,libsqlite3.so.0 -o libsqlite3.so.0 sqlite3.c -lpthread -ldl -lm

# The locked packages and the collected static files, in a virtual environment that is copied over whole.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock && /venv/bin/python -m pip check
COPY . .
# This key only lets settings load while files are collected; the running container has its own.
RUN SECRET_KEY=only-to-collect-static-files-with STATIC_ROOT=/app/collected /venv/bin/python manage.py collectstatic --no-input \
 && /venv/bin/python -m compileall -q /venv /app \
 && rm -rf var

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /var/careeros --shell /usr/sbin/nologin careeros
# Found before Debian's own; `manage.py check --database default` says when it is not.
COPY --from=sqlite /sqlite/libsqlite3.so.0 /opt/sqlite/libsqlite3.so.0
ENV LD_LIBRARY_PATH=/opt/sqlite PATH=/venv/bin:$PATH SEND_MAIL=on PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/careeros STATIC_ROOT=/app/collected PORT=8000
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER careeros
# The one place it writes to besides /tmp: the root file system may be read-only (docker run --read-only --tmpfs /tmp).
VOLUME /var/careeros
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
# `exec`: gunicorn is process 1 and hears SIGTERM itself. A content file that cannot be read is named in the log, changes
# nothing and keeps nobody from reading what is published already.
CMD ["sh", "-c", "python manage.py migrate --no-input && { python manage.py load_content; python manage.py load_scorecard; python manage.py load_bookings_defaults; exec gunicorn --config careeros/gunicorn.py careeros.wsgi; }"]
