"""Calls to action opened and calls booked, counted per page, placement and day. No cookie, nothing about a person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, Sum

from bookings.models import CallToActionCount
from bookings.origin import Origin


@dataclass(frozen=True, slots=True)
class PlacementResult:
    """One line of the report. Without a page the prospect came to the form directly."""

    page: str
    placement: str
    opened: int
    booked: int

    @property
    def rate(self) -> float | None:
        """Calls booked per hundred times opened; None when it was never opened."""
        return 100 * self.booked / self.opened if self.opened else None


def count_opened(origin: Origin, now: datetime) -> None:
    _add(origin, now, "opened")


def count_booked(origin: Origin, now: datetime) -> None:
    _add(origin, now, "booked")


def _add(origin: Origin, now: datetime, column: str) -> None:
    what: dict[str, Any] = {"page": origin.page, "placement": origin.placement, "day": now.astimezone(UTC).date()}
    count, one_more = CallToActionCount.objects.filter(**what), {column: F(column) + 1}
    if not count.update(**one_more):
        CallToActionCount.objects.get_or_create(**what)
        count.update(**one_more)


def report(first: date, last: date) -> list[PlacementResult]:
    """Opened and booked per page and placement, both days included, most booked first."""
    rows = (
        CallToActionCount.objects.filter(day__range=(first, last))
        .order_by()
        .values("page", "placement")
        .annotate(opened=Sum("opened"), booked=Sum("booked"))
    )
    results = [PlacementResult(row["page"], row["placement"], row["opened"], row["booked"]) for row in rows]
    return sorted(results, key=lambda result: (-result.booked, -result.opened, result.page, result.placement))
