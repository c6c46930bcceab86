"""A real server and a real browser: gunicorn in the production configuration, Debian's Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen) -> None:
    for _ in range(150):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer within 15 seconds")


@pytest.fixture(scope="session")
def server_environment(tmp_path_factory) -> dict[str, str]:
    """The environment of a fresh installation: its own database, key, mail folder and static files."""
    var = tmp_path_factory.mktemp("var")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY", "STATIC_ROOT")
    }
    environment |= {"VAR_DIR": str(var), "HTTPS": "off", "PORT": str(_free_port()), "HOST": "127.0.0.1"}
    environment["BOOKINGS_ATTEMPTS_PER_HOUR"] = "100000"  # all visitors of these tests share one address
    for command in (
        ["migrate", "-v0"],
        ["load_content"],
        ["load_scorecard"],
        ["load_bookings_defaults"],
        ["collectstatic", "--no-input", "-v0"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, capture_output=True
        )
    return environment


@pytest.fixture(scope="session")
def server(server_environment, tmp_path_factory) -> Iterator[str]:
    """The address of a running site, as `make run` starts it."""
    address = f"http://127.0.0.1:{server_environment['PORT']}"
    log = (tmp_path_factory.mktemp("log") / "gunicorn.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "careeros/gunicorn.py", "careeros.wsgi"],
        cwd=ROOT, env=server_environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@pytest.fixture
def open_page(browser, server) -> Iterator[Callable[..., Page]]:
    """A function that opens a path in a context of its own; on leaving, no page may have said anything."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_(path: str, *, allow: tuple[str, ...] = (), **options) -> Page:
        context = browser.new_context(**{"viewport": PHONE, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: None if any(a in message.text for a in allow) else said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request", lambda request: None if request.url.startswith((server, "data:")) else said.append(request.url)
        )
        page.goto(server + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []
