"""The site behind its page cache, asked as a server asks it; and what it is when something is down."""

from dataclasses import dataclass
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError

from careeros.page_cache import PageCache

GUIDE = "/how-to-begin/"
HOST = "eichdyn.co.uk"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """The site behind its page cache; `rendered` counts how often Django was asked."""

    def __init__(self, application=None, **options) -> None:
        self.application = application or WSGIHandler()
        self.rendered = 0
        self.cache = PageCache(self._counted, **options)

    def _counted(self, environ, start_response):
        self.rendered += 1
        return self.application(environ, start_response)

    def ask(self, path=GUIDE, *, method="GET", query="", **headers: str) -> Reply:
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": HOST}
        environ |= {"wsgi.url_scheme": "https", "SCRIPT_NAME": "", "REMOTE_ADDR": "192.0.2.1"}
        setup_testing_defaults(environ)
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        started = []

        def start_response(status, headers, exc_info=None):
            started.append((int(status[:3]), dict(headers)))
            return lambda _: None

        # wsgiref holds to PEP 3333; of a 304 it wrongly wants no Content-Type even without a body.
        chunks = validator(self.cache)(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            chunks.close()
        return Reply(*started[0], body)

    def kept(self) -> set[str]:
        """The addresses of the pages kept, a query that counts among them."""
        return {"?".join(key) if isinstance(key, tuple) else key for key in self.cache.shelf._pages}


def away(_now):
    raise OperationalError("could not connect to server")


def failing(_environ, start_response):
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"no"]
