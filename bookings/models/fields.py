"""What several models say about a field: checks of its value, and where an unguessable one comes from."""

import secrets

from django.core.exceptions import ValidationError

from bookings.availability import CELL_MINUTES
from bookings.zones import find_zone


def validate_zone(value: str) -> None:
    """Raises ValidationError for a name that the tz database does not have."""
    if find_zone(value) is None:
        raise ValidationError("“%(value)s” is not an IANA time zone such as Europe/London.", params={"value": value})


def validate_whole_cells(value: int) -> None:
    """Raises ValidationError unless ``value``, in minutes, is a multiple of CELL_MINUTES."""
    if value % CELL_MINUTES:
        raise ValidationError("Use a multiple of %(step)s minutes.", params={"step": CELL_MINUTES})


def new_token() -> str:
    """A name nobody can guess: 192 random bits, safe in a URL."""
    return secrets.token_urlsafe(24)
