import os
import secrets
from datetime import UTC, datetime, time

import psycopg
import pytest
import time_machine
from django.db import connection
from django.test import Client

from bookings.claims import Prospect
from bookings.models import Coach, WeeklyHours
from bookings.submission import Submission

NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
"""A Monday; London is on UTC."""


@pytest.fixture(autouse=True)
def settings_of_these_tests(settings):
    """Which pages exist is the site's business: here every well-formed origin is known."""
    settings.BOOKINGS_ORIGIN_IS_KNOWN = ""
    settings.DEFAULT_FROM_EMAIL = "Career OS <calls@eichdyn.co.uk>"
    settings.SITE_ORIGIN = settings.MAIL_LINK_ORIGIN = "https://eichdyn.co.uk"


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def clock():
    """The machine's clock, stopped at NOW; ``clock.move_to`` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def coach(db):
    """London, Monday to Friday 09:00–17:00, 30-minute calls every 30 minutes with a 15-minute gap after
    each.
    """
    coach = Coach.objects.create(name="Eich Dyn", email="coach@example.com", calls_per_day=None)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(coach=coach, weekday=day, start=time(9), end=time(17)) for day in range(5)
    )
    return coach


@pytest.fixture
def sam():
    return Prospect(name="Sam Okoro", email="sam@example.org", time_zone="Europe/Berlin", blocker="No team yet")


FROM = {"from": "/how-to-become-an-engineering-manager/", "cta": "closing"}
RESULT = "a2b0c-d3.k7"
RESULT_PATH = f"/scorecard/result/?a={RESULT}"
FROM_RESULT = {"from": "/scorecard/result/", "cta": "scorecard", "result": RESULT}


def details(**changes):
    """What a browser posts from step 2."""
    typed = {
        "slot": "2027-01-06T10:00Z",
        "tz": "Europe/Berlin",
        "form": Submission.issue(NOW).signed(),
        "name": "Sam Okoro",
        "email": "sam@example.org",
        "current_role": "Senior engineer",
        "blocker": "No team\r\nyet",
        **FROM,
    }
    return typed | changes


def at(hour, minute=0, day=6, month=1, year=2027):
    """A UTC instant; by default on Wednesday 6 January 2027."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def client():
    """Speaks HTTPS, as every reader does."""
    return Client(headers={"x-forwarded-proto": "https"}, **{"wsgi.url_scheme": "https"})


@pytest.fixture
def arena(tmp_path):
    """The environment of processes that share a database of their own, of the kind DATABASE_URL names."""
    environment = os.environ | {"VAR_DIR": str(tmp_path), "HTTPS": "off", "SECRET_KEY": "arena" * 12}
    if connection.vendor != "postgresql":
        yield environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'arena.sqlite3'}"}
        return
    server, name = os.environ["DATABASE_URL"], f"arena_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield environment | {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
