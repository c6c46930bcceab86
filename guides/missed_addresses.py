"""Counting the addresses that lead nowhere. No query, no referrer, no address of a reader: a path, a number, a day."""

import logging

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.urls import is_valid_path

from guides.addresses import key_of
from guides.models import MissedAddress

log = logging.getLogger(__name__)


def count(request: HttpRequest) -> None:
    """Count a reader's GET of an address at which nothing is.

    A count that fails is logged and never keeps the 404 page from its reader.
    """
    key = key_of(request.path_info)
    if request.method != "GET" or not key or _is_sent_on(request.path_info):
        return
    try:
        with transaction.atomic():
            MissedAddress.objects.count_one(key)
    except DatabaseError:
        log.warning("An address that leads nowhere could not be counted.", exc_info=True)


def _is_sent_on(path: str) -> bool:
    """Whether Django answers with a redirect to the same address with a slash, where it will be counted."""
    return settings.APPEND_SLASH and not path.endswith("/") and bool(is_valid_path(f"{path}/"))
