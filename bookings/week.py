"""Open slots laid out as one week of days, as a person in one zone sees it. Pure: no Django."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.zones import clock_time, long_date, offset_label, slot_value

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """One radio: its value, what it shows, and what a screen reader says."""

    value: str
    label: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    name: str
    label: str
    slots: list[SlotChoice]


@dataclass(frozen=True, slots=True)
class Week:
    """``earlier``, ``later`` and ``next_available`` are Mondays to link to, or None."""

    monday: date
    heading: str
    days: list[Day]
    earlier: date | None
    later: date | None
    next_available: date | None
    next_available_label: str

    @property
    def is_empty(self) -> bool:
        return not any(day.slots for day in self.days)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def slot_choices(slots: Sequence[datetime], zone: ZoneInfo, *, with_date: bool = False) -> list[SlotChoice]:
    """Radios for those slots. An hour shown twice, when clocks go back, is told apart by its offset."""
    shown = Counter((slot.astimezone(zone).date(), clock_time(slot, zone)) for slot in slots)
    choices = []
    for slot in slots:
        offset, label = offset_label(slot, zone), clock_time(slot, zone)
        if shown[slot.astimezone(zone).date(), label] > 1:
            label = f"{label} {offset}"
        if with_date:
            label = f"{long_date(slot, zone)}, {label}"
        spoken = f"{long_date(slot, zone)}, {clock_time(slot, zone)}, {offset}"
        choices.append(SlotChoice(slot_value(slot), label, spoken))
    return choices


def week_of(slots: Sequence[datetime], zone: ZoneInfo, wanted: date | None, now: datetime) -> Week:
    """The week that contains ``wanted``; without it, or outside the offered range, the first with a free
    time.
    """
    today = now.astimezone(zone).date()
    dates = [slot.astimezone(zone).date() for slot in slots]
    first, last = (dates[0], dates[-1]) if dates else (today, today)
    if wanted is None or not monday_of(today) <= monday_of(wanted) <= monday_of(last):
        wanted = first
    monday = monday_of(wanted)
    next_monday = monday + _WEEK
    after = next((slot for slot, day in zip(slots, dates, strict=True) if day >= next_monday), None)
    return Week(
        monday=monday,
        heading=_heading(monday),
        days=_days(slots, dates, zone, monday),
        earlier=monday - _WEEK if first < monday else None,
        later=next_monday if last >= next_monday else None,
        next_available=monday_of(after.astimezone(zone).date()) if after else None,
        next_available_label=long_date(after, zone) if after else "",
    )


def _days(slots: Sequence[datetime], dates: Sequence[date], zone: ZoneInfo, monday: date) -> list[Day]:
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        on_day = [slot for slot, its_date in zip(slots, dates, strict=True) if its_date == day]
        if on_day or number < 5:
            days.append(Day(day, f"{day:%a}", f"{day.day} {day:%B}", slot_choices(on_day, zone)))
    return days


def _heading(monday: date) -> str:
    """``9–15 June``, ``30 June – 6 July``, ``29 December 2026 – 4 January 2027``."""
    sunday = monday + timedelta(days=6)
    if monday.year != sunday.year:
        return f"{monday.day} {monday:%B %Y} – {sunday.day} {sunday:%B %Y}"
    if monday.month != sunday.month:
        return f"{monday.day} {monday:%B} – {sunday.day} {sunday:%B}"
    return f"{monday.day}–{sunday.day} {sunday:%B}"
