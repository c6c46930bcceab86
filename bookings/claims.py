"""The only code that writes confirmed bookings: it claims a coach's five-minute cells in one transaction.

Two calls that overlap share a cell, and ``UNIQUE (coach, cell)`` refuses the second on any database at any
isolation level. On top of that every writer first locks the coach's row (on SQLite the transaction is
IMMEDIATE, which comes to the same), so the rule it judges by is read from a state nobody else is changing:
that is what makes the daily limit hold.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from bookings.attribution import count_booked
from bookings.availability import Rules, cells_between, is_open, open_slots
from bookings.models import BlockedTime, Booking, BusyCell, Coach, OutboxEmail
from bookings.origin import Origin
from bookings.outbox import queue


class SlotNotOpen(Exception):
    """The wanted start cannot be booked: taken in the meantime, or never on offer."""


class BookingNotChangeable(Exception):
    """The call is over, cancelled, or too near for its prospect to change it."""


class Actor(StrEnum):
    """Who asks for a change. A coach may do it at any time before the call, a prospect until the notice period."""

    PROSPECT = "prospect"
    COACH = "coach"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a person typed to book a call."""

    name: str
    email: str
    time_zone: str
    current_role: str = ""
    blocker: str = ""
    origin: Origin = field(default_factory=Origin)
    scorecard_result: str = ""


@dataclass(frozen=True, slots=True)
class Diary:
    """What a coach's time is already taken by, read at one moment; with ``only``, around that one start."""

    rules: Rules
    busy: frozenset[int]
    calls_on: Counter[date]
    only: datetime | None = None

    def open_slots(self, now: datetime) -> list[datetime]:
        """Every start (UTC) that can be booked, among those it knows of."""
        return open_slots(self.rules, now=now, busy=self.busy, calls_on=self.calls_on, first=self.only, last=self.only)

    def is_open(self, start: datetime, now: datetime) -> bool:
        """Raises ValueError for a start that it does not know of."""
        if self.only not in (None, start):
            raise ValueError(f"This diary was read for {self.only} only.")
        return is_open(start, self.rules, now=now, busy=self.busy, calls_on=self.calls_on)


def read_diary(coach: Coach, now: datetime, *, ignoring: Booking | None = None, only: datetime | None = None) -> Diary:
    """The coach's rules and what is taken from ``now`` on.

    ``ignoring`` leaves one booking out, to move it. ``only`` reads no more than tells whether a call may begin then.
    """
    rules = coach.rules()
    cells = BusyCell.objects.filter(coach=coach, cell__gte=cells_between(now, now + timedelta(minutes=5)).start)
    # From two days back: a call earlier today still counts towards today's limit.
    calls = coach.bookings.not_cancelled().filter(starts_at__gte=now - timedelta(days=2))
    if only is not None:
        wanted = cells_between(only, only + rules.busy_length)
        cells = cells.filter(cell__gte=wanted.start, cell__lt=wanted.stop)
        calls = calls.filter(starts_at__gte=only - timedelta(days=2), starts_at__lte=only + timedelta(days=2))
    if rules.calls_per_day is None:
        calls = calls.none()
    if ignoring is not None:
        cells, calls = cells.exclude(booking=ignoring), calls.exclude(pk=ignoring.pk)
    return Diary(
        rules=rules,
        busy=frozenset(cells.values_list("cell", flat=True)),
        calls_on=Counter(start.astimezone(rules.zone).date() for start in calls.values_list("starts_at", flat=True)),
        only=only,
    )


@transaction.atomic
def book(
    coach: Coach,
    start: datetime,
    prospect: Prospect,
    *,
    now: datetime,
    request_key: str | None = None,
    by: Actor = Actor.PROSPECT,
) -> Booking:
    """Book the call that begins at ``start`` (UTC), and queue its mails.

    The same ``request_key`` again (a double click, a retried request) returns the booking it already made. Raises
    SlotNotOpen when the start is not on offer; then nothing was written. A coach who books by hand may pick any free
    time to come, inside their hours or not.
    """
    coach = _locked(coach)
    if request_key and (made := Booking.objects.filter(request_key=request_key).first()):
        return made
    diary = read_diary(coach, now, only=start)
    if not _may_take(start, diary, now, by):
        raise SlotNotOpen
    booking = Booking(
        coach=coach,
        request_key=request_key,
        starts_at=start,
        ends_at=start + coach.call_length,
        created_at=now,
        changed_at=now,
        **_columns(prospect),
    )
    _claim(booking, diary.rules)
    if by is Actor.PROSPECT:
        count_booked(prospect.origin, now)
    queue(booking, OutboxEmail.Kind.CONFIRMED, now)
    return booking


@transaction.atomic
def move(
    booking: Booking, start: datetime, *, now: datetime, by: Actor = Actor.PROSPECT, time_zone: str | None = None
) -> Booking:
    """Move the call to ``start`` (UTC): same row, same UID, next sequence number. To its own time: nothing happens.

    ``time_zone`` is the one the prospect chose the new time in. Raises BookingNotChangeable or SlotNotOpen; then
    nothing was written.
    """
    booking = _locked_booking(booking)
    if booking.starts_at == start:
        return booking
    _check_changeable(booking, now, by)
    coach, was = booking.coach, booking.starts_at
    diary = read_diary(coach, now, ignoring=booking, only=start)
    if not _may_take(start, diary, now, by):
        raise SlotNotOpen
    booking.starts_at, booking.ends_at = start, start + coach.call_length
    booking.time_zone = time_zone or booking.time_zone
    _change(booking, Booking.Status.MOVED, now)
    booking.busy_cells.all().delete()
    _claim(booking, diary.rules)
    queue(booking, OutboxEmail.Kind.MOVED, now, was=was)
    return booking


@transaction.atomic
def cancel(booking: Booking, *, now: datetime, by: Actor = Actor.PROSPECT) -> Booking:
    """Cancel the call and free its time. Once cancelled, nothing more happens.

    Raises BookingNotChangeable; then nothing was written.
    """
    booking = _locked_booking(booking)
    if booking.is_cancelled:
        return booking
    _check_changeable(booking, now, by)
    booking.cancelled_by = by
    _change(booking, Booking.Status.CANCELLED, now)
    booking.busy_cells.all().delete()
    booking.save()
    queue(booking, OutboxEmail.Kind.CANCELLED, now)
    return booking


@transaction.atomic
def record_outcome(booking: Booking, *, attended: bool, now: datetime) -> Booking:
    """Note whether the prospect came. Raises BookingNotChangeable before the call begins and for a cancelled one."""
    booking = _locked_booking(booking)
    if not booking.has_begun(now):
        raise BookingNotChangeable
    booking.status = Booking.Status.ATTENDED if attended else Booking.Status.NO_SHOW
    booking.save(update_fields=["status"])
    return booking


@transaction.atomic
def block_time(coach: Coach, start: datetime, end: datetime, reason: str = "") -> BlockedTime:
    """Keep [start, end) free of calls. Raises SlotNotOpen when a call or another block is in it; nothing is written."""
    coach = _locked(coach)
    blocked = BlockedTime(coach=coach, starts_at=start, ends_at=end, reason=reason)
    with _refusing_taken_cells():
        blocked.save()
        BusyCell.objects.bulk_create(
            BusyCell(coach=coach, cell=cell, blocked_time=blocked) for cell in cells_between(start, end)
        )
    return blocked


def _locked(coach: Coach) -> Coach:
    return Coach.objects.select_for_update().get(pk=coach.pk)


def _locked_booking(booking: Booking) -> Booking:
    """The booking as it is now. The coach's row is locked first, as everywhere, so that no two writers can deadlock."""
    coach = _locked(booking.coach)
    booking = Booking.objects.get(pk=booking.pk)
    booking.coach = coach
    return booking


def _check_changeable(booking: Booking, now: datetime, by: Actor) -> None:
    in_time = booking.can_be_changed(now) if by is Actor.PROSPECT else booking.is_to_come(now)
    if not in_time:
        raise BookingNotChangeable


def _may_take(start: datetime, diary: Diary, now: datetime, by: Actor) -> bool:
    if by is Actor.COACH:
        return start > now  # the cells themselves refuse a time that is taken
    return diary.is_open(start, now)


def _columns(prospect: Prospect) -> dict[str, Any]:
    return {
        "name": prospect.name,
        "email": prospect.email,
        "time_zone": prospect.time_zone,
        "current_role": prospect.current_role,
        "blocker": prospect.blocker,
        "scorecard_result": prospect.scorecard_result,
        "origin_page": prospect.origin.page,
        "origin_placement": prospect.origin.placement,
        "utm": dict(prospect.origin.utm),
    }


def _change(booking: Booking, status: Booking.Status, now: datetime) -> None:
    booking.status = status
    booking.sequence += 1
    booking.changed_at = now


def _claim(booking: Booking, rules: Rules) -> None:
    """Save the booking with its cells, or nothing. Raises SlotNotOpen when somebody has one of the cells."""
    cells = cells_between(booking.starts_at, booking.starts_at + rules.busy_length)
    with _refusing_taken_cells():
        booking.save()
        BusyCell.objects.bulk_create(BusyCell(coach=booking.coach, cell=cell, booking=booking) for cell in cells)


@contextmanager
def _refusing_taken_cells() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise SlotNotOpen from error
