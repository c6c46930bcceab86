"""How gunicorn serves the site (`gunicorn --config careeros/gunicorn.py careeros.wsgi`), and why so."""

import gc
import logging
import os
from functools import partial
from typing import Any

from django.db import DatabaseError
from django.db.backends.signals import connection_created

from careeros.environment import env, one_of, trusted_addresses, whole_number

logger = logging.getLogger(__name__)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


bind = f"{env.str('HOST', default='0.0.0.0')}:{whole_number('PORT', 8000, 1, 65_535)}"  # noqa: S104  (a container's port)
# Pages come from memory, which is Python's work and not waiting: a process for each core keeps all of them busy, and
# two at least keep one slow render from holding up the rest. More would only hold the same pages once more.
workers = whole_number("WEB_CONCURRENCY", max(2, _cores()), minimum=1)
# Threads serve slow readers and waiting database queries side by side; each holds a database connection at most.
worker_class = "gthread"
threads = whole_number("WEB_THREADS", 8, minimum=1)
# The site is imported, and its first pages are made, once: workers start at once and share that memory.
preload_app = True
# Seconds that a thread waits for PostgreSQL's answer to one statement. A server that hangs keeps its connections open,
# and without an end to it they would soon have all threads, and with those the pages from memory.
patience = 10
# A worker that says nothing for so long (seconds) is replaced; a slow reader does not count, a thread waits for it.
timeout = 30
graceful_timeout = 20
# Seconds a connection waits for its next request: as long as a page's own files take. deploy/nginx.conf keeps none.
keepalive = 15
# Memory that something leaked comes back; the jitter keeps the workers from leaving all at once.
max_requests = 500_000
max_requests_jitter = 50_000
# Heartbeats in memory: on a slow disk they would block the worker they watch.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# An address, a cookie and what a browser adds fit well; what is larger is an attack.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# Only a proxy on this machine may say how the reader reached it.
forwarded_allow_ips = trusted_addresses("FORWARDED_ALLOW_IPS", default="127.0.0.1,::1")
logger_class = "careeros.server_log.ServerLog"
# --no-control-socket: nothing of ours gives gunicorn commands by the socket that it would listen on.
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = one_of("LOG_LEVEL", ("debug", "info", "warning", "error", "critical"), default="warning")


def when_ready(_server: Any) -> None:
    """Make the first pages, once for all workers. Requests that come meanwhile wait at the socket."""
    from careeros.page_cache import first_pages
    from careeros.wsgi import page_cache

    try:
        first_pages.fill(page_cache)
    except DatabaseError:
        logger.exception("The first pages could not be made; their first readers will have them made.")
    # What is there before the workers part stays: the collector need not look it over, which would also copy it.
    gc.collect()
    gc.freeze()


def _be_impatient(connection: Any, **_signal: Any) -> None:
    """Let a statement that is not answered in time fail, as OperationalError. Not for commands, which may take long."""
    if connection.vendor == "postgresql":
        connection.connection.wait = partial(connection.connection.wait, timeout=patience)


def post_worker_init(_worker: Any) -> None:
    """Be impatient, and begin what runs beside the requests: compressing the first pages and, with SEND_MAIL=on,
    sending what is due."""
    from django.conf import settings

    from careeros.wsgi import page_cache

    connection_created.connect(_be_impatient)
    page_cache.compress()
    if settings.SEND_MAIL:
        from bookings import sender

        sender.start_in_background()
