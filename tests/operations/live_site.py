"""A site that runs: gunicorn with two workers, started as in production, and what clients do with it."""

import http.client
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.operations.conftest import ROOT


@contextmanager
def running(site, *, most_bytes=None):
    """Yields the process and its address; the site has ended afterwards.

    With `most_bytes` no file that it writes may grow beyond that (RLIMIT_FSIZE), as on a disk that is full.
    """
    port = free_port()
    environment = site | {"PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "2"}
    address, log = f"http://127.0.0.1:{port}", (Path(site["VAR_DIR"]) / "log").open("a")
    limit = ["prlimit", f"--fsize={most_bytes}"] if most_bytes else []
    process = subprocess.Popen(
        [*limit, sys.executable, "-m", "gunicorn", "--config", "careeros/gunicorn.py", "careeros.wsgi"],
        cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        until(lambda: get(f"{address}/healthz")[0] == 200)
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(40)
        log.close()


def with_setting(site, lines):
    """The same environment with more lines in its settings."""
    folder = Path(site["VAR_DIR"]).parent
    (folder / "one_more_setting.py").write_text(f"from careeros.settings import *\n{lines}\n")
    return site | {"PYTHONPATH": f"{folder}:{ROOT}", "DJANGO_SETTINGS_MODULE": "one_more_setting"}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until(is_so, seconds=60):
    """Wait for something another process does; fails when it does not happen within `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def get(address, data=None, headers=None):
    """(status, body); status 0 when nobody answered, or whoever did was killed in the middle of it."""
    request = urllib.request.Request(
        address, data=urllib.parse.urlencode(data).encode() if data else None, headers=headers or {}
    )
    try:
        with OPENER.open(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Follows no redirect, raises for no status."""

    def http_response(self, request, response):
        return response


OPENER = urllib.request.build_opener(_AsItIs)


def workers_of(process):
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(child) for child in children]


def one_booking(address, number=0):
    """What a prospect does: choose a time, give their details. (status, body)."""
    _, page = get(f"{address}/diagnosis/?from=/&cta=site-header")
    slots = re.findall(r'name="slot" value="([^"]+)"', page)
    if not slots:
        return 0, ""
    slot = slots[number % len(slots)]
    _, page = get(f"{address}/diagnosis/?slot={urllib.parse.quote(slot)}")
    signed = re.search(r'name="form" value="([^"]+)"', page)
    if signed is None:
        return 0, ""
    return get(
        f"{address}/diagnosis/", {"slot": slot, "form": signed[1], "name": "Sam", "email": f"sam{number}@example.org"}
    )
