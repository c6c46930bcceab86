"""What is made before the first reader comes: the pages most asked for, within a time that delays no start."""

import time
from collections.abc import Iterator

from django.db import connections
from django.urls import reverse

from careeros.page_cache.layer import PageCache
from guides.models import Publication

MOST_PAGES = 200
MOST_SECONDS = 2.0


def addresses() -> Iterator[str]:
    """The home page, the list, and the live guides, the latest published first."""
    yield reverse("guides:home")
    yield reverse("guides:guide_list")
    newest = Publication.objects.live().order_by("-published_at", "-pk").values_list("slug", flat=True)
    for slug in newest[: MOST_PAGES - 2]:
        yield reverse("guides:guide", args=[slug])


def fill(cache: PageCache) -> None:
    """Make the first pages in at most MOST_SECONDS, and leave no connection open, for the process may fork next."""
    until = time.monotonic() + MOST_SECONDS
    try:
        for address in list(addresses()):
            if time.monotonic() > until:
                break
            cache.fill([address])
    finally:
        connections.close_all()
