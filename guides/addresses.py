"""Addresses that guides once had, or that readers ask for in vain, as they are kept. Pure."""

import re

from guides.reserved import is_reserved

LONGEST = 200
"""Characters."""
KEPT = re.compile(r"[a-z0-9_][\w.~-]*(?:/[a-z0-9_][\w.~-]*){0,5}", re.ASCII | re.IGNORECASE)
NUMBER_OF_SOMEBODY = re.compile(r"\d{7}")
"""A telephone number, a customer's: so many digits in a row are in no address that a page had."""


def key_of(path: str) -> str:
    """An address without its outer slashes: `blog/a-post` for `/blog/a-post/` and `/blog/a-post`.

    Empty for one that is not kept: too long, too deep, hidden (`/.env`), one of the site's own, whose addresses may be
    secret (`/preview/…`, `/diagnosis/…`), or with a number or sign (`@`) in it that may belong to a person.
    """
    key = path.strip("/")
    if len(key) > LONGEST or not KEPT.fullmatch(key) or NUMBER_OF_SOMEBODY.search(key):
        return ""
    return "" if is_reserved(re.split(r"[/.]", key)[0]) else key


def as_path(key: str) -> str:
    """A key as people write the address: `/a-guide/`, `/blog/a-post/`, `/old.html`."""
    return f"/{key}" if "." in key.rpartition("/")[2] else f"/{key}/"
