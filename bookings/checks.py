"""What a developer is told at start, each with its fix."""

import zoneinfo
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    return [*_sending_address(), *_origin_check(), *_other_deliverers(), *_zone_data()]


def _sending_address() -> list[CheckMessage]:
    if "@" in parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        return []
    return [
        Error(
            f"DEFAULT_FROM_EMAIL is {settings.DEFAULT_FROM_EMAIL!r}; invitations need an organiser's address.",
            hint="Set it to an address you can send from, such as “Career OS <calls@example.org>”.",
            id="bookings.E001",
        )
    ]


def _origin_check() -> list[CheckMessage]:
    name = settings.BOOKINGS_ORIGIN_IS_KNOWN
    try:
        if name:
            import_string(name)
    except ImportError as error:
        return [
            Error(
                f"BOOKINGS_ORIGIN_IS_KNOWN names {name!r}, which cannot be imported: {error}",
                hint="Name a callable (page, placement) -> bool, or leave it empty to check the shape only.",
                id="bookings.E002",
            )
        ]
    return []


def _other_deliverers() -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for path in settings.OUTBOX_ALSO_DELIVERS:
        try:
            import_string(path)
        except ImportError as error:
            errors.append(
                Error(
                    f"OUTBOX_ALSO_DELIVERS names {path!r}, which cannot be imported: {error}",
                    hint="Name callables (now) -> int, such as “guides.index_now.sender.send_due”.",
                    id="bookings.E003",
                )
            )
    return errors


def _zone_data() -> list[CheckMessage]:
    if not zoneinfo.TZPATH:
        return []
    return [
        checks.Warning(
            "Time zones are read from the machine, whose data may be older than the pinned tzdata package.",
            hint="Call zoneinfo.reset_tzpath(to=()) before anything else, as careeros/__init__.py does.",
            id="bookings.W001",
        )
    ]
