"""Calls as a table for a spreadsheet: bookings in, each read with its coach, and text out."""

import csv
from collections.abc import Iterable
from io import StringIO

from bookings.models import Booking
from bookings.origin import UTM_NAMES

_HEADINGS = [
    "starts_at", "coach_time", "status", "name", "email", "current_role", "blocker", "scorecard_result", "notes",
    "time_zone", "from", "cta", *UTM_NAMES, "created_at",
]  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def bookings_csv(bookings: Iterable[Booking]) -> str:
    """One line a call. What strangers typed is kept from being read as a formula (OWASP, CSV injection)."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    for booking in bookings:
        writer.writerow([as_text(cell) for cell in _row(booking)])
    return text.getvalue()


def _row(booking: Booking) -> list[str]:
    return [
        booking.starts_at.isoformat(),
        f"{booking.starts_at.astimezone(booking.coach.zone):%Y-%m-%d %H:%M}",
        booking.get_status_display(),
        booking.name,
        booking.email,
        booking.current_role,
        booking.blocker,
        booking.scorecard_result,
        booking.notes,
        booking.time_zone,
        booking.origin_page,
        booking.origin_placement,
        *(str(booking.utm.get(name, "")) for name in UTM_NAMES),
        booking.created_at.isoformat(),
    ]


def as_text(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet would otherwise calculate it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
