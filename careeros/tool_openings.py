"""Openings of the readiness tools, counted where calls to action are: the two rooms do not know each other."""

from django.utils import timezone

from bookings.attribution import count_opened
from bookings.origin import Origin
from careeros.counting import in_passing


def count(page: str, placement: str) -> None:
    """Count one opening of the tool `placement` from `page` (a path). What the site does not carry is not counted."""
    origin = Origin.read({"from": page, "cta": placement})
    if origin.page:
        in_passing("An opened tool", lambda: count_opened(origin, timezone.now()))
