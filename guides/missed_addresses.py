"""Counting the addresses that lead nowhere. No query, no referrer, no address of a reader: a path, a number, a day."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path

from guides.addresses import key_of
from guides.models import MissedAddress


def count(request: HttpRequest) -> None:
    """Count a reader's GET of an address at which nothing is. Raises DatabaseError when that cannot be written."""
    key = key_of(request.path_info)
    if request.method == "GET" and key and not _is_sent_on(request.path_info):
        MissedAddress.objects.count_one(key)


def _is_sent_on(path: str) -> bool:
    """Whether Django answers with a redirect to the same address with a slash, where it will be counted."""
    return settings.APPEND_SLASH and not path.endswith("/") and bool(is_valid_path(f"{path}/"))
