"""`{% integrity "js/site.js" %}`: the digest by which a browser knows a script of ours (W3C Subresource Integrity)."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

register = template.Library()


@register.simple_tag
def integrity(path: str) -> str:
    """`sha384-…` of the static file that is served for `path`. Raises FileNotFoundError when there is none."""
    return _digest(_served_file(path))


def _served_file(path: str) -> Path:
    stored = staticfiles_storage.url(path).removeprefix(settings.STATIC_URL)
    if staticfiles_storage.exists(stored):
        return Path(staticfiles_storage.path(stored))
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"There is no static file {path}.")
    return Path(found)


@cache
def _digest(file: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()
