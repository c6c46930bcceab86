"""A database of its own that several processes fight over. Run as a program: `python -m tests.bookings.arena ROLE …`.

Roles, each in a process of its own and printing JSON:
  prepare [--without-constraint] [--daily-limit]   migrate, and create the coach
  contend SEED ATTEMPTS [--only-book] [--blind]  book, move and cancel at random; --blind patches out rule and lock
  book_many COUNT [--today]        make that many bookings, at NOW or by the real clock
  send_all                         send their mails; returns how many this process sent
  forms COUNT                      filled-in forms for that many calls
  report                           what the database holds in the end
"""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DAILY_LIMIT = 3
NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
# Two mornings, starts a quarter of an hour apart: 10:00 contends with 10:15 and 10:30.
STARTS = [datetime(2027, 1, day, 9, tzinfo=UTC) + timedelta(minutes=15 * n) for day in (6, 7) for n in range(14)]


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """A process in one of the roles."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.bookings.arena", *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(environment: dict[str, str], *arguments: str) -> Any:
    """What a role prints. Raises RuntimeError with its last words when it fails."""
    return answer(start(environment, *arguments))


def answer(process: subprocess.Popen[str]) -> Any:
    out, err = process.communicate(timeout=300)
    if process.returncode:
        raise RuntimeError(err[-2000:])
    return json.loads(out)


def prepare(*options: str) -> str:
    from datetime import time

    from django.core.management import call_command
    from django.db import connection

    from bookings.models import BusyCell, Coach, WeeklyHours

    call_command("migrate", verbosity=0)
    limit = DAILY_LIMIT if "--daily-limit" in options else None
    coach = Coach.objects.create(name="Eich Dyn", email="coach@example.com", step_minutes=15, calls_per_day=limit)
    for weekday in range(5):
        WeeklyHours.objects.create(coach=coach, weekday=weekday, start=time(9), end=time(17))
    if "--without-constraint" in options:
        (unique,) = (c for c in BusyCell._meta.constraints if c.name == "one_claim_per_coach_and_cell")
        BusyCell._meta.constraints.remove(unique)  # SQLite rebuilds the table from the model
        with connection.schema_editor() as editor:
            editor.remove_constraint(BusyCell, unique)
    return "ready"


def contend(seed: str, attempts: str, *options: str) -> list[dict[str, Any]]:
    """Returns what was acknowledged: this process's own bookings as it last saw them."""
    from bookings import claims
    from bookings.models import Coach

    _warm_up()
    blind = "--blind" in options
    if blind:
        claims.is_open = lambda *args, **kwargs: True
        claims._locked = lambda coach: coach
    choice, coach = random.Random(int(seed)), Coach.objects.get()
    mine: dict[int, dict[str, Any]] = {}
    for number in range(int(attempts)):
        wish = choice.choice(STARTS)
        try:
            booking = _pressing_again(
                lambda wish=wish, key=f"{seed}-{number}": _one_attempt(
                    claims, choice, coach, mine, wish, key, only_book=blind or "--only-book" in options
                )
            )
        except claims.SlotNotOpen:
            continue
        mine[booking.pk] = {
            "pk": booking.pk, "start": booking.starts_at.isoformat(), "status": str(booking.status), "sequence": booking.sequence,
        }  # fmt: skip
    return list(mine.values())


def _pressing_again(attempt: Any) -> Any:
    """SQLite's queue is not fair: on a crowded machine somebody may wait out the time-out. The page then asks to
    confirm again, and people do. A deadlock, or anything else that goes wrong, is raised."""
    from django.db import OperationalError

    for _ in range(5):
        try:
            return attempt()
        except OperationalError as error:
            if "database is locked" not in str(error):
                raise
    raise TimeoutError("the database stayed locked")


def _warm_up() -> None:
    """Have the mail templates parsed, as a server that has been up for a while has; not while others wait."""
    from django.template.loader import get_template

    for audience in ("prospect", "coach"):
        for kind in ("txt", "html"):
            get_template(f"bookings/mail/{audience}.{kind}")


def _one_attempt(claims: Any, choice: random.Random, coach: Any, mine: Any, wish: datetime, key: str, only_book: bool):
    from bookings.models import Booking

    active = [pk for pk, seen in mine.items() if seen["status"] != "cancelled"]
    what = "book" if only_book or not active else choice.choice(["book", "book", "move", "cancel"])
    if what == "book":
        prospect = claims.Prospect("Sam", "sam@example.org", "Europe/Berlin")
        return claims.book(coach, wish, prospect, now=NOW, request_key=key)
    booking = Booking.objects.get(pk=choice.choice(active))
    return claims.move(booking, wish, now=NOW) if what == "move" else claims.cancel(booking, now=NOW)


def report() -> dict[str, Any]:
    from bookings.models import Booking, BusyCell, OutboxEmail

    return {
        "bookings": [
            {
                "pk": booking.pk, "token": booking.token, "start": booking.starts_at.isoformat(),
                "status": booking.status, "sequence": booking.sequence,
                "cells": booking.busy_cells.count(), "mails": booking.outbox_emails.count(),
            }
            for booking in Booking.objects.order_by("pk")
        ],
        "cells": BusyCell.objects.count(),
        "mails": list(OutboxEmail.objects.values_list("state", flat=True)),
    }  # fmt: skip


def book_many(count: str, *options: str) -> int:
    """That many bookings, to have mails to send."""
    from django.utils import timezone

    from bookings import claims
    from bookings.models import Coach

    prospect = claims.Prospect("Sam", "sam@example.org", "Europe/Berlin")
    now = timezone.now() if "--today" in options else NOW
    for number in range(int(count)):
        start_at = now + timedelta(days=2, hours=1, minutes=50 * number)
        claims.book(Coach.objects.get(), start_at, prospect, now=now, by=claims.Actor.COACH)
    return int(count)


def forms(count: str) -> list[dict[str, str]]:
    """That many filled-in forms for calls that do not overlap, on offer now."""
    from django.utils import timezone

    from bookings import claims
    from bookings.models import Coach
    from bookings.submission import Submission
    from bookings.zones import slot_value

    now, chosen = timezone.now(), []
    for slot in claims.read_diary(Coach.objects.get(), now).open_slots(now):
        if not chosen or slot - chosen[-1] >= timedelta(minutes=45):
            chosen.append(slot)
    return [
        {"slot": slot_value(slot), "form": Submission.issue(now).signed(), "name": "Sam", "email": "sam@example.org"}
        for slot in chosen[: int(count)]
    ]


def send_all() -> int:
    from bookings.sender import send_due

    return send_due(NOW)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
    django.setup()
    role, *rest = sys.argv[1:]
    roles = {
        "prepare": prepare,
        "contend": contend,
        "report": report,
        "book_many": book_many,
        "send_all": send_all,
        "forms": forms,
    }
    json.dump(roles[role](*rest), sys.stdout)
