import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site(tmp_path):
    """The environment of an installation of its own, on SQLite, with nothing in it yet."""
    return environment_in(tmp_path)


def environment_in(folder):
    kept = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY", "STATIC_ROOT")
    }
    return kept | {
        "VAR_DIR": str(folder / "var"),
        "HTTPS": "off",
        "SECRET_KEY": "operations" * 5,
        "EMAIL_URL": "consolemail://",
    }


def run_command(environment, *command, ok=True):
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, command)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.returncode == 0) is ok, done.stdout + done.stderr
    return done


@pytest.fixture
def manage():
    """A function that runs a command of manage.py in a process of its own, and returns the finished process."""
    return run_command


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory):
    """The VAR_DIR that every filled site is copied from."""
    folder = tmp_path_factory.mktemp("filled")
    site = environment_in(folder)
    run_command(site, "migrate", "-v0")
    run_command(site, "load_content")
    run_command(site, "load_bookings_defaults")
    run_command(site, "shell", "-v0", "-c", FILL)
    media = folder / "var" / "media" / "figures"
    media.mkdir(parents=True)
    (media / "team.png").write_bytes(b"\x89PNG uploaded")
    return folder / "var"


@pytest.fixture(scope="session")
def static_once(tmp_path_factory):
    """The STATIC_ROOT of every site that serves."""
    folder = tmp_path_factory.mktemp("static")
    run_command(environment_in(folder) | {"STATIC_ROOT": str(folder)}, "collectstatic", "--no-input", "-v0")
    return str(folder)


@pytest.fixture
def filled_site(site, filled_once):
    """The same with content, a coach, a booking with its mails, an editor and an uploaded file."""
    shutil.copytree(filled_once, site["VAR_DIR"])
    return site


@pytest.fixture
def served_site(filled_site, static_once):
    """The same, ready to be served, and with no limit to anybody's bookings."""
    return filled_site | {"STATIC_ROOT": static_once, "BOOKINGS_ATTEMPTS_PER_HOUR": "100000"}


def check_sound(site):
    """SQLite finds nothing wrong with the database: no page of it, no reference."""
    with closing(sqlite3.connect(Path(site["VAR_DIR"]) / "careeros.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


HELD = """
import json
from datetime import timedelta
from bookings.models import Booking, OutboxEmail
calls = list(Booking.objects.order_by("starts_at"))
print(json.dumps({
    "people": [call.email for call in calls],
    "mails": OutboxEmail.objects.count(),
    "overlaps": sum(after.starts_at - before.ends_at < timedelta(0) for before, after in zip(calls, calls[1:])),
}))
"""

FILL = """
from datetime import UTC, datetime
from django.contrib.auth.models import Group, User
from bookings.claims import Prospect, book, read_diary
from bookings.models import Coach
now = datetime(2027, 1, 4, 8, tzinfo=UTC)
coach = Coach.objects.get()
start = read_diary(coach, now).open_slots(now)[0]
book(coach, start, Prospect("Zoë “Z” Ångström", "zoe@example.org", "Europe/Berlin", blocker="No team\\nyet"), now=now)
editor = User.objects.create_user("ed", "ed@example.org", "a long enough password", is_staff=True)
editor.groups.add(Group.objects.get_or_create(name="Editor")[0])
"""

COUNT = """
import json
from django.apps import apps
print(json.dumps({model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}))
"""


@pytest.fixture(scope="session")
def on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("needs the PostgreSQL that `make test-postgres` starts")


@pytest.fixture
def postgresql_site(filled_site, on_postgresql):
    """The same environment, naming an empty PostgreSQL database instead."""
    server, name = os.environ["DATABASE_URL"], f"copied_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield filled_site | {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
