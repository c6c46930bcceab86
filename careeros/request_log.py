"""One line in the log for every request, and an id that a person can quote when something went wrong.

The outermost WSGI layer, so that it sees what every other one answers, a page from memory included. Such a page costs
little more than Python's logging of it would: the line is put together by hand and written by one system call, so that
lines of several workers never run into one another.
"""

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from careeros.logs import logged_path, request_id

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

CACHE_KEY = "careeros.cache"
"""Where in the WSGI environment the page cache says what it did: hit, miss, stale. Nothing for what it never keeps."""
STANDARD_ERROR = 2
_given_id = re.compile(r"[0-9a-f]{32}").fullmatch


def to_standard_error(line: str) -> None:
    """Write the line. A log that cannot be written, as on a full disk, fails no request."""
    try:
        os.write(STANDARD_ERROR, line.encode())
    except OSError:
        return


class RequestLog:
    """Wraps a WSGI application. The proxy's X-Request-ID is taken over when it is 32 hexadecimal digits.

    A line's `ms` are the milliseconds until the answer was ready; how long a client takes to fetch it is not counted.
    """

    def __init__(
        self,
        application: Application,
        write: Callable[[str], object] = to_standard_error,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.application = application
        self.write = write
        self.clock = clock

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        identifier = given if given and _given_id(given) else f"{random.getrandbits(128):032x}"
        started, answered = self.clock(), "500"

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal answered
            answered = status[:3]
            if answered >= "400":
                headers = [*headers, ("X-Request-ID", identifier)]
            return start_response(status, headers, *rest)

        token = request_id.set(identifier)
        try:
            return self.application(environ, start)
        except BaseException:
            answered = "500"
            raise
        finally:
            request_id.reset(token)
            ms, now = (self.clock() - started) * 1000, time.time()
            self.write(
                f'{{"time": "{_second(int(now))}.{int(now % 1 * 1000):03d}+00:00", "level": "info", '
                f'"logger": "careeros.requests", "id": "{identifier}", '
                f"{_asked_for(environ.get('REQUEST_METHOD', ''), environ.get('PATH_INFO', ''))}, "
                f'"status": {answered}, "ms": {ms:.1f}, "cache": "{environ.get(CACHE_KEY, "-")}"}}\n'
            )


@lru_cache(maxsize=2)
def _second(since_epoch: int) -> str:
    # Put into words once a second: it was a quarter of what a line costs.
    return datetime.fromtimestamp(since_epoch, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=1024)
def _asked_for(method: str, path: str) -> str:
    # WSGI hands bytes over as Latin-1 (PEP 3333).
    text = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return f'"method": {json.dumps(method[:10])}, "path": {json.dumps(logged_path(text))}'
