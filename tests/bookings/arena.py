"""A database of its own that several processes fight over. Run as a program: `python -m tests.bookings.arena ROLE …`.

Roles, each in a process of its own and printing JSON:
  prepare [--without-constraint]   migrate, and create the coach
  contend SEED ATTEMPTS [--blind]  book, move and cancel at random; --blind patches out the rule and the lock
  book_many COUNT                  make that many bookings
  send_all                         send their mails; returns how many this process sent
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
    out, err = process.communicate(timeout=120)
    if process.returncode:
        raise RuntimeError(err[-2000:])
    return json.loads(out)


def prepare(*options: str) -> str:
    from datetime import time

    from django.core.management import call_command
    from django.db import connection

    from bookings.models import BusyCell, Coach, WeeklyHours

    call_command("migrate", verbosity=0)
    coach = Coach.objects.create(name="Eich Dyn", email="coach@example.com", step_minutes=15, calls_per_day=None)
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

    blind = "--blind" in options
    if blind:
        claims.is_open = lambda *args, **kwargs: True
        claims._locked = lambda coach: coach
    choice, coach = random.Random(int(seed)), Coach.objects.get()
    mine: dict[int, dict[str, Any]] = {}
    for number in range(int(attempts)):
        wish = choice.choice(STARTS)
        try:
            booking = _one_attempt(claims, choice, coach, mine, wish, f"{seed}-{number}", only_book=blind)
        except claims.SlotNotOpen:
            continue
        mine[booking.pk] = {
            "pk": booking.pk, "start": booking.starts_at.isoformat(), "status": str(booking.status), "sequence": booking.sequence,
        }  # fmt: skip
    return list(mine.values())


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


def book_many(count: str) -> int:
    """That many bookings, to have mails to send."""
    from bookings import claims
    from bookings.models import Coach

    prospect = claims.Prospect("Sam", "sam@example.org", "Europe/Berlin")
    for number in range(int(count)):
        start_at = datetime(2027, 1, 6, 9, tzinfo=UTC) + timedelta(minutes=45 * number)
        claims.book(Coach.objects.get(), start_at, prospect, now=NOW, by=claims.Actor.COACH)
    return int(count)


def send_all() -> int:
    from bookings.sender import send_due

    return send_due(NOW)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
    django.setup()
    role, *rest = sys.argv[1:]
    roles = {"prepare": prepare, "contend": contend, "report": report, "book_many": book_many, "send_all": send_all}
    json.dump(roles[role](*rest), sys.stdout)
