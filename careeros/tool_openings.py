"""Openings of the readiness tools, counted where calls to action are: the two rooms do not know each other."""

import logging

from django.db import DatabaseError
from django.utils import timezone

from bookings.attribution import count_opened
from bookings.origin import Origin

logger = logging.getLogger(__name__)


def count(page: str, placement: str) -> None:
    """Count one opening of the tool `placement` from `page` (a path). What the site does not carry is not counted."""
    origin = Origin.read({"from": page, "cta": placement})
    if not origin.page:
        return
    try:
        count_opened(origin, timezone.now())
    except DatabaseError:  # a count that fails must not cost a reader the page
        logger.exception("An opened tool was not counted.")
