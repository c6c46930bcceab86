"""A kept page: its bytes as they are and compressed, each with its headers, made once. Pure."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b

import brotli

Headers = list[tuple[str, str]]

CACHE_CONTROL = "public, max-age=60, s-maxage=600, stale-while-revalidate=600"
"""A browser asks again after a minute, a content delivery network after ten (then at most ten more in the background);
so a publication shows there within twenty minutes without a purge. Behind our own nginx it shows within a second."""

IDENTITY = ""
OURS = frozenset(
    {"cache-control", "content-encoding", "content-length", "etag", "expires", "last-modified", "pragma", "vary"}
)
WORTH_COMPRESSING = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "application/manifest+json",
    "image/svg+xml",
)
OVERHEAD = 8192
"""Bytes that a page's headers and objects take beside its bodies, rounded up."""


class Representation:
    """One coding of a page: the body and the headers of 200 and of 304."""

    __slots__ = ("body", "headers", "tag", "unmodified")

    def __init__(self, body: bytes, tag: str, headers: Headers, unmodified: Headers) -> None:
        self.body = body
        self.tag = tag
        self.headers = headers
        self.unmodified = unmodified


@dataclass(slots=True, eq=False, weakref_slot=True)
class Page:
    """What is kept of one address. `state` is the site's state it was made from."""

    state: object
    digest: str
    shared_headers: Headers
    last_modified: str
    compressible: bool
    representations: dict[str, Representation] = field(default_factory=dict)
    asked_for: bool = False
    held_in: int = 0
    """The second in which the site could not make it anew; until it ends, the page is served as it is."""
    size: int = 0

    def add(self, coding: str, body: bytes) -> None:
        """Keep the body in a content coding (br, gzip; empty for the body as it is), with headers of its own."""
        tag = f'"{self.digest}-{coding}"' if coding else f'"{self.digest}"'
        caching = [
            ("Cache-Control", CACHE_CONTROL),
            ("Vary", "Accept-Encoding"),
            ("ETag", tag),
            ("Last-Modified", self.last_modified),
        ]
        encoding = [("Content-Encoding", coding)] if coding else []
        headers = [*self.shared_headers, *caching, *encoding, ("Content-Length", str(len(body)))]
        self.representations[coding] = Representation(body, tag, headers, caching)

    def best(self, codings: Iterable[str]) -> Representation:
        """The first of `codings` that is kept, else the body as it is."""
        for coding in codings:
            if coding in self.representations:
                return self.representations[coding]
        return self.representations[IDENTITY]

    def compress(self) -> None:
        """Add the brotli body, unless it is there or not worth it. Takes a fifth of a second for a long guide."""
        if self.compressible and "br" not in self.representations:
            self.add("br", brotli.compress(self.representations[IDENTITY].body, mode=brotli.MODE_TEXT, quality=11))


def make_page(
    body: bytes, headers: Headers, *, state: object, changed_at: datetime, before: Page | None = None
) -> Page:
    """The page of a response, ready to be served; its brotli body follows (`Page.compress`).

    `changed_at` (a UTC instant) becomes Last-Modified. When `before`, the page as it was, has the same bytes, its
    compressed bodies are taken over.
    """
    digest = blake2b(body, digest_size=12).hexdigest()
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    page = Page(
        state=state,
        digest=digest,
        shared_headers=[(name, value) for name, value in headers if name.lower() not in OURS],
        last_modified=format_datetime(changed_at.replace(microsecond=0), usegmt=True),
        compressible=content_type.startswith(WORTH_COMPRESSING),
    )
    page.add(IDENTITY, body)
    if before is not None and before.digest == digest:
        for coding, representation in before.representations.items():
            if coding:
                page.add(coding, representation.body)
    elif page.compressible:
        page.add("gzip", gzip.compress(body, 9, mtime=0))
    # The brotli body, yet to come, is smaller than the gzip one.
    compressed = len(page.representations["gzip"].body) if "gzip" in page.representations else 0
    page.size = len(body) + 2 * compressed + OVERHEAD
    return page
