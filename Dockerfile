# Build: the locked packages and the collected static files, in a virtual environment that is copied over whole.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
COPY . .
# This key only lets settings load while files are collected; the running container has its own.
RUN SECRET_KEY=only-to-collect-static-files STATIC_ROOT=/app/collected /venv/bin/python manage.py collectstatic --no-input \
 && rm -rf var

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/careeros --shell /usr/sbin/nologin careeros
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/careeros STATIC_ROOT=/app/collected PORT=8000
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER careeros
VOLUME /var/careeros
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
CMD ["sh", "-c", "python manage.py migrate --no-input && python manage.py load_content && python manage.py load_bookings_defaults && exec gunicorn --config careeros/gunicorn.py careeros.wsgi"]
