"""How gunicorn serves the site (`gunicorn --config careeros/gunicorn.py careeros.wsgi`), and why so."""

import gc
import logging
import os
from typing import Any

from django.db import DatabaseError

logger = logging.getLogger(__name__)


def _whole_number(name: str, default: int) -> int:
    """Raises ValueError, naming the variable, for what is no whole number above 0."""
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        raise ValueError(f"{name} must be a whole number, 1 or more.")
    return int(value)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


bind = f"{os.environ.get('HOST', '0.0.0.0')}:{_whole_number('PORT', 8000)}"  # noqa: S104  (a container's port)
# Pages come from memory, which is Python's work and not waiting: a process for each core keeps all of them busy, and
# two at least keep one slow render from holding up the rest. More would only hold the same pages once more.
workers = _whole_number("WEB_CONCURRENCY", max(2, _cores()))
# Threads serve slow readers and waiting database queries side by side; each holds a database connection at most.
worker_class = "gthread"
threads = _whole_number("WEB_THREADS", 8)
# The site is imported, and its first pages are made, once: workers start at once and share that memory.
preload_app = True
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
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
logger_class = "careeros.server_log.ServerLog"
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()


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


def post_worker_init(_worker: Any) -> None:
    """What runs beside the requests: compressing the first pages and, with SEND_MAIL=on, sending what is due."""
    from careeros.wsgi import page_cache

    page_cache.compress()
    if os.environ.get("SEND_MAIL", "off").lower() in ("on", "true", "1", "yes"):
        from bookings import sender

        sender.start_in_background()
