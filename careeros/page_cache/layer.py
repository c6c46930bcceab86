"""The WSGI application around Django: a public GET or HEAD is answered from memory, everything else by Django."""

import io
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest, get_path_info

from careeros.page_cache.compressing import Compressor
from careeros.page_cache.negotiation import accepted_codings, names_tag
from careeros.page_cache.page import Page, make_page
from careeros.page_cache.public_pages import NotCacheable, canonical_query, parameters_of
from careeros.page_cache.rendering import Answer, WSGIApplication, render, why_not_public
from careeros.page_cache.shelf import Key, Shelf
from careeros.page_cache.watch import State, Watch
from careeros.request_log import CACHE_KEY

logger = logging.getLogger(__name__)

StartResponse = Callable[..., Any]
Door = tuple[str | None, str | None, str | None]

MOST_BYTES = 64 * 1024 * 1024
MOST_DOORS = 64
PATIENCE_SECONDS = 1.0
"""How long who asks for a stale page waits for whoever makes it anew, before they get it as it was."""
FINAL = (404, 410, 500, 503)
"""Answers that are the same for everybody, so that Django need not be asked twice; they are not kept."""


class PageCache:
    """Wraps Django's WSGI application; one to a process, shared by its threads."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        watch: Watch | None = None,
        most_bytes: int | None = None,
    ) -> None:
        self.application = application
        self.watch = watch or Watch()
        self.shelf = Shelf(most_bytes or MOST_BYTES)
        self.compressor = Compressor()
        self._doors: set[Door] = set()
        self._turns = tuple(threading.Lock() for _ in range(64))
        # nginx takes the header X-Accel-Expires off; without a proxy nobody would.
        self._behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
        self._scheme_header = settings.SECURE_PROXY_SSL_HEADER[0] if settings.SECURE_PROXY_SSL_HEADER else ""
        self._host_header = "HTTP_X_FORWARDED_HOST" if settings.USE_X_FORWARDED_HOST else "HTTP_HOST"

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and not environ.get("SCRIPT_NAME") and self._admits(environ):
            found = self._find(environ)
            if isinstance(found, Page):
                return self._serve(found, environ, start_response)
            if found is not None:
                start_response(found.status, found.headers)
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [found.body]
        return self.application(environ, start_response)

    # ---- who may come in

    def _admits(self, environ: dict[str, Any]) -> bool:
        """Whether Django would answer this host, over this scheme, with the page and not with 400 or a redirect."""
        door = (environ.get(self._host_header), environ.get(self._scheme_header), environ.get("wsgi.url_scheme"))
        if door in self._doors:
            return True
        request = WSGIRequest({**environ, "wsgi.input": io.BytesIO()})
        try:
            request.get_host()
        except DisallowedHost:
            return False
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return False
        if door[0] is not None:
            if len(self._doors) >= MOST_DOORS:
                self._doors.clear()
            self._doors.add(door)
        return True

    # ---- finding the page

    def _find(self, environ: dict[str, Any]) -> Page | Answer | None:
        """The page asked for, fresh; an answer that is none; None when the request is Django's."""
        state = self.watch.look()
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if not query:
            page: Page | None = self.shelf.get(path)
            if page is not None and page.state is state:
                environ[CACHE_KEY] = "hit"
                return page
        takes = parameters_of(get_path_info(environ))
        if takes is None or state is None:
            return None
        try:
            query = canonical_query(query, takes)
        except NotCacheable:
            return None
        kept = self.shelf.get((path, query) if query else path)
        found = self._fresh(path, query, state)
        if isinstance(found, Page):
            environ[CACHE_KEY] = "miss" if found is not kept else "hit" if found.state is self.watch.state else "stale"
        return found

    def _fresh(self, path: str, query: str, state: State) -> Page | Answer | None:
        key: Key = (path, query) if query else path
        page = self.shelf.get(key)
        if page is not None and self._may_serve(page, state):
            return page
        # Whoever comes while a page is being made waits for it instead of making it, too; not for ever, or a database
        # that does not answer would soon have all threads waiting.
        turn = self._turns[hash(key) % len(self._turns)]
        if page is None:
            turn.acquire()
        elif not turn.acquire(timeout=PATIENCE_SECONDS):
            page.held_in = self.watch.second
            return page
        try:
            page = self.shelf.get(key)
            if page is not None and self._may_serve(page, self.watch.state):
                return page
            made = self._make(key, path, query, page)
        finally:
            turn.release()
        if isinstance(made, Page):
            self.compressor.hand_in(made)
        return made

    def _may_serve(self, page: Page, state: State | None) -> bool:
        """Whether the page is fresh, or nothing newer could be made in the present second."""
        return page.state is state or page.held_in == self.watch.second

    def _make(self, key: Key, path: str, query: str, before: Page | None) -> Page | Answer | None:
        state = self.watch.state  # before rendering: a change meanwhile makes the page stale again
        if state is None:
            return None
        answer = render(self.application, path, query)
        if answer.code >= 500 and before is not None:
            before.held_in = self.watch.second
            return before
        if answer.code != 200:
            self.shelf.drop(key)
            return answer if answer.code in FINAL else None
        if reason := why_not_public(answer):
            logger.error("%s is listed as a public page and is not kept: %s.", path, reason)
            self.shelf.drop(key)
            return None
        page = make_page(answer.body, answer.headers, state=state, changed_at=state.changed_at, before=before)
        self.shelf.put(key, page)
        return page

    # ---- at the start

    def fill(self, paths: Iterable[str]) -> None:
        """Make the pages at `paths` before anybody asks; what fails is logged and left for its first reader."""
        if (state := self.watch.look()) is None:
            return
        for path in paths:
            try:
                if parameters_of(path) is not None and self.watch.state is state:
                    self._make(path, path, "", None)
            except Exception:
                logger.exception("%s could not be made at the start.", path)

    def compress(self) -> None:
        """Prepare the brotli bodies of what is kept, beside serving. For a process that serves, after its fork."""
        for page in self.shelf:
            self.compressor.hand_in(page)

    # ---- answering

    def _serve(self, page: Page, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        page.asked_for = True
        chosen = page.best(accepted_codings(environ.get("HTTP_ACCEPT_ENCODING", "")))
        # By its tag only: two changes within a second leave a page with one date (RFC 9110, 8.8.2.2).
        unmodified = "HTTP_IF_NONE_MATCH" in environ and names_tag(environ["HTTP_IF_NONE_MATCH"], chosen.tag)
        headers = chosen.unmodified if unmodified else chosen.headers
        # Of a page that is not the present one nginx shall keep nothing.
        if self._behind_proxy and page.state is self.watch.state:
            headers = [*headers, self.watch.accel]
        else:
            headers = headers.copy()
        if unmodified:
            start_response("304 Not Modified", headers)
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [chosen.body]
