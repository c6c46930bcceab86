"""300 clients that send a byte a second: what becomes of the site behind nginx, and of gunicorn alone.

`python -m bench.slow_clients` starts both on this machine: the site with deploy/nginx.conf in front (only names, ports
and certificates changed), and the site by itself. While the slow ones hold on, a reader asks for page after page.
"""
# ruff: noqa: T201

import argparse
import ssl
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from socket import create_connection, socket

from bench import front, servers
from bench.servers import GUIDE, Server

HEAD = "POST /diagnosis/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4000\r\nContent-Type: text/plain\r\n\r\n"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--clients", type=int, default=300)
    arguments.add_argument("--seconds", type=int, default=20)
    given = arguments.parse_args()
    running: list[Server] = []
    with tempfile.TemporaryDirectory(prefix="careeros-slow-") as name, servers.stopping(running):
        folder = Path(name)
        environment = servers.prepare(folder)
        alone = servers.gunicorn("gunicorn alone", "careeros.wsgi", environment, plain=False)
        running.append(alone)
        behind = servers.gunicorn(
            "behind nginx", "careeros.wsgi", environment, plain=False, BEHIND_PROXY="on", TRUSTED_PROXIES="1"
        )
        running.append(behind)
        _, nginx = front.start(folder, behind)
        running.append(nginx)
        for server in (nginx, alone):
            answered, failed, worst = read_while_slow(server.port, server.scheme, given.clients, given.seconds)
            print(
                f"{server.name}, {given.clients} slow clients for {given.seconds} s: {answered} pages read, "
                f"{failed} not answered within 3 s, the slowest took {worst:.2f} s",
                flush=True,
            )


def read_while_slow(port: int, scheme: str, clients: int, seconds: int) -> tuple[int, int, float]:
    """Pages read, pages not answered in time, and the longest a page took (seconds)."""
    stop = threading.Event()
    crowd = threading.Thread(target=hold_on, args=(port, scheme, clients, stop))
    crowd.start()
    time.sleep(3)
    answered = failed = 0
    worst, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            read(port, scheme)
            answered += 1
        except OSError:
            failed += 1
        worst = max(worst, time.monotonic() - begun)
        time.sleep(0.1)
    stop.set()
    crowd.join()
    return answered, failed, worst


def hold_on(port: int, scheme: str, clients: int, stop: threading.Event) -> None:
    """So many connections that send their heads at once and then a byte a second; whoever is cut off comes again."""
    held: list[socket] = []
    while not stop.is_set():
        for sock in list(held):
            try:
                sock.send(b"x")
            except OSError:
                held.remove(sock)
                sock.close()
        while len(held) < clients and not stop.is_set():
            try:
                held.append(_begin(port, scheme, f"127.0.0.{2 + len(held) % 50}"))
            except OSError:
                break
        stop.wait(1)
    for sock in held:
        sock.close()


def _begin(port: int, scheme: str, address: str) -> socket:
    # From fifty addresses: nginx takes fifty connections of one at the most, and the reader has one as well.
    sock: socket = create_connection(("127.0.0.1", port), timeout=2, source_address=(address, 0))
    if scheme == "https":
        sock = UNCHECKED.wrap_socket(sock, server_hostname="localhost")
    sock.sendall(HEAD.format(host="localhost").encode())
    return sock


def read(port: int, scheme: str) -> bytes:
    """A page that is made by the application, within three seconds. Raises OSError when it does not come."""
    request = urllib.request.Request(f"{scheme}://localhost:{port}{GUIDE}?{time.time()}")  # noqa: S310
    with urllib.request.urlopen(request, timeout=3, context=UNCHECKED) as page:  # noqa: S310
        data: bytes = page.read()
        return data


UNCHECKED = ssl.create_default_context()
UNCHECKED.check_hostname, UNCHECKED.verify_mode = False, ssl.CERT_NONE

if __name__ == "__main__":
    main()
