"""What every page of a booking has in common: its head, its headers, and a time in words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from bookings.models import Booking, Coach
from bookings.week import Week
from bookings.zones import city, has_cities, long_date, slot_value, time_range, zone_choices


class SeeOther(HttpResponseRedirect):
    """After a POST, fetch the result with GET (RFC 9110, 15.4.4)."""

    status_code = 303


@dataclass(frozen=True, slots=True)
class ShownTime:
    """A call's time in one zone, in words."""

    value: str
    date: str
    hours: str
    starts_at: datetime

    @classmethod
    def of(cls, start: datetime, end: datetime, zone: ZoneInfo, *, year: bool = False) -> Self:
        return cls(slot_value(start), long_date(start, zone, year=year), time_range(start, end, zone), start)

    @classmethod
    def of_booking(cls, booking: Booking, zone: ZoneInfo) -> Self:
        return cls.of(booking.starts_at, booking.ends_at, zone, year=True)


def private(response: HttpResponse) -> HttpResponse:
    """A page for one person: kept nowhere, listed nowhere, its address told to nobody it links to."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def head(title: str, *, error: bool = False, canonical: bool = False) -> dict[str, str | bool]:
    """What ``base.html`` puts in the page's head, the brand after the title. Search engines may list the empty form."""
    values: dict[str, str | bool] = {
        "title": f"{'Error: ' if error else ''}{title}",
        "brand_follows": True,
        "description": "Choose a time for a diagnosis call and book it in two steps.",
    }
    if canonical:
        address = settings.SITE_ORIGIN + reverse("bookings:diagnosis")
        return {**values, "canonical": address, "robots": "index, follow, max-image-preview:large"}
    return {**values, "robots": "noindex, nofollow"}


def picker(
    week: Week, zone: ZoneInfo, fields: dict[str, str], path: str, now: datetime, *, near: str | None
) -> dict[str, object]:
    """Template context of the slot picker: the week, its links at ``path``, and the time zone select; ``near`` is as
    for ``zone_choices``."""
    return {
        "week": week,
        "zone": zone.key,
        "place": city(zone.key),
        "zone_groups": zone_choices(now, selected=zone.key, near=near),
        "has_all_cities": near is None,
        "path": path,
        "first_value": next((slot.value for day in week.days for slot in day.slots), ""),
        "earlier_url": week_url(path, fields, week.earlier),
        "later_url": week_url(path, fields, week.later),
        "next_url": week_url(path, fields, week.next_available),
    }


def cities_near(coach: Coach, data: QueryDict) -> str | None:
    """The coach's zone, near which cities are offered. None, for all, when it lies in no region, or when the form asks
    for them, which holds until the next one."""
    return None if data.get("cities") == "all" or not has_cities(coach.time_zone) else coach.time_zone


def sent(request: HttpRequest) -> QueryDict:
    """What the form sent, by either method."""
    return request.POST if request.method == "POST" else request.GET


def week_url(path: str, fields: dict[str, str], week: date | None) -> str:
    return f"{path}?{urlencode({**fields, 'week': week.isoformat()})}" if week else ""


def parse_date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
