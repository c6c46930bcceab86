"""Where pages are kept: so many bytes and no more. Pure."""

import threading
from collections.abc import Iterator

from careeros.page_cache.page import Page

Key = str | tuple[str, str]
"""A path; with the query that changes the page, where there is one. In one string a path could pass for both."""


class Shelf:
    """Pages by address, up to `most_bytes`; what nobody has asked for longest goes first (second chance).

    Getting is a plain dictionary look-up without a lock; only putting and dropping take one.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._pages: dict[Key, Page] = {}
        self._changing = threading.Lock()
        self.get = self._pages.get

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[Page]:
        with self._changing:
            return iter(list(self._pages.values()))

    def put(self, key: Key, page: Page) -> None:
        """Keep the page, dropping others if need be; one that alone is too large is not kept."""
        with self._changing:
            self._take(key)
            if page.size > self.most_bytes:
                return
            self._pages[key] = page
            self.bytes += page.size
            while self.bytes > self.most_bytes:
                self._drop_one()

    def drop(self, key: Key) -> None:
        """Keep the page no longer."""
        with self._changing:
            self._take(key)

    def _take(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.bytes -= page.size

    def _drop_one(self) -> None:
        oldest = next(iter(self._pages))
        page = self._pages.pop(oldest)
        if page.asked_for:
            page.asked_for = False
            self._pages[oldest] = page
        else:
            self.bytes -= page.size
