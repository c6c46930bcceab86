"""One line in the log for every request, and an id that a person can quote when something went wrong.

A WSGI layer, so that it sees what every other layer answers, a page from memory included.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from careeros.logs import logged_path, request_id

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

logger = logging.getLogger("careeros.requests")
ID_KEY = "careeros.request_id"
CACHE_HEADER = "x-cache"
"""The response header in which the page cache says where a page came from (hit, miss, …)."""
_GIVEN_ID = re.compile(r"[0-9a-f]{32}")


class RequestLog:
    """Wraps a WSGI application. The proxy's X-Request-ID is taken over when it is 32 hexadecimal digits."""

    def __init__(self, application: Application, clock: Callable[[], float] = time.perf_counter) -> None:
        self.application = application
        self.clock = clock

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        identifier = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(16)
        environ[ID_KEY] = identifier
        started = self.clock()
        answered: dict[str, Any] = {"status": 0, "cache": "-"}

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answered["status"] = int(status[:3])
            answered["cache"] = next((value for name, value in headers if name.lower() == CACHE_HEADER), "-")
            if answered["status"] >= 400:
                headers = [*headers, ("X-Request-ID", identifier)]
            return start_response(status, headers, *rest)

        token = request_id.set(identifier)
        try:
            body = self.application(environ, start)
        except BaseException:
            answered["status"] = 500
            self._write(environ, answered, started)
            raise
        finally:
            request_id.reset(token)
        return _Logged(body, lambda: self._write(environ, answered, started))

    def _write(self, environ: Environ, answered: dict[str, Any], started: float) -> None:
        fields = {
            "id": environ[ID_KEY],
            "method": environ.get("REQUEST_METHOD", "")[:10],
            "path": logged_path(_path(environ)),
            "status": answered["status"],
            "ms": round((self.clock() - started) * 1000, 1),
            "cache": answered["cache"],
        }
        logger.info("%s %s", fields["method"], fields["path"], extra={"fields": fields})


def _path(environ: Environ) -> str:
    # WSGI hands bytes over as Latin-1 (PEP 3333).
    path: str = environ.get("PATH_INFO", "")
    return path.encode("latin-1", "replace").decode("utf-8", "replace")


class _Logged:
    """The body, passed through untouched (a file stays a file to the server); its end writes the line."""

    def __init__(self, body: Iterable[bytes], at_end: Callable[[], None]) -> None:
        self._body = body
        self._at_end: Callable[[], None] | None = at_end

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    def close(self) -> None:
        try:
            if (close := getattr(self._body, "close", None)) is not None:
                close()
        finally:
            if (at_end := self._at_end) is not None:
                self._at_end = None
                at_end()
