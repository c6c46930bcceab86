"""A search engine of our own: an HTTP server on loopback that answers what it is told and keeps what it was sent."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

KEY = "73134416ae45434d98edc086e0bf6740"
SILENCE, HANG_UP = "silence", "hang up"


class SearchEngine(ThreadingHTTPServer):
    """`answers` are given in turn, the last one for ever: (status, headers), SILENCE or HANG_UP."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Endpoint)
        self.answers: list[tuple[int, dict[str, str]] | str] = [(200, {})]
        self.is_over = threading.Event()
        self.told: list[dict] = []
        self.requests: list[tuple[str, str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/indexnow"

    @property
    def urls(self) -> list[list[str]]:
        """The addresses of each request, without the site's origin."""
        return [[url.removeprefix("https://eichdyn.co.uk") for url in told["urlList"]] for told in self.told]


class Endpoint(BaseHTTPRequestHandler):
    server: SearchEngine

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.command, self.path, self.headers["Content-Type"]))
        self.server.told.append(json.loads(body))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer == SILENCE:
            self.server.is_over.wait()
        if answer in (SILENCE, HANG_UP):
            self.close_connection = True
            return
        status, headers = answer
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def search_engine(settings) -> Iterator[SearchEngine]:
    """It runs, and the site is set up to tell it of publications."""
    server = SearchEngine()
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    settings.INDEXNOW_KEY = KEY
    settings.INDEXNOW_ENDPOINT = server.address
    yield server
    server.is_over.set()
    server.shutdown()
    server.server_close()
