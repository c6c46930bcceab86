"""When a call can be booked: the one rule that both offers slots and judges what is posted.

Pure: no Django, no clock, no database. Everything in and out is a timezone-aware instant; a zone is used
only to read the coach's hours. Time is counted in five-minute cells since 1970-01-01T00:00Z, the same cells
the database claims, so what is offered here is exactly what can be claimed there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

CELL_MINUTES = 5
_CELL_SECONDS = CELL_MINUTES * 60
_MIDNIGHT = time(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Working hours within one local day, by the clock on the wall. An ``end`` of 00:00 is the midnight that
    ends the day.
    """

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Rules:
    """What a coach has decided about their calls. ``weekly`` is keyed by weekday (Monday 0).

    A date in ``overrides`` replaces that weekday's windows; an empty sequence closes the day.
    ``calls_per_day`` counts per day of the coach's own calendar; None sets no limit.
    """

    zone: ZoneInfo
    call_minutes: int
    gap_minutes: int
    step_minutes: int
    notice_minutes: int
    horizon_days: int
    calls_per_day: int | None = None
    weekly: Mapping[int, Sequence[Window]] = field(default_factory=dict)
    overrides: Mapping[date, Sequence[Window]] = field(default_factory=dict)

    @property
    def busy_length(self) -> timedelta:
        """How long a call keeps the coach from another: the call and the gap after it."""
        return timedelta(minutes=self.call_minutes + self.gap_minutes)


def cells_between(start: datetime, end: datetime) -> range:
    """The five-minute cells that [start, end) touches, as numbers since the Unix epoch."""
    first = int(start.timestamp()) // _CELL_SECONDS
    after = -(-int(end.timestamp()) // _CELL_SECONDS)
    return range(first, after)


def first_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a clock in ``zone`` first shows ``local`` (naive), or first passes it.

    A local time that a clock change skips is passed at the change itself.
    """
    return _instants(local, zone)[0]


def last_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a clock in ``zone`` last shows ``local`` (naive), or passes it."""
    return _instants(local, zone)[1]


def _instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    # PEP 495: fold=0 reads an ambiguous time as its first occurrence, fold=1 as its second. In a gap the
    # order turns round (fold=1 comes out earlier), and the change lies between the two.
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second >= first:
        return first, second
    change = _clock_change(second, first, zone)
    return change, change


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second after ``before`` at which the offset is that of ``after``."""
    new_offset = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()) - 1, int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == new_offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def window_instants(day: date, window: Window, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The window on ``day`` as UTC instants: from the first occurrence of its start to the last of its end."""
    end_day = day + _DAY if window.end == _MIDNIGHT else day
    start = first_instant(datetime.combine(day, window.start), zone)
    end = last_instant(datetime.combine(end_day, window.end), zone)
    return start, end


def open_slots(
    rules: Rules,
    *,
    now: datetime,
    busy: Collection[int],
    calls_on: Mapping[date, int],
    first: datetime | None = None,
    last: datetime | None = None,
) -> list[datetime]:
    """Every instant (UTC, ascending, each once) at which a call may begin.

    ``busy`` holds the cells already claimed, ``calls_on`` how many calls each local day of the coach already
    has. ``first`` and ``last`` (inclusive) narrow the answer; they never widen what notice and horizon allow.
    """
    earliest = max(now + timedelta(minutes=rules.notice_minutes), first or now)
    latest = min(now + timedelta(days=rules.horizon_days), last or datetime.max.replace(tzinfo=UTC))
    if earliest > latest:
        return []
    busy = frozenset(busy)
    return sorted(
        {
            start
            for day in _days(earliest, latest, rules.zone)
            for start in _starts_on(day, rules)
            if earliest <= start <= latest
            and not _is_full(start, rules, calls_on)
            and busy.isdisjoint(cells_between(start, start + rules.busy_length))
        }
    )


def is_open(
    start: datetime, rules: Rules, *, now: datetime, busy: Collection[int], calls_on: Mapping[date, int]
) -> bool:
    """Whether a call may begin at ``start``, by the same rule that lists the slots."""
    return start in open_slots(rules, now=now, busy=busy, calls_on=calls_on, first=start, last=start)


def nearest(start: datetime, slots: Sequence[datetime], count: int = 5) -> list[datetime]:
    """The ``count`` slots closest in time to ``start``, in order of time."""
    by_distance = sorted(slots, key=lambda slot: (abs(slot - start), slot))
    return sorted(islice(by_distance, count))


def _days(earliest: datetime, latest: datetime, zone: ZoneInfo) -> Iterator[date]:
    # One day more at the front: on a night when the clock goes back over midnight, a window of the
    # day before can still be open.
    day = earliest.astimezone(zone).date() - _DAY
    final = latest.astimezone(zone).date()
    while day <= final:
        yield day
        day += _DAY


def _starts_on(day: date, rules: Rules) -> Iterator[datetime]:
    windows = rules.overrides[day] if day in rules.overrides else rules.weekly.get(day.weekday(), ())
    call, step = timedelta(minutes=rules.call_minutes), timedelta(minutes=rules.step_minutes)
    for window in windows:
        start, end = window_instants(day, window, rules.zone)
        while start + call <= end:
            yield start
            start += step


def _is_full(start: datetime, rules: Rules, calls_on: Mapping[date, int]) -> bool:
    if rules.calls_per_day is None:
        return False
    return calls_on.get(start.astimezone(rules.zone).date(), 0) >= rules.calls_per_day
