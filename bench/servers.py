"""Starts what is measured, each server on a port of its own, and ends it."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDE = "/how-to-become-an-engineering-manager/"
START_SECONDS = 60


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


# Servers of our own on this machine, with a certificate made a moment ago.
_trusting = ssl._create_unverified_context()  # noqa: S323
_opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=_trusting))


@dataclass
class Server:
    """A running server: its port, its process, and how long its first 200 took (seconds)."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    first_200: float = 0.0
    scheme: str = "http"

    @property
    def origin(self) -> str:
        host = "127.0.0.1" if self.scheme == "http" else "localhost"  # a certificate's name
        return f"{self.scheme}://{host}:{self.port}"

    def workers(self) -> list[int]:
        """The ids of the processes that answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def prepare(folder: Path, **more: str) -> dict[str, str]:
    """A fresh installation in `folder`, and the environment, `more` among it, that its commands and servers take."""
    environment = environment_of(folder) | more
    Path(environment["VAR_DIR"]).mkdir(parents=True)
    for command in (["migrate", "-v0"], ["load_content"], ["collectstatic", "--no-input", "-v0"]):
        manage(command, environment)
    return environment


def environment_of(folder: Path) -> dict[str, str]:
    """What commands and servers of the installation in `folder` take."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "SECRET_KEY", "STATIC_ROOT", "SEND_MAIL")
    }
    # The yardsticks log nothing, so neither does the page cache; in front of it nginx writes the line.
    quiet = {"LOG_LEVEL": "error", "LOG_PAGES_FROM_MEMORY": "off"}
    return environment | quiet | {"VAR_DIR": str(folder / "var"), "HTTPS": "off", "HOST": "127.0.0.1"}


def manage(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )


def gunicorn(name: str, application: str, environment: dict[str, str], *, plain: bool = True, **more: str) -> Server:
    """Start gunicorn in the site's configuration (`plain`: without the site's own hooks) and wait for its first 200."""
    port = free_port()
    config = "bench/plain_gunicorn.py" if plain else "careeros/gunicorn.py"
    begun = time.perf_counter()
    with (Path(environment["VAR_DIR"]) / "servers.log").open("a") as log:  # a line for every request that is rendered
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gunicorn", "--config", config, application],
            cwd=ROOT,
            env={**environment, "PORT": str(port), "PYTHONPATH": str(ROOT), **more},
            stderr=log,
        )
    server = Server(name, port, process)
    wait(server, begun, GUIDE)
    return server


def wait(server: Server, begun: float, path: str) -> None:
    """Until the server answers at `path`; notes how long that took since `begun`. RuntimeError if it does not."""
    while time.perf_counter() - begun < START_SECONDS:
        if server.process.poll() is not None:
            raise RuntimeError(f"{server.name} ended with {server.process.returncode}")
        try:
            status, _, _ = get(server, path)
        except OSError:
            time.sleep(0.02)
            continue
        if status < 400:
            server.first_200 = time.perf_counter() - begun
            return
        raise RuntimeError(f"{server.name} answers {status}")
    raise RuntimeError(f"{server.name} did not answer within {START_SECONDS} seconds")


def get(server: Server, path: str, headers: dict[str, str] | None = None) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body as they were sent; a redirect is not followed."""
    request = urllib.request.Request(server.origin + path, headers=headers or {})  # noqa: S310
    try:
        with _opener.open(request, timeout=30) as response:
            return response.status, response.getheaders(), response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.items(), error.read()


def write_answer(path: Path, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
    """What `bench.bare` is to answer; the headers that gunicorn adds itself are left out."""
    own = [(name, value) for name, value in headers if name.lower() not in ("server", "date", "connection")]
    text = json.dumps({"status": status, "headers": own, "body": b64encode(body).decode()})
    path.write_text(text, encoding="ascii")


@contextmanager
def stopping(servers: list[Server]) -> Iterator[None]:
    """On leaving, whatever way, every server that was put into the list is stopped."""
    try:
        yield
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.stop()
