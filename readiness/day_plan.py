"""The guide's 30-day plan laid on a calendar: dates, and entries that any calendar program takes (RFC 5545)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from readiness.guide import Phase

LATEST_DAYS = 365
EARLIEST_DAYS = 30
SATURDAY = 5
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)  # the one of ISO 8601's spellings that a date field sends


class UnusableStart(ValueError):
    """A start that is no date, or one nobody can mean; the message says which dates can be used."""


@dataclass(frozen=True)
class DatedAction:
    words: str
    on: date


@dataclass(frozen=True)
class DatedPhase:
    """A phase with its first and last date, and a date for each of its actions."""

    phase: Phase
    number: int
    first: date
    last: date
    actions: tuple[DatedAction, ...]


def next_monday(today: date) -> date:
    """The first Monday after `today`."""
    return today + timedelta(days=7 - today.weekday())


def read_start(text: str, today: date) -> date:
    """A start date from `YYYY-MM-DD`, from 30 days ago to a year ahead. Raises UnusableStart."""
    earliest, latest = today - timedelta(days=EARLIEST_DAYS), today + timedelta(days=LATEST_DAYS)
    allowed = f"between {_words(earliest)} and {_words(latest)}"
    try:
        start = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        start = None
    if start is None:
        raise UnusableStart(f"Give the start as year, month and day, such as {latest.year}-03-01, {allowed}")
    if not earliest <= start <= latest:
        raise UnusableStart(f"{_words(start)} is too far away. Choose a start {allowed}")
    return start


def dated(phases: Sequence[Phase], start: date) -> list[DatedPhase]:
    """The phases from `start` (day 1), a phase's actions spread evenly over its working days."""
    return [_dated(phase, number, start) for number, phase in enumerate(phases, 1)]


def _dated(phase: Phase, number: int, start: date) -> DatedPhase:
    first = start + timedelta(days=phase.first_day - 1)
    last = start + timedelta(days=phase.last_day - 1)
    days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
    working = [day for day in days if day.weekday() < SATURDAY] or days
    count = len(phase.actions)
    actions = tuple(
        DatedAction(words, working[place * len(working) // count]) for place, words in enumerate(phase.actions)
    )
    return DatedPhase(phase, number, first, last, actions)


def calendar(phases: Sequence[DatedPhase], *, origin: str, domain: str, stamp: datetime) -> bytes:
    """The plan as an iCalendar file: each phase over its days and each action on its own, all-day and not “busy”.

    An entry's UID says only which phase or action it is, so importing again, also with another start, replaces what
    was there (RFC 5545, 3.8.4.7; the later DTSTAMP wins). There is no METHOD: a file is no message, and PUBLISH would
    want an organiser (RFC 5546, 3.2.1). `origin` goes before the guide's paths, `domain` ends the
    UIDs, `stamp` is the present as a UTC instant.
    """
    plan = Calendar()
    plan.add("prodid", "-//Career OS//30-day action plan//EN")
    plan.add("version", "2.0")
    plan.add("x-wr-calname", "30-day action plan")
    for phase in phases:
        for event in _events(phase, origin, domain):
            event.add("dtstamp", stamp)
            event.add("last-modified", stamp)
            event.add("transp", "TRANSPARENT")
            event.add("class", "PRIVATE")
            plan.add_component(event)
    return bytes(plan.to_ical())


def _events(dated_phase: DatedPhase, origin: str, domain: str) -> Iterator[Event]:
    phase, url = dated_phase.phase, origin + dated_phase.phase.url
    actions = "\n".join(f"- {action.words}" for action in dated_phase.actions)
    description = f"{actions}\n\nYou finish with: {phase.outcome}\n\n{url}" if phase.outcome else f"{actions}\n\n{url}"
    yield _event(
        f"30-day-plan-{dated_phase.number}@{domain}",
        f"{phase.when}: {phase.title}",
        (dated_phase.first, dated_phase.last),
        description,
        url,
    )
    for place, action in enumerate(dated_phase.actions, 1):
        uid = f"30-day-plan-{dated_phase.number}-{place}@{domain}"
        yield _event(uid, action.words, (action.on, action.on), f"{phase.when}: {phase.title}\n\n{url}", url)


def _event(uid: str, summary: str, days: tuple[date, date], description: str, url: str) -> Event:
    """An all-day entry from the first to the last of `days`; DTEND is the day after (RFC 5545, 3.6.1)."""
    event = Event()
    event.add("uid", uid)
    event.add("summary", summary)
    event.add("dtstart", days[0])
    event.add("dtend", days[1] + timedelta(days=1))
    event.add("description", description)
    event.add("url", url)
    return event


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
