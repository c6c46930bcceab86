"""Asks Django for a page in a request that carries nothing of any visitor, and judges whether it may be kept."""

import io
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from careeros.page_cache.page import Headers
from careeros.page_cache.public_pages import OPEN_FORMS

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

FORM = re.compile(r"<form\b[^>]*>", re.IGNORECASE)
POSTS = re.compile(r"\bmethod\s*=\s*[\"']?post", re.IGNORECASE)
ACTION = re.compile(r"\baction\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
PRIVATE = re.compile(r"\b(private|no-store|no-cache)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """A response, whole. `environ` is the request's as Django left it."""

    status: str
    headers: Headers
    body: bytes
    environ: dict[str, Any]

    @property
    def code(self) -> int:
        return int(self.status[:3])

    def header(self, name: str) -> str:
        """The header's values, joined by commas; empty when there is none."""
        return ", ".join(value for given, value in self.headers if given.lower() == name)


def host() -> str:
    """The host that pages are rendered for: the canonical one, or the first allowed if that one is not allowed."""
    netloc = urlsplit(settings.SITE_ORIGIN).netloc
    if validate_host(split_domain_port(netloc)[0], settings.ALLOWED_HOSTS):
        return netloc
    return str(settings.ALLOWED_HOSTS[0]).lstrip(".") if settings.ALLOWED_HOSTS else netloc


def render(application: WSGIApplication, path: str, query: str) -> Answer:
    """The answer to a GET by nobody in particular: no cookie, no language, no credentials, the canonical host.

    `path` is a PATH_INFO (bytes as Latin-1, PEP 3333). Whatever a visitor sent cannot be in the page.
    """
    name, _, port = host().partition(":")
    scheme = "https" if settings.HTTPS else "http"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": name,
        "SERVER_PORT": port or ("443" if scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host(),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    started: list[Any] = []

    def start_response(status: str, headers: Headers, *_exc_info: Any) -> None:
        started[:] = [status, headers]

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = started
    return Answer(status, list(headers), body, environ)


def why_not_public(answer: Answer) -> str:
    """Why a page that answered 200 may not be kept, in words; empty when it may."""
    if answer.header("set-cookie"):
        return "it sets a cookie"
    # django.middleware.csrf.get_token leaves its trace in the request.
    if "CSRF_COOKIE" in answer.environ or b"csrfmiddlewaretoken" in answer.body:
        return "it holds a CSRF token"
    if _holds_closed_form(answer.body.decode("utf-8", "replace")):
        return "it holds a form that posts"
    varies = {name.strip().lower() for name in answer.header("vary").split(",")} - {"", "accept-encoding"}
    if varies:
        return f"it varies by {', '.join(sorted(varies))}"
    if PRIVATE.search(answer.header("cache-control")):
        return f"its Cache-Control is {answer.header('cache-control')}"
    if answer.header("content-encoding"):
        return "it is compressed already"
    return ""


def _holds_closed_form(html: str) -> bool:
    """Whether there is a form that posts and is not one of those that are the same for everybody."""
    for form in FORM.findall(html):
        action = ACTION.search(form)
        if POSTS.search(form) and (action is None or action[1] not in OPEN_FORMS):
            return True
    return False
