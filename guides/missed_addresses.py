"""Counting the addresses that lead nowhere. No query, no referrer, no address of a reader: a slug, a number, a day."""

import logging

from django.db import DatabaseError, transaction
from django.http import HttpRequest

from guides.models import MissedAddress

log = logging.getLogger(__name__)


def count(request: HttpRequest, slug: str) -> None:
    """Count a reader's GET of `/<slug>/`; a count that fails is logged and never keeps the 404 page from its reader."""
    if request.method != "GET" or len(slug) > 100:
        return
    try:
        with transaction.atomic():
            MissedAddress.objects.count_one(slug)
    except DatabaseError:
        log.warning("An address that leads nowhere could not be counted.", exc_info=True)
