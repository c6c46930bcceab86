"""System checks of the house: what must be mended, or known, before the site is trusted with people's data."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

Version = tuple[int, int, int]

# The WAL-reset fault (sqlite.org/wal.html, “The WAL-reset bug”) is in 3.7.0 to 3.51.2 and mended in these older lines.
MENDED: Version = (3, 51, 3)
MENDED_LINES: tuple[Version, ...] = ((3, 44, 6), (3, 50, 7))


def has_wal_fault(version: Version) -> bool:
    """Whether an SQLite of this version may, very rarely, corrupt a WAL database that several processes write to."""
    is_mended_line = any(version[:2] == line[:2] and version >= line for line in MENDED_LINES)
    return version < MENDED and not is_mended_line


@register(Tags.database)
def sqlite_is_recent(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Asked by `migrate` and by `check --database default`."""
    is_used = any(connections[alias].vendor == "sqlite" for alias in databases or ())
    if not is_used or not has_wal_fault(sqlite3.sqlite_version_info):
        return []
    return [
        checks.Warning(
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset fault: when two processes write and tidy up in the "
            "same instant, the database file can, very rarely, be damaged.",
            hint="Use the Docker image, which brings a newer one, install SQLite 3.51.3 or newer, or use PostgreSQL.",
            id="careeros.W001",
        )
    ]


@register(Tags.security, deploy=True)
def mail_leaves_the_machine(**kwargs: Any) -> list[CheckMessage]:
    if not settings.HTTPS or not settings.EMAIL_BACKEND.endswith(
        ("filebased.EmailBackend", "console.EmailBackend", "dummy.EmailBackend")
    ):
        return []
    return [
        checks.Warning(
            "Mail is not sent: it is written to files or to the console.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@host:587.",
            id="careeros.W002",
        )
    ]


@register(Tags.security, deploy=True)
def clients_can_be_told_apart(**kwargs: Any) -> list[CheckMessage]:
    if settings.SECURE_PROXY_SSL_HEADER is None or settings.TRUSTED_PROXIES:
        return []
    return [
        checks.Warning(
            "A proxy stands in front (BEHIND_PROXY), but TRUSTED_PROXIES is 0: every visitor counts as one and the "
            "same, and together they use up the bookings and sign-ins allowed to one.",
            hint="Set TRUSTED_PROXIES to the number of your own proxies that add to X-Forwarded-For, usually 1.",
            id="careeros.W003",
        )
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(**kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "ALLOWED_HOSTS holds “*”: any name would be answered.",
            hint="Name the hosts the site is reached by.",
            id="careeros.E001",
        )
    ]


@register(Tags.security, deploy=True)
def canonical_origin_is_secure(**kwargs: Any) -> list[CheckMessage]:
    if not settings.HTTPS or settings.SITE_ORIGIN.startswith("https://"):
        return []
    return [
        Error(
            f"HTTPS is on, but SITE_ORIGIN is {settings.SITE_ORIGIN}: links in mails would lead to plain HTTP.",
            hint="Let SITE_ORIGIN begin with https://.",
            id="careeros.E002",
        )
    ]
